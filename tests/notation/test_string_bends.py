"""Bends of strings in tablature."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from amtstudio.formats import dump_transcription
from amtstudio.notation import NotationSettings, arrange
from amtstudio.notation.string_bends import string_bend
from amtstudio.symbolic import Note, Track, Transcription

GUITAR, VOICE = Track("guitar", 25), Track("voice", 53)
FULL = ((0.0, 0.0), (0.1, 0.0), (0.25, 205.0), (1.0, 195.0))
THERE_AND_BACK = ((0.0, 0.0), (0.2, 100.0), (0.5, 100.0), (0.7, 3.0), (1.0, 0.0))
WIDE_VIBRATO = tuple((t, 50.0 * np.sin(2 * np.pi * 5 * t)) for t in np.arange(100) * 0.01)


@pytest.mark.parametrize(
    ("bend", "written"),
    [
        (FULL, (2.0,)),
        (THERE_AND_BACK, (1.0, -1.0)),
        (((0.0, 0.0), (0.3, 150.0)), (1.5,)),
        (((0.0, 0.0), (0.3, 310.0)), (3.0,)),
        (WIDE_VIBRATO, ()),
        (((0.0, 0.0), (0.5, 0.0), (0.52, 200.0), (0.54, 0.0)), ()),  # a slip
        (((0.0, -200.0), (0.2, 0.0)), ()),  # it slides in
        (((0.0, 0.0), (0.5, -150.0)), ()),  # no string bends down
        ((), ()),
    ],
)
def test_what_a_guitarist_would_write(bend, written):
    assert string_bend(bend, 1.0) == written


def test_a_bend_too_short_to_be_one():
    assert string_bend(((0.0, 0.0), (0.01, 200.0)), 0.06) == ()


def bends_in(transcription, settings):
    root = ET.fromstring(dump_transcription(transcription, "musicxml", notation=settings))
    return [
        [(one.findtext("bend-alter"), one.find("release") is not None) for one in found]
        for note in root.iter("note")
        if (found := note.findall("notations/technical/bend"))
    ]


def test_bends_stand_in_tablature_once_for_each_note_and_nowhere_else():
    notes = [
        Note(0.0, 3.0, 64, track=GUITAR, bend=FULL),  # tied over a bar
        Note(3.0, 4.0, 67, track=GUITAR, bend=THERE_AND_BACK),
        Note(4.0, 5.0, 69, track=GUITAR),
        Note(0.0, 1.0, 60, track=VOICE, bend=FULL),
    ]
    transcription = Transcription(notes, duration=5.0)
    tablature = NotationSettings(tablature=True)
    written = [[("2", False)], [("1", False), ("-1", True)]]
    assert bends_in(transcription, tablature) == written
    assert bends_in(transcription, NotationSettings()) == []


def test_no_open_string_is_bent():
    notes = [
        Note(0.0, 1.0, 64, track=GUITAR, bend=FULL),
        Note(1.0, 2.0, 64, track=GUITAR),
        Note(2.0, 3.0, 40, track=GUITAR, bend=FULL),  # the lowest string: nowhere else
    ]
    settings = NotationSettings(tablature=True)
    (part,) = arrange(Transcription(notes, duration=3.0), settings).parts
    first, second, lowest = part.notes
    assert (first.fret, first.bends) == (5, (2.0,))
    assert (second.pitch, second.bends) == (64, ())
    assert (lowest.fret, lowest.bends) == (0, ())


def test_a_score_with_bends_is_engraved():
    pytest.importorskip("verovio", reason="needs the extra score")
    notes = [Note(0.5 * i, 0.5 * i + 0.4, 64, track=GUITAR, bend=FULL) for i in range(8)]
    data = dump_transcription(
        Transcription(notes, duration=4.0), "svg", notation=NotationSettings(tablature=True)
    )
    assert data.count(b'class="note') == 8
