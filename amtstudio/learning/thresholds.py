"""New thresholds: after an adaptation the order of probabilities holds, their size does not."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from amtstudio.decoding import DecodingSettings
from amtstudio.decoding.velocity_curve import KNOTS, NO_CURVE, Curve, as_settings
from amtstudio.learning.hearing import Heard
from amtstudio.learning.known import END_RATIO, LEAST_SPREAD, heard_within
from amtstudio.learning.label_free import agreement
from amtstudio.learning.request import Passage
from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import Note, NoteTable

_REACH = 0.20  # either side of the former onset threshold
_STEP = 0.02
_LEAST_GAIN = 0.002  # a threshold is moved for a reason
# Of F1 on rehearsed music: a student that has learned its teacher's notes is surer of them than of
# any others, and would be deaf to those at the threshold that these ask for; and of the few notes
# that a user knows one outweighs many.
_MOST_LOST = 0.005
# Less than the gate allows of the guard set. Where notes are known, these say whether a student
# writes too many, and a higher threshold would cost all other music for as many as before.
_LOST_WHERE_KNOWN = 0.001
_REPEAT_THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
_TOUCHING_S, _A_FEW = 0.002, 2.0
_FEWEST_LOUD, _SLOPES = 10, (0.5, 2.0)  # notes to match loudness by, and how far it may be bent
Reference = Sequence[Note]


@dataclass(frozen=True, slots=True)
class KnownNotes:
    """A model's output on a recording, and the known passages that may be learned from.

    ``onset_tolerance``: seconds within which an onset is right.
    """

    heard: Heard
    passages: tuple[Passage, ...]
    onset_tolerance: float = 0.05

    def f1(self, threshold: float) -> float:
        """Of the onsets within the passages; 1 where there is nothing."""
        return _f1(self.n_known, *self.right_and_found(threshold))

    def right_and_found(self, threshold: float) -> tuple[int, int]:
        """How many known notes, and how many notes in all, are found within the passages."""
        notes = self.heard.notes(onset=threshold)
        n_right = n_found = 0
        for passage in self.passages:
            known, found = self._of(passage, notes)
            n_found += len(found)
            n_right += len(match_notes(known, found, onset_tolerance=self.onset_tolerance))
        return n_right, n_found

    def with_ends(self, repeat: float) -> tuple[int, int]:
        """Onsets, and notes with their ends, that are right with this threshold of repeats.

        And the number of all notes, known and found, where the ends are known.
        """
        notes = self.heard.notes(repeat=repeat)
        n_right = n_all = 0
        for passage in self.passages:
            if passage.knows == "onsets":
                continue
            known, found = self._of(passage, notes)
            n_all += len(known) + len(found)
            for ratio in (None, END_RATIO):
                n_right += len(
                    match_notes(
                        known, found, onset_tolerance=self.onset_tolerance, offset_ratio=ratio
                    )
                )
        return n_right, n_all

    @property
    def n_known(self) -> int:
        return sum(len(passage.notes) for passage in self.passages)

    def _of(self, passage: Passage, notes: NoteTable) -> tuple[NoteTable, NoteTable]:
        return NoteTable.of(passage.notes), NoteTable.of(heard_within(passage, notes))


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
        Where the user knows the notes; the teacher's notes are ignored there.

    Returns
    -------
    float
        In [0.05, 0.95]. Of those at which rehearsed music loses no more than half a point the one
        with the best sum of the mean F1 of each kind, and ``current`` unless that is better by
        0.002 or more; where notes are known, by more of their F1 than luck with the notes that it
        finds or loses. Of equals the middle one.
    """
    now = round(current, 3)
    rehearsed = _scores_of_rehearsed(labelled, now)
    values = list(rehearsed)
    if known:
        scores = _scores_of_known(known, values, now)
    else:
        scores = {value: _mean_f1(taught, value) for value in values}
    scores = {value: rehearsed[value] + score for value, score in scores.items()}
    highest = max(scores.values())
    best = [value for value, score in scores.items() if score >= highest - 1e-9]
    chosen = best[len(best) // 2]
    if scores[chosen] < scores[now] + _LEAST_GAIN:
        return current
    return chosen


def matched_onset_threshold(
    labelled: Sequence[tuple[Heard, Reference]],
    heard: Sequence[Heard],
    n_notes: int,
    current: float,
    *,
    is_known: bool = False,
) -> float:
    """The onset threshold at which an adapted model finds as many notes as its former self.

    What learns from few notes becomes shyer about all others, or bolder, and the loss does not
    show it: the share of notes that are right says nothing about how many there should be.

    Parameters
    ----------
    labelled : sequence of (Heard, notes)
        Rehearsed pieces with their truth.
    heard : sequence of Heard
        The adapted model's output on recordings that it did not learn from.
    n_notes : int
        How many notes the former model found in these.
    current : float
    is_known : bool
        Whether the user knows notes of other recordings, by which the model will be judged.

    Returns
    -------
    float
        In [0.05, 0.95]. Of those at which rehearsed music loses no more than half a point, or a
        tenth with ``is_known``, the one at which the number of notes is nearest to ``n_notes``.
        Numbers that differ by their square root are taken as equal; of equals the nearest to
        ``current`` counts.
    """
    now = round(current, 3)

    def distance(value: float) -> tuple[float, float]:
        found = sum(len(entry.notes(onset=value)) for entry in heard)
        return max(abs(found - n_notes) - math.sqrt(n_notes), 0.0), abs(value - now)

    most_lost = _LOST_WHERE_KNOWN if is_known else _MOST_LOST
    chosen = min(_scores_of_rehearsed(labelled, now, most_lost), key=distance)
    return current if chosen == now else chosen


def _scores_of_rehearsed(
    labelled: Sequence[tuple[Heard, Reference]], now: float, most_lost: float = _MOST_LOST
) -> dict[float, float]:
    """F1 by threshold, of the thresholds around ``now`` that lose next to nothing."""
    candidates = np.arange(max(now - _REACH, 0.05), min(now + _REACH, 0.95) + 1e-9, _STEP)
    candidates = np.unique(np.append(np.round(candidates, 3), now))
    scores = {float(value): _mean_f1(labelled, float(value)) for value in candidates}
    least = scores[now] - most_lost
    return {value: score for value, score in scores.items() if score >= least}


def _scores_of_known(
    known: Sequence[KnownNotes], values: Sequence[float], now: float
) -> dict[float, float]:
    """F1 of all of them together, at those thresholds that are better than ``now`` beyond luck.

    Luck: the notes between two thresholds are right by the toss of a coin each.
    """
    n_known = sum(entry.n_known for entry in known)
    counts: dict[float, tuple[int, int]] = {}
    for value in values:
        right, found = zip(*(entry.right_and_found(value) for entry in known), strict=True)
        counts[value] = sum(right), sum(found)
    scores = {value: _f1(n_known, *count) for value, count in counts.items()}
    note = 2.0 / max(n_known + counts[now][1], 1)

    def luck(value: float) -> float:
        return 0.5 * note * math.sqrt(abs(counts[value][1] - counts[now][1]))

    return {
        value: score
        for value, score in scores.items()
        if value == now or score >= scores[now] + luck(value) - 1e-9
    }


def _f1(n_known: int, n_right: int, n_found: int) -> float:
    return 2.0 * n_right / (n_known + n_found) if n_known + n_found else 1.0


def matched_frame_threshold(
    heard: Sequence[Heard], former_polyphony: float, current: float
) -> float:
    """The frame threshold that keeps the share of sounding cells as it was.

    Parameters
    ----------
    heard : sequence of Heard
        The adapted model's output on the user's recordings for tuning.
    former_polyphony : float
        Share of cells at or above the former threshold, by the former model (``frame_share``).
    current : float
    """
    frames = np.concatenate([entry.activations["frame"].ravel() for entry in heard])
    if former_polyphony <= 0.0:
        return current
    wanted = float(np.quantile(frames.astype(np.float32), 1.0 - former_polyphony))
    return round(float(np.clip(wanted, 0.05, 0.95)), 3)


def matched_velocity_curve(
    pairs: Sequence[tuple[Heard, Heard]], *, onset_tolerance: float = 0.05
) -> Curve | None:
    """The curve with which an adapted model writes notes as loud, and as differently, as before.

    What learns from few notes learns from them the loudness of all others, too, and badly.

    Parameters
    ----------
    pairs : sequence of (Heard, Heard)
        The former model's output on a recording, and the adapted one's.
    onset_tolerance : float
        Seconds, for notes to be the same.

    Returns
    -------
    tuple of float or None
        For what the adapted model itself predicts, with the mean and the spread that the former
        velocities of the same notes have; spreads of less than a few velocities are left as they
        are. None: there are no such notes.
    """
    was, now = [np.zeros(0)], [np.zeros(0)]
    for former, later in pairs:
        old, new = former.notes(), _without_curve(later).notes()
        at = match_notes(old, new, onset_tolerance=onset_tolerance)
        was.append(old.velocity[at[:, 0]].astype(np.float64))
        now.append(new.velocity[at[:, 1]].astype(np.float64))
    before, after = np.concatenate(was), np.concatenate(now)
    if len(before) < _FEWEST_LOUD:
        return None
    spreads = float(np.std(before)), float(np.std(after))
    slope = spreads[0] / spreads[1] if min(spreads) >= LEAST_SPREAD else 1.0
    slope = float(np.clip(slope, *_SLOPES))
    bent = before.mean() + slope * (np.array(KNOTS) - after.mean())
    low, middle, high = np.clip(bent, 1.0, 127.0).round(1).tolist()
    return low, middle, high


def _without_curve(heard: Heard) -> Heard:
    if not isinstance(heard.settings, DecodingSettings):
        return heard
    plain: dict[str, Any] = as_settings(NO_CURVE)
    return replace(heard, settings=replace(heard.settings, **plain))


def retuned_repeat_threshold(
    heard: Sequence[Heard], share: float, known: Sequence[KnownNotes] = ()
) -> float | None:
    """The score that a repeat has to have, so that there are no more of them than there were.

    What has learned is surer of onsets, of ripples of a note that still sounds as well, and each
    ends that note.

    Parameters
    ----------
    heard : sequence of Heard
        The adapted model's output on the user's recordings.
    share : float
        Share of the notes that repeat a note still sounding: ``repeat_share``, of the former model
        or of known notes.
    known : sequence of KnownNotes
        Also from the adapted model. They may require a higher threshold than ``share`` does.

    Returns
    -------
    float or None
        None if there are at most two more repeats than before.
    """
    tables = [entry.notes() for entry in heard]
    if sum(map(_n_repeats, tables)) <= share * sum(map(len, tables)) + _A_FEW:
        return None
    lowest = next(
        (
            threshold
            for threshold in _REPEAT_THRESHOLDS
            if repeat_share([entry.notes(repeat=threshold) for entry in heard]) <= share
        ),
        _REPEAT_THRESHOLDS[-1],
    )
    candidates = [threshold for threshold in _REPEAT_THRESHOLDS if threshold >= lowest]
    return max(candidates, key=lambda threshold: _f1_with_ends(known, threshold))


def _f1_with_ends(known: Sequence[KnownNotes], repeat: float) -> float:
    """The sum of the F1 of onsets, and of notes with their ends."""
    counts = [entry.with_ends(repeat) for entry in known]
    return 2 * sum(right for right, _ in counts) / max(sum(total for _, total in counts), 1)


def repeat_share(tables: Sequence[NoteTable]) -> float:
    """Of all notes those that begin where another one of their pitch ends."""
    return sum(map(_n_repeats, tables)) / max(sum(map(len, tables)), 1)


def _n_repeats(notes: NoteTable) -> int:
    order = np.lexsort((notes.onset, notes.pitch))
    onset, offset, pitch = (column[order] for column in (notes.onset, notes.offset, notes.pitch))
    touches = np.abs(onset[1:] - offset[:-1]) < _TOUCHING_S
    return int(np.count_nonzero(touches & (pitch[1:] == pitch[:-1])))


def frame_share(heard: Sequence[Heard], threshold: float) -> float:
    """Share of the cells of the frame activation at or above the threshold."""
    frames = np.concatenate([entry.activations["frame"].ravel() for entry in heard])
    return float(np.mean(frames >= threshold))


def _mean_f1(pieces: Sequence[tuple[Heard, Reference]], threshold: float) -> float:
    """0 where there is none."""
    if not pieces:
        return 0.0
    found = [agreement(notes, heard.notes(onset=threshold)) for heard, notes in pieces]
    return float(np.mean(found))
