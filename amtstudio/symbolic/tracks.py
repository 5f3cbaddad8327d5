"""Tracks: who plays a note, as a sequencer and a notation program know it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from amtstudio.symbolic.general_midi import is_drums, program_of


class TrackKind(StrEnum):
    PITCHED = "pitched"
    DRUMS = "drums"  # a pitch is a piece of the kit, as General MIDI numbers them


@dataclass(frozen=True, slots=True, order=True)
class Track:
    """One part of the music. Two tracks are the same where all three fields are."""

    name: str = "piano"
    program: int = 0  # of General MIDI level 1, counted from 0; without meaning for drums
    kind: TrackKind = TrackKind.PITCHED

    def __post_init__(self) -> None:
        if not 0 <= self.program <= 127:
            raise ValueError(f"program must be 0 to 127, got {self.program}")

    @classmethod
    def named(cls, name: str) -> Track:
        """The track that the name of an instrument stands for, such as ``guitar`` or ``drums``."""
        return _named(name)

    @property
    def is_drums(self) -> bool:
        return self.kind is TrackKind.DRUMS

    @property
    def is_plain(self) -> bool:
        """Whether its name says all that there is to it."""
        named = _named(self.name)
        return self is named or self == named


@lru_cache(maxsize=256)
def _named(name: str) -> Track:
    if is_drums(name):
        return Track(name, 0, TrackKind.DRUMS)
    return Track(name, program_of(name))


PIANO = Track.named("piano")
