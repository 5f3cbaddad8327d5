"""Scores by who plays."""

from __future__ import annotations

import pytest

from amtstudio.scoring import (
    instruments_table,
    names_instruments,
    score_instruments,
    summed,
)
from amtstudio.symbolic import Note, NoteTable, Track, Transcription
from amtstudio.symbolic.families import FAMILY_TRACKS, family_of


def piece(*rows: tuple[float, int, str]) -> Transcription:
    notes = [Note(on, on + 0.4, pitch, track=Track.named(name)) for on, pitch, name in rows]
    return Transcription(NoteTable.of(notes))


TRUTH = piece(
    (0.0, 60, "violin"), (0.0, 55, "cello"), (1.0, 62, "violin"), (1.0, 40, "bass"), (2.0, 36, "KD")
)


def test_notes_count_for_the_family_that_plays_them():
    heard = piece(
        (0.0, 60, "strings"),
        (0.0, 55, "guitar"),  # found, but not with the right player
        (1.0, 62, "strings"),
        (2.0, 36, "drums"),
    )
    counts = score_instruments(TRUTH, heard)
    assert sorted(counts) == ["bass", "drums", "guitar", "strings"]
    strings = counts["strings"]
    assert (strings.n_reference, strings.n_estimate, strings.n_found) == (3, 2, 3)
    assert strings.prf.recall == pytest.approx(2 / 3)
    assert strings.prf.precision == 1.0
    assert strings.found == 1.0
    assert counts["bass"].found == 0.0
    assert counts["drums"].prf.f1 == 1.0
    assert counts["guitar"].n_reference == 0


def test_counts_of_pieces_are_added_and_shown():
    counts = score_instruments(TRUTH, TRUTH)
    total = summed([counts, counts])
    assert total["strings"].n_matched == 6
    lines = instruments_table(total).splitlines()
    assert lines[0].split() == ["instrument", "found", "P", "R", "F1", "ref", "est"]
    assert lines[2].split() == ["bass", "100.0", "100.0", "100.0", "100.0", "2", "2"]


def test_a_lag_is_taken_off_first():
    late = piece(*((note.onset + 0.2, note.pitch, note.track.name) for note in TRUTH.notes))
    assert score_instruments(TRUTH, late)["strings"].n_matched == 0
    assert score_instruments(TRUTH, late, lag=0.2)["strings"].n_matched == 3


def test_a_truth_of_a_piano_names_nobody():
    assert names_instruments(TRUTH)
    assert not names_instruments(piece((0.0, 60, "piano")))


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("violin", "strings"),
        ("double_bass", "strings"),
        ("acoustic_guitar_string3", "guitar"),
        ("digital_piano", "keys"),
        ("bassoon", "winds"),
        ("saxophone", "winds"),
        ("harmonica", "winds"),
        ("Alto Sax 1", "winds"),
        ("bass", "bass"),
        ("trumpet", "brass"),
        ("kazoo of tin", None),
        ("drums", None),
    ],
)
def test_names_of_instruments_are_of_families(name, family):
    assert family_of(Track.named(name)) == family


def test_the_tracks_of_families_are_of_themselves():
    assert {name: family_of(track) for name, track in FAMILY_TRACKS.items()} == {
        name: name for name in FAMILY_TRACKS
    }


@pytest.mark.parametrize(
    ("program", "family"), [(30, "guitar"), (22, "winds"), (43, "strings"), (60, "brass")]
)
def test_a_program_tells_where_the_name_does_not(program, family):
    assert family_of(Track("Track 4", program)) == family
