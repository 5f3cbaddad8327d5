"""The mixer's tie to its output: opened when needed, closed when idle, given up when dead."""

from __future__ import annotations

import time

from amtstudio.errors import AudioDeviceError
from amtstudio.playback.mixer import Mixer
from amtstudio.playback.output import AudioOutput, BlockSource, OnLost

IDLE_S = 5.0  # an output that nobody needs is closed after this
# PulseAudio's first call came up to 1.9 s after the start; later ones at most 0.1 s apart.
FIRST_PULL_S, NEXT_PULL_S = 4.0, 1.5
LOST = "The sound device stopped taking sound"


class Connection:
    """For one thread; the mixer is left in order whenever the output is closed."""

    def __init__(self, output: AudioOutput, mixer: Mixer) -> None:
        self._output = output
        self._mixer = mixer
        self._opened_at: float | None = None
        self._needed_at = 0.0

    @property
    def is_open(self) -> bool:
        return self._opened_at is not None

    def open(self, source: BlockSource, on_lost: OnLost) -> None:
        """Let the output pull, unless it does already. Raises ``AudioDeviceError``."""
        self._needed_at = time.monotonic()
        if self._opened_at is None:
            self._output.open(source, on_lost)
            self._opened_at = time.monotonic()

    def close(self) -> None:
        self._output.close()
        self._opened_at = None
        self._mixer.rest()

    def watch(self, *, is_needed: bool) -> None:
        """Close the output when it is idle. Raises ``AudioDeviceError`` if it pulls no more."""
        if self._opened_at is None:
            return
        now = time.monotonic()
        if is_needed or self._mixer.one_shots:
            self._needed_at = now
        if now - self._needed_at > IDLE_S:
            self.close()
        elif self._output.is_realtime:
            pulled_at = self._mixer.clock.pulled_at
            patience = NEXT_PULL_S if pulled_at > self._opened_at else FIRST_PULL_S
            if now - max(pulled_at, self._opened_at) > patience:
                raise AudioDeviceError(LOST)
