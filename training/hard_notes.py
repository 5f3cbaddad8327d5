"""The notes that are missed most: soft ones under loud ones, and keys that are struck again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

SOFT_SHARE = 0.6  # of the velocity of the loudest note struck nearby
NEARBY = 8  # frames on either side, a quarter of a second
AROUND = 2  # frames about an onset whose cells count with it, so that its moment is weighed whole
_RINGING = 0.5  # share of a frame in which a key sounds


def hard_onsets(targets: Mapping[str, Tensor]) -> Tensor:
    """Which cells belong to the onset of a hard note.

    Parameters
    ----------
    targets : mapping of Tensor
        ``onset``, ``frame`` and ``velocity``, each (batch, n_frames, 88).

    Returns
    -------
    Tensor of bool, shape (batch, n_frames, 88)
    """
    struck = targets["onset"] > 0.0
    velocity = targets["velocity"]
    loudest = velocity.amax(dim=2)  # (batch, n_frames)
    nearby = functional.max_pool1d(loudest[:, None], 2 * NEARBY + 1, 1, NEARBY).transpose(1, 2)
    is_soft = velocity < SOFT_SHARE * nearby
    # Two frames before the first frame that an onset may share, it sounds for what was before.
    ringing = functional.pad(targets["frame"], (0, 0, 2, 0))[:, :-2] > _RINGING
    hard = (struck & (is_soft | ringing)).float().transpose(1, 2)
    around = functional.max_pool1d(hard, 2 * AROUND + 1, 1, AROUND)
    return around.transpose(1, 2) > 0.0


def emphasised_onset_loss(logits: Tensor, targets: Mapping[str, Tensor], weight: float) -> Tensor:
    """The onset loss, a mean over all cells, in which hard notes count ``weight`` times."""
    loss = functional.binary_cross_entropy_with_logits(logits, targets["onset"], reduction="none")
    return (loss * torch.where(hard_onsets(targets), weight, 1.0)).mean()
