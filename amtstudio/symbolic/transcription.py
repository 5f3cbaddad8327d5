"""What the engine hands on: the notes of one recording and where they came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from amtstudio.symbolic.notes import Note, Pedal


@dataclass(frozen=True, slots=True)
class Transcription:
    """The notes and pedal of one recording, sorted by onset.

    ``duration`` is that of the audio in seconds, and may be longer or, where a key is held into
    the cut, a little shorter than the last offset.
    """

    notes: tuple[Note, ...] = ()
    pedals: tuple[Pedal, ...] = ()
    duration: float = 0.0  # seconds
    file: str = ""  # name of the recording
    model: str = ""
    profile: str | None = None
    tuning_cents: float | None = None  # of the instrument against A4 = 440 Hz; None: not measured
    metadata: dict[str, str] = field(default_factory=dict)  # title, artist and other tags

    def __post_init__(self) -> None:
        object.__setattr__(self, "notes", tuple(sorted(self.notes)))
        object.__setattr__(self, "pedals", tuple(sorted(self.pedals)))
        if self.duration < 0.0:
            raise ValueError(f"duration must not be negative, got {self.duration}")
