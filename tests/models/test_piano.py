import copy

import numpy as np
import pytest
import torch

from amtstudio.features.harmonic_spectrogram import HarmonicSpectrogramConfig
from amtstudio.models.piano import Piano, PianoConfig


@pytest.fixture(
    scope="module",
    params=[
        PianoConfig(n_channels=8),
        PianoConfig(n_channels=24, n_windows=3, n_linked=4),
        PianoConfig(n_channels=16, n_linked=2, n_further=5, knows_keys=True),
    ],
    ids=["plain", "linked", "deeper"],
)
def piano(request):
    torch.manual_seed(3)
    model = Piano(request.param)
    # Statistics of a trained network, so that eval mode is not trivial.
    for name, buffer in model.named_buffers():
        if name.endswith("running_mean"):
            buffer.normal_(0, 0.1)
        if name.endswith("running_var"):
            buffer.uniform_(0.5, 1.5)
    with torch.no_grad():
        for norm in model.modules():
            if isinstance(norm, torch.nn.BatchNorm2d):
                norm.weight.fill_(1.0)  # parts that start quietly have become louder
    return model.eval()


def example(model, n_frames, seed=0):
    generator = torch.Generator().manual_seed(seed)
    n_samples = (n_frames - 1) * model.grid.hop_length + 2 * model.margin
    audio = 0.1 * torch.randn(1, n_samples, generator=generator)
    return audio, torch.full((1, n_frames), 0.1)


@torch.inference_mode()
def test_every_head_has_one_logit_a_frame_and_key(piano):
    logits = piano(*example(piano, 20))
    assert {name: tuple(value.shape) for name, value in logits.items()} == {
        "onset": (1, 20, 88),
        "offset": (1, 20, 88),
        "frame": (1, 20, 88),
        "velocity": (1, 20, 88),
        "pedal": (1, 20),
    }
    assert all(value.dtype == torch.float32 for value in logits.values())


@torch.inference_mode()
def test_beyond_the_context_a_cut_changes_nothing(piano):
    n_frames, first = 120, 30
    audio, level = example(piano, n_frames)
    whole = piano(audio, level)
    cut = piano(audio[:, first * piano.grid.hop_length :], level[:, first:])
    inside = piano.context
    for head, logits in whole.items():
        np.testing.assert_allclose(
            cut[head][:, inside:], logits[:, first + inside :], rtol=1e-4, atol=1e-4
        )
    # And the context is no larger than it must be: one frame less, and a cut shows. In double
    # precision, as what the outermost frame adds to a deep network is little.
    features = piano.spectrogram(audio, level).double()
    deep, precise = [], copy.deepcopy(piano).double()
    precise.neck.register_forward_hook(lambda _module, _inputs, output: deep.append(output))
    precise.forward_features(features)
    precise.forward_features(features[:, :, first:])
    edge = deep[0][:, :, first + inside - 1] - deep[1][:, :, inside - 1]
    assert edge.abs().max() > 1e-9
    np.testing.assert_allclose(
        deep[1][:, :, inside:].detach(), deep[0][:, :, first + inside :].detach(), atol=1e-12
    )


def test_the_weights_are_shared_by_all_keys():
    piano = Piano(PianoConfig(n_channels=8))
    spectrogram = HarmonicSpectrogramConfig()
    sizes = [value.numel() for value in piano.parameters() if 88 in value.shape]
    assert sizes == [4 * spectrogram.n_pitches]  # a bias for each head and key, and no more


@torch.inference_mode()
def test_keys_that_know_their_place_hear_the_same_sound_differently():
    torch.manual_seed(4)
    piano = Piano(PianoConfig(n_channels=8, knows_keys=True)).eval()
    n_features = HarmonicSpectrogramConfig().n_features
    features = torch.ones(1, n_features, 3, 88)
    before = piano.forward_features(features)["onset"]
    with torch.no_grad():
        piano.places["8"][:, :, 40] = 1.0
    changed = (piano.forward_features(features)["onset"] != before).any(dim=1)[0]
    # The blocks from the eighth on look at octaves and no other keys.
    assert set(changed.nonzero().flatten().tolist()) == {16, 28, 40, 52, 64}


def test_piano_needs_the_level(piano):
    audio, _ = example(piano, 4)
    with pytest.raises(ValueError, match="running level"):
        piano(audio)


@torch.inference_mode()
def test_a_link_hands_over_from_key_to_key_at_partials_alone():
    torch.manual_seed(5)
    link = Piano(PianoConfig(n_channels=32, n_linked=3)).links["3"].eval()
    silent = torch.zeros(1, 32, 1, 88)
    struck = silent.clone()
    struck[..., 40] = 1.0
    changed = (link(struck) != link(silent)).any(dim=1)[0, 0].nonzero().flatten().tolist()
    partials = (19, 28, 31, 34, 36)
    heard = {40 + partial for partial in partials} | {40 - partial for partial in partials}
    assert set(changed) == {key for key in heard if 0 <= key < 88}


@pytest.mark.parametrize(
    "config",
    [
        {"n_channels": 0},
        {"hop_length": 7},
        {"n_channels": 10**6},
        {"n_windows": 4},
        {"n_linked": 1000},
        {"n_further": 12},
        {"n_context": -1},
        {"context_width": 100},
    ],
)
def test_config_refuses_what_no_checkpoint_of_ours_holds(config):
    with pytest.raises(ValueError, match="must be"):
        PianoConfig(**config)
