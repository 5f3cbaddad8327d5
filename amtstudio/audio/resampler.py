"""The one resampler, for training, files and live recording alike."""

from __future__ import annotations

import numpy as np
import soxr

from amtstudio.audio.info import MAX_SAMPLE_RATE, MIN_SAMPLE_RATE, FloatArray

QUALITY = "HQ"  # 20 bit: 133 dB at 1 kHz, aliases under -140 dB


def check_rates(*rates: int) -> None:
    """Raise ``ValueError`` where one is not between 1 kHz and 768 kHz."""
    for rate in rates:
        if not MIN_SAMPLE_RATE <= rate <= MAX_SAMPLE_RATE:
            raise ValueError(f"sample rates must be 1 kHz to 768 kHz, got {rate}")


def check_chunk(chunk: FloatArray) -> None:
    """Raise ``ValueError`` if it is not one-dimensional float32."""
    if chunk.ndim != 1 or chunk.dtype != np.float32:
        raise ValueError(f"chunk must be 1-D float32, got {chunk.ndim}-D {chunk.dtype}")


def resampled_length(n_samples: int, source_rate: int, target_rate: int) -> int:
    """``n_samples * target_rate / source_rate``, rounded half up, and at least one of any."""
    n_resampled = (2 * n_samples * target_rate + source_rate) // (2 * source_rate)
    return max(n_resampled, min(n_samples, 1))


class StreamResampler:
    """Resamples mono audio that arrives in chunks of any size.

    What comes out does not depend on how the audio was cut into chunks, and is aligned with the
    input: the delay of the filter is taken out. Nothing comes out until the filter has filled.

    Parameters
    ----------
    source_rate, target_rate : int, Hz
        Between 1 kHz and 768 kHz.
    """

    def __init__(self, source_rate: int, target_rate: int) -> None:
        check_rates(source_rate, target_rate)
        self.source_rate = source_rate
        self.target_rate = target_rate
        self._stream: soxr.ResampleStream | None = None
        if source_rate != target_rate:
            self._stream = soxr.ResampleStream(
                source_rate, target_rate, 1, dtype="float32", quality=QUALITY
            )
        self._n_in = 0
        self._n_out = 0
        self._flushed = False

    def process(self, chunk: FloatArray) -> FloatArray:
        """Process a chunk, shape (n,), full scale 1; return what is ready, shape (m,)."""
        check_chunk(chunk)
        if self._flushed:
            raise ValueError("flush has ended this stream; make a new StreamResampler")
        self._n_in += len(chunk)
        return self._run(chunk, last=False)

    def flush(self) -> FloatArray:
        """End the stream and give out the rest, shape (m,).

        In all ``resampled_length`` samples come out.
        """
        if self._flushed:
            raise ValueError("this stream was flushed before")
        self._flushed = True
        if self._stream is None:
            return np.zeros(0, dtype=np.float32)
        n_expected = resampled_length(self._n_in, self.source_rate, self.target_rate)
        # soxr rounds the length its own way: fed silence beyond the end, it gives enough to cut.
        padding = np.zeros(2 * self.source_rate // self.target_rate + 2, dtype=np.float32)
        n_before = self._n_out
        return self._run(padding, last=True)[: n_expected - n_before]

    def _run(self, chunk: FloatArray, *, last: bool) -> FloatArray:
        if self._stream is None:
            return chunk
        out: FloatArray = self._stream.resample_chunk(np.ascontiguousarray(chunk), last=last)
        self._n_out += len(out)
        return out
