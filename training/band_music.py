"""The parts of a piece for a band: lines, held chords, the four voices of a quartet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Notes = npt.NDArray[np.float64]  # (n_notes, 4): onset, offset in seconds, pitch, velocity

TOGETHER_S = 0.04  # onsets closer than this are one chord
_SHORTEST_S = 0.08
_LONGEST_S = 3.0
_VOICES = 4


def excerpt(notes: Notes, start: float, seconds: float) -> Notes:
    """The notes that begin within ``seconds`` of ``start``, times from there."""
    inside = notes[(notes[:, 0] >= start) & (notes[:, 0] < start + seconds)].copy()
    inside[:, :2] -= start
    inside[:, 1] = np.minimum(inside[:, 1], seconds)
    return inside[inside[:, 1] - inside[:, 0] > _SHORTEST_S / 2]


def line(notes: Notes, *, is_lowest: bool = False) -> Notes:
    """One note at a time: the highest or lowest of each chord, each until the next begins."""
    sign = 1.0 if is_lowest else -1.0
    chosen = [group[np.argmin(sign * group[:, 2])] for group in _groups(notes)]
    return _one_at_a_time(np.array(chosen).reshape(-1, 4))


def voices(notes: Notes) -> list[Notes]:
    """Four voices from chords, the highest first: each takes the note nearest to its last.

    Of fewer notes than voices the outer voices have the outer notes.
    """
    found: list[list[Notes]] = [[] for _ in range(_VOICES)]
    last = np.array([74.0, 67.0, 60.0, 50.0])
    for group in _groups(notes):
        ordered = group[np.argsort(-group[:, 2])]
        if len(ordered) >= _VOICES:
            inner = ordered[1:-1]
            alto = int(np.argmin(np.abs(inner[:-1, 2] - last[1])))
            tenor = alto + 1 + int(np.argmin(np.abs(inner[alto + 1 :, 2] - last[2])))
            rows = {0: ordered[0], 1: inner[alto], 2: inner[tenor], 3: ordered[-1]}
        else:
            rows, free = {}, list(range(_VOICES))
            for row in ordered:
                voice = min(free, key=lambda number: abs(last[number] - row[2]))
                rows[voice] = row
                free = [number for number in free if number > voice]
                if not free:
                    break
        for voice, row in rows.items():
            found[voice].append(row)
            last[voice] = row[2]
    return [_one_at_a_time(np.array(rows).reshape(-1, 4)) for rows in found]


def held_chords(notes: Notes, *, every: float, n_notes: int) -> Notes:
    """What sounds at each beat, as a chord of up to ``n_notes`` that is held until the next."""
    if not len(notes):
        return notes
    rows = []
    for beat in np.arange(0.0, float(notes[:, 1].max()), every):
        sounding = notes[(notes[:, 0] < beat + every / 2) & (notes[:, 1] > beat)]
        rows += [
            (beat, beat + 0.95 * every, pitch, float(sounding[:, 3].mean()))
            for pitch in np.unique(sounding[:, 2])[-n_notes:]
        ]
    return np.array(rows).reshape(-1, 4)


def fitted(notes: Notes, lowest: int, highest: int) -> Notes:
    """As a whole moved by octaves into a range; what lies outside still is moved note by note."""
    if not len(notes):
        return notes
    moved = notes.copy()
    middle = (lowest + highest) / 2.0
    at = float(np.median(moved[:, 2]))
    if not lowest + 3 <= at <= highest - 3:
        moved[:, 2] += 12.0 * np.round((middle - at) / 12.0)
    moved[:, 2] += 12.0 * np.ceil(np.maximum(lowest - moved[:, 2], 0.0) / 12.0)
    moved[:, 2] -= 12.0 * np.ceil(np.maximum(moved[:, 2] - highest, 0.0) / 12.0)
    return moved


def _groups(notes: Notes) -> list[Notes]:
    if not len(notes):
        return []
    ordered = notes[np.argsort(notes[:, 0], kind="stable")]
    return np.split(ordered, np.flatnonzero(np.diff(ordered[:, 0]) > TOGETHER_S) + 1)


def _one_at_a_time(notes: Notes) -> Notes:
    if len(notes) < 2:
        return notes
    cut = notes.copy()
    cut[:-1, 1] = np.minimum(cut[:-1, 1], cut[1:, 0])
    cut[:, 1] = np.minimum(cut[:, 1], cut[:, 0] + _LONGEST_S)
    return cut[cut[:, 1] - cut[:, 0] > _SHORTEST_S]
