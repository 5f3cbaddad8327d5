"""Whether a head is better: judged on held-out tags, and on mixtures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from amtstudio.learning.instrument_tags.bags import Stretch, bag_scores
from amtstudio.learning.instrument_tags.heard import Detector, Heard, named_by
from amtstudio.learning.report import Code, Figures, Reason
from amtstudio.models.instrument_attention import AttentionHead
from amtstudio.scoring.ranking import auroc
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity

LEAST_GAIN = 0.02  # of the share of held-out tags that is right
MOST_LOST = 0.05  # of a single one of them: a second or so of half a minute
MOST_LOST_AUROC, MOST_LOST_NAMES = 0.005, 0.02  # of the mixtures


@dataclass(frozen=True, slots=True)
class Told:
    """The accuracy of a head, all in [0, 1].

    Attributes
    ----------
    tags : tuple of float
        For each held-out tag, see ``told_right``.
    mixtures : float
        AUROC on mixtures like the rehearsed ones, mean over the classes that play in them.
    names : float
        F1 of the instruments that are named in these mixtures.
    """

    tags: tuple[float, ...]
    mixtures: float
    names: float

    @property
    def mean(self) -> float:
        return float(np.mean(self.tags)) if self.tags else 0.0

    def to_dict(self) -> Figures:
        return {
            "tags": round(self.mean, 5),
            "mixtures": round(self.mixtures, 5),
            "names": round(self.names, 5),
        }


def told_right(activity: InstrumentActivity, stretch: Stretch) -> float:
    """How far the names shown for a stretch agree with the user.

    For a tag "heard": 1 if the instrument is named in some second of the stretch, else 0. For "not
    heard": the share of the seconds with sound in which it is not named.
    """
    heard = activity.heard[stretch.instances, stretch.column]
    return float(heard.any()) if stretch.tag.is_heard else float(1.0 - heard.mean())


def told_by(
    detector: Detector,
    head: AttentionHead,
    recordings: Sequence[Heard],
    kept_back: Sequence[Stretch],
    mixtures: Sequence[tuple[Heard, tuple[str, ...]]],
) -> Told:
    """``mixtures``: each with the classes that play in it."""
    activities = {
        place: named_by(detector, head, recordings[place])
        for place in {stretch.recording for stretch in kept_back}
    }
    tags = tuple(told_right(activities[each.recording], each) for each in kept_back)
    with torch.no_grad():
        scores = bag_scores(head, [heard.embeddings for heard, _ in mixtures]).numpy()
    plays = np.array([[name in names for name in INSTRUMENT_CLASSES] for _, names in mixtures])
    named = [named_by(detector, head, heard).is_named for heard, _ in mixtures]
    return Told(tags, mean_auroc(scores, plays), _f1(np.array(named), plays))


def mean_auroc(scores: npt.NDArray[np.float32], plays: npt.NDArray[np.bool_]) -> float:
    """Mean area under the curve of the classes that play somewhere but not everywhere; else 0.5.

    Both of shape (n_mixtures, n_classes).
    """
    found = [auroc(scores[:, column], plays[:, column]) for column in range(scores.shape[1])]
    areas = np.array(found)[~np.isnan(found)]
    return float(areas.mean()) if len(areas) else 0.5


def _f1(named: npt.NDArray[np.bool_], plays: npt.NDArray[np.bool_]) -> float:
    n_all = int(named.sum() + plays.sum())
    return 2.0 * int((named & plays).sum()) / n_all if n_all else 1.0


def judge(before: Told, after: Told) -> tuple[bool, tuple[Reason, ...]]:
    """Whether the new head is adopted, and why or why not."""
    against = []
    worse = [new for old, new in zip(before.tags, after.tags, strict=True) if new < old - MOST_LOST]
    if worse:
        against.append(Reason(Code.TAGS_FELL, len(worse), len(after.tags)))
    if after.mixtures < before.mixtures - MOST_LOST_AUROC:
        against.append(Reason(Code.MIXTURES_FELL, before.mixtures, after.mixtures))
    elif after.names < before.names - MOST_LOST_NAMES:
        against.append(Reason(Code.MIXTURES_FELL, before.names, after.names))
    if against:
        return False, tuple(against)
    if after.mean < before.mean + LEAST_GAIN:
        return False, (Reason(Code.TAGS_SAME, before.mean, after.mean),)
    return True, (Reason(Code.TAGS_ROSE, before.mean, after.mean),)
