"""Notes as arrays: ten thousand of them as quick to make as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import Note

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Which = slice | npt.NDArray[np.bool_] | npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class NoteColumns(Sequence[Note]):
    """The notes of a decoder, which reads like a list of ``Note`` and makes each when asked.

    Making ten thousand ``Note`` takes longer than decoding them, and whoever draws or compares
    notes needs none.

    Attributes
    ----------
    onset, offset : np.ndarray, shape (n_notes,)
        Seconds.
    pitch, velocity : np.ndarray of int, shape (n_notes,)
    confidence : np.ndarray, shape (n_notes,)
    """

    onset: Doubles
    offset: Doubles
    pitch: Integers
    velocity: Integers
    confidence: Doubles

    @classmethod
    def of(cls, notes: Sequence[Note]) -> NoteColumns:
        """The columns of any notes; of ``NoteColumns`` they are themselves."""
        if isinstance(notes, NoteColumns):
            return notes
        n_notes = len(notes)
        return cls(
            np.fromiter((note.onset for note in notes), np.float64, n_notes),
            np.fromiter((note.offset for note in notes), np.float64, n_notes),
            np.fromiter((note.pitch for note in notes), np.int64, n_notes),
            np.fromiter((note.velocity for note in notes), np.int64, n_notes),
            np.fromiter((note.confidence for note in notes), np.float64, n_notes),
        )

    def __len__(self) -> int:
        return len(self.onset)

    @overload
    def __getitem__(self, index: int) -> Note: ...
    @overload
    def __getitem__(self, index: slice) -> NoteColumns: ...
    def __getitem__(self, index: int | slice) -> Note | NoteColumns:
        if isinstance(index, slice):
            return self.take(index)
        return Note(
            float(self.onset[index]),
            float(self.offset[index]),
            int(self.pitch[index]),
            int(self.velocity[index]),
            float(self.confidence[index]),
        )

    def __iter__(self) -> Iterator[Note]:
        return iter(self.to_notes())

    def take(self, which: Which) -> NoteColumns:
        """Those of a slice, a mask, or a list of indices, in its order."""
        return NoteColumns(
            self.onset[which],
            self.offset[which],
            self.pitch[which],
            self.velocity[which],
            self.confidence[which],
        )

    def joined(self, other: NoteColumns) -> NoteColumns:
        return NoteColumns(
            np.concatenate((self.onset, other.onset)),
            np.concatenate((self.offset, other.offset)),
            np.concatenate((self.pitch, other.pitch)),
            np.concatenate((self.velocity, other.velocity)),
            np.concatenate((self.confidence, other.confidence)),
        )

    def in_order(self) -> NoteColumns:
        """Sorted as ``Note`` sorts: by onset, then offset, then pitch, and so on."""
        columns = (self.confidence, self.velocity, self.pitch, self.offset, self.onset)
        return self.take(np.lexsort(columns))

    def to_notes(self) -> list[Note]:
        columns = (self.onset, self.offset, self.pitch, self.velocity, self.confidence)
        return list(map(Note, *(column.tolist() for column in columns)))
