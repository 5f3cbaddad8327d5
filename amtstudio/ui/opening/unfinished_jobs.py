"""Notes on the disk what the queue has still to do, and offers it after a crash."""

from __future__ import annotations

import logging
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio.session.unfinished_jobs import (
    JobNote,
    UnfinishedJob,
    UnfinishedQueue,
    find_unfinished,
)
from amtstudio.ui.banner import Banner
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.projects import Projects
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue

logger = logging.getLogger("amtstudio.ui")

_UNFINISHED = (State.WAITING, State.HELD, State.RUNNING, State.PAUSED)
_MOST_NAMES = 3


class UnfinishedJobs(QObject):
    """Records what is waiting and running, and restores what an earlier run left undone.

    Offered and not begun by itself: a recording that ends the program would do so at each start.
    """

    shown = Signal(QueueItem)  # the first that came back

    def __init__(
        self, queue: TranscriptionQueue, projects: Projects, pool: JobPool, banner: Banner
    ) -> None:
        super().__init__(queue)
        self._queue = queue
        self._projects = projects
        self._pool = pool
        self._banner = banner
        self._search: Job | None = None
        self._is_closed = False
        self._note: JobNote | None = None
        self._noted: list[UnfinishedJob] = []
        self._states: dict[QueueItem, State] = {}
        self._wanted: dict[Path, UnfinishedJob] = {}  # projects on their way, to transcribe again
        self.found: list[UnfinishedQueue] = []
        self._soon = QTimer(self)  # once for all files of a drop
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self.write)
        queue.added.connect(self._add)
        queue.removed.connect(self._remove)
        queue.reordered.connect(self._soon.start)
        projects.opened.connect(self._take_project)

    @property
    def is_idle(self) -> bool:
        return self._search is None and not self._soon.isActive()

    # -- what is to be done -----------------------------------------------------------------------

    def write(self) -> None:
        """Note what is to be done now, if that is anything else than before."""
        self._soon.stop()
        if self._is_closed:
            return
        jobs = [_job_of(item) for item in self._queue.items if item.state in _UNFINISHED]
        if jobs == self._noted:
            return
        try:
            if jobs:
                self._note = self._note or JobNote()
                self._note.write(jobs)
            elif self._note is not None:
                self._note.remove()
                self._note = None
        except OSError as error:  # the work continues without it
            logger.warning("the queue is not noted: %s", error)
        self._noted = jobs

    def close(self) -> None:
        """Leave unfinished work to the next start."""
        self.write()
        if self._note is not None:
            self._note.close()
            self._note = None
        self._is_closed = True

    def _add(self, item: QueueItem) -> None:
        self._states[item] = item.state
        item.changed.connect(self._follow)
        self._soon.start()

    def _remove(self, item: QueueItem) -> None:
        self._states.pop(item, None)
        item.changed.disconnect(self._follow)
        self._soon.start()

    def _follow(self) -> None:
        # Called for every step of progress too.
        states = {item: item.state for item in self._states}
        if states != self._states:
            self._states = states
            self._soon.start()

    # -- what an earlier run left undone ----------------------------------------------------------

    def look(self) -> None:
        """Look, beside the thread of the window, and offer what is found."""
        self._search = Job(lambda **_callbacks: find_unfinished())
        self._search.signals.finished.connect(self._offer)
        self._search.signals.failed.connect(self._end_search)
        self._search.signals.cancelled.connect(self._end_search)
        self._pool.start(self._search)

    def _end_search(self, *_: object) -> None:
        self._search = None

    def _offer(self, found: list[UnfinishedQueue]) -> None:
        self._search = None
        self.found = found
        names = [job.path.name for queue in found for job in queue.jobs]
        if not names:
            self._banner.hide()
            return
        shown = ", ".join(names[:_MOST_NAMES])
        if len(names) > _MOST_NAMES:
            shown = self.tr("{names} and {count} more").format(
                names=shown, count=len(names) - _MOST_NAMES
            )
        self._banner.show_text(
            self.tr("Unfinished when the program last closed: {names}.").format(names=shown),
            [(self.tr("Resume"), self.go_on), (self.tr("Discard"), self.forget)],
        )

    def go_on(self) -> None:
        """Put what was found on the list again."""
        self._banner.hide()
        found, self.found = self.found, []
        first: QueueItem | None = None
        for queue in reversed(found):  # what was noted first comes first
            for job in queue.jobs:
                if job.project is not None and job.project.exists():
                    self._wanted[job.project] = job
                    self._projects.open(job.project)
                elif not self._is_listed(job):
                    item = self._queue.add(job.path, start=job.start, end=job.end)
                    if _is_other(job, item):
                        self._queue.transcribe_with(item, job.profile, model=job.model)
                    first = first or item
        self.write()  # here before it is gone there
        for queue in found:
            queue.forget()
        if first is not None:
            self.shown.emit(first)

    def forget(self) -> None:
        self._banner.hide()
        for queue in self.found:
            queue.forget()
        self.found = []

    def _is_listed(self, job: UnfinishedJob) -> bool:
        return any(_job_of(item) == job for item in self._queue.items if item.state in _UNFINISHED)

    def _take_project(self, item: QueueItem) -> None:
        edits = item.document.edits
        job = None if edits is None else self._wanted.pop(edits.path, None)
        if job is not None and item.state is State.DONE:
            item.document.set_span(job.start, job.end)
            if _is_other(job, item):
                self._queue.transcribe_with(item, job.profile, model=job.model)
            else:
                self._queue.retry(item)


def _is_other(job: UnfinishedJob, item: QueueItem) -> bool:
    """Whether it is to be transcribed by another model, or with another profile."""
    document = item.document
    return job.profile != document.profile or job.model not in ("", document.model)


def _job_of(item: QueueItem) -> UnfinishedJob:
    document = item.document
    return UnfinishedJob(
        document.path.absolute(),
        document.start,
        document.end,
        document.profile,
        None if document.edits is None else document.edits.path,
        document.model,
    )
