"""A click on every beat, a higher one where a bar begins."""

from __future__ import annotations

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.symbolic import TempoMap

_LONG_S = 0.04
_DECAY_S = 0.008
_BEAT_HZ, _BAR_HZ = 1_000.0, 1_500.0
_PEAK = 0.5  # of full scale


class Metronome:
    """A track of clicks, silent between them.

    Parameters
    ----------
    tempo : TempoMap, optional
        Without one it is silent throughout.
    sample_rate : int, Hz
    speed : float
        Of the playback: at 0.5 the beats are twice as far apart, and the clicks sound the same.
    """

    def __init__(self, tempo: TempoMap | None, *, sample_rate: int, speed: float = 1.0) -> None:
        self._beat = _click(_BEAT_HZ, sample_rate)
        self._bar = _click(_BAR_HZ, sample_rate)
        self._starts = np.zeros(0, dtype=np.int64)
        self._is_bar = np.zeros(0, dtype=np.bool_)
        if tempo is not None:
            self._starts = np.rint(tempo.beats * sample_rate / speed).astype(np.int64)
            self._is_bar = tempo.is_downbeat

    def read(self, start: int, n_samples: int) -> FloatArray:
        """From sample ``start`` of the timeline on, shape (n_samples,), float32, at most 1."""
        block = np.zeros(n_samples, dtype=np.float32)
        n_click = len(self._beat)
        first = int(np.searchsorted(self._starts, start - n_click, side="right"))
        last = int(np.searchsorted(self._starts, start + n_samples))
        for index in range(first, last):
            click = self._bar if self._is_bar[index] else self._beat
            at = int(self._starts[index]) - start
            part = click[max(0, -at) : n_samples - at]
            block[max(0, at) : max(0, at) + len(part)] += part
        return block


def _click(frequency: float, sample_rate: int) -> FloatArray:
    times = np.arange(round(_LONG_S * sample_rate)) / sample_rate
    click = _PEAK * np.sin(2.0 * np.pi * frequency * times) * np.exp(-times / _DECAY_S)
    return click.astype(np.float32)
