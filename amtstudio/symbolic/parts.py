"""A part of a transcription."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from amtstudio.symbolic.notes import Note, Pedal
from amtstudio.symbolic.transcription import Transcription

Event = TypeVar("Event", Note, Pedal)

_SHORTEST_S = 1e-3  # what is left of a press at an edge must be worth writing


def part_of(
    transcription: Transcription, begin: float, end: float, *, from_zero: bool = False
) -> Transcription:
    """What happens from ``begin`` to ``end``, in seconds.

    The notes that begin in it, cut off at its end, and what of each press of the pedal lies in it.
    With ``from_zero`` times count from ``begin``, else from the start of the recording as before.

    Raises
    ------
    ValueError
        If ``end`` is not behind ``begin``, or ``begin`` is negative.
    """
    if not 0.0 <= begin < end:
        raise ValueError(f"need 0 <= begin < end, got {begin} and {end}")
    shift = begin if from_zero else 0.0
    notes = tuple(
        _cut(note, begin, end, shift) for note in transcription.notes if begin <= note.onset < end
    )
    pedals = tuple(
        _cut(pedal, begin, end, shift)
        for pedal in transcription.pedals
        if min(pedal.offset, end) - max(pedal.onset, begin) >= _SHORTEST_S
    )
    duration = max(min(transcription.duration, end) - shift, 0.0)
    return replace(transcription, notes=notes, pedals=pedals, duration=duration)


def _cut(event: Event, begin: float, end: float, shift: float) -> Event:
    onset = max(event.onset, begin)
    # A note that begins at the very edge keeps a length.
    offset = max(min(event.offset, end), onset + min(_SHORTEST_S, event.offset - event.onset))
    return replace(event, onset=onset - shift, offset=offset - shift)
