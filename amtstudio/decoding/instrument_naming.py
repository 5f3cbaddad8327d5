"""Which instruments a recording is said to hold, and where, by more than the second in question.

A network that judges each second by itself finds wrong instruments in many seconds of any solo.
Half a minute says more about who plays: an instrument is named in a second only if both the
recording and the stretch around the second support it, and the neighbouring seconds do not
contradict it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.instruments import InstrumentActivity

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

STRETCH = 30  # instances, about seconds, that say who plays: the length that is calibrated on
NEIGHBOURS = 3  # instances that say whether an instrument plays just now


@dataclass(frozen=True)
class NamingThresholds:
    """From which probabilities on an instrument is named.

    Attributes
    ----------
    stretch : np.ndarray, shape (n_classes,)
        Of the score of a recording, and of the stretch around a second.
    second : float
        Of the mean score of a few neighbouring seconds, of an instrument of the stretch.
    """

    stretch: FloatArray
    second: float

    @classmethod
    def of(cls, thresholds: Mapping[str, float], classes: Sequence[str]) -> NamingThresholds | None:
        """Those of a model's card; None where it has none, as those of former versions."""
        if not {"stretch", "second"} <= thresholds.keys():
            return None
        own = [thresholds.get(f"stretch_{name}", thresholds["stretch"]) for name in classes]
        return cls(np.clip(np.array(own, np.float32), 0.0, 1.0), thresholds["second"])


def renamed(activity: InstrumentActivity, thresholds: NamingThresholds) -> InstrumentActivity:
    """The same activity with its instruments named by these thresholds."""
    scores = activity.scores
    heard = supported(scores, activity.attention, thresholds.stretch)
    heard &= neighbourly(scores) >= thresholds.second
    return replace(
        activity,
        track_thresholds=thresholds.stretch,
        heard=heard,
        is_named=np.logical_or.reduce(heard, axis=0),
    )


def supported(scores: FloatArray, weights: FloatArray, thresholds: FloatArray) -> BoolArray:
    """Where the recording and the stretch around an instance support an instrument.

    ``thresholds`` are those of stretches, shape (n_classes,); ``scores`` and ``weights``, in any
    unit, have the shape (n_instances, n_classes).
    """
    whole = stretch_scores(scores, weights, max(len(scores), 1))
    around = stretch_scores(scores, weights)
    found: BoolArray = np.minimum(whole, around) >= thresholds
    return found


def stretch_scores(scores: FloatArray, weights: FloatArray, length: int = STRETCH) -> FloatArray:
    """The weighted mean of the scores in the stretch around each instance.

    At its ends a recording has no stretch around an instance; the first and the last count there.
    """
    n = len(scores)
    counts = np.maximum(weights.astype(np.float64), 1e-12)
    sums, totals = (
        np.concatenate([np.zeros((1, scores.shape[1])), np.cumsum(part, axis=0)])
        for part in (counts * scores, counts)
    )
    first = np.clip(np.arange(n) - length // 2, 0, max(n - length, 0))
    last = np.minimum(first + length, n)
    mean: FloatArray = ((sums[last] - sums[first]) / (totals[last] - totals[first])).astype(
        np.float32
    )
    return mean


def neighbourly(scores: FloatArray) -> FloatArray:
    """The mean of each score with those before and after it; at the ends its own counts twice."""
    half = NEIGHBOURS // 2
    if not len(scores):
        return scores
    padded = np.pad(scores, ((half, half), (0, 0)), mode="edge")
    mean: FloatArray = np.mean(
        [padded[shift : shift + len(scores)] for shift in range(NEIGHBOURS)], axis=0
    ).astype(np.float32)
    return mean
