"""Paints the rows of the list of recordings."""

from __future__ import annotations

import time

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from amtstudio.ui.queue import QueueItem
from amtstudio.ui.theme import theme_of
from amtstudio.ui.transcribe.queue_model import QueueModel
from amtstudio.ui.wrapped_label import breakable

_GAP_PX = 2  # half of what is between two rows
_HEAD_PX = 24  # the line with the name, as high as the buttons in it
_LEFT_PX, _RIGHT_PX, _TOP_PX, _BOTTOM_PX = 10, 6, 5, 7
_BAR_PX = 5
_SPACE_PX = 3
_SIGN_PX = 16  # of the sign at the name of what failed
_BUSY_SHARE = 0.25  # of the bar, while the length is not known
_BUSY_S = 2.0  # for which it goes over the bar
_FLAGS = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
_TALLEST = 100_000

_Index = QModelIndex | QPersistentModelIndex


class QueueDelegate(QStyledItemDelegate):
    """Name, progress, and in as many lines as it takes what there is to tell."""

    def __init__(self, model: QueueModel, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._model = model
        self._view = view
        self._buttons = (-1, 0)
        self._heights: dict[QueueItem, int] = {}
        model.rowsRemoved.connect(self.measure_all)

    def set_buttons(self, row: int, width_px: int) -> bool:
        """The name leaves so much free in this row; gives whether that is new."""
        before, self._buttons = self._buttons, (row, width_px)
        return self._buttons != before

    def sizeHint(self, _option: QStyleOptionViewItem, index: _Index) -> QSize:  # noqa: N802
        item = self._model.item(index)
        if item not in self._heights:
            self._heights[item] = self._height(item)
        return QSize(1, self._heights[item])

    def measure(self, item: QueueItem) -> bool:
        """Look how high its row is now; gives whether that is new."""
        before, self._heights[item] = self._heights.get(item), self._height(item)
        return self._heights[item] != before

    def measure_all(self) -> None:
        """Look how high the rows are when they are laid out next."""
        self._heights.clear()

    def _height(self, item: QueueItem) -> int:
        status = self._model.status(item)
        width = self._view.viewport().width() - _LEFT_PX - _RIGHT_PX
        metrics = self._view.fontMetrics()
        height = metrics.height()
        if "\n" in status or metrics.horizontalAdvance(status) > width:
            box = QRect(0, 0, width, _TALLEST)
            height = metrics.boundingRect(box, _FLAGS, breakable(status)).height()
        return _status_top(item) + height + _BOTTOM_PX

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        self.initStyleOption(option, index)
        item = self._model.item(index)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_frame(painter, option)
        painter.setPen(option.palette.color(QPalette.ColorRole.WindowText))
        head = head_of(option.rect)
        if item.is_active:
            bar = QRectF(head.left(), head.bottom() + _SPACE_PX, head.width(), _BAR_PX)
            _paint_bar(painter, bar, option.palette, item.fraction)
        status = head.adjusted(0, _status_top(item) - _TOP_PX, 0, 0)
        status.setBottom(option.rect.bottom())
        painter.drawText(status, _FLAGS, breakable(self._model.status(item)))
        row, buttons_px = self._buttons
        if index.row() == row:
            head.setRight(head.right() - buttons_px)
        if item.error is not None:
            _paint_warning(painter, head, self._view)
            head.setLeft(head.left() + _SIGN_PX + _SPACE_PX)
        middle = Qt.TextElideMode.ElideMiddle  # the end of a file name often says most
        name = option.fontMetrics.elidedText(item.document.name, middle, head.width())
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, name)
        painter.restore()


def head_of(row: QRect) -> QRect:
    """Where the name and the buttons are."""
    head = row.adjusted(_LEFT_PX, _TOP_PX, -_RIGHT_PX, 0)
    head.setHeight(_HEAD_PX)
    return head


def _status_top(item: QueueItem) -> int:
    return _TOP_PX + _HEAD_PX + _SPACE_PX + (_BAR_PX + _SPACE_PX if item.is_active else 0)


def _paint_frame(painter: QPainter, option: QStyleOptionViewItem) -> None:
    colour = option.palette.color(QPalette.ColorRole.Highlight)
    gap = _GAP_PX + 0.5
    box = QRectF(option.rect).adjusted(gap, gap, -gap, -gap)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.setPen(QPen(colour, 1.0))
        painter.setBrush(QColor(colour.red(), colour.green(), colour.blue(), 40))
        painter.drawRoundedRect(box, 5.0, 5.0)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme_of(option.palette).line)
        painter.drawRoundedRect(box, 5.0, 5.0)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(colour, 1.0, Qt.PenStyle.DotLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 4.0, 4.0)


def _paint_warning(painter: QPainter, head: QRect, view: QAbstractItemView) -> None:
    icon = view.style().standardIcon(QStyle.StandardPixmap.SP_MessageBoxWarning)
    place = QRect(head.left(), head.top() + (head.height() - _SIGN_PX) // 2, _SIGN_PX, _SIGN_PX)
    icon.paint(painter, place)


def _paint_bar(painter: QPainter, box: QRectF, palette: QPalette, fraction: float | None) -> None:
    """``fraction`` None: the length is not known, and a piece goes over the bar."""
    left, right = 0.0, fraction or 0.0
    if fraction is None:
        right = time.monotonic() % _BUSY_S / _BUSY_S * (1.0 + _BUSY_SHARE)
        left, right = max(right - _BUSY_SHARE, 0.0), min(right, 1.0)
    done = box.adjusted(left * box.width(), 0.0, (right - 1.0) * box.width(), 0.0)
    painter.fillRect(box, theme_of(palette).line)
    painter.fillRect(done, palette.color(QPalette.ColorRole.Highlight))
