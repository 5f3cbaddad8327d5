"""The folder that takes go to: chosen by the user, and tried before it counts."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from amtstudio.audio.take_files import check_recordings_folder, recordings_folder
from amtstudio.ui.jobs import Job, JobPool


class TakeFolder(QObject):
    """Holds the choice. A folder is tried beside the thread of the window: it may be far away."""

    changed = Signal(str)  # the folder as it was named; empty: the usual place
    refused = Signal(Exception)

    def __init__(self, pool: JobPool, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = pool
        self._trial: Job | None = None
        self.chosen = ""

    @property
    def is_idle(self) -> bool:
        return self._trial is None

    @property
    def path(self) -> Path:
        return recordings_folder(self.chosen)

    def choose(self, name: str) -> None:
        """Let takes go to this folder, if a file can be made there; empty: to the usual place."""
        self._trial = Job(partial(_try_folder, name))
        self._trial.signals.finished.connect(self._take)
        self._trial.signals.failed.connect(self._refuse)
        self._trial.signals.cancelled.connect(self._end)
        self._pool.start(self._trial)

    def follow(self, name: str) -> None:
        """Take a choice that was tried before."""
        self.chosen = name

    def _end(self) -> None:
        self._trial = None

    def _refuse(self, error: Exception) -> None:
        self._trial = None
        self.refused.emit(error)

    def _take(self, name: str) -> None:
        self._trial = None
        if name != self.chosen:
            self.chosen = name
            self.changed.emit(name)


def _try_folder(name: str, **_callbacks: object) -> str:
    check_recordings_folder(recordings_folder(name))
    return name
