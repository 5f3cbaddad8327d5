"""Information for finding a fault: collected, shown, and copied if the user wants; never sent."""

from __future__ import annotations

import logging
import os
import platform
import sys
from collections import deque
from importlib import metadata
from pathlib import Path

from PySide6.QtCore import QLocale, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio import __version__
from amtstudio.ui.failure import PACKAGES
from amtstudio.ui.logs import log_folder

_LINES = 60  # of the log, at its end
_WIDTH, _HEIGHT = 720, 560


class ProblemReport(QDialog):
    """Shows the whole text before it goes anywhere.

    Parameters
    ----------
    device : str
        What computes.
    """

    def __init__(self, device: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Report a Problem"))
        told = QLabel(
            self.tr(
                "Say what you did, what happened and what you expected, and include the"
                " text below. It is only copied: nothing is sent. It may contain names of your"
                " files and folders; take out what you do not want to show."
            )
        )
        told.setWordWrap(True)
        self.text = QPlainTextEdit(report_text(device))
        self.text.setAccessibleName(self.tr("Text to copy"))
        self.copy_button = QPushButton(self.tr("&Copy"))
        self.copy_button.setDefault(True)
        self.copy_button.clicked.connect(self._copy)
        logs_button = QPushButton(self.tr("Show &logs"))
        logs_button.clicked.connect(self._show_logs)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(logs_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(told)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        self.resize(_WIDTH, _HEIGHT)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())
        self.copy_button.setText(self.tr("Copied"))

    def _show_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))


def report_text(device: str) -> str:
    """Version, system, packages and the end of the log, with the home folder as ``~``."""
    lines = [
        f"AMT Studio {__version__}",
        f"system: {platform.platform()}, Python {platform.python_version()} ({sys.platform})",
        f"locale: {QLocale().name()}, display: {QGuiApplication.platformName()}",
        f"processors: {os.cpu_count()}, computes on: {device}",
        f"packages: {', '.join(f'{name} {_version(name)}' for name in PACKAGES)}",
        "",
        *_end_of_log(),
    ]
    return "\n".join(lines).replace(str(Path.home()), "~")


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _end_of_log() -> list[str]:
    for handler in logging.getLogger("amtstudio").handlers:
        handler.flush()
    try:
        newest = max(log_folder().glob("*.log"), key=lambda path: path.stat().st_mtime)
        with newest.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip("\n") for line in deque(file, maxlen=_LINES)]
    except (OSError, ValueError):
        return ["there is no log"]
