import pytest
import torch

from amtstudio.features import FrameGrid
from amtstudio.learning.spectrogram_noise import (
    add_noise,
    augmented_logits,
    mask_frequencies,
    strong_augmentation,
)
from amtstudio.models.registry import build_model
from amtstudio.models.transcription_model import TranscriptionModel


def generator(seed=3):
    return torch.Generator().manual_seed(seed)


def test_each_example_loses_one_band_to_the_mean_of_the_batch():
    spectrogram = torch.rand(40, 5, 2, 100, generator=generator())
    masked = mask_frequencies(spectrogram, share=0.3, generator=generator())
    changed = masked != spectrogram
    widths = changed[:, 0, 0].sum(dim=-1)
    assert widths.max() < 30
    assert widths.float().mean() == pytest.approx(14.5, abs=4)
    # The same band at every time and in every window; one stretch without holes; its value.
    assert (changed == changed[:, :1, :1]).all()
    steps = changed[:, 0, 0].int().diff(dim=-1, prepend=torch.zeros(40, 1))
    assert (steps == 1).sum(dim=-1).max() == 1
    torch.testing.assert_close(
        masked[changed], spectrogram.mean().expand(int(changed.sum())), rtol=1e-6, atol=0
    )


def test_masks_reach_the_lowest_and_the_highest_bin():
    masked = mask_frequencies(torch.rand(3000, 1, 20), share=0.3, generator=generator())
    spread = masked.std(dim=0)  # masked cells all hold one value: none is never masked
    changed = (masked == masked.flatten().mode().values).any(dim=(0, 1))
    assert changed.all()
    assert spread.min() > 0


def test_noise_has_the_spread_asked_for():
    noise = add_noise(torch.zeros(50, 50), generator=generator())
    assert float(noise.std()) == pytest.approx(0.01, rel=0.05)


@pytest.mark.parametrize(
    ("name", "config"),
    [("piano", {"n_channels": 4}), ("onsets_frames", {"model_complexity": 1})],
)
def test_augmentation_reaches_the_network_and_none_changes_nothing(name, config):
    torch.manual_seed(1)
    model = build_model(name, config).eval()
    n_frames = 12
    n_samples = (n_frames - 1) * model.grid.hop_length + 2 * model.margin
    audio = 0.1 * torch.randn(2, n_samples, generator=generator())
    level = torch.full((2, n_frames), 0.1)
    with torch.no_grad():
        plain = model(audio, level)["onset"]
        same = augmented_logits(model, audio, level, None)["onset"]
        identity = augmented_logits(model, audio, level, lambda spectrogram: spectrogram)["onset"]
        other = augmented_logits(
            model, audio, level, strong_augmentation(share=0.5, std=0.1, generator=generator())
        )["onset"]
    torch.testing.assert_close(same, plain)
    torch.testing.assert_close(identity, plain)
    assert (other - plain).abs().max() > 1e-5


class Unaugmentable(TranscriptionModel):
    """A network of some other kind, without a spectrogram that could be changed."""

    def __init__(self):
        super().__init__()
        self.grid, self.margin, self.context = FrameGrid(16000, 512), 0, 0

    def forward(self, audio, level=None):
        onset = torch.zeros(len(audio), 3, 88)
        return {"onset": onset, "offset": onset, "frame": onset, "velocity": onset}


def test_a_network_that_cannot_be_augmented_says_so_and_is_not_trained_without():
    model = Unaugmentable()
    assert not model.is_augmentable
    assert build_model("piano", {"n_channels": 4}).is_augmentable
    audio = torch.zeros(1, 1024)
    assert augmented_logits(model, audio, None, None)["onset"].shape == (1, 3, 88)
    with pytest.raises(ValueError, match="Unaugmentable offers no spectrogram"):
        augmented_logits(model, audio, None, strong_augmentation())
