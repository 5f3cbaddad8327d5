"""The paper's strong augmentation, on the log-spectrogram that a network reads.

Strahl & Müller, ISMIR 2024, section 3.2: one band of frequencies masked, then Gaussian noise. Not
in time, for a masked onset would be gone.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from amtstudio.models.onsets_frames import OnsetsFrames
from amtstudio.models.piano import Piano
from amtstudio.models.transcription_model import TranscriptionModel

ChangeSpectrogram = Callable[[Tensor], Tensor]

MASK_SHARE = 30 / 229  # of the bands: the paper masks up to 30 of its 229
NOISE_STD = 0.01


def mask_frequencies(
    spectrogram: Tensor, *, share: float = MASK_SHARE, generator: torch.Generator | None = None
) -> Tensor:
    """Set one random band of each example to the mean of the batch.

    Parameters
    ----------
    spectrogram : Tensor, shape (batch, ..., n_bins)
    share : float
        The band has from 0 to ``share * n_bins`` bins (exclusive).
    generator : torch.Generator, optional

    Returns
    -------
    Tensor, same shape
    """
    n_bins = spectrogram.shape[-1]
    n_examples = len(spectrogram)
    draws = torch.rand(2, n_examples, generator=generator)
    width = (draws[0] * share * n_bins).long()
    first = (draws[1] * (n_bins - width + 1)).long()
    bins = torch.arange(n_bins)
    masked = (bins >= first[:, None]) & (bins < (first + width)[:, None])
    shape = (n_examples, *[1] * (spectrogram.dim() - 2), n_bins)
    return torch.where(masked.view(shape).to(spectrogram.device), spectrogram.mean(), spectrogram)


def add_noise(
    spectrogram: Tensor, *, std: float = NOISE_STD, generator: torch.Generator | None = None
) -> Tensor:
    """Add Gaussian noise of standard deviation ``std``."""
    noise = torch.randn(spectrogram.shape, generator=generator).to(spectrogram.device)
    return spectrogram + std * noise


def strong_augmentation(
    *,
    share: float = MASK_SHARE,
    std: float = NOISE_STD,
    generator: torch.Generator | None = None,
) -> ChangeSpectrogram:
    """The pipeline of the paper: mask, then noise."""

    def change(spectrogram: Tensor) -> Tensor:
        masked = mask_frequencies(spectrogram, share=share, generator=generator)
        return add_noise(masked, std=std, generator=generator)

    return change


def augmented_logits(
    model: TranscriptionModel,
    audio: Tensor,
    level: Tensor | None,
    change: ChangeSpectrogram | None,
) -> dict[str, Tensor]:
    """The model's logits with its log-spectrogram changed on the way.

    Parameters
    ----------
    model : TranscriptionModel
        One of other networks than ours is called as it is, with nothing changed.
    audio, level : Tensor
        As ``TranscriptionModel.forward`` takes them.
    change : callable, optional
        From a log-spectrogram, (batch, n_frames, ..., n_bins), to one of the same shape.
    """
    if change is None:
        return model_logits(model, audio, level)
    if isinstance(model, OnsetsFrames):
        return model.forward_features(change(model.features(audio)))
    if isinstance(model, Piano) and level is not None:
        with torch.autocast(audio.device.type, enabled=False):
            spectrogram = model.spectrogram.log_frequency(audio.float(), level.float())
            features = model.spectrogram.gather(change(spectrogram))
        return model.forward_features(features)
    return model_logits(model, audio, level)


def model_logits(
    model: TranscriptionModel, audio: Tensor, level: Tensor | None
) -> dict[str, Tensor]:
    logits: dict[str, Tensor] = model(audio, level)
    return logits
