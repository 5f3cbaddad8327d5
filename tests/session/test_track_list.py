"""Tracks as the user wants them: named, merged, hidden, heard; undone; kept."""

from __future__ import annotations

import pytest

from amtstudio import session
from amtstudio.errors import EditError
from amtstudio.session import NoteState
from amtstudio.symbolic import Note, Pedal, Track, Transcription

PIANO, BASS, GUITAR = (Track.named(name) for name in ("piano", "bass", "guitar"))
DRUMS = Track.named("drums")
NOTES = (
    Note(0.0, 0.5, 60),
    Note(0.5, 1.0, 62),
    Note(0.2, 0.7, 40, track=BASS),
    Note(0.3, 0.6, 55, track=GUITAR),
    Note(0.4, 0.45, 36, track=DRUMS),
)


def transcription(notes=NOTES):
    return Transcription(notes, (Pedal(0.1, 0.9),), duration=2.0, file="a.wav", model="x")


@pytest.fixture
def project():
    document = session.Document.create()
    document.replace_transcription(transcription())
    yield document
    document.close()


def shown(project):
    return {track.name for track in project.transcription().notes.playing()}


def ids_of(project, track):
    return [key for key, entry in project.notes.items() if entry.note.track == track]


def test_a_renamed_track_is_written_under_its_name_and_no_note_counts_as_edited(project):
    project.rename_track(PIANO, "Left hand")
    found = project.transcription()
    assert shown(project) == {"Left hand", "bass", "guitar", "drums"}
    assert {pedal.track.name for pedal in found.pedals} == {"Left hand"}
    assert all(entry.state is NoteState.MODEL for entry in project.notes.values())
    assert project.undo_text == "Rename a track"
    project.undo()
    assert shown(project) == {"piano", "bass", "guitar", "drums"}


def test_a_name_outlives_notes_that_are_found_anew(project):
    project.rename_track(PIANO, "Left hand")
    project.set_program(Track("Left hand", 0), 6)
    project.replace_transcription(transcription((Note(1.0, 1.5, 70), *NOTES)))
    (harpsichord,) = (t for t in project.transcription().notes.tracks if t.name == "Left hand")
    assert harpsichord.program == 6
    assert len(project.transcription().notes.of_track(harpsichord)) == 3


def test_merged_tracks_are_one_and_part_again_by_undo(project):
    project.mute_track(BASS, True)
    project.merge_tracks(GUITAR, BASS)
    assert shown(project) == {"piano", "bass", "drums"}
    assert len(project.transcription().notes.of_track(BASS)) == 2
    assert not project.tracks.audible(project.transcription().notes).of_track(BASS)
    project.mute_track(BASS, False)
    assert len(project.tracks.audible(project.transcription().notes).of_track(BASS)) == 2
    for _ in range(3):
        project.undo()
    assert shown(project) == {"piano", "bass", "guitar", "drums"}


def test_solo_beats_mute_and_hiding_changes_nothing_that_is_heard(project):
    notes = project.transcription().notes
    project.mute_track(PIANO, True)
    project.hide_track(BASS, True)
    assert {note.track for note in project.tracks.audible(notes)} == {BASS, GUITAR, DRUMS}
    assert {note.track for note in project.tracks.visible(notes)} == {PIANO, GUITAR, DRUMS}
    project.solo_track(PIANO, True)
    assert {note.track for note in project.tracks.audible(notes)} == {PIANO}
    project.solo_track(PIANO, False)
    assert PIANO not in {note.track for note in project.tracks.audible(notes)}


def test_notes_that_are_moved_to_a_track_are_the_users(project):
    keys = ids_of(project, GUITAR)
    project.move_to_track(keys, BASS)
    assert project.undo_text == "Move a note to bass"
    assert shown(project) == {"piano", "bass", "drums"}
    entry = project.notes[keys[0]]
    assert entry.state is NoteState.EDITED
    assert entry.original.track == GUITAR
    project.replace_transcription(transcription())  # the same is heard again
    assert len(project.transcription().notes.of_track(BASS)) == 2
    assert not project.transcription().notes.of_track(GUITAR)


