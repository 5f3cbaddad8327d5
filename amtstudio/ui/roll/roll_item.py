"""Items painted over the whole height of a roll or a lane, in seconds and its own units."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.theme import Theme


class RollItem(pg.GraphicsObject):
    """From second 0 to ``end``; without a theme there is nothing to paint with.

    ``low`` and ``high`` are the edges of the view, by default those of the keys.
    """

    def __init__(self, low: float = LOWEST_EDGE, high: float = HIGHEST_EDGE) -> None:
        super().__init__()
        self._low, self._high = low, high
        self._theme: Theme | None = None
        self._end = 0.0

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0.0, self._low, self._end, self._high - self._low)

    def _set_end(self, seconds: float) -> None:
        self.prepareGeometryChange()
        self._end = seconds
        self.update()

    def _shown_span(self) -> tuple[float, float]:
        """First and last second in view; empty for an item that is in no scene."""
        view = self.getViewBox()
        if view is None:
            return 0.0, -1.0
        start, end = view.viewRange()[0]
        return float(start), float(end)


def within(rects: Sequence[QRectF], start: float, end: float) -> list[QRectF]:
    """Those that are partly between two times, in seconds."""
    return [rect for rect in rects if rect.right() >= start and rect.left() <= end]
