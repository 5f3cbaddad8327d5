import numpy as np
import pytest
from piano_activations import piano_activations

from amtstudio.decoding import DecodingSettings, NoteColumns, decode, decode_columns
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Note

CHORD = [
    Note(0.5, 1.0, 60, 90, 0.75),
    Note(0.5, 1.0, 64, 70, 0.5),
    Note(1.25, 1.5, 21, 1, 0.0),
]


@pytest.fixture
def activations(rng):
    heads = (rng.random((400, 88), dtype=np.float32) ** 6 for _ in range(4))
    return piano_activations(*heads, pedal=rng.random(400, dtype=np.float32), grid=FrameGrid())


def test_columns_read_like_the_list_they_were_made_of():
    columns = NoteColumns.of(CHORD)
    assert list(columns) == CHORD
    assert columns.to_notes() == CHORD
    assert len(columns) == 3
    assert [columns[index] for index in (0, -1)] == [CHORD[0], CHORD[2]]
    assert list(columns[1:]) == CHORD[1:]
    assert CHORD[1] in columns
    assert NoteColumns.of(columns) is columns
    assert isinstance(columns[0].pitch, int)  # and no number of NumPy: a project takes no such


def test_columns_of_nothing_are_empty():
    assert list(NoteColumns.of([])) == []
    assert NoteColumns.of([]).in_order().to_notes() == []


def test_columns_sort_as_notes_do(rng):
    notes = [
        Note(onset, onset + 1.0 + later, pitch, velocity, confidence)
        for onset in (0.5, 0.0)
        for later in (0.25, 0.0)
        for pitch in (64, 60)
        for velocity in (70, 60)
        for confidence in (0.5, 0.25)
    ]
    columns = NoteColumns.of([notes[index] for index in rng.permutation(len(notes)).tolist()])
    assert columns.in_order().to_notes() == sorted(notes)


def test_parts_are_joined_and_taken_in_order():
    columns = NoteColumns.of(CHORD[:1]).joined(NoteColumns.of(CHORD[1:]))
    assert columns.to_notes() == CHORD
    assert columns.take(np.array([2, 0])).to_notes() == [CHORD[2], CHORD[0]]
    assert columns.take(np.array([True, False, True])).to_notes() == [CHORD[0], CHORD[2]]


@pytest.mark.parametrize("threshold", [0.3, 0.9, 1.0])
def test_a_recording_gives_the_same_notes_as_columns_and_as_objects(activations, threshold):
    settings = DecodingSettings(onset_threshold=threshold, drop_shorter_than_s=0.05)
    notes, pedals = decode(activations, settings)
    columns, column_pedals = decode_columns(activations, settings)
    assert columns.to_notes() == notes == sorted(notes)
    assert column_pedals == pedals
    assert pedals
    assert len(notes) > 100 or threshold == 1.0
