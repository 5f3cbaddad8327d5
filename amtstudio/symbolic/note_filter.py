"""Which notes are shown and written: those of a range of keys and of a scale."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.note_table import NoteTable
from amtstudio.symbolic.notes import Note
from amtstudio.symbolic.pitches import pitch_class_of

LOWEST, HIGHEST = 0, 127

# Semitones above the root.
SCALES = MappingProxyType(
    {
        "major": (0, 2, 4, 5, 7, 9, 11),
        "minor": (0, 2, 3, 5, 7, 8, 10),
        "harmonic minor": (0, 2, 3, 5, 7, 8, 11),
        "melodic minor": (0, 2, 3, 5, 7, 9, 11),
        "major pentatonic": (0, 2, 4, 7, 9),
        "minor pentatonic": (0, 3, 5, 7, 10),
        "blues": (0, 3, 5, 6, 7, 10),
        "dorian": (0, 2, 3, 5, 7, 9, 10),
        "phrygian": (0, 1, 3, 5, 7, 8, 10),
        "lydian": (0, 2, 4, 6, 7, 9, 11),
        "mixolydian": (0, 2, 4, 5, 7, 9, 10),
        "locrian": (0, 1, 3, 5, 6, 8, 10),
        "whole tone": (0, 2, 4, 6, 8, 10),
    }
)


@dataclass(frozen=True, slots=True)
class Scale:
    """``root`` is 0 to 11, C to B; ``kind`` one of ``SCALES``."""

    root: int
    kind: str

    def __post_init__(self) -> None:
        if not 0 <= self.root <= 11:
            raise ValueError(f"root must be 0 to 11, got {self.root}")
        if self.kind not in SCALES:
            raise ValueError(f"kind must be one of {', '.join(SCALES)}, got {self.kind!r}")

    @classmethod
    def parse(cls, text: str) -> Scale:
        """Such as "C major", "F# dorian" or "Bb minor pentatonic"; "A" alone is A major.

        Raises ``ValueError``, with what is known, if it is none.
        """
        root, _, kind = " ".join(text.split()).partition(" ")
        return cls(pitch_class_of(root), kind.lower() or "major")

    @property
    def pitch_classes(self) -> tuple[int, ...]:
        return tuple(sorted((self.root + step) % 12 for step in SCALES[self.kind]))


@dataclass(frozen=True, slots=True)
class NoteFilter:
    """Pitched notes from ``lowest`` to ``highest`` that belong to ``scale``, where there is one.

    Drums pass: their pitches are pieces of the kit. So does a note that bends out of the scale
    from a key that is in it.
    """

    lowest: int = LOWEST
    highest: int = HIGHEST
    scale: Scale | None = None

    def __post_init__(self) -> None:
        if not LOWEST <= self.lowest <= self.highest <= HIGHEST:
            raise ValueError(
                f"need 0 <= lowest <= highest <= 127, got {self.lowest} and {self.highest}"
            )

    @property
    def takes_all(self) -> bool:
        return self == NoteFilter()

    def passes(self, notes: NoteTable) -> npt.NDArray[np.bool_]:
        """Which of the notes, shape (n_notes,)."""
        right = (notes.pitch >= self.lowest) & (notes.pitch <= self.highest)
        if self.scale is not None:
            right &= np.isin(notes.pitch % 12, self.scale.pitch_classes)
        passed: npt.NDArray[np.bool_] = (
            right | np.array([track.is_drums for track in notes.tracks])[notes.track]
        )
        return passed

    def takes(self, note: Note) -> bool:
        """Whether one note passes."""
        return bool(self.passes(NoteTable.of([note]))[0])

    def filtered(self, notes: NoteTable) -> NoteTable:
        """The notes that pass; the table itself where all do."""
        passed = self.passes(notes)
        return notes if passed.all() else notes.take(passed)
