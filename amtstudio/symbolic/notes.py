"""One note, one press of the pedal."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Note:
    """One note. Times are seconds from the start of the audio."""

    onset: float
    offset: float
    pitch: int  # MIDI note number, 60 = C4
    velocity: int = 80  # MIDI, 1 to 127
    confidence: float = 1.0  # in [0, 1]; 1 for notes read from a file or set by hand
    instrument: str = "piano"

    def __post_init__(self) -> None:
        _check_span(self.onset, self.offset)
        if not 0 <= self.pitch <= 127:
            raise ValueError(f"pitch must be 0 to 127, got {self.pitch}")
        if not 1 <= self.velocity <= 127:
            raise ValueError(f"velocity must be 1 to 127, got {self.velocity}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence must lie in [0, 1], got {self.confidence}")

    @property
    def duration(self) -> float:
        return self.offset - self.onset


@dataclass(frozen=True, slots=True, order=True)
class Pedal:
    """The sustain pedal held down from ``onset`` to ``offset``, in seconds."""

    onset: float
    offset: float

    def __post_init__(self) -> None:
        _check_span(self.onset, self.offset)


def _check_span(onset: float, offset: float) -> None:
    if not (0.0 <= onset < offset and math.isfinite(offset)):
        raise ValueError(f"need 0 <= onset < offset < infinity, got {onset} and {offset}")
