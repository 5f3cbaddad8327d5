"""How loud a recording is while it is made."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from amtstudio.audio.info import FloatArray

HOLD_S = 0.1  # so that a meter drawn ten times a second misses no peak
FULL_SCALE = 1.0 - 2.0**-14  # what converters of 16 bits give when they are driven too hard
LOWEST_DB = -120.0


@dataclass(frozen=True, slots=True)
class Level:
    """What a meter shows; dBFS, where a full-scale square wave has 0 dB RMS."""

    peak_db: float = LOWEST_DB
    rms_db: float = LOWEST_DB


class LevelMeter:
    """Peak and RMS of the last tenth of a second, whether it ever clipped, how long it is silent.

    Parameters
    ----------
    sample_rate : int, Hz
    """

    def __init__(self, sample_rate: int) -> None:
        self.level = Level()
        self.clipped = False
        self.silent_s = 0.0  # nothing but zeros: no microphone does that, a lost one may
        self._sample_rate = sample_rate
        self._peak = 0.0
        self._energy = 0.0
        self._n_values = 0
        self._n_samples = 0

    def add(self, block: FloatArray) -> None:
        """Take a block, shape (n, channels), full scale 1."""
        if not block.size:
            return
        peak = float(np.abs(block).max())
        self._peak = max(self._peak, peak)
        self._energy += float(np.sum(np.square(block, dtype=np.float64)))
        self._n_values += block.size
        self._n_samples += len(block)
        self.clipped = self.clipped or peak >= FULL_SCALE
        self.silent_s = 0.0 if peak > 0.0 else self.silent_s + len(block) / self._sample_rate
        if self._n_samples >= HOLD_S * self._sample_rate:
            self.level = Level(_db(self._peak), _db(math.sqrt(self._energy / self._n_values)))
            self._peak = self._energy = 0.0
            self._n_values = self._n_samples = 0


def _db(amplitude: float) -> float:
    return max(LOWEST_DB, 20.0 * math.log10(amplitude)) if amplitude > 0.0 else LOWEST_DB
