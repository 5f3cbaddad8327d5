"""How far a student agrees with its labels, counted during training."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import max_pool1d

_SURE = 0.5


class CellAgreement:
    """Counts onsets of a student and of its labels that are within a frame of each other.

    It costs next to nothing, as the student's answer is there anyway.
    """

    def __init__(self) -> None:
        self._counts = torch.zeros(4)

    @torch.no_grad()
    def add(self, logits: Tensor, labels: Tensor) -> None:
        """Take onset logits and labels, both (batch, n_frames, n_pitches); NaN: not known."""
        known = ~torch.isnan(labels)
        wanted = torch.nan_to_num(labels, nan=0.0) >= _SURE
        # Above zero the probability is above a half.
        claimed = (logits > 0.0) & known
        met = (wanted & _nearby(claimed)).sum()
        right = (claimed & _nearby(wanted)).sum()
        counts = torch.stack([met, wanted.sum(), right, claimed.sum()])
        self._counts += counts.to(self._counts)

    def take(self) -> float | None:
        """F1 over what was added since the last call, in [0, 1]; None: no onset on either side."""
        met, wanted, right, claimed = self._counts.tolist()
        self._counts = torch.zeros(4)
        if wanted + claimed == 0.0:
            return None
        return float((met + right) / (wanted + claimed))


def _nearby(cells: Tensor) -> Tensor:
    """Cells that hold, or neighbour in time, one that is true."""
    rows = cells.float().transpose(-1, -2)
    return max_pool1d(rows, kernel_size=3, stride=1, padding=1).transpose(-1, -2) > 0.0
