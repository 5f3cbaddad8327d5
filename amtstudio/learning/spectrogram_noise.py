"""The paper's strong augmentation, on the log-spectrogram that a network reads.

Strahl & Müller, ISMIR 2024, section 3.2: one band of frequencies masked, then Gaussian noise. Not
in time, because a masked onset would be lost.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

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
    """``TranscriptionModel.forward_changed``, or where ``change`` is None what the model says."""
    if change is not None:
        return model.forward_changed(audio, level, change)
    logits: dict[str, Tensor] = model(audio, level)
    return logits
