import pytest
import torch
from torch import nn

from amtstudio.engine import load_transcriber
from amtstudio.models.folding import fold_batch_norms
from amtstudio.models.registry import build_model


def with_statistics(model):
    """As after training: batch norms that do something."""
    generator = torch.Generator().manual_seed(3)
    for module in model.modules():
        if isinstance(module, nn.BatchNorm2d):
            for values, low in ((module.running_mean, -0.5), (module.running_var, 0.3)):
                values.uniform_(low, 1.5, generator=generator)
            with torch.no_grad():
                module.weight.uniform_(-1.5, 1.5, generator=generator)
                module.bias.uniform_(-0.5, 0.5, generator=generator)
    return model.eval()


def batch_norms(model):
    return [module for module in model.modules() if isinstance(module, nn.BatchNorm2d)]


@pytest.mark.parametrize(
    ("name", "config", "n_norms"),
    [("piano", {"n_channels": 6}, 13), ("onsets_frames", {"model_complexity": 1}, 12)],
)
@torch.no_grad()
def test_folding_changes_no_probability(name, config, n_norms):
    torch.manual_seed(5)
    model = with_statistics(build_model(name, config))
    assert len(batch_norms(model)) == n_norms
    n_frames = 20
    audio = 0.1 * torch.randn(2, (n_frames - 1) * model.grid.hop_length + 2 * model.margin)
    level = torch.full((2, n_frames), 0.1)
    before = model(audio, level)
    fold_batch_norms(model)
    assert not batch_norms(model)
    after = model(audio, level)
    for head, logits in before.items():
        torch.testing.assert_close(after[head].sigmoid(), logits.sigmoid(), rtol=0, atol=1e-5)


@torch.no_grad()
def test_a_convolution_with_groups_and_a_bias_keeps_them():
    torch.manual_seed(5)
    stack = nn.Sequential(
        nn.Conv2d(4, 6, 3, stride=2, padding=1, groups=2), nn.BatchNorm2d(6, affine=False)
    )
    stack[1].running_mean.uniform_(-1, 1)
    stack[1].running_var.uniform_(0.5, 2)
    x = torch.randn(1, 4, 9, 8)
    expected = stack.eval()(x)
    fold_batch_norms(stack)
    torch.testing.assert_close(stack(x), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize(
    "stack",
    [
        nn.Sequential(nn.Conv2d(1, 2, 1), nn.ReLU(), nn.BatchNorm2d(2)).eval(),
        nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2, track_running_stats=False)).eval(),
        nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2)).train(),
    ],
)
def test_a_norm_that_depends_on_more_than_the_convolution_stays(stack):
    fold_batch_norms(stack)
    assert len(batch_norms(stack)) == 1


def test_a_model_that_was_loaded_to_transcribe_is_folded():
    assert not batch_norms(load_transcriber("piano", device="cpu")._model)
