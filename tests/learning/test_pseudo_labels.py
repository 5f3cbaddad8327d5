import math

import numpy as np
import pytest
import torch

from amtstudio.decoding import peak_onsets
from amtstudio.learning.pseudo_labels import (
    match_distribution,
    onset_labels,
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
    assert not onset_labels(probs.view(1, 2, 1)).requires_grad


@pytest.mark.parametrize(("lower", "upper"), [(0.5, 0.5), (0.9, 0.1), (-0.1, 0.5), (0.1, 1.1)])
def test_thresholds_that_make_no_sense_are_refused(lower, upper):
    with pytest.raises(ValueError, match="lower < upper"):
        threshold_labels(torch.zeros(1), lower=lower, upper=upper)
    with pytest.raises(ValueError, match="lower < upper"):
        onset_labels(torch.zeros(1, 1, 1), lower=lower, upper=upper)


def test_an_onset_between_two_frames_is_sure_though_no_cell_is():
    # 0.02 + 0.58 + 0.4 = 1: sure. A cell whose neighbour has a part of the onset stays open, and
    # the silence around is a sure 0.
    probs = column(0.01, 0.01, 0.0, 0.02, 0.58, 0.4, 0.0, 0.06, 0.0)
    same(onset_labels(probs), [0.0, 0.0, 0.0, 0.02, 0.58, 0.4, NAN, NAN, NAN])
    assert threshold_labels(probs).nan_to_num(0.0).max() == 0.0


def test_an_onset_that_three_frames_share_is_one_and_its_shares_add_up():
    probs = column(0.0, 0.0, 0.24, 0.48, 0.24, 0.0, 0.0)
    same(onset_labels(probs), [0.0, NAN, 0.25, 0.5, 0.25, NAN, 0.0])


def test_labels_name_the_very_onsets_that_decoding_hears(rng):
    """The tie between teacher and decoder: whoever changes what an onset is changes both."""
    probs = rng.random((3, 200, 88)).astype(np.float32) ** 6
    probs[0, 50, 3] = probs[0, 51, 3] = 0.5  # equal values: the first one counts
    probs[1, 0, 5], probs[1, -1, 6] = 0.97, 0.96  # at the edges
    labels = onset_labels(torch.from_numpy(probs), lower=0.1, upper=0.9).numpy()
    for example, labelled in zip(probs, labels, strict=True):
        peaks = peak_onsets(example, threshold=0.9)
        assert len(peaks.frame) > 50
        wanted = np.zeros_like(example, dtype=bool)
        for shift in (-1, 0, 1):
            frame = peaks.frame + shift
            inside = (frame >= 0) & (frame < len(example))
            wanted[frame[inside], peaks.pitch[inside]] = True
        np.testing.assert_array_equal(~np.isnan(labelled) & wanted, wanted)
        assert (np.isnan(labelled[~wanted]) | (labelled[~wanted] == 0.0)).all()
        # Where decoding would hear an onset at the lower threshold there is no zero.
        faint = peak_onsets(example, threshold=0.1)
        faint = faint.frame[faint.score > 0.1], faint.pitch[faint.score > 0.1]
        assert not (labelled[faint] == 0.0).any()


def test_a_doubtful_onset_is_neither_one_nor_zero():
    same(onset_labels(column(0.0, 0.0, 0.3, 0.2, 0.0, 0.0)), [0, NAN, NAN, NAN, NAN, 0])


def test_an_onset_at_the_edge_keeps_only_the_share_that_is_inside():
    same(onset_labels(column(0.96, 0.0, 0.0, 0.0)), [1.0, 0.0, 0.0, 0.0])
    same(onset_labels(column(0.0, 0.0, 0.24, 0.72)), [0.0, NAN, 0.25, 0.75])


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
