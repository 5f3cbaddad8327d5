"""Assigns each note of a recording to a player with a family, a line or chords, and a range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.lines import (
    MOST_LINES,
    local_pitch,
    notes_together,
    split_lines,
    usual_lines,
)
from amtstudio.symbolic.families import FAMILIES

Doubles = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

# Play one note at a time, so that notes that sound together are of several of them.
_LINES = np.array([name in ("strings", "winds", "brass", "voice") for name in FAMILIES])
_LOW_LINE = FAMILIES.index("bass")  # and of this there is one
_ROUNDS = 6
_SPREADS = 5.0, 9.0  # semitones around its mean pitch near by: of a line, and of who plays chords
_FARTHEST = 6.0  # nats
_TOGETHER = 2.5  # nats that each other note costs a line that sounds at the same time
_TRACK_COST, _COST_A_NOTE = 12.0, 0.3  # nats that a player explains better than the others
# Where hardly any notes sound together one player may have played them all: another costs more.
_ALONE, _RARELY = 3.0, 0.1  # times as much; notes beside others, as a share of all
_SMALLEST, _FEWEST = 0.03, 3  # share of the notes, and notes, that a player has at least
_NOBODY = -1e9


@dataclass(frozen=True)
class Seating:
    """The player of each note, shape (n_notes,), and the place in ``FAMILIES`` of each player.

    ``worth`` is in nats: how well they explain the notes, less what each player costs.
    """

    player: Indices
    families: Indices
    worth: float


def seat(
    scores: Doubles,
    onset: Doubles,
    offset: Doubles,
    pitch: Doubles,
    families: Indices,
    *,
    doubts: Doubles,
) -> Seating:
    """The best of some ways to part the notes: by families, and by lines that sound together.

    Of a quartet the lines are plain and the families are not; a line is then of the family that
    all its notes together are most like. Of a band the families part what the lines do not.

    Parameters
    ----------
    scores : np.ndarray, shape (n_notes, n_families)
        Logarithms of how likely each family plays each note.
    onset, offset, pitch : np.ndarray, shape (n_notes,)
        Sorted by onset.
    families : np.ndarray of int, shape (n_notes,)
        Where to begin from.
    doubts : np.ndarray, shape (n_families,)
        What a player of each costs more than others, as a share.
    """
    usual = usual_lines(onset, offset)
    together = notes_together(onset, offset)
    price = _ALONE if len(together[0]) < _RARELY * len(pitch) else 1.0
    beginnings = [families, np.zeros(len(pitch), np.int64)]
    if usual > 1:
        beginnings += [
            split_lines(onset, offset, pitch, n_lines)
            for n_lines in sorted({usual, min(usual + 1, MOST_LINES)})
        ]
    cost = price * (1.0 + doubts) * (_TRACK_COST + _COST_A_NOTE * len(pitch))
    found = [_settled(scores, onset, pitch, together, begin, cost) for begin in beginnings]
    return max(found, key=lambda seating: seating.worth)


def _settled(  # noqa: PLR0917
    scores: Doubles,
    onset: Doubles,
    pitch: Doubles,
    together: tuple[Indices, Indices],
    begin: Indices,
    cost: Doubles,
) -> Seating:
    """In turns, each player gets the family of its notes and each note the player it fits."""
    n_notes = len(pitch)
    player = np.unique(begin, return_inverse=True)[1].astype(np.int64)
    family = np.zeros(0, np.int64)
    fits = np.zeros((n_notes, 0))
    for turn in range(_ROUNDS):
        beside = _beside(player, together)
        family = _families_of(scores, player, beside)
        player, family = _merged(player, family)
        beside = _beside(player, together)
        fits = _fits(scores, onset, pitch, player, family, beside)
        chosen = fits.argmax(axis=1)
        if turn > 0 and (leaves := _leaving(fits, chosen, cost[family])) is not None:
            fits[:, leaves] = _NOBODY
            chosen = fits.argmax(axis=1)
        elif turn > 1 and np.array_equal(chosen, player):
            break
        player = chosen.astype(np.int64)
    used, player = np.unique(player, return_inverse=True)
    worth = float(fits.max(axis=1).sum() - cost[family[used]].sum())
    return Seating(player.astype(np.int64), family[used], worth)


def _beside(player: Indices, together: tuple[Indices, Indices]) -> Doubles:
    """How many notes of each player sound together with each note, (n_notes, n_players)."""
    counts = np.zeros((len(player), int(player.max()) + 1))
    for one, other in (together, together[::-1]):
        np.add.at(counts, (one, player[other]), 1.0)
    return counts


def _families_of(scores: Doubles, player: Indices, beside: Doubles) -> Indices:
    found = np.zeros(beside.shape[1], np.int64)
    for number in range(beside.shape[1]):
        own = player == number
        if own.any():
            total = scores[own].sum(axis=0)
            has_lines = _LINES.copy()
            has_lines[_LOW_LINE] = True
            found[number] = (total - has_lines * _TOGETHER * beside[own, number].sum()).argmax()
    return found


def _merged(player: Indices, family: Indices) -> tuple[Indices, Indices]:
    """A family that plays chords has one player; those without notes are removed."""
    first: dict[int, int] = {}
    to = np.arange(len(family))
    for number in np.unique(player).tolist():
        if not _LINES[family[number]]:
            to[number] = first.setdefault(int(family[number]), number)
    used, merged = np.unique(to[player], return_inverse=True)
    return merged.astype(np.int64), family[used]


def _fits(  # noqa: PLR0917
    scores: Doubles, onset: Doubles, pitch: Doubles, player: Indices, family: Indices,
    beside: Doubles,
) -> Doubles:  # fmt: skip
    fits = np.zeros((len(pitch), len(family)))
    for number, of in enumerate(family.tolist()):
        own = player == number
        is_line = bool(_LINES[of]) or of == _LOW_LINE
        spread = _SPREADS[0] if is_line else _SPREADS[1]
        usual = np.full(len(pitch), pitch[own].mean())
        away = (pitch - local_pitch(onset, pitch, own, onset, usual)) / spread
        fits[:, number] = scores[:, of] - np.log(spread) - np.minimum(0.5 * away**2, _FARTHEST)
        if is_line:
            fits[:, number] -= _TOGETHER * np.minimum(beside[:, number], 2.0)
    return fits


def _leaving(fits: Doubles, chosen: Indices, costs: Doubles) -> int | None:
    """The player that the others explain best, if it does not earn its place."""
    n_notes, n_players = fits.shape
    if n_players < 2:
        return None
    counts = np.bincount(chosen, minlength=n_players)
    ranked = np.partition(fits, -2, axis=1)
    gains = np.bincount(chosen, ranked[:, -1] - ranked[:, -2], minlength=n_players)
    few = counts < max(_FEWEST, _SMALLEST * n_notes)
    if not (few | (gains < costs)).any():
        return None
    return int(np.where(few, gains + _NOBODY, gains - costs).argmin())
