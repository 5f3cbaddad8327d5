"""Has the instruments of recordings found, after their notes and behind all other work."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from amtstudio.audio import AudioSource
from amtstudio.decoding.suitability import Mismatch, find_mismatch
from amtstudio.models import list_models
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.workbench.instrument_engine import MODEL, Heard, InstrumentEngine

logger = logging.getLogger("amtstudio.ui")


class InstrumentFinder(QObject):
    """Finds the instruments of transcribed recordings, one at a time while the queue is idle.

    Where a transcription begins meanwhile, the work waits for it. What fails is logged and shown
    where the instruments would stand: the notes do not depend on it.
    """

    changed = Signal(QueueItem)  # what is known of it

    def __init__(
        self,
        queue: TranscriptionQueue,
        pool: JobPool,
        parent: QObject | None = None,
        *,
        engine: InstrumentEngine | None = None,
    ) -> None:
        super().__init__(parent)
        self._queue, self._pool = queue, pool
        self._engine = engine or InstrumentEngine()
        self._is_there = engine is not None or MODEL in list_models()
        self.profile = ""  # that of new recordings
        self._heard: dict[QueueItem, Heard] = {}
        self._errors: dict[QueueItem, Exception] = {}
        self._running: QueueItem | None = None
        self._job: Job | None = None
        self._is_outdated = False  # the job: another profile was chosen meanwhile
        queue.other_listeners.append(self._wants)
        queue.added.connect(self._follow)
        queue.removed.connect(self._forget)
        for item in queue.items:
            self._follow(item)

    @property
    def is_available(self) -> bool:
        """Whether a detector ships with the program."""
        return self._is_there

    @property
    def is_idle(self) -> bool:
        return self._running is None and self._next() is None

    def mismatch(self, item: QueueItem) -> Mismatch | None:
        heard = self._heard.get(item)
        return None if heard is None else heard.mismatch

    def error(self, item: QueueItem) -> Exception | None:
        return self._errors.get(item)

    def is_listening_to(self, item: QueueItem) -> bool:
        return item is self._running

    def find_again(self, item: QueueItem, profile: str) -> None:
        """Find the instruments of a recording again, with this profile.

        A search that is under way is cancelled first; what is shown stays until the new one is
        done.
        """
        item.document.instrument_profile = profile
        if item is self._running and self._job is not None:
            self._is_outdated = True
            self._job.cancel()
            return
        self._heard.pop(item, None)
        self._errors.pop(item, None)
        self._look()

    def _follow(self, item: QueueItem) -> None:
        item.changed.connect(self._look)
        self._recall(item)
        self._look()

    def _recall(self, item: QueueItem) -> None:
        """Take what a project has kept."""
        project = item.document.project
        activity = None if project is None else project.instruments
        if activity is not None:
            self._heard[item] = Heard(activity, find_mismatch(activity))
            item.document.set_instruments(activity)

    def _forget(self, item: QueueItem) -> None:
        self._heard.pop(item, None)
        self._errors.pop(item, None)
        if item is self._running and self._job is not None:
            self._job.cancel()

    def _next(self) -> QueueItem | None:
        waiting = (item for item in self._queue.items if item is not self._running)
        return next(filter(self._wants, waiting), None)

    def _wants(self, item: QueueItem) -> bool:
        """Whether the instruments of a recording are still to be found, now or soon."""
        return (
            self._is_there
            and item.state is State.DONE
            and not item.document.has_other_recording
            and item not in self._heard
            and item not in self._errors
            and item in self._queue.items
        )

    def _look(self) -> None:
        """Start, hold up or go on, as the queue leaves time for it."""
        if self._job is not None:
            if self._queue.is_idle:
                self._job.resume()
            else:
                self._job.pause()
            return
        item = self._next() if self._queue.is_idle else None
        if item is None:
            return
        self._running = item
        profile = item.document.instrument_profile
        if profile is None:
            profile = item.document.instrument_profile = self.profile
        self._job = Job(partial(_find, self._engine, self._queue.opener(item), profile))
        self._job.signals.finished.connect(self._take)
        self._job.signals.failed.connect(self._take_error)
        self._job.signals.cancelled.connect(self._end)
        self._pool.start(self._job)
        self.changed.emit(item)

    def _take(self, heard: Heard) -> None:
        item = self._running
        if item is not None and item in self._queue.items and not self._is_outdated:
            self._heard[item] = heard
            item.document.set_instruments(heard.activity)
            item.document.keep_instruments()
        self._end()

    def _take_error(self, error: Exception) -> None:
        item = self._running
        if item is not None and item in self._queue.items and not self._is_outdated:
            logger.warning("no instruments of %s: %s", item.document.name, error)
            self._errors[item] = error
        self._end()

    def _end(self) -> None:
        item, self._running, self._job = self._running, None, None
        was_outdated, self._is_outdated = self._is_outdated, False
        if item is not None and item in self._queue.items:
            if not was_outdated and item not in self._heard and item not in self._errors:
                return  # cancelled with the window: nothing begins any more
            self.changed.emit(item)
        if item is not None:
            self._queue.let_go_if_heard(item)
        self._look()


def _find(
    engine: InstrumentEngine,
    open_recording: Callable[[], AudioSource],
    profile: str,
    *,
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> Heard:
    return engine.find(open_recording(), profile=profile, is_cancelled=is_cancelled)
