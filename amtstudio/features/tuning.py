"""How far an instrument is tuned above or below A4 = 440 Hz."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

_WINDOW_S = 0.512  # tells partials of neighbouring keys apart from A2 up
_LOWEST, _HIGHEST = 110.0, 1400.0  # Hz: above, stiff strings sound sharper than they are tuned
_DEPTH = 10 ** (-40 / 20)  # partials weaker than this against the strongest are left out
_LEAST_PEAKS = 60
_LEAST_CONTRAST = 0.25
_SPREAD_CENTS = 6.0  # of one string's partials about its tuning

_CENTS = np.arange(-50, 50)


class TuningEstimator:
    """Listens to audio block by block; says where the partials lie between the semitones.

    Each spectral peak says how many cents it is from the nearest semitone; the estimate is the
    place that most say, for the higher partials of stiff strings and the seventh harmonic lie
    beside it. What is out by more than half a semitone looks like the next one.

    Parameters
    ----------
    sample_rate : int, Hz

    References
    ----------
    The histogram of deviations: ``librosa.estimate_tuning``; here smoothed around the circle and
    weighted by the size of the peaks.
    """

    def __init__(self, sample_rate: int) -> None:
        self._sample_rate = sample_rate
        self._n_window = round(_WINDOW_S * sample_rate)
        self._n_fft = 2 ** int(np.ceil(np.log2(2 * self._n_window)))
        self._window = np.hanning(self._n_window).astype(np.float32)
        self._waiting: list[FloatArray] = []
        self._n_waiting = 0
        self._votes = np.zeros(100)  # by cents from -50 on
        self._n_peaks = 0

    def feed(self, block: FloatArray) -> None:
        """Take the next mono samples, of any number."""
        self._waiting.append(block)
        self._n_waiting += len(block)
        if self._n_waiting < self._n_window:
            return
        audio = np.concatenate(self._waiting)
        n_windows = len(audio) // self._n_window
        for window in audio[: n_windows * self._n_window].reshape(n_windows, self._n_window):
            self._vote(window)
        rest = audio[n_windows * self._n_window :].copy()
        self._waiting, self._n_waiting = [rest], len(rest)

    def cents(self) -> float | None:
        """Cents above (or, negative, below) 440 Hz, from -50 to 50; None: nothing to go by."""
        if self._n_peaks < _LEAST_PEAKS:
            return None
        distance = np.minimum(np.arange(100), 100 - np.arange(100))
        kernel = np.exp(-0.5 * (distance / _SPREAD_CENTS) ** 2)
        votes = np.fft.irfft(np.fft.rfft(self._votes) * np.fft.rfft(kernel), 100)
        best = int(np.argmax(votes))
        # Noise votes for all places alike.
        if votes[best] < (1.0 + _LEAST_CONTRAST) * votes.mean():
            return None
        before, peak, after = votes[best - 1], votes[best], votes[(best + 1) % 100]
        shift = 0.5 * (before - after) / min(before - 2 * peak + after, -1e-12)
        return float(_CENTS[best] + 0.5 + shift)

    def _vote(self, audio: FloatArray) -> None:
        magnitude = np.abs(np.fft.rfft(audio * self._window, self._n_fft))
        per_bin = self._sample_rate / self._n_fft
        first, last = int(_LOWEST / per_bin), int(_HIGHEST / per_bin)
        inside = magnitude[first:last]
        around = magnitude[first - 1 : last - 1], magnitude[first + 1 : last + 1]
        loudest = float(inside.max())
        if loudest < 1e-4 * self._n_window / 4:  # -80 dBFS
            return
        is_peak = (inside > around[0]) & (inside >= around[1]) & (inside > _DEPTH * loudest)
        bins = np.flatnonzero(is_peak) + first
        low, mid, high = (np.log(magnitude[bins + step] + 1e-12) for step in (-1, 0, 1))
        position = bins + 0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-9)
        semitones = 69 + 12 * np.log2(position * per_bin / 440.0)
        deviation = 100 * (semitones - np.round(semitones))
        weight = np.sqrt(magnitude[bins] / loudest)
        places = np.clip(np.floor(deviation).astype(int) + 50, 0, 99)
        np.add.at(self._votes, places, weight)
        self._n_peaks += len(bins)


def estimate_tuning(audio: FloatArray, sample_rate: int) -> float | None:
    """The tuning of a whole recording in cents, as ``TuningEstimator``."""
    estimator = TuningEstimator(sample_rate)
    estimator.feed(audio)
    return estimator.cents()
