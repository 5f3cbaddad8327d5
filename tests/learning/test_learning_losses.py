import math

import pytest
import torch

from amtstudio.learning.losses import (
    answers,
    combined_loss,
    masked_cross_entropy,
    total_loss,
    transcription_losses,
    unsupervised_loss,
)
from amtstudio.models.melodic import MELODIC_HEADS


def filled(value, shape=(1, 2, 88)):
    return torch.full(shape, float(value))


def test_losses_worked_out_by_hand():
    logits = {head: filled(0.0) for head in ("onset", "offset", "frame", "velocity")}
    targets = {head: filled(0.0) for head in ("onset", "offset", "frame", "velocity")}
    targets["onset"][0, 0, 0] = targets["onset"][0, 1, 5] = 1.0
    targets["velocity"][0, 0, 0], targets["velocity"][0, 1, 5] = 0.9, 0.5
    losses = transcription_losses(logits, targets)
    assert float(losses["frame"]) == pytest.approx(math.log(2))
    # A velocity of 0.5 is said everywhere: off by 0.4 at one of the two onsets.
    assert float(losses["velocity"]) == pytest.approx(0.4**2 / 2)
    assert "pedal" not in losses


def test_velocity_without_an_onset_costs_nothing():
    logits = {head: filled(3.0) for head in ("onset", "offset", "frame", "velocity")}
    targets = {head: filled(0.0) for head in logits}
    assert float(transcription_losses(logits, targets)["velocity"]) == 0.0


def test_what_a_model_says_itself_pulls_nowhere():
    generator = torch.Generator().manual_seed(2)
    heads = MELODIC_HEADS
    logits = {
        head.name: torch.randn(1, *head.shape(3), generator=generator).requires_grad_()
        for head in heads
        if head.name != "offset"
    }
    said = answers(logits, heads)
    assert said.keys() == logits.keys()
    assert said["family"].sum(dim=-1).detach().numpy() == pytest.approx(1.0)
    torch.stack(list(transcription_losses(logits, said, heads).values())).sum().backward()
    for values in logits.values():
        assert float(values.grad.abs().max()) < 1e-6


def test_total_weighs_the_heads_and_leaves_out_those_without_weight():
    losses = {"onset": torch.tensor(2.0), "frame": torch.tensor(3.0), "pedal": torch.tensor(9.0)}
    assert float(total_loss(losses, {"onset": 4.0, "frame": 1.0})) == 11.0


def test_unknown_cells_cost_nothing_and_still_count_in_the_mean():
    # ln 2 in each of the two known cells, over four cells.
    labels = torch.tensor([1.0, 0.0, math.nan, math.nan])
    assert float(masked_cross_entropy(torch.zeros(4), labels)) == pytest.approx(math.log(2) / 2)


def test_unknown_cells_get_no_gradient():
    logits = torch.zeros(2, requires_grad=True)
    masked_cross_entropy(logits, torch.tensor([1.0, math.nan])).backward()
    # (sigmoid(0) - 1) / 2 cells, and nothing.
    assert logits.grad is not None
    assert logits.grad.tolist() == [-0.25, 0.0]


def test_unsupervised_loss_leaves_the_offset_head_out():
    logits = {head: torch.zeros(2) for head in ("onset", "frame", "offset")}
    labels = {head: torch.tensor([0.0, math.nan]) for head in logits}
    assert float(unsupervised_loss(logits, labels)) == pytest.approx(math.log(2))
    weights = {"onset": 2.0, "offset": 1.0}
    assert float(unsupervised_loss(logits, labels, weights)) == pytest.approx(1.5 * math.log(2))


def test_unsupervised_loss_without_a_head_is_refused():
    with pytest.raises(ValueError, match="no head"):
        unsupervised_loss({"offset": torch.zeros(1)}, {"offset": torch.zeros(1)})


def test_both_losses_share_the_weight():
    assert float(combined_loss(torch.tensor(2.0), torch.tensor(10.0))) == pytest.approx(2.4)
    with pytest.raises(ValueError, match="share"):
        combined_loss(torch.tensor(1.0), torch.tensor(1.0), 1.5)
