"""The marked stretch of time, as a band over the notes or the pedal lane."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.ui.theme import Theme
from amtstudio.ui.time_selection import TimeSelection

_SHADE_ALPHA = 38


class TimeRangeItem(pg.GraphicsObject):
    """Paints the band from ``low`` to ``high``, coordinates of its view."""

    def __init__(self, selection: TimeSelection, low: float, high: float) -> None:
        super().__init__()
        self._selection = selection
        self._low, self._high = low, high
        self._theme: Theme | None = None
        selection.changed.connect(self._follow)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        begin, end = self._selection.range or (0.0, 0.0)
        return QRectF(begin, self._low, end - begin, self._high - self._low)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None or self._selection.range is None:
            return
        shade = QColor(self._theme.accent)
        shade.setAlpha(_SHADE_ALPHA)
        painter.fillRect(self.boundingRect(), shade)
        pen = QPen(self._theme.accent, 1.0)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for time in self._selection.range:
            painter.drawLine(QLineF(time, self._low, time, self._high))

    def _follow(self) -> None:
        self.prepareGeometryChange()
        self.update()
