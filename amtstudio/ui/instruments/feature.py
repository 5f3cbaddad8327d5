"""Puts the instruments into a window: the search, the panel, the strip and the hint."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.failure import describe
from amtstudio.ui.instruments.finder import InstrumentFinder
from amtstudio.ui.instruments.panel import InstrumentsPanel
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.queue import QueueItem, TranscriptionQueue


class InstrumentParts(QObject):
    """Keeps the panel and the hint of a page in step with what was found."""

    def __init__(self, queue: TranscriptionQueue, pool: JobPool, page: DocumentPage) -> None:
        super().__init__(page)
        self._page = page
        self._item: QueueItem | None = None
        self.panel = InstrumentsPanel()
        self.finder = InstrumentFinder(queue, pool, self)
        self.finder.changed.connect(self._show)
        self.panel.passage_wanted.connect(page.show_passage)
        page.roll.range_changed.connect(self.panel.set_range)

    def set_item(self, item: QueueItem | None) -> None:
        self._item = item
        self.panel.set_document(None if item is None else item.document)
        self._show(item)

    def _show(self, item: QueueItem | None) -> None:
        """The state of the search for instruments, and the hint that comes of it."""
        if item is not self._item:
            return
        finder = self.finder
        is_piano = item is not None and item.document.is_by_piano_model
        mismatch = finder.mismatch(item) if item is not None and is_piano else None
        self._page.instrument_hint.set_mismatch(mismatch)
        if item is None or item.document.instruments is not None:
            return
        error = finder.error(item)
        if error is not None:
            text = describe(error, subject=item.document.name).cause
        elif finder.is_listening_to(item):
            text = self.tr("Listening for instruments…")
        else:
            text = self.tr("Available after transcription.")
        self.panel.set_status(text)
