"""Whether beats are divided by two or by three."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.tempo import TempoMap

Doubles = npt.NDArray[np.float64]

_TOGETHER_S = 0.035  # onsets nearer than this are a chord
_PLAYED_S = 0.025  # by which a player misses the grid
_FARTHEST = 9.0  # what one onset may count against a division at most, in variances
_COARSE, _FINE = 0.3, 1.2  # how unlikely two or three parts are, and four or six
_SURE = 3.0  # difference of the log likelihoods of a beat
_UNDECIDED = 4.0  # beats: fewer than some of these say nothing
_FEWEST_DIVIDED = 8
# Fitted, together, on songs and quartets of the training music whose beats were tracked right.
_BALANCE = 0.6
_FIRST_THIRDS = 0.1


def is_in_threes(onsets: npt.ArrayLike, tempo: TempoMap) -> bool:
    """Whether the beats are divided by three, as in 6/8.

    Each beat votes for the division that makes its onsets more likely, and most must agree. Swung
    eighths leave the first third of beats empty; in some beats it must be filled.

    Parameters
    ----------
    onsets : array of float, seconds
    tempo : TempoMap
    """
    positions = np.sort(tempo.to_beats(onsets))
    if not len(positions):
        return False
    seconds_per_beat = 60.0 / tempo.tempo
    starts = np.flatnonzero(np.diff(positions, prepend=-np.inf) > _TOGETHER_S / seconds_per_beat)
    chords = np.add.reduceat(positions, starts) / np.diff([*starts, len(positions)])
    beat = np.floor(chords)
    within = chords - beat
    _, number = np.unique(beat, return_inverse=True)
    spread = float(np.clip(_PLAYED_S / seconds_per_beat, 0.02, 0.07))

    def cost(parts: int, unlikely: float) -> Doubles:
        """Of each beat, if it falls into so many parts."""
        missed = np.minimum(((within - np.rint(within * parts) / parts) / spread) ** 2, _FARTHEST)
        return np.asarray(np.bincount(number, weights=missed) + unlikely)

    by_two = np.minimum(cost(2, _COARSE), cost(4, _FINE))
    by_three = np.minimum(cost(3, _COARSE), cost(6, _FINE))
    is_divided = np.bincount(number, weights=(within > 0.1) & (within < 0.9)) > 0
    lead = np.clip(by_two - by_three, -_FARTHEST, _FARTHEST)[is_divided]
    if len(lead) < _FEWEST_DIVIDED:
        return False
    balance = float(np.tanh(lead / _SURE).sum()) / (len(lead) + _UNDECIDED)

    def holds(share: float) -> npt.NDArray[np.bool_]:
        """Whether a divided beat that is likelier in three parts has an onset there."""
        near = np.abs(within - share) < 1.5 * spread + 0.02
        return np.asarray((np.bincount(number, weights=near) > 0)[is_divided] & (lead > 0.0))

    first, second = holds(1 / 3), holds(2 / 3)
    n_first, n_late = int(first.sum()), int((second & ~first).sum())
    return balance > _BALANCE and n_first > _FIRST_THIRDS * (n_first + n_late)
