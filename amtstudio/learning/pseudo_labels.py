"""Pseudo-labels: what a teacher's probabilities are trusted to say. NaN means: says nothing.

Strahl & Müller, "Semi-Supervised Piano Transcription Using Pseudo-Labeling Techniques", ISMIR 2024,
equations 3, 4 and 8. ``onset_labels`` is ours.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from amtstudio.decoding import onset_evidence, peak_onsets
from amtstudio.decoding.activations import Probs

IGNORED = math.nan
LOWER, UPPER = 0.05, 0.95  # of the paper


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


def onset_labels(onset_probs: Tensor, *, lower: float = LOWER, upper: float = UPPER) -> Tensor:
    """Labels of onsets from targets that are shared between frames, note by note.

    Models that learn an onset as shares of neighbouring frames give a sure onset 0.5 and 0.5 if it
    is between two: no cell is sure, the onset is. So the labels follow decoding (``peak_onsets``).
    An onset that it finds with a score of ``upper`` or more is labelled with the shares of its
    frame and both neighbours, scaled to add up to 1; a cell whose ``onset_evidence`` is at most
    ``lower`` is 0.

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
    probs = onset_probs.detach().float().cpu().numpy()
    labels = np.stack([_labels_of_one(example, lower, upper) for example in probs])
    return torch.from_numpy(labels).to(onset_probs)


def _labels_of_one(probs: Probs, lower: float, upper: float) -> npt.NDArray[np.float32]:
    padded = np.pad(probs, ((1, 1), (0, 0)))  # as in decoding, there is nothing outside
    labels = np.full_like(padded, IGNORED)
    evidence = onset_evidence(padded[:-2], probs, padded[2:])
    labels[1:-1][evidence <= np.float32(lower)] = 0.0
    peaks = peak_onsets(probs, threshold=upper)
    frames = peaks.frame + np.arange(3)[:, None]  # (3, n_peaks), in the padded array
    shares = padded[frames, peaks.pitch]
    labels[frames, peaks.pitch] = shares / shares.sum(axis=0)
    return labels[1:-1]


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
        Interval that the proportion of ones to zeros has to be in; ``highest`` None: exactly
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
