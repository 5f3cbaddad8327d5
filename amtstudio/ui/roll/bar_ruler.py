"""Bars and beats along the time axis, where a beat can be taken hold of."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QPainter

from amtstudio.symbolic import TempoMap
from amtstudio.ui.roll.beat_item import marks
from amtstudio.ui.theme import Theme

HEIGHT = 16  # pixels
_LABEL_PX = 34.0  # between two numbers
_GRAB_PX = 5.0


class BarRuler:
    """The upper part of the time axis; without beats it takes no room."""

    def __init__(self) -> None:
        self.tempo: TempoMap | None = None
        self.dragged: tuple[int, float] | None = None  # a beat, and the second where it is held

    @property
    def height(self) -> float:
        return HEIGHT if self.tempo is not None else 0.0

    def beat_at(self, second: float, px_per_s: float) -> int | None:
        """The beat that the pointer is on, by its index."""
        if self.tempo is None:
            return None
        nearest = int(np.abs(self.tempo.beats - second).argmin())
        distance = abs(float(self.tempo.beats[nearest]) - second) * px_per_s
        return nearest if distance <= _GRAB_PX else None

    def paint(
        self,
        painter: QPainter,
        theme: Theme,
        *,
        span: tuple[float, float],
        left: float,
        width: float,
    ) -> None:
        """Paint the part in ``span``, seconds, starting at pixel ``left``."""
        if self.tempo is None:
            return
        start, end = span
        px_per_s = width / max(end - start, 1e-9)
        is_bar, times, bars = marks(self.tempo, start, end, px_per_s)
        painter.setPen(theme.faint_text)
        painter.drawLine(QLineF(left, HEIGHT, left + width, HEIGHT))
        free_from = -np.inf
        for bar_begins, time, bar in zip(
            is_bar.tolist(), times.tolist(), bars.tolist(), strict=True
        ):
            x = left + (time - start) * px_per_s
            painter.setPen(theme.text if bar_begins else theme.faint_text)
            painter.drawLine(QLineF(x, HEIGHT - (7.0 if bar_begins else 4.0), x, HEIGHT))
            if bar_begins and x >= free_from and x + 8.0 <= left + width:
                painter.drawText(
                    QRectF(x + 3.0, 0.0, _LABEL_PX, HEIGHT),
                    Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
                    str(bar),
                )
                free_from = x + _LABEL_PX
        if self.dragged is not None:
            x = left + (self.dragged[1] - start) * px_per_s
            painter.setPen(theme.accent)
            painter.drawLine(QLineF(x, 0.0, x, HEIGHT))
