"""Who is named in a second, by the stretch around it and the whole recording."""

from __future__ import annotations

import numpy as np
import pytest

from amtstudio.decoding.instrument_naming import (
    STRETCH,
    NamingThresholds,
    neighbourly,
    renamed,
    stretch_scores,
)
from amtstudio.symbolic.instruments import InstrumentActivity

THRESHOLDS = NamingThresholds(np.array([0.4, 0.5], np.float32), 0.2)


def activity(scores, weights=None) -> InstrumentActivity:
    scores = np.array(scores, dtype=np.float32).reshape(-1, 2)
    n = len(scores)
    weights = np.ones((n, 2)) if weights is None else weights
    attention = weights / weights.sum(axis=0) if n else weights
    return InstrumentActivity(
        classes=("piano", "voice"),
        onsets=np.arange(n),
        offsets=np.arange(n) + 1,
        scores=scores,
        attention=attention,
        track_scores=(attention * scores).sum(axis=0),
        thresholds=np.full(2, 0.3),
        duration=float(n),
    )


def test_a_second_that_the_recording_does_not_support_names_nobody():
    solo = activity([(0.9, 0.1)] * 18 + [(0.9, 0.95)] * 2)
    assert (solo.scores >= solo.thresholds)[-1].all()
    found = renamed(solo, THRESHOLDS)
    assert found.named() == ["piano"]
    assert found.passages("voice") == []
    assert found.heard[:, 0].all()


def test_an_instrument_of_the_recording_is_heard_where_its_neighbours_are_loud_enough():
    scores = [(0.9, 0.0)] * 8 + [(0.0, 0.9)] * 12
    scores[3] = (0.0, 0.0)  # a short rest, or a second that the network got wrong
    found = renamed(activity(scores), THRESHOLDS)
    assert found.named() == ["voice"]  # 0.54 of the recording; the piano has 0.32
    scores[8:10] = [(0.9, 0.9)] * 2
    found = renamed(activity(scores), THRESHOLDS)
    assert found.named() == ["voice", "piano"]
    assert [(p.onset, p.offset) for p in found.passages("piano")] == [(0.0, 11.0)]
    assert [(p.onset, p.offset) for p in found.passages("voice")] == [(7.0, 20.0)]


def test_the_stretch_around_a_second_counts_too():
    part = [(0.9, 0.9)] * (2 * STRETCH) + [(0.9, 0.25)] * (2 * STRETCH)
    found = renamed(activity(part), THRESHOLDS)
    assert found.named() == ["piano", "voice"]
    last = max(np.flatnonzero(found.heard[:, 1]))
    assert abs(last - 2 * STRETCH) < STRETCH / 2  # 0.25 by itself would be enough


def test_what_the_network_looked_at_counts_more():
    weights = np.ones((20, 2))
    weights[:5, 1] = 50.0
    scores = [(0.9, 0.9)] * 5 + [(0.9, 0.0)] * 15
    assert renamed(activity(scores), THRESHOLDS).named() == ["piano"]
    assert renamed(activity(scores, weights), THRESHOLDS).named() == ["piano", "voice"]


def test_stretches_stay_inside_the_recording():
    rng = np.random.default_rng(1)
    scores, weights = (rng.random((50, 3)).astype(np.float32) for _ in range(2))
    found = stretch_scores(scores, weights, 10)
    for at, first in ((0, 0), (4, 0), (25, 20), (49, 40)):
        part = slice(first, first + 10)
        expected = (scores[part] * weights[part]).sum(axis=0) / weights[part].sum(axis=0)
        np.testing.assert_allclose(found[at], expected, rtol=1e-5)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_recordings_of_a_second_or_none(n):
    found = renamed(activity([(0.9, 0.1)] * n), THRESHOLDS)
    assert found.named() == ["piano"] * min(n, 1)
    assert neighbourly(found.scores).shape == (n, 2)


def test_a_card_without_thresholds_for_stretches_names_as_before():
    assert NamingThresholds.of({"presence": 0.5}, ("piano",)) is None
    own = {"stretch": 0.5, "second": 0.1, "stretch_voice": 0.7}
    found = NamingThresholds.of(own, ("piano", "voice"))
    np.testing.assert_allclose(found.stretch, [0.5, 0.7])
    assert found.second == 0.1
