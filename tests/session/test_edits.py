from __future__ import annotations

from dataclasses import replace

import pytest

from amtstudio.errors import EditError
from amtstudio.session import Document, NoteState, limit_move
from amtstudio.symbolic import Note, Pedal, Track, TrackKind, Transcription
from amtstudio.symbolic.notes import bend_at


def states(document):
    return {key: entry.state.value for key, entry in document.notes.items()}


def test_a_transcription_gives_notes_of_the_model_and_candidates(document, transcription):
    assert states(document) == {1: "model", 2: "model", 3: "model", 4: "model", 5: "candidate"}
    assert document.notes[3].note == Note(1.1, 1.5, 64, 90, 0.95)
    # Candidates do not sound.
    assert document.transcription() == transcription
    assert document.transcription([4, 5]).notes == (Note(3.0, 4.0, 67, 100, 0.6),)


def test_move_shifts_time_and_pitch_and_remembers_what_was_heard(document):
    document.move([1, 4], seconds=0.5, semitones=-2)
    moved = document.notes[1]
    assert moved.note == Note(0.5, 1.5, 58, 64, 1.0)
    assert (moved.state, moved.original) == (NoteState.EDITED, Note(0.0, 1.0, 60, 64, 0.9))
    assert document.notes[4].note == Note(3.5, 4.5, 65, 100, 1.0)
    assert document.undo_text == "Move 2 notes"
    document.undo()
    assert document.notes[1].note == Note(0.0, 1.0, 60, 64, 0.9)
    assert document.notes[1].state is NoteState.MODEL


def test_a_move_that_one_note_cannot_make_moves_none(document):
    before = dict(document.notes)
    with pytest.raises(EditError, match="begin before the recording"):
        document.move([1, 4], seconds=-0.1)
    with pytest.raises(EditError, match="leave the range of MIDI"):
        document.move([1, 4], semitones=61)
    with pytest.raises(EditError, match="begin before the recording"):
        document.move([1], seconds=float("nan"))
    with pytest.raises(EditError, match="more than a week"):
        document.move([1], seconds=1e9)
    with pytest.raises(KeyError):
        document.move([99], seconds=1.0)
    assert document.notes == before
    assert document.undo_text is None


def test_limit_move_stops_where_the_first_note_meets_an_end(document):
    content = document.content
    assert limit_move(content, [2, 4], seconds=-5.0, semitones=99) == (-1.0, 60)
    assert limit_move(content, [2, 4], seconds=0.25, semitones=-99) == (0.25, -60)
    document.move([2, 4], seconds=-1.0, semitones=60)
    assert document.notes[4].note.pitch == 127


def test_resize_moves_one_end_and_leaves_a_millisecond(document):
    document.resize([2], onset_by=0.25)
    document.resize([2], offset_by=-0.5)
    assert document.notes[2].note == Note(1.25, 1.5, 60, 70, 1.0)
    with pytest.raises(EditError, match="at least a millisecond"):
        document.resize([2], offset_by=-0.2495)
    with pytest.raises(EditError, match="begin before the recording"):
        document.resize([2], offset_by=-0.3)


def test_add_and_delete_of_the_users_own_note_leave_nothing(document):
    key = document.add(Note(2.5, 2.75, 50, 33, confidence=0.5))
    assert key == 6
    assert document.notes[6].note == Note(2.5, 2.75, 50, 33, 1.0)
    assert document.notes[6].state is NoteState.ADDED
    document.move([6], seconds=0.5)
    assert document.notes[6].state is NoteState.ADDED
    document.delete([6])
    assert 6 not in document.notes
    document.undo()
    assert document.notes[6].note.onset == 3.0
    document.delete([6])
    assert document.add(Note(0.0, 1.0, 40)) == 7  # an id is never used again


def test_delete_keeps_what_the_model_heard_as_rejected(document):
    document.move([1], semitones=1)
    document.delete([1, 5])
    assert states(document) == {1: "rejected", 2: "model", 3: "model", 4: "model", 5: "rejected"}
    assert document.notes[1].note == Note(0.0, 1.0, 60, 64, 0.9)
    assert len(document.transcription().notes) == 3
    with pytest.raises(EditError, match="rejected note cannot be edited"):
        document.move([1], seconds=1.0)
    document.accept([1])
    assert document.notes[1].state is NoteState.ACCEPTED


