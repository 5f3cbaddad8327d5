"""Ornaments, which scores write as signs and players play as notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.beats.pieces import BeatPiece, Doubles

_SHORTEST_S = 0.22  # of a note that gets one
_WAYS = ("trill", "mordent", "turn", "grace note")


def ornamented(piece: BeatPiece, rng: np.random.Generator) -> BeatPiece:
    """Written music with ornaments on some of its longer notes.

    Most are in the highest voice; how many there are differs from piece to piece.
    """
    notes = piece.notes
    share = float(rng.uniform(0.02, 0.3))
    first_of = np.searchsorted(notes[:, 0], notes[:, 0] - 0.02)
    last_of = np.searchsorted(notes[:, 0], notes[:, 0] + 0.02)
    spans = zip(first_of.tolist(), last_of.tolist(), strict=True)
    is_highest = np.array([notes[a:b, 2].max() for a, b in spans]) == notes[:, 2]
    chance = share * np.where(is_highest, 1.0, 0.15)
    chance[(notes[:, 1] - notes[:, 0] < _SHORTEST_S) | (notes[:, 4] > 0)] = 0.0
    chosen = rng.random(len(notes)) < chance
    played = [notes[~chosen], *(_ornament(note, rng) for note in notes[chosen])]
    rows = np.concatenate(played)
    return replace(piece, notes=rows[np.argsort(rows[:, 0], kind="stable")])


def _ornament(note: Doubles, rng: np.random.Generator) -> Doubles:
    """The notes that are played for one, shape (n_notes, 5)."""
    onset, offset, pitch, velocity, _ = note.tolist()
    step, above, below = 1.0 / rng.uniform(8.0, 14.0), int(rng.choice((1, 2))), 1
    way = str(rng.choice(_WAYS, p=(0.4, 0.25, 0.1, 0.25)))
    if way == "trill":
        count = max(2, int((offset - onset) * rng.uniform(0.5, 1.0) / step) // 2 * 2)
        moves = [above, 0] * (count // 2)
    elif way == "mordent":
        moves = [0, int(rng.choice((above, -below))), 0]
    elif way == "turn":
        moves = [above, 0, -below, 0]
    else:
        moves = [int(rng.choice((above, -below, -above))), 0]
    onsets = onset + step * np.arange(len(moves))
    if way == "grace note" and rng.random() < 0.5:  # before the beat
        onsets = onsets - step
    ends = np.append(onsets[1:], max(offset, onsets[-1] + step))
    kept = onsets < offset - 0.02
    rows = np.zeros((len(moves), 5))
    rows[:, 0], rows[:, 1], rows[:, 2] = onsets, ends, pitch + np.array(moves)
    rows[:, 3] = velocity * np.append(1.0, np.full(len(moves) - 1, 0.9))
    told: Doubles = rows[kept]
    return told
