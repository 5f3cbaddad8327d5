"""How well a model does where the notes are known: which it finds, where they end, how loud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from amtstudio.engine import Transcriber
from amtstudio.engine.run import IsCancelled
from amtstudio.learning.hearing import hear
from amtstudio.learning.label_free import agreement
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import Passage, may_be_same
from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import Note, NoteTable

VELOCITY_TOLERANCE = 12.7  # a tenth of what MIDI has
LEAST_SPREAD = 4.0  # of velocities: notes all set to one say nothing of how loud they were played
END_RATIO = 0.2  # of its length, by which the end of a note may be out

RightEnds = tuple[bool, ...]
RightLoudness = tuple[bool | None, ...]


class KnownScores(NamedTuple):
    """Scores pooled over all known passages; None if there are none.

    Attributes
    ----------
    f1 : float or None
        Of their notes.
    n_known : int
        The number of known notes.
    note : float
        What one note contributes to it.
    with_ends : float or None
        With offsets, of the notes whose ends are known as well; None for drums.
    ends_note : float
        What one note contributes to that.
    ends : tuple of bool
        For each note whose end is known, whether it was found, and ends where it should. The order
        is the same for every model, as it is for ``loudness``.
    loudness : tuple of bool or None
        For each note whose loudness is known, whether its predicted velocity is right, within a
        tenth of the MIDI range; None: the note was not found.
    """

    f1: float | None
    n_known: int = 0
    note: float = 0.0
    with_ends: float | None = None
    ends_note: float = 0.0
    ends: RightEnds = ()
    loudness: RightLoudness = ()


def known_scores(
    transcriber: Transcriber,
    recordings: Sequence[UserRecording],
    is_cancelled: IsCancelled,
    *,
    onset_tolerance: float = 0.05,
) -> KnownScores:
    """Score a model where notes of recordings are known. Raises ``Cancelled``."""
    truth: list[Note] = []
    found: list[Note] = []
    ended: tuple[list[Note], list[Note]] = ([], [])
    shift = 0.0
    for entry in recordings:
        if not entry.passages:
            continue
        notes = hear(transcriber, entry.audio, is_cancelled=is_cancelled).notes()
        for passage in entry.passages:
            # One after the other, with a gap, so that notes of two passages never match.
            move = shift - passage.start
            known = [_moved(note, move) for note in passage.notes]
            heard = [_moved(note, move) for note in heard_within(passage, notes)]
            truth += known
            found += heard
            if passage.knows != "onsets":
                ended[0].extend(known)
                ended[1].extend(heard)
            shift += passage.end - passage.start + 1.0
    if not truth:
        return KnownScores(None)
    f1 = agreement(truth, found, onset_tolerance=onset_tolerance)
    note = 2.0 / (len(truth) + len(found))
    if not ended[0] or truth[0].track.is_drums:
        return KnownScores(f1, len(truth), note)
    tables = NoteTable.of(ended[0]), NoteTable.of(ended[1])
    ends = _right_ends(*tables, onset_tolerance)
    ends_note = 2.0 / (len(tables[0]) + len(tables[1]))
    loudness = _loudness(*tables, onset_tolerance)
    return KnownScores(f1, len(truth), note, sum(ends) * ends_note, ends_note, ends, loudness)


def heard_within(passage: Passage, notes: NoteTable) -> Iterator[Note]:
    """The notes of a recording that begin in a passage, without those it is unsure of."""
    inside = (notes.onset >= passage.start) & (notes.onset < passage.end)
    return (note for note in notes.take(inside) if not may_be_same(note, passage.unsure))


def _right_ends(truth: NoteTable, found: NoteTable, onset_tolerance: float) -> RightEnds:
    pairs = match_notes(truth, found, onset_tolerance=onset_tolerance, offset_ratio=END_RATIO)
    right = np.zeros(len(truth), bool)
    right[pairs[:, 0]] = True
    return tuple(right.tolist())


def _loudness(truth: NoteTable, found: NoteTable, onset_tolerance: float) -> RightLoudness:
    if float(np.std(truth.velocity)) < LEAST_SPREAD:
        return ()
    pairs = match_notes(truth, found, onset_tolerance=onset_tolerance)
    error = np.abs(truth.velocity[pairs[:, 0]] - found.velocity[pairs[:, 1]])
    right: list[bool | None] = [None] * len(truth)
    for number, is_right in zip(pairs[:, 0], error <= VELOCITY_TOLERANCE, strict=True):
        right[number] = bool(is_right)
    return tuple(right)


def _moved(note: Note, seconds: float) -> Note:
    onset = max(note.onset + seconds, 0.0)
    return replace(note, onset=onset, offset=max(note.offset + seconds, onset + 0.01), bend=())
