"""Asks who plays in a recording."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from amtstudio.decoding.players import INSTRUMENTS
from amtstudio.ui.document import Document
from amtstudio.ui.instrument_names import instrument_name

_COLUMNS = 3


class InstrumentsDialog(QDialog):
    """A tick for each instrument, set as detected or as the user chose before."""

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self.setWindowTitle(self.tr("Instruments"))
        self.heard_button = QRadioButton(self.tr("Transcribe all &instruments"))
        self.chosen_button = QRadioButton(self.tr("Transcribe &only these:"))
        self.boxes: dict[str, QCheckBox] = {}
        ticked = set(document.asked_instruments or document.expected_instruments)
        grid = QGridLayout()
        grid.setContentsMargins(24, 0, 0, 0)
        for place, name in enumerate(sorted(INSTRUMENTS, key=instrument_name)):
            shown = instrument_name(name)
            box = QCheckBox(f"{shown[:1].upper()}{shown[1:]}")
            box.setChecked(name in ticked)
            box.toggled.connect(self._show)
            grid.addWidget(box, place // _COLUMNS, place % _COLUMNS)
            self.boxes[name] = box
        self.hint = QLabel()
        self.hint.setWordWrap(True)
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel
        )
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.heard_button)
        layout.addWidget(self.chosen_button)
        layout.addLayout(grid)
        layout.addWidget(self.hint)
        layout.addWidget(self.buttons)
        is_chosen = bool(document.asked_instruments)
        (self.chosen_button if is_chosen else self.heard_button).setChecked(True)
        self.chosen_button.toggled.connect(self._show)
        self._show()

    @property
    def instruments(self) -> tuple[str, ...]:
        """Those that are ticked; none: those detected."""
        if self.heard_button.isChecked():
            return ()
        return tuple(name for name in INSTRUMENTS if self.boxes[name].isChecked())

    def _show(self) -> None:
        is_chosen = self.chosen_button.isChecked()
        for box in self.boxes.values():
            box.setEnabled(is_chosen)
        wanted = self.instruments
        if is_chosen and not wanted:
            text = self.tr("Tick at least one instrument.")
        elif wanted and self._document.can_part_among(wanted):
            text = self.tr("The notes move to these tracks immediately. You can undo this.")
        elif not self._document.is_transcribed:
            text = self.tr(
                "The recording is transcribed accordingly. If that has already begun, it starts"
                " again."
            )
        else:
            text = self.tr("The recording is transcribed again. What you corrected stays.")
        self.hint.setText(text)
        is_possible = bool(wanted) or not is_chosen
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(is_possible)
