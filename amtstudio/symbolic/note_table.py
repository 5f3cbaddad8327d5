"""Notes as columns: ten thousand of them as quick to make as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from operator import attrgetter
from typing import Any, overload

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.contours import Contours
from amtstudio.symbolic.notes import Note, NoteState
from amtstudio.symbolic.tracks import PIANO, Track, TrackKind

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Which = slice | Bools | npt.NDArray[np.integer]

STATES = tuple(NoteState)  # by their number in a table
# There is one object of each, and the hash of an enumeration takes long.
_NUMBERS = {id(state): number for number, state in enumerate(STATES)}
_COLUMNS = (
    ("onset", np.float64),
    ("offset", np.float64),
    ("pitch", np.int64),
    ("velocity", np.int64),
    ("confidence", np.float64),
    ("track", np.int64),
    ("id", np.int64),
    ("state", np.int64),
)


@dataclass(frozen=True, eq=False, repr=False)
class NoteTable(Sequence[Note]):
    """Notes that read like a sequence of ``Note``, each of which is created on access.

    Creating ten thousand ``Note`` takes longer than decoding them, and drawing, comparing or
    writing notes needs only the columns. The arrays of a table are read-only. Two tables, or a
    table and a list or tuple, are equal if their notes are; ``id`` and ``state`` do not count.

    Attributes
    ----------
    onset, offset : np.ndarray, shape (n_notes,)
        Seconds from the start of the audio.
    pitch, velocity : np.ndarray of int, shape (n_notes,)
        MIDI note numbers; MIDI velocities, 1 to 127.
    confidence : np.ndarray, shape (n_notes,)
        In [0, 1].
    track : np.ndarray of int, shape (n_notes,)
        Indices into ``tracks``.
    id : np.ndarray of int, shape (n_notes,)
        The ids of the notes in a project; 0 for those in none.
    state : np.ndarray of int, shape (n_notes,)
        Indices into ``STATES``.
    tracks : tuple of Track
        Sorted; there may be some without notes.
    bends : Contours, or None
        None: no note bends.
    shares : np.ndarray, shape (n_notes, n_families), or None
        How likely each of ``FAMILIES`` plays the note, according to a model; None: unknown. Not
        part of a ``Note``, and lost when notes are created one by one.

    Raises
    ------
    ValueError
        If the columns differ in length, or a value is one that no ``Note`` can have.
    """

    onset: Doubles
    offset: Doubles
    pitch: Integers
    velocity: Integers
    confidence: Doubles
    track: Integers
    id: Integers
    state: Integers
    tracks: tuple[Track, ...] = (PIANO,)
    bends: Contours | None = None
    shares: Doubles | None = None

    def __post_init__(self) -> None:
        n_notes = len(self.onset)
        for name, dtype in _COLUMNS:
            # A view: the caller's array is not changed.
            column = np.asarray(getattr(self, name), dtype).view()
            column.setflags(write=False)
            if column.shape != (n_notes,):
                raise ValueError(f"{name} must have shape {(n_notes,)}, got {column.shape}")
            object.__setattr__(self, name, column)
        if self.bends is not None and len(self.bends) != n_notes:
            raise ValueError(f"bends must be those of {n_notes} notes, got {len(self.bends)}")
        if self.shares is not None and len(self.shares) != n_notes:
            raise ValueError(f"shares must be those of {n_notes} notes, got {len(self.shares)}")
        if any(one >= other for one, other in pairwise(self.tracks)):
            raise ValueError(f"tracks must be sorted and differ, got {self.tracks}")
        self._check_values()

    def _check_values(self) -> None:
        spans = (self.onset >= 0.0) & (self.onset < self.offset) & (self.offset < np.inf)
        _check(spans, "need 0 <= onset < offset < infinity", self.onset, self.offset)
        _check(_within(self.pitch, 0, 127), "pitch must be 0 to 127", self.pitch)
        _check(_within(self.velocity, 1, 127), "velocity must be 1 to 127", self.velocity)
        _check(_within(self.confidence, 0, 1), "confidence must lie in [0, 1]", self.confidence)
        last = len(self.tracks) - 1
        _check(_within(self.track, 0, last), f"track must be 0 to {last}", self.track)
        last = len(STATES) - 1
        _check(_within(self.state, 0, last), f"state must be 0 to {last}", self.state)

    # -- making -----------------------------------------------------------------------------------

    @classmethod
    def of_columns(
        cls,
        onset: Doubles,
        offset: Doubles,
        pitch: Integers,
        velocity: Integers,
        confidence: Doubles,
        *,
        on: Track = PIANO,
    ) -> NoteTable:
        """Notes of one track that are not in a project yet."""
        none = np.zeros(len(onset), np.int64)
        return cls(onset, offset, pitch, velocity, confidence, none, none, none, (on,))

    @classmethod
    def of(
        cls,
        notes: Iterable[Note],
        *,
        ids: Sequence[int] | None = None,
        states: Sequence[NoteState] | None = None,
    ) -> NoteTable:
        """The table of any notes, in their order; of a table it is that table itself.

        ``ids`` and ``states``, of as many notes, are for notes of a project.
        """
        if isinstance(notes, NoteTable):
            return notes
        notes = list(notes)
        n_notes = len(notes)

        def column(name: str, dtype: type[Any]) -> npt.NDArray[Any]:
            return np.fromiter(map(attrgetter(name), notes), dtype, n_notes)

        # Few objects are the tracks of many notes, and comparing those would take longer.
        played = {id(note.track): note.track for note in notes}
        tracks = sorted(set(played.values())) or [PIANO]
        places = {key: tracks.index(track) for key, track in played.items()}
        none = np.zeros(n_notes, np.int64)
        return cls(
            column("onset", np.float64),
            column("offset", np.float64),
            column("pitch", np.int64),
            column("velocity", np.int64),
            column("confidence", np.float64),
            none
            if len(tracks) == 1
            else np.fromiter((places[id(note.track)] for note in notes), np.int64, n_notes),
            none if ids is None else np.array(ids, np.int64),
            none
            if states is None
            else np.fromiter((_NUMBERS[id(state)] for state in states), np.int64, n_notes),
            tuple(tracks),
            Contours.of([note.bend for note in notes])
            if any(note.bend for note in notes)
            else None,
        )

    # -- a sequence of notes ----------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.onset)

    @overload
    def __getitem__(self, index: int) -> Note: ...
    @overload
    def __getitem__(self, index: slice) -> NoteTable: ...
    def __getitem__(self, index: int | slice) -> Note | NoteTable:
        if isinstance(index, slice):
            return self.take(index)
        return Note(
            float(self.onset[index]),
            float(self.offset[index]),
            int(self.pitch[index]),
            int(self.velocity[index]),
            float(self.confidence[index]),
            self.tracks[self.track[index]],
            () if self.bends is None else self.bends[index],
        )

    def __iter__(self) -> Iterator[Note]:
        columns = (self.onset, self.offset, self.pitch, self.velocity, self.confidence)
        values = [column.tolist() for column in columns]
        tracks = map(self.tracks.__getitem__, self.track.tolist())
        if self.bends is None:
            return map(Note, *values, tracks)
        return map(Note, *values, tracks, map(self.bends.__getitem__, range(len(self))))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, NoteTable | list | tuple):
            return NotImplemented
        if len(self) != len(other):
            return False
        if isinstance(other, NoteTable) and self.tracks == other.tracks:
            same = all(
                np.array_equal(getattr(self, name), getattr(other, name))
                for name in ("onset", "offset", "pitch", "velocity", "confidence", "track")
            )
            if not same or self.bends is other.bends:
                return same
        return all(one == another for one, another in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"NoteTable.of({list(self)})"

    # -- other tables -----------------------------------------------------------------------------

    def take(self, which: Which) -> NoteTable:
        """Those of a slice, a mask, or an array of places, in its order."""
        bends = self.bends
        if bends is not None:
            bends = bends.take(np.arange(len(self))[which])
        columns = {name: getattr(self, name)[which] for name, _ in _COLUMNS}
        shares = None if self.shares is None else self.shares[which]
        return NoteTable(**columns, tracks=self.tracks, bends=bends, shares=shares)

    def of_track(self, track: Track) -> NoteTable:
        if self.tracks == (track,):
            return self
        if track not in self.tracks:
            return self.take(slice(0))
        return self.take(self.track == self.tracks.index(track))

    def of_kind(self, kind: TrackKind) -> NoteTable:
        """Those of tracks of this kind, in the same order."""
        is_wanted = np.array([track.kind is kind for track in self.tracks])
        if is_wanted.all():
            return self
        return self.take(is_wanted[self.track] if is_wanted.any() else slice(0))

    def without(self, places: Sequence[int] | Integers) -> NoteTable:
        return self.take(np.delete(np.arange(len(self)), places))

    def joined(self, *others: NoteTable) -> NoteTable:
        """These notes, and then those of others."""
        tables = [table for table in (self, *others) if len(table)]
        if len(tables) < 2:
            return tables[0] if tables else self
        columns = {
            name: np.concatenate([getattr(table, name) for table in tables]) for name, _ in _COLUMNS
        }
        tracks = self.tracks
        if any(table.tracks != tracks for table in tables):
            tracks = tuple(sorted({track for table in tables for track in table.tracks}))
            places = [np.array([tracks.index(track) for track in table.tracks]) for table in tables]
            moved = [place[table.track] for place, table in zip(places, tables, strict=True)]
            columns["track"] = np.concatenate(moved)
        bends = None
        if any(table.bends is not None for table in tables):
            contours = [table.bends or Contours.none(len(table)) for table in tables]
            bends = contours[0].joined(*contours[1:])
        return NoteTable(**columns, tracks=tracks, bends=bends, shares=_joined_shares(tables))

    def in_order(self) -> NoteTable:
        """Sorted as ``Note`` sorts: by onset, then offset, then pitch, and so on."""
        if np.all(self.onset[1:] > self.onset[:-1]):
            return self
        columns = [self.confidence, self.velocity, self.pitch, self.offset, self.onset]
        if len(self.tracks) > 1:
            columns.insert(0, self.track)
        return self.take(np.lexsort(columns))

    def shifted(self, seconds: float) -> NoteTable:
        """Later by ``seconds``. Raises ``ValueError`` if a note would begin before 0."""
        return replace(self, onset=self.onset + seconds, offset=self.offset + seconds)

    def with_state(self, state: NoteState) -> NoteTable:
        """The same notes, all in this state."""
        return replace(self, state=np.full(len(self), _NUMBERS[id(state)]))

    def on_tracks(self, tracks: Sequence[Track]) -> NoteTable:
        """The same notes, those of each of the tracks on the track at its place in ``tracks``."""
        used = np.unique(self.track).tolist() if len(self) else range(len(tracks))
        wanted = tuple(sorted({tracks[place] for place in used}))
        places = np.array([wanted.index(t) if t in wanted else 0 for t in tracks], np.int64)
        return replace(self, tracks=wanted, track=places[self.track])

    # -- finding ----------------------------------------------------------------------------------

    @property
    def key(self) -> Integers:
        """A number for each note that encodes pitch and onset, to the microsecond."""
        keys: Integers = np.rint(self.onset * 1e6).astype(np.int64) * 128 + self.pitch
        return keys

    def is_in(self, other: NoteTable) -> Bools:
        """Whether ``other`` has a note of the same pitch and onset, for each of these notes."""
        return np.isin(self.key, other.key)

    def has_state(self, *states: NoteState) -> Bools:
        """Whether each note is in one of these states."""
        return np.isin(self.state, [_NUMBERS[id(state)] for state in states])

    def places_of(self, ids: Iterable[int]) -> Integers:
        """Where the notes with these ids are; those that are not here are left out."""
        return np.flatnonzero(np.isin(self.id, np.fromiter(ids, np.int64)))

    def playing(self) -> tuple[Track, ...]:
        """The tracks that have notes, in the order in which they enter."""
        if len(self.tracks) == 1:
            return self.tracks if len(self) else ()
        places, first = np.unique(self.track, return_index=True)
        return tuple(self.tracks[place] for place in places[np.argsort(first)].tolist())

    @cached_property
    def _latest_offset(self) -> Doubles:
        """Nothing before the first of these that reaches a time can be sounding at it."""
        return np.maximum.accumulate(self.offset) if len(self) else self.offset

    def between(self, start: float, end: float) -> slice:
        """The notes that may sound between two times, in seconds, and few others.

        The table must be in order.
        """
        return span_between(self.onset, self._latest_offset, start, end)

    def at(self, time: float, pitch: int, *, tolerance: float = 0.0) -> Note | None:
        """The note of this pitch that sounds at ``time``; of several the one that began last.

        The table must be in order.
        """
        place = self.place_at(time, pitch, tolerance=tolerance)
        return None if place is None else self[place]

    def place_at(self, time: float, pitch: int, *, tolerance: float = 0.0) -> int | None:
        """Where among the notes the one that ``at`` returns is."""
        part = self.between(time - tolerance, time + tolerance)
        hits = np.flatnonzero(
            (self.pitch[part] == pitch)
            & (self.onset[part] <= time + tolerance)
            & (self.offset[part] >= time - tolerance)
        )
        return part.start + int(hits[-1]) if len(hits) else None

    def ids_within(self, begin: float, end: float, lowest: float, highest: float) -> list[int]:
        """The known notes that sound between two times, between two pitches.

        The table must be in order.
        """
        part = self.between(begin, end)
        hits = (
            (self.offset[part] >= begin)
            & (self.onset[part] <= end)
            & (self.pitch[part] >= lowest)
            & (self.pitch[part] <= highest)
            & (self.id[part] > 0)
        )
        found: list[int] = self.id[part][hits].tolist()
        return found


def span_between(onset: Doubles, latest_offset: Doubles, start: float, end: float) -> slice:
    """Where in sorted ``onset`` lie those that have begun by ``end`` and may last to ``start``.

    ``latest_offset`` holds for each note the latest offset of those up to it.
    """
    first = int(np.searchsorted(latest_offset, start, side="left"))
    return slice(first, int(np.searchsorted(onset, end, side="right")))


def _joined_shares(tables: Sequence[NoteTable]) -> Doubles | None:
    """Without information from a model, all families are equally likely."""
    told = [table.shares for table in tables if table.shares is not None]
    if not told:
        return None
    n_families = told[0].shape[1]
    return np.concatenate(
        [
            np.full((len(table), n_families), 1.0 / n_families)
            if table.shares is None
            else table.shares
            for table in tables
        ]
    )


def _within(values: Doubles | Integers, low: float, high: float) -> Bools:
    within: Bools = (values >= low) & (values <= high)  # NaN is not
    return within


def _check(is_right: Bools, rule: str, *columns: Doubles | Integers) -> None:
    if not is_right.all():
        first = int(np.argmin(is_right))
        raise ValueError(f"{rule}, got {' and '.join(str(column[first]) for column in columns)}")


NO_NOTES = NoteTable.of(())
