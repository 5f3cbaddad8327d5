"""Painted over the notes while they are selected and dragged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.ui.roll.note_colours import text_colour
from amtstudio.ui.roll.note_item import (
    HALF_HEIGHT,
    MOST_NAMES,
    SMALLEST_TEXT_PX,
    draw_names,
)
from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.roll.roll_item import RollItem, within

_FILL_ALPHA = 240
_GHOST_ALPHA = 120
_BAND_ALPHA = 40


class SelectionItem(RollItem):
    """Selected notes, notes on their way (ghosts), and the rubber band."""

    def __init__(self, low: float = LOWEST_EDGE, high: float = HIGHEST_EDGE) -> None:
        super().__init__(low, high)
        self._selected: list[QRectF] = []
        self._ghosts: list[QRectF] = []
        self._band: QRectF | None = None

    def set_selected(self, rects: Sequence[QRectF]) -> None:
        self._selected = list(rects)
        self._grow()

    def set_ghosts(self, rects: Sequence[QRectF]) -> None:
        """Where notes would be if the button were released now."""
        self._ghosts = list(rects)
        self._grow()

    def set_band(self, band: QRectF | None) -> None:
        self._band = band
        self._grow()

    @property
    def ghosts(self) -> tuple[QRectF, ...]:
        return tuple(self._ghosts)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None:
            return
        start, end = self._shown_span()
        fill = QColor(self._theme.accent)
        fill.setAlpha(_FILL_ALPHA)
        selected = within(self._selected, start, end)
        self._draw(painter, selected, fill, self._theme.highlight)
        self._draw_names(painter, selected, text_colour(fill))
        fill.setAlpha(_GHOST_ALPHA)
        self._draw(painter, within(self._ghosts, start, end), fill, self._theme.accent)
        if self._band is not None:
            fill.setAlpha(_BAND_ALPHA)
            self._draw(painter, [self._band], fill, self._theme.accent)

    def _draw(
        self, painter: QPainter, rects: Sequence[QRectF], fill: QColor, outline: QColor
    ) -> None:
        if not rects:
            return
        pen = QPen(outline, 1.5)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRects(list(rects))

    def _draw_names(self, painter: QPainter, selected: Sequence[QRectF], colour: QColor) -> None:
        """Above the colour that covers those of the notes."""
        (start, end), (low, high) = self.getViewBox().viewRange()
        width_px = self.getViewBox().width() / max(end - start, 1e-9)
        height_px = self.getViewBox().height() / max(high - low, 1e-6)
        if height_px >= SMALLEST_TEXT_PX and len(selected) <= MOST_NAMES:
            draw_names(painter, ((rect, colour) for rect in selected), start, width_px, height_px)

    def _grow(self) -> None:
        rects = [*self._selected, *self._ghosts, *([self._band] if self._band else [])]
        self._set_end(max((rect.right() for rect in rects), default=0.0))


def note_rect(onset: float, offset: float, pitch: float) -> QRectF:
    return QRectF(onset, pitch - HALF_HEIGHT, offset - onset, 2.0 * HALF_HEIGHT)
