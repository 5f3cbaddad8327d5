"""Which notes of a project are shown, and how they look while a threshold is still moving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from amtstudio import session
from amtstudio.session import NoteState, SessionNote
from amtstudio.symbolic import Note
from amtstudio.ui.note_arrays import Doubles, NoteArrays

_SAME_ONSET = 0.05  # seconds, as the session has it
_PITCH_STRIDE = 1e7  # seconds, more than any recording lasts: keeps the pitches apart


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
    notes, known = list(arrays.notes), arrays.ids.tolist()
    for index in reversed(touched.tolist()):
        del notes[index], known[index]
    notes += [entry.note for entry in wanted]
    known += [entry.id for entry in wanted]
    return _in_order(notes, known)


def arrays_of(entries: Sequence[SessionNote]) -> NoteArrays:
    """Notes with their ids, in order."""
    return _in_order([entry.note for entry in entries], [entry.id for entry in entries])


def _in_order(notes: Sequence[Note], ids: Sequence[int]) -> NoteArrays:
    n_notes = len(notes)
    onset = np.fromiter((note.onset for note in notes), np.float64, n_notes)
    offset = np.fromiter((note.offset for note in notes), np.float64, n_notes)
    pitch = np.fromiter((note.pitch for note in notes), np.int64, n_notes)
    # The order of the notes themselves, much faster than comparing them.
    order = np.lexsort((pitch, offset, onset)).tolist()
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

    @classmethod
    def of(cls, project: session.Document, within: tuple[float, float] | None = None) -> Kept:
        """What stays if all is decoded, or what lies ``within`` two times."""
        passages = tuple((passage.onset, passage.offset) for passage in project.passages)
        entries = [
            entry
            for entry in project.notes.values()
            if entry.state.is_users
            or any(begin <= entry.note.onset < end for begin, end in passages)
            or (within is not None and not within[0] <= entry.note.onset < within[1])
        ]
        known = [note for entry in entries for note in (entry.note, entry.original) if note]
        return cls(
            tuple(entry for entry in entries if entry.state.sounds),
            tuple(entry for entry in entries if entry.state is NoteState.CANDIDATE),
            np.sort(_keys(known)),
            passages,
        )

    def merge(self, found: Sequence[Note], *, candidates: bool = False) -> NoteArrays:
        """What will be shown of newly decoded notes; those that are new have 0 for an id."""
        kept = self.candidates if candidates else self.notes
        new = self.find_new(found)
        if not kept:
            return NoteArrays(new)
        return _in_order(
            [*new, *(entry.note for entry in kept)], [0] * len(new) + [entry.id for entry in kept]
        )

    def find_new(self, notes: Sequence[Note]) -> list[Note]:
        """Those of ``notes`` that meet none of the kept ones and lie in no accepted passage."""
        if not len(self.keys) and not self.passages:
            return list(notes)
        keys = _keys(notes)
        first = np.searchsorted(self.keys, keys - _SAME_ONSET, side="left")
        last = np.searchsorted(self.keys, keys + _SAME_ONSET, side="right")
        is_new = first == last
        onset = np.fromiter((note.onset for note in notes), np.float64, len(notes))
        for begin, end in self.passages:
            is_new &= (onset < begin) | (onset >= end)
        return [notes[index] for index in np.flatnonzero(is_new).tolist()]


def _keys(notes: Sequence[Note]) -> Doubles:
    """A number for each note that grows with onset and keeps the pitches apart."""
    onset = np.fromiter((note.onset for note in notes), np.float64, len(notes))
    pitch = np.fromiter((note.pitch for note in notes), np.float64, len(notes))
    return onset + pitch * _PITCH_STRIDE
