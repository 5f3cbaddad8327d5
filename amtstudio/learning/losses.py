"""The training losses: with labels, and with pseudo-labels that leave cells out.

The equations are those of Strahl & Müller, "Semi-Supervised Piano Transcription Using
Pseudo-Labeling Techniques", ISMIR 2024.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from amtstudio.symbolic.heads import PIANO_HEADS, Head, HeadKind

UNSUPERVISED_WEIGHTS: Mapping[str, float] = {"onset": 1.0, "frame": 1.0, "offset": 0.0}
UNSUPERVISED_SHARE = 0.05  # lambda of the paper


def transcription_losses(
    logits: Mapping[str, Tensor],
    targets: Mapping[str, Tensor],
    heads: Sequence[Head] = PIANO_HEADS,
) -> dict[str, Tensor]:
    """Loss of each head, before weighting (equation 2).

    Parameters
    ----------
    logits, targets : mapping of Tensor
        By head, each (batch, *head.shape(n_frames)). Targets in [0, 1]; of a class head the
        classes may all be 0 where nothing is known.
    heads : sequence of Head
        Heads without logits are skipped.

    Returns
    -------
    dict of Tensor
        For events and sounds, the binary cross-entropy, averaged over all cells. For a value, the
        squared error of the probability, and for a class, the cross-entropy, both as a mean
        weighted by the head that they qualify: elsewhere there is no correct velocity.
    """
    losses: dict[str, Tensor] = {}
    for head in heads:
        if head.name not in logits:
            continue
        output, target = logits[head.name], targets[head.name]
        if head.kind in (HeadKind.EVENT, HeadKind.SOUND):
            losses[head.name] = functional.binary_cross_entropy_with_logits(output, target)
            continue
        weights = targets[head.where]
        if head.kind is HeadKind.VALUE:
            error = (torch.sigmoid(output) - target).square()
        else:
            error = -(target * output.log_softmax(dim=-1)).sum(dim=-1)
            weights = weights * target.sum(dim=-1)
        losses[head.name] = (weights * error).sum() / weights.sum().clamp(min=1.0)
    return losses


def answers(logits: Mapping[str, Tensor], heads: Sequence[Head] = PIANO_HEADS) -> dict[str, Tensor]:
    """A model's own output as targets for ``transcription_losses``, of the heads with logits.

    Li & Hoiem, "Learning without Forgetting", ECCV 2016.
    """
    targets = {}
    for head in heads:
        if head.name in logits:
            output = logits[head.name].detach().float()
            is_class = head.kind is HeadKind.CLASS
            targets[head.name] = output.softmax(dim=-1) if is_class else torch.sigmoid(output)
    return targets


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
