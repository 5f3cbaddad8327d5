"""Pitch contours of single notes: read between points, cut, shifted, scaled."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.symbolic import Note, NoteTable
from amtstudio.symbolic.bends import (
    MOST_CENTS,
    joined_bend,
    limited_bend,
    mean_cents,
    scaled_bend,
    shifted_bend,
)
from amtstudio.symbolic.notes import bend_at, cut_bend

SLIDE = ((0.1, 0.0), (0.5, 200.0))


def test_a_contour_is_straight_between_points_and_level_beyond():
    assert [bend_at(SLIDE, second) for second in (0.0, 0.1, 0.3, 0.5, 9.0)] == pytest.approx(
        [0.0, 0.0, 100.0, 200.0, 200.0]
    )
    assert bend_at((), 0.3) == 0.0


def test_what_is_cut_sounds_as_before():
    whole = np.linspace(0.2, 0.4, 9)
    part = cut_bend(SLIDE, 0.2, 0.4)
    assert [bend_at(part, second - 0.2) for second in whole] == pytest.approx(
        [bend_at(SLIDE, second) for second in whole]
    )
    assert cut_bend((), 0.2, 0.4) == ()
    assert cut_bend(SLIDE, 0.6, 0.9) == ((0.0, 200.0),)


def test_the_contours_of_a_table_are_cut_as_those_of_notes():
    notes = [Note(0.0, 1.0, 60, bend=SLIDE), Note(0.0, 1.0, 62), Note(0.0, 1.0, 64, bend=SLIDE)]
    cut = NoteTable.of(notes).bends.until(np.array([0.3, 0.2, 1.0]))
    assert list(cut[0]) == [pytest.approx(point) for point in ((0.1, 0.0), (0.3, 100.0))]
    assert [cut[1], cut[2]] == [(), SLIDE]


def test_a_contour_is_shifted_as_a_whole_and_a_straight_note_becomes_level():
    assert shifted_bend(SLIDE, -50.0) == ((0.1, -50.0), (0.5, 150.0))
    assert shifted_bend((), 12.0) == ((0.0, 12.0),)
    assert shifted_bend(((0.0, 12.0),), -12.0) == ()


def test_scaling_keeps_the_mean():
    mean = mean_cents(SLIDE, 1.0)
    assert mean == pytest.approx(140.0)  # 0.1 s of 0, 0.4 s of 100, 0.5 s of 200
    deeper = scaled_bend(SLIDE, 2.0, 1.0)
    assert deeper == ((0.1, -140.0), (0.5, 260.0))
    assert mean_cents(deeper, 1.0) == pytest.approx(mean)
    assert scaled_bend((), 2.0, 1.0) == ()


def test_joined_notes_bend_as_they_did_one_after_the_other():
    first, second = Note(1.0, 2.0, 60, bend=SLIDE), Note(2.0, 3.0, 60, bend=((0.5, -30.0),))
    third = Note(3.5, 4.0, 60)
    joined = joined_bend([first, second, third])
    for note in (first, second, third):
        for at in np.linspace(note.onset, note.offset - 0.002, 23):
            expected = bend_at(note.bend, at - note.onset)
            assert bend_at(joined, at - 1.0) == pytest.approx(expected, abs=0.1)
    assert joined_bend([Note(0.0, 1.0, 60), Note(0.5, 1.5, 60)]) == ()
    whole = Note(0.0, 1.0, 60, bend=SLIDE)
    halves = [whole.between(0.0, 0.3), whole.between(0.3, 1.0)]
    again = joined_bend(halves)
    for at in np.linspace(0.0, 1.0, 50):
        assert bend_at(again, at) == pytest.approx(bend_at(SLIDE, at), abs=0.6)
    # One within the other: where the later one begins, its contour goes on.
    inner = joined_bend([Note(0.0, 2.0, 60, bend=((0.0, 0.0), (1.5, 90.0))), Note(1.0, 1.5, 60)])
    assert bend_at(inner, 0.9) == pytest.approx(54.0, abs=0.2)
    assert bend_at(inner, 1.9) == 0.0


def test_no_bend_goes_farther_than_two_octaves():
    assert limited_bend(((0.0, 1e9), (1.0, -1e9))) == ((0.0, MOST_CENTS), (1.0, -MOST_CENTS))
    assert limited_bend(((0.0, 0.01), (1.0, -0.01))) == ()
