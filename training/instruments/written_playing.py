"""Written music as it may be played: solo guitars, and the parts of string quartets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.instruments.phrases import Role, within

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from training.instruments.written_music import WrittenPiece

    Notes = npt.NDArray[np.float64]  # (n_notes, 4): onset, offset in seconds, pitch, velocity
    Rows = npt.NDArray[np.float64]  # (n_notes, 6), as in ``WrittenPiece``

_SHORTEST_S = 0.06
_TOGETHER_S = 0.003  # written onsets closer than this are one chord
_PICKED = 11.0  # notes a second
_QUICK = 0.1  # quantile of the gaps between a part's onsets: its fast notes
_FEWEST_NOTES = 4
_LEAST_FILLED = 0.7  # of a passage, before the piece ends
_TRIES = 12
_CAPO = 5  # fret, at most
_GAP_S = 0.004  # between two notes on one string


def guitar_solo(
    pieces: Sequence[WrittenPiece],
    rng: np.random.Generator,
    *,
    lowest: int,
    highest: int,
    seconds: float,
) -> Notes:
    """A passage of a piece for guitar, plucked by somebody's fingers.

    The tempo differs and wanders; chords are plucked together, or from the bass up one string after
    the other; the upper voice, or the thumb, is brought out. On a string a note lasts at most until
    the next one there; some players let strings ring for longer than is written.

    Returns
    -------
    np.ndarray, shape (n_notes, 5)
        Onset and offset in seconds from the start, pitch, velocity, string; sorted by onset.
    """
    for _ in range(_TRIES):
        rows = _passage(pieces[int(rng.integers(len(pieces)))].notes, rng, seconds, _PICKED)
        if len(rows) >= _FEWEST_NOTES:
            break
    rows = _in_reach(rows, rng, lowest, highest)
    chord = np.cumsum(np.diff(rows[:, 0], prepend=-np.inf) > _TOGETHER_S) - 1
    n_chords = int(chord[-1]) + 1 if len(chord) else 0
    rows[:, :2] += _rubato(rows[:, :2], rng)
    written_s = rows[:, 1] - rows[:, 0]
    rank, size = _places_in_chords(rows[:, 2], chord)
    is_rolled = (rng.random(n_chords) < rng.choice([0.0, 0.08, 0.5]))[chord] & (size > 2)
    gap_s = np.where(is_rolled, rng.uniform(0.01, 0.045, n_chords)[chord], rng.uniform(0.0, 0.003))
    rows[:, 0] += rng.normal(0.0, rng.uniform(0.002, 0.012), n_chords)[chord] + gap_s * rank
    rows[:, 0] = np.maximum(rows[:, 0] + np.abs(rng.normal(0.0, 0.0015, len(rows))), 0.0)
    rows[:, 1] = rows[:, 0] + written_s * _held(len(rows), rng)
    rings = rng.random(len(rows)) < rng.choice([0.0, 0.3, 0.7, 1.0])
    longest = rows[:, 0] + np.exp(rng.uniform(np.log(0.4), np.log(4.0), len(rows)))
    rows[:, 1] = np.where(rings, np.maximum(rows[:, 1], longest), rows[:, 1])
    velocity = _dynamics(rows, rng)
    velocity += np.where(rank == size - 1, rng.uniform(0.0, 16.0), 0.0)
    velocity += np.where((rank == 0) & (size > 1), rng.uniform(-6.0, 10.0), 0.0)
    rows[:, 3] = np.clip(velocity, 16, 126)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    _one_at_a_time(rows, rows[:, 5])
    return rows[:, (0, 1, 2, 3, 5)]


def quartet_parts(
    pieces: Sequence[WrittenPiece],
    rng: np.random.Generator,
    n_parts: int,
    *,
    seconds: float,
    fastest: float,
) -> list[Notes]:
    """A passage of a quartet for ``n_parts`` of its players, the highest first, as written.

    Only the tempo is another one, and wanders; no part has much more than ``fastest`` notes a
    second.
    """
    for _ in range(_TRIES):
        piece = pieces[int(rng.integers(len(pieces)))]
        rows = _passage(piece.notes, rng, seconds, fastest)
        chosen = np.sort(rng.choice(piece.n_parts, min(n_parts, piece.n_parts), replace=False))
        parts = [rows[rows[:, 4] == part] for part in chosen]
        if min(map(len, parts)) >= _FEWEST_NOTES:
            break
    rows[:, :2] += _rubato(rows[:, :2], rng)
    rows[:, 2] += rng.integers(-4, 5)
    return [rows[rows[:, 4] == part, :4] for part in chosen]


def quartet_player(part: Notes, role: Role, rng: np.random.Generator, *, apart_s: float) -> Notes:
    """A part as one player plays it, ``apart_s`` from the others (standard deviation).

    Moved by octaves into the player's range; double stops only where the role has several voices.
    """
    notes = within(part, role)
    if not len(notes):
        return notes
    notes[:, 3] = np.clip(_dynamics(notes, rng), 20, 126)
    written_s = notes[:, 1] - notes[:, 0]
    if role.n_voices == 1:
        order = np.lexsort((notes[:, 2], np.round(notes[:, 0], 3)))
        notes, written_s = notes[order], written_s[order]
        is_top = np.diff(notes[:, 0], append=np.inf) > _TOGETHER_S
        notes, written_s = notes[is_top], written_s[is_top]
    moved = rng.normal(0.0, apart_s, len(notes)).clip(-0.05, 0.05)
    notes[:, 0] = np.maximum(notes[:, 0] + moved, 0.0)
    notes[:, 1] = notes[:, 0] + written_s * _held(len(notes), rng)
    notes = notes[np.argsort(notes[:, 0], kind="stable")]
    _one_at_a_time(notes, np.zeros(len(notes)) if role.n_voices == 1 else notes[:, 2])
    return notes


def _passage(rows: Rows, rng: np.random.Generator, seconds: float, fastest: float) -> Rows:
    """Some seconds at another tempo, slower where a part would be too fast."""
    tempo = float(np.exp(rng.uniform(np.log(0.75), np.log(1.4))))
    latest = max(rows[-1, 0] - _LEAST_FILLED * seconds * tempo, rows[0, 0])
    begin = min(rows[int(rng.integers(len(rows))), 0], latest) - rng.uniform(0.0, 0.5)
    first, last = np.searchsorted(rows[:, 0], (begin, begin + seconds * tempo))
    passage: Rows = rows[first:last].copy()
    for part in np.unique(passage[:, 4]):
        gaps = np.diff(passage[passage[:, 4] == part, 0])
        gaps = gaps[gaps > _TOGETHER_S]
        if len(gaps):
            tempo = min(tempo, fastest * float(np.quantile(gaps, _QUICK)))
    passage[:, :2] = (passage[:, :2] - begin) / tempo
    return passage[passage[:, 0] < seconds]


def _rubato(times: Rows, rng: np.random.Generator) -> Rows:
    """What is to be added to times, so that the tempo comes and goes in waves."""
    depth, period = rng.uniform(0.0, 0.1), rng.uniform(2.5, 9.0)
    wave: Rows = np.sin(2 * np.pi * times / period + rng.uniform(0.0, 2 * np.pi))
    return depth * period / (2 * np.pi) * wave


def _in_reach(rows: Rows, rng: np.random.Generator, lowest: int, highest: int) -> Rows:
    """With a capo, or none, and within the range of the instrument."""
    rows = rows.copy()
    if not len(rows):
        return rows
    if rng.random() < 0.5:
        rows[:, 2] += rng.integers(-2, _CAPO + 1)
    below = lowest - rows[:, 2].min()
    if below > 0:
        rows[:, 2] += below if below <= _CAPO else 12 * np.ceil(below / 12)
    above = np.maximum(rows[:, 2] - highest, 0)
    rows[:, 2] -= 12 * np.ceil(above / 12)
    return rows


def _places_in_chords(
    pitches: npt.NDArray[np.float64], chord: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each note how many of its chord are lower, and how many notes the chord has."""
    if not len(chord):
        return chord, chord
    size = np.bincount(chord)
    first = np.cumsum(size) - size
    rank = np.empty(len(chord), dtype=np.int64)
    rank[np.lexsort((pitches, chord))] = np.arange(len(chord))
    return rank - first[chord], size[chord]


