"""Time spent learning: on a busy computer, wall-clock time passes while a run waits its turn."""

from __future__ import annotations

import time
from collections.abc import Callable

_MOST_SLOWED = 4.0  # so that a run comes to its end on a computer that is never free


class LearningClock:
    """Seconds that the calling thread has computed, by which a time to learn is counted.

    Five requested minutes are five minutes of learning, however much else the computer does; if
    that leaves a run less than a quarter of the time, a quarter is counted.

    Parameters
    ----------
    wall : callable
        Seconds that have gone by, without pauses.
    own : callable
        Seconds of them in which this thread computed. It busy-waits for the other threads of a
        network, so that on an idle computer the two advance alike. Pass ``wall`` if something else
        computes.
    """

    def __init__(
        self, wall: Callable[[], float], own: Callable[[], float] = time.thread_time
    ) -> None:
        self._wall, self._own = wall, own
        self._last = wall(), own()
        self._passed = self._learned = 0.0

    def __call__(self) -> float:
        now = self._wall(), self._own()
        passed, computed = (new - old for new, old in zip(now, self._last, strict=True))
        self._last = now
        self._passed += passed
        self._learned += min(max(computed, passed / _MOST_SLOWED), passed)
        return self._learned

    @property
    def slowness(self) -> float:
        """Wall-clock time per second of learning, in [1, 4]; 1 if nothing is known."""
        return self._passed / self._learned if self._learned > 0.0 else 1.0
