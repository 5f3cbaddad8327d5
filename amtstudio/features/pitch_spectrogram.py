"""A spectrogram for the eye: three bins a semitone, in the place of the keys of a piano.

The networks have their own spectrograms; this one does not need torch, so the window can show it
while torch is still loading.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.heads import PIANO_KEYS

FloatArray = npt.NDArray[np.float32]
Levels = npt.NDArray[np.uint8]

BINS_PER_SEMITONE = 3
N_BINS = len(PIANO_KEYS) * BINS_PER_SEMITONE
RANGE_DB = 100.0  # that the 256 levels span, up to a sine of full scale

# 384 ms resolve neighbouring keys in the bass, 128 ms show when a key was struck.
_LONG_S, _SHORT_S = 0.384, 0.128
_BLEND_FROM, _BLEND_TO = 55.0, 67.0  # pitches between which the long window gives way to the short


class PitchSpectrogram:
    """Turns audio that arrives in blocks into columns of levels.

    Parameters
    ----------
    sample_rate : int, Hz
        16 kHz or so: bins above the Nyquist rate stay at level 0.
    hop_length : int, samples
        Frame ``i`` is centred on sample ``i * hop_length``.
    """

    def __init__(self, sample_rate: int = 16000, hop_length: int = 512) -> None:
        self.hop_length = hop_length
        weight = np.clip((_bin_pitches() - _BLEND_FROM) / (_BLEND_TO - _BLEND_FROM), 0.0, 1.0)
        self._windows = [
            _Window(round(_LONG_S * sample_rate), sample_rate, 1.0 - weight),
            _Window(round(_SHORT_S * sample_rate), sample_rate, weight),
        ]
        self._margin = max(window.length for window in self._windows) // 2
        self._buffer = np.zeros(self._margin, dtype=np.float32)  # silence before the recording
        self._n_samples = 0
        self._n_frames = 0

    def feed(self, block: FloatArray) -> Levels:
        """Take the next samples; return the columns that are complete.

        Parameters
        ----------
        block : np.ndarray, shape (n_samples,)
            Mono, full scale 1.

        Returns
        -------
        np.ndarray of uint8, shape (n_frames, N_BINS)
            0 is 100 dB below a sine of full scale, 255 is such a sine; A0 first. Bin
            ``3 * key + 1`` is centred on the key.
        """
        self._n_samples += len(block)
        self._buffer = np.concatenate((self._buffer, block))
        return self._columns((len(self._buffer) - 2 * self._margin) // self.hop_length + 1)

    def finish(self) -> Levels:
        """The last columns, with silence behind the recording."""
        n_left = -(-self._n_samples // self.hop_length) - self._n_frames
        self._buffer = np.concatenate((self._buffer, np.zeros(2 * self._margin, np.float32)))
        return self._columns(n_left)

    def _columns(self, n_frames: int) -> Levels:
        if n_frames < 1:
            return np.zeros((0, N_BINS), dtype=np.uint8)
        length = (n_frames - 1) * self.hop_length + 2 * self._margin
        frames = np.lib.stride_tricks.sliding_window_view(self._buffer[:length], 2 * self._margin)[
            :: self.hop_length
        ]
        power = sum(window.power(frames) for window in self._windows)
        self._buffer = self._buffer[n_frames * self.hop_length :].copy()
        self._n_frames += n_frames
        decibels = 10.0 * np.log10(np.maximum(power, 1e-12))
        scaled = (decibels + RANGE_DB) * (255.0 / RANGE_DB)
        return np.clip(np.rint(scaled), 0, 255).astype(np.uint8)


class _Window:
    """One window length, and the share that it has in each bin."""

    def __init__(self, length: int, sample_rate: int, share: npt.NDArray[np.float64]) -> None:
        self.length = length
        self._n_fft = 1 << (length - 1).bit_length()
        window = np.hanning(length + 1)[:-1]
        self._window = (window * (2.0 / window.sum())).astype(np.float32)
        self._filters = _filters(length, self._n_fft, sample_rate) * share[:, None]

    def power(self, frames: FloatArray) -> FloatArray:
        # scipy takes a while to import, and a window has to be painted before that.
        from scipy.fft import rfft  # noqa: PLC0415
        from scipy.sparse import csr_array  # noqa: PLC0415

        if isinstance(self._filters, np.ndarray):
            self._filters = csr_array(self._filters.astype(np.float32))
        surplus = (frames.shape[1] - self.length) // 2
        spectrum = rfft(
            frames[:, surplus : surplus + self.length] * self._window, n=self._n_fft, axis=1
        )
        power: FloatArray = (self._filters @ (spectrum.real**2 + spectrum.imag**2).T).T
        return power


def _bin_pitches() -> npt.NDArray[np.float64]:
    pitches: npt.NDArray[np.float64] = (
        PIANO_KEYS.lowest + (np.arange(N_BINS) - 1) / BINS_PER_SEMITONE
    )
    return pitches


def _filters(length: int, n_fft: int, sample_rate: int) -> Any:
    """Triangles on the lines of the transform, as wide as the window can resolve.

    Scaled so that a sine of amplitude 1 comes to a power of about 1 in its bin.
    """
    centre = 440.0 * 2.0 ** ((_bin_pitches()[:, None] - 69.0) / 12.0)
    line = np.arange(n_fft // 2 + 1)[None] * sample_rate / n_fft
    half_width = np.maximum(
        centre * (2.0 ** (1.0 / (12 * BINS_PER_SEMITONE)) - 1.0), 0.5 * sample_rate / length
    )
    triangles = np.maximum(1.0 - np.abs(line - centre) / half_width, 0.0)
    # The main lobe of a Hann window spreads 1.5 times the power over the lines.
    spread = 1.5 * n_fft / length
    return triangles / np.clip(triangles.sum(axis=1, keepdims=True), 0.5, spread)
