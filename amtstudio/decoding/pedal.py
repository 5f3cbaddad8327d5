"""Pedal activation to presses of the sustain pedal."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Probs
from amtstudio.decoding.settings import DecodingSettings
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Pedal


class PedalDecoder:
    """Turns a pedal probability that arrives in chunks into presses.

    The pedal goes down where the probability rises to ``pedal_threshold`` and comes up where it
    falls below ``pedal_threshold - pedal_hysteresis``, so that a wavering probability is one
    press. Times are where a straight line between two frames crosses the threshold.
    """

    def __init__(self, settings: DecodingSettings, grid: FrameGrid) -> None:
        self._high = settings.pedal_threshold
        # At zero it could never come up again.
        self._low = max(self._high - settings.pedal_hysteresis, min(self._high, 1e-3))
        self._grid = grid
        self._previous = 0.0
        self._down_at: float | None = None  # seconds

    def feed(self, pedal_probs: Probs, first_frame: int) -> list[Pedal]:
        """The presses that end within ``pedal_probs``, shape (n_frames,), in [0, 1].

        ``first_frame`` is the index on the grid of its first value, and follows the last one fed.
        """
        if not len(pedal_probs):
            return []
        probs = np.concatenate(([self._previous], pedal_probs.astype(np.float64)))
        self._previous = float(probs[-1])
        presses = []
        for index, is_down in self._changes(probs[1:]):
            level = self._high if is_down else self._low
            before, after = probs[index], probs[index + 1]
            # The first frame of all may be far above the threshold already: then it is the time.
            share = (level - before) / (after - before) if after != before else 1.0
            frame = first_frame + index - 1 + float(np.clip(share, 0.0, 1.0))
            seconds = self._grid.to_seconds(max(frame, 0.0))
            if is_down:
                self._down_at = seconds
            elif self._down_at is not None:
                presses += self._press(seconds)
        return presses

    def finish(self, end_frame: int) -> list[Pedal]:
        """The press that is held when the recording ends at ``end_frame``."""
        return [] if self._down_at is None else self._press(self._grid.to_seconds(end_frame))

    def _press(self, up_at: float) -> list[Pedal]:
        down_at, self._down_at = self._down_at, None
        return [Pedal(down_at, up_at)] if down_at is not None and down_at < up_at else []

    def _changes(self, probs: npt.NDArray[np.float64]) -> list[tuple[int, bool]]:
        """Index and new state of each change of the pedal."""
        decides = np.flatnonzero((probs >= self._high) | (probs < self._low))
        states = probs[decides] >= self._high
        former = np.concatenate(([self._down_at is not None], states[:-1]))
        changed = states != former
        return list(zip(decides[changed].tolist(), states[changed].tolist(), strict=True))
