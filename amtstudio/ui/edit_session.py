"""The project behind an open recording: takes the steps of the user and keeps them on the disk."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from amtstudio import session
from amtstudio.errors import AmtStudioError
from amtstudio.ui.jobs import Job, JobPool

logger = logging.getLogger("amtstudio.ui")

Step = Callable[[session.Document], object]
Then = Callable[[Exception | None], object]

# One edit takes about 1 ms and what the disk takes to confirm it; 10,000 notes take half a second.
_LARGE_IDS = 400
_LARGE_CHARACTERS = 150_000


class EditSession(QObject):
    """Takes steps on a ``session.Document``.

    A small step is on the disk when ``take`` returns. A large one (many notes at once) runs beside
    the thread of the window, and whatever needs the project meanwhile waits for its end: the
    project is used by one thread at a time.
    """

    changed = Signal(object)  # session.Change: a step was taken, or undone
    failed = Signal(Exception)
    ended = Signal()  # a step, whether it changed something, nothing, or failed
    busy_changed = Signal(bool)

    def __init__(self, project: session.Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._project = project
        self._pool = JobPool()
        self._step: _LargeStep | None = None
        self._changes: list[session.Change] = []
        project.subscribe(self._changes.append)

    @property
    def project(self) -> session.Document:
        """The project, once no step is on its way any more."""
        self.wait()
        return self._project

    @property
    def path(self) -> Path:
        """Of the file that keeps the steps."""
        return self._project.path

    @property
    def is_busy(self) -> bool:
        return self._step is not None

    @property
    def is_read_only(self) -> bool:
        return self._project.is_read_only

    @property
    def has_other_recording(self) -> bool:
        """Whether there is another file where the recording was."""
        return self._project.audio_status is session.AudioStatus.CHANGED

    def take(self, step: Step, *, n_notes: int = 1) -> bool:
        """Take a step that concerns so many notes; whether it succeeded, or is on its way."""
        self.wait()
        if n_notes >= _LARGE_IDS:
            self._start(step)
            return True
        try:
            step(self._project)
        except AmtStudioError as error:
            self.failed.emit(error)
            self.ended.emit()
            return False
        self._tell()
        self.ended.emit()
        return True

    def run(self, step: Step, then: Then) -> None:
        """Take a long step, such as saving; ``then`` is called with what went wrong, or None."""
        self.wait()
        self._start(step, then)

    def undo(self) -> None:
        project = self.project
        self._travel(project.undo, project.undo_size)

    def redo(self) -> None:
        project = self.project
        self._travel(project.redo, project.redo_size)

    def revert(self) -> None:
        """Go back to what was last saved or opened."""
        self.take(lambda project: project.revert(), n_notes=_LARGE_IDS)

    def wait(self) -> None:
        """Let a large step end, and report the result."""
        if self._step is not None:
            self._step.ended.wait()
            self._end()

    def close(self, *, keeps_untouched: bool = True) -> None:
        """Close the file; an unnamed one without decisions of the user may be left away."""
        self.wait()
        self._pool.close()
        if keeps_untouched or self._project.has_decisions:
            self._project.close()
        else:
            self._project.discard()

    def _travel(self, travel: Callable[[], object], size: int) -> None:
        self.take(lambda _project: travel(), n_notes=_LARGE_IDS if size > _LARGE_CHARACTERS else 1)

    def _start(self, step: Step, then: Then | None = None) -> None:
        self._step = _LargeStep(step, self._project, then)
        job = Job(self._step)
        job.signals.finished.connect(self._take_end)
        self.busy_changed.emit(True)
        self._pool.start(job)

    def _take_end(self, _: object) -> None:
        # Someone may have waited for the end before this signal arrived, and begun another step.
        if self._step is not None and self._step.ended.is_set():
            self._end()

    def _end(self) -> None:
        step, self._step = self._step, None
        self.busy_changed.emit(False)
        if step is None:
            return
        if step.error is not None and step.then is None:
            self.failed.emit(step.error)
        self._tell()
        self.ended.emit()
        if step.then is not None:
            step.then(step.error)

    def _tell(self) -> None:
        changes = self._changes[:]
        self._changes.clear()
        if changes:
            self.changed.emit(session.Change.joined(changes))


class _LargeStep:
    """Runs a step on another thread, and keeps what went wrong."""

    def __init__(self, step: Step, project: session.Document, then: Then | None) -> None:
        self._step = step
        self._project = project
        self.then = then
        self.ended = threading.Event()
        self.error: Exception | None = None

    def __call__(self, **_callbacks: object) -> None:
        try:
            self._step(self._project)
        except Exception as error:
            if not isinstance(error, AmtStudioError):
                logger.exception("a step on the project failed")
            self.error = error
        finally:
            self.ended.set()
