"""The sustain pedal, in a lane of its own."""

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
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        return QRectF(0.0, 0.0, float(self._offsets[-1]) if len(self._offsets) else 0.0, 1.0)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or not self._rects:
            return
        start, end = view.viewRange()[0]
        # Presses do not overlap, so that both ends are in order.
        first = int(np.searchsorted(self._offsets, start))
        last = int(np.searchsorted(self._onsets, end))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._colour)
        painter.drawRects(self._rects[first:last])
