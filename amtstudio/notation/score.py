"""The elements of a score, before it is written in any format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amtstudio.notation.bars import Bars
from amtstudio.symbolic import Track


class Spelling(NamedTuple):
    """A pitch by its name: F sharp 4 is ``("F", 1, 4)``."""

    step: str
    alter: int
    octave: int


@dataclass(frozen=True, slots=True)
class ScoreNote:
    """A written note as a whole: it is split into tied notes at bar lines when it is drawn.

    ``onset`` and ``offset`` are divisions of a quarter from the start of the first bar.
    """

    row: int  # of the notes of the transcription
    onset: int
    offset: int
    pitch: int
    velocity: int
    spelling: Spelling
    staff: int = 1  # counted from 1 at the top
    voice: int = 1  # of its staff, 1 or 2
    string: int = 0  # of a tablature, counted from 1 at the highest; 0: none
    fret: int = 0
    bends: tuple[float, ...] = ()  # of the string, in semitones, see ``string_bends``


@dataclass(frozen=True, slots=True)
class Mark:
    """Something between the notes: ``pp`` to ``ff``, ``pedal down``, ``pedal up``, ``swing``."""

    onset: int  # in divisions
    text: str


@dataclass(frozen=True, slots=True)
class Part:
    """The part of one track. ``n_staves`` is 2 for two hands."""

    track: Track
    notes: tuple[ScoreNote, ...]  # sorted by onset and pitch
    n_staves: int
    fifths: int  # of the key signature: sharps, or negative, flats
    mode: str  # "major" or "minor"
    clefs: tuple[str, ...]  # for each staff: "G", "F", "percussion" or "TAB"
    marks: tuple[Mark, ...] = ()
    tuning: tuple[int, ...] = ()  # open strings of a tablature, the lowest first
    capo: int = 0  # its fret; 0: none


@dataclass(frozen=True, slots=True)
class Score:
    """Parts over common bars.

    ``tempo`` is quarters a minute; ``title`` may be empty.
    """

    parts: tuple[Part, ...]
    bars: Bars
    tempo: float
    title: str = ""
