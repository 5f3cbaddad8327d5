"""Where in the score the user wants notes: in which hand, in which voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

RIGHT_HAND, LEFT_HAND = 1, 2  # as staves, the upper one first
UPPER_VOICE, LOWER_VOICE = 1, 2


@dataclass(frozen=True, slots=True)
class StaffPlace:
    """The hand and the voice of a note; None: as the program finds them.

    Raises
    ------
    ValueError
        If one of them is neither 1, 2 nor None.
    """

    hand: int | None = None
    voice: int | None = None

    def __post_init__(self) -> None:
        if self.hand not in (None, RIGHT_HAND, LEFT_HAND):
            raise ValueError(f"hand must be 1 or 2, got {self.hand}")
        if self.voice not in (None, UPPER_VOICE, LOWER_VOICE):
            raise ValueError(f"voice must be 1 or 2, got {self.voice}")


StaffPlaces = Mapping[int, StaffPlace]  # by the ids of the notes
NO_PLACES: StaffPlaces = MappingProxyType({})
