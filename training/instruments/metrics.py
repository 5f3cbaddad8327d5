"""Scores of multi-label recognition where not every label is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.scoring.ranking import auroc

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True)
class ClassScores:
    """For one class; NaN if there are no examples of one of the two kinds."""

    precision: float  # mean of those of the absent and of the present, as the thesis has it
    recall: float
    macro_f1: float  # mean of the F1 of the absent and the F1 of the present
    positive_f1: float  # the F1 of the present alone
    auroc: float
    average_precision: float


def score_class(
    probs: npt.NDArray[np.floating], labels: npt.NDArray[np.bool_], *, threshold: float = 0.5
) -> ClassScores:
    """Scores of one class on the examples whose label is known, each array (n_examples,).

    References
    ----------
    Gururani 2020 reports, as "F1", the mean of the F1 of absent and of present at a threshold of
    0.5; the published code takes it from scikit-learn's macro average.
    """
    if probs.shape != labels.shape or probs.ndim != 1:
        raise ValueError(f"need two vectors alike, got {probs.shape} and {labels.shape}")
    found = probs >= threshold
    parts = [_prf(found, labels), _prf(~found, ~labels)]
    precision, recall, macro_f1 = (float(np.mean(pair)) for pair in zip(*parts, strict=True))
    return ClassScores(
        precision,
        recall,
        macro_f1,
        parts[0][2],
        auroc(probs, labels),
        average_precision(probs, labels),
    )


def _prf(found: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    hits = float((found & truth).sum())
    precision = hits / max(float(found.sum()), 1.0)
    recall = hits / max(float(truth.sum()), 1.0)
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return precision, recall, f1


def average_precision(probs: npt.NDArray[np.floating], labels: npt.NDArray[np.bool_]) -> float:
    """Mean precision at each present example, best first; tied scores are taken together."""
    if not labels.any():
        return float("nan")
    order = np.argsort(-probs, kind="stable")
    hits = np.cumsum(labels[order])
    last_of_tie = np.append(np.diff(probs[order]) != 0, True)
    ends = np.flatnonzero(last_of_tie)
    precision = hits[ends] / (ends + 1)
    gained = np.diff(hits[ends], prepend=0)
    return float((precision * gained).sum() / labels.sum())


def score_classes(
    probs: npt.NDArray[np.floating],
    labels: npt.NDArray[np.bool_],
    observed: npt.NDArray[np.bool_],
    *,
    thresholds: npt.NDArray[np.floating] | float = 0.5,
) -> list[ClassScores]:
    """``score_class`` of each column of arrays (n_examples, n_classes)."""
    limits = np.broadcast_to(thresholds, probs.shape[1:])
    return [
        score_class(probs[observed[:, i], i], labels[observed[:, i], i], threshold=float(limits[i]))
        for i in range(probs.shape[1])
    ]


def mean_scores(scores: list[ClassScores]) -> dict[str, float]:
    """Mean of each score over the classes that have it; NaN if none has."""
    means = {}
    for name in ClassScores.__dataclass_fields__:
        values = [getattr(score, name) for score in scores]
        known = [value for value in values if not math.isnan(value)]
        means[name] = sum(known) / len(known) if known else math.nan
    return means


def ranking_precision(
    probs: npt.NDArray[np.floating],
    labels: npt.NDArray[np.bool_],
    observed: npt.NDArray[np.bool_],
) -> float:
    """Label-ranking average precision (LRAP) of examples, each array (n_examples, n_classes).

    Of each present class of an example the share of present classes among those that score as high
    or higher; the mean over its classes, then over the examples that have any. Unknown classes are
    left out. NaN if no example has a class.

    References
    ----------
    Schapire, Singer, "BoosTexter", 2000; used for instrument activity by Gururani, Summers, Lerch,
    "Instrument Activity Detection in Polyphonic Music using Deep Neural Networks", ISMIR 2018.
    """
    values = []
    for prob, label, known in zip(probs, labels, observed, strict=True):
        own = prob[label & known]
        if len(own):
            higher = prob[known][None] >= own[:, None]
            values.append(float(np.mean((higher & label[known]).sum(1) / higher.sum(1))))
    return float(np.mean(values)) if values else math.nan
