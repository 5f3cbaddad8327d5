"""Names of keys and of times, as the window writes them."""

from __future__ import annotations

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
