from __future__ import annotations

import math

import numpy as np
import pytest

from amtstudio.symbolic.instruments import InstrumentActivity, Passage


def activity(scores, *, attention=None, **changes):
    scores = np.array(scores, dtype=np.float32).reshape(-1, 2)
    n = len(scores)
    values = {
        "classes": ("piano", "voice"),
        "onsets": np.arange(n),
        "offsets": np.arange(n) + 1,
        "scores": scores,
        "attention": np.full((n, 2), 1 / max(n, 1)) if attention is None else attention,
        "track_scores": np.array([0.5, 0.2]),
        "thresholds": np.array([0.5, 0.3]),
        "duration": float(n),
    }
    return InstrumentActivity(**(values | changes))


def test_pooling_takes_the_highest_of_each_stretch():
    found = activity([(i / 20, 1 - i / 20) for i in range(12)])
    onsets, offsets, scores = found.pooled(5.0)
    np.testing.assert_array_equal(onsets, [0, 5, 10])
    np.testing.assert_array_equal(offsets, [5, 10, 12])
    np.testing.assert_allclose(scores, [(0.2, 1.0), (0.45, 0.75), (0.55, 0.5)], rtol=1e-6)


def test_pooling_the_track_and_single_seconds():
    found = activity([(0.1, 0.4), (0.3, 0.2)])
    onsets, offsets, scores = found.pooled(math.inf)
    assert (onsets.tolist(), offsets.tolist()) == ([0], [2])
    np.testing.assert_allclose(scores, [(0.3, 0.4)])
    np.testing.assert_array_equal(found.pooled(1.0)[2], found.scores)
    with pytest.raises(ValueError, match="seconds must be positive, got 0"):
        found.pooled(0)


def test_an_empty_recording_pools_to_nothing():
    assert activity([]).pooled(5.0)[2].shape == (0, 2)
    assert activity([]).coarser(5.0).n_instances == 0


def test_a_coarser_activity_has_the_highest_scores_and_all_the_attention():
    attention = np.array([[0.1, 0.7], [0.5, 0.1], [0.4, 0.2]])
    found = activity([(0.1, 0.4), (0.3, 0.2), (0.9, 0.0)], attention=attention).coarser(2.0)
    assert found.onsets.tolist() == [0.0, 2.0]
    assert found.offsets.tolist() == [2.0, 3.0]
    np.testing.assert_allclose(found.scores, [(0.3, 0.4), (0.9, 0.0)], rtol=1e-6)
    np.testing.assert_allclose(found.attention, [(0.6, 0.8), (0.4, 0.2)], rtol=1e-6)
    assert found.named() == ["piano"]


def test_passages_bridge_short_breaks():
    heard = [0.9, 0.8, 0.1, 0.6, 0.1, 0.1, 0.5]
    found = activity([(score, 0.0) for score in heard])
    assert found.passages("piano") == [
        Passage(0.0, 4.0, pytest.approx(0.9)),
        Passage(6.0, 7.0, pytest.approx(0.5)),
    ]
    assert found.passages("voice") == []
    with pytest.raises(ValueError, match="tuple"):
        found.passages("harp")


def test_the_surest_is_named_first():
    assert activity([(0, 0)], track_scores=[0.6, 0.5]).named() == ["voice", "piano"]
    assert activity([(0, 0)]).named() == ["piano"]


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"attention": np.full((2, 2), 0.4)}, "attention must sum to 1"),
        ({"attention": np.full((1, 2), 1.0)}, r"attention must have shape \(2, 2\)"),
        ({"track_scores": np.zeros(3)}, r"track_scores must have shape \(2,\)"),
        ({"offsets": np.zeros(3)}, r"offsets must have shape \(2,\)"),
        ({"thresholds": np.array([0.5, math.nan])}, "thresholds must lie"),
    ],
)
def test_what_does_not_fit_is_refused(changes, match):
    with pytest.raises(ValueError, match=match):
        activity([(0.1, 0.2), (0.3, 0.4)], **changes)


def test_scores_are_probabilities():
    with pytest.raises(ValueError, match="scores must lie"):
        activity([(1.5, 0.0)])
