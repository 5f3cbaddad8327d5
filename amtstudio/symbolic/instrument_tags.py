"""The user's knowledge of who plays: an instrument is heard in a stretch of a recording, or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from amtstudio.symbolic.instruments import InstrumentActivity

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, order=True)
class InstrumentTag:
    """A weak label: the instrument is heard somewhere in this stretch, or nowhere in it.

    Attributes
    ----------
    onset, offset : float, seconds
    instrument : str
        A class of the detector, such as ``mallet_percussion``.
    is_heard : bool

    Raises
    ------
    ValueError
        Unless ``0 <= onset < offset``, both are finite, and the instrument has a name.
    """

    onset: float
    offset: float
    instrument: str
    is_heard: bool

    def __post_init__(self) -> None:
        if not 0.0 <= self.onset < self.offset < float("inf"):
            raise ValueError(f"need 0 <= onset < offset, got {self.onset} and {self.offset}")
        if not self.instrument:
            raise ValueError("an instrument must have a name")

    def meets(self, onset: float, offset: float) -> bool:
        """Whether it has some time in common with a stretch."""
        return self.onset < offset and onset < self.offset


InstrumentTags = tuple[InstrumentTag, ...]
NO_TAGS: InstrumentTags = ()


def with_tag(tags: Iterable[InstrumentTag], new: InstrumentTag) -> InstrumentTags:
    """The tags with a new one, which is right where it contradicts earlier ones.

    Tags of an instrument never overlap, and two that say the same and touch become one. Sorted.
    """
    kept = []
    for old in without_tags(tags, new.instrument, new.onset, new.offset):
        is_near = old.onset <= new.offset and new.onset <= old.offset
        if is_near and (old.instrument, old.is_heard) == (new.instrument, new.is_heard):
            new = replace(new, onset=min(old.onset, new.onset), offset=max(old.offset, new.offset))
        else:
            kept.append(old)
    return tuple(sorted([*kept, new]))


def with_tags(tags: Iterable[InstrumentTag], new: Iterable[InstrumentTag]) -> InstrumentTags:
    """The tags and new ones, sorted; where they contradict each other, the last one counts."""
    joined = tuple(sorted(tags))
    for tag in new:
        joined = with_tag(joined, tag)
    return joined


def without_tags(
    tags: Iterable[InstrumentTag], instrument: str, onset: float, offset: float
) -> InstrumentTags:
    """The tags without what is said of an instrument from ``onset`` to ``offset``. Sorted."""
    kept = []
    for tag in tags:
        if tag.instrument != instrument or not tag.meets(onset, offset):
            kept.append(tag)
            continue
        if tag.onset < onset:
            kept.append(replace(tag, offset=onset))
        if tag.offset > offset:
            kept.append(replace(tag, onset=offset))
    return tuple(sorted(kept))


def honoured(activity: InstrumentActivity, tags: Iterable[InstrumentTag]) -> InstrumentActivity:
    """The activity as the user's tags correct it: within its stretch, a tag wins.

    Scores and attention stay those of the model. Tags of unknown classes are ignored.
    """
    known = [tag for tag in tags if tag.instrument in activity.classes]
    if not known or not activity.n_instances:
        return activity
    heard = activity.heard.copy()
    for tag in known:
        heard[instances_of(activity, tag), activity.index(tag.instrument)] = tag.is_heard
    is_named = activity.is_named.copy()
    for name in {tag.instrument for tag in known}:
        place = activity.index(name)
        is_said = any(tag.is_heard for tag in known if tag.instrument == name)
        is_named[place] = is_said or (is_named[place] and heard[:, place].any())
    return replace(activity, heard=heard, is_named=is_named)


def instances_of(activity: InstrumentActivity, tag: InstrumentTag) -> BoolArray:
    """The instances of a tag: those whose middle is in it, or else the one at its own middle.

    Shape (n_instances,); none where the stretch lies outside of the recording.
    """
    middles = (activity.onsets + activity.offsets) / 2
    inside: BoolArray = (middles >= tag.onset) & (middles < tag.offset)
    if not inside.any():
        middle = (tag.onset + tag.offset) / 2
        inside = (activity.onsets <= middle) & (activity.offsets > middle)
    return inside
