"""Music with beats: which of its bars are known, and what of them is asked of a network."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from training.beats.pieces import BeatPiece, _agreed
from training.beats.playing import as_heard, clip, in_motion


def song(n_beats=40):
    """Half a second to a beat, four to a bar, a note on each."""
    beats = 1.0 + np.arange(n_beats) / 2
    notes = np.stack([beats, beats + 0.4, 0 * beats + 60, 0 * beats + 80, 0 * beats], axis=1)
    downs, sure = np.arange(n_beats) % 4 == 0, np.ones(n_beats, bool)
    return BeatPiece("x", "pop909", "train", notes, beats, downs, True, sure)


def other(piece, first, *, shift=0.2):
    """A second annotation, whose bars begin with beat ``first`` and the recording later."""
    places = (np.arange(len(piece.beats)) - first) % 4 + 1
    return np.stack([piece.beats + shift, places], axis=1)


def test_bars_that_a_second_annotation_has_too_are_sure():
    piece = song()
    sure = _agreed(piece, other(piece, 0))
    assert sure[:36].all()
    assert not sure[36:].any()  # of the last bar nobody has told the end


def test_bars_are_unsure_where_the_second_annotation_begins_them_elsewhere():
    piece = song()
    assert not _agreed(piece, other(piece, 1)).any()
    half = np.concatenate([other(piece, 0)[:20], other(piece, 2)[20:]])
    sure = _agreed(piece, half)
    assert sure[:16].all()
    assert not sure[20:].any()


def test_bars_twice_as_long_are_unsure():
    piece = song()
    twos = replace(piece, is_downbeat=np.arange(40) % 2 == 0)
    assert not _agreed(twos, other(piece, 0)).any()


def test_a_network_is_not_asked_for_bars_that_nobody_knows():
    piece = song(80)
    unsure = replace(piece, is_sure=np.zeros(80, bool))
    _, wanted = clip(piece, np.random.default_rng(3), n_frames=500)
    _, masked = clip(unsure, np.random.default_rng(3), n_frames=500)
    assert np.isfinite(wanted).all()
    assert wanted[:, 1].max() == 1.0
    assert np.isnan(masked[:, 1]).all()
    assert np.array_equal(masked[:, 0], wanted[:, 0])


def test_music_in_motion_has_notes_on_the_parts_of_its_beats():
    piece = replace(song(200), is_played=False)
    moved = in_motion(piece, np.random.default_rng(4))
    slower = moved.beats[0] / piece.beats[0]
    assert 1.0 <= slower <= 1.5
    assert len(moved.notes) > 1.4 * len(piece.notes)
    places = (moved.notes[:, 0] - moved.beats[0]) / (0.5 * slower)
    assert np.abs(places * 12 - np.round(places * 12)).max() < 1e-6
    assert np.all(np.diff(moved.notes[:, 0]) >= 0)


def test_what_is_heard_is_near_to_what_was_played(rng):
    notes = song(400).notes
    heard = [as_heard(notes, rng) for _ in range(20)]
    n_heard = np.array([len(one) for one in heard])
    assert 0.6 * 400 < n_heard.mean() < 400
    for one in heard:
        assert np.all(one[:, 1] > one[:, 0])
        assert one[:, 3].min() >= 1
        assert one[:, 3].max() <= 127
        off = np.abs(one[:, 0] - notes[:, 0][np.abs(one[:, :1] - notes[:, 0]).argmin(axis=1)])
        assert np.median(off) < 0.02
