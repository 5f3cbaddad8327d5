"""Drum hits as marks in the rows of the drum lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import NO_NOTES, Note, NoteTable, Track
from amtstudio.symbolic.drums import KIT
from amtstudio.ui.drum_rows import Rows
from amtstudio.ui.roll.note_colours import ColourBy, NoteColours
from amtstudio.ui.roll.note_item import HALF_HEIGHT
from amtstudio.ui.roll.note_planes import mark_heights
from amtstudio.ui.roll.velocity_item import loudest
from amtstudio.ui.theme import Theme

Ints = npt.NDArray[np.int64]
_MARK_S = 0.05  # so that a gap shows between the quickest strokes
_NARROWEST_PX, _WIDEST_PX = 2.0, 6.0
_OUTLINE_PX = 2.0
_MARGIN_S = 3600.0  # a mark is as many seconds wide as some pixels are


class DrumItem(pg.GraphicsObject):
    """A mark at the onset of each hit: its height, and optionally its colour, show how loud it is.

    The hits in view are painted with one call for each of a few colours.
    """

    def __init__(self, *, hollow: bool = False) -> None:
        super().__init__()
        # So that a cursor that moves over the marks has only those below it painted again.
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._hollow = hollow
        self._table = NO_NOTES
        self._rows: Rows = ()
        self._places: Ints = np.zeros(0, np.int64)  # of the colours
        self._row: Ints = np.zeros(0, np.int64)
        self._colours = NoteColours()
        self._selected: frozenset[int] = frozenset()
        self._highlighted: Note | None = None
        self._theme: Theme | None = None

    def set_notes(
        self,
        table: NoteTable,
        rows: Rows = KIT.pitches,
        colours: Mapping[Track, int] | None = None,
    ) -> None:
        """Hits in order, and the note numbers of the rows, from below; others are not drawn.

        ``colours`` are the places of those of tracks among the theme's.
        """
        self.prepareGeometryChange()
        is_in_row = np.isin(table.pitch, rows)
        self._table, self._rows = table if is_in_row.all() else table.take(is_in_row), rows
        table = self._table
        self._colours = replace(self._colours, tracks=colours or {})
        row_of = np.zeros(128, np.int64)
        row_of[list(rows)] = np.arange(len(rows))
        self._row = row_of[table.pitch]
        self._colour()

    def set_colour_by(self, colour_by: ColourBy) -> None:
        self._colours = replace(self._colours, by=colour_by)
        self._colour()

    def set_selected(self, ids: Iterable[int]) -> None:
        self._selected = frozenset(ids)
        self.update()

    def set_highlighted(self, note: Note | None) -> None:
        if note != self._highlighted:
            self._highlighted = note
            self.update()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def mark_width(self) -> float:
        """In seconds, as the view is now."""
        per_px = float(self.pixelWidth())
        return min(max(_MARK_S, _NARROWEST_PX * per_px), _WIDEST_PX * per_px)

    def boundingRect(self) -> QRectF:  # noqa: N802
        if not len(self._table):
            return QRectF()
        end = float(self._table.onset[-1]) + _MARGIN_S
        return QRectF(0.0, -0.5, end, len(self._rows))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or self._theme is None or not self.pixelWidth():
            return
        start, end = view.viewRange()[0]
        width, per_px = self.mark_width, float(self.pixelWidth())
        first = max(start, option.exposedRect.left() - _OUTLINE_PX * per_px) - width
        last = min(end, option.exposedRect.right() + _OUTLINE_PX * per_px)
        onset = self._table.onset
        part = slice(int(np.searchsorted(onset, first)), int(np.searchsorted(onset, last, "right")))
        if part.stop > part.start:
            self._draw_part(painter, part, start, per_px)
        if self._highlighted is not None and self._highlighted.pitch in self._rows:
            self._outline(painter, self._theme.highlight, 1.5)
            row = self._rows.index(self._highlighted.pitch)
            height = mark_heights(np.array([self._highlighted.velocity]))[0]
            painter.drawRect(QRectF(self._highlighted.onset, row - HALF_HEIGHT, width, height))

    def _draw_part(self, painter: QPainter, part: slice, start: float, per_px: float) -> None:
        assert self._theme is not None
        velocity, row, places = (
            values[part] for values in (self._table.velocity, self._row, self._places)
        )
        is_selected = np.isin(self._table.id[part], list(self._selected))
        columns = ((self._table.onset[part] - start) / per_px).astype(np.int64)
        cells = columns * len(self._rows) + row
        if self._hollow:
            self._outline(painter, self._theme.candidate, 1.0)
            seen = loudest(cells, velocity, np.flatnonzero(~is_selected))
            painter.drawRects(self._rects(part, seen))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            seen = loudest(cells, velocity, np.flatnonzero(~is_selected))
            palette = self._colours.palette(self._theme)
            for place in np.unique(places[seen]).tolist():
                painter.setBrush(palette[place])
                painter.drawRects(self._rects(part, seen[places[seen] == place]))
        # Last, so that nothing hides what one has in hand.
        self._outline(painter, self._theme.highlight, 1.0)
        painter.setBrush(self._theme.accent)
        painter.drawRects(self._rects(part, np.flatnonzero(is_selected)))

    def _rects(self, part: slice, which: Ints) -> list[QRectF]:
        width = self.mark_width
        heights = mark_heights(self._table.velocity[part][which])
        bottoms = self._row[part][which] - HALF_HEIGHT
        columns = (self._table.onset[part][which].tolist(), bottoms.tolist(), heights.tolist())
        return [QRectF(x, y, width, height) for x, y, height in zip(*columns, strict=True)]

    def _outline(self, painter: QPainter, colour: QColor, width_px: float) -> None:
        pen = QPen(colour, width_px)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _colour(self) -> None:
        self._places = self._colours.places(self._table)
        self.update()
