"""Says plainly when a recording is mostly something that the note model was not made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)

from amtstudio.ui.instrument_names import instrument_name

if TYPE_CHECKING:
    from amtstudio.decoding.suitability import Mismatch


class InstrumentHint(QFrame):
    """A line that can be closed; hidden while there is nothing to say.

    One click has the recording transcribed for the instruments that it names.
    """

    instruments_wanted = Signal(tuple)  # of str, of ``decoding.players.INSTRUMENTS``

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.label = QLabel()
        self.label.setTextFormat(Qt.TextFormat.PlainText)
        self.label.setWordWrap(True)
        self._instruments: tuple[str, ...] = ()
        self.again_button = QPushButton(self.tr("Transcribe for These Instruments"))
        self.again_button.setToolTip(
            self.tr("With the models that suit them. What you corrected stays.")
        )
        self.again_button.clicked.connect(self._ask)
        self.close_button = QToolButton()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setAccessibleName(self.tr("Close the hint"))
        self.close_button.setAutoRaise(True)
        self.close_button.clicked.connect(self.hide)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 4, 10, 4)
        layout.addWidget(self.label, 1)
        layout.addWidget(self.again_button)
        layout.addWidget(self.close_button)
        self.hide()

    def set_mismatch(self, mismatch: Mismatch | None) -> None:
        if mismatch is None:
            self.hide()
            return
        names = ", ".join(instrument_name(name) for name in mismatch.instruments)
        asked = ("drums" if name == "cymbals" else name for name in mismatch.instruments)
        self._instruments = tuple(dict.fromkeys(asked))
        self.label.setText(
            self.tr(
                "This recording seems to be mostly {names}. The notes come from a model that was"
                " made for the piano, so many of them may be wrong."
            ).format(names=names)
        )
        self.show()

    def _ask(self) -> None:
        self.instruments_wanted.emit(self._instruments)
