"""Where something is struck in a recording: the moments that must stay sharp when it is slowed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from amtstudio.audio import FloatArray

# (start, n_samples) -> the samples from there on, zeros outside the recording
ReadAudio: TypeAlias = Callable[[int, int], FloatArray]

CHUNK_S = 1.0  # seconds searched at a time
MARGIN_S = 0.25  # beside it, for the running median
WINDOW_S = 0.023  # seconds
HOPS_PER_WINDOW = 8
LAG = 4  # hops: the rise is taken over half a window
COMPRESSION = 1000.0  # log(1 + c x): levels below -60 dB of full scale count for little
THRESHOLD = 0.016  # above the running median; log units, mean over frequency
APART_S = 0.04  # seconds between two attacks
FINE_S = 0.012  # either side, searched for the moment itself
EARLY_S = 0.002  # the reported moment is before the rise rather than in it
KEPT_CHUNKS = 16


class AttackFinder:
    """Finds attacks, a chunk of the recording at a time, independently of the starting point."""

    def __init__(self, read: ReadAudio, *, sample_rate: int) -> None:
        self._read = read
        self._sample_rate = sample_rate
        self._n_chunk = round(CHUNK_S * sample_rate)
        self._n_margin = round(MARGIN_S * sample_rate)
        self._hop = max(round(WINDOW_S * sample_rate / HOPS_PER_WINDOW), 1)
        self._window = np.hanning(self._hop * HOPS_PER_WINDOW).astype(np.float32)
        self._chunks: OrderedDict[int, list[int]] = OrderedDict()

    def between(self, begin: int, end: int) -> list[int]:
        """Samples in [begin, end) at which an attack begins, in order."""
        first, last = begin // self._n_chunk, (end - 1) // self._n_chunk
        found = [at for index in range(max(first, 0), last + 1) for at in self._chunk(index)]
        return [at for at in found if begin <= at < end]

    def _chunk(self, index: int) -> list[int]:
        if index not in self._chunks:
            self._chunks[index] = self._search(index * self._n_chunk)
            if len(self._chunks) > KEPT_CHUNKS:
                self._chunks.popitem(last=False)
        return self._chunks[index]

    def _search(self, begin: int) -> list[int]:
        origin = begin - self._n_margin
        audio = self._read(origin, self._n_chunk + 2 * self._n_margin)
        rise = _rise(audio, self._window, self._hop)
        n_median = 2 * round(0.1 * self._sample_rate / self._hop) + 1
        padded = np.pad(rise, n_median // 2, mode="edge")
        median = np.median(np.lib.stride_tricks.sliding_window_view(padded, n_median), axis=1)
        n_apart = round(APART_S * self._sample_rate / self._hop)
        around = np.lib.stride_tricks.sliding_window_view(np.pad(rise, n_apart), 2 * n_apart + 1)
        is_peak = (rise == around.max(axis=1)) & (rise > median + THRESHOLD)
        # The rise from hop t - LAG to t has its middle half a lag before the middle of window t.
        middles = np.flatnonzero(is_peak) * self._hop + len(self._window) // 2
        attacks = (origin + self._refined(audio, int(at)) for at in middles)
        return [at for at in attacks if begin <= at < begin + self._n_chunk]

    def _refined(self, audio: FloatArray, middle: int) -> int:
        """The moment near ``middle`` after which the upper part of the sound is loudest."""
        reach = round(FINE_S * self._sample_rate)
        step = max(round(0.001 * self._sample_rate), 1)
        low = max(middle - 2 * reach, 1)
        # The first difference weighs up the treble, in which an attack stands out.
        bright = np.square(np.diff(audio[low - 1 : middle + 2 * reach]))
        n_steps = len(bright) // step
        if n_steps < 7:
            return middle
        energy = bright[: n_steps * step].reshape(n_steps, step).sum(axis=1) + 1e-9
        sums = np.convolve(energy, np.ones(3), mode="valid")
        growth = np.sqrt(sums[3:]) - np.sqrt(
            sums[:-3]
        )  # from the 3 ms before a moment to those after
        first = int(np.argmax(growth >= 0.6 * growth.max()))
        at = low + (first + 3) * step
        return at - round(EARLY_S * self._sample_rate)


def _rise(audio: FloatArray, window: FloatArray, hop: int) -> NDArray[np.float64]:
    """How much louder each hop is than half a window before, shape (n_hops,)."""
    windows = np.lib.stride_tricks.sliding_window_view(audio, len(window))[::hop]
    magnitude = np.abs(np.fft.rfft(windows * window, axis=1)) / (0.25 * len(window))
    level = np.log1p(COMPRESSION * magnitude)
    rise = np.zeros(len(level))
    rise[LAG:] = np.maximum(level[LAG:] - level[:-LAG], 0.0).mean(axis=1)
    return rise
