"""The rows of the drum lane: their names at the side, and the lines between them."""

from __future__ import annotations

import math

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneMouseEvent, QStyleOptionGraphicsItem, QWidget

from amtstudio.ui.drum_rows import Rows, drum_name
from amtstudio.ui.roll.axes import SIDE_WIDTH, SideAxis
from amtstudio.ui.roll.roll_item import RollItem

_LARGEST_TEXT_PX, SMALLEST_TEXT_PX = 10, 8


class DrumAxis(SideAxis):
    """A name beside each row; where rows are too low for that, beside every second or third.

    The left button strikes the drum.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: Rows = ()

    def set_rows(self, rows: Rows) -> None:
        self._rows = rows
        self.update()

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton or not self._rows:
            event.ignore()
            return
        event.accept()
        share = 1.0 - event.pos().y() / max(float(self.size().height()), 1.0)
        row = min(max(int(share * len(self._rows)), 0), len(self._rows) - 1)
        self.pressed.emit(self._rows[row])

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None or not self._rows:
            return
        row_px = float(self.size().height()) / len(self._rows)
        font = painter.font()
        font.setPixelSize(int(min(max(row_px, SMALLEST_TEXT_PX), _LARGEST_TEXT_PX)))
        painter.setFont(font)
        metrics, width = QFontMetricsF(font), SIDE_WIDTH - 7.0
        if self.size().height() < SMALLEST_TEXT_PX:
            return
        step = max(1, math.ceil(SMALLEST_TEXT_PX / max(row_px, 0.1)))
        for row, pitch in enumerate(self._rows):
            if row % step and pitch != self._lit:
                continue
            is_lit = pitch == self._lit
            painter.setPen(self._theme.accent if is_lit else self._theme.faint_text)
            middle = (len(self._rows) - row - 0.5) * row_px
            painter.drawText(
                QRectF(2.0, middle - 8.0, width, 16.0),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                metrics.elidedText(drum_name(pitch), Qt.TextElideMode.ElideRight, width),
            )


class DrumRowsItem(RollItem):
    """A line below each row, and a stronger one above all."""

    def __init__(self, high: float) -> None:
        super().__init__(-0.5, high)
        self._n_rows = 0

    def set_rows(self, n_rows: int, duration: float) -> None:
        self._n_rows = n_rows
        self._set_end(duration)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None:
            return
        start, end = self._shown_span()
        painter.setPen(QPen(self._theme.line, 0))
        painter.drawLines(
            [QLineF(start, row - 0.5, end, row - 0.5) for row in range(self._n_rows + 1)]
        )
