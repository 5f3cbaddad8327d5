"""Drumming laid over the beats of a song."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.beats.bands import band_piece, drumming_in_four, songs_in_four
from training.beats.pieces import BeatPiece


def piece(source, beat_s, n_beats, *, sure=True):
    """A note on each beat, four beats to a bar."""
    beats = 1.0 + beat_s * np.arange(n_beats)
    is_drum = float(source == "groove")
    rows = [(beat, beat + 0.1, 36, 80, is_drum) for beat in beats]
    downs = np.arange(n_beats) % 4 == 0
    known = np.full(n_beats, sure)
    return BeatPiece(source, source, "train", np.array(rows), beats, downs, True, known)


def test_strokes_fall_on_the_beats_of_the_song_whatever_its_tempo():
    song, drums = piece("pop909", 0.5, 64), piece("groove", 0.6, 17)
    band = band_piece(song, [drums], np.random.default_rng(2))
    strokes = band.notes[band.notes[:, 4] > 0]
    assert np.abs(strokes[:, None, 0] - song.beats[None]).min(axis=1).max() < 1e-9
    assert len(strokes) >= 12  # again and again, to the end
    assert strokes[-1, 0] > song.beats[-4]
    assert len(band.notes) == len(song.notes) + len(strokes)
    assert (np.diff(band.notes[:, 0]) >= 0.0).all()


def test_drums_begin_on_a_first_beat():
    song, drums = piece("pop909", 0.5, 64), piece("groove", 0.5, 17)
    starts = set()
    for seed in range(12):
        band = band_piece(song, [drums], np.random.default_rng(seed))
        first = band.notes[band.notes[:, 4] > 0][0, 0]
        assert np.abs(song.beats[song.is_downbeat] - first).min() < 1e-9
        starts.add(round(first, 3))
    assert len(starts) > 2


def test_drumming_of_the_tempo_of_the_song_is_taken():
    song = piece("pop909", 0.5, 64)
    slow, near = piece("groove", 1.2, 17), piece("groove", 0.55, 17)
    # Twice as many strokes to a beat, so that it can be told apart.
    near = replace(near, notes=np.repeat(near.notes, 2, axis=0))
    for seed in range(6):
        band = band_piece(song, [slow, near], np.random.default_rng(seed))
        strokes = band.notes[band.notes[:, 4] > 0]
        assert len(np.unique(strokes[:, 0])) * 2 == len(strokes)


def test_only_music_in_four_whose_bars_are_known_is_taken():
    songs = [piece("pop909", 0.5, 64), piece("pop909", 0.5, 64, sure=False)]
    in_three = replace(songs[0], is_downbeat=np.arange(64) % 3 == 0)
    assert songs_in_four([*songs, in_three, piece("groove", 0.5, 17)]) == songs[:1]
    assert len(drumming_in_four([piece("groove", 0.5, 17), piece("groove", 0.5, 5)])) == 1
