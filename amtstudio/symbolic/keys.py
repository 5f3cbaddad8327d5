"""The key of a piece, as its signature and its mode."""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST_FIFTHS = 7  # sharps or flats
_LETTERS = "FCGDAEB"  # by fifths; C is 0
_SIGNS = {-1: "b", 0: "", 1: "#"}
_WRITTEN = re.compile(r"([a-g])(#|b)?[ -]?(major|minor|maj|min|m)?")


@dataclass(frozen=True, slots=True)
class Key:
    """``fifths`` are the sharps of its signature, or negative, its flats."""

    fifths: int
    mode: str  # "major" or "minor"

    def __post_init__(self) -> None:
        if not -MOST_FIFTHS <= self.fifths <= MOST_FIFTHS:
            raise ValueError(f"fifths must be -7 to 7, got {self.fifths}")
        if self.mode not in ("major", "minor"):
            raise ValueError(f"mode must be major or minor, got {self.mode!r}")

    @property
    def tonic(self) -> tuple[int, int]:
        """Its step, 0 for C to 6 for B, and its pitch class."""
        place = self._place
        return 4 * place % 7, 7 * place % 12

    @property
    def name(self) -> str:
        """Such as "C major" or "Eb minor"."""
        sharps, letter = divmod(self._place + 1, 7)
        return f"{_LETTERS[letter]}{_SIGNS[sharps]} {self.mode}"

    @property
    def _place(self) -> int:
        """Of the tonic in the circle of fifths, from C."""
        return self.fifths + (3 if self.mode == "minor" else 0)

    @classmethod
    def parse(cls, text: str) -> Key:
        """The key of a name such as "Eb major", "f# minor", "B flat" (major) or "Am".

        Raises ``ValueError`` if it is none, or has more than seven sharps or flats.
        """
        plain = " ".join(text.casefold().replace("♯", "#").replace("♭", "b").split())
        for word, sign in (("sharp", "#"), ("flat", "b")):
            plain = re.sub(f"[ -]?{word}", sign, plain)
        match = _WRITTEN.fullmatch(plain)
        if match is None:
            raise ValueError(f"no key: {text!r}")
        letter, sign, mode = match.groups()
        mode = "minor" if mode in ("minor", "min", "m") else "major"
        sharps = {"#": 1, "b": -1}.get(sign, 0)
        place = _LETTERS.index(letter.upper()) - 1 + 7 * sharps
        return cls(place - (3 if mode == "minor" else 0), mode)


KEYS = tuple(
    Key(fifths, mode)
    for mode in ("major", "minor")
    for fifths in range(-MOST_FIFTHS, MOST_FIFTHS + 1)
)
