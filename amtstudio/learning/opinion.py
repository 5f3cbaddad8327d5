"""The notes that a teacher found in a recording, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

_MARGIN = 0.15  # about the threshold of a model, within which it is not sure
_SUREST, _LEAST_SURE = 0.95, 0.02


@dataclass(frozen=True, slots=True)
class TeacherNote:
    """A note that a teacher may have found, with its confidence in [0, 1]."""

    onset: float  # seconds
    offset: float
    pitch: int
    sureness: float


class Verdict(StrEnum):
    """What is done with a note that a teacher may have found."""

    TAKEN = "taken"  # taught as a note
    IGNORED = "ignored"  # excluded from the labels
    NOT_TAKEN = "not-taken"  # taught as silence is


@dataclass(frozen=True, slots=True)
class Trust:
    """How confident a teacher has to be for its notes to count.

    Attributes
    ----------
    surely, surely_not : float, in [0, 1]
        At or above ``surely`` a note is one; at or below ``surely_not`` it is none.

    Raises
    ------
    ValueError
        Unless ``0 <= surely_not < surely <= 1``.
    """

    surely: float
    surely_not: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.surely_not < self.surely <= 1.0:
            raise ValueError(
                f"need 0 <= surely_not < surely <= 1, got {self.surely_not} and {self.surely}"
            )

    @classmethod
    def about(cls, threshold: float) -> Trust:
        """Sure at some distance from the threshold that a model writes notes down at."""
        surely, surely_not = threshold + _MARGIN, threshold - _MARGIN
        return cls(min(surely, _SUREST), max(surely_not, _LEAST_SURE))

    def verdict(self, note: TeacherNote) -> Verdict:
        if note.sureness >= self.surely:
            return Verdict.TAKEN
        return Verdict.IGNORED if note.sureness > self.surely_not else Verdict.NOT_TAKEN


@dataclass(frozen=True, slots=True)
class Opinion:
    """All notes that a teacher may have found in a recording, and how far to trust them."""

    notes: tuple[TeacherNote, ...]
    trust: Trust
