"""The resampler of what is heard live: a short filter, from which every sample comes at once."""

from __future__ import annotations

from math import ceil, gcd

import numpy as np
import numpy.typing as npt

from amtstudio.audio.info import FloatArray
from amtstudio.audio.resampler import check_chunk, check_rates, resampled_length

# In periods of the lower rate: from 48 to 16 kHz, sound up to 7.3 kHz keeps its level within
# 0.1 dB, what is above 8.7 kHz comes through 89 dB softer, and the filter waits for 3 ms.
HALF_WIDTH = 48
_CUTOFF = 0.5  # of the lower rate
_KAISER_BETA = 8.0
# 4 MB; more would be needed for pairs of rates with hardly a common divisor, whose samples are
# then computed at the nearest of hundreds of places.
_MOST_COEFFICIENTS = 1 << 20


class LiveResampler:
    """Resamples mono audio that arrives in chunks of any size, 3 ms after it arrived.

    ``StreamResampler`` hears more exactly near the highest frequency, but works in blocks: what it
    gives out is up to 40 ms old, and from 96 to 16 kHz up to 79 ms. What comes out here does not
    depend on the chunks either, is aligned with the input, and is as long.

    Parameters
    ----------
    source_rate, target_rate : int, Hz
        Between 1 kHz and 768 kHz.
    """

    def __init__(self, source_rate: int, target_rate: int) -> None:
        check_rates(source_rate, target_rate)
        self.source_rate = source_rate
        self.target_rate = target_rate
        common = gcd(source_rate, target_rate)
        self._up, self._down = target_rate // common, source_rate // common
        self._half = ceil(HALF_WIDTH * max(1.0, source_rate / target_rate))
        self._phases = self._filters()
        # Silence before the beginning.
        self._waiting: FloatArray = np.zeros(self._half - 1, dtype=np.float32)
        self._first = 1 - self._half  # number of the first sample that waits
        self._n_in = self._n_out = 0
        self._flushed = False

    def process(self, chunk: FloatArray) -> FloatArray:
        """Process a chunk, shape (n,), full scale 1; return what is ready, shape (m,)."""
        check_chunk(chunk)
        if self._flushed:
            raise ValueError("flush has ended this stream; make a new LiveResampler")
        if self.source_rate == self.target_rate:
            return chunk
        self._n_in += len(chunk)
        return self._run(chunk, self._n_in)

    def flush(self) -> FloatArray:
        """End the stream and give out the rest, as long as that of ``StreamResampler``."""
        if self._flushed:
            raise ValueError("this stream was flushed before")
        self._flushed = True
        if self._n_in == 0:
            return np.zeros(0, dtype=np.float32)
        n_expected = resampled_length(self._n_in, self.source_rate, self.target_rate)
        n_before = self._n_out
        silence = np.zeros(self._half + self._down // self._up + 2, dtype=np.float32)
        return self._run(silence, self._n_in + len(silence))[: n_expected - n_before]

    def _run(self, chunk: FloatArray, n_in: int) -> FloatArray:
        self._waiting = np.concatenate([self._waiting, chunk])
        # Sample n lies at n * down / up of the input, and needs ``half`` samples after that.
        n_end = max(((n_in - self._half) * self._up - 1) // self._down + 1, self._n_out)
        places = np.arange(self._n_out, n_end, dtype=np.int64) * self._down
        self._n_out = n_end
        if not len(places):
            return np.zeros(0, dtype=np.float32)
        before, phase = places // self._up, places % self._up * len(self._phases) // self._up
        starts = before - self._half + 1 - self._first
        windows = np.lib.stride_tricks.sliding_window_view(self._waiting, 2 * self._half)
        out: FloatArray = np.einsum("ij,ij->i", windows[starts], self._phases[phase])
        n_done = (n_end * self._down) // self._up - self._half + 1 - self._first
        self._waiting, self._first = self._waiting[n_done:], self._first + n_done
        return out

    def _filters(self) -> npt.NDArray[np.float32]:
        """Shape (n_places, 2 * half): a windowed sinc for each place between two input samples."""
        n_places = min(self._up, _MOST_COEFFICIENTS // (2 * self._half))
        offsets = np.arange(1 - self._half, self._half + 1)
        distances = offsets - np.arange(n_places)[:, None] / n_places
        lower = min(1.0, self._up / self._down)  # the lower rate, of the source's
        window = np.i0(_KAISER_BETA * np.sqrt(np.maximum(1 - (distances / self._half) ** 2, 0)))
        filters = np.sinc(2 * _CUTOFF * lower * distances) * window
        filters /= filters.sum(axis=1, keepdims=True)
        return np.ascontiguousarray(filters, dtype=np.float32)
