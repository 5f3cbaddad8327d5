"""Names of keys and of times, as the window writes them."""

from __future__ import annotations

import re

_NAME = re.compile(r"([A-Ga-g])([#♯b♭]?)(-?\d)")
_NAMES = ("C", "C♯", "D", "D♯", "E", "F", "F♯", "G", "G♯", "A", "A♯", "B")
_BLACK = frozenset((1, 3, 6, 8, 10))


def pitch_name(pitch: int) -> str:
    """The name of a MIDI pitch: 60 is C4."""
    return f"{_NAMES[pitch % 12]}{pitch // 12 - 1}"


def is_black_key(pitch: int) -> bool:
    return pitch % 12 in _BLACK


def signed(cents: float) -> str:
    """Whole cents with their sign, as the window writes them."""
    return f"{round(cents):+d}".replace("-", "\N{MINUS SIGN}")


def clock(seconds: float, decimals: int = 0) -> str:
    """Seconds as ``m:ss``, or ``h:mm:ss`` from an hour on."""
    units = round(max(seconds, 0.0) * 10**decimals)
    whole, part = divmod(units, 10**decimals)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
    return f"{text}.{part:0{decimals}}" if decimals else text


def pitch_of(text: str) -> int:
    """The MIDI pitch of a name such as F♯4, f#4 or Gb4, or of a number.

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
        shift = {"": 0, "#": 1, "♯": 1, "b": -1, "♭": -1}[accidental]
        pitch = _NAMES.index(letter.upper()) + shift + 12 * (int(octave) + 1)
    if not 0 <= pitch <= 127:
        raise ValueError(f"no pitch: {text!r}")
    return pitch