def test_split_gives_two_notes_that_meet(document):
    document.split([1, 2, 3], 1.25)
    assert document.notes[2].note == Note(1.0, 1.25, 60, 70, 1.0)
    assert document.notes[3].note == Note(1.1, 1.25, 64, 90, 1.0)
    assert document.notes[6].note == Note(1.25, 2.0, 60, 70, 1.0)
    assert document.notes[7].note == Note(1.25, 1.5, 64, 90, 1.0)
    assert document.notes[7].state is NoteState.ADDED
    assert document.undo_text == "Split 2 notes"
    for time in (0.0, 0.0005, 1.0, 2.5):
        with pytest.raises(EditError, match="None of these notes is sounding there"):
            document.split([1], time)


def test_merge_spans_from_the_first_onset_to_the_last_offset(document):
    document.merge([2, 1])
    assert document.notes[1].note == Note(0.0, 2.0, 60, 64, 1.0)
    assert document.notes[1].state is NoteState.EDITED
    assert document.notes[2].state is NoteState.REJECTED
    with pytest.raises(EditError, match="at least two notes"):
        document.merge([1, 1])
    with pytest.raises(EditError, match="same pitch"):
        document.merge([1, 3])


def test_splitting_and_merging_again_gives_the_same_sound(document):
    before = document.transcription().notes[3]
    document.split([4], 3.25)
    document.merge([4, 6])
    assert replace(document.transcription().notes[3], confidence=0.6) == before


def test_merged_notes_keep_their_bends_and_undo_parts_them():
    bends = ((0.0, 0.0), (0.5, 100.0)), ((0.25, -20.0),)
    one, other = Track("violin", 40), Track("violin 2", 40)
    notes = [
        Note(1.0 + place, 2.0 + place, 60, bend=bend, track=track)
        for place, (bend, track) in enumerate(zip(bends, (one, other), strict=True))
    ]
    with Document.create() as document:
        document.replace_transcription(Transcription(tuple(notes), duration=4.0))
        with pytest.raises(EditError, match="same pitch and instrument"):
            document.merge([1, 2])
        document.merge_tracks(other, one)  # to the user it is one violin now
        document.merge([1, 2])
        (merged,) = document.transcription().notes
        assert (merged.onset, merged.offset, merged.track) == (1.0, 3.0, one)
        heard = [bend_at(merged.bend, second) for second in (0.25, 0.75, 1.0, 1.9)]
        assert heard == pytest.approx([50.0, 100.0, -20.0, -20.0])
        document.undo()
        assert [note.bend for note in document.transcription().notes] == list(bends)


def test_octaves_and_velocities(document):
    document.shift_octave([3], 1)
    document.shift_octave([1, 2], -1)
    assert [document.notes[key].note.pitch for key in (1, 2, 3)] == [48, 48, 76]
    assert document.undo_text == "Octave down 2 notes"
    document.set_velocity([1, 2], 5)
    document.change_velocity([2, 4], 30)
    assert [document.notes[key].note.velocity for key in (1, 2, 4)] == [5, 35, 127]
    with pytest.raises(EditError, match="between 1 and 127"):
        document.set_velocity([1], 128)
    with pytest.raises(EditError, match="leave the range of MIDI"):
        document.shift_octave([3], 5)


def test_velocities_of_several_notes_are_one_step_or_none(document):
    document.set_velocities({1: 20, 2: 30, 4: 100})
    assert [document.notes[key].note.velocity for key in (1, 2, 4)] == [20, 30, 100]
    assert document.undo_text == "Change velocity of 2 notes"  # the last was as loud before
    with pytest.raises(EditError, match="between 1 and 127"):
        document.set_velocities({1: 50, 2: 0})
    assert document.notes[1].note.velocity == 20
    document.undo()
    assert document.notes[1].note.velocity == 64


def test_notes_go_to_pitches_of_their_own_in_one_step_or_none(document):
    document.move_each({1: 62, 2: 59, 4: 67}, seconds=0.5)
    assert [document.notes[key].note.pitch for key in (1, 2, 4)] == [62, 59, 67]
    assert document.notes[4].note.onset == 3.5
    assert document.undo_text == "Move 3 notes"
    with pytest.raises(EditError, match="leave the range of MIDI"):
        document.move_each({1: 64, 2: 128})
    assert document.notes[1].note.pitch == 62
    document.undo()
    assert [document.notes[key].note.pitch for key in (1, 2, 4)] == [60, 60, 67]
    assert document.notes[1].state is NoteState.MODEL


def test_accepting_keeps_the_note_as_it_was_heard(document):
    document.move([1], seconds=0.1)
    document.accept([1, 2, 5])
    assert states(document) == {1: "edited", 2: "accepted", 3: "model", 4: "model", 5: "accepted"}
    assert document.notes[2].note.confidence == 0.4
    assert len(document.transcription().notes) == 5
    document.reject([2])
    assert document.notes[2].state is NoteState.REJECTED


