"""A run that has not come to its end: stopped, cut short, or failed."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from amtstudio.ui.adaptation.controller import AdaptationController, State
from amtstudio.ui.adaptation.parts import button, heading, row_of, text_label
from amtstudio.ui.failure import describe


class StoppedPage(QWidget):
    """Go on, or discard what there is of it."""

    go_on_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, controller: AdaptationController, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._details = ""
        self.title = heading()
        self.text = text_label()
        self.next_label = text_label()
        self.go_on_button = button(self.tr("Resume"), self.go_on_wanted.emit)
        self.discard_button = button(
            self.tr("Discard"), self.discard_wanted.emit, self.tr("Forget what was learned so far")
        )
        self.copy_button = button(self.tr("Copy details"), self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 10)
        layout.setSpacing(8)
        for widget in (self.title, self.text, self.next_label):
            layout.addWidget(widget)
        layout.addWidget(row_of(self.go_on_button, self.discard_button, self.copy_button))
        layout.addStretch()
        controller.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        controller = self._controller
        asked = controller.asked
        if asked is None or controller.state not in (State.STOPPED, State.FAILED):
            return
        error = controller.error
        self.copy_button.setVisible(error is not None)
        self.go_on_button.setText(self.tr("Resume") if asked.can_go_on else self.tr("Start over"))
        if error is not None:
            failure = describe(error, subject=asked.name)
            self._details = failure.details
            self.title.setText(self.tr("Learning “{name}” failed").format(name=asked.name))
            self.text.setText(failure.cause)
            self.next_label.setText(
                " ".join(
                    part
                    for part in (failure.next_step, self.tr("Your model was not changed."))
                    if part
                )
            )
            return
        title = (
            self.tr("Learning “{name}” was interrupted")
            if controller.was_found
            else self.tr("Learning “{name}” has stopped")
        )
        self.title.setText(title.format(name=asked.name))
        self.text.setText(self.tr("Your model was not changed."))
        self.next_label.setText(
            self.tr("What was learned so far is kept; you can resume.")
            if asked.can_go_on
            else self.tr("It had only just begun.")
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
        self.copy_button.setText(self.tr("Copied"))
