"""The machine's devices of one kind, such as microphones, listed on another thread."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from amtstudio.ui.failure import Failure, describe
from amtstudio.ui.jobs import Job, JobPool


class Listing(QObject):
    """Runs one query at a time, because each may take a second; ``changed`` signals the end."""

    changed = Signal()

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = pool
        self._job: Job | None = None

    @property
    def is_looking(self) -> bool:
        return self._job is not None

    @abstractmethod
    def _take(self, found: Any) -> None:
        """Keep what was found."""

    @abstractmethod
    def _miss(self, failure: Failure) -> None:
        """Keep why nothing could be found."""

    def _start(self, work: Callable[[], object]) -> None:
        """Do this on another thread; what it returns is found."""
        self._job = Job(lambda **_: work())
        self._job.signals.finished.connect(self._take_found)
        self._job.signals.failed.connect(self._take_error)
        self._job.signals.cancelled.connect(self._end)
        self._pool.start(self._job)

    def _take_found(self, found: object) -> None:
        self._take(found)
        self._end()

    def _take_error(self, error: Exception) -> None:
        self._miss(describe(error))
        self._end()

    def _end(self) -> None:
        self._job = None
        self.changed.emit()
