"""Repeating patterns: a stroke is more likely if the bars before and after have one as well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Probs
from amtstudio.symbolic.drums import DRUMS

Doubles = npt.NDArray[np.float64]

_BLOCK_S = 4.0  # that have one period
_AROUND_S = 10.0  # on either side of them, from which it is estimated
_SHORTEST_S, _LONGEST_S = 1.0, 4.5  # of a period: a bar, or two or half of one
_FEWEST_PERIODS = 3  # within the analysed stretch
_REPEATS = (-2, -1, 1, 2)  # periods away
_NEAR_S = 0.02  # by which a drummer may be early or late
_SMOOTHED_S = 0.05  # of the autocorrelation
_FLOOR = 0.02  # of activations that are compared
_MOST_LIFT = 2.0  # of the log of their ratio
_LOWEST = 0.01  # activation that can be lifted
_ODDS_LIMIT = 1e-4


@dataclass(frozen=True, slots=True)
class PatternWeights:
    """How much weight repetition gets, for each of ``DRUMS``.

    Attributes
    ----------
    gain : tuple of float
        By how much the log odds of a stroke rise when the activation one and two periods away is e
        times its mean, in music that repeats perfectly; and fall where it is less.
    cost : tuple of float
        By how much they fall in such music regardless: with more known about a stroke, less is left
        to chance.
    level : tuple of float
        The mean activation one and two periods away above which odds may rise: something that is
        repeatedly faint, such as a ride that resembles a hi-hat a little, is not a stroke for that
        reason.
    """

    gain: tuple[float, ...] = (0.0,) * len(DRUMS)
    cost: tuple[float, ...] = (0.0,) * len(DRUMS)
    level: tuple[float, ...] = (0.0,) * len(DRUMS)

    def __post_init__(self) -> None:
        for name in ("gain", "cost", "level"):
            values = getattr(self, name)
            if len(values) != len(DRUMS) or not all(abs(value) <= 10.0 for value in values):
                raise ValueError(
                    f"need {len(DRUMS)} numbers within 10 as {name} of patterns, got {values}"
                )

    @property
    def are_off(self) -> bool:
        return not any(self.gain) and not any(self.cost)


NO_PATTERNS = PatternWeights()


class PatternListener:
    """Takes onset activations as they come, and gives them back by the patterns around them.

    The input is divided into blocks of four seconds; the pattern length of a block is estimated
    from the autocorrelation of ten seconds on either side of it. The output lags by that much, and
    does not depend on how the activations were cut.

    Parameters
    ----------
    weights : PatternWeights
    frames_per_second : float
    """

    def __init__(self, weights: PatternWeights, frames_per_second: float) -> None:
        self._weights = weights
        self._rate = frames_per_second
        self._block = max(1, round(_BLOCK_S * frames_per_second))
        self._around = round(_AROUND_S * frames_per_second)
        self._rows = np.zeros((0, len(DRUMS)), dtype=np.float32)
        self._first = self._done = 0  # frames: of the first row kept, and given back so far

    def feed(self, onset: Probs) -> Probs:
        """Take the next rows, shape (n_frames, n_drums); return those that are ready."""
        self._rows = np.concatenate((self._rows, onset))
        end = self._first + len(self._rows)
        n_ready = (end - self._around - self._done) // self._block
        return self._advance(self._done + max(n_ready, 0) * self._block)

    def finish(self) -> Probs:
        """The rest."""
        return self._advance(self._first + len(self._rows))

    def _advance(self, end: int) -> Probs:
        parts = [np.zeros((0, len(DRUMS)), dtype=np.float32)]
        while self._done < end:
            stop = min(self._done + self._block, end)
            parts.append(self._by_patterns(self._done - self._first, stop - self._first))
            self._done = stop
        keep_from = max(self._first, self._done - self._around)
        self._rows = self._rows[keep_from - self._first :].copy()
        self._first = keep_from
        return np.concatenate(parts)

    def _by_patterns(self, start: int, stop: int) -> Probs:
        window = self._rows[max(start - self._around, 0) : stop + self._around]
        begin = min(start, self._around)
        plain = self._rows[start:stop]
        found = _period(window, self._rate)
        if found is None:
            return plain
        period, strength = found
        weights = self._weights
        away, usual = _away(window, begin, len(plain), period, self._rate)
        lifts = _lifts(away, usual, np.array(weights.level))
        lift = strength * (np.array(weights.gain) * lifts - np.array(weights.cost))
        odds = np.clip(plain.astype(np.float64), _ODDS_LIMIT, 1.0 - _ODDS_LIMIT)
        odds = np.log(odds / (1.0 - odds)) + lift
        changed: Probs = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        return np.where(plain < _LOWEST, plain, changed)


def by_patterns(onset: Probs, frames_per_second: float, weights: PatternWeights) -> Probs:
    """All activations of a recording, shape (n_frames, n_drums), by the patterns in it."""
    if weights.are_off:
        return onset
    listener = PatternListener(weights, frames_per_second)
    return np.concatenate((listener.feed(onset), listener.finish()))


def _period(window: Probs, rate: float) -> tuple[float, float] | None:
    """After how many frames activations repeat best, and how well, 0 to 1; None: not at all."""
    n_frames = len(window)
    shortest = round(_SHORTEST_S * rate)
    longest = min(round(_LONGEST_S * rate), n_frames // _FEWEST_PERIODS)
    if longest <= shortest + 2:
        return None
    width = max(1, round(_SMOOTHED_S * rate))
    # Only of the drums that occur at all; zero-padded, so that the end does not meet the
    # beginning.
    heard = window.T[window.max(axis=0) > _FLOOR]
    heard = heard - heard.mean(axis=1, keepdims=True)
    length = 1 << (n_frames + longest + width - 1).bit_length()
    spectrum = np.fft.rfft(heard, length, axis=1)
    power = (spectrum.real**2 + spectrum.imag**2).sum(axis=0)
    alike = np.fft.irfft(power, length)[: longest + width].astype(np.float64)
    alike = np.convolve(alike, np.ones(width), mode="same")
    if alike[0] <= _ODDS_LIMIT:
        return None
    alike *= n_frames / (n_frames - np.arange(len(alike))) / alike[0]
    best = shortest + int(alike[shortest:longest].argmax())
    if alike[best] <= 0.0:
        return None
    before, here, after = alike[best - 1 : best + 2]
    bend = before - 2.0 * here + after
    shift = 0.5 * (before - after) / bend if bend < 0.0 else 0.0
    return best + float(np.clip(shift, -0.5, 0.5)), min(float(here), 1.0)


def _away(
    window: Probs, begin: int, n_frames: int, period: float, rate: float
) -> tuple[Doubles, Doubles]:
    """The mean activation some periods away, NaN where there is none, and that of all frames.

    Shapes (n_frames, n_drums) and (n_drums,).
    """
    near = window.copy()
    for frames in range(1, round(_NEAR_S * rate) + 1):
        np.maximum(near[frames:], window[:-frames], out=near[frames:])
        np.maximum(near[:-frames], window[frames:], out=near[:-frames])
    total = np.zeros((n_frames, window.shape[1]))
    count = np.zeros((n_frames, 1))
    for repeat in _REPEATS:
        rows = begin + np.arange(n_frames) + round(repeat * period)
        inside = (rows >= 0) & (rows < len(window))
        total[inside] += near[rows[inside]]
        count[inside] += 1.0
    usual: Doubles = near.mean(axis=0, dtype=np.float64)
    return np.where(count > 0.0, total / np.maximum(count, 1.0), np.nan), usual


def _lifts(away: Doubles, usual: Doubles, level: Doubles) -> Doubles:
    """The evidence of distant activations for or against a stroke; 0 where nothing is known."""
    told = np.log(away + _FLOOR)
    lifts = np.clip(told - np.log(usual + _FLOOR), -_MOST_LIFT, _MOST_LIFT)
    above = np.clip(told - np.log(level + _FLOOR), 0.0, None)
    found: Doubles = np.where(lifts > 0.0, np.minimum(lifts, above), lifts)
    return np.where(np.isnan(found), 0.0, found)
