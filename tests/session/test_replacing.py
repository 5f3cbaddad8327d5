from __future__ import annotations

import numpy as np
import pytest

from amtstudio.decoding import DecodingSettings
from amtstudio.symbolic import Note, NoteState, Pedal, Transcription


def sounding(document):
    return [(note.onset, note.pitch) for note in document.transcription().notes]


def test_a_new_transcription_replaces_the_old_in_one_step(document, transcription):
    settings = DecodingSettings(onset_threshold=0.3)
    new = Transcription((Note(0.5, 1.0, 50),), duration=6.0, model="other")
    change = document.replace_transcription(new, settings=settings, text="Threshold 0.3")
    assert sounding(document) == [(0.5, 50)]
    assert (document.source.model, document.source.duration) == ("other", 6.0)
    assert document.source.settings == settings
    assert (change.removed, change.inserted) == ({1, 2, 3, 4, 5}, {6})
    assert change.pedals
    assert change.source
    assert document.undo_text == "Threshold 0.3"
    document.undo()
    assert document.transcription() == transcription
    assert sorted(document.notes) == [1, 2, 3, 4, 5]


def test_corrections_survive_a_new_transcription(document, transcription):
    document.move([1], semitones=1)  # heard 60, is 61
    document.accept([2])
    document.reject([3])
    added = document.add(Note(4.5, 5.0, 30))
    again = (
        Note(0.02, 1.0, 60),  # what the user moved away
        Note(0.01, 1.0, 61),  # what the user moved it to
        Note(1.01, 2.0, 60),  # what the user accepted
        Note(1.1, 1.5, 64),  # what the user rejected
        Note(4.53, 5.0, 30),  # what the user added
        Note(3.0, 4.0, 67),
        Note(3.5, 4.0, 68),
    )
    document.replace_transcription(Transcription(again, model="new"))
    assert sounding(document) == [(0.0, 61), (1.0, 60), (3.0, 67), (3.5, 68), (4.5, 30)]
    assert document.notes[added].state is NoteState.ADDED
    assert document.notes[3].state is NoteState.REJECTED
    assert document.notes[2].note.confidence == 0.4
    document.undo()
    assert sounding(document) == [(0.0, 61), (1.0, 60), (3.0, 67), (4.5, 30)]


def test_nothing_changes_inside_an_accepted_passage(document):
    document.accept_passage(0.9, 1.2)
    new = Transcription((Note(0.0, 1.0, 40), Note(1.1, 2.0, 41)), model="new")
    document.replace_transcription(new, candidates=[Note(1.15, 2.0, 42), Note(1.2, 2.0, 43)])
    assert sounding(document) == [(0.0, 40), (1.0, 60), (1.1, 64)]
    candidates = [e.note.pitch for e in document.notes.values() if e.state.value == "candidate"]
    assert candidates == [43]


def test_without_corrections_all_is_new(document):
    document.accept_passage(0.0, 5.0)
    document.accept([2])
    new = Transcription((Note(0.0, 1.0, 40),), model="new")
    document.replace_transcription(new, keep_corrections=False)
    assert sounding(document) == [(0.0, 40)]
    assert document.passages == ()


def test_transcribing_a_stretch_leaves_the_rest(document):
    document.accept_passage(0.0, 5.0)
    new = Transcription(
        (Note(0.5, 1.0, 40), Note(1.5, 1.6, 41), Note(2.97, 4.0, 67), Note(3.0, 4.0, 90)),
        (Pedal(0.7, 0.8), Pedal(1.5, 1.7)),
        duration=3.0,
        model="new",
    )
    document.replace_transcription(new, within=(1.0, 3.0), keep_corrections=False)
    # 2.97 is the note at 3.0 that stays.
    assert sounding(document) == [(0.0, 60), (1.5, 41), (3.0, 67)]
    assert document.pedals == (Pedal(0.5, 2.5), Pedal(1.5, 1.7))
    assert [(p.onset, p.offset) for p in document.passages] == [(0.0, 1.0), (3.0, 5.0)]
    assert (document.source.model, document.source.duration) == ("new", 5.0)
    document.undo()
    document.replace_transcription(new, within=(1.0, 3.0))  # inside what is accepted
    assert sounding(document) == [(0.0, 60), (1.0, 60), (1.1, 64), (3.0, 67)]
    with pytest.raises(ValueError, match="need onset < offset"):
        document.replace_transcription(new, within=(3.0, 1.0))


def test_numbers_of_numpy_become_pythons(document):
    note = Note(np.float64(0.1), np.float32(0.5), np.int64(60), np.int64(7), np.float32(0.5))
    document.replace_transcription(Transcription((note,)), keep_corrections=False)
    kept = next(iter(document.notes.values())).note
    assert [type(value) for value in (kept.onset, kept.offset, kept.confidence)] == [float] * 3
    assert [type(value) for value in (kept.pitch, kept.velocity)] == [int] * 2


def test_what_the_model_hears_again_keeps_its_id_and_is_no_part_of_the_step(document):
    again = Transcription(
        (Note(0.0, 1.0, 60, 64, 0.9), Note(1.1, 1.7, 64, 90, 0.95), Note(2.0, 2.2, 72, 30, 0.3)),
        (Pedal(0.5, 2.5),),
        duration=5.0,
        file="a.wav",
        model="piano",
    )
    change = document.replace_transcription(again, candidates=[Note(3.0, 4.0, 67, 100, 0.6)])
    # 1 is as it was, 3 is longer, 4 fell below the threshold and 5 rose above it.
    assert (change.removed, change.inserted, change.changed) == ({2}, frozenset(), {3, 4, 5})
    assert not change.pedals
    assert document.notes[3].note.offset == 1.7
    assert document.notes[3].original == document.notes[3].note
    assert document.notes[4].state is NoteState.CANDIDATE
    assert document.notes[5].state is NoteState.MODEL
    document.undo()
    assert document.notes[4].state is NoteState.MODEL


def test_presses_of_the_pedal_that_the_user_edited_stay(document):
    document.delete_pedals([Pedal(0.5, 2.5)])
    document.add_pedal(Pedal(3.0, 4.0))
    document.replace_transcription(Transcription(pedals=(Pedal(0.1, 0.2),), model="new"))
    assert document.pedals == (Pedal(3.0, 4.0),)
    document.replace_transcription(
        Transcription(pedals=(Pedal(0.1, 0.2),), model="new"), keep_corrections=False
    )
    assert document.pedals == (Pedal(0.1, 0.2),)
    assert not document.source.pedals_edited
