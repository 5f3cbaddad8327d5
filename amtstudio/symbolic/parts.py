"""A part of a transcription."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amtstudio.symbolic.note_table import NoteTable
from amtstudio.symbolic.notes import Pedal
from amtstudio.symbolic.transcription import Transcription

_SHORTEST_S = 1e-3  # what is left of a press at an edge must be worth writing


def part_of(
    transcription: Transcription, begin: float, end: float, *, from_zero: bool = False
) -> Transcription:
    """The part from ``begin`` to ``end``, in seconds.

    The notes that begin in it, cut off at its end, and the part of each pedal press within it.
    With ``from_zero`` times count from ``begin``, else from the start of the recording as before.

    Raises
    ------
    ValueError
        If ``end`` is not behind ``begin``, or ``begin`` is negative.
    """
    if not 0.0 <= begin < end:
        raise ValueError(f"need 0 <= begin < end, got {begin} and {end}")
    shift = begin if from_zero else 0.0
    notes = transcription.notes.take(
        (transcription.notes.onset >= begin) & (transcription.notes.onset < end)
    )
    pedals = tuple(
        _cut(pedal, begin, end, shift)
        for pedal in transcription.pedals
        if min(pedal.offset, end) - max(pedal.onset, begin) >= _SHORTEST_S
    )
    duration = max(min(transcription.duration, end) - shift, 0.0)
    tempo = None if transcription.tempo is None else transcription.tempo.shifted(-shift)
    return replace(
        transcription,
        notes=_cut_notes(notes, end, shift),
        pedals=pedals,
        duration=duration,
        tempo=tempo,
    )


def _cut_notes(notes: NoteTable, end: float, shift: float) -> NoteTable:
    # A note that begins at the very edge keeps a length.
    shortest = notes.onset + np.minimum(_SHORTEST_S, notes.offset - notes.onset)
    offset = np.maximum(np.minimum(notes.offset, end), shortest)
    bends = None if notes.bends is None else notes.bends.until(offset - notes.onset)
    return replace(notes, onset=notes.onset - shift, offset=offset - shift, bends=bends)


def _cut(pedal: Pedal, begin: float, end: float, shift: float) -> Pedal:
    onset, offset = max(pedal.onset, begin), min(pedal.offset, end)
    return replace(pedal, onset=onset - shift, offset=offset - shift)
