"""Losses of weak labels and of the mean teacher, as of instrument recognition.

References
----------
Gururani, "Weakly Supervised Learning for Musical Instrument Classification", PhD thesis, Georgia
Institute of Technology 2020: equations 3.5 to 3.8, 5.1 to 5.4 and appendix A.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor, nn

_EDGE = 1e-6  # keeps logarithms finite


def partial_bce(
    probs: Tensor,
    labels: Tensor,
    observed: Tensor,
    *,
    alpha: float = 1.0,
    beta: float = 0.0,
    gamma: float = -1.0,
    positive_weight: Tensor | None = None,
) -> Tensor:
    """Binary cross-entropy over the labels that were observed, equation 3.5, as a positive loss.

    Parameters
    ----------
    probs, labels : Tensor, shape (batch, n_classes)
        In [0, 1].
    observed : Tensor of bool, shape (batch, n_classes)
    alpha, beta, gamma : float
        Of ``g(p) = alpha * p**gamma + beta``, p being the share of labels observed. The defaults
        give the mean over the observed labels of each example.
    positive_weight : Tensor, shape (n_classes,), optional
        Weight of present labels, equation 3.7.

    Returns
    -------
    Tensor, scalar
        Mean over the examples with an observed label; zero if there is none.
    """
    probs = probs.float().clamp(_EDGE, 1.0 - _EDGE)
    labels = labels.float()
    present = labels * probs.log()
    if positive_weight is not None:
        present = present * positive_weight
    cross_entropy = -(present + (1.0 - labels) * (1.0 - probs).log()) * observed
    share = observed.float().mean(dim=-1)
    usable = share > 0
    if not usable.any():
        return probs.sum() * 0.0
    scale = alpha * share[usable] ** gamma + beta
    per_example = scale * cross_entropy[usable].sum(dim=-1) / labels.shape[-1]
    return per_example.mean()


def consistency(student: Tensor, teacher: Tensor) -> Tensor:
    """Mean over examples of the squared distance a class, equation 5.4; no gradient to the teacher.

    Both have shape (batch, n_classes), labelled or not.
    """
    return ((student - teacher.detach()) ** 2).mean()


@torch.no_grad()
def update_teacher(teacher: nn.Module, student: nn.Module, *, alpha: float = 0.999) -> None:
    """Move the teacher's weights towards the student's, equation 5.2; buffers are copied."""
    for slow, fast in zip(teacher.parameters(), student.parameters(), strict=True):
        slow.mul_(alpha).add_(fast, alpha=1.0 - alpha)
    for kept, new in zip(teacher.buffers(), student.buffers(), strict=True):
        kept.copy_(new)


def ramp_up(x: float) -> float:
    """Equation A.1: from exp(-5) at 0 to 1 at 1; x beyond [0, 1] is taken at its ends."""
    x = min(max(x, 0.0), 1.0)
    return math.exp(-5.0 * (1.0 - x) ** 2)
