"""Tagged stretches as bags of instances, for a loss that covers only the tagged classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from amtstudio.learning.instrument_tags.heard import Heard, Indices
from amtstudio.learning.request import LEAST_TAGS
from amtstudio.models.instrument_attention import MIN_WEIGHT, AttentionHead
from amtstudio.symbolic.instrument_tags import InstrumentTag, instances_of
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity

LONGEST_BAG = 30  # instances: half a minute, which is what names are given for
KEPT_BACK_EVERY = LEAST_TAGS  # so that one of the fewest can judge


@dataclass(frozen=True, eq=False)
class Stretch:
    """What a tag says of some instances of a recording, none of them silent.

    Attributes
    ----------
    recording : int
        Its place in the list of recordings.
    instances : np.ndarray of int
    tag : InstrumentTag
    """

    recording: int
    instances: Indices
    tag: InstrumentTag

    @property
    def column(self) -> int:
        """The place of its class."""
        return INSTRUMENT_CLASSES.index(self.tag.instrument)


@dataclass(frozen=True, eq=False)
class Bag:
    """Some instances of a recording, and what is known of them, both of shape (n_classes,)."""

    recording: int
    instances: Indices
    labels: Tensor
    observed: Tensor


def stretches_of(
    recording: int, heard: Heard, activity: InstrumentActivity, tags: Sequence[InstrumentTag]
) -> list[Stretch]:
    """Those tags of a recording from which something can be learned: there is sound in them."""
    found = []
    for tag in tags:
        if tag.instrument not in INSTRUMENT_CLASSES:
            continue
        instances = np.flatnonzero(instances_of(activity, tag) & ~heard.is_silent)
        if len(instances):
            found.append(Stretch(recording, instances, tag))
    return found


def split_stretches(stretches: Sequence[Stretch]) -> tuple[list[Stretch], list[Stretch]]:
    """Those that teach, and every fourth, which judges, in the order of their kinds.

    A kind with four stretches or more is in both. The same stretches are always split alike.
    """

    def order(stretch: Stretch) -> tuple[str, bool, int, float]:
        tag = stretch.tag
        return tag.instrument, tag.is_heard, stretch.recording, tag.onset

    ordered = sorted(stretches, key=order)
    last = KEPT_BACK_EVERY - 1
    teaching = [each for place, each in enumerate(ordered) if place % KEPT_BACK_EVERY != last]
    return teaching, ordered[last::KEPT_BACK_EVERY]


def draw_bag(stretches: Sequence[Stretch], rng: np.random.Generator) -> Bag:
    """A bag of one of the stretches, each kind of tag equally often.

    A tag "heard" means somewhere in the whole stretch, of which half a minute is taken; "not heard"
    holds for any part of it.
    """
    kinds = sorted({(each.tag.instrument, each.tag.is_heard) for each in stretches})
    kind = kinds[int(rng.integers(len(kinds)))]
    of_kind = [each for each in stretches if (each.tag.instrument, each.tag.is_heard) == kind]
    stretch = of_kind[int(rng.integers(len(of_kind)))]
    whole = stretch.instances
    if stretch.tag.is_heard:
        size = min(len(whole), LONGEST_BAG)
        instances = np.sort(rng.choice(whole, size=size, replace=False))
    else:
        size = int(rng.integers(1, min(len(whole), LONGEST_BAG) + 1))
        first = int(rng.integers(len(whole) - size + 1))
        instances = whole[first : first + size]
    return labelled(stretch.recording, instances, stretches)


def labelled(recording: int, instances: Indices, stretches: Sequence[Stretch]) -> Bag:
    """What the stretches say of a bag: nowhere in a longer one, or somewhere in a shorter one."""
    labels = torch.zeros(len(INSTRUMENT_CLASSES))
    observed = torch.zeros(len(INSTRUMENT_CLASSES), dtype=torch.bool)
    for stretch in stretches:
        if stretch.recording != recording:
            continue
        inner, outer = stretch.instances, instances
        if not stretch.tag.is_heard:
            inner, outer = outer, inner
        # Of a long stretch half a minute stands for all of it.
        is_drawn = stretch.tag.is_heard and len(instances) == LONGEST_BAG
        if np.isin(inner, outer).all() or (is_drawn and np.isin(instances, inner).all()):
            observed[stretch.column] = True
            labels[stretch.column] = float(stretch.tag.is_heard)
    return Bag(recording, instances, labels, observed)


def bag_scores(head: AttentionHead, bags: Sequence[Tensor]) -> Tensor:
    """The probability of each class in each bag, (n_bags, n_classes).

    ``bags``: embeddings, each (n_instances, embedding_size), of any length from one on.
    """
    scores, weights = head.instances(torch.cat(list(bags)))
    weights = weights.clamp(min=MIN_WEIGHT)
    place = torch.repeat_interleave(
        torch.arange(len(bags)), torch.tensor([len(bag) for bag in bags])
    )
    empty = scores.new_zeros((len(bags), scores.shape[-1]))
    total = empty.index_add(0, place, weights)
    return (empty.index_add(0, place, weights * scores) / total).clamp(0.0, 1.0)
