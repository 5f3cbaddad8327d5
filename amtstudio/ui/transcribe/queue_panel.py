"""The list of recordings."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.ui.transcribe.queue_filter import QueueFilter
from amtstudio.ui.transcribe.queue_view import QueueView

_TICK_MS = 100


class QueuePanel(QWidget):
    """Shows the queue, or those recordings of it in which an instrument plays."""

    def __init__(self, queue: TranscriptionQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._chosen: QueueItem | None = None
        self.filter = QueueFilter(queue)
        self.view = QueueView(queue)
        self.view.setAccessibleName(self.tr("Recordings"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(4)
        layout.addWidget(self.filter)
        layout.addWidget(self.view, 1)
        self.filter.changed.connect(self._show_wanted)
        queue.added.connect(self._add)
        queue.removed.connect(self.filter.refresh)
        queue.replaced.connect(self._replace)
        self._timer = QTimer(self)  # the time left counts down between two reports
        self._timer.timeout.connect(self._tick)
        self._timer.start(_TICK_MS)

    def set_chosen(self, item: QueueItem | None) -> None:
        self._chosen = item
        self.view.set_chosen(item)

    def _add(self, item: QueueItem) -> None:
        item.document.instruments_changed.connect(self.filter.refresh)
        if item.document.instruments is not None:
            self.filter.refresh()
        self.filter.reset()

    def _replace(self, item: QueueItem, other: QueueItem) -> None:
        if item is self._chosen:
            self.view.chosen.emit(other)

    def _show_wanted(self) -> None:
        self.view.show_only(self.filter.shows)

    def _tick(self) -> None:
        for item in self._queue.items:
            if item.state is State.RUNNING:
                self.view.refresh(item)
