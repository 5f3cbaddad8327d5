"""Virtual adversarial training, on a small network of ours."""

import pytest
import torch

from amtstudio.learning.adversarial import virtual_adversarial_loss
from amtstudio.models.registry import build_model

N_FRAMES = 12
WEIGHTS = {"onset": 1.0, "frame": 1.0}


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(3)
    return build_model("piano", {"n_channels": 4}).eval()


@pytest.fixture(scope="module")
def sound(model):
    generator = torch.Generator().manual_seed(5)
    audio = 0.1 * torch.randn(2, (N_FRAMES - 1) * 512 + 2 * model.margin, generator=generator)
    return audio, torch.full((2, N_FRAMES), 0.1)


def entropy(logits, clean):
    return sum(
        torch.nn.functional.binary_cross_entropy_with_logits(logits[head], clean[head].sigmoid())
        for head in WEIGHTS
    )


def test_the_change_harms_more_than_others_of_its_size(model, sound):
    with torch.no_grad():
        clean = model(*sound)
        unchanged = float(entropy(clean, clean))
    harmful = float(virtual_adversarial_loss(model, *sound, WEIGHTS, size=3.0).detach())
    others = []
    for seed in range(5):
        generator = torch.Generator().manual_seed(seed)

        def change(spectrogram, generator=generator):
            noise = torch.randn(spectrogram.shape, generator=generator)
            return spectrogram + 3.0 * noise / noise.norm(dim=-1, keepdim=True)

        with torch.no_grad():
            others.append(float(entropy(model.forward_changed(*sound, change), clean)))
    assert harmful - unchanged > 5.0 * (max(others) - unchanged)


def test_it_is_a_loss_to_learn_from_and_leaves_nothing_behind(model, sound):
    loss = virtual_adversarial_loss(model, *sound, WEIGHTS)
    assert all(parameter.grad is None for parameter in model.parameters())
    gradients = torch.autograd.grad(loss, [model.head.weight])
    assert float(gradients[0].abs().sum()) > 0.0


def test_the_same_draw_gives_the_same_loss(model, sound):
    one, other = (
        virtual_adversarial_loss(model, *sound, WEIGHTS, generator=torch.Generator().manual_seed(7))
        for _ in range(2)
    )
    torch.testing.assert_close(one, other)


def test_heads_that_the_model_lacks_do_not_count(model, sound):
    with pytest.raises(ValueError, match="none of"):
        virtual_adversarial_loss(model, *sound, {"bend": 1.0})
