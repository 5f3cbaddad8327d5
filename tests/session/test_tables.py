"""A new kind of content costs one table and a command."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from amtstudio.session import Command, Document, NoteState
from amtstudio.session.command import Rows
from amtstudio.session.tables import SOURCE, TABLES, TEMPO, Table
from amtstudio.symbolic import Note, NoteTable, Pedal, TempoMap, Track, TrackKind, Transcription


@dataclass(frozen=True, order=True)
class Hit:
    """A stroke of a toy drum."""

    onset: float
    drum: str


HITS = Table[Hit](
    "hit",
    "hits",
    lambda hit: hit,
    lambda hit: [hit.onset, hit.drum],
    lambda values: Hit(float(values[0]), str(values[1])),
    "onset REAL NOT NULL, drum TEXT NOT NULL",
)


def add_hits(*hits: Hit) -> Command:
    return Command.of("Add hits", (HITS, Rows((), hits)))


def test_a_kind_of_content_that_nothing_else_knows_is_edited_undone_and_kept(monkeypatch):
    monkeypatch.setitem(TABLES, HITS.name, HITS)
    first, second = Hit(0.5, "kick"), Hit(1.0, "snare")
    with Document.create() as document:
        change = document.perform(add_hits(first, second))
        assert change.tables == {"hit"}
        assert not change.pedals
        assert document.undo_text == "Add hits"
        document.perform(Command.of("Delete a hit", (HITS, Rows((first,)))))
        with pytest.raises(ValueError, match="does not start from this content"):
            document.perform(Command.of("Delete a hit", (HITS, Rows((first,)))))
        path = document.path
    with Document.open(path) as document:
        assert set(document.content.rows(HITS).values()) == {second}
        document.undo()
        assert set(document.content.rows(HITS).values()) == {first, second}
        document.undo()
        assert not document.content.rows(HITS)
        document.redo()
    with Document.open(path) as document:
        assert set(document.content.rows(HITS).values()) == {first, second}


def test_tracks_bends_and_tempo_of_a_transcription_are_kept():
    lead = Track("Lead", 29)
    kit = Track("Kit", 0, TrackKind.DRUMS)
    odd = Track("[odd]", 5)
    notes = [
        Note(0.5, 1.0, 60, track=lead, bend=((0.0, 10.5), (0.25, -3.0))),
        Note(1.0, 1.1, 36, track=kit),
        Note(1.5, 2.0, 61, track=odd),
    ]
    tempo = TempoMap(np.array([0.5, 1.0, 1.5, 2.1]), np.array([False, True, False, True]), 8)
    given = Transcription(NoteTable.of(notes), (Pedal(0.5, 1.0, lead),), 3.0, tempo=tempo)
    with Document.create() as document:
        document.replace_transcription(given)
        path = document.path
    with Document.open(path) as document:
        assert document.transcription() == given
        document.replace_transcription(Transcription(duration=3.0))
        assert document.transcription().tempo is None
        document.undo()
        assert document.content.tempo == tempo
        assert document.content.rows(TEMPO)
    with Document.open(path) as document:
        assert document.transcription() == given


def test_a_part_of_a_note_that_was_cut_bends_as_it_did():
    bend = ((0.0, 0.0), (0.25, 50.0), (0.75, -50.0))
    with Document.create() as document:
        key = document.add(Note(1.0, 2.0, 60, bend=bend))
        document.split([key], 1.5)
        first, second = sorted(document.transcription().notes)
        assert first.bend == (*bend[:2], (0.5, 0.0))
        assert second.bend == ((0.0, 0.0), (0.25, -50.0))
        document.resize([key], onset_by=0.25)
        assert document.notes[key].note.bend == ((0.0, 50.0), (0.25, 0.0))


def test_all_notes_are_one_table_with_ids_and_states(document):
    document.reject([3])
    document.accept([2])
    table = document.content.table()
    assert table.id.tolist() == [1, 2, 3, 5, 4]  # in order of time
    assert table.has_state(NoteState.REJECTED).tolist() == [False, False, True, False, False]
    assert table.has_state(NoteState.ACCEPTED).tolist() == [False, True, False, False, False]
    assert list(table) == [document.notes[key].note for key in table.id.tolist()]
    assert document.content.table([4, 99]).id.tolist() == [4]
    assert len(document.content.rows(SOURCE)) == 1
