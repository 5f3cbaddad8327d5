"""The player's requested state, as one value that threads pass as a whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amtstudio.symbolic import NO_NOTES, Note, NoteTable, Pedal, TempoMap


@dataclass(frozen=True, slots=True)
class Wanted:
    """The requested state; the worker thread builds it when ``revision`` has grown."""

    audio: Path | None = None
    notes: NoteTable = NO_NOTES
    pedals: tuple[Pedal, ...] = ()
    tempo: TempoMap | None = None  # of the metronome
    speed: float = 1.0
    loop: tuple[float, float] | None = None
    is_playing: bool = False
    target: float | None = None  # seconds, to seek to; None: go on where it is
    clicked: tuple[Note, ...] = ()  # notes to be played once
    load: int = 0  # counts the calls of ``load``
    revision: int = 0
