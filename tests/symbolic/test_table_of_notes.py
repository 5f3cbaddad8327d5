"""The table of notes: a sequence, its columns, and what is made of it."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from amtstudio.symbolic import PIANO, Note, NoteState, NoteTable, Track, TrackKind

CHORD = [
    Note(0.5, 1.0, 60, 90, 0.75),
    Note(0.5, 1.0, 64, 70, 0.5),
    Note(1.25, 1.5, 21, 1, 0.0),
]


def test_a_table_reads_like_the_list_they_were_made_of():
    table = NoteTable.of(CHORD)
    assert list(table) == CHORD
    assert table == CHORD
    assert len(table) == 3
    assert [table[index] for index in (0, -1)] == [CHORD[0], CHORD[2]]
    assert list(table[1:]) == CHORD[1:]
    assert CHORD[1] in table
    assert NoteTable.of(table) is table
    assert isinstance(table[0].pitch, int)  # and no number of NumPy: a project takes no such


def test_a_table_of_nothing_is_empty():
    assert list(NoteTable.of([])) == []
    assert NoteTable.of([]).in_order() == []


def test_a_table_sorts_as_notes_do(rng):
    notes = [
        Note(onset, onset + 1.0 + later, pitch, velocity, confidence)
        for onset in (0.5, 0.0)
        for later in (0.25, 0.0)
        for pitch in (64, 60)
        for velocity in (70, 60)
        for confidence in (0.5, 0.25)
    ]
    table = NoteTable.of([notes[index] for index in rng.permutation(len(notes)).tolist()])
    assert table.in_order() == sorted(notes)


def test_parts_are_joined_and_taken_in_order():
    table = NoteTable.of(CHORD[:1]).joined(NoteTable.of(CHORD[1:]))
    assert table == CHORD
    assert table.take(np.array([2, 0])) == [CHORD[2], CHORD[0]]
    assert table.take(np.array([True, False, True])) == [CHORD[0], CHORD[2]]


GUITAR, DRUMS = Track.named("guitar"), Track.named("drums")
BEND = ((0.0, 0.0), (0.25, 35.5), (0.5, -12.0))
BAND = [
    Note(0.0, 1.0, 40, 90, 0.5, GUITAR, BEND),
    Note(0.0, 0.1, 36, 100, track=DRUMS),
    Note(0.5, 1.5, 60),
    Note(1.0, 2.0, 52, track=GUITAR, bend=((0.125, 50.0),)),
]


def test_tracks_and_bends_of_notes_are_kept_through_every_change():
    table = NoteTable.of(BAND)
    assert list(table) == BAND
    assert table.tracks == (DRUMS, GUITAR, PIANO)
    assert table[0].bend == BEND
    assert list(table.take(np.array([3, 0]))) == [BAND[3], BAND[0]]
    assert list(table[1:3]) == BAND[1:3]
    assert list(table.without([1, 2])) == [BAND[0], BAND[3]]
    assert list(table.of_track(GUITAR)) == [BAND[0], BAND[3]]
    assert list(table.of_track(Track("other"))) == []
    assert list(table.in_order()) == sorted(BAND)
    piano = NoteTable.of([Note(3.0, 4.0, 60)])
    assert list(piano.joined(table)) == [Note(3.0, 4.0, 60), *BAND]
    assert list(table.joined(piano, table)) == [*BAND, Note(3.0, 4.0, 60), *BAND]
    assert [note.onset for note in table.shifted(0.25)] == [0.25, 0.25, 0.75, 1.25]
    assert table.shifted(0.25)[0].bend == BEND


def test_tracks_play_in_the_order_in_which_they_enter():
    assert NoteTable.of(BAND).playing() == (GUITAR, DRUMS, PIANO)
    assert NoteTable.of(BAND).take(slice(2, 3)).playing() == (PIANO,)
    assert NoteTable.of(()).playing() == ()


def test_notes_of_one_onset_sort_by_their_track_last():
    notes = [Note(0.0, 1.0, 60, track=track) for track in (PIANO, GUITAR, DRUMS)]
    assert list(NoteTable.of(notes).in_order()) == sorted(notes)


def test_tables_are_equal_where_their_notes_are():
    table = NoteTable.of(BAND)
    assert table == BAND
    assert tuple(BAND) == table
    assert table == NoteTable.of(BAND, ids=[4, 3, 2, 1])
    assert table == NoteTable.of([Note(9.0, 9.5, 60), *BAND])[1:]
    straight = replace(table, bends=None)
    assert straight != table
    assert straight == [replace(note, bend=()) for note in BAND]
    assert table != BAND[:3]
    assert table != [*BAND[:3], replace(BAND[3], track=PIANO)]
    assert table.take(slice(0)) == []


def test_no_array_of_a_table_can_be_written_to_and_that_of_the_caller_stays_as_it_is():
    onset = np.array([0.0, 1.0])
    table = NoteTable.of_columns(
        onset, onset + 1.0, np.array([60, 61]), np.array([80, 80]), np.array([1.0, 1.0])
    )
    for name in ("onset", "offset", "pitch", "velocity", "confidence", "track", "id", "state"):
        with pytest.raises(ValueError, match="read-only"):
            getattr(table, name)[0] = 1
    onset[0] = 0.5


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"onset": [-0.1, 1.0]}, "need 0 <= onset < offset < infinity, got -0.1 and 1.0"),
        ({"onset": [np.nan, 1.0]}, "got nan and 1.0"),
        ({"offset": [1.0, 1.0]}, "got 1.0 and 1.0"),
        ({"offset": [1.0, np.inf]}, "got 1.0 and inf"),
        ({"pitch": [60, 128]}, "pitch must be 0 to 127, got 128"),
        ({"velocity": [0, 1]}, "velocity must be 1 to 127, got 0"),
        ({"confidence": [1.5, 1.0]}, "confidence must lie in [0, 1], got 1.5"),
        ({"confidence": [np.nan, 1.0]}, "confidence must lie in [0, 1], got nan"),
        ({"track": [0, 1]}, "track must be 0 to 0, got 1"),
        ({"state": [0, 7]}, "state must be 0 to 6, got 7"),
        ({"pitch": [60]}, "pitch must have shape (2,), got (1,)"),
        ({"tracks": (PIANO, GUITAR)}, "tracks must be sorted and differ"),
    ],
)
def test_a_table_holds_no_note_that_cannot_be(changes, message):
    table = NoteTable.of([Note(0.0, 1.0, 60), Note(1.0, 2.0, 62)])
    values = {k: v if k == "tracks" else np.array(v) for k, v in changes.items()}
    with pytest.raises(ValueError, match=re.escape(message)):
        replace(table, **values)


@pytest.mark.parametrize(
    "bend", [((-0.1, 0.0),), ((0.5, 1.0), (0.5, 2.0)), ((0.1, np.inf),), ((np.nan, 0.0),)]
)
def test_a_bend_has_times_that_grow_and_finite_cents(bend):
    with pytest.raises(ValueError, match="seconds that grow"):
        Note(0.0, 1.0, 60, bend=bend)
    table = NoteTable.of(BAND)
    seconds, cents = (np.array(values) for values in zip(*bend, strict=True))
    bounds = np.array([0, len(bend), len(bend), len(bend), len(bend)])
    with pytest.raises(ValueError, match="seconds that grow"):
        replace(table, bends=replace(table.bends, bounds=bounds, seconds=seconds, cents=cents))


def test_a_note_with_other_ends_bends_where_it_did():
    note = Note(1.0, 2.0, 60, bend=BEND)
    assert note.between(1.25, 1.6).bend == ((0.0, 35.5), (0.25, -12.0))
    earlier = note.between(0.5, 1.4).bend
    assert earlier[:2] == ((0.5, 0.0), (0.75, 35.5))
    # Where a line between two points is cut, the pitch stays what it was.
    assert earlier[2] == pytest.approx((0.9, 7.0))
    slide = Note(0.0, 2.0, 60, bend=((0.0, 0.0), (2.0, 200.0)))
    assert slide.between(0.0, 1.0).bend == ((0.0, 0.0), (1.0, 100.0))
    assert slide.between(1.0, 2.0).bend == ((0.0, 100.0), (1.0, 200.0))


def test_ids_and_states_stay_with_their_notes():
    states = [NoteState.CANDIDATE, NoteState.EDITED, NoteState.MODEL, NoteState.EDITED]
    table = NoteTable.of(BAND, ids=[5, 6, 7, 8], states=states)
    assert table.has_state(NoteState.EDITED, NoteState.MODEL).tolist() == [False, True, True, True]
    assert table.places_of([8, 99, 5]).tolist() == [0, 3]
    turned = table.take(slice(None, None, -1))
    assert turned.id.tolist() == [8, 7, 6, 5]
    assert turned.has_state(NoteState.CANDIDATE).tolist() == [False, False, False, True]
    assert table.with_state(NoteState.ADDED).has_state(NoteState.ADDED).all()
    assert NoteTable.of(BAND).joined(table).id.tolist() == [0, 0, 0, 0, 5, 6, 7, 8]


def test_the_same_note_is_known_by_pitch_and_onset():
    known = NoteTable.of([Note(1.0, 2.0, 60), Note(3.0, 4.0, 61)])
    asked = NoteTable.of([Note(1.0, 9.0, 60, 5), Note(1.0, 2.0, 61), Note(3.00001, 4.0, 61)])
    assert asked.is_in(known).tolist() == [True, False, False]


def test_a_track_is_named_after_its_instrument():
    assert Track.named("guitar_string3") == Track("guitar_string3", 25)
    assert Track.named("KD") == Track("KD", 0, TrackKind.DRUMS)
    assert Track.named("zither") == Track("zither", 0)
    assert Track.named("piano") == PIANO
    assert Track("viola", 41).is_plain
    assert not Track("viola", 40).is_plain
    with pytest.raises(ValueError, match="program must be 0 to 127, got 128"):
        Track("x", 128)


def test_notes_are_found_where_they_sound():
    table = NoteTable.of(
        [Note(0.0, 9.0, 60), Note(1.0, 2.0, 60), Note(3.0, 4.0, 62), Note(5.0, 6.0, 60)]
    )

    assert table.at(1.5, 60) == table[1]  # the one that began last
    assert table.at(2.5, 60) == table[0]
    assert table.at(2.5, 62) is None
    assert table.at(2.95, 62, tolerance=0.1) == table[2]
    assert table.between(4.5, 4.9) == slice(0, 3)  # the long first note reaches into it
    assert NoteTable.of(()).at(0.0, 60) is None


def test_notes_within_a_frame():
    notes = [Note(1.0, 2.0, 60), Note(1.5, 2.0, 64), Note(3.0, 4.0, 60), Note(1.0, 9.0, 72)]
    table = NoteTable.of(sorted(notes), ids=[1, 2, 3, 0])
    assert table.ids_within(1.9, 2.5, 59.0, 64.0) == [1, 3]
    assert table.ids_within(2.5, 3.5, 59.0, 80.0) == [2]  # another has no id yet
