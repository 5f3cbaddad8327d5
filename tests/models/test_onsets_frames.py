from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from amtstudio.models import build_model
from amtstudio.models.onsets_frames import _velocity_logit

STORED = Path(__file__).with_name("onsets_frames_tiny.json")


def noise(n_frames, model):
    rng = np.random.default_rng(7)
    n_samples = (n_frames - 1) * model.grid.hop_length + 2 * model.margin
    return torch.from_numpy(rng.normal(0, 0.1, (1, n_samples)).astype(np.float32))


def fill(model):
    """Weights that no change of torch's initialisation or generator can alter."""
    rng = np.random.default_rng(3)
    for name, value in model.state_dict().items():
        if value.is_floating_point() and "running" not in name:
            fan_in = max(1, value[0].numel())
            drawn = rng.normal(0, 1 / np.sqrt(fan_in), tuple(value.shape))
            value.copy_(torch.from_numpy(drawn.astype(np.float32)))
    return model


def test_the_paper_s_configuration_has_the_paper_s_number_of_weights():
    with torch.device("meta"):
        model = build_model("onsets_frames", {})
    millions = {
        name: round(sum(weight.numel() for weight in part.parameters()) / 1e6, 2)
        for name, part in model.named_children()
    }
    assert millions == {
        "log_mel": 0,
        "onset_stack": 7.88,
        "offset_stack": 7.88,
        "frame_stack": 4.33,
        "combined_stack": 2.06,
        "velocity_stack": 4.33,
    }
    assert sum(weight.numel() for weight in model.parameters()) == 26_491_256


def test_output_is_the_stored_one(tiny_model):
    """The stored values come from ``python tests/models/test_onsets_frames.py``."""
    stored = json.loads(STORED.read_text())
    found = stored_values(tiny_model)
    assert found.keys() == stored.keys()
    for head, values in stored.items():
        np.testing.assert_allclose(found[head], values, rtol=0, atol=1e-4, err_msg=head)


def stored_values(model):
    fill(model)
    with torch.inference_mode():
        logits = model(noise(12, model))
    return {head: values[0, ::4, ::11].tolist() for head, values in logits.items()}


def test_every_head_has_a_row_for_each_frame(tiny_model):
    logits = tiny_model(noise(5, tiny_model))
    assert {head: tuple(values.shape) for head, values in logits.items()} == dict.fromkeys(
        ("onset", "offset", "frame", "velocity"), (1, 5, 88)
    )


def test_features_and_the_rest_make_up_forward(tiny_model):
    audio = noise(6, tiny_model)
    features = tiny_model.features(audio)
    assert features.shape == (1, 6, 32)
    whole, parts = tiny_model(audio), tiny_model.forward_features(features)
    for head, logits in whole.items():
        np.testing.assert_allclose(parts[head].detach(), logits.detach(), rtol=0, atol=0)


def test_the_frame_loss_does_not_train_the_onset_and_offset_stacks(tiny_model):
    tiny_model(noise(6, tiny_model))["frame"].sum().backward()
    for name, weight in tiny_model.named_parameters():
        trained = weight.grad is not None and bool(weight.grad.abs().sum() > 0)
        assert trained == name.startswith(("frame_stack", "combined_stack")), name


def test_a_cut_changes_nothing_beyond_the_context(tiny_model):
    model = tiny_model
    n_frames, first = 2 * model.context + 40, 30
    audio = noise(n_frames, model)
    with torch.inference_mode():
        whole, part = model(audio), model(audio[:, first * model.grid.hop_length :])
    for head, logits in whole.items():
        difference = (logits[0, first:].sigmoid() - part[head][0].sigmoid()).abs()
        assert difference[model.context :].max() < 1e-5, head
        assert difference[0].max() > 1e-4, head


def test_velocity_is_linear_behind_the_sigmoid_and_learns_everywhere():
    linear = torch.tensor([-0.5, 0.0, 0.25, 0.8, 1.0, 1.5], requires_grad=True)
    velocity = _velocity_logit(linear).sigmoid()
    np.testing.assert_allclose(
        velocity.detach(), np.array([0.0001, 0.0001, 0.25, 0.8, 0.9999, 0.9999]), rtol=0, atol=1e-6
    )
    velocity.sum().backward()
    np.testing.assert_allclose(linear.grad, torch.ones(6), rtol=0, atol=0.02)


@pytest.mark.parametrize(
    ("config", "match"),
    [
        ({"n_fft": 2047}, "n_fft must be even"),
        ({"hop_length": 4096}, "hop_length must be 1 to 2048"),
        ({"fmin": float("nan")}, "fmin < fmax"),
        ({"model_complexity": 0}, "model_complexity must be 1 to 256"),
    ],
)
def test_configs_out_of_range_are_refused(config, match):
    with pytest.raises(ValueError, match=match):
        build_model("onsets_frames", config)


if __name__ == "__main__":
    from conftest import TINY

    tiny = build_model("onsets_frames", TINY).eval()
    rounded = {head: np.round(values, 6).tolist() for head, values in stored_values(tiny).items()}
    STORED.write_text(json.dumps(rounded) + "\n")
