"""How often the instruments that are named are those that play, by recording and by second."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity

BoolArray = npt.NDArray[np.bool_]
_DRUM_KIT = [INSTRUMENT_CLASSES.index(name) for name in ("drums", "cymbals")]


@dataclass(frozen=True)
class Played:
    """A detector's output on a recording, and what plays: ``labels`` (n_seconds, n_classes).

    ``unknown``, (n_classes,), are classes that neither play nor do not.
    """

    activity: InstrumentActivity
    labels: BoolArray
    unknown: BoolArray

    @property
    def present(self) -> BoolArray:
        present: BoolArray = np.logical_or.reduce(self.labels, axis=0)
        return present

    @property
    def observed(self) -> BoolArray:
        return self.present | ~self.unknown

    @property
    def is_solo(self) -> bool:
        """Of one instrument, or of one drummer."""
        present = self.present.copy()
        present[_DRUM_KIT] = present[_DRUM_KIT].any(), False
        return int(present.sum()) <= 1

    @property
    def stray_share(self) -> float:
        """The share of the seconds in which somebody is named who does not play at all."""
        heard = self.activity.heard[:, self.observed & ~self.present]
        return float(heard.any(axis=1).mean()) if len(heard) else 0.0


def naming_scores(played: Sequence[Played]) -> dict[str, float]:
    """Precision and recall of names for recordings and for seconds, and the stray seconds.

    Counts are pooled over all classes and recordings. NaN if nothing is named or plays.
    """
    by_recording = np.zeros(3)
    by_second = np.zeros(3)
    for each in played:
        known = each.observed
        by_recording += _counts(each.activity.is_named[known], each.present[known])
        by_second += _counts(each.activity.heard[:, known], each.labels[:, known])
    scores = {}
    for name, (right, named, plays) in (("names", by_recording), ("seconds", by_second)):
        scores[f"{name}_precision"] = right / named if named else math.nan
        scores[f"{name}_recall"] = right / plays if plays else math.nan
    solos = [each.stray_share for each in played if each.is_solo]
    others = [each.stray_share for each in played if not each.is_solo]
    scores["stray_in_solos"] = float(np.mean(solos)) if solos else math.nan
    scores["stray_in_ensembles"] = float(np.mean(others)) if others else math.nan
    return scores


def _counts(named: BoolArray, plays: BoolArray) -> npt.NDArray[np.float64]:
    return np.array([(named & plays).sum(), named.sum(), plays.sum()], dtype=np.float64)
