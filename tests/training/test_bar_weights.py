"""Weights of what speaks for bar lines, fitted on plain music."""

import numpy as np
import pytest

from amtstudio.decoding.bar_lines import WEIGHTS
from amtstudio.decoding.beat_decoder import bars_of
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_model
from training.beats.bar_weights import METERS, example, fitted
from training.beats.plain_music import plain_piece


@pytest.fixture(scope="module")
def examples():
    model, _ = load_model(find_model("beats"))
    rng = np.random.default_rng(3)
    found = [example(model.eval(), plain_piece(rng), seed) for seed in range(8)]
    return [one for one in found if one is not None]


def test_weights_that_were_fitted_find_the_bars_they_were_fitted_on(examples):
    weights = fitted(examples)
    assert len(weights.of_bars) == len(WEIGHTS.of_bars)
    assert len(weights.of_beats) == len(WEIGHTS.of_beats)
    right = [one for one in examples if one.is_level_right]
    assert len(right) >= 4
    scores = [one.f1(one.beats[bars_of(one.listener, METERS, weights)]) for one in right]
    assert np.mean(scores) > 0.8


def test_a_hypothesis_with_the_right_bars_scores_best(examples):
    features, scores = examples[0].hypotheses()
    assert features.shape == (sum(METERS), len(WEIGHTS.of_bars))
    assert scores.min() >= 0.0
    assert scores.max() <= 1.0
