"""The velocity of each note, as stems in a separate lane."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import repeat
from types import MappingProxyType

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import NO_NOTES, NoteTable, Track
from amtstudio.ui.roll.note_colours import ColourBy, NoteColours
from amtstudio.ui.roll.roll_item import RollItem

HIGHEST = 127
Ints = npt.NDArray[np.int64]
_STEM_PX = 1.5
_HEAD_PX = 5.0  # where a stem can be taken
_MOST_STEMS = 1000  # drawn one over the other
_NARROWEST_PX = 3.0  # between two stems on average, below which heads would cover all


class VelocityItem(RollItem):
    """A stem from 0 to the velocity at the onset of each note; the lane is 127 high.

    A stem has the colour of its note, so that one sees which belongs to which instrument.
    The notes in view are painted with one call for each of a few colours.
    """

    def __init__(self) -> None:
        super().__init__()
        # So that a cursor that moves over the stems has only those below it painted again.
        self.setFlag(self.GraphicsItemFlag.ItemUsesExtendedStyleOption)
        self._table = NO_NOTES
        self._colours = NoteColours()
        self._places: Ints = np.zeros(0, dtype=np.int64)  # of the colours of the notes
        self._selected: frozenset[int] = frozenset()
        self._wanted: Mapping[int, int] = MappingProxyType({})

    def set_notes(self, table: NoteTable, colours: Mapping[Track, int]) -> None:
        """Show these; ``colours`` are the places of those of tracks among the theme's."""
        self.prepareGeometryChange()
        self._table = table
        self._colours = replace(self._colours, tracks=colours)
        self._colour()

    def set_colour_by(self, colour_by: ColourBy) -> None:
        self._colours = replace(self._colours, by=colour_by)
        self._colour()

    def _colour(self) -> None:
        self._places = self._colours.places(self._table)
        self.update()

    def set_selected(self, ids: Iterable[int]) -> None:
        self._selected = frozenset(ids)
        self.update()

    def set_wanted(self, wanted: Mapping[int, int]) -> None:
        """Velocities that notes would have if the button were released now, by their ids."""
        self._wanted = MappingProxyType(dict(wanted))
        self.update()

    @property
    def wanted(self) -> Mapping[int, int]:
        return self._wanted

    def boundingRect(self) -> QRectF:  # noqa: N802
        end = float(self._table.onset[-1]) if len(self._table) else 0.0
        return QRectF(0.0, 0.0, end, float(HIGHEST))

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or self._theme is None:
            return
        start, end = view.viewRange()[0]
        per_px = max(float(end - start), 1e-9) / max(float(view.width()), 1.0)
        onsets = self._table.onset
        first = max(start, option.exposedRect.left() - _HEAD_PX * per_px)
        last = min(end, option.exposedRect.right() + _HEAD_PX * per_px)
        part = slice(
            int(np.searchsorted(onsets, first)), int(np.searchsorted(onsets, last, "right"))
        )
        if part.stop <= part.start:
            return
        velocities, is_marked = self._shown(part)
        places, times = self._places[part], onsets[part]
        palette = self._colours.palette(self._theme)
        # By all that is in view, so that a part painted again looks as it did.
        n_seen = int(np.subtract(*np.searchsorted(onsets, [end, start])))
        has_heads = float(view.width()) / max(n_seen, 1) >= _NARROWEST_PX
        columns = ((times - start) / per_px).astype(np.int64)
        seen = loudest(columns, velocities, np.flatnonzero(~is_marked))
        for place in np.unique(places[seen]):
            which = seen[places[seen] == place]
            colour = palette[int(place)]
            self._draw(painter, times[which], velocities[which], colour, has_heads=has_heads)
        # Last, so that nothing hides what one has in hand.
        which = loudest(columns, velocities, np.flatnonzero(is_marked))
        self._draw(painter, times[which], velocities[which], self._theme.accent, has_heads=True)

    def _shown(self, part: slice) -> tuple[Ints, npt.NDArray[np.bool_]]:
        """Velocities, as they would become, and which notes are selected or being changed."""
        velocities = self._table.velocity[part].astype(np.int64)
        is_marked = np.zeros(len(velocities), dtype=bool)
        marked = self._selected | self._wanted.keys()
        if marked:
            ids = self._table.id[part]
            is_marked = np.isin(ids, list(marked))
            for index in np.flatnonzero(is_marked).tolist():
                velocities[index] = self._wanted.get(int(ids[index]), int(velocities[index]))
        return velocities, is_marked

    def _draw(
        self,
        painter: QPainter,
        times: npt.NDArray[np.float64],
        velocities: Ints,
        colour: QColor,
        *,
        has_heads: bool,
    ) -> None:
        # Filled rectangles: lines thicker than a pixel take three times as long.
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        across, up = self.pixelWidth(), self.pixelHeight()
        width = _STEM_PX * across
        lefts = (times - width / 2.0).tolist()
        tops = velocities.tolist()
        rects = list(map(QRectF, lefts, repeat(0.0), repeat(width), tops))
        if has_heads:
            width, height = _HEAD_PX * across, _HEAD_PX * up
            lefts = (times - width / 2.0).tolist()
            bottoms = (velocities - height / 2.0).tolist()
            rects += map(QRectF, lefts, bottoms, repeat(width), repeat(height))
        painter.drawRects(rects)


def loudest(columns: Ints, velocities: Ints, which: Ints) -> Ints:
    """Of notes that fall on few pixels those that stick out, in order; else all of them.

    A stem hides the shorter ones on its column: with 10,000 notes in view they are nine in ten.
    """
    if len(which) <= _MOST_STEMS:
        return which
    ordered: Ints = which[np.lexsort((velocities[which], columns[which]))]
    is_last = np.append(np.diff(columns[ordered]) != 0, True)
    loudest: Ints = ordered[is_last]
    return loudest
