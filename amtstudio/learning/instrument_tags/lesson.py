"""Trains the attention head on tags, with the partial loss and the mean teacher.

References
----------
Gururani, "Weakly Supervised Learning for Musical Instrument Classification", PhD thesis, Georgia
Institute of Technology 2020: equation 3.5 and section 5.4. Here half of each labelled batch is
rehearsed, and the teacher is in evaluation mode.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from amtstudio.errors import Cancelled
from amtstudio.learning.instrument_tags.bags import Stretch, bag_scores, draw_bag
from amtstudio.learning.instrument_tags.heard import Heard, Indices
from amtstudio.learning.weak_labels import consistency, partial_bce, ramp_up, update_teacher
from amtstudio.models.instrument_attention import AttentionHead

T = TypeVar("T")

_UNTAGGED_BAG = 10  # instances, as in the thesis


@dataclass(frozen=True, slots=True)
class Schedule:
    """The training settings; fixed, so that the same tags give the same head."""

    n_steps: int = 200
    n_bags: int = 16  # tagged; plus as many rehearsed, and as many untagged
    learning_rate: float = 1e-3
    beta: float = 16.0  # of the consistency, from the grid of the thesis
    rehearsal: float = 16.0
    average: float = 0.98  # of the teacher: the runs of the thesis are ten times as long
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Lesson:
    """The training material.

    Attributes
    ----------
    recordings : sequence of Heard
    stretches : sequence of Stretch
        Those to learn from.
    untagged : sequence of (int, np.ndarray)
        Index of a recording, and its instances that may be used without a tag.
    mixtures : sequence of Heard
        To rehearse: there the head should keep its output.
    """

    recordings: Sequence[Heard]
    stretches: Sequence[Stretch]
    untagged: Sequence[tuple[int, Indices]]
    mixtures: Sequence[Heard]


OnStep = Callable[[int, float], object]


def learn(
    head: AttentionHead,
    lesson: Lesson,
    schedule: Schedule | None = None,
    *,
    on_step: OnStep | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> AttentionHead:
    """A trained head; ``head`` itself is not changed.

    ``on_step`` is called with the number of the step, from 1, and its loss. Raises ``Cancelled``
    before the next step.
    """
    schedule = schedule or Schedule()
    rng = np.random.default_rng([schedule.seed, 4])
    student, teacher = copy.deepcopy(head), copy.deepcopy(head).eval()
    heads = _Heads(student, teacher, head.eval())
    optimiser = torch.optim.Adam(student.parameters(), lr=schedule.learning_rate)
    with torch.random.fork_rng(devices=[]):  # of the dropout
        torch.manual_seed(schedule.seed)
        student.train()
        for step in range(schedule.n_steps):
            if is_cancelled():
                raise Cancelled
            part = step / schedule.n_steps
            for group in optimiser.param_groups:
                group["lr"] = schedule.learning_rate * ramp_up(min(4.0 * (1.0 - part), 1.0))
            loss = _loss(heads, lesson, schedule, part, rng)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            alpha = min(schedule.average, (step + 1) / (step + 10))
            update_teacher(teacher, student, alpha=alpha)
            if on_step is not None:
                on_step(step + 1, float(loss.detach()))
    return teacher.eval()


def part_of_the_way(former: AttentionHead, learned: AttentionHead, way: float) -> AttentionHead:
    """A head interpolated between two others: at 0 the former, at 1 the learned one."""
    between = copy.deepcopy(former)
    update_teacher(between, learned, alpha=1.0 - way)
    return between.eval()


@dataclass(frozen=True, slots=True)
class _Heads:
    """The student, its moving average, and the initial head."""

    student: AttentionHead
    teacher: AttentionHead
    former: AttentionHead


def _loss(
    heads: _Heads,
    lesson: Lesson,
    schedule: Schedule,
    part: float,
    rng: np.random.Generator,
) -> Tensor:
    bags = [draw_bag(lesson.stretches, rng) for _ in range(schedule.n_bags)]
    tagged = [lesson.recordings[bag.recording].embeddings[bag.instances] for bag in bags]
    rehearsed = [_some(mixture, rng) for mixture in _drawn(lesson.mixtures, schedule.n_bags, rng)]
    untagged = [
        lesson.recordings[place].embeddings[_window(instances, _UNTAGGED_BAG, rng)]
        for place, instances in _drawn(lesson.untagged, schedule.n_bags, rng)
    ]
    # In one pass: normalisation and dropout treat the three independently.
    scores = bag_scores(heads.student, [*tagged, *rehearsed, *untagged])
    of_tagged, of_rehearsed, of_untagged = torch.split(
        scores, [len(tagged), len(rehearsed), len(untagged)]
    )
    loss = partial_bce(
        of_tagged,
        torch.stack([bag.labels for bag in bags]),
        torch.stack([bag.observed for bag in bags]),
    )
    with torch.no_grad():
        answers = bag_scores(heads.former, rehearsed) if rehearsed else None
        expected = bag_scores(heads.teacher, untagged) if untagged else None
    if answers is not None:
        known = torch.ones_like(answers, dtype=torch.bool)
        loss = loss + schedule.rehearsal * partial_bce(of_rehearsed, answers, known)
    if expected is not None:
        loss = loss + schedule.beta * ramp_up(2.0 * part) * consistency(of_untagged, expected)
    return loss


def _drawn(entries: Sequence[T], count: int, rng: np.random.Generator) -> list[T]:
    if not entries:
        return []
    return [entries[place] for place in rng.integers(len(entries), size=count).tolist()]


def _some(mixture: Heard, rng: np.random.Generator) -> Tensor:
    sounding = mixture.sounding
    return mixture.embeddings[_window(sounding, int(rng.integers(1, len(sounding) + 1)), rng)]


def _window(instances: Indices, size: int, rng: np.random.Generator) -> Indices:
    first = int(rng.integers(max(len(instances) - size, 0) + 1))
    return instances[first : first + size]
