"""The sustain pedal, in its own lane."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import Pedal
from amtstudio.ui.theme import Theme


class PedalItem(pg.GraphicsObject):
    """A bar from where the pedal goes down to where it comes up; the lane is 0 to 1 high."""

    def __init__(self) -> None:
        super().__init__()
        self._onsets = np.zeros(0)
        self._offsets = np.zeros(0)
        self._rects: list[QRectF] = []
        self._colour = QColor()
        self._accent = QColor()
        self._selected: QRectF | None = None
        self._ghost: QRectF | None = None

    def set_pedals(self, pedals: Sequence[Pedal]) -> None:
        self.prepareGeometryChange()
        self._onsets = np.array([pedal.onset for pedal in pedals])
        self._offsets = np.array([pedal.offset for pedal in pedals])
        self._rects = [
            QRectF(pedal.onset, 0.2, pedal.offset - pedal.onset, 0.6) for pedal in pedals
        ]
        self.update()

    def set_theme(self, theme: Theme) -> None:
        self._colour = theme.waveform
        self._accent = theme.accent
        self.update()

    def set_selected(self, pedal: Pedal | None) -> None:
        self._selected = None
        if pedal is not None:
            self._selected = QRectF(pedal.onset, 0.2, pedal.offset - pedal.onset, 0.6)
        self.update()

    def set_ghost(self, rect: QRectF | None) -> None:
        """Where a press would be if the button were released now."""
        self.prepareGeometryChange()
        self._ghost = rect
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        end = float(self._offsets[-1]) if len(self._offsets) else 0.0
        if self._ghost is not None:
            end = max(end, self._ghost.right())
        return QRectF(0.0, 0.0, end, 1.0)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None:
            return
        start, end = view.viewRange()[0]
        # Presses do not overlap, so that both ends are in order.
        first = int(np.searchsorted(self._offsets, start))
        last = int(np.searchsorted(self._onsets, end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        if last > first:
            painter.drawRects(self._rects[first:last])
        painter.setBrush(self._accent)
        painter.drawRects([rect for rect in (self._selected, self._ghost) if rect is not None])
