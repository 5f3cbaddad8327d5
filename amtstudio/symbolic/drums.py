"""The drums that are distinguished, and their hits."""

from __future__ import annotations

from dataclasses import dataclass

from amtstudio.symbolic.heads import Drums

# In this order everywhere: rows of arrays, units of the network, lanes from below.
DRUMS = (
    "kick",
    "snare",
    "side_stick",
    "hihat_closed",
    "hihat_open",
    "tom_low",
    "tom_mid",
    "tom_high",
    "ride",
    "crash",
)
# The General MIDI key that each is written as.
GENERAL_MIDI_KEYS = {
    "kick": 36,
    "snare": 38,
    "side_stick": 37,
    "hihat_closed": 42,
    "hihat_open": 46,
    "tom_low": 43,
    "tom_mid": 47,
    "tom_high": 50,
    "ride": 51,
    "crash": 49,
}


KIT = Drums(DRUMS, tuple(GENERAL_MIDI_KEYS[drum] for drum in DRUMS))


@dataclass(frozen=True, slots=True, order=True)
class DrumHit:
    """One stroke. ``time`` is seconds from the start of the audio."""

    time: float
    drum: str  # one of DRUMS
    velocity: int = 80  # MIDI, 1 to 127
    confidence: float = 1.0  # in [0, 1]

    def __post_init__(self) -> None:
        if self.drum not in DRUMS:
            raise ValueError(f"drum must be one of {', '.join(DRUMS)}, got {self.drum!r}")
        if not 1 <= self.velocity <= 127:
            raise ValueError(f"velocity must be 1 to 127, got {self.velocity}")
        if not 0.0 <= self.time < float("inf"):  # also refuses NaN
            raise ValueError(f"time must be 0 or more seconds, got {self.time}")