def _held(count: int, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Of its written length, how much of each note is held."""
    share = rng.choice([0.45, 0.75, 0.92, 1.0], p=[0.1, 0.2, 0.35, 0.35])
    held: npt.NDArray[np.float64] = share * rng.normal(1.0, 0.06, count)
    return held


def _one_at_a_time(notes: Notes, lanes: npt.NDArray[np.float64]) -> None:
    """In place: a note ends before the next of its lane (string, key, player) begins."""
    notes[:, 1] = np.maximum(notes[:, 1], notes[:, 0] + _SHORTEST_S)
    for lane in np.unique(lanes):
        same = np.flatnonzero(lanes == lane)
        notes[same[:-1], 1] = np.minimum(notes[same[:-1], 1], notes[same[1:], 0] - _GAP_S)
    notes[:, 1] = np.maximum(notes[:, 1], notes[:, 0] + _GAP_S)


def _dynamics(notes: Notes, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Velocities: those written to a degree, swelling, and no two alike."""
    if not len(notes):
        return notes[:, 3]
    written = (notes[:, 3] - notes[:, 3].mean()) * rng.uniform(0.4, 1.0)
    wave = np.sin(2 * np.pi * notes[:, 0] / rng.uniform(3, 10) + rng.uniform(0.0, 2 * np.pi))
    velocity: npt.NDArray[np.float64] = rng.uniform(45.0, 100.0) + written
    velocity += rng.uniform(0.0, 14.0) * wave
    return velocity + rng.normal(0.0, 5.0, len(notes))
