"""All notes of a recording as one item of the scene."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import repeat

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import NO_NOTES, Note, NoteTable, Track
from amtstudio.symbolic.note_table import Doubles, span_between
from amtstudio.ui.pitch_names import pitch_name
from amtstudio.ui.roll.note_colours import ColourBy, NoteColours, text_colour
from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.roll.roll_item import RollItem

HALF_HEIGHT = 0.42  # semitones: a gap shows between neighbours
SMALLEST_TEXT_PX = 12.0  # height of a note that can bear its name
MOST_NAMES = 300
_OUTLINE_PX = 2.0  # how far outlines reach beyond the notes
_OUTLINED_FROM_PX = 5.0  # height of a note: in fewer pixels an outline would be all there is
_CLOSE_PX = 1.5  # a note that begins this near to the one before on its key looks like one with it
_PARTED_FROM_PX = 2.0  # length of a note: of a shorter one nothing would be left
_SHORTEST_HOLLOW_S = 0.1  # a candidate often is little more than an onset: too thin to be seen


class _Group:
    """Notes of one colour, in order of time."""

    def __init__(self, colour: int, onset: Doubles, offset: Doubles, bottom: Doubles) -> None:
        self.colour = colour
        self.onset = onset
        self.latest_offset = np.maximum.accumulate(offset)
        self._duration = offset - onset
        self._bottom = bottom
        self._rects: list[QRectF] = []
        self._made = slice(0, 0)  # for which of the notes there are rectangles

    def rects(self, part: slice) -> list[QRectF]:
        """The rectangles of some notes; made when they first come into view."""
        made = self._made
        if made.start == made.stop or part.stop < made.start or made.stop < part.start:
            self._rects, self._made = self._make(part), part
        else:
            before = self._make(slice(part.start, made.start))
            self._rects = [*before, *self._rects] if before else self._rects
            self._rects += self._make(slice(made.stop, part.stop))
            self._made = slice(min(part.start, made.start), max(part.stop, made.stop))
        first = self._made.start
        return self._rects[part.start - first : part.stop - first]

    def _make(self, part: slice) -> list[QRectF]:
        if part.stop <= part.start:
            return []
        columns = (values[part].tolist() for values in (self.onset, self._bottom, self._duration))
        return list(map(QRectF, *columns, repeat(2.0 * HALF_HEIGHT, part.stop - part.start)))


class NoteItem(RollItem):
    """Paints the notes in view, in a few colours with one call each.

    An item for each note would take ten times as long to build, and twice as long to paint.
    """

    def __init__(self, *, hollow: bool = False) -> None:
        super().__init__()
        # So that a cursor that moves over the notes has only those below it painted again.
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._hollow = hollow
        self._table = NO_NOTES
        self._colours = NoteColours()
        self._places = np.zeros(0, np.int64)  # of the colours of the notes
        self._groups: list[_Group] = []
        self._gaps = np.zeros(0)  # seconds since the end of the note before on the same key
        self._highlighted: Note | None = None

    def set_notes(self, table: NoteTable, colours: Mapping[Track, int] | None = None) -> None:
        """Show these; ``colours`` are the places of those of tracks among the theme's."""
        self.prepareGeometryChange()
        self._table = table
        self._gaps = _gaps(table)
        self._colours = replace(self._colours, tracks=colours or {})
        self._group()

    def set_colour_by(self, colour_by: ColourBy) -> None:
        self._colours = replace(self._colours, by=colour_by)
        self._group()

    def set_highlighted(self, note: Note | None) -> None:
        if note != self._highlighted:
            self._highlighted = note
            self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        if not len(self._table):
            return QRectF()
        begin, end = float(self._table.onset[0]), float(self._table.offset.max())
        # A note that has just begun is drawn a little longer than it is.
        end = max(end, float(self._table.onset[-1]) + _SHORTEST_HOLLOW_S)
        return QRectF(begin, LOWEST_EDGE, end - begin, HIGHEST_EDGE - LOWEST_EDGE)

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or self._theme is None:
            return
        (start, end), _ = view.viewRange()
        height_px = view.height() / max(view.viewRange()[1][1] - view.viewRange()[1][0], 1e-6)
        width_px = view.width() / max(end - start, 1e-9)
        outline = _OUTLINE_PX / width_px
        exposed = (
            max(start, option.exposedRect.left() - outline),
            min(end, option.exposedRect.right() + outline),
        )
        for group in self._groups:
            part = span_between(group.onset, group.latest_offset, *exposed)
            if part.stop > part.start:
                self._set_pen(painter, group.colour, height_px)
                painter.drawRects(group.rects(part))
        if height_px < _OUTLINED_FROM_PX and not self._hollow:
            self._part_repeated(painter, self._table.between(*exposed), width_px)
        if height_px >= SMALLEST_TEXT_PX and not self._hollow:
            part = self._table.between(start, end)
            if part.stop - part.start <= MOST_NAMES:
                part = self._table.between(*exposed)
                draw_names(painter, self._named(part), start, width_px, height_px)
        if self._highlighted is not None:
            pen = QPen(self._theme.highlight, 2.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(_rect(self._highlighted))

    def _set_pen(self, painter: QPainter, colour: int, height_px: float) -> None:
        assert self._theme is not None
        if self._hollow:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = QPen(self._theme.candidate, 1.0)
        else:
            fill = self._colours.palette(self._theme)[colour]
            painter.setBrush(QBrush(fill))
            small = height_px < _OUTLINED_FROM_PX
            pen = QPen(fill if small else self._theme.note_outline, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)

    def _part_repeated(self, painter: QPainter, part: slice, width_px: float) -> None:
        """Draw a line where a note begins that would melt into the one before."""
        assert self._theme is not None
        onset, pitch = self._table.onset[part], self._table.pitch[part]
        is_long = (self._table.offset[part] - onset) * width_px >= _PARTED_FROM_PX
        which = is_long & (self._gaps[part] * width_px < _CLOSE_PX)
        if not which.any():
            return
        pen = QPen(self._theme.background, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        starts, middles = onset[which].tolist(), pitch[which].tolist()
        painter.drawLines(
            [
                QLineF(start, middle - HALF_HEIGHT, start, middle + HALF_HEIGHT)
                for start, middle in zip(starts, middles, strict=True)
            ]
        )

    def _group(self) -> None:
        """Sort the notes by their colour; within a colour they stay in order of time."""
        table = self._table
        self._groups = []
        if not len(table):
            self.update()
            return
        places = np.zeros(len(table), dtype=np.int64)
        if not self._hollow:
            places = self._colours.places(table)
        self._places = places
        shortest = _SHORTEST_HOLLOW_S if self._hollow else 0.0
        for place in np.unique(places):
            self._groups.append(_make_group(table, int(place), places == place, shortest=shortest))
        self.update()

    def _named(self, part: slice) -> Iterator[tuple[QRectF, QColor]]:
        assert self._theme is not None
        palette = self._colours.palette(self._theme)
        for note, place in zip(self._table[part], self._places[part].tolist(), strict=True):
            yield _rect(note), text_colour(palette[place])


def draw_names(
    painter: QPainter,
    notes: Iterable[tuple[QRectF, QColor]],
    start: float,
    width_px: float,
    height_px: float,
) -> None:
    """Write the pitches of notes into their boxes, as far as they fit behind ``start``.

    The boxes are in seconds and semitones, each so many pixels wide or high.
    """
    transform = painter.transform()
    painter.save()
    painter.resetTransform()
    font = QFont(painter.font())
    font.setPixelSize(round(min(height_px * 0.62, 13.0)))
    painter.setFont(font)
    needed = QFontMetricsF(font).horizontalAdvance("C#4") + 6.0
    leftmost = transform.mapRect(QRectF(start, 0, 0, 0)).left()
    for rect, colour in notes:
        box = transform.mapRect(rect)
        left = max(box.left(), leftmost) + 4.0
        if rect.width() * width_px < needed or box.right() - left < needed - 4.0:
            continue
        painter.setPen(colour)
        painter.drawText(
            QRectF(left, box.top(), box.right() - left, box.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            pitch_name(round(rect.center().y())),
        )
    painter.restore()


def _make_group(
    table: NoteTable, colour: int, which: npt.NDArray[np.bool_], *, shortest: float
) -> _Group:
    onset = table.onset[which]
    offset: Doubles = np.maximum(table.offset[which], onset + shortest)
    bottom: Doubles = table.pitch[which] - np.float64(HALF_HEIGHT)
    return _Group(colour, onset, offset, bottom)


def _gaps(table: NoteTable) -> Doubles:
    """Seconds from the end of the note before on the same key, shape (n_notes,); inf: the first."""
    gaps: Doubles = np.full(len(table), np.inf)
    order = np.lexsort((table.onset, table.pitch))
    is_same = table.pitch[order][1:] == table.pitch[order][:-1]
    between = table.onset[order][1:] - table.offset[order][:-1]
    gaps[order[1:][is_same]] = between[is_same]
    return gaps


def _rect(note: Note) -> QRectF:
    return QRectF(note.onset, note.pitch - HALF_HEIGHT, note.duration, 2.0 * HALF_HEIGHT)
