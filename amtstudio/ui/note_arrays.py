"""Notes as arrays, for drawing and for finding the one under the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import NoteColumns
from amtstudio.symbolic import Note

Doubles = npt.NDArray[np.float64]

_FEWEST_CAPPED = 1000  # so many candidates never are too many


class NoteArrays:
    """The notes of a recording, sorted by onset.

    Parameters
    ----------
    notes : sequence of Note
    ids : array-like of int, optional
    exact : mapping of int to Note, optional
        By index the notes of which ``notes``, where they are columns, do not tell everything.
    columns : NoteColumns, optional
        Of ``notes``, where they are there already.

    Attributes
    ----------
    columns : NoteColumns
        The same five arrays together.
    onset, offset : np.ndarray, shape (n_notes,)
        Seconds.
    pitch, velocity : np.ndarray of int, shape (n_notes,)
    confidence : np.ndarray, shape (n_notes,)
    ids : np.ndarray of int, shape (n_notes,)
        By which the project knows the notes; 0 for those that it does not know yet.
    """

    def __init__(
        self,
        notes: Sequence[Note] = (),
        *,
        ids: npt.ArrayLike | None = None,
        exact: Mapping[int, Note] = MappingProxyType({}),
        columns: NoteColumns | None = None,
    ) -> None:
        # A list of the caller's may change; a decoder's columns stay as they are, and no ``Note``
        # is made of them until someone asks: that would take longer than all the rest.
        self._notes = None if isinstance(notes, NoteColumns) else tuple(notes)
        self._exact = exact
        self.columns = NoteColumns.of(notes) if columns is None else columns
        n_notes = len(self.columns)
        self.ids = np.zeros(n_notes, np.int64) if ids is None else np.array(ids, np.int64)
        self.onset = self.columns.onset
        self.offset = self.columns.offset
        self.pitch = self.columns.pitch
        self.velocity = self.columns.velocity
        self.confidence = self.columns.confidence
        # Nothing before the first of these that reaches a time can be sounding at it.
        self._latest_offset = np.maximum.accumulate(self.offset) if n_notes else self.offset

    @property
    def notes(self) -> tuple[Note, ...]:
        """All of them as objects; made when this is first asked."""
        if self._notes is None:
            made = self.columns.to_notes()
            for index, note in self._exact.items():
                made[index] = note
            self._notes = tuple(made)
        return self._notes

    def note(self, index: int) -> Note:
        if self._notes is not None:
            return self._notes[index]
        return self._exact.get(index) or self.columns[index]

    def __len__(self) -> int:
        return len(self.columns)

    def replaced(
        self, dropped: Iterable[int], notes: Sequence[Note], ids: Sequence[int]
    ) -> NoteArrays:
        """The same without some, by their index, and with others.

        Of 10,000 notes one is changed in a tenth of the time that making them anew takes.
        """
        kept = np.delete(np.arange(len(self)), list(dropped))
        columns = self.columns.take(kept).joined(NoteColumns.of(notes))
        order = np.lexsort((columns.pitch, columns.offset, columns.onset))
        merged = [*map(self.notes.__getitem__, kept.tolist()), *notes]
        known = np.concatenate([self.ids[kept], np.array(ids, np.int64)])
        return NoteArrays(
            list(map(merged.__getitem__, order.tolist())),
            ids=known[order],
            columns=columns.take(order),
        )

    def with_more(self, notes: Sequence[Note]) -> NoteArrays:
        """These notes and others, without ids."""
        columns = self.columns.joined(NoteColumns.of(notes))
        order = np.lexsort((columns.pitch, columns.offset, columns.onset))
        return NoteArrays(columns.take(order))

    def between(self, start: float, end: float) -> slice:
        """The notes that may be seen from ``start`` to ``end``, seconds, and few others."""
        return span_between(self.onset, self._latest_offset, start, end)

    def at(self, time: float, pitch: int, *, tolerance: float = 0.0) -> Note | None:
        """The note of this pitch that sounds at ``time``; of several the one that began last."""
        index = self.index_at(time, pitch, tolerance=tolerance)
        return None if index is None else self.note(index)

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


def candidates_beyond(found: Sequence[Note], notes: Sequence[Note]) -> NoteColumns:
    """Those of ``found``, decoded at a lower threshold, that are not among ``notes``.

    The threshold does not move an onset, so that the same onset is the same note. Where a noisy
    recording has more of them than notes, the likeliest are taken.
    """
    columns = NoteColumns.of(found)
    is_known = np.isin(_keys(columns), _keys(NoteColumns.of(notes)))
    beyond = columns.take(np.flatnonzero(~is_known))
    most = max(len(notes), _FEWEST_CAPPED)
    if len(beyond) > most:
        limit = np.partition(beyond.confidence, -most)[-most]
        beyond = beyond.take(np.flatnonzero(beyond.confidence >= limit)[:most])
    return beyond


def _keys(notes: NoteColumns) -> npt.NDArray[np.int64]:
    """A number for each note that tells pitch and onset, to the microsecond."""
    keys: npt.NDArray[np.int64] = np.rint(notes.onset * 1e6).astype(np.int64) * 128 + notes.pitch
    return keys
