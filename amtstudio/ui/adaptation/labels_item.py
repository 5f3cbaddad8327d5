"""A teacher's labels for a recording, drawn over the spectrogram."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.learning.opinion import TeacherNote, Trust, Verdict
from amtstudio.ui.adaptation.diff_item import DiffColours
from amtstudio.ui.roll.roll_item import RollItem, within
from amtstudio.ui.roll.selection_item import note_rect
from amtstudio.ui.theme import Theme, theme_of

_SHOWN_S = 0.16  # of a note: only its beginning is taught
_SWATCH = QSize(26, 16)
_DRAWN_FIRST = (Verdict.NOT_TAKEN, Verdict.IGNORED, Verdict.TAKEN)  # what counts most, on top


class LabelsItem(RollItem):
    """Paints what is in view, each note by what becomes of it."""

    def __init__(self) -> None:
        super().__init__()
        self._notes: Sequence[TeacherNote] = ()
        self._by_verdict: dict[Verdict, list[QRectF]] = {}

    def set_notes(self, notes: Sequence[TeacherNote]) -> None:
        self._notes = notes
        self._by_verdict = {}
        self._set_end(max((note.onset + _SHOWN_S for note in notes), default=0.0))

    def set_trust(self, trust: Trust) -> None:
        self._by_verdict = {verdict: [] for verdict in Verdict}
        for note in self._notes:
            rect = note_rect(note.onset, note.onset + _SHOWN_S, note.pitch)
            self._by_verdict[trust.verdict(note)].append(rect)
        self.update()

    def count(self, verdict: Verdict) -> int:
        return len(self._by_verdict.get(verdict, ()))

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None:
            return
        start, end = self._shown_span()
        for verdict in _DRAWN_FIRST:
            _take_up(painter, verdict, self._theme)
            painter.drawRects(within(self._by_verdict.get(verdict, ()), start, end))


class LabelSwatch(QWidget):
    """How notes of one kind are drawn."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__()
        self._verdict = verdict
        self.setFixedSize(_SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.background)
        _take_up(painter, self._verdict, theme)
        painter.drawRect(QRectF(6, 4, 14, 8))


def _take_up(painter: QPainter, verdict: Verdict, theme: Theme) -> None:
    """The pen and the brush: distinguished by filled, dashed and thin as well as by colour."""
    colours = DiffColours.of(theme)
    if verdict is Verdict.TAKEN:
        painter.setPen(_pen(theme.note_outline, 1.0))
        painter.setBrush(colours.added)
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if verdict is Verdict.IGNORED:
        pen = _pen(colours.moved, 2.0)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
    else:
        painter.setPen(_pen(theme.faint_text, 1.0))


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen
