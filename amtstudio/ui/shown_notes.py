"""Which notes of a project are shown, and how they look while a threshold is still moving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio import session
from amtstudio.decoding import NoteColumns
from amtstudio.session import NoteState, SessionNote
from amtstudio.symbolic import Note
from amtstudio.ui.note_arrays import Doubles, NoteArrays

Indices = npt.NDArray[np.intp]

_SAME_ONSET = 0.05  # seconds, as the session has it
_PITCH_STRIDE = 1e7  # seconds, more than any recording lasts: keeps the pitches apart
_USERS = frozenset(state for state in NoteState if state.is_users)


def shown_notes(project: session.Document) -> tuple[NoteArrays, NoteArrays]:
    """The notes that sound, and the candidates, of a project."""
    sounding, candidates = [], []
    for entry in project.notes.values():
        if entry.state is NoteState.CANDIDATE:
            candidates.append(entry)
        elif entry.state is not NoteState.REJECTED:
            sounding.append(entry)
    return arrays_of(sounding), arrays_of(candidates)


def updated(
    arrays: NoteArrays, project: session.Document, ids: Iterable[int], *, candidates: bool
) -> NoteArrays:
    """The arrays after the notes with these ids have changed, or come, or gone."""
    ids = list(ids)
    wanted = []
    for key in ids:
        entry = project.notes.get(key)
        if entry is None or entry.state is NoteState.REJECTED:
            continue
        if (entry.state is NoteState.CANDIDATE) is candidates:
            wanted.append(entry)
    touched = arrays.indices_of(ids)
    if not len(touched) and not wanted:
        return arrays
    notes, known = [entry.note for entry in wanted], [entry.id for entry in wanted]
    return arrays.replaced(touched.tolist(), notes, known)


def arrays_of(entries: Sequence[SessionNote]) -> NoteArrays:
    """Notes with their ids, in order."""
    return _in_order([entry.note for entry in entries], [entry.id for entry in entries])


def _in_order(notes: Sequence[Note], ids: Sequence[int]) -> NoteArrays:
    order = _order(NoteColumns.of(notes)).tolist()
    return NoteArrays([notes[i] for i in order], ids=[ids[i] for i in order])


@dataclass(frozen=True, slots=True)
class Kept:
    """What stays of a project whatever is decoded: the user's notes, and accepted passages.

    ``find_new`` tells in the time of a frame what ``session.replace_transcription`` will say.
    """

    notes: tuple[SessionNote, ...]  # those that sound
    candidates: tuple[SessionNote, ...]
    keys: Doubles  # sorted
    passages: tuple[tuple[float, float], ...]
    pedals_edited: bool = False

    @classmethod
    def of(cls, project: session.Document, within: tuple[float, float] | None = None) -> Kept:
        """What stays if all is decoded, or what lies ``within`` two times."""
        passages = tuple((passage.onset, passage.offset) for passage in project.passages)
        begin, end = within or (0.0, float("inf"))
        entries = [
            entry
            for entry in project.notes.values()
            if entry.state in _USERS
            or not begin <= entry.note.onset < end
            or (passages and any(one <= entry.note.onset < other for one, other in passages))
        ]
        known = [note for entry in entries for note in (entry.note, entry.original) if note]
        return cls(
            tuple(entry for entry in entries if entry.state.sounds),
            tuple(entry for entry in entries if entry.state is NoteState.CANDIDATE),
            np.sort(_keys(known)),
            passages,
            project.source.pedals_edited,
        )

    def merge(self, found: Sequence[Note], *, candidates: bool = False) -> NoteArrays:
        """What will be shown of newly decoded notes; those that are new have 0 for an id."""
        kept = self.candidates if candidates else self.notes
        new = self.find_new(found)
        if not kept:
            return NoteArrays(new)
        n_new = len(new)
        columns = new.joined(NoteColumns.of([entry.note for entry in kept]))
        ids = np.zeros(len(columns), np.int64)
        ids[n_new:] = [entry.id for entry in kept]
        order = _order(columns)
        places = np.flatnonzero(order >= n_new).tolist()
        exact = {place: kept[order[place] - n_new].note for place in places}
        return NoteArrays(columns.take(order), ids=ids[order], exact=exact)

    def find_new(self, notes: Sequence[Note]) -> NoteColumns:
        """Those of ``notes`` that meet none of the kept ones and lie in no accepted passage."""
        columns = NoteColumns.of(notes)
        if not len(self.keys) and not self.passages:
            return columns
        keys = _keys(columns)
        first = np.searchsorted(self.keys, keys - _SAME_ONSET, side="left")
        last = np.searchsorted(self.keys, keys + _SAME_ONSET, side="right")
        is_new = first == last
        for begin, end in self.passages:
            is_new &= (columns.onset < begin) | (columns.onset >= end)
        return columns.take(np.flatnonzero(is_new))


def _order(notes: NoteColumns) -> Indices:
    """The order of the notes themselves, much faster than comparing them."""
    return np.lexsort((notes.pitch, notes.offset, notes.onset))


def _keys(notes: Sequence[Note]) -> Doubles:
    """A number for each note that grows with onset and keeps the pitches apart."""
    columns = NoteColumns.of(notes)
    keys: Doubles = columns.onset + columns.pitch * _PITCH_STRIDE
    return keys
