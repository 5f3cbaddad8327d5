"""Where pieces of a drum kit stand on the staff, as most drum parts have them."""

from __future__ import annotations

from typing import NamedTuple


class DrumSign(NamedTuple):
    step: str
    octave: int
    notehead: str  # "" for the usual one, "x" for cymbals
    is_up: bool  # played by the hands: stem up


_SNARE = DrumSign("C", 5, "", True)
_CLOSED_HAT = DrumSign("G", 5, "x", True)
_SIGNS = {
    35: DrumSign("F", 4, "", False),
    36: DrumSign("F", 4, "", False),
    37: DrumSign("C", 5, "x", True),  # side stick
    38: _SNARE,
    40: _SNARE,
    41: DrumSign("G", 4, "", True),
    43: DrumSign("A", 4, "", True),
    45: DrumSign("B", 4, "", True),
    47: DrumSign("D", 5, "", True),
    48: DrumSign("D", 5, "", True),
    50: DrumSign("E", 5, "", True),
    42: _CLOSED_HAT,
    44: DrumSign("D", 4, "x", False),  # with the foot
    46: DrumSign("G", 5, "circle-x", True),
    49: DrumSign("A", 5, "x", True),
    57: DrumSign("A", 5, "x", True),
    52: DrumSign("B", 5, "x", True),
    55: DrumSign("B", 5, "x", True),
    51: DrumSign("F", 5, "x", True),
    59: DrumSign("F", 5, "x", True),
    53: DrumSign("F", 5, "diamond", True),
    54: DrumSign("E", 5, "x", True),
    56: DrumSign("E", 5, "triangle", True),
}
_OTHER = DrumSign("B", 4, "x", True)


def drum_sign(pitch: int) -> DrumSign:
    """For a drum as General MIDI numbers them."""
    return _SIGNS.get(pitch, _OTHER)
