from __future__ import annotations

import pytest

from amtstudio.session import read_labels
from amtstudio.symbolic import Note, Transcription


@pytest.fixture
def chords(document):
    notes = (
        Note(1.0, 2.0, 60, 80, 0.5),  # 2, as the one there was
        Note(1.0, 2.0, 64, 80, 0.3),  # 6
        Note(1.0, 2.0, 67, 80, 0.9),  # 7: sure
        Note(4.0, 5.0, 72, 80, 0.69),  # 8
    )
    candidates = [Note(2.0, 2.5, 50, 80, 0.2), Note(3.0, 3.5, 50, 80, 0.19)]  # 9, 10: hopeless
    document.replace_transcription(Transcription(notes), candidates=candidates)
    return document


def walk(document, after, *, backwards=False):
    ids = []
    while (entry := document.next_doubtful(after, backwards=backwards)) is not None:
        ids.append(entry.id)
        after = entry
    return ids


def test_doubtful_notes_follow_in_time_the_least_sure_of_a_chord_first(chords):
    assert walk(chords, 0.0) == [6, 2, 9, 8]
    assert walk(chords, 10.0, backwards=True) == [8, 9, 2, 6]
    assert chords.next_doubtful(1.0).id == 9  # later than, not at
    assert chords.next_doubtful(1.0, backwards=True) is None


def test_what_the_user_decided_on_is_no_longer_doubtful(chords):
    chords.accept([6])
    chords.reject([8])
    chords.move([2], semitones=1)
    assert walk(chords, 0.0) == [9]
    chords.accept_passage(2.0, 2.1)
    assert walk(chords, 0.0) == []


def test_labels_tell_what_is_right_what_is_wrong_and_where_it_is_complete(document):
    document.move([1], seconds=0.02)  # less than the tolerance: not a false onset
    document.move([2], semitones=12)
    document.accept([5])
    document.reject([3])
    added = document.add(Note(4.5, 4.8, 33))
    document.accept_passage(2.9, 4.0)  # holds note 4, on which nothing was said
    labels = document.labels()
    by_id = {entry.id: (entry.state.value, entry.note.pitch) for entry in labels.notes}
    assert by_id == {
        1: ("edited", 60),
        2: ("edited", 72),
        4: ("model", 67),
        5: ("accepted", 72),
        added: ("added", 33),
    }
    assert labels.rejected == (Note(1.0, 2.0, 60, 70, 0.4), Note(1.1, 1.5, 64, 90, 0.95))
    assert [(passage.onset, passage.offset) for passage in labels.accepted] == [(2.9, 4.0)]
    assert labels.model == "piano"


def test_without_decisions_there_are_no_labels(document):
    labels = document.labels()
    assert (labels.notes, labels.accepted, labels.rejected) == ((), (), ())


def test_labels_can_be_read_from_a_closed_project(document, tmp_path):
    document.accept([2])
    document.save_as(tmp_path / "a.amts")
    expected = document.labels()
    document.close()
    assert read_labels(tmp_path / "a.amts") == expected
    assert expected.notes[0].id == 2
