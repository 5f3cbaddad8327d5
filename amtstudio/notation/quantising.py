"""Notes moved towards the grid of the beats, for a sequencer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amtstudio.notation.grid import Doubles, Grid, choose_grid, falls_into_three, swing_of
from amtstudio.notation.pulse import pulse_of
from amtstudio.symbolic import NoteTable, Transcription

_SHORTEST_S = 0.01
_SAME = 1e-6  # of a beat


def quantised(
    transcription: Transcription, strength: float = 1.0, *, lengths: bool = False
) -> Transcription:
    """A copy whose onsets are drawn towards halves, quarters and triplets of the beats.

    Parameters
    ----------
    transcription : Transcription
        Without a tempo, the beats are estimated, and included in the copy.
    strength : float, 0 to 1
        1 puts every onset on the grid, 0 leaves it.
    lengths : bool
        Whether offsets are moved too; otherwise a note keeps its length.

    Raises
    ------
    ValueError
        If ``strength`` is not from 0 to 1.
    """
    if not 0.0 <= strength <= 1.0:
        raise ValueError(f"strength must be 0 to 1, got {strength}")
    notes = transcription.notes
    if not notes:
        return transcription
    tempo = transcription.tempo or pulse_of(notes)
    begin = tempo.to_beats(notes.onset)
    seconds = 60.0 / tempo.tempo
    swing = swing_of(begin, seconds)
    is_compound = tempo.is_compound or (swing == 0.5 and falls_into_three(begin, seconds))
    grid = choose_grid(begin, seconds, is_compound=is_compound, swing=swing)
    places = _repeats_apart(notes, grid, grid.nearest(begin), is_compound=is_compound)
    # Swing is kept, only evened out.
    onset = tempo.to_seconds(_swung(places, swing))
    onset = np.maximum(notes.onset + strength * (onset - notes.onset), 0.0)
    offset = onset + (notes.offset - notes.onset)
    if lengths:
        places = grid.nearest(tempo.to_beats(notes.offset), least=3 if is_compound else 4)
        end = tempo.to_seconds(_swung(places, swing))
        offset = notes.offset + strength * (end - notes.offset)
        # Never a note with no length: one shorter than half a step keeps the length it has.
        offset = np.where(offset > onset + _SHORTEST_S, offset, onset + notes.offset - notes.onset)
    offset = np.maximum(offset, onset + _SHORTEST_S)
    bends = None if notes.bends is None else notes.bends.until(offset - onset)
    moved = replace(notes, onset=onset, offset=offset, bends=bends)
    return replace(transcription, notes=moved.in_order(), tempo=tempo)


def _repeats_apart(notes: NoteTable, grid: Grid, places: Doubles, *, is_compound: bool) -> Doubles:
    """Places in beats, where of two strokes of a key on one place the later has the next one.

    On one place a file would hold a single note: a flam or a mordent would lose one.
    """
    apart = places.copy()
    latest: dict[tuple[int, int], float] = {}
    for row, key in enumerate(zip(notes.track.tolist(), notes.pitch.tolist(), strict=True)):
        at = float(apart[row])
        former = latest.get(key, -np.inf)
        if at <= former + _SAME:
            in_threes = not is_compound and grid.parts.get(int(np.floor(former)), 1) in (3, 6)
            at = former + (1 / 12 if is_compound else 1 / 6 if in_threes else 1 / 8)
        latest[key] = apart[row] = at
    return apart


def _swung(positions: Doubles, swing: float) -> Doubles:
    beat = np.floor(positions)
    return np.asarray(beat + np.interp(positions - beat, [0.0, 0.5, 1.0], [0.0, swing, 1.0]))
