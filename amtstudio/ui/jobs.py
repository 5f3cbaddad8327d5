"""Long work on a pool thread, observed through signals."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal

from amtstudio.errors import Cancelled
from amtstudio.ui.thread_priority import Urgency, settle_this_thread

logger = logging.getLogger("amtstudio.ui")

MAX_THREADS = 4  # of one urgency


class Work(Protocol):
    """What a job runs: reports progress, passes on partial results, checks for cancellation."""

    def __call__(
        self,
        *,
        on_progress: Callable[[float, float | None], None],
        on_part: Callable[[object], None],
        is_cancelled: Callable[[], bool],
    ) -> object: ...


class JobSignals(QObject):  # QRunnable is not a QObject, so it cannot have signals
    progressed = Signal(float, object)  # done, total or None
    part = Signal(object)
    finished = Signal(object)
    failed = Signal(Exception)
    cancelled = Signal()
    _ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.are_delivered = False  # all of them, to whatever lives on this object's thread
        self._ended.connect(self._note_delivery)

    def emit_end(self) -> None:
        """Call this last: the note of it waits in the same queue, behind the other signals."""
        self._ended.emit()

    def _note_delivery(self) -> None:
        self.are_delivered = True


class Job(QRunnable):
    """Runs ``work`` on a pool thread; emits one of finished, failed, cancelled at its end.

    Connect the signals to methods of objects that live on the thread of the window: those then run
    there.
    """

    def __init__(self, work: Work, *, urgency: Urgency = Urgency.AT_ONCE) -> None:
        super().__init__()
        self.setAutoDelete(False)  # or Qt deletes it under the window that holds it
        self.signals = JobSignals()
        self._work: Work | None = work
        self.urgency = urgency
        self._cancel = threading.Event()
        self._may_run = threading.Event()
        self._may_run.set()
        self._done = threading.Event()

    @property
    def is_done(self) -> bool:
        return self._done.is_set()

    def cancel(self) -> None:
        self._cancel.set()
        self._may_run.set()

    def pause(self) -> None:
        """Let the work wait where it next asks whether it is cancelled."""
        if not self._cancel.is_set():
            self._may_run.clear()

    def resume(self) -> None:
        self._may_run.set()

    def run(self) -> None:
        settle_this_thread(self.urgency)
        try:
            self._run()
        finally:
            # The pool of Qt keeps the job for good, and must not keep what it worked on.
            self._work = None
            self._done.set()
            self.signals.emit_end()

    def _run(self) -> None:
        if self._work is None or self._is_cancelled():
            self.signals.cancelled.emit()
            return
        try:
            result = self._work(
                on_progress=self.signals.progressed.emit,
                on_part=self.signals.part.emit,
                is_cancelled=self._is_cancelled,
            )
        except Cancelled:
            self.signals.cancelled.emit()
        except Exception as error:
            logger.exception("job failed")
            self.signals.failed.emit(error)
        else:
            self.signals.finished.emit(result)

    def _is_cancelled(self) -> bool:
        self._may_run.wait()
        return self._cancel.is_set()


class JobPool:
    """The threads of one window, apart by their urgency, and the jobs on them."""

    def __init__(self, n_threads: int = MAX_THREADS) -> None:
        self._threads = {urgency: QThreadPool() for urgency in Urgency}
        for urgency, threads in self._threads.items():
            threads.setMaxThreadCount(n_threads)
            threads.setThreadPriority(urgency.priority)
        self._jobs: list[Job] = []
        self._closed = False

    @property
    def is_idle(self) -> bool:
        """Whether every job is done and what came of it has been taken."""
        return all(job.signals.are_delivered for job in self._jobs)

    def start(self, job: Job) -> Job:
        """Run a job when a thread is free; after ``close`` it is left undone."""
        if self._closed:
            return job
        self._jobs = [former for former in self._jobs if not former.signals.are_delivered]
        self._jobs.append(job)
        self._threads[job.urgency].start(job)
        return job

    def finish(self) -> None:
        """Let every job come to its end."""
        for threads in self._threads.values():
            threads.waitForDone()

    def close(self) -> None:
        """Cancel every job and wait for its end."""
        self._closed = True
        for job in self._jobs:
            job.cancel()
        for threads in self._threads.values():
            threads.waitForDone()
        self._jobs.clear()
