from __future__ import annotations

import math

import pytest
import torch
from torch import nn

from amtstudio.learning.weak_labels import (
    consistency,
    partial_bce,
    ramp_up,
    update_teacher,
)
from training.instruments.experiments import ramp_down
from training.instruments.generative import (
    GenerativeConfig,
    GenerativeModel,
    classification_weight,
    gaussian_kl,
    train_generative,
    unlabelled_bound,
)


def test_only_observed_labels_count():
    probs = torch.tensor([[0.5, 0.9, 0.2]])
    labels = torch.tensor([[1, 1, 1]])
    observed = torch.tensor([[True, False, False]])
    assert partial_bce(probs, labels, observed).item() == pytest.approx(math.log(2))


def test_every_example_weighs_alike_however_many_labels_it_has():
    probs = torch.tensor([[0.5, 0.5], [0.8, 0.5]])
    labels = torch.tensor([[1, 0], [1, 0]])
    observed = torch.tensor([[True, True], [True, False]])
    expected = (math.log(2) - math.log(0.8)) / 2
    assert partial_bce(probs, labels, observed).item() == pytest.approx(expected)


def test_without_normalising_few_labels_weigh_little():
    # g(p) = 1: the sum over the observed labels divided by the number of classes.
    probs, labels = torch.tensor([[0.5, 0.5, 0.5, 0.5]]), torch.zeros(1, 4)
    observed = torch.tensor([[True, False, False, False]])
    loss = partial_bce(probs, labels, observed, alpha=0.0, beta=1.0)
    assert loss.item() == pytest.approx(math.log(2) / 4)


def test_no_label_gives_no_loss_and_no_gradient():
    probs = torch.full((2, 3), 0.5, requires_grad=True)
    loss = partial_bce(probs, torch.ones(2, 3), torch.zeros(2, 3, dtype=torch.bool))
    loss.backward()
    assert loss.item() == 0.0
    assert torch.all(probs.grad == 0)


def test_positive_weight_weighs_what_is_present():
    probs, labels = torch.tensor([[0.5, 0.5]]), torch.tensor([[1, 0]])
    seen = torch.ones(1, 2, dtype=torch.bool)
    loss = partial_bce(probs, labels, seen, positive_weight=torch.tensor([3.0, 3.0]))
    assert loss.item() == pytest.approx(2 * math.log(2))


def test_consistency_is_the_mean_square_and_leaves_the_teacher_alone():
    student = torch.tensor([[0.2, 0.4]], requires_grad=True)
    teacher = torch.tensor([[0.4, 0.8]], requires_grad=True)
    loss = consistency(student, teacher)
    assert loss.item() == pytest.approx((0.04 + 0.16) / 2)
    loss.backward()
    assert teacher.grad is None
    torch.testing.assert_close(student.grad, torch.tensor([[-0.2, -0.4]]))


def test_the_teacher_moves_by_its_share():
    student, teacher = nn.Linear(1, 1), nn.Linear(1, 1)
    nn.init.constant_(student.weight, 1.0)
    nn.init.constant_(teacher.weight, 0.0)
    for _ in range(2):
        update_teacher(teacher, student, alpha=0.9)
    assert teacher.weight.item() == pytest.approx(0.19)


def test_ramps_at_their_ends_and_half_way():
    assert [ramp_up(x) for x in (-1, 0, 0.5, 1, 2)] == pytest.approx(
        [math.exp(-5), math.exp(-5), math.exp(-1.25), 1, 1]
    )
    assert [ramp_down(x) for x in (0, 0.5, 1)] == pytest.approx(
        [1, math.exp(-3.125), math.exp(-12.5)]
    )


def test_kl_of_the_prior_is_zero_and_grows_as_it_should():
    assert gaussian_kl(torch.zeros(1, 3), torch.zeros(1, 3)).item() == 0.0
    assert gaussian_kl(torch.tensor([[2.0]]), torch.zeros(1, 1)).item() == pytest.approx(2.0)
    variance = torch.tensor([[math.log(4.0)]])
    assert gaussian_kl(torch.zeros(1, 1), variance).item() == pytest.approx(
        0.5 * (4 - 1 - math.log(4))
    )


def test_the_unlabelled_bound_is_the_expected_one_less_the_entropy():
    bounds = torch.tensor([[2.0, 2.0], [4.0, 4.0]])
    present = torch.tensor([0.5, 0.0])
    expected = torch.tensor([3.0 - math.log(2), 2.0])
    torch.testing.assert_close(unlabelled_bound(bounds, present), expected, atol=1e-5, rtol=0)


def test_the_unlabelled_bound_is_tightest_at_the_posterior():
    # At q(y) proportional to exp(-L) it equals -log sum exp(-L); anywhere else it is larger.
    bounds = torch.tensor([[1.0], [2.0]])
    best = torch.sigmoid(bounds[0] - bounds[1])
    tight = -torch.logsumexp(-bounds, dim=0)
    torch.testing.assert_close(unlabelled_bound(bounds, best), tight)
    assert unlabelled_bound(bounds, best + 0.1) > tight
    assert unlabelled_bound(bounds, best - 0.1) > tight


def test_the_labelled_bound_is_likelihood_prior_and_divergence():
    model = GenerativeModel(GenerativeConfig(n_in=3, hidden=(4,), n_latent=2))
    for weight in [*model.encoder.parameters(), *model.decoder.parameters()]:
        nn.init.zeros_(weight)
    # z has its prior, the decoder says 0: squares of x remain, and the prior of y.
    bound = model.negative_bound(torch.tensor([[1.0, 2.0, 0.0]]), torch.tensor([1]))
    assert bound.item() == pytest.approx(2.5 + math.log(2), rel=1e-6)


def test_the_weight_of_classification_is_the_share_of_unlabelled():
    assert classification_weight(900, 100, beta=16) == 144.0


def test_unlabelled_examples_help_the_generative_model_to_separate():
    torch.manual_seed(0)
    generator = torch.Generator().manual_seed(0)
    y = torch.arange(200) % 2
    x = 0.2 * torch.randn(200, 8) + y[:, None] * 1.0
    model = GenerativeModel(GenerativeConfig(n_in=8, hidden=(16,), n_latent=2, dropout=0.0))
    train_generative(
        model, x[:8], y[:8], x[8:], n_epochs=30, generator=generator,
        batch_size=32, learning_rate=2e-3,
    )  # fmt: skip
    found = model.probability(x) > 0.5
    assert (found == y.bool()).float().mean() > 0.95
