"""What a beat tracker sees of notes."""

import numpy as np

from amtstudio.features.note_features import N_FEATURES, note_features


def drawn(rows, n_frames=20):
    """Features of (onset, offset, pitch, velocity, is drum), without the logarithm."""
    table = np.array(rows, dtype=float).reshape(-1, 5)
    features = note_features(
        table[:, 0],
        table[:, 1],
        table[:, 2].astype(int),
        table[:, 3].astype(int),
        table[:, 4] > 0,
        n_frames=n_frames,
    )
    return np.expm1(features)


def test_an_onset_between_two_frames_is_shared_by_them():
    features = drawn([(0.105, 0.2, 40, 127, 0)])  # frame 5.25 of 20 ms
    assert features.shape == (20, N_FEATURES)
    np.testing.assert_allclose(features[5:7, 0], [0.75, 0.25], atol=1e-5)
    assert features[:, 1:4].max() == 0.0
    np.testing.assert_allclose(features[5:7, 5], [0.75, 0.25], atol=1e-5)  # one note begins


def test_the_lowest_note_of_a_chord_counts_apart():
    features = drawn([(0.1, 0.2, 64, 100, 0), (0.11, 0.2, 40, 50, 0), (0.3, 0.4, 72, 127, 0)])
    lowest = features[:, 4]
    np.testing.assert_allclose(lowest[5:7].sum(), 50 / 127, atol=1e-5)
    np.testing.assert_allclose(lowest[15], 1.0, atol=1e-5)


def test_what_sounds_is_seen_by_pitch_class_and_together():
    features = drawn([(0.1, 0.2, 60, 80, 0), (0.1, 0.3, 72, 80, 0), (0.2, 0.3, 67, 80, 0)])
    sounding = features[:, 20:32]
    np.testing.assert_allclose(sounding[5:10, 0], 2.0, atol=1e-5)
    np.testing.assert_allclose(sounding[10:15, 0], 1.0, atol=1e-5)
    np.testing.assert_allclose(sounding[10:15, 7], 1.0, atol=1e-5)
    np.testing.assert_allclose(features[5:15, 7], 2.0, atol=1e-5)
    assert sounding[15:].max() == 0.0


def test_drums_are_no_pitches():
    features = drawn([(0.1, 0.15, 36, 127, 1), (0.2, 0.25, 38, 127, 1), (0.3, 0.35, 42, 127, 1)])
    np.testing.assert_allclose(np.argmax(features[:, 32:], axis=0)[:3], [5, 10, 15])
    assert features[:, :32].max() == 0.0


def test_notes_beyond_the_frames_and_none_at_all_do_no_harm():
    assert drawn([]).max() == 0.0
    assert drawn([(5.0, 6.0, 60, 80, 0)]).max() == 0.0
    assert drawn([(0.0, 9.0, 60, 80, 0)])[:, 20].min() == 1.0
