import math

import pytest
import torch

from amtstudio.learning.pseudo_labels import (
    match_distribution,
    pair_labels,
    pair_sums,
    proportion,
    threshold_labels,
)

NAN = math.nan


def same(labels, expected):
    torch.testing.assert_close(
        labels, torch.tensor(expected).view(labels.shape), equal_nan=True, rtol=0, atol=1e-6
    )


def column(*values):
    """One pitch over time, as a batch of one."""
    return torch.tensor(values).view(1, -1, 1)


def test_thresholds_are_inclusive_and_what_lies_between_is_ignored():
    probs = torch.tensor([0.0, 0.05, 0.06, 0.5, 0.94, 0.95, 1.0])
    same(threshold_labels(probs), [0.0, 0.0, NAN, NAN, NAN, 1.0, 1.0])
    same(threshold_labels(probs, lower=0.25, upper=0.75), [0, 0, 0, NAN, 1, 1, 1])


def test_labels_carry_no_gradient():
    probs = torch.tensor([0.99, 0.01], requires_grad=True)
    assert not threshold_labels(probs).requires_grad
    assert not pair_labels(probs.view(1, 2, 1)).requires_grad


@pytest.mark.parametrize(("lower", "upper"), [(0.5, 0.5), (0.9, 0.1), (-0.1, 0.5), (0.1, 1.1)])
def test_thresholds_that_make_no_sense_are_refused(lower, upper):
    with pytest.raises(ValueError, match="lower < upper"):
        threshold_labels(torch.zeros(1), lower=lower, upper=upper)
    with pytest.raises(ValueError, match="lower < upper"):
        pair_labels(torch.zeros(1, 1, 1), lower=lower, upper=upper)


def test_pair_sum_takes_the_larger_neighbour_and_stays_a_probability():
    same(pair_sums(column(0.1, 0.5, 0.4, 0.9)), [0.6, 0.9, 1.0, 1.0])


def test_an_onset_between_two_frames_is_sure_though_no_cell_is():
    # 0.58 + 0.4 = 0.98: sure, and the shares are scaled to 1. Its neighbours stay open: each forms
    # a pair with a part of the onset. The silence around is a sure 0.
    probs = column(0.01, 0.01, 0.02, 0.58, 0.4, 0.02, 0.01, 0.0)
    share = 0.58 / 0.98
    same(pair_labels(probs), [0.0, 0.0, NAN, share, 1 - share, NAN, 0.0, 0.0])
    assert threshold_labels(probs).nan_to_num(0.0).max() == 0.0


def test_a_doubtful_onset_is_neither_one_nor_zero():
    same(pair_labels(column(0.0, 0.0, 0.3, 0.2, 0.0, 0.0)), [0, NAN, NAN, NAN, NAN, 0])


def test_an_onset_at_the_edge_keeps_only_the_share_that_is_inside():
    same(pair_labels(column(0.96, 0.0, 0.0, 0.0)), [1.0, 0.0, 0.0, 0.0])
    same(pair_labels(column(0.0, 0.0, 0.24, 0.72)), [0.0, NAN, 0.25, 0.75])


def test_zeros_are_ignored_until_the_proportion_is_right(rng):
    labels = torch.tensor([1.0] * 2 + [0.0] * 20 + [NAN] * 3)
    matched = match_distribution(labels, 0.2)
    assert proportion(matched) == pytest.approx(0.2)  # 2 ones to 10 zeros
    assert int((matched == 1.0).sum()) == 2
    assert torch.isnan(matched[22:]).all()


def test_ones_are_ignored_where_there_are_too_many():
    labels = torch.tensor([1.0] * 10 + [0.0] * 10)
    matched = match_distribution(labels, 0.3)
    assert int((matched == 1.0).sum()) == 3
    assert int((matched == 0.0).sum()) == 10


def test_within_the_interval_nothing_is_ignored():
    labels = torch.tensor([1.0] * 2 + [0.0] * 20)
    same(match_distribution(labels, 0.05, 0.2), [1.0] * 2 + [0.0] * 20)


def test_without_any_ones_there_is_no_label_left():
    assert torch.isnan(match_distribution(torch.zeros(50), 0.01)).all()


def test_matching_is_random_and_repeatable():
    labels = torch.tensor([1.0] + [0.0] * 99)
    kept = [
        match_distribution(labels, 0.1, generator=torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]
    torch.testing.assert_close(kept[0], kept[1], equal_nan=True)
    assert not torch.equal(torch.isnan(kept[0]), torch.isnan(kept[2]))


@pytest.mark.parametrize("interval", [(0.0, 0.1), (0.2, 0.1)])
def test_an_interval_that_makes_no_sense_is_refused(interval):
    with pytest.raises(ValueError, match="0 < lowest <= highest"):
        match_distribution(torch.zeros(3), *interval)


def test_proportion_of_extremes():
    assert proportion(torch.tensor([NAN])) == 0.0
    assert proportion(torch.tensor([1.0, NAN])) == math.inf
    # Shares count as what they are: half an onset and half an onset are one, to four zeros.
    assert proportion(torch.tensor([0.5, 0.5, 0.0, 0.0, 0.0, 0.0])) == 0.25
