"""How well scores rank what is there above what is not."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def auroc(probs: npt.NDArray[np.floating], labels: npt.NDArray[np.bool_]) -> float:
    """Chance that a present example scores above an absent one, ties counting half.

    Both of shape (n_examples,). NaN if there is not at least one example of each kind.
    """
    n_present, n_absent = int(labels.sum()), int((~labels).sum())
    if not n_present or not n_absent:
        return float("nan")
    _, inverse, counts = np.unique(probs, return_inverse=True, return_counts=True)
    last_ranks = np.cumsum(counts)
    ranks = (last_ranks - (counts - 1) / 2)[inverse]
    u = ranks[labels].sum() - n_present * (n_present + 1) / 2
    return float(u / (n_present * n_absent))
