"""The events of a live decoder, and how soon they are emitted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from amtstudio.symbolic import PIANO, Track

Kind = Literal["provisional", "confirmed", "ended", "withdrawn"]
_IDS_OF_A_STREAM = 1 << 40


@dataclass(frozen=True, slots=True)
class LiveEvent:
    """Something said about a note while the music plays.

    A note is announced as ``provisional`` or, if it is certain at once, directly as ``confirmed``.
    A provisional note becomes confirmed or is ``withdrawn``; a confirmed one is ``ended`` some time
    later, and never withdrawn.

    Attributes
    ----------
    kind : str
    id : int
        The same in all events of one note.
    pitch : int
        MIDI, 60 = C4.
    onset : float, seconds
        Of the stream. That of the confirmed note is final.
    velocity : int
        MIDI, 1 to 127.
    confidence : float
        Onset score, in [0, 1], at the moment of the decision.
    stream_time : float, seconds
        How much audio was needed for this decision.
    offset : float, seconds, or None
        Of an ended note.
    track : Track
        Of a drum track the note is a hit, and its pitch a drum.
    """

    kind: Kind
    id: int
    pitch: int
    onset: float
    velocity: int
    confidence: float
    stream_time: float
    offset: float | None = None
    track: Track = PIANO

    def in_take(self, stream: int, begin: float) -> LiveEvent:
        """The same in a take of several streams, of which this one began ``begin`` s into it."""
        return replace(
            self,
            id=self.id + stream * _IDS_OF_A_STREAM,
            onset=self.onset + begin,
            stream_time=self.stream_time + begin,
            offset=None if self.offset is None else self.offset + begin,
        )


@dataclass(frozen=True, slots=True)
class LiveSettings:
    """How soon a note is accepted.

    The defaults come from four recordings at 32 ms to a frame: with three frames of look-ahead the
    notes are as good as with all of the future, with one frame nearly so.

    Attributes
    ----------
    announce_frames : int
        Frames after the onset that must be there for a provisional note.
    confirm_frames : int
        Those for a confirmed one.
    give_up_frames : int
        An onset that is not confirmed when this many have come is none.
    provisional_threshold : float
        Lowest onset score of a provisional note, unless that of the decoding is higher: with
        little look-ahead the score is less sure.
    """

    announce_frames: int = 1
    confirm_frames: int = 3
    give_up_frames: int = 8
    provisional_threshold: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.announce_frames <= self.confirm_frames < self.give_up_frames:
            raise ValueError(f"need announce <= confirm < give up, none negative, got {self}")
        if not 0.0 <= self.provisional_threshold <= 1.0:
            raise ValueError(
                f"provisional_threshold must lie in [0, 1], got {self.provisional_threshold}"
            )
