"""What the user wants done with the transcription of the recording that is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.part_dialog import PartDialog
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue


class TranscribeActions(QObject):
    """Passes wishes about the item of a page on to the queue."""

    def __init__(self, queue: TranscriptionQueue, page: DocumentPage) -> None:
        super().__init__(page)
        self._queue = queue
        self._page = page
        self._item: QueueItem | None = None
        page.cancel_wanted.connect(self.cancel)

    def set_item(self, item: QueueItem | None) -> None:
        self._item = item

    def toggle_pause(self) -> None:
        if self._item is None:
            return
        if self._item.state in (State.PAUSED, State.HELD):
            self._queue.resume(self._item)
        else:
            self._queue.pause(self._item)

    def cancel(self) -> None:
        if self._item is not None:
            self._queue.cancel(self._item)

    def retry(self) -> None:
        if self._item is not None:
            self._queue.retry(self._item)

    def ask_part(self) -> None:
        """Ask which part of this recording to transcribe, and do it."""
        if self._item is None or self._item.document.duration <= 0.0:
            return
        dialog = PartDialog(
            self._item.document,
            view=self._page.roll.visible_range,
            selection=self._page.time_selection.range,
            parent=self._page.window(),
        )
        if dialog.exec() == PartDialog.DialogCode.Accepted:
            self._queue.transcribe_part(self._item, *dialog.span)

    def transcribe_marked(self) -> None:
        """Transcribe the marked stretch and nothing else."""
        marked = self._page.time_selection.range
        if self._item is not None and marked is not None:
            self._queue.transcribe_part(self._item, *marked)
