"""Asks which part of a recording is to be transcribed."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.ui.document import Document
from amtstudio.ui.queue import SAMPLE_S
from amtstudio.ui.transcribe.time_box import TimeBox

_SHORTEST_S = 0.1
_ENTIRE_S = 0.01  # an end that is nearer to that of the recording means all of the rest


class PartDialog(QDialog):
    """From where to where, typed or taken from the view or the marked stretch.

    Parameters
    ----------
    document : Document
    view : (float, float)
        What the main view shows, in seconds.
    selection : (float, float), or None
        The stretch that is marked.
    """

    def __init__(
        self,
        document: Document,
        *,
        view: tuple[float, float],
        selection: tuple[float, float] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._duration = document.duration
        self.setWindowTitle(self.tr("Transcribe a Part"))
        self.begin_box = TimeBox(self.tr("Start"))
        self.end_box = TimeBox(self.tr("End"))
        for box in (self.begin_box, self.end_box):
            box.setMaximum(self._duration)
            box.valueChanged.connect(self._check)
        form = QFormLayout()
        form.addRow(self.tr("&Start"), self.begin_box)
        form.addRow(self.tr("&End"), self.end_box)
        self.message_label = QLabel()
        self.message_label.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(self.tr("Transcribe"))
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        hint = QLabel(
            self.tr(
                "Only this part is transcribed."
                " Notes outside it, and what you have corrected, stay."
            )
        )
        hint.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(hint)
        layout.addLayout(form)
        layout.addLayout(self._shortcuts(view, selection))
        layout.addWidget(self.message_label)
        layout.addWidget(self.buttons)
        self._set(*(selection or document.span))

    @property
    def span(self) -> tuple[float, float | None]:
        """Begin and end in seconds; an end of None is that of the recording."""
        end = self.end_box.value()
        return self.begin_box.value(), None if end >= self._duration - _ENTIRE_S else end

    def _shortcuts(
        self, view: tuple[float, float], selection: tuple[float, float] | None
    ) -> QHBoxLayout:
        wishes = [
            (self.tr("First 30 &seconds"), (0.0, SAMPLE_S)),
            (self.tr("What the &view shows"), view),
            (self.tr("&All"), (0.0, self._duration)),
        ]
        if selection is not None:
            wishes.insert(0, (self.tr("The &marked part"), selection))
        row = QHBoxLayout()
        for text, (begin, end) in wishes:
            button = QPushButton(text)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, begin=begin, end=end: self._set(begin, end))
            row.addWidget(button)
        return row

    def _set(self, begin: float, end: float) -> None:
        self.begin_box.setValue(begin)
        self.end_box.setValue(min(end, self._duration))
        self._check()

    def _check(self) -> None:
        is_right = self.end_box.value() - self.begin_box.value() >= _SHORTEST_S
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_right)
        self.message_label.setText(
            "" if is_right else self.tr("The end must come after the start.")
        )
