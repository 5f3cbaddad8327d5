"""One note, one press of the pedal."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeAlias

import numpy as np

from amtstudio.symbolic.tracks import PIANO, Track

# Seconds from the onset and cents against the pitch, in order of time.
Bend: TypeAlias = tuple[tuple[float, float], ...]


class NoteState(StrEnum):
    """The origin of a note, and the user's decision about it."""

    MODEL = "model"  # the model, and the user has said nothing
    CANDIDATE = "candidate"  # the model, but below the threshold
    ACCEPTED = "accepted"  # the model, and the user agreed
    EDITED = "edited"  # the model, and the user corrected it
    ADDED = "added"  # the user alone
    REJECTED = "rejected"  # the model, and the user said it is wrong
    DROPPED = "dropped"  # the model; it went with its track, which says nothing about the note

    @property
    def sounds(self) -> bool:
        """Whether a note in this state belongs to the transcription."""
        return self is not NoteState.CANDIDATE and not self.is_gone

    @property
    def is_gone(self) -> bool:
        """Whether the user has taken the note away."""
        return self is NoteState.REJECTED or self is NoteState.DROPPED

    @property
    def is_users(self) -> bool:
        """Whether the user has decided on the note."""
        return self is not NoteState.MODEL and self is not NoteState.CANDIDATE


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note. Times are seconds from the start of the audio."""

    onset: float
    offset: float
    pitch: int  # MIDI note number, 60 = C4
    velocity: int = 80  # MIDI, 1 to 127
    confidence: float = 1.0  # in [0, 1]; 1 for notes read from a file or set by hand
    track: Track = PIANO
    bend: Bend = ()  # empty: the pitch is constant

    def __post_init__(self) -> None:
        if (
            0.0 <= self.onset < self.offset < math.inf
            and 0 <= self.pitch <= 127
            and 1 <= self.velocity <= 127
            and 0.0 <= self.confidence <= 1.0
            and not self.bend
        ):
            return  # nearly always: asked at once, it takes half of the time
        _check_span(self.onset, self.offset)
        if not 0 <= self.pitch <= 127:
            raise ValueError(f"pitch must be 0 to 127, got {self.pitch}")
        if not 1 <= self.velocity <= 127:
            raise ValueError(f"velocity must be 1 to 127, got {self.velocity}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must lie in [0, 1], got {self.confidence}")
        if self.bend:
            _check_bend(self.bend)

    @property
    def duration(self) -> float:
        return self.offset - self.onset

    def between(self, onset: float, offset: float) -> Note:
        """The same note with other ends; its bend between them stays in its place."""
        bend = cut_bend(self.bend, onset - self.onset, offset - self.onset)
        return replace(self, onset=onset, offset=offset, bend=bend)


@dataclass(frozen=True, slots=True, order=True)
class Pedal:
    """The sustain pedal of a track held down from ``onset`` to ``offset``, in seconds."""

    onset: float
    offset: float
    track: Track = PIANO

    def __post_init__(self) -> None:
        _check_span(self.onset, self.offset)


def bend_at(bend: Bend, seconds: float) -> float:
    """Cents against the pitch of the note, ``seconds`` after its onset; straight between points.

    Before the first point and after the last one the contour is constant, as in playback.
    """
    if not bend:
        return 0.0
    times, cents = zip(*bend, strict=True)
    return float(np.interp(seconds, times, cents))


def cut_bend(bend: Bend, begin: float, end: float) -> Bend:
    """The part of a contour between two times, in seconds from its onset, counted from ``begin``.

    If a line between two points is cut, there is a point at the cut.
    """
    if not bend:
        return ()
    inner = [(second, cents) for second, cents in bend if begin <= second <= end]
    if bend[0][0] < begin and (not inner or inner[0][0] > begin):
        inner.insert(0, (begin, bend_at(bend, begin)))
    if bend[-1][0] > end and (not inner or inner[-1][0] < end):
        inner.append((end, bend_at(bend, end)))
    return tuple((second - begin, cents) for second, cents in inner)


def _check_span(onset: float, offset: float) -> None:
    if not (0.0 <= onset < offset and math.isfinite(offset)):
        raise ValueError(f"need 0 <= onset < offset < infinity, got {onset} and {offset}")


def _check_bend(bend: Bend) -> None:
    last = -math.inf
    for seconds, cents in bend:
        if not (0.0 <= seconds < math.inf and last < seconds and math.isfinite(cents)):
            raise ValueError(f"need seconds that grow from 0 and finite cents, got {bend}")
        last = seconds
