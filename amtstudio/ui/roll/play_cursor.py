"""The line at the playback position, across all lanes."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRect, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QRegion

from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.theme import Theme

_WIDTH_PX = 1.5
_HEAD_PX = 5.0  # half the width of the mark at the top, and its height
_MARGIN_PX = 2  # for smoothed edges


class PlayCursor:
    """Drawn in the foreground of a view; moving it repaints two narrow strips and no more."""

    def __init__(self, view: pg.GraphicsView, box: pg.ViewBox) -> None:
        self._view = view
        self._box = box
        self._time: float | None = None
        self._theme: Theme | None = None
        self._drawn = QRegion()

    @property
    def time(self) -> float | None:
        return self._time

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._view.viewport().update()

    def set_time(self, seconds: float | None) -> None:
        """Move it; None: there is none."""
        self._time = seconds
        self.refresh()

    def refresh(self) -> None:
        """The place or the view has changed."""
        region = self._region()
        if region != self._drawn:
            self._view.viewport().update(self._drawn.united(region))
            self._drawn = region

    @property
    def x(self) -> float | None:
        """Pixels from the left of the view; None where it is out of sight."""
        if self._time is None:
            return None
        place = self._box.sceneBoundingRect()
        start, end = self._box.viewRange()[0]
        if not start <= self._time <= end or place.width() <= 0.0:
            return None
        return float(place.left() + (self._time - start) / (end - start) * place.width())

    def paint(self, painter: QPainter) -> None:
        """In pixels of the view."""
        x = self.x
        if x is None or self._theme is None:
            return
        # The view may have grown since the last move: all that is painted has to go at the next.
        self._drawn = self._drawn.united(self._region())
        height = self._view.viewport().height()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Half of the line, and of its head, would be on the keyboard otherwise.
        painter.setClipRect(QRect(SIDE_WIDTH, 0, self._view.viewport().width(), height))
        painter.setPen(QPen(self._theme.playhead, _WIDTH_PX))
        painter.drawLine(QLineF(x, 0.0, x, height))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.playhead)
        painter.drawPolygon(
            QPolygonF([QPointF(x - _HEAD_PX, 0), QPointF(x + _HEAD_PX, 0), QPointF(x, _HEAD_PX)])
        )
        painter.restore()

    def _region(self) -> QRegion:
        x = self.x
        if x is None:
            return QRegion()
        left = math.floor(x) - _MARGIN_PX
        line = QRect(left, 0, 2 * _MARGIN_PX + 1, self._view.viewport().height())
        reach = round(_HEAD_PX) + _MARGIN_PX
        head = QRect(math.floor(x) - reach, 0, 2 * reach + 1, reach)
        return QRegion(line).united(QRegion(head))
