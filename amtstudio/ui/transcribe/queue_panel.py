"""The list of recordings."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QMenu, QScrollArea, QVBoxLayout, QWidget

from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.ui.transcribe.queue_filter import QueueFilter
from amtstudio.ui.transcribe.queue_row import QueueRow
from amtstudio.ui.transcribe.row_drag import RowDrag

_TICK_MS = 500


class QueuePanel(QScrollArea):
    """Shows the queue; a click on a row shows its recording."""

    chosen = Signal(QueueItem)
    retry_wanted = Signal(QueueItem)
    menu_wanted = Signal(QueueItem, QMenu)  # what can be done with the recording of a row

    def __init__(self, queue: TranscriptionQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._rows: dict[QueueItem, QueueRow] = {}
        self._chosen: QueueItem | None = None
        content, rows = QWidget(), QWidget()
        self.filter = QueueFilter(queue)
        self.filter.changed.connect(self._show_chosen)
        outer = QVBoxLayout(content)
        outer.setContentsMargins(6, 6, 6, 6)
        outer.setSpacing(4)
        outer.addWidget(self.filter)
        outer.addWidget(rows, 1)
        self._drag = RowDrag(self, rows, queue, self.row)
        self._layout = QVBoxLayout(rows)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addStretch()
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Recordings"))
        self.verticalScrollBar().rangeChanged.connect(self._show_whole)
        queue.added.connect(self._add)
        queue.removed.connect(self._remove)
        queue.replaced.connect(self._replace)
        queue.reordered.connect(self._reorder)
        self._timer = QTimer(self)  # the time left counts down between two reports
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def row(self, item: QueueItem) -> QueueRow:
        return self._rows[item]

    def set_chosen(self, item: QueueItem | None) -> None:
        self._chosen = item
        for other, row in self._rows.items():
            row.set_chosen(other is item)
        # Once it has its place: a row that has just come lies at the top until then.
        QTimer.singleShot(0, self, self._show_chosen_row)

    def _show_chosen_row(self) -> None:
        if self._chosen in self._rows:
            self.ensureWidgetVisible(self._rows[self._chosen])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._show_chosen_row()

    def _show_whole(self) -> None:
        """Keep the chosen row from being cut off where rows grow, unless it was scrolled away."""
        row = self._rows.get(self._chosen) if self._chosen is not None else None
        if row is not None and not row.visibleRegion().isEmpty():
            self.ensureWidgetVisible(row)

    def _add(self, item: QueueItem) -> None:
        row = QueueRow(item, self._queue)
        row.chosen.connect(self.chosen)
        row.retry_wanted.connect(self.retry_wanted)
        row.dragged.connect(self._drag.follow)
        row.dropped.connect(self._drag.drop)
        row.stepped.connect(self._focus_beside)
        row.menu_wanted.connect(self.menu_wanted)
        self._rows[item] = row
        self._layout.insertWidget(self._layout.count() - 1, row)
        item.document.instruments_changed.connect(self.filter.refresh)
        self._refresh_places()
        self.filter.refresh()
        self.filter.reset()

    def _replace(self, item: QueueItem, other: QueueItem) -> None:
        if item is self._chosen:
            self.chosen.emit(other)

    def _remove(self, item: QueueItem) -> None:
        row = self._rows.pop(item)
        self._layout.removeWidget(row)
        row.deleteLater()
        self._refresh_places()
        self.filter.refresh()

    def _show_chosen(self) -> None:
        for item, row in self._rows.items():
            row.setVisible(self.filter.shows(item))

    def _reorder(self) -> None:
        for index, item in enumerate(self._queue.items):
            self._layout.insertWidget(index, self._rows[item])
        for one, other in pairwise(self._queue.items):  # Tab moves from row to row
            QWidget.setTabOrder(self._rows[one].last_button, self._rows[other])
        self._refresh_places()

    def _focus_beside(self, item: QueueItem, step: int) -> None:
        shown = [other for other in self._queue.items if self.filter.shows(other)]
        index = shown.index(item) + step
        if 0 <= index < len(shown):
            row = self._rows[shown[index]]
            row.setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(row)

    def _refresh_places(self) -> None:
        for index, item in enumerate(self._queue.items):
            self._rows[item].set_place(
                is_first=index == 0, is_last=index == len(self._queue.items) - 1
            )

    def _tick(self) -> None:
        for item in self._queue.items:
            if item.state is State.RUNNING:
                self._rows[item].refresh()
