"""Hands and voices that the user wants: kept, undone, and written in the score."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.notation import arrange
from amtstudio.session import Document
from amtstudio.symbolic import Note, StaffPlace, TempoMap, Track, Transcription

DRUMS = Track.named("drums")


def document():
    """A tune above held basses, and a drum."""
    document = Document.create()
    notes = [Note(0.5 * i, 0.5 * i + 0.45, 72 + i % 5) for i in range(16)]
    notes += [Note(2.0 * i, 2.0 * i + 1.9, 40) for i in range(4)]
    notes.append(Note(0.0, 0.1, 36, track=DRUMS))
    tempo = TempoMap(0.5 * np.arange(17), np.arange(17) % 4 == 0)
    document.replace_transcription(Transcription(notes, duration=8.0, tempo=tempo), settings=None)
    return document


def written(document):
    """Staff and voice of each note of the piano by its id."""
    transcription = document.transcription()
    ids = transcription.notes.id.tolist()
    return {
        ids[note.row]: (note.staff, note.voice)
        for part in arrange(transcription).parts
        if not part.track.is_drums
        for note in part.notes
    }


def ids_of(document, pitch):
    return [key for key, entry in document.notes.items() if entry.note.pitch == pitch]


def test_notes_go_to_the_other_hand_and_come_back_by_undo():
    with document() as project:
        tune = ids_of(project, 73)
        before = written(project)
        assert {before[key][0] for key in tune} == {1}
        project.place_in_score(tune, hand=2, text="Left Hand")
        after = written(project)
        assert {after[key][0] for key in tune} == {2}
        others = set(before) - set(tune)
        assert {key: after[key][0] for key in others} == {key: before[key][0] for key in others}
        assert project.undo_text == "Left Hand"
        project.undo()
        assert written(project) == before
        project.redo()
        assert written(project) == after


def test_hand_and_voice_add_up_and_are_kept_in_the_file():
    with document() as project:
        (bass, *_) = ids_of(project, 40)
        project.place_in_score([bass], hand=1, text="Right Hand")
        project.place_in_score([bass], voice=2, text="Lower Voice")
        assert written(project)[bass] == (1, 2)
        path = project.path
    with Document.open(path) as project:
        assert project.staff_places == {bass: StaffPlace(1, 2)}
        assert written(project)[bass] == (1, 2)
        project.place_in_score([bass], text="As Found")
        assert not project.staff_places
        assert written(project)[bass][0] == 2


def test_both_halves_of_a_split_note_stay_in_its_hand_and_voice():
    with document() as project:
        first, second, *_ = ids_of(project, 40)
        project.place_in_score([first], hand=1, voice=2, text="Right Hand")
        (new,) = project.split([first, second], 1.0).inserted
        assert project.staff_places == {first: StaffPlace(1, 2), new: StaffPlace(1, 2)}
        assert written(project)[new] == (1, 2)
        project.undo()
        assert project.staff_places == {first: StaffPlace(1, 2)}
        project.redo()
        assert written(project)[new] == (1, 2)


def test_drums_have_no_hands_and_what_changes_nothing_is_no_step():
    with document() as project:
        steps = project.undo_text
        project.place_in_score(ids_of(project, 36), hand=2, text="Left Hand")
        assert project.undo_text == steps
        assert not project.staff_places


@pytest.mark.parametrize("place", [{"hand": 3}, {"voice": 0}])
def test_there_are_two_hands_and_two_voices(place):
    with pytest.raises(ValueError, match="must be 1 or 2"):
        StaffPlace(**place)
