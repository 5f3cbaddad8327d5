"""Pseudo-labels: what a teacher's probabilities are trusted to say. NaN means: says nothing.

Strahl & Müller, "Semi-Supervised Piano Transcription Using Pseudo-Labeling Techniques", ISMIR 2024,
equations 3, 4 and 8. ``pair_labels`` is ours.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

IGNORED = math.nan
LOWER, UPPER = 0.05, 0.95  # of the paper
_PEAK_HALF_WIDTH = 2  # frames, as in decoding


def threshold_labels(probs: Tensor, *, lower: float = LOWER, upper: float = UPPER) -> Tensor:
    """Trust what is nearly certain: the operator phi of the paper.

    Parameters
    ----------
    probs : Tensor, any shape, in [0, 1]
    lower, upper : float
        At or below ``lower`` a label is 0, at or above ``upper`` it is 1.

    Returns
    -------
    Tensor, same shape
        0, 1 or NaN; carries no gradient.

    Raises
    ------
    ValueError
        Unless ``0 <= lower < upper <= 1``.
    """
    _check_bounds(lower, upper)
    labels = torch.full_like(probs, IGNORED, requires_grad=False)
    labels[probs <= lower] = 0.0
    labels[probs >= upper] = 1.0
    return labels


def pair_sums(onset_probs: Tensor) -> Tensor:
    """Evidence for an onset at each cell: the cell and the larger of its neighbours in time.

    Models that learn an onset as shares of two neighbouring frames give a sure onset 0.5 and 0.5
    where it lies between them; only the sum tells that it is sure.

    Parameters
    ----------
    onset_probs : Tensor, shape (batch, n_frames, n_pitches)

    Returns
    -------
    Tensor, same shape, in [0, 1]
    """
    padded = functional.pad(onset_probs, (0, 0, 1, 1))
    neighbour = torch.maximum(padded[:, :-2], padded[:, 2:])
    return (onset_probs + neighbour).clamp(max=1.0)


def pair_labels(onset_probs: Tensor, *, lower: float = LOWER, upper: float = UPPER) -> Tensor:
    """Labels of onsets from targets that are shared between two frames, note by note.

    Where a local maximum and its larger neighbour together reach ``upper``, they are labelled with
    their shares, scaled to add up to 1; where no pair with a cell exceeds ``lower``, it is 0.

    Parameters
    ----------
    onset_probs : Tensor, shape (batch, n_frames, n_pitches), in [0, 1]
    lower, upper : float

    Returns
    -------
    Tensor, same shape
        In [0, 1], or NaN; carries no gradient.

    Raises
    ------
    ValueError
        Unless ``0 <= lower < upper <= 1``.
    """
    _check_bounds(lower, upper)
    probs = onset_probs.detach()
    sums = pair_sums(probs)
    labels = torch.full_like(probs, IGNORED)
    labels[sums <= lower] = 0.0
    largest = functional.max_pool2d(
        probs[:, None], (2 * _PEAK_HALF_WIDTH + 1, 1), 1, (_PEAK_HALF_WIDTH, 0)
    )[:, 0]
    batch, frame, pitch = torch.nonzero((probs == largest) & (sums >= upper), as_tuple=True)
    padded = functional.pad(probs, (0, 0, 1, 1))
    earlier, peak, later = (padded[batch, frame + step, pitch] for step in range(3))
    neighbour = torch.maximum(earlier, later)
    share = peak / (peak + neighbour)
    labels[batch, frame, pitch] = share
    beside = torch.where(later >= earlier, frame + 1, frame - 1)
    inside = (beside >= 0) & (beside < probs.shape[1])
    labels[batch[inside], beside[inside], pitch[inside]] = (1.0 - share)[inside]
    return labels


def match_distribution(
    labels: Tensor,
    lowest: float,
    highest: float | None = None,
    *,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Ignore labels at random until ones and zeros stand in the wanted proportion.

    The operator delta of the paper, equation 8, by undersampling: too few ones, and zeros are
    ignored; too many, and ones are. Without any ones all zeros are ignored, so that a batch of
    silence teaches nothing.

    Parameters
    ----------
    labels : Tensor, any shape
        In [0, 1] or NaN. A label between 0 and 1 counts as that share of a one.
    lowest, highest : float
        Interval that the proportion of ones to zeros has to lie in; ``highest`` None: exactly
        ``lowest``, as in the paper.
    generator : torch.Generator, optional

    Returns
    -------
    Tensor, same shape

    Raises
    ------
    ValueError
        Unless ``0 < lowest <= highest``.
    """
    highest = lowest if highest is None else highest
    if not 0.0 < lowest <= highest:
        raise ValueError(f"need 0 < lowest <= highest, got {lowest} and {highest}")
    ones, zeros = labels > 0.0, labels == 0.0
    n_ones = float(labels[ones].sum())
    n_zeros = int(zeros.sum())
    matched = labels.clone()
    if n_ones < lowest * n_zeros:
        _ignore(matched, zeros, n_zeros - round(n_ones / lowest), generator)
    elif n_zeros and n_ones > highest * n_zeros:
        surplus = 1.0 - highest * n_zeros / n_ones
        _ignore(matched, ones, round(surplus * int(ones.sum())), generator)
    return matched


def proportion(labels: Tensor) -> float:
    """Ones to zeros; infinite where there are ones and no zeros, 0 where there is neither."""
    n_ones = float(labels[labels > 0.0].sum())
    n_zeros = int((labels == 0.0).sum())
    if n_zeros:
        return n_ones / n_zeros
    return math.inf if n_ones else 0.0


def _ignore(labels: Tensor, where: Tensor, count: int, generator: torch.Generator | None) -> None:
    """Set ``count`` of the cells marked in ``where`` to NaN."""
    cells = torch.nonzero(where.flatten()).squeeze(1)
    order = torch.randperm(len(cells), generator=generator)[:count].to(cells.device)
    labels.view(-1)[cells[order]] = IGNORED


def _check_bounds(lower: float, upper: float) -> None:
    if not 0.0 <= lower < upper <= 1.0:
        raise ValueError(f"need 0 <= lower < upper <= 1, got {lower} and {upper}")
