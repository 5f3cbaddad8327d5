"""Back to what was saved: as one step, so that nothing is lost."""

from __future__ import annotations

import pytest

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.symbolic import Note, Pedal, TempoMap, Transcription

HEARD = Transcription(
    (Note(0.2, 0.7, 60, 64, 0.9), Note(0.9, 1.4, 64, 90, 0.4)), (Pedal(0.5, 1.5),), duration=3.0
)


@pytest.fixture
def document(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    with session.Document.create() as document:
        document.replace_transcription(HEARD, settings=DecodingSettings())
        document.save_as(tmp_path / "take.amts")
        yield document


def rows(document):
    return dict(document.notes), document.pedals, document.tempo, document.passages


def test_edits_go_and_undo_brings_them_back(document):
    saved = rows(document)
    assert not document.has_changes
    document.move([1], semitones=12)
    document.delete([2])
    document.add_pedal(Pedal(2.0, 2.5))
    document.set_beats(TempoMap.even(90.0), text="Fixed Tempo", is_users=True)
    edited = rows(document)
    assert document.has_changes

    document.revert()
    assert rows(document) == saved
    assert not document.has_changes
    assert document.undo_text == "Revert to Saved"
    document.undo()
    assert rows(document) == edited
    assert document.has_changes
    document.redo()
    assert rows(document) == saved
    for _ in range(5):
        document.undo()
    assert rows(document) == saved  # by the way that the edits came


def test_undone_by_hand_is_as_saved(document):
    document.move([1], semitones=12)
    document.undo()
    assert not document.has_changes
    document.move([1], semitones=1)  # another edit takes the place of the one before
    assert document.has_changes
    document.undo()
    assert not document.has_changes


def test_saving_by_hand_is_what_counts(document, tmp_path):
    document.move([1], semitones=12)
    document.save()
    assert not document.has_changes
    document.undo()
    assert document.has_changes  # it is not what was saved
    document.revert()
    assert document.notes[1].note.pitch == 72
    document.delete([1])
    document.save_as(tmp_path / "other.amts")
    assert not document.has_changes


def test_a_project_that_is_opened_again_has_kept_its_edits(document, tmp_path):
    document.move([1], semitones=12)
    document.close()
    with session.Document.open(tmp_path / "take.amts") as again:
        assert not again.has_changes
        assert again.notes[1].note.pitch == 72
        again.undo()
        assert again.has_changes
        again.revert()
        assert again.notes[1].note.pitch == 72
    with session.Document.open(tmp_path / "take.amts") as again:
        assert again.notes[1].note.pitch == 72  # the file says the same


def test_what_a_model_hears_first_is_no_change(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    with session.Document.create() as document:
        document.save_as(tmp_path / "early.amts")
        document.replace_transcription(HEARD, settings=DecodingSettings())
        assert not document.has_changes
        document.delete([1, 2])
        document.revert()
        assert len(document.notes) == 2


def test_more_steps_than_undo_keeps(document, monkeypatch):
    monkeypatch.setattr(session.edited_notes, "MAX_STEPS", 5)
    saved = rows(document)
    for _ in range(12):
        document.move([1], semitones=1)
    assert document.has_changes
    document.revert()
    assert rows(document) == saved


def test_nothing_to_revert_leaves_no_step(document):
    text = document.undo_text
    document.revert()
    assert document.undo_text == text
