"""How notes bend: a line through each, at the pitch that sounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import NO_NOTES, Note, NoteTable
from amtstudio.symbolic.note_table import Doubles, span_between
from amtstudio.symbolic.notes import Bend
from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.roll.roll_item import RollItem

_LOWEST_PX = 5.0  # height of a key below which a line says nothing
_SHORTEST_PX = 8.0  # length of a note below which it does not either
_MOST_HALOS = 1000  # points; more are drawn as hairlines, for thick lines take long
_LINE_PX, _HALO_PX, _DOT_PX = 1.6, 4.0, 6.0
_HALO_ALPHA = 220


class ContourItem(RollItem):
    """Paints the contours in view with one call; those of notes too small for them are left out."""

    def __init__(self) -> None:
        super().__init__()
        # So that a cursor that moves over the notes has only those below it painted again.
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._has_dots = False
        self._wanted: Mapping[int, tuple[Note, Bend]] = MappingProxyType({})
        self._label = ("", QPointF())
        self.set_notes(NO_NOTES)

    def set_notes(self, table: NoteTable) -> None:
        self.prepareGeometryChange()
        bends = table.bends
        places = np.flatnonzero(np.diff(bends.bounds)) if bends is not None else np.zeros(0, int)
        notes = table.take(places)
        self._ids, self._onset, self._offset = notes.id, notes.onset, notes.offset
        self._latest_offset = np.maximum.accumulate(notes.offset)
        self._bounds = np.zeros(1, np.int64)
        self._x = self._y = np.zeros(0)
        if notes.bends is not None:
            self._bounds = notes.bends.bounds + 2 * np.arange(len(notes) + 1)
            self._x, self._y = _lines(notes)
        self.update()

    def show_dots(self, wanted: bool) -> None:
        """Whether the points that make the lines are seen, to be dragged."""
        self._has_dots = wanted
        self.update()

    def set_wanted(
        self, wanted: Mapping[int, tuple[Note, Bend]], text: str = "", at: QPointF | None = None
    ) -> None:
        """Notes and the contours that they would have if the button were released now, by id."""
        self.prepareGeometryChange()
        self._wanted = MappingProxyType(dict(wanted))
        self._label = (text, at or QPointF())
        self.update()

    @property
    def wanted(self) -> Mapping[int, tuple[Note, Bend]]:
        return self._wanted

    def boundingRect(self) -> QRectF:  # noqa: N802
        ends = [float(self._latest_offset[-1])] if len(self._latest_offset) else []
        ends += [note.offset for note, _ in self._wanted.values()]
        return QRectF(0.0, LOWEST_EDGE, max(ends, default=0.0), HIGHEST_EDGE - LOWEST_EDGE)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or self._theme is None:
            return
        (start, end), (low, high) = view.viewRange()
        height_px = view.height() / max(high - low, 1e-6)
        width_px = view.width() / max(end - start, 1e-9)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if height_px >= _LOWEST_PX:
            reach = _DOT_PX / width_px
            exposed = (
                max(start, option.exposedRect.left() - reach),
                min(end, option.exposedRect.right() + reach),
            )
            self._paint_lines(painter, exposed, width_px)
        if self._wanted:
            self._paint_wanted(painter)

    def _paint_lines(
        self, painter: QPainter, exposed: tuple[float, float], width_px: float
    ) -> None:
        assert self._theme is not None
        part = span_between(self._onset, self._latest_offset, *exposed)
        seen = np.arange(part.start, part.stop)
        long_enough = (self._offset[part] - self._onset[part]) * width_px >= _SHORTEST_PX
        seen = seen[long_enough & (self._offset[part] >= exposed[0])]
        if self._wanted:
            seen = seen[~np.isin(self._ids[seen], list(self._wanted))]
        if not len(seen):
            return
        lengths = np.diff(self._bounds)[seen]
        ends = np.cumsum(lengths)
        points = np.repeat(self._bounds[seen] - (ends - lengths), lengths) + np.arange(ends[-1])
        goes_on = np.ones(len(points), np.int32)
        goes_on[ends - 1] = 0
        x, y = self._x[points], self._y[points]
        if len(points) > _MOST_HALOS:
            path = pg.arrayToQPath(x, y, connect=goes_on, finiteCheck=False)
            painter.strokePath(path, _pen(self._theme.highlight, 0.0))
            return
        # A thick line along all notes at once would take three times as long.
        paths = [
            pg.arrayToQPath(x[end - length : end], y[end - length : end])
            for end, length in zip(ends.tolist(), lengths.tolist(), strict=True)
        ]
        self._draw(painter, paths, self._theme.highlight)
        if self._has_dots:
            inner = goes_on.astype(bool)
            inner[ends - lengths] = False  # the ends of a line are those of its note
            self._draw_dots(painter, x[inner], y[inner], self._theme.highlight)

    def _paint_wanted(self, painter: QPainter) -> None:
        assert self._theme is not None
        for note, bend in self._wanted.values():
            x, y = _lines(NoteTable.of([_with(note, bend)]))
            self._draw(painter, [pg.arrayToQPath(x, y)], self._theme.accent)
            self._draw_dots(painter, x[1:-1], y[1:-1], self._theme.accent)
        text, at = self._label
        if not text:
            return
        place = painter.transform().map(at)
        painter.save()
        painter.resetTransform()
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        box = QRectF(painter.fontMetrics().boundingRect(text)).adjusted(-5.0, -3.0, 5.0, 3.0)
        box.moveBottomLeft(QPointF(place.x() + 14.0, place.y() - 10.0))
        box.moveTop(max(box.top(), 0.0))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.accent)
        painter.drawRoundedRect(box, 3.0, 3.0)
        painter.setPen(QColor("#ffffff") if not self._theme.is_dark else QColor("#000000"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()

    def _draw(self, painter: QPainter, paths: Sequence[QPainterPath], colour: QColor) -> None:
        assert self._theme is not None
        halo = QColor(self._theme.background)
        halo.setAlpha(_HALO_ALPHA)
        for pen in (_pen(halo, _HALO_PX), _pen(colour, _LINE_PX)):
            for path in paths:
                painter.strokePath(path, pen)

    def _draw_dots(self, painter: QPainter, x: Doubles, y: Doubles, colour: QColor) -> None:
        assert self._theme is not None
        across, up = _DOT_PX * self.pixelWidth(), _DOT_PX * self.pixelHeight()
        painter.setPen(_pen(self._theme.background, 1.0))
        painter.setBrush(colour)
        for time, pitch in zip(x.tolist(), y.tolist(), strict=True):
            painter.drawEllipse(QRectF(time - across / 2.0, pitch - up / 2.0, across, up))


def _lines(notes: NoteTable) -> tuple[Doubles, Doubles]:
    """Seconds and pitches of the points, each note from its onset to its offset.

    All notes must bend. A line is level before its first point and after its last.
    """
    bends = notes.bends
    assert bends is not None
    bounds = bends.bounds
    which = np.repeat(np.arange(len(notes)), np.diff(bounds))
    times = np.minimum(notes.onset[which] + bends.seconds, notes.offset[which])
    pitches = notes.pitch[which] + bends.cents / 100.0
    x = np.insert(times, bounds[:-1], notes.onset)
    y = np.insert(pitches, bounds[:-1], pitches[bounds[:-1]])
    behind = bounds[1:] + np.arange(1, len(notes) + 1)
    return np.insert(x, behind, notes.offset), np.insert(y, behind, pitches[bounds[1:] - 1])


def _with(note: Note, bend: Bend) -> Note:
    return Note(note.onset, note.offset, note.pitch, bend=bend or ((0.0, 0.0),))


def _pen(colour: QColor, width: float) -> QPen:
    pen = QPen(colour, width)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    return pen
