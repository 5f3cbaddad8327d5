"""Accompaniments that the beat tracker learns from, as plain as they come."""

from __future__ import annotations

import numpy as np

from training.beats.plain_music import plain_piece
from training.beats.playing import clip


def test_plain_music_is_steady_and_has_something_on_every_bar():
    metres = set()
    for seed in range(40):
        piece = plain_piece(np.random.default_rng(seed))
        gaps = np.diff(piece.beats)
        assert np.allclose(gaps, gaps[0])
        assert 58.0 <= 60.0 / gaps[0] <= 165.0
        onsets = piece.notes[:, 0]
        downbeats = piece.beats[piece.is_downbeat]
        assert all(np.abs(onsets - at).min() < 1e-9 for at in downbeats)
        assert np.all(piece.notes[:, 1] > onsets)
        assert 21 <= piece.notes[:, 2].min() <= piece.notes[:, 2].max() <= 108
        metres.add(int(np.diff(np.flatnonzero(piece.is_downbeat))[0]))
    assert metres == {2, 3, 4}


def test_a_clip_of_it_has_beats_and_bars():
    features, wanted = clip(
        plain_piece(np.random.default_rng(3)), np.random.default_rng(4), n_frames=500
    )
    assert features.shape[0] == 500
    assert np.isfinite(wanted).all()
    assert wanted.max(axis=0).tolist() == [1.0, 1.0]
