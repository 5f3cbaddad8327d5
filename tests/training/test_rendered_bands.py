"""Music for bands, and the scores of who plays what, on made-up notes."""

from __future__ import annotations

import json

import numpy as np
import pytest

from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILY_TRACKS
from training.band_music import fitted, held_chords, line, voices
from training.evaluate_parts import (
    family_of,
    listed_families,
    part_scores,
    presence_scores,
    read_truth,
)

CHORDS = np.array(
    [[beat, beat + 0.9, pitch, 80] for beat in range(6) for pitch in (48, 60, 64, 67, 72)], float
)


def test_a_quartet_takes_a_note_of_each_chord_and_its_voices_do_not_cross():
    parts = voices(CHORDS)
    assert [set(part[:, 2]) for part in parts] == [{72}, {67}, {60}, {48}]
    assert [len(part) for part in parts] == [6] * 4
    thin = voices(CHORDS[np.isin(CHORDS[:, 2], (48, 72))])
    assert [len(part) for part in thin] == [6, 0, 0, 6]


def test_a_line_is_one_note_at_a_time():
    overlapping = CHORDS.copy()
    overlapping[:, 1] += 3.0
    for is_lowest, pitch in ((False, 72), (True, 48)):
        tune = line(overlapping, is_lowest=is_lowest)
        assert set(tune[:, 2]) == {pitch}
        assert (tune[1:, 0] >= tune[:-1, 1]).all()


def test_what_is_held_and_what_is_moved_stays_the_same_harmony():
    held = held_chords(CHORDS, every=2.0, n_notes=3)
    assert set(held[:, 2]) == {64, 67, 72}
    moved = fitted(CHORDS, 28, 52)
    assert moved[:, 2].min() >= 28
    assert moved[:, 2].max() <= 52
    assert np.array_equal(moved[:, 2] % 12, CHORDS[:, 2] % 12)


TRUTH = """onset_s,offset_s,midi_pitch,velocity,instrument,part
0.0,0.5,60,80,violin,first
0.5,1.0,62,80,violin,first
0.0,0.5,48,80,violin,second
0.5,1.0,50,80,violin,second
1.0,1.5,36,80,bass,third
"""


@pytest.fixture
def truth(tmp_path):
    path = tmp_path / "a.notes.csv"
    path.write_text(TRUTH)
    return read_truth(path)


def heard(*tracks):
    onset = np.array([0.0, 0.0, 0.5, 0.5, 1.0]) + 0.03
    order = [(60, 0), (48, 2), (62, 1), (50, 3), (36, 4)]
    names = sorted(set(tracks))
    table = NoteTable.of_columns(
        onset, onset + 0.4, np.array([pitch for pitch, _ in order]), np.full(5, 80), np.ones(5)
    )
    columns = {
        name: getattr(table, name)
        for name in ("onset", "offset", "pitch", "velocity", "confidence", "id", "state")
    }
    places = np.array([names.index(tracks[place]) for _, place in order])
    return NoteTable(**columns, track=places, tracks=tuple(names))


def test_of_an_excerpt_the_truth_ends_where_it_ends(tmp_path):
    (path := tmp_path / "a.notes.csv").write_text(TRUTH)
    assert read_truth(path, 0.5).pitch.tolist() == [60, 48]


VIOLIN, CELLO, STRINGS, BASS = (
    Track.named("violin"), Track.named("cello"), FAMILY_TRACKS["strings"], Track.named("bass"),
)  # fmt: skip


def test_parts_count_families_and_tracks_count_players(truth):
    apart = part_scores(truth, heard(VIOLIN, VIOLIN, CELLO, CELLO, BASS))
    assert (apart.f50, apart.f100, apart.parts, apart.tracks, apart.purity) == (1, 1, 1, 1, 1)
    together = part_scores(truth, heard(*[STRINGS] * 4, BASS))
    assert together.parts == 1.0
    assert together.tracks == pytest.approx(0.6)
    assert together.purity == pytest.approx(0.6)
    wrong = part_scores(truth, heard(BASS, BASS, STRINGS, STRINGS, STRINGS))
    assert wrong.parts == pytest.approx(0.4)
    assert wrong.confusion["strings", "bass"] == 2
    assert part_scores(truth, NoteTable.of(())).tracks == 0.0


@pytest.mark.parametrize(
    ("instrument", "family"),
    [("oboe", "winds"), ("double_bass", "bass"), ("horn", "brass"), ("synthesizer", "organ_synth")],
)
def test_instruments_of_truths_have_families(instrument, family):
    assert family_of(instrument) == family


def test_tracks_are_held_against_the_list_of_who_plays(tmp_path):
    stems = {"S01": "drum set", "S02": "electric bass", "S03": "male singer", "S04": "cello"}
    listing = tmp_path / "MusicDelta_Odd.instruments.json"
    listing.write_text(json.dumps({"stem_instruments": stems}))
    listed = listed_families(tmp_path / "MusicDelta_Odd.remix.ogg")
    assert listed == {"bass", "voice", "strings"}
    assert listed_families(tmp_path / "MusicDelta_Other.mix.ogg") is None
    pairs = [(listed, {"bass", "guitar"}), ({"bass"}, {"bass", "voice"})]
    assert presence_scores(pairs, ("bass", "voice")) == (2 / 3, 2 / 3)
    assert presence_scores(pairs, ("strings",)) == (0.0, 0.0)
