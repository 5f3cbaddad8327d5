"""What training minimises: with labels, and with pseudo-labels that leave cells out.

The equations are those of Strahl & Müller, "Semi-Supervised Piano Transcription Using
Pseudo-Labeling Techniques", ISMIR 2024.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

UNSUPERVISED_WEIGHTS: Mapping[str, float] = {"onset": 1.0, "frame": 1.0, "offset": 0.0}
UNSUPERVISED_SHARE = 0.05  # lambda of the paper


def transcription_losses(
    logits: dict[str, Tensor], targets: dict[str, Tensor]
) -> dict[str, Tensor]:
    """Loss of each head, before weighting (equation 2).

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
    """The weighted sum that is minimised (equation 1), a scalar; no weight: does not count."""
    weighted = [weights[head] * loss for head, loss in losses.items() if head in weights]
    return torch.stack(weighted).sum()


def masked_cross_entropy(logits: Tensor, labels: Tensor) -> Tensor:
    """Binary cross-entropy where there is a label, over the number of all cells (equation 6).

    Dividing by all cells, and not by those with a label, gives a batch less to say the less its
    teacher was sure of.

    Parameters
    ----------
    logits, labels : Tensor, same shape
        Labels in [0, 1], or NaN where nothing is known.

    Returns
    -------
    Tensor, scalar
    """
    known = ~torch.isnan(labels)
    entropy = functional.binary_cross_entropy_with_logits(
        logits, torch.nan_to_num(labels), reduction="none"
    )
    return torch.where(known, entropy, 0.0).sum() / labels.numel()


def unsupervised_loss(
    logits: dict[str, Tensor],
    labels: Mapping[str, Tensor],
    weights: Mapping[str, float] = UNSUPERVISED_WEIGHTS,
) -> Tensor:
    """Loss on pseudo-labels, a scalar (equation 5); heads without labels or weight are left out.

    Raises
    ------
    ValueError
        If no head has both.
    """
    parts = [
        weights[head] * masked_cross_entropy(logits[head], head_labels)
        for head, head_labels in labels.items()
        if weights.get(head, 0.0) > 0.0
    ]
    if not parts:
        raise ValueError(f"no head has labels and a weight: {sorted(labels)}")
    return torch.stack(parts).sum()


def combined_loss(
    supervised: Tensor, unsupervised: Tensor, share: float = UNSUPERVISED_SHARE
) -> Tensor:
    """Both losses in one (equation 7): ``share`` in [0, 1] is the weight of the unsupervised."""
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"share must lie in [0, 1], got {share}")
    return (1.0 - share) * supervised + share * unsupervised
