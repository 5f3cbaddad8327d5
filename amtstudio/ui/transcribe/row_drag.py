"""Rows of the list are put in another order with the mouse."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from amtstudio.ui.queue import QueueItem, TranscriptionQueue

_MARK_PX = 3
_EDGE_PX = 24  # near an end of the list it scrolls
_SCROLL_PX = 12


class RowDrag(QObject):
    """Shows where a row would go, and puts it there when it is dropped.

    ``row_of`` gives the row of each item in ``content``, which ``area`` shows a part of.
    """

    def __init__(
        self,
        area: QScrollArea,
        content: QWidget,
        queue: TranscriptionQueue,
        row_of: Callable[[QueueItem], QWidget],
    ) -> None:
        super().__init__(area)
        self._area = area
        self._row_of = row_of
        self._content = content
        self._queue = queue
        self._target: int | None = None
        self._mark = QFrame(content)
        self._mark.setAutoFillBackground(True)
        self._mark.setBackgroundRole(QPalette.ColorRole.Highlight)
        self._mark.hide()

    def follow(self, item: QueueItem, screen_y: int) -> None:
        """The pointer holds this row, at this height on the screen."""
        self._scroll(screen_y)
        y = self._content.mapFromGlobal(QPoint(0, screen_y)).y()
        others = [self._row_of(other) for other in self._queue.items if other is not item]
        # A row that the filter hides goes with the one above it.
        passed = (
            place
            for place, row in enumerate(others, start=1)
            if not row.isHidden() and row.geometry().center().y() < y
        )
        self._target = max(passed, default=0)
        above = others[self._target - 1].geometry().bottom() if self._target else 0
        self._mark.setGeometry(4, above + 1, self._content.width() - 8, _MARK_PX)
        self._mark.show()
        self._mark.raise_()

    def drop(self, item: QueueItem) -> None:
        self._mark.hide()
        if self._target is not None:
            self._queue.move_to(item, self._target)
        self._target = None

    def _scroll(self, screen_y: int) -> None:
        view = self._area.viewport()
        y = view.mapFromGlobal(QPoint(0, screen_y)).y()
        bar = self._area.verticalScrollBar()
        if y < _EDGE_PX:
            bar.setValue(bar.value() - _SCROLL_PX)
        elif y > view.height() - _EDGE_PX:
            bar.setValue(bar.value() + _SCROLL_PX)
