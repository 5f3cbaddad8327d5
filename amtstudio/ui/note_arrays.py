"""Notes as arrays, for drawing and for finding the one under the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import Note

Doubles = npt.NDArray[np.float64]

_FEWEST_CAPPED = 1000  # so many candidates never are too many


class NoteArrays:
    """The notes of a recording, sorted by onset.

    Attributes
    ----------
    notes : tuple of Note
    onset, offset : np.ndarray, shape (n_notes,)
        Seconds.
    pitch, velocity : np.ndarray of int, shape (n_notes,)
    confidence : np.ndarray, shape (n_notes,)
    instruments : tuple of str
        Names of those that play, in order.
    instrument : np.ndarray of int, shape (n_notes,)
        Places in ``instruments``.
    ids : np.ndarray of int, shape (n_notes,)
        By which the project knows the notes; 0 for those that it does not know yet.
    """

    def __init__(self, notes: Sequence[Note] = (), *, ids: Sequence[int] | None = None) -> None:
        self.notes = tuple(notes)
        n_notes = len(self.notes)
        self.ids = np.zeros(n_notes, np.int64) if ids is None else np.array(ids, np.int64)
        self.onset = np.fromiter((note.onset for note in self.notes), np.float64, n_notes)
        self.offset = np.fromiter((note.offset for note in self.notes), np.float64, n_notes)
        self.pitch = np.fromiter((note.pitch for note in self.notes), np.int64, n_notes)
        self.velocity = np.fromiter((note.velocity for note in self.notes), np.int64, n_notes)
        self.confidence = np.fromiter((note.confidence for note in self.notes), np.float64, n_notes)
        # Nothing before the first of these that reaches a time can be sounding at it.
        self._latest_offset = np.maximum.accumulate(self.offset) if n_notes else self.offset

    @cached_property
    def instruments(self) -> tuple[str, ...]:
        return tuple(sorted({note.instrument for note in self.notes}))

    @cached_property
    def instrument(self) -> npt.NDArray[np.int64]:
        places = {name: place for place, name in enumerate(self.instruments)}
        return np.fromiter(
            (places[note.instrument] for note in self.notes), np.int64, len(self.notes)
        )

    def __len__(self) -> int:
        return len(self.notes)

    def between(self, start: float, end: float) -> slice:
        """The notes that may be seen from ``start`` to ``end``, seconds, and few others."""
        return span_between(self.onset, self._latest_offset, start, end)

    def at(self, time: float, pitch: int, *, tolerance: float = 0.0) -> Note | None:
        """The note of this pitch that sounds at ``time``; of several the one that began last."""
        index = self.index_at(time, pitch, tolerance=tolerance)
        return None if index is None else self.notes[index]

    def index_at(self, time: float, pitch: int, *, tolerance: float = 0.0) -> int | None:
        """Where among the notes the one that ``at`` returns is."""
        part = self.between(time - tolerance, time + tolerance)
        hits = np.flatnonzero(
            (self.pitch[part] == pitch)
            & (self.onset[part] <= time + tolerance)
            & (self.offset[part] >= time - tolerance)
        )
        return part.start + int(hits[-1]) if len(hits) else None

    def ids_within(self, begin: float, end: float, lowest: float, highest: float) -> list[int]:
        """The known notes that sound between two times and lie between two pitches."""
        part = self.between(begin, end)
        hits = (
            (self.offset[part] >= begin)
            & (self.onset[part] <= end)
            & (self.pitch[part] >= lowest)
            & (self.pitch[part] <= highest)
            & (self.ids[part] > 0)
        )
        found: list[int] = self.ids[part][hits].tolist()
        return found

    def indices_of(self, ids: Iterable[int]) -> npt.NDArray[np.int64]:
        """Where the notes with these ids are; those that are not here are left out."""
        return np.flatnonzero(np.isin(self.ids, np.fromiter(ids, np.int64)))


def span_between(onset: Doubles, latest_offset: Doubles, start: float, end: float) -> slice:
    """Where in sorted ``onset`` lie those that have begun by ``end`` and may last to ``start``.

    ``latest_offset`` holds for each note the latest offset of those up to it.
    """
    first = int(np.searchsorted(latest_offset, start, side="left"))
    return slice(first, int(np.searchsorted(onset, end, side="right")))


def candidates_beyond(found: Sequence[Note], notes: Sequence[Note]) -> list[Note]:
    """Those of ``found``, decoded at a lower threshold, that are not among ``notes``.

    The threshold does not move an onset, so that the same onset is the same note. Where a noisy
    recording has more of them than notes, the likeliest are taken.
    """
    is_known = np.isin(_keys(found), _keys(notes))
    beyond = [found[index] for index in np.flatnonzero(~is_known).tolist()]
    most = max(len(notes), _FEWEST_CAPPED)
    if len(beyond) > most:
        limit = sorted((note.confidence for note in beyond), reverse=True)[most - 1]
        beyond = [note for note in beyond if note.confidence >= limit][:most]
    return beyond


def _keys(notes: Sequence[Note]) -> npt.NDArray[np.int64]:
    """A number for each note that tells pitch and onset, to the microsecond."""
    onset = np.fromiter((note.onset for note in notes), np.float64, len(notes))
    pitch = np.fromiter((note.pitch for note in notes), np.int64, len(notes))
    return np.rint(onset * 1e6).astype(np.int64) * 128 + pitch
