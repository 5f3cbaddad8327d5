"""Names of pitches, read."""

from __future__ import annotations

import re

_NAME = re.compile(r"([A-Ga-g])([#♯b♭]?)(-?\d)")
_LETTERS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_SHIFTS = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}


def pitch_class_of(text: str) -> int:
    """0 to 11 of a letter with or without an accidental: C is 0, and so is B#.

    Raises ``ValueError`` if it is none.
    """
    letter, accidental = text[:1].upper(), text[1:]
    if letter not in _LETTERS or accidental not in _SHIFTS:
        raise ValueError(f"no name of a note: {text!r}")
    return (_LETTERS[letter] + _SHIFTS[accidental]) % 12


def pitch_of(text: str) -> int:
    """The MIDI pitch of a name such as F♯4, f#4 or Gb4, or of a number; 60 is C4.

    Raises ``ValueError`` if it is none, or none from 0 to 127.
    """
    text = text.strip()
    if text.isdigit():
        pitch = int(text)
    else:
        match = _NAME.fullmatch(text)
        if match is None:
            raise ValueError(f"no pitch: {text!r}")
        letter, accidental, octave = match.groups()
        pitch = _LETTERS[letter.upper()] + _SHIFTS[accidental] + 12 * (int(octave) + 1)
    if not 0 <= pitch <= 127:
        raise ValueError(f"no pitch: {text!r}")
    return pitch
