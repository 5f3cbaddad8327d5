"""New thresholds: after an adaptation the order of probabilities holds, their size does not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from amtstudio.learning.hearing import Heard
from amtstudio.learning.label_free import agreement
from amtstudio.symbolic import Note

_REACH = 0.20  # either side of the former onset threshold
_STEP = 0.02
_LEAST_GAIN = 0.002  # a threshold is moved for a reason
Reference = Sequence[Note]


def retuned_onset_threshold(
    labelled: Sequence[tuple[Heard, Reference]],
    taught: Sequence[tuple[Heard, Reference]],
    current: float,
) -> float:
    """The onset threshold that serves rehearsed music and the user's recordings alike.

    Parameters
    ----------
    labelled : sequence of (Heard, notes)
        Rehearsed pieces with their truth.
    taught : sequence of (Heard, notes)
        The user's recordings for tuning with the teacher's notes, or the user's own.
    current : float

    Returns
    -------
    float
        In [0.05, 0.95]. The one with the best sum of the mean F1 of each kind, and ``current``
        unless that is better by 0.002 or more. Of equals the middle one.
    """
    candidates = np.arange(max(current - _REACH, 0.05), min(current + _REACH, 0.95) + 1e-9, _STEP)
    candidates = np.unique(np.append(np.round(candidates, 3), round(current, 3)))
    scores = {float(value): _score(labelled, taught, float(value)) for value in candidates}
    highest = max(scores.values())
    best = [value for value, score in scores.items() if score >= highest - 1e-9]
    chosen = best[len(best) // 2]
    if scores[chosen] < scores[round(current, 3)] + _LEAST_GAIN:
        return current
    return chosen


def matched_frame_threshold(
    heard: Sequence[Heard], former_polyphony: float, current: float
) -> float:
    """The frame threshold that keeps the share of sounding cells as it was.

    Parameters
    ----------
    heard : sequence of Heard
        The user's recordings for tuning, by the adapted model.
    former_polyphony : float
        Share of cells at or above the former threshold, by the former model (``frame_share``).
    current : float
    """
    frames = np.concatenate([entry.activations["frame"].ravel() for entry in heard])
    if former_polyphony <= 0.0:
        return current
    wanted = float(np.quantile(frames.astype(np.float32), 1.0 - former_polyphony))
    return round(float(np.clip(wanted, 0.05, 0.95)), 3)


def frame_share(heard: Sequence[Heard], threshold: float) -> float:
    """Share of the cells of the frame activation at or above the threshold."""
    frames = np.concatenate([entry.activations["frame"].ravel() for entry in heard])
    return float(np.mean(frames >= threshold))


def _score(
    labelled: Sequence[tuple[Heard, Reference]],
    taught: Sequence[tuple[Heard, Reference]],
    threshold: float,
) -> float:
    return sum(
        float(np.mean([agreement(notes, heard.notes(onset=threshold)) for heard, notes in kind]))
        for kind in (labelled, taught)
        if kind
    )
