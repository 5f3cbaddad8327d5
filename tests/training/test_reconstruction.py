import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from amtstudio.models.onsets_frames import OnsetsFrames, OnsetsFramesConfig
from amtstudio.models.piano import Piano, PianoConfig
from training.reconstruction import Reconstruction
from training.run import Run
from training.training_config import TrainingConfig

N_FRAMES = 24


@pytest.fixture
def piano():
    torch.manual_seed(3)
    return Piano(PianoConfig(n_channels=4))


@pytest.fixture
def tones(piano):
    """Two clips: A4, and A4 that gives way to E5."""
    n_samples = (N_FRAMES - 1) * piano.grid.hop_length + 2 * piano.margin
    at = np.arange(n_samples) / piano.grid.sample_rate
    low, high = 0.1 * np.sin(2 * np.pi * 440.0 * at), 0.1 * np.sin(2 * np.pi * 659.3 * at)
    clips = np.stack([low, np.where(at < at[-1] / 2, low, high)]).astype(np.float32)
    return {"audio": torch.from_numpy(clips), "level": torch.full((2, N_FRAMES), 0.1)}


def logits_of(keys):
    """Sure of what sounds, (2, n_frames, 88) for each head."""
    sounding = torch.full((2, N_FRAMES, 88), -6.0)
    for clip, key, frames in keys:
        sounding[clip, frames, key] = 6.0
    return dict.fromkeys(("onset", "offset", "frame", "velocity"), sounding)


def test_the_right_notes_draw_the_spectrogram_better_than_wrong_ones(piano, tones):
    torch.manual_seed(0)
    decoder = Reconstruction(piano)
    half = N_FRAMES // 2
    right = logits_of([(0, 48, slice(None)), (1, 48, slice(half)), (1, 55, slice(half, None))])
    losses = []
    for _ in range(40):
        loss = decoder.loss(right, tones)
        loss.backward()
        decoder.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    wrong = logits_of([(0, 30, slice(None)), (1, 60, slice(None))])
    assert decoder.loss(wrong, tones).item() > 1.2 * losses[-1]


def test_the_network_learns_from_what_is_drawn(piano, tones):
    Reconstruction(piano).loss(piano(**tones), tones).backward()
    assert piano.head.weight.grad is not None
    # The heads for notes, all of which are drawn from.
    assert bool((piano.head.weight.grad.flatten(1).abs().sum(dim=1) > 0).all())
    assert not any("reconstruction" in name for name in piano.state_dict())


def test_a_run_with_it_is_saved_without_it(material_root, material_cache, tmp_path):
    config = TrainingConfig(
        model_config={"n_channels": 2},
        material=str(material_root),
        cache=str(material_cache),
        output=str(tmp_path),
        n_frames=8,
        batch_size=1,
        steps=50,
        reconstruction_weight=0.1,
    )
    run = Run(config)
    before = {name: value.clone() for name, value in run.model.state_dict().items()}
    run.train()
    (line,) = (tmp_path / "log.jsonl").read_text().splitlines()
    assert json.loads(line)["reconstruction"] > 0.0
    again = Run(replace(config, reconstruction_weight=0.0))
    assert again.progress.step == 50
    assert set(again.model.state_dict()) == set(before)


def test_a_network_without_a_harmonic_spectrogram_is_refused():
    model = OnsetsFrames(OnsetsFramesConfig(model_complexity=2))
    with pytest.raises(TypeError, match="OnsetsFrames has no spectrogram to reconstruct"):
        Reconstruction(model)
