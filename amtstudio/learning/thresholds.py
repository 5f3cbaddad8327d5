"""New thresholds: after an adaptation the order of probabilities holds, their size does not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from amtstudio.learning.hearing import Heard
from amtstudio.learning.known import heard_within
from amtstudio.learning.label_free import agreement
from amtstudio.learning.request import Passage
from amtstudio.symbolic import Note

_REACH = 0.20  # either side of the former onset threshold
_STEP = 0.02
_LEAST_GAIN = 0.002  # a threshold is moved for a reason
# Of F1 on rehearsed music: a student that has learned its teacher's notes is surer of them than of
# any others, and would be deaf to those at the threshold that these ask for; and of the few notes
# that a user knows one outweighs many.
_MOST_LOST = 0.005
Reference = Sequence[Note]


@dataclass(frozen=True, slots=True)
class KnownNotes:
    """What a model heard of a recording, and the passages of it that are known and may teach.

    ``onset_tolerance``: seconds within which an onset is right.
    """

    heard: Heard
    passages: tuple[Passage, ...]
    onset_tolerance: float = 0.05

    def f1(self, threshold: float) -> float:
        """Of the onsets within the passages; 1 where there is nothing."""
        matched, total = 0.0, 0
        found = self.heard.notes(onset=threshold)
        for passage in self.passages:
            inside = list(heard_within(passage, found))
            count = len(passage.notes) + len(inside)
            if count:
                f1 = agreement(passage.notes, inside, onset_tolerance=self.onset_tolerance)
                matched, total = matched + f1 * count, total + count
        return matched / total if total else 1.0


def retuned_onset_threshold(
    labelled: Sequence[tuple[Heard, Reference]],
    taught: Sequence[tuple[Heard, Reference]],
    current: float,
    known: Sequence[KnownNotes] = (),
) -> float:
    """The onset threshold that serves rehearsed music and the user's recordings alike.

    Parameters
    ----------
    labelled : sequence of (Heard, notes)
        Rehearsed pieces with their truth.
    taught : sequence of (Heard, notes)
        The user's recordings for tuning with the teacher's notes.
    current : float
    known : sequence of KnownNotes
        Where the user knows the notes; in their place the teacher's count for nothing.

    Returns
    -------
    float
        In [0.05, 0.95]. Of those at which rehearsed music loses no more than half a point the one
        with the best sum of the mean F1 of each kind, and ``current`` unless that is better by
        0.002 or more. Of equals the middle one.
    """
    candidates = np.arange(max(current - _REACH, 0.05), min(current + _REACH, 0.95) + 1e-9, _STEP)
    candidates = np.unique(np.append(np.round(candidates, 3), round(current, 3)))
    rehearsed = {float(value): _mean_f1(labelled, float(value)) for value in candidates}
    least = rehearsed[round(current, 3)] - _MOST_LOST
    scores = {
        value: score + (_mean_known(known, value) if known else _mean_f1(taught, value))
        for value, score in rehearsed.items()
        if score >= least
    }
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


def _mean_known(known: Sequence[KnownNotes], threshold: float) -> float:
    return float(np.mean([entry.f1(threshold) for entry in known]))


def _mean_f1(pieces: Sequence[tuple[Heard, Reference]], threshold: float) -> float:
    """0 where there is none."""
    if not pieces:
        return 0.0
    found = [agreement(notes, heard.notes(onset=threshold)) for heard, notes in pieces]
    return float(np.mean(found))
