"""Virtual adversarial training: the output must not change where a small change would matter most.

A term for sound without labels, as in ReconVAT.

References
----------
Miyato, Maeda, Koyama & Ishii, "Virtual Adversarial Training", TPAMI 2019; Cheuk, Herremans & Su,
"ReconVAT: A Semi-Supervised Automatic Music Transcription Framework for Low-Resource Real-World
Data", ACM Multimedia 2021.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from amtstudio.models.transcription_model import TranscriptionModel

SIZE = 0.1  # of the change of a frame, in units of the log-spectrogram
_PROBE = 1e-3  # likewise, of the change whose effect is differentiated


def virtual_adversarial_loss(
    model: TranscriptionModel,
    audio: Tensor,
    level: Tensor | None,
    weights: Mapping[str, float],
    *,
    size: float = SIZE,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Cross-entropy between the model's output and that for the most harmful small change.

    One power iteration finds the direction, in each frame, in which the log-spectrogram has to be
    changed. It takes three passes through the network, two of them with gradients.

    Parameters
    ----------
    model : TranscriptionModel
        ``is_augmentable``; its norms in evaluation mode, or their statistics would differ.
    audio, level : Tensor
        As ``TranscriptionModel.forward`` takes them.
    weights : mapping
        Of the heads that count, by name; heads that the model lacks are left out.
    size : float
        Euclidean norm of the change of each frame.
    generator : torch.Generator, optional
        For the direction from which the iteration starts.

    Returns
    -------
    Tensor, scalar

    Raises
    ------
    ValueError
        If the model has none of the heads.
    """
    with torch.no_grad():
        clean = {
            head: logits.float().sigmoid()
            for head, logits in model(audio, level).items()
            if weights.get(head, 0.0) > 0.0
        }
    if not clean:
        raise ValueError(f"the model has none of {sorted(weights)}")

    def distance(logits: Mapping[str, Tensor]) -> Tensor:
        return torch.stack(
            [
                weights[head]
                * functional.binary_cross_entropy_with_logits(logits[head].float(), probs)
                for head, probs in clean.items()
            ]
        ).sum()

    probes: list[Tensor] = []

    def probed(spectrogram: Tensor) -> Tensor:
        noise = torch.randn(spectrogram.shape, generator=generator).to(spectrogram.device)
        probes.append((_PROBE * _unit(noise)).requires_grad_())
        return spectrogram + probes[-1]

    with torch.enable_grad():
        reached = distance(model.forward_changed(audio, level, probed))
        directions = iter(torch.autograd.grad(reached, probes))
    return distance(
        model.forward_changed(
            audio, level, lambda spectrogram: spectrogram + size * _unit(next(directions))
        )
    )


def _unit(change: Tensor) -> Tensor:
    """With a norm of 1 in each frame, over its bins."""
    length = torch.linalg.vector_norm(change, dim=-1, keepdim=True)
    unit: Tensor = change / length.clamp(min=1e-12)
    return unit
