"""Whether a recording is what the note model was made for, by the instruments in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.symbolic.instruments import InstrumentActivity

# Sounds that the detector may take a piano for, and on which a piano model still does well.
NEAR_PIANO = ("piano",)
MOSTLY = 0.6  # share of the seconds with sound in which only something else must be detected
MIN_SECONDS = 3  # with sound; less says nothing


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The recording is mostly something else: ``instruments``, the most frequent first.

    Of those that the recording is said to hold, if there are any among them.
    """

    instruments: tuple[str, ...]
    share: float  # of the seconds with sound, 0 to 1


def find_mismatch(
    activity: InstrumentActivity,
    *,
    made_for: tuple[str, ...] = NEAR_PIANO,
    mostly: float = MOSTLY,
) -> Mismatch | None:
    """What a recording mostly contains, if that is none of ``made_for``.

    A second counts against the model where another instrument passes its threshold and scores above
    all of ``made_for``; a second in which nothing is detected does not count. None if the detector
    is not sure: a wrong hint does more harm than a missing one.

    Raises
    ------
    ValueError
        If ``made_for`` names no class, or ``mostly`` is outside (0, 1].
    """
    if not 0.0 < mostly <= 1.0:
        raise ValueError(f"mostly must lie in (0, 1], got {mostly}")
    wanted = [activity.index(name) for name in made_for]
    if not wanted:
        raise ValueError("made_for must name a class")
    others = [i for i in range(len(activity.classes)) if i not in wanted]
    passed = activity.scores >= activity.thresholds
    sounding = passed.any(axis=1)
    if sounding.sum() < MIN_SECONDS:
        return None
    best_wanted = activity.scores[:, wanted].max(axis=1, keepdims=True)
    above = passed[:, others] & (activity.scores[:, others] > best_wanted)
    share = float(above.any(axis=1).sum() / sounding.sum())
    if share < mostly:
        return None
    counts = above.sum(axis=0)
    order = np.argsort(-counts, kind="stable")
    heard = [others[i] for i in order if counts[i] >= 0.25 * sounding.sum()][:3]
    heard = [i for i in heard if activity.is_named[i]] or heard or [others[int(order[0])]]
    return Mismatch(tuple(activity.classes[i] for i in heard), share)


def mismatch_beside_tags(found: Mismatch | None, tags: Iterable[InstrumentTag]) -> Mismatch | None:
    """What ``find_mismatch`` found for the piano model, unless the user knows better.

    A piano that is marked as heard anywhere leaves no mismatch. Instruments that are marked as not
    heard are not named, and none is left if that was all of them.
    """
    tags = tuple(tags)
    if found is None or any(tag.is_heard and tag.instrument in NEAR_PIANO for tag in tags):
        return None
    denied = {tag.instrument for tag in tags if not tag.is_heard}
    left = tuple(name for name in found.instruments if name not in denied)
    return replace(found, instruments=left) if left else None
