import math

import pytest
import torch

from training.losses import total_loss, transcription_losses


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


def test_total_weighs_the_heads_and_leaves_out_those_without_weight():
    losses = {"onset": torch.tensor(2.0), "frame": torch.tensor(3.0), "pedal": torch.tensor(9.0)}
    assert float(total_loss(losses, {"onset": 4.0, "frame": 1.0})) == 11.0
