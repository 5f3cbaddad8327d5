"""An open recording without a window: its project, its notes, and thresholds that move."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from amtstudio.decoding import Players
from amtstudio.errors import EditError
from amtstudio.session import Document
from amtstudio.symbolic import PIANO, Note, NoteTable, Transcription
from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.symbolic.note_filter import NoteFilter, Scale
from amtstudio.workbench.open_recording import OpenRecording
from amtstudio.workbench.pictured_recording import What

NOTES = (Note(0.0, 1.0, 60, 64, 0.9), Note(1.0, 2.0, 64, 70, 0.8))


class Watched(OpenRecording):
    """Keeps what was announced."""

    def __init__(self, path: Path) -> None:
        self.announced: list[What] = []
        super().__init__(path)

    def _announce(self, what: What) -> None:
        self.announced.append(what)


@pytest.fixture
def recording(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    document = Document.create()
    document.replace_transcription(
        Transcription(NOTES, duration=3.0, file="a.wav", model="piano"),
        candidates=[Note(2.0, 2.5, 72, 30, 0.3)],
    )
    recording = Watched(tmp_path / "a.wav")
    recording.attach(document)
    yield recording
    recording.close()


def pitches(notes: NoteTable) -> list[int]:
    return sorted(notes.pitch.tolist())


def test_a_project_that_is_attached_is_shown(recording):
    assert pitches(recording.notes) == [60, 64]
    assert pitches(recording.candidates) == [72]
    assert recording.is_transcribed
    assert recording.can_edit
    assert {"notes", "candidates"} <= set(recording.announced)


def test_a_step_shows_what_it_changed_and_so_does_its_undo(recording):
    recording.announced.clear()
    (first, *_) = recording.notes.id.tolist()
    recording.edits.take(lambda project: project.move([first], semitones=2))
    assert pitches(recording.notes) == [62, 64]
    assert recording.announced == ["notes"]
    assert recording.is_unsaved
    recording.edits.take(lambda project: project.undo())
    assert pitches(recording.notes) == [60, 64]


def test_a_step_that_fails_is_raised_and_leaves_everything_as_it_was(recording):
    (first, *_) = recording.notes.id.tolist()
    with pytest.raises(EditError):
        recording.edits.take(lambda project: project.move([first], semitones=100))
    assert pitches(recording.notes) == [60, 64]


def test_what_the_user_says_of_who_plays_comes_from_the_project(recording):
    recording.edits.take(lambda project: project.tag_instrument("drums", 0.0, 1.0, is_heard=False))
    assert recording.instrument_tags == (InstrumentTag(0.0, 1.0, "drums", is_heard=False),)


def test_notes_of_moved_thresholds_are_kept_as_one_step(recording):
    settings = replace(recording.settings, onset_threshold=0.7)
    recording.preview_notes(NoteTable.of(NOTES[:1]), (), settings)
    assert pitches(recording.notes) == [60]
    assert pitches(recording.project.content.sounding()) == [60]
    assert recording.is_settled
    recording.edits.take(lambda project: project.undo())
    assert pitches(recording.notes) == [60, 64]


def test_a_range_of_keys_is_a_step_that_the_project_keeps(recording):
    recording.announced.clear()
    recording.set_filter(NoteFilter(lowest=62, scale=Scale(4, "minor")))
    assert pitches(recording.notes) == [64]
    assert recording.announced[:3] == ["filter", "notes", "candidates"]
    assert pitches(recording.transcription.notes) == [64]
    assert recording.is_unsaved
    path = recording.project.path
    recording.edits.take(lambda project: project.undo())
    assert pitches(recording.notes) == [60, 64]
    recording.edits.take(lambda project: project.redo())
    recording.close(keeps_untouched=False)  # it is a decision of the user's, and stays
    later = Watched(recording.path)
    later.attach(Document.open(path))
    assert later.filter == NoteFilter(lowest=62, scale=Scale(4, "minor"))
    assert pitches(later.notes) == [64]
    later.set_filter(NoteFilter())
    assert pitches(later.notes) == [60, 64]
    later.close()
    with Document.open(path) as document:
        assert document.note_filter == NoteFilter()


def test_a_range_chosen_before_there_is_a_project_is_kept_by_it(recording, tmp_path):
    early = Watched(tmp_path / "b.wav")
    early.set_filter(NoteFilter(highest=61))
    document = Document.create()
    document.replace_transcription(Transcription(NOTES, duration=3.0, file="b.wav", model="piano"))
    early.attach(document)
    assert pitches(early.notes) == [60]
    assert document.note_filter == NoteFilter(highest=61)
    assert document.undo_text == "Change range and scale"
    early.close()


def test_instruments_that_were_asked_for_follow_undo(recording):
    flute = Players.given(["flute"]).to_metadata()

    def step(project):
        project.replace_transcription(replace(project.transcription(()), metadata=flute))

    recording.edits.take(step)
    assert recording.asked_instruments == ("flute",)
    recording.edits.take(lambda project: project.undo())
    assert recording.asked_instruments == ()
    recording.asked_instruments = ("piano",)  # a wish for the next transcription
    recording.edits.take(lambda project: project.mute_track(PIANO, True))
    assert recording.asked_instruments == ("piano",)
