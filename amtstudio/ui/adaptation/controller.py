"""One adaptation at a time: begun, watched, held back while something else comes first, ended."""

from __future__ import annotations

import logging
from collections.abc import Callable
from enum import Enum
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio.errors import AmtStudioError
from amtstudio.learning.events import EventTail
from amtstudio.learning.process import AdaptationProcess
from amtstudio.learning.report import Failed, Finished, Report
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.workbench.adaptation.asked import Asked, find_asked
from amtstudio.workbench.adaptation.starting import begin, resume
from amtstudio.workbench.adaptation.story import Story

logger = logging.getLogger("amtstudio.ui")

_POLL_MS = 400


class State(Enum):
    NONE = "none"
    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"
    STOPPED = "stopped"  # and can be taken up again
    DONE = "done"
    FAILED = "failed"


class AdaptationController(QObject):
    """The run of the window, and what is known of it.

    Attributes
    ----------
    state : State
    asked : Asked, or None
    story : Story
    report : Report, or None
        The result, once it is done.
    error : Exception, or None
    is_held : bool
        By the user.
    waits_for : str
        What the run waits for at the moment, as a sentence; "" nothing.
    was_found : bool
        Whether it was started by a window that has since been closed.
    """

    changed = Signal()
    ended = Signal()  # done, stopped or failed

    def __init__(
        self, pool: JobPool, what_comes_first: Callable[[], str], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._pool = pool
        self._what_comes_first = what_comes_first
        self._process: AdaptationProcess | None = None
        self._tail: EventTail | None = None
        self._job: Job | None = None
        self._throws_away = False
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self.poll)
        self.state = State.NONE
        self.asked: Asked | None = None
        self.story = Story()
        self.report: Report | None = None
        self.error: Exception | None = None
        self.is_held = False
        self.waits_for = ""
        self.was_found = False

    @property
    def is_on(self) -> bool:
        return self.state in (State.STARTING, State.RUNNING, State.STOPPING)

    @property
    def is_idle(self) -> bool:
        """Whether a new run can be begun."""
        return self.state is State.NONE

    # -- wishes -----------------------------------------------------------------------------------

    def start(self, asked: Asked) -> None:
        """Begin a run."""
        if not self.is_idle:
            raise ValueError(f"there is a run already: {self.state}")
        self._reset(asked)
        self._launch(partial(begin, asked))

    def go_on(self) -> None:
        """Take up a run that was stopped or cut short."""
        if self.asked is not None and self.state in (State.STOPPED, State.FAILED):
            self._reset(self.asked)
            self._launch(partial(resume, self.asked))

    def hold(self, is_held: bool) -> None:
        """Pause it, or let it go on."""
        self.is_held = is_held
        self.poll()

    def stop(self, *, throws_away: bool = False) -> None:
        """Ask it to end; it can be taken up again, unless it is thrown away."""
        self._throws_away = throws_away
        if self.state in (State.STARTING, State.RUNNING):
            self._set_state(State.STOPPING)
            self.poll()
        elif self.state in (State.STOPPED, State.FAILED):
            self._end(State.STOPPED)

    def keep(self) -> None:
        """The result is as it shall be."""
        if self.asked is not None and self.state is State.DONE:
            self.asked.settle()
            self._reset(None)

    def discard(self) -> None:
        """Undo the result. Raises ``AmtStudioError`` if the former profile cannot be put back."""
        if self.asked is not None and self.state is State.DONE:
            self.asked.take_back()
            self._reset(None)

    # -- from one window to the next --------------------------------------------------------------

    def look_for_run(self) -> None:
        """Look for a run that an earlier window began."""
        asked = find_asked() if self.is_idle else None
        if asked is None:
            return
        self._reset(asked)
        self.was_found = True
        self._watch(AdaptationProcess(asked.name))
        self.poll()

    def close(self, *, goes_on: bool) -> None:
        """The window is closed: let the run go on without it, or ask it to stop."""
        self._timer.stop()
        process = self._process
        if process is None or not self.is_on:
            return
        if not goes_on or self.state is State.STOPPING:
            process.stop()
        elif not self.is_held:  # what it waited for ends with the window
            process.go_on()

    # -- watching ---------------------------------------------------------------------------------

    def poll(self) -> None:
        """See how far it is."""
        process = self._process
        if process is None or not self.is_on:
            return
        # In this order: what it wrote last is read after it was seen to have ended.
        is_running = process.is_running()
        if self._tail is not None:
            for event in self._tail.read():
                self.story.take(event)
        if is_running:
            self._steer(process)
            self.changed.emit()
        else:
            self._take_end(process)

    def _steer(self, process: AdaptationProcess) -> None:
        self.waits_for = self._what_comes_first()
        if self.state is State.STARTING and self.story.stage:
            self.state = State.RUNNING
        if self.state is State.STOPPING:
            process.stop()
        elif self.is_held or self.waits_for:
            process.pause()
        else:
            process.go_on()

    def _take_end(self, process: AdaptationProcess) -> None:
        outcome = process.outcome
        if isinstance(outcome, Finished):
            self.report = outcome.report
            self._end(State.DONE)
        elif isinstance(outcome, Failed):
            self.error = AmtStudioError(outcome.cause, hint=outcome.hint)
            self.error.exit_code = outcome.code  # type: ignore[misc]
            self._end(State.FAILED)
        elif outcome is None and process.has_begun_here and process.wait(0) > 0:
            # It broke where it could not write down why.
            logger.warning("adaptation: %s", process.said)
            self.error = RuntimeError(process.said)
            self._end(State.FAILED)
        else:  # asked to, killed, or the machine was switched off
            self._end(State.STOPPED)

    def _end(self, state: State) -> None:
        self._timer.stop()
        self._process = None
        self.waits_for = ""
        if self._throws_away and state is not State.DONE and self.asked is not None:
            self.asked.throw_away()
            self._reset(None)
        else:
            self._set_state(state)
        self.ended.emit()

    # -- starting ---------------------------------------------------------------------------------

    def _launch(self, work: Callable[..., AdaptationProcess]) -> None:
        self._set_state(State.STARTING)
        self._job = Job(work)
        self._job.signals.finished.connect(self._watch)
        self._job.signals.failed.connect(self._fail)
        self._job.signals.cancelled.connect(self._miss)
        self._pool.start(self._job)

    def _watch(self, process: AdaptationProcess) -> None:
        self._process = process
        self._tail = EventTail(process.folder)
        if self.state is not State.STOPPING:
            self.state = State.STARTING
        self._timer.start()
        self.poll()

    def _fail(self, error: Exception) -> None:
        self.error = error
        self._end(State.FAILED)

    def _miss(self) -> None:
        self._end(State.STOPPED)

    def _set_state(self, state: State) -> None:
        self.state = state
        self.changed.emit()

    def _reset(self, asked: Asked | None) -> None:
        self.state = State.NONE
        self.asked = asked
        self.story = Story()
        self.report = None
        self.error = None
        self.is_held = False
        self.waits_for = ""
        self.was_found = False
        self._throws_away = False
        self.changed.emit()
