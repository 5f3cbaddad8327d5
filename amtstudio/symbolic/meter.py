"""What a time signature says of beats."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SIGNATURE = re.compile(r"(\d{1,2})/(\d{1,2})")
MOST_BEATS = 16
BEAT_UNITS = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Meter:
    """How many beats a bar has, and which note value is one.

    Attributes
    ----------
    n_beats : int
        1 to 16.
    beat_unit : int
        Lower number of the time signature, a power of two up to 32.
    is_compound : bool
        Whether a beat is three of the units, as in 6/8, which has two beats.

    Raises
    ------
    ValueError
        If a value lies outside of that.
    """

    n_beats: int = 4
    beat_unit: int = 4
    is_compound: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.n_beats <= MOST_BEATS:
            raise ValueError(f"a bar has 1 to {MOST_BEATS} beats, got {self.n_beats}")
        if self.beat_unit not in BEAT_UNITS:
            raise ValueError(f"the unit must be 1, 2, 4, 8, 16 or 32, got {self.beat_unit}")

    @classmethod
    def parse(cls, text: str) -> Meter:
        """Of a time signature such as 3/4 or 6/8. Raises ``ValueError``."""
        match = _SIGNATURE.fullmatch(text.strip())
        if match is None:
            raise ValueError(f"{text!r} is not a time signature such as 3/4")
        upper, unit = int(match[1]), int(match[2])
        if unit >= 8 and upper > 3 and upper % 3 == 0:
            return cls(upper // 3, unit, is_compound=True)
        return cls(upper, unit)

    @property
    def numerator(self) -> int:
        """Upper number of the time signature."""
        return self.n_beats * (3 if self.is_compound else 1)

    @property
    def quarters(self) -> float:
        """Length of a beat in quarter notes."""
        return 4.0 / self.beat_unit * (3 if self.is_compound else 1)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.beat_unit}"
