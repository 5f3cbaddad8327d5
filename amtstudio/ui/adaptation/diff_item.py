"""The difference of two transcriptions, drawn over the spectrogram."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import Note
from amtstudio.ui.roll.roll_item import RollItem, within
from amtstudio.ui.roll.selection_item import note_rect
from amtstudio.ui.theme import Theme
from amtstudio.workbench.adaptation.note_diff import Difference, Kind, NoteDiff

_SAME_ALPHA = 90


@dataclass(frozen=True, slots=True)
class DiffColours:
    """Distinguished by shape as well: filled, dashed and hollow, filled beside an outline."""

    added: QColor
    removed: QColor
    moved: QColor
    same: QColor

    @classmethod
    def of(cls, theme: Theme) -> DiffColours:
        same = QColor(theme.faint_text)
        same.setAlpha(_SAME_ALPHA)
        if theme.is_dark:
            return cls(QColor("#00b985"), QColor("#ff6b57"), QColor("#f0b429"), same)
        return cls(QColor("#008f66"), QColor("#c8371f"), QColor("#b87900"), same)


class DiffItem(RollItem):
    """Paints what is in view; the change that is chosen stands out."""

    def __init__(self) -> None:
        super().__init__()
        self._same: list[QRectF] = []
        self._changes: Sequence[Difference] = ()
        self._chosen: Difference | None = None

    def set_diff(self, diff: NoteDiff, after: Sequence[Note]) -> None:
        """Show changes, and the notes of ``after`` that are not among them."""
        changed = {id(change.after) for change in diff.changes}
        self._same = [_rect(note) for note in after if id(note) not in changed]
        self._changes = diff.changes
        self._chosen = None
        notes = [*after, *(change.note for change in diff.changes)]
        self._set_end(max((note.offset for note in notes), default=0.0))

    def set_chosen(self, change: Difference | None) -> None:
        self._chosen = change
        self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None:
            return
        start, end = self._shown_span()
        colours = DiffColours.of(self._theme)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.same)
        painter.drawRects(within(self._same, start, end))
        for change in self._changes:
            if _is_within(change, start, end):
                draw_change(painter, change, colours, self._theme)
        if self._chosen is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(_pen(self._theme.highlight, 2.5))
            for note in (self._chosen.before, self._chosen.after):
                if note is not None:
                    painter.drawRect(_rect(note))


def draw_change(painter: QPainter, change: Difference, colours: DiffColours, theme: Theme) -> None:
    """Draw one, in seconds and semitones."""
    if change.kind is Kind.ADDED:
        _fill(painter, change.note, colours.added, theme)
    elif change.kind is Kind.REMOVED:
        _outline(painter, change.note, colours.removed)
    elif change.before is not None and change.after is not None:
        _outline(painter, change.before, colours.moved)
        _fill(painter, change.after, colours.moved, theme)
        painter.setPen(_pen(colours.moved, 1.5))
        before, after = change.before, change.after
        painter.drawLine(QLineF(before.onset, before.pitch, after.onset, after.pitch))


def _fill(painter: QPainter, note: Note, colour: QColor, theme: Theme) -> None:
    painter.setPen(_pen(theme.note_outline, 1.0))
    painter.setBrush(colour)
    painter.drawRect(_rect(note))


def _outline(painter: QPainter, note: Note, colour: QColor) -> None:
    pen = _pen(colour, 2.0)
    pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(_rect(note))


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    return pen


def _rect(note: Note) -> QRectF:
    return note_rect(note.onset, note.offset, note.pitch)


def _is_within(change: Difference, start: float, end: float) -> bool:
    return any(
        note is not None and note.offset >= start and note.onset <= end
        for note in (change.before, change.after)
    )