def test_notes_are_split_off_to_a_new_track_whatever_its_name_meant_before(project):
    project.rename_track(PIANO, "Right hand")
    project.move_to_track(ids_of(project, PIANO)[:1], PIANO)  # a new track called piano
    assert shown(project) == {"Right hand", "piano", "bass", "guitar", "drums"}
    assert len(project.transcription().notes.of_track(PIANO)) == 1
    project.undo()
    assert shown(project) == {"Right hand", "bass", "guitar", "drums"}


def test_a_new_track_is_there_without_notes_and_a_deleted_one_is_not(project):
    flute = Track("Solo", 73)
    project.add_track(flute)
    assert flute in project.tracks.tracks(project.transcription().notes)
    with pytest.raises(EditError, match="This track already exists"):
        project.add_track(flute)
    project.delete_track(flute)
    project.delete_track(PIANO)
    assert shown(project) == {"bass", "guitar", "drums"}
    assert project.pedals == ()
    assert all(project.notes[key].state is NoteState.DROPPED for key in ids_of(project, PIANO))
    project.undo()
    assert len(project.transcription().notes.of_track(PIANO)) == 2


def test_a_deleted_track_says_nothing_about_its_notes(project, tmp_path):
    wrong, other = ids_of(project, PIANO)
    project.reject([wrong])
    project.delete_track(PIANO)
    project.delete_track(BASS)
    labels = project.labels()
    assert labels.rejected == (NOTES[0],)  # the user had looked at this one
    assert labels.dropped == (NOTES[2], NOTES[1])
    project.save_as(tmp_path / "a.amts")
    project.accept([other])  # one of them is wanted after all
    assert shown(project) == {"piano", "guitar", "drums"}
    assert project.labels().dropped == (NOTES[2],)
    project.undo()
    project.save()
    project.close()
    assert session.read_labels(tmp_path / "a.amts").dropped == labels.dropped


def test_what_went_with_a_track_stays_away_when_a_lower_threshold_finds_it(project):
    candidate = Note(1.0, 1.4, 43, 80, 0.2, BASS)
    project.replace_transcription(transcription(), candidates=[candidate])
    project.delete_track(BASS)
    project.replace_transcription(transcription((*NOTES, candidate)))
    assert shown(project) == {"piano", "guitar", "drums"}
    other = Note(1.5, 1.9, 45, 80, 0.1, BASS)  # nobody has seen, or deleted, this one
    project.replace_transcription(transcription((*NOTES, candidate, other)))
    assert project.transcription().notes.of_track(BASS).pitch.tolist() == [45]
    for _ in range(2):
        project.undo()
    assert shown(project) == {"piano", "bass", "guitar", "drums"}
    assert [note.state for note in project.notes.values() if note.note == candidate] == [
        NoteState.CANDIDATE
    ]


def test_the_pedal_of_a_deleted_track_stays_away_too(project):
    project.delete_track(PIANO)
    assert project.source.pedals_edited
    project.replace_transcription(transcription((*NOTES, Note(1.5, 1.9, 57, track=GUITAR))))
    assert project.pedals == ()
    for _ in range(2):
        project.undo()
    assert len(project.pedals) == 1
    assert not project.source.pedals_edited
    project.delete_track(BASS)  # which has none
    assert not project.source.pedals_edited


def test_what_makes_no_sense_is_refused(project):
    for edit in (
        lambda: project.merge_tracks(GUITAR, DRUMS),
        lambda: project.merge_tracks(GUITAR, GUITAR),
        lambda: project.move_to_track(ids_of(project, GUITAR), DRUMS),
        lambda: project.set_program(DRUMS, 5),
        lambda: project.set_program(GUITAR, 128),
        lambda: project.rename_track(GUITAR, "  "),
        lambda: project.rename_track(GUITAR, "x" * 81),
        lambda: project.rename_track(Track("nobody"), "somebody"),
        lambda: project.mute_track(Track("nobody"), True),
    ):
        before = project.undo_text
        with pytest.raises(EditError):
            edit()
        assert project.undo_text == before


