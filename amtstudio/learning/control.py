"""How a run is watched and controlled from outside: a folder with a few small files.

It works across processes, on every system, and after the window that began it was closed and
opened again.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from amtstudio.learning.events import EVENTS, Event, GoingOn, Paused
from amtstudio.learning.learning_clock import LearningClock

STOP, PAUSE = "stop", "pause"
_LOOK_EVERY_S = 0.1

OnEvent = Callable[[Event], None]


class RunControl:
    """The side of the run: whether to go on, and telling how far it is.

    Parameters
    ----------
    folder : Path
        Of the run. A file ``stop`` in it ends the run at the next safe point, ``pause`` holds it
        for as long as it is there; ``events.jsonl`` gets one object per line.
    on_event : callable, optional
        Also called with each event.
    is_cancelled : callable, optional
        Ends the run like the file.
    """

    def __init__(
        self,
        folder: Path,
        *,
        on_event: OnEvent | None = None,
        is_cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self.folder = folder
        self._on_event = on_event
        self._asked = is_cancelled
        self._looked = float("-inf")
        self._stopping = False
        self._paused_s = 0.0
        self._begun = False

    def is_cancelled(self) -> bool:
        """Whether to stop; holds the caller while the run is paused."""
        if self._asked is not None and self._asked():
            return True
        now = time.monotonic()
        if self._stopping or now - self._looked < _LOOK_EVERY_S:
            return self._stopping
        self._looked = now
        self._stopping = (self.folder / STOP).exists()
        if not self._stopping and (self.folder / PAUSE).exists():
            self._hold()
        return self._stopping

    def clock(self) -> float:
        """Seconds, without those of pauses."""
        return time.monotonic() - self._paused_s

    def learning_clock(self, *, computes_here: bool) -> LearningClock:
        """The clock for the training time; whether this process computes, or a device."""
        return LearningClock(self.clock) if computes_here else LearningClock(self.clock, self.clock)

    def tell(self, event: Event) -> None:
        event.time = round(time.time(), 2)
        # A killed run may have left half a line: this one begins a new one.
        line = msgspec.json.encode(event) + b"\n"
        with (self.folder / EVENTS).open("ab+") as file:
            if file.tell() and not self._begun:
                file.seek(-1, os.SEEK_END)
                line = line if file.read(1) == b"\n" else b"\n" + line
            file.write(line)
        self._begun = True
        if self._on_event is not None:
            self._on_event(event)

    def _hold(self) -> None:
        began = time.monotonic()
        self.tell(Paused())
        while (self.folder / PAUSE).exists() and not self._stopping:
            time.sleep(_LOOK_EVERY_S)
            self._stopping = (self.folder / STOP).exists()
            self._stopping |= self._asked is not None and self._asked()
        self._paused_s += time.monotonic() - began
        self.tell(GoingOn())
