"""Key range and scale: what passes."""

from __future__ import annotations

import pytest

from amtstudio.symbolic import Note, NoteTable, Track
from amtstudio.symbolic.note_filter import SCALES, NoteFilter, Scale
from amtstudio.symbolic.pitches import pitch_class_of, pitch_of

NOTES = NoteTable.of([Note(float(i), i + 0.5, pitch) for i, pitch in enumerate(range(57, 73))])


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("C major", (0, 2, 4, 5, 7, 9, 11)),
        ("A minor pentatonic", (0, 2, 4, 7, 9)),
        ("f# Dorian", (1, 3, 4, 6, 8, 9, 11)),
        ("B♭ blues", (1, 3, 4, 5, 8, 10)),
        ("Eb", (0, 2, 3, 5, 7, 8, 10)),
        ("  G   harmonic  minor ", (0, 2, 3, 6, 7, 9, 10)),
    ],
)
def test_scales_are_read(text, classes):
    assert Scale.parse(text).pitch_classes == classes


@pytest.mark.parametrize("text", ["", "H major", "C happy", "major", "C# # minor"])
def test_what_is_no_scale_is_refused(text):
    with pytest.raises(ValueError, match=r"no name of a note|kind must be one of"):
        Scale.parse(text)


def test_every_scale_begins_at_its_root():
    assert all(steps[0] == 0 and len(set(steps)) == len(steps) for steps in SCALES.values())


def test_notes_outside_of_range_and_scale_are_left_out():
    wanted = NoteFilter(60, 69, Scale.parse("C major"))
    assert wanted.filtered(NOTES).pitch.tolist() == [60, 62, 64, 65, 67, 69]
    assert NoteFilter().takes_all
    assert NoteFilter().filtered(NOTES) is NOTES
    assert not wanted.takes_all


def test_drums_pass_whatever_their_numbers():
    kick = Note(0.0, 0.1, 36, track=Track.named("drums"))
    band = NoteTable.of([kick, Note(0.0, 1.0, 61)])
    assert list(NoteFilter(60, 70, Scale(0, "major")).filtered(band)) == [kick]


@pytest.mark.parametrize("span", [(-1, 60), (60, 128), (61, 60)])
def test_a_range_is_one(span):
    with pytest.raises(ValueError, match="need 0 <= lowest"):
        NoteFilter(*span)


def test_pitches_are_read_as_people_write_them():
    assert [pitch_of(text) for text in ("C4", "f#4", "Gb4", "60", "C-1")] == [60, 66, 66, 60, 0]
    assert [pitch_class_of(text) for text in ("C", "b#", "Cb", "B♭")] == [0, 0, 11, 10]
    with pytest.raises(ValueError, match="no pitch"):
        pitch_of("X4")
