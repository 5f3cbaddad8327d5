"""Bends that are flattened, shifted, scaled and drawn; undone, kept and exported."""

from __future__ import annotations

import pytest

from amtstudio.errors import EditError
from amtstudio.formats import write_transcription
from amtstudio.session import Document, NoteState
from amtstudio.symbolic import Note, Transcription

BEND = ((0.0, 0.0), (0.5, 100.0))


@pytest.fixture
def bent(document):
    transcription = Transcription((Note(0.0, 1.0, 60, bend=BEND), Note(1.0, 2.0, 62)), (), 3.0)
    document.replace_transcription(transcription)
    first, second = sorted(document.notes, key=lambda key: document.notes[key].note.onset)
    return document, first, second


def test_flattening_puts_notes_on_their_pitch_and_can_be_undone(bent):
    document, first, second = bent
    document.flatten_bends([first, second])
    assert document.notes[first].note.bend == ()
    assert document.notes[first].state is NoteState.EDITED
    assert document.notes[first].original.bend == BEND
    assert document.notes[second].state is NoteState.MODEL  # there was nothing to flatten
    assert document.undo_text == "Flatten the bend of a note"
    document.undo()
    assert document.notes[first].note.bend == BEND


def test_contours_are_shifted_and_scaled(bent):
    document, first, second = bent
    document.shift_bends([first, second], 10.0)
    assert document.notes[first].note.bend == ((0.0, 10.0), (0.5, 110.0))
    assert document.notes[second].note.bend == ((0.0, 10.0),)
    document.scale_bends([first], 0.5)  # about their mean, which is 85
    assert document.notes[first].note.bend == ((0.0, 47.5), (0.5, 97.5))


def test_a_contour_is_drawn(bent):
    document, _, second = bent
    document.set_bend(second, ((0.1, 5.0), (0.4, -30.0)))
    assert document.notes[second].note.bend == ((0.1, 5.0), (0.4, -30.0))
    with pytest.raises(EditError, match="A note cannot have these values"):
        document.set_bend(second, ((0.4, 5.0), (0.1, -30.0)))
    with pytest.raises(EditError, match="A note cannot have these values"):
        document.set_bend(second, ((0.4, float("nan")),))


def test_an_edited_bend_is_kept_and_exported(bent, tmp_path):
    document, first, _ = bent
    document.shift_bends([first], -20.0)
    path = document.path
    wanted = document.notes[first].note.bend
    document.close()
    with Document.open(path) as again:
        assert again.notes[first].note.bend == wanted
        write_transcription(again.transcription(), tmp_path / "bent.mid", format_name="midi")
        again.undo()
        write_transcription(again.transcription(), tmp_path / "heard.mid", format_name="midi")
    assert (tmp_path / "bent.mid").read_bytes() != (tmp_path / "heard.mid").read_bytes()


def test_both_parts_of_a_split_slide_go_on_sliding(bent):
    document, first, _ = bent
    document.split([first], 0.25)
    parts = [entry.note for entry in document.notes.values() if entry.note.pitch == 60]
    assert sorted(note.bend for note in parts) == [
        ((0.0, 0.0), (0.25, 50.0)),
        ((0.0, 50.0), (0.25, 100.0)),
    ]