def test_two_tracks_never_get_one_name(project):
    project.rename_track(GUITAR, "bass")
    assert shown(project) == {"piano", "bass", "bass 2", "drums"}
    project.rename_track(PIANO, "bass")
    assert shown(project) == {"bass", "bass 2", "bass 3", "drums"}
    project.rename_track(Track("bass 2", GUITAR.program), "bass 2")  # its own name is not taken
    assert shown(project) == {"bass", "bass 2", "bass 3", "drums"}


def test_a_numbered_name_is_not_too_long(project):
    project.rename_track(GUITAR, "x" * 80)
    project.rename_track(BASS, "x" * 80)
    assert max(len(name) for name in shown(project)) == 80
    assert len(shown(project)) == 4


def test_tracks_are_kept_in_the_project(tmp_path):
    document = session.Document.create()
    document.replace_transcription(transcription())
    document.rename_track(BASS, "Kontrabaß")
    document.set_track_colour(GUITAR, 5)
    document.hide_track(GUITAR, True)
    document.add_track(Track("[odd", 3))
    kept = document.tracks
    document.save_as(tmp_path / "a.amts")
    document.close()
    with session.Document.open(tmp_path / "a.amts") as again:
        assert again.tracks == kept
        assert again.tracks.look(GUITAR).colour == 5
        assert again.undo_text == "Add a track"
        for _ in range(4):
            again.undo()
        assert again.tracks == session.NO_TRACKS


def test_a_new_name_or_track_changes_no_colour_and_no_place(project):
    def colours():
        return project.tracks.colours(project.content.sounding())

    before = colours()
    assert list(before.values()) == [0, 1, 2, 3]
    project.rename_track(GUITAR, "zither")
    renamed = colours()
    assert list(renamed) == [Track("zither", 25) if t == GUITAR else t for t in before]
    project.move_to_track(ids_of(project, PIANO)[:1], Track("a new one"))
    after = colours()
    assert {track: after[track] for track in renamed} == renamed
    assert after[Track("a new one")] == 4
    shown_notes = project.transcription().notes
    assert project.tracks.colours(shown_notes) == after


def test_a_player_that_is_found_later_does_not_join_a_track_of_the_same_given_name(document):
    first, second = Track("violin", 40), Track("violin 2", 40)

    def heard(*tracks):
        notes = [
            Note(0.5 * i + 0.1 * j, 0.5 * i + 0.3 + 0.1 * j, 60 + j, track=track)
            for i in range(3)
            for j, track in enumerate(tracks)
        ]
        return Transcription(tuple(notes), duration=3.0)

    def counts():
        notes = document.transcription().notes
        return {track.name: len(notes.of_track(track)) for track in notes.playing()}

    document.replace_transcription(heard(first))
    document.rename_track(first, "violin 2")
    document.replace_transcription(heard(first, second))
    assert counts() == {"violin 2": 3, "violin 2 2": 3}
    document.replace_transcription(heard(first, second))  # which changes nothing, and is no step
    assert counts() == {"violin 2": 3, "violin 2 2": 3}
    document.undo()
    assert counts() == {"violin 2": 3}
    assert len(document.tracks.entries) == 1


def test_what_was_merged_stays_so_when_it_is_found_again(document):
    first, second = Track("violin", 40), Track("violin 2", 40)
    notes = tuple(Note(float(i), i + 0.5, 60, track=t) for i, t in enumerate((first, second)))
    document.replace_transcription(Transcription(notes, duration=3.0))
    document.merge_tracks(second, first)
    document.replace_transcription(Transcription(notes, duration=3.0))
    assert {track.name for track in document.transcription().notes.playing()} == {"violin"}
