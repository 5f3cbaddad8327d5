"""Which hand plays which note of a piano."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

LEFT, RIGHT = 2, 1  # as staves

_BEAM = 24
_HOME = {RIGHT: 69.0, LEFT: 50.0}
_HOME_WEIGHT = 0.010  # for each semitone squared over _FREE that a hand is from where it is at home
_REACH = 12  # semitones within which a hand is not stretched
_STRETCH = 0.5  # for each semitone beyond
_FINGERS = 5
_MOVE = 0.055  # for each semitone that a hand moves at once
_REST = 1.0  # of a hand: seconds after which it is as free to move as if it had not played
_CROSS = 1.2
_MIDDLE = 60.0
_SIDE = 0.05  # for each semitone that a note is on the wrong side of the middle
_IDLE = 0.25  # all notes in one hand, so that the other waits


class _Way(NamedTuple):
    """Where chords were divided, the latest first: shared by all states that came this way."""

    split: int
    before: _Way | None


@dataclass(frozen=True, slots=True)
class _State:
    cost: float
    left: tuple[float, float]  # where the hand is, and since when
    right: tuple[float, float]
    way: _Way | None


def hands_of(
    onset: npt.NDArray[np.float64], pitch: npt.NDArray[np.int64], *, together: float = 0.03
) -> npt.NDArray[np.int64]:
    """Divide notes between two hands.

    The notes of a chord are divided at one place, so that hands move, stretch and cross little; a
    beam search over all chords.

    Parameters
    ----------
    onset : np.ndarray, shape (n_notes,), seconds
        Sorted.
    pitch : np.ndarray of int, shape (n_notes,)
    together : float
        Seconds within which onsets are a chord.

    Returns
    -------
    np.ndarray of int, shape (n_notes,)
        1 for the right hand, the upper staff, and 2 for the left.
    """
    n_notes = len(pitch)
    hands = np.full(n_notes, RIGHT, np.int64)
    if n_notes == 0:
        return hands
    starts = np.flatnonzero(np.diff(onset, prepend=-np.inf) > together).tolist()
    groups = [
        sorted(range(start, stop), key=lambda row: pitch[row])
        for start, stop in itertools.pairwise([*starts, n_notes])
    ]
    began = -10.0
    beam = [_State(0.0, (_HOME[LEFT], began), (_HOME[RIGHT], began), None)]
    for rows in groups:
        time = float(onset[rows[0]])
        pitches = [float(pitch[row]) for row in rows]
        grown = [
            _after(state, pitches, split, time) for state in beam for split in range(len(rows) + 1)
        ]
        grown.sort(key=lambda state: state.cost)
        beam = _distinct(grown)
    way = beam[0].way
    for rows in reversed(groups):
        assert way is not None
        hands[rows[: way.split]] = LEFT
        way = way.before
    return hands


def _distinct(states: list[_State]) -> list[_State]:
    """The best, only one for each position of the hands."""
    seen: set[tuple[float, float]] = set()
    kept = []
    for state in states:
        place = (state.left[0], state.right[0])
        if place not in seen:
            seen.add(place)
            kept.append(state)
            if len(kept) == _BEAM:
                break
    return kept


def _after(state: _State, pitches: list[float], split: int, time: float) -> _State:
    low, high = pitches[:split], pitches[split:]
    cost, left = _hand_cost(LEFT, low, state.left, time)
    more, right = _hand_cost(RIGHT, high, state.right, time)
    cost += more
    if not (low and high) and len(pitches) > 1:
        cost += _IDLE
    if left[0] > right[0]:
        cost += _CROSS
    return _State(state.cost + cost, left, right, _Way(split, state.way))


def _hand_cost(
    hand: int, pitches: list[float], before: tuple[float, float], time: float
) -> tuple[float, tuple[float, float]]:
    if not pitches:
        return 0.0, before
    span = pitches[-1] - pitches[0]
    cost = _STRETCH * max(0.0, span - _REACH)
    cost += 2.0 * max(0, len(pitches) - _FINGERS)
    centre = (pitches[0] + pitches[-1]) / 2.0
    free = min((time - before[1]) / _REST, 1.0)
    # A hand that spans five keys or more does not move for a step.
    moved = max(0.0, abs(centre - before[0]) - 2.0)
    cost += _MOVE * moved * (1.0 - 0.7 * free)
    sign = 1.0 if hand == LEFT else -1.0
    cost += sum(_SIDE * max(0.0, sign * (pitch - _MIDDLE)) for pitch in pitches)
    cost += _HOME_WEIGHT * max(0.0, abs(centre - _HOME[hand]) - 12.0)
    # The hand's position follows from several notes, not only from the last.
    settled = centre if span >= 7 else 0.6 * centre + 0.4 * before[0]
    return cost, (round(settled), time)
