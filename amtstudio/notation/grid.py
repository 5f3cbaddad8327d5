"""Which of the simple divisions of a beat was meant: halves, quarters, triplets, swing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]

# Into how many parts a beat may be divided, and how unlikely that is a priori.
SIMPLE = {1: 0.0, 2: 0.3, 4: 1.2, 3: 2.0, 6: 4.0, 8: 4.0}
COMPOUND = {1: 0.0, 3: 0.3, 6: 1.5, 2: 3.5, 12: 5.0}
_PLAYED_S = 0.025  # seconds by which a player, or a transcription, misses the grid
_TOGETHER_S = 0.035  # onsets nearer than this are a chord
_FARTHEST = 9.0  # what one onset may count against a division at most, in variances
_CLASH = 2.5  # two onsets that would fall on one place of the grid
_PRIOR_WEIGHT = 1.0
_DOTTED = 0.72  # of a beat: a second half that comes later is a sixteenth after a dotted eighth


@dataclass(frozen=True, slots=True)
class Grid:
    """Divisions chosen for the beats of some notes.

    ``parts`` maps a beat, by its number, to the parts that it falls into; others are not divided.
    """

    parts: dict[int, int]
    swing: float = 0.5  # where in a beat its second half is played: 2 / 3 for a triplet's swing

    def nearest(self, positions: Doubles, *, finest: int = 0, least: int = 1) -> Doubles:
        """Positions in beats, on the grid.

        ``finest``: the parts of a beat in which none was chosen; 0: it is not divided. ``least``:
        of a beat that falls into fewer, and into which these fit, that many are taken.
        """
        straight = _straightened(positions, self.swing)
        beat = np.floor(straight).astype(np.int64)
        parts = np.array([self.parts.get(number, finest or 1) for number in beat.tolist()])
        parts = np.where((parts < least) & (least % np.maximum(parts, 1) == 0), least, parts)
        if len(parts) == 0:
            return straight
        return np.asarray(beat + np.rint((straight - beat) * parts) / parts)


def choose_grid(
    positions: Doubles,
    seconds_per_beat: float,
    *,
    is_compound: bool,
    swing: float = 0.5,
    has_triplets: bool = True,
    n_divisions: int = 24,
) -> Grid:
    """Choose for each beat the division that its onsets suggest, given those of the others.

    Parameters
    ----------
    positions : np.ndarray, shape (n_onsets,), beats
        Sorted.
    seconds_per_beat : float
    is_compound : bool
        Whether a beat falls into three by itself.
    swing : float
        As in ``Grid``.
    has_triplets : bool
        Whether a beat that is not compound may fall into three and six.
    n_divisions : int
        How finely a beat can be written: one that cannot be is not chosen.
    """
    unlikely = {
        parts: cost
        for parts, cost in (COMPOUND if is_compound else SIMPLE).items()
        if n_divisions % parts == 0
        and n_divisions // parts >= 2
        and (is_compound or has_triplets or parts % 3)
    }
    straight = _straightened(positions, swing)
    groups = _groups(straight, _TOGETHER_S / seconds_per_beat)
    spread = float(np.clip(_PLAYED_S / seconds_per_beat, 0.02, 0.07))
    beats = np.floor(groups).astype(np.int64)
    numbers = np.unique(beats)
    choices = list(unlikely)
    costs = np.array(
        [
            [_cost(groups[beats == number] - number, parts, spread) for parts in choices]
            for number in numbers
        ]
    ).reshape(len(numbers), len(choices))
    bias = np.array(list(unlikely.values()))
    chosen = np.argmin(costs + bias, axis=1) if len(numbers) else np.zeros(0, int)
    for _ in range(2):  # what is common in a piece is likely in each of its beats
        share = np.bincount(chosen, minlength=len(choices)) + 0.5
        prior = -np.log(share / share.sum())
        chosen = np.argmin(costs + bias + _PRIOR_WEIGHT * prior, axis=1)
    parts = {
        int(number): choices[int(choice)] for number, choice in zip(numbers, chosen, strict=True)
    }
    return Grid(parts, swing)


def falls_into_three(positions: Doubles, seconds_per_beat: float) -> bool:
    """Whether most divided beats have three parts: a compound meter, such as 6/8."""
    grid = choose_grid(positions, seconds_per_beat, is_compound=False)
    divided = [parts for parts in grid.parts.values() if parts > 1]
    threes = sum(parts in (3, 6) for parts in divided)
    return len(divided) >= 8 and threes > 0.7 * len(divided)


def swing_of(positions: Doubles, seconds_per_beat: float) -> float:
    """Where in a beat its second half is played, where it swings; else 0.5.

    It swings if most divided beats have one onset within, late, and hardly one has an early one.
    """
    groups = _groups(positions, _TOGETHER_S / seconds_per_beat)
    within = groups - np.floor(groups)
    inside = within[(within > 0.12) & (within < 0.88)]
    late = inside[(inside > 0.56) & (inside < 0.76)]
    early = np.count_nonzero((inside > 0.27) & (inside < 0.54))
    if len(late) < 16 or len(late) < 0.6 * len(inside) or early > 0.12 * len(inside):
        return 0.5
    swing = float(np.median(late))
    return swing if swing < _DOTTED else 0.5


def _straightened(positions: Doubles, swing: float) -> Doubles:
    if swing == 0.5:
        return positions
    beat = np.floor(positions)
    return np.asarray(beat + np.interp(positions - beat, [0.0, swing, 1.0], [0.0, 0.5, 1.0]))


def _groups(positions: Doubles, together: float) -> Doubles:
    """The mean position of each chord."""
    if len(positions) == 0:
        return positions
    starts = np.flatnonzero(np.diff(positions, prepend=-np.inf) > together)
    return np.asarray(np.add.reduceat(positions, starts) / np.diff([*starts, len(positions)]))


def _cost(within: Doubles, parts: int, spread: float) -> float:
    places = np.rint(within * parts)
    missed = np.minimum(((within - places / parts) / spread) ** 2, _FARTHEST)
    clashes = len(places) - len(np.unique(places))
    return float(missed.sum() + _CLASH * clashes)
