from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from random_edits import fingerprint, random_edit

from amtstudio.errors import OutputWriteError, ProjectError
from amtstudio.session import Document, edited_notes
from amtstudio.session.command import Command, Rows
from amtstudio.session.store import ProjectStore
from amtstudio.session.tables import NOTES
from amtstudio.symbolic import Note, Transcription


def undo_all(document):
    states = []
    while document.undo_text is not None:
        document.undo()
        states.append(fingerprint(document))
    return states


def redo_all(document):
    while document.redo_text is not None:
        document.redo()


@pytest.mark.parametrize("seed", range(4))
def test_any_edits_can_be_undone_one_by_one_redone_and_reopened(tmp_path, seed):
    rng = np.random.default_rng(seed)
    path = tmp_path / "a.amts"
    with Document.create() as document:
        document.save_as(path)
        random_edit(document, rng)  # the first transcription, which is not a step
        states = [fingerprint(document)]
        for _ in range(80):
            random_edit(document, rng)
            if fingerprint(document) != states[-1]:
                states.append(fingerprint(document))
            for entry in document.notes.values():
                assert entry.note.duration > 0.0009
        assert len(states) > 40
        content = document.content
    with Document.open(path) as document:
        assert document.content == content
        assert list(reversed(undo_all(document))) == states[:-1]
        assert fingerprint(document) == states[0]
        assert document.notes
    with Document.open(path) as document:
        redo_all(document)
        assert fingerprint(document) == states[-1]
        document.undo()
        document.undo()
        middle = fingerprint(document)
        document.save_as(tmp_path / "b.amts")
    with Document.open(tmp_path / "b.amts") as document:
        assert fingerprint(document) == middle == states[-3]
        redo_all(document)
        assert fingerprint(document) == states[-1]


def test_observers_can_follow_every_step_by_ids_alone(document, rng):
    seen = dict(document.notes)
    heard = dict(seen)

    def follow(change):
        for key in change.removed:
            del seen[key]
        for key in change.inserted | change.changed:
            assert (key in seen) == (key in change.changed)
            seen[key] = document.notes[key]

    document.subscribe(follow)
    for _ in range(60):
        random_edit(document, rng)
        assert seen == document.notes
    undo_all(document)
    assert seen == heard


def test_an_edit_after_undo_ends_what_could_be_redone(document):
    document.move([1], seconds=0.5)
    document.move([1], seconds=0.5)
    document.undo()
    assert document.redo_text == "Move a note"
    document.delete([4])
    assert document.redo_text is None
    document.redo()
    assert document.notes[1].note.onset == 0.5


def test_the_history_forgets_its_oldest_steps(document, tmp_path, monkeypatch):
    monkeypatch.setattr(edited_notes, "MAX_STEPS", 3)
    for _ in range(5):
        document.move([1], seconds=0.5)
    path = tmp_path / "a.amts"
    document.save_as(path)
    document.close()
    with Document.open(path) as reopened:
        assert len(undo_all(reopened)) == 3
        assert reopened.notes[1].note.onset == 1.0
        redo_all(reopened)
        assert reopened.notes[1].note.onset == 2.5
        reopened.undo()
        reopened.move([1], seconds=10.0)
        assert len(undo_all(reopened)) == 3


def test_a_large_history_is_bounded_by_size_but_for_the_last_step(document, monkeypatch):
    monkeypatch.setattr(edited_notes, "MAX_HISTORY", 10)
    document.move([1], seconds=0.5)
    document.move([1], seconds=0.5)
    assert len(undo_all(document)) == 1


def test_a_step_that_starts_elsewhere_is_refused_and_changes_nothing(document):
    before = fingerprint(document)
    entry = document.notes[1]
    document.delete([2])
    for command in (
        Command.of("x", (NOTES, Rows((entry,), (document.notes[3],)))),
        Command.of("x", (NOTES, Rows((), (entry,)))),
        edited_notes.edits.add_note(document.content, Note(0.0, 1.0, 3)).inverse(),
    ):
        with pytest.raises(ValueError, match="does not start from this content"):
            document.perform(command)
    document.undo()
    assert fingerprint(document) == before


def test_an_edit_that_cannot_be_committed_has_not_happened(document, monkeypatch):
    document.move([1], seconds=0.5)
    heard = []
    document.subscribe(heard.append)
    before = fingerprint(document)

    def full_disk(self, connection, *_):
        connection.execute("DELETE FROM note")
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(ProjectStore, "_write", full_disk)
        with pytest.raises(OutputWriteError, match="disk is full"):
            document.delete([1])
        with pytest.raises(OutputWriteError, match="disk is full"):
            document.undo()
    assert fingerprint(document) == before
    assert not heard
    document.delete([1])
    document.undo()
    path = document.path
    document.close()
    with Document.open(path) as reopened:
        assert fingerprint(reopened) == before


def test_a_file_that_was_moved_away_takes_no_more_edits(document, tmp_path):
    before = fingerprint(document)
    document.path.rename(tmp_path / "elsewhere.amts")
    with pytest.raises(ProjectError, match=r"moved or deleted .*save it under a new name"):
        document.delete([1])
    assert fingerprint(document) == before
    document.save_as(tmp_path / "rescued.amts")
    document.delete([1])
    document.undo()
    assert fingerprint(document) == before


# -- the first transcription


def heard(seconds=0.0):
    return Transcription((Note(seconds, seconds + 1.0, 60),), duration=5.0, model="piano")


def test_the_first_transcription_is_not_undone_and_another_one_is(tmp_path):
    path = tmp_path / "a.amts"
    with Document.create() as document:
        document.replace_transcription(heard())
        first = fingerprint(document)
        assert (document.undo_text, document.undo_size) == (None, 0)
        assert not document.undo().removed
        assert fingerprint(document) == first
        document.replace_transcription(heard(1.0))
        assert document.undo_text == "Transcribe"
        document.undo()
        assert fingerprint(document) == first
        assert (document.undo_text, document.redo_text) == (None, "Transcribe")
        document.save_as(path)
    with Document.open(path) as document:
        assert document.undo_text is None
        document.undo()
        assert fingerprint(document) == first
        document.redo()
        assert document.notes[2].note.onset == 1.0
        document.undo()
        document.undo()
        assert fingerprint(document) == first


def test_a_first_transcription_without_notes_is_one_too():
    with Document.create() as document:
        document.replace_transcription(Transcription((), duration=5.0, model="piano"))
        assert document.undo_text is None
        document.replace_transcription(heard())
        document.undo()
        assert not document.notes
        assert document.undo_text is None


def test_notes_that_were_drawn_before_the_first_transcription_come_back():
    with Document.create() as document:
        document.add(Note(3.0, 4.0, 70))
        document.replace_transcription(heard())
        assert document.undo_text == "Transcribe"
        undo_all(document)
        assert not document.notes


def test_a_transcription_that_a_former_version_has_undone_can_be_done_again(tmp_path):
    copy = tmp_path / "a.amts"
    with Document.create() as document:
        document.replace_transcription(heard())
        whole = fingerprint(document)
        command = document._store.command(document._saved.history[0]).inverse()
        document._store.take_step(command, document.content, 0)  # what undoing did then
        document.save()
        copy.write_bytes(document.path.read_bytes())
    with Document.open(copy) as document:
        assert not document.notes
        assert (document.undo_text, document.redo_text) == (None, "Transcribe")
        document.redo()
        assert fingerprint(document) == whole
        assert document.undo_text is None
