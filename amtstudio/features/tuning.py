"""How far an instrument is tuned above or below A4 = 440 Hz."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d

FloatArray = npt.NDArray[np.float32]
Votes = npt.NDArray[np.float64]

WINDOW_S = 0.512  # resolves partials of neighbouring keys from A2 up
_LOWEST, _HIGHEST = 110.0, 1400.0  # Hz: above, stiff strings sound sharper than they are tuned
_DEPTH = 10 ** (-40 / 20)  # partials weaker than this against the strongest are left out
_LEAST_PEAKS = 60
_LEAST_CONTRAST = 0.25
_SPREAD_CENTS = 6.0  # of one string's partials about its tuning

# A struck string sounds louder than two seconds before and than two seconds later. Hum, line-up
# tones and the pipe of a tuner do not; mains and codecs make them waver by a decibel or two.
_AROUND = 4  # windows
_WAVERS = 0.25  # of the amplitude, 2.5 dB
_KNOCKS = 7  # windows
_SOFT = 10 ** (-30 / 20)

_FIRST_PITCH, _N_PITCHES = 44, 48  # from below _LOWEST to above _HIGHEST
_RIVAL_SHARE = 0.6  # of the votes above noise for the best place: as many leave it in doubt
_RIVAL_CENTS = 20  # nearer ones are the same
# Of two places neither is taken unless the better stands out by so much. In music it does by 1.5 to
# 3, by 0.3 where a key is struck again and again, of which only its noises are new.
_DOUBTFUL_CONTRAST = 0.7

_CENTS = np.arange(-50, 50)


@dataclass(frozen=True, slots=True)
class Tuning:
    """Where partials lie between the semitones of A4 = 440 Hz, in cents from -50 to 50.

    ``rival`` is another position with nearly as much evidence, if there is one. ``n_pitches`` is
    the number of different pitches whose partials were found, ``n_windows`` the number of windows
    of ``WINDOW_S`` they were found in, not counting those far softer than the loudest.
    """

    cents: float
    rival: float | None
    n_pitches: int
    n_windows: int


class TuningEstimator:
    """Analyses audio block by block; estimates where the partials lie between the semitones.

    Each spectral peak of a struck string gives its distance in cents from the nearest semitone; the
    estimate is the mode, because the higher partials of stiff strings and the seventh harmonic
    deviate. A deviation of more than half a semitone looks like the neighbouring one. Steady tones
    are ignored, and a pitch that recurs many times, such as that of a metronome or a tuner, counts
    little more than one that recurs a few times.

    Parameters
    ----------
    sample_rate : int, Hz

    References
    ----------
    The histogram of deviations: ``librosa.estimate_tuning``; here smoothed around the circle,
    weighted by the size of the peaks, and of struck notes alone.
    """

    def __init__(self, sample_rate: int) -> None:
        self._n_window = round(WINDOW_S * sample_rate)
        self._n_fft = 2 ** int(np.ceil(np.log2(2 * self._n_window)))
        self._window = np.hanning(self._n_window).astype(np.float32)
        self._per_bin = sample_rate / self._n_fft
        self._first = int(_LOWEST / self._per_bin)
        self._last = int(_HIGHEST / self._per_bin)
        self._waiting: list[FloatArray] = []
        self._n_waiting = 0
        # Magnitudes of the last windows, and the largest around each bin; the newest last. The one
        # in the middle is the next to vote.
        self._heard: deque[FloatArray] = deque(maxlen=2 * _AROUND + 1)
        self._highest: deque[FloatArray] = deque(maxlen=2 * _AROUND + 1)
        self._next = 0  # place in ``_heard`` of the next window to vote
        self._poll = _Poll()

    def feed(self, block: FloatArray) -> None:
        """Take the next mono samples, of any number."""
        self._waiting.append(block)
        self._n_waiting += len(block)
        if self._n_waiting < self._n_window:
            return
        audio = np.concatenate(self._waiting)
        n_windows = len(audio) // self._n_window
        for window in audio[: n_windows * self._n_window].reshape(n_windows, self._n_window):
            self._hear(window)
        rest = audio[n_windows * self._n_window :].copy()
        self._waiting, self._n_waiting = [rest], len(rest)

    def cents(self) -> float | None:
        """Cents above (or, negative, below) 440 Hz, from -50 to 50; None: nothing to go by."""
        tuning = self.tuning()
        return None if tuning is None else tuning.cents

    def tuning(self) -> Tuning | None:
        """The estimate so far; None: no evidence yet."""
        poll = self._poll.copy()
        for place in range(self._next, len(self._heard)):
            self._vote(place, poll)
        return poll.result()

    def _hear(self, audio: FloatArray) -> None:
        spectrum = np.abs(np.fft.rfft(audio * self._window, self._n_fft))
        # One bin more on either side, for the places of peaks.
        magnitude = spectrum[self._first - 1 : self._last + 1].astype(np.float32)
        if len(self._heard) == self._heard.maxlen:
            self._next -= 1
        self._heard.append(magnitude)
        # A string that is out of tune with its neighbours moves by a bin as they beat.
        self._highest.append(maximum_filter1d(magnitude, 5))
        if self._next + _AROUND < len(self._heard):
            self._vote(self._next, self._poll)
            self._next += 1

    def _vote(self, place: int, poll: _Poll) -> None:
        magnitude = self._heard[place]
        inside = magnitude[1:-1]
        highest = list(self._highest)
        sides = highest[max(0, place - _AROUND) : place], highest[place + 1 : place + 1 + _AROUND]
        lasting = [np.min(side, axis=0)[1:-1] for side in sides if side]
        if not lasting:
            return
        struck = inside - np.max(lasting, axis=0)
        is_peak = (inside > magnitude[:-2]) & (inside >= magnitude[2:])
        is_peak &= struck > _WAVERS * inside
        loudest = float(struck.max(where=is_peak, initial=0.0))
        if loudest < 1e-4 * self._n_window / 4:  # -80 dBFS
            return
        bins = np.flatnonzero(is_peak & (struck > _DEPTH * loudest))
        low, mid, high = (np.log(magnitude[bins + step] + 1e-12) for step in (0, 1, 2))
        position = bins + self._first + 0.5 * (low - high) / np.minimum(low - 2 * mid + high, -1e-9)
        poll.add(69 + 12 * np.log2(position * self._per_bin / 440.0), struck[bins])


class _Poll:
    """Votes of partials, by pitch and by cents from -50 on."""

    def __init__(self) -> None:
        self._votes = np.zeros((_N_PITCHES, 100))
        self._n_peaks = 0
        self._loudest: list[float] = []  # of each window

    def copy(self) -> _Poll:
        other = _Poll()
        other._votes = self._votes.copy()
        other._n_peaks, other._loudest = self._n_peaks, self._loudest.copy()
        return other

    def add(self, semitones: Votes, amplitudes: Votes) -> None:
        """The partials of one window, of any unit that is the same for all: at least one."""
        pitches = np.round(semitones).astype(int)
        places = np.floor(100 * (semitones - pitches)).astype(int) + 50
        rows = np.clip(pitches - _FIRST_PITCH, 0, _N_PITCHES - 1)
        np.add.at(self._votes, (rows, np.clip(places, 0, 99)), amplitudes)
        self._n_peaks += len(semitones)
        self._loudest.append(float(amplitudes.max()))

    def result(self) -> Tuning | None:
        if self._n_peaks < _LEAST_PEAKS:
            return None
        # What is soft compared with the music, such as noise before it, counts little however long
        # it is; a few louder knocks make no difference.
        loudest = sorted(self._loudest, reverse=True)
        unit = loudest[min(_KNOCKS, len(loudest) // 2)]
        totals = self._votes.sum(axis=1, keepdims=True) / unit
        says = np.log1p(totals) / np.maximum(totals * unit, 1e-9 * unit)
        distance = np.minimum(np.arange(100), 100 - np.arange(100))
        kernel = np.exp(-0.5 * (distance / _SPREAD_CENTS) ** 2)
        votes = np.fft.irfft(
            np.fft.rfft((says * self._votes).sum(axis=0)) * np.fft.rfft(kernel), 100
        )
        best = int(np.argmax(votes))
        apart = np.abs((np.arange(100) - best + 50) % 100 - 50) >= _RIVAL_CENTS
        is_top = (votes > np.roll(votes, 1)) & (votes >= np.roll(votes, -1)) & apart
        above = np.where(is_top, votes - votes.min(), 0.0)
        second = int(np.argmax(above))
        is_near = bool(above[second] > _RIVAL_SHARE * (votes[best] - votes.min()))
        # Noise votes for all places alike.
        least = _DOUBTFUL_CONTRAST if is_near else _LEAST_CONTRAST
        if votes[best] < (1.0 + least) * votes.mean():
            return None
        return Tuning(
            _place(votes, best),
            _place(votes, second) if is_near else None,
            int(np.count_nonzero(totals > 0.3)),
            int(np.count_nonzero(np.array(loudest) > _SOFT * unit)),
        )


def _place(votes: Votes, top: int) -> float:
    """Cents of a maximum, between the bins."""
    before, peak, after = votes[top - 1], votes[top], votes[(top + 1) % 100]
    shift = 0.5 * (before - after) / min(before - 2 * peak + after, -1e-12)
    return float(_CENTS[top] + 0.5 + shift)


def estimate_tuning(audio: FloatArray, sample_rate: int) -> float | None:
    """The tuning of a whole recording in cents, as ``TuningEstimator``."""
    estimator = TuningEstimator(sample_rate)
    estimator.feed(audio)
    return estimator.cents()
