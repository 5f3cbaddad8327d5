"""What is shown of a project's notes: filtered, on the user's tracks, and while thresholds move."""

from __future__ import annotations

import pytest

from amtstudio.decoding import DecodingSettings
from amtstudio.session import KeptNotes, Preview, ShownNotes
from amtstudio.symbolic import NO_NOTES, Note, NoteTable, Pedal, Track, TrackKind
from amtstudio.symbolic.note_filter import NoteFilter

HIT = Note(0.5, 0.6, 36, track=Track.named("drums"))
SETTINGS = DecodingSettings()


@pytest.fixture
def shown(document):
    shown = ShownNotes()
    shown.show_project(document)
    return shown


def preview_of(document, notes, *, model="piano", kind=None, candidates=None, pedals=()):
    kept = KeptNotes.of(document.content, kind=kind)
    return Preview(model, kind, kept, SETTINGS, NoteTable.of(notes), pedals, candidates)


def pitches(notes):
    return sorted(notes.pitch.tolist())


def test_the_filter_hides_notes_and_candidates_and_brings_them_back(shown):
    assert pitches(shown.notes) == [60, 60, 64, 67]
    assert pitches(shown.candidates) == [72]
    shown.set_filter(NoteFilter(lowest=61, highest=70))
    assert (pitches(shown.notes), pitches(shown.candidates)) == ([64, 67], [])
    assert shown.n_hidden == 2
    assert pitches(shown.all_notes) == [60, 60, 64, 67]
    shown.set_filter(NoteFilter())
    assert (len(shown.notes), len(shown.candidates), shown.n_hidden) == (4, 1, 0)


def test_an_edit_exchanges_its_notes_alone(document, shown):
    candidates = shown.all_candidates
    (first, *_others) = document.notes
    change = document.move([first], semitones=3)
    assert not shown.show_changed(document, change.changed)
    assert shown.all_candidates is candidates
    assert pitches(shown.notes) == [60, 63, 64, 67]
    assert shown.notes.onset.tolist() == sorted(shown.notes.onset.tolist())

    (candidate,) = shown.candidates.id.tolist()
    change = document.accept([candidate])
    assert shown.show_changed(document, change.changed | {candidate})
    assert (pitches(shown.notes), len(shown.candidates)) == ([60, 63, 64, 67, 72], 0)


def test_hidden_and_muted_tracks_are_looked_up_as_they_are_now(document, shown):
    (piano,) = shown.shown_tracks
    document.mute_track(piano, True)
    shown.show_project(document)
    assert (len(shown.visible_notes), len(shown.audible_notes)) == (4, 0)
    document.hide_track(piano, True)
    shown.show_project(document)
    assert len(shown.visible_notes) == 0
    assert not any(shown.shows(entry) for entry in document.notes.values() if entry.state.sounds)


def test_moved_thresholds_leave_what_the_user_decided(document, shown):
    added = document.add(Note(4.2, 4.5, 80))
    pedal = Pedal(0.1, 0.2)
    shown.preview(preview_of(document, [Note(0.0, 1.0, 48)], pedals=(pedal,)))
    assert shown.is_preview
    assert pitches(shown.notes) == [48, 80]
    assert shown.pedals == (pedal,)
    assert added in shown.notes.id

    assert not shown.are_previews_complete
    assert shown.complete_preview("piano", NoteTable.of([Note(2.0, 2.5, 50)]))
    assert shown.are_previews_complete
    assert pitches(shown.candidates) == [50]
    assert not shown.complete_preview("drums", NO_NOTES)

    document.undo()  # the added note is gone, whatever the thresholds find
    shown.renew_previews(document, lambda kind: KeptNotes.of(document.content, kind=kind))
    shown.preview(preview_of(document, [Note(0.0, 1.0, 48)]))
    assert pitches(shown.notes) == [48]


def test_a_preview_without_candidates_yields_those_of_before_that_are_no_notes(document, shown):
    shown.preview(preview_of(document, [Note(2.0, 2.2, 72)]))
    preview, candidates = shown.take_preview()
    assert pitches(preview.notes) == [72]
    assert len(candidates) == 0
    assert shown.take_preview() is None
    assert not shown.has_previews


def test_two_models_whose_thresholds_move_keep_to_their_kinds(document, shown):
    pitched, drums = TrackKind.PITCHED, TrackKind.DRUMS
    shown.preview(preview_of(document, [Note(0.0, 1.0, 48)], kind=pitched))
    shown.preview(preview_of(document, [HIT], model="drums", kind=drums))
    assert pitches(shown.notes) == [36, 48]
    assert [track.name for track in shown.drum_tracks] == ["drums"]
    shown.drop_previews()
    shown.show_project(document)
    assert not shown.is_preview
    assert pitches(shown.notes) == [60, 60, 64, 67]