def test_edits_that_change_nothing_are_no_steps(document):
    document.move([1], seconds=0.0)
    document.set_velocity([1], 64)
    document.delete([])
    document.withdraw_passage(1.0, 2.0)
    document.reject([5])
    document.reject([5])
    assert document.undo_text == "Reject a note"
    document.undo()
    assert document.undo_text is None


def spans(document):
    return [(passage.onset, passage.offset) for passage in document.passages]


def test_passages_join_and_can_be_taken_back_in_part(document):
    document.accept_passage(4.0, 6.0)
    document.accept_passage(0.0, 1.0)
    document.accept_passage(1.0, 2.0)
    assert spans(document) == [(0.0, 2.0), (4.0, 6.0)]
    assert document.passages[0].model == "piano"
    document.withdraw_passage(0.5, 4.5)
    assert spans(document) == [(0.0, 0.5), (4.5, 6.0)]
    document.undo()
    assert spans(document) == [(0.0, 2.0), (4.0, 6.0)]
    with pytest.raises(EditError, match="end after it begins"):
        document.accept_passage(2.0, 2.0)
    with pytest.raises(EditError, match="end after it begins"):
        document.withdraw_passage(3.0, 2.0)


def test_observers_hear_which_notes_changed(document):
    heard = []
    stop = document.subscribe(heard.append)
    document.split([1], 0.5)
    document.undo()
    document.accept_passage(0.0, 1.0)
    assert (heard[0].changed, heard[0].inserted) == ({1}, {6})
    assert (heard[1].changed, heard[1].removed, heard[1].passages) == ({1}, {6}, False)
    assert heard[2].passages
    assert not heard[2].changed
    stop()
    stop()
    document.redo()
    document.delete([2])
    assert len(heard) == 3


def test_an_observer_that_fails_hides_the_edit_from_nobody(document, caplog):
    heard = []

    def fail(change):
        raise RuntimeError("the view is gone")

    document.subscribe(fail)
    document.subscribe(heard.append)
    document.delete([2])
    assert heard[0].changed == {2}
    assert "the view is gone" in caplog.text


def test_presses_of_the_pedal_are_added_changed_and_deleted(document):
    document.add_pedal(Pedal(3.0, 4.0))
    assert document.pedals == (Pedal(0.5, 2.5), Pedal(3.0, 4.0))
    document.change_pedal(Pedal(3.0, 4.0), onset=3.5, offset=4.5)
    assert document.undo_text == "Change a pedal press"
    assert document.pedals == (Pedal(0.5, 2.5), Pedal(3.5, 4.5))
    document.delete_pedals([Pedal(0.5, 2.5)])
    assert document.pedals == (Pedal(3.5, 4.5),)
    assert document.has_decisions
    for _ in range(3):
        document.undo()
    assert document.pedals == (Pedal(0.5, 2.5),)
    assert not document.has_decisions


def test_presses_that_meet_become_one(document):
    document.add_pedal(Pedal(2.0, 3.0))
    assert document.pedals == (Pedal(0.5, 3.0),)
    document.add_pedal(Pedal(4.0, 4.5))
    document.change_pedal(Pedal(4.0, 4.5), onset=2.9, offset=3.5)
    assert document.pedals == (Pedal(0.5, 3.5),)


def test_an_impossible_press_of_the_pedal_is_refused(document):
    with pytest.raises(EditError, match="pedal press would begin before"):
        document.change_pedal(Pedal(0.5, 2.5), onset=-0.5, offset=1.0)
    with pytest.raises(EditError, match="at least a millisecond"):
        document.change_pedal(Pedal(0.5, 2.5), onset=0.5, offset=0.5004)
    with pytest.raises(EditError, match="more than a week"):
        document.add_pedal(Pedal(1.0, 1e9))
    with pytest.raises(EditError, match="no longer exists"):
        document.delete_pedals([Pedal(0.5, 2.4)])
    assert document.pedals == (Pedal(0.5, 2.5),)


def test_notes_of_another_kind_than_was_decoded_stay():
    kick = Note(0.5, 0.6, 60, 90, track=Track.named("drums"))
    note = Note(0.5, 1.0, 60, 80)
    with Document.create() as document:
        document.replace_transcription(Transcription((kick, note), duration=2.0))
        moved = Note(0.52, 1.0, 60, 80)
        document.replace_transcription(
            Transcription((moved,), duration=2.0), kind=TrackKind.PITCHED
        )
        # The drum neither goes nor is in the way of a note of the same number.
        assert sorted(document.transcription().notes) == sorted((kick, moved))
        document.replace_transcription(Transcription((), duration=2.0), kind=TrackKind.DRUMS)
        assert list(document.transcription().notes) == [moved]
