"""What the supervised training minimises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor


def transcription_losses(
    logits: dict[str, Tensor], targets: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Loss of each head, before weighting.

    Parameters
    ----------
    logits, targets : dict of Tensor
        ``onset``, ``offset``, ``frame``, ``velocity``, each (batch, n_frames, 88), and where the
        model has it ``pedal``, (batch, n_frames). Targets in [0, 1].

    Returns
    -------
    dict of Tensor
        Binary cross-entropy, mean over all cells; for ``velocity`` the squared error of the
        probability, mean over onsets alone: elsewhere there is no velocity to be right about.
    """
    losses: dict[str, Tensor] = {
        head: functional.binary_cross_entropy_with_logits(logits[head], targets[head])
        for head in ("onset", "offset", "frame", "pedal")
        if head in logits
    }
    weights = targets["onset"]
    error = (torch.sigmoid(logits["velocity"]) - targets["velocity"]).square()
    losses["velocity"] = (weights * error).sum() / weights.sum().clamp(min=1.0)
    return losses


def total_loss(losses: dict[str, Tensor], weights: Mapping[str, float]) -> Tensor:
    """The weighted sum that is minimised, a scalar; a head without a weight does not count."""
    weighted = [weights[head] * loss for head, loss in losses.items() if head in weights]
    return torch.stack(weighted).sum()
