"""A new transcription in place of the old one, without losing what the user decided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import DecoderSettings
from amtstudio.session.command import Command, Content, Swap
from amtstudio.session.edits import cut_passages
from amtstudio.session.values import NoteState, SessionNote, Source, plain_note
from amtstudio.symbolic import Note, Transcription

T = TypeVar("T")

SAME_ONSET = 0.05  # seconds; the tolerance within which scores take two notes for the same


class _Onsets:
    """Answers whether one of many notes begins about here at this pitch."""

    def __init__(self, notes: Iterable[Note]) -> None:
        onset, pitch = _columns(list(notes))
        order = np.lexsort((onset, pitch))
        self._onset, self._pitch = onset[order], pitch[order]

    def without(self, notes: Iterable[Note]) -> list[Note]:
        """Those of ``notes`` that begin elsewhere."""
        notes = list(notes)
        if not len(self._onset):
            return notes
        onset, pitch = _columns(notes)
        is_new = np.ones(len(notes), dtype=bool)
        for key in np.unique(pitch).tolist():
            first, last = np.searchsorted(self._pitch, (key, key + 1))
            known, at = self._onset[first:last], np.flatnonzero(pitch == key)
            place = np.searchsorted(known, onset[at] - SAME_ONSET)
            found = np.append(known, math.inf)[place] <= onset[at] + SAME_ONSET
            is_new[at] = ~found
        return [note for note, new in zip(notes, is_new.tolist(), strict=True) if new]


def _columns(notes: Sequence[Note]) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """Onset and pitch of each note."""
    onset = np.fromiter((note.onset for note in notes), np.float64, len(notes))
    return onset, np.fromiter((note.pitch for note in notes), np.int64, len(notes))


def find_candidates(notes: Iterable[Note], lower: Iterable[Note]) -> list[Note]:
    """Of the notes decoded with ``lower`` thresholds, those that are not among ``notes``."""
    known = _Onsets(notes)
    return known.without(lower)


def replace_transcription(
    content: Content,
    transcription: Transcription,
    *,
    candidates: Sequence[Note] = (),
    settings: DecoderSettings | None = None,
    within: tuple[float, float] | None = None,
    keep_corrections: bool = True,
    text: str = "Transcribe",
) -> Command:
    """Put the result of the engine, or of decoding again, in place of what the model said before.

    With ``keep_corrections`` every note that the user decided on stays, as do all notes of
    accepted passages; a new note that meets one of them (same pitch, onset within 50 ms of where
    it is or of where the model had heard it) is left out, and so is any in an accepted passage.
    The pedal stays as a whole where the user has edited it.
    Without, only the new notes remain, and no passage counts as accepted.

    A note that the model had heard before (same pitch and onset) keeps its id: a threshold that
    was moved changes few notes, and the step holds only those.

    ``within``, onset and offset in seconds, is the stretch that was transcribed: what begins
    outside of it stays.
    """
    start, end = within or (0.0, math.inf)
    if not start < end:
        raise ValueError(f"need onset < offset, got {start} and {end}")
    passages = content.passages
    if not keep_corrections:
        passages = tuple(cut_passages(passages, start, end))

    def is_accepted(onset: float) -> bool:
        return bool(passages) and any(passage.holds(onset) for passage in passages)

    def is_kept(entry: SessionNote) -> bool:
        onset = entry.note.onset
        if not start <= onset < end:
            return True
        return keep_corrections and (entry.state.is_users or is_accepted(onset))

    kept = {key: entry for key, entry in content.notes.items() if is_kept(entry)}
    decided = _Onsets(
        note for entry in kept.values() for note in (entry.note, entry.original) if note is not None
    )
    gone = {key: entry for key, entry in content.notes.items() if key not in kept}
    heard = ((transcription.notes, NoteState.MODEL), (candidates, NoteState.CANDIDATE))
    new = [
        (note, state)
        for notes, state in heard
        for note in decided.without(notes)
        if start <= note.onset < end and not is_accepted(note.onset)
    ]
    removed, inserted = _difference(gone if keep_corrections else {}, new, content.next_id)
    if not keep_corrections:
        removed = list(gone.values())
    keeps_pedals = keep_corrections and content.source.pedals_edited
    pedals = list(content.pedals)
    if not keeps_pedals:
        pedals = [pedal for pedal in content.pedals if not start <= pedal.onset < end]
        pedals += [pedal for pedal in transcription.pedals if start <= pedal.onset < end]
    source = replace(Source.of(transcription, settings), pedals_edited=keeps_pedals)
    if within is not None:
        source = replace(source, duration=max(source.duration, content.source.duration))
    return Command(
        text,
        removed=tuple(removed),
        inserted=tuple(inserted),
        pedals=_swap(content.pedals, tuple(sorted(pedals))),
        passages=_swap(content.passages, passages),
        source=_swap(content.source, source),
    )


def _difference(
    gone: dict[int, SessionNote], new: Iterable[tuple[Note, NoteState]], next_id: int
) -> tuple[list[SessionNote], list[SessionNote]]:
    """What to remove and to insert, so that ``new`` takes the place of ``gone``."""
    known = {(entry.note.pitch, entry.note.onset): entry for entry in gone.values()}
    same: set[int] = set()
    inserted = []
    for note, state in new:
        plain = plain_note(note)
        former = known.pop((plain.pitch, plain.onset), None)
        if former is None:
            inserted.append(SessionNote(next_id, plain, state, plain))
            next_id += 1
        elif former.state is state and former.note == plain:
            same.add(former.id)
        else:
            inserted.append(SessionNote(former.id, plain, state, plain))
    return [entry for key, entry in gone.items() if key not in same], inserted


def _swap(old: T, new: T) -> Swap[T] | None:
    return None if old == new else Swap(old, new)
