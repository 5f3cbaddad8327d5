from __future__ import annotations

import math

import numpy as np
import pytest

from amtstudio.scoring.ranking import auroc
from training.instruments.metrics import (
    average_precision,
    mean_scores,
    ranking_precision,
    score_class,
    score_classes,
)


def test_auroc_counts_pairs_in_order_and_ties_by_half():
    labels = np.array([True, True, False, False])
    assert auroc(np.array([0.9, 0.8, 0.7, 0.1]), labels) == 1.0
    assert auroc(np.array([0.9, 0.3, 0.7, 0.1]), labels) == 0.75
    assert auroc(np.array([0.5, 0.5, 0.5, 0.5]), labels) == 0.5
    assert math.isnan(auroc(np.array([0.1, 0.2]), np.array([True, True])))


def test_ranking_precision_by_hand():
    probs = np.array([[0.9, 0.5, 0.4, 0.1], [0.2, 0.6, 0.6, 0.1], [0.3, 0.3, 0.3, 0.3]])
    labels = np.array([[True, False, True, False], [False, True, False, False], [False] * 4])
    known = np.ones_like(labels)
    # First example: 1 of 1, then 2 of 3. Second: a tie, 1 of 2. The third has no class.
    assert ranking_precision(probs, labels, known) == pytest.approx((5 / 6 + 1 / 2) / 2)
    known[0, 1] = False  # what outranks a class is not known to be absent
    assert ranking_precision(probs, labels, known) == pytest.approx((1 + 1 / 2) / 2)
    assert math.isnan(ranking_precision(probs[2:], labels[2:], known[2:]))


def test_auroc_agrees_with_all_pairs(rng):
    probs, labels = rng.integers(0, 20, 200) / 20, rng.random(200) < 0.3
    pairs = probs[labels][:, None] - probs[~labels][None]
    expected = (pairs > 0).mean() + 0.5 * (pairs == 0).mean()
    assert auroc(probs, labels) == pytest.approx(expected)


def test_average_precision_of_a_ranking():
    labels = np.array([True, False, True, False])
    assert average_precision(np.array([0.9, 0.8, 0.7, 0.6]), labels) == pytest.approx(
        (1 + 2 / 3) / 2
    )
    assert average_precision(np.full(4, 0.5), labels) == 0.5


def test_the_f1_of_the_thesis_is_the_mean_over_absent_and_present():
    probs = np.array([0.9, 0.6, 0.4, 0.1, 0.2, 0.3])
    labels = np.array([True, False, True, False, False, False])
    scores = score_class(probs, labels)
    # Present: 1 of 2 found is right, 1 of 2 found; absent: 3 of 4, 3 of 4.
    assert scores.positive_f1 == pytest.approx(0.5)
    assert scores.macro_f1 == pytest.approx((0.5 + 0.75) / 2)
    assert scores.precision == pytest.approx(0.625)
    assert scores.recall == pytest.approx(0.625)


def test_finding_nothing_still_gets_half_of_the_macro_f1():
    # Why the positive F1 is told beside it.
    scores = score_class(np.zeros(100), np.arange(100) < 1)
    assert scores.positive_f1 == 0.0
    assert scores.macro_f1 == pytest.approx(0.5, abs=0.01)


def test_unobserved_labels_are_left_out_and_classes_have_thresholds():
    probs = np.array([[0.3, 0.9], [0.2, 0.9], [0.9, 0.1]])
    labels = np.array([[True, True], [False, True], [False, False]])
    observed = np.array([[True, True], [True, True], [False, True]])
    first, second = score_classes(probs, labels, observed, thresholds=np.array([0.25, 0.5]))
    assert (first.auroc, first.positive_f1) == (1.0, 1.0)
    assert mean_scores([first, second])["auroc"] == 1.0


def test_arrays_must_fit():
    with pytest.raises(ValueError, match="two vectors alike"):
        score_class(np.zeros(3), np.zeros(2, dtype=bool))
