"""Notes moved towards the grid of the beats, for a sequencer."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amtstudio.notation.grid import Doubles, choose_grid, falls_into_three, swing_of
from amtstudio.notation.pulse import pulse_of
from amtstudio.symbolic import NoteTable, Transcription

_SHORTEST_S = 0.01


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
    grid = choose_grid(
        begin,
        seconds,
        is_compound=tempo.is_compound or (swing == 0.5 and falls_into_three(begin, seconds)),
        swing=swing,
    )
    # Swing is kept, only evened out.
    onset = tempo.to_seconds(_swung(grid.nearest(begin), swing))
    onset = np.maximum(notes.onset + strength * (onset - notes.onset), 0.0)
    onset = _repeats_apart(notes, onset)
    offset = onset + (notes.offset - notes.onset)
    if lengths:
        end = tempo.to_seconds(_swung(grid.nearest(tempo.to_beats(notes.offset), finest=4), swing))
        offset = notes.offset + strength * (end - notes.offset)
        # Never a note with no length: one shorter than half a step keeps the length it has.
        offset = np.where(offset > onset + _SHORTEST_S, offset, onset + notes.offset - notes.onset)
    offset = np.maximum(offset, onset + _SHORTEST_S)
    bends = None if notes.bends is None else notes.bends.until(offset - onset)
    moved = replace(notes, onset=onset, offset=offset, bends=bends)
    return replace(transcription, notes=moved.in_order(), tempo=tempo)


def _repeats_apart(notes: NoteTable, onset: Doubles) -> Doubles:
    """Onsets, with strokes of one key that fall on one place as far apart as they were played.

    On one place a file would hold a single note: a flam or a mordent would lose one.
    """
    apart = onset.copy()
    latest: dict[tuple[int, int], int] = {}
    for row, key in enumerate(zip(notes.track.tolist(), notes.pitch.tolist(), strict=True)):
        former = latest.get(key)
        if former is not None:
            played = float(notes.onset[row] - notes.onset[former])
            if apart[row] < apart[former] + min(played, _SHORTEST_S):
                apart[row] = apart[former] + played
        latest[key] = row
    return apart


def _swung(positions: Doubles, swing: float) -> Doubles:
    beat = np.floor(positions)
    return np.asarray(beat + np.interp(positions - beat, [0.0, 0.5, 1.0], [0.0, swing, 1.0]))
