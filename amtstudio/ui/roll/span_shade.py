"""Dims the untranscribed rest if only a part of a recording is transcribed."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.roll.roll_item import RollItem

SHADE_ALPHA = 165


class SpanShade(RollItem):
    """Two curtains, before ``begin`` and behind ``end``, in seconds of the recording."""

    def __init__(self) -> None:
        super().__init__()
        self._span = (0.0, 0.0)
        self.setVisible(False)

    def set_span(self, begin: float, end: float, duration: float) -> None:
        self._span = (begin, end)
        self._set_end(duration)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None:
            return
        curtain = QColor(self._theme.background)
        curtain.setAlpha(SHADE_ALPHA)
        for left, right in ((0.0, self._span[0]), (self._span[1], self._end)):
            if right > left:
                box = QRectF(left, LOWEST_EDGE, right - left, HIGHEST_EDGE - LOWEST_EDGE)
                painter.fillRect(box, curtain)
