"""Tells what went wrong, why, what to do next, and gives the details away."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from amtstudio.ui.failure import Failure
from amtstudio.ui.logs import log_folder
from amtstudio.ui.wrapped_label import breakable


class ErrorBox(QMessageBox):
    """Copying the details and looking at the logs leave it open."""

    def __init__(self, failure: Failure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failure = failure
        self.setIcon(QMessageBox.Icon.Warning)
        self.setTextFormat(Qt.TextFormat.PlainText)  # a file may be called <b>
        self.setText(breakable(failure.cause))
        self.setInformativeText(breakable(failure.next_step))
        self.copy_button = QPushButton(self.tr("Copy details"))
        self.logs_button = QPushButton(self.tr("Show logs"))
        for button, slot in ((self.copy_button, self._copy), (self.logs_button, self._show_logs)):
            self.addButton(button, QMessageBox.ButtonRole.ActionRole)
            button.clicked.disconnect()  # by itself every button closes the box
            button.clicked.connect(slot)
        self.setDefaultButton(self.addButton(QMessageBox.StandardButton.Close))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._failure.details)
        self.copy_button.setText(self.tr("Copied"))

    def _show_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))
