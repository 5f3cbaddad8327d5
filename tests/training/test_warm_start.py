from dataclasses import replace

import pytest
import torch

from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.models.registry import build_model
from training.export import export
from training.run import Run
from training.training_config import TrainingConfig
from training.warm_start import warm_start


@pytest.fixture
def small(tmp_path, material_root, material_cache):
    """A model file of a short run, and the settings of that run."""
    config = TrainingConfig(
        model_config={"n_channels": 6},
        material=str(material_root),
        cache=str(material_cache),
        output=str(tmp_path),
        n_frames=32,
        steps=2,
        decay_steps=1,
        batch_size=2,
        bfloat16=False,
    )
    Run(config).train()
    export(tmp_path / "state.safetensors", tmp_path / "small.safetensors", name="small")
    return tmp_path / "small.safetensors", config


def sound(model):
    generator = torch.Generator().manual_seed(1)
    n_samples = 19 * model.grid.hop_length + 2 * model.margin
    return 0.1 * torch.randn(1, n_samples, generator=generator), torch.full((1, 20), 0.1)


@torch.inference_mode()
def test_a_wider_network_starts_with_the_answers_of_the_smaller_one(small):
    path, _ = small
    known = load_model(path)[0]
    wide = build_model("piano", {"n_channels": 10, "n_windows": 3}).eval()
    assert warm_start(wide, path) == []
    expected, found = known(*sound(known)), wide(*sound(wide))
    for head, logits in expected.items():
        torch.testing.assert_close(found[head], logits, rtol=1e-4, atol=1e-4)


@torch.inference_mode()
def test_the_careful_network_starts_with_the_answers_of_the_small_one(small, tmp_path):
    torch.manual_seed(4)
    settings = {"n_channels": 6, "n_linked": 2, "knows_keys": True}
    known = build_model("piano", settings).eval()
    for value in known.state_dict().values():
        if value.is_floating_point():
            value.add_(0.1 * torch.rand_like(value))
    path = tmp_path / "known.safetensors"
    save_checkpoint(path, known, replace(load_model(small[0])[1], config=settings))
    config = {"n_channels": 10, "n_windows": 2, "n_linked": 4, "n_further": 0, "context_width": 16}
    careful = build_model("piano_large", config).eval()
    missing = warm_start(careful, path)
    assert missing
    assert all(name.startswith("music.") for name in missing)
    expected, found = known(*sound(known)), careful(*sound(careful))
    for head, logits in expected.items():
        # So many layers of random weights multiply what processors round differently.
        torch.testing.assert_close(found[head], logits, rtol=5e-3, atol=1e-3)


def test_new_parts_are_named_and_keep_their_random_start(small):
    model = build_model("piano", {"n_channels": 6, "n_linked": 2})
    before = {name: value.clone() for name, value in model.state_dict().items()}
    missing = warm_start(model, small[0])
    assert missing
    assert all(name.startswith("links.") for name in missing)
    for name in missing:
        torch.testing.assert_close(model.state_dict()[name], before[name])


def test_every_new_channel_learns(small, tmp_path):
    path, config = small
    config = replace(
        config,
        model_config={"n_channels": 10},
        output=str(tmp_path / "wide"),
        start_from=str(path),
    )
    (tmp_path / "wide").mkdir()
    run = Run(config)
    before = run.model.head.weight.detach().clone()
    assert (before[:, 6:] == 0).all()
    run.train()
    assert (run.model.head.weight[:, 6:] != 0).all()


def test_a_network_cannot_shrink(small, tmp_path):
    model = build_model("piano", {"n_channels": 4})
    with pytest.raises(ValueError, match="shrinks"):
        warm_start(model, small[0])


def test_start_from_names_a_model_file(small, tmp_path):
    known, card = load_model(small[0])
    save_checkpoint(tmp_path / "other.safetensors", known, card)
    run = Run(
        replace(
            small[1], output=str(tmp_path / "new"), start_from=str(tmp_path / "other.safetensors")
        )
    )
    torch.testing.assert_close(run.model.head.weight, known.head.weight)
