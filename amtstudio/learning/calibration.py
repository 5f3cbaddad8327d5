"""Timing, loudness and lengths of notes, calibrated on known notes, separately from learning.

On an instrument that a model knows well, accuracy can hardly improve, but all of its notes may be
late by the same amount, or louder than they were played. Correcting that takes no training.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import scipy.special

from amtstudio.decoding import DecodingSettings, decode
from amtstudio.decoding.velocity_curve import KNOTS, NO_CURVE, Curve, hats
from amtstudio.engine.run import IsCancelled
from amtstudio.errors import Cancelled
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.control import RunControl
from amtstudio.learning.events import Calibrating
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.known import LEAST_SPREAD, VELOCITY_TOLERANCE, heard_within
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.report import Calibrated, Quality
from amtstudio.learning.request import Passage
from amtstudio.learning.split import Split
from amtstudio.profiles.profile import MAX_SHIFT_S
from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import NO_NOTES, NoteTable

Doubles = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
By = Literal["teach", "judge"]
_BOTH: tuple[By, By] = ("teach", "judge")

FEWEST_NOTES = 20  # found and known, to set anything by, and as many to judge it
_FEWEST_TO_CROSS = 3
_CHANCE = 1.64  # standard deviations
_LUCK = 0.9  # of all draws of pieces, those that would show less without a gain
NOTE_ALLOWANCE = 0.002  # note F1 that a calibration may cost
LEAST_GAIN = {Quality.TIMING: 0.002, Quality.LOUDNESS: 0.02, Quality.LENGTHS: 0.01}
_SAME_NOTE_S = 0.1
_LEAST_LAG_S = 0.003
_STEADY_NOTES = 2.0  # weight of leaving velocities as they are, in notes
_LEAST_CORRELATION = 0.3  # of velocities: notes that were set to any say nothing, either
_RELEASES_S = np.arange(-0.12, 0.121, 0.005)
_OFFSET_THRESHOLDS = (0.08, 0.12, 0.18, 0.25, 0.35)


@dataclass(frozen=True, slots=True)
class KnownPart:
    """A model's output on a recording, and passages of it whose notes are known.

    Attributes
    ----------
    heard : Heard
    teach, judge : tuple of Passage
        To set calibrations by, and to judge them by.
    is_cancelled : callable
        Checked before each decoding, because there are many.
    """

    heard: Heard
    teach: tuple[Passage, ...]
    judge: tuple[Passage, ...]
    is_cancelled: IsCancelled = lambda: False
    # Each recording is judged by what all others set, with the same settings again and again.
    _decoded: dict[DecodingSettings, NoteTable] = field(default_factory=dict, repr=False)

    @property
    def is_known(self) -> bool:
        return bool(self.teach or self.judge)

    def notes(self, settings: DecodingSettings) -> NoteTable:
        """The output, decoded with these settings. Raises ``Cancelled``."""
        if settings not in self._decoded:
            if self.is_cancelled():
                raise Cancelled
            self._decoded[settings] = decode(self.heard.activations, settings)[0]
        return self._decoded[settings]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Known notes matched with found notes, and how many of each there are.

    Attributes
    ----------
    rows : np.ndarray, shape (n_pairs, 6)
        Seconds by which the note is found late, its velocity as found and as played, its end as
        found and as played, and its duration as played.
    n_known, n_heard : int
    """

    rows: Doubles
    n_known: int
    n_heard: int

    @classmethod
    def joined(cls, pairs: Sequence[Pairs]) -> Pairs:
        return cls(
            np.concatenate([np.zeros((0, 6)), *(entry.rows for entry in pairs)]),
            sum(entry.n_known for entry in pairs),
            sum(entry.n_heard for entry in pairs),
        )

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def late(self) -> Doubles:
        return self.rows[:, 0]

    @property
    def velocity(self) -> Integers:
        return self.rows[:, 1].astype(np.int64)

    @property
    def true_velocity(self) -> Integers:
        return self.rows[:, 2].astype(np.int64)

    @property
    def note_f1(self) -> float:
        """Of onsets within 50 ms."""
        near = float(np.count_nonzero(np.abs(self.late) <= 0.05))
        return 2.0 * near / max(self.n_known + self.n_heard, 1)

    @property
    def onset_error(self) -> float:
        """Mean, in seconds."""
        return float(np.abs(self.late).mean()) if len(self) else 0.0

    @property
    def loudness_right(self) -> float:
        """Share of the velocities within a tenth of what MIDI has."""
        return _share(np.abs(self.velocity - self.true_velocity) <= VELOCITY_TOLERANCE)

    def lengths_right(self, release_s: float = 0.0) -> float:
        """Share of the notes that end within 50 ms, or a fifth of their length, of their end."""
        allowed = np.maximum(0.05, 0.2 * self.rows[:, 5])
        return _share(np.abs(self.rows[:, 3] + release_s - self.rows[:, 4]) <= allowed)


Change = Callable[[Candidate, Sequence[KnownPart]], Candidate | None]


def calibrate(
    candidate: Candidate, split: Split, control: RunControl
) -> tuple[Candidate, tuple[Calibrated, ...]]:
    """The model, with its timing, loudness and lengths recalibrated where that is a gain.

    None may cost notes. Nothing is tried where the decoder has no such settings, like that of
    drums, nor without known notes: a score does not say when exactly a note begins, how loud it is,
    or how long; notes of the performance itself say everything except the lag.

    Parameters
    ----------
    candidate : Candidate
    split : Split
        At the rate at which ``candidate`` reads the recordings.

    Raises
    ------
    Cancelled
    """
    if not any(entry.passages for entry in split.everything):
        return candidate, ()
    if not isinstance(candidate.transcriber().settings, DecodingSettings):
        return candidate, ()
    control.tell(Calibrating())
    return calibrate_by(candidate, known_parts(candidate, split, control))


def calibrate_by(
    candidate: Candidate, parts: Sequence[KnownPart]
) -> tuple[Candidate, tuple[Calibrated, ...]]:
    """The same, with the output on recordings already computed. Raises ``Cancelled``.

    Loudness and lengths take three of them and more: each is judged with what the others set, for
    how loud and how long the notes of one piece are played says little of the next. The lag is that
    of the model and the room, and of fewer recordings one part judges what the other sets.
    """
    found: list[Calibrated] = []
    for quality, knows, change in (
        (Quality.TIMING, ("all",), _in_time),
        (Quality.LOUDNESS, ("all", "played"), _as_loud),
        (Quality.LENGTHS, ("all", "played"), _as_long),
    ):
        known = [part for part in (_knowing(part, knows) for part in parts) if part.is_known]
        if quality is not Quality.TIMING and len(known) < _FEWEST_TO_CROSS:
            continue
        teaching, judging = (pairs_of(candidate, known, by) for by in _BOTH)
        if min(len(teaching), len(judging)) < FEWEST_NOTES:
            continue
        changed = change(candidate, known)
        if changed is None:
            continue
        before = [pairs_of(candidate, [part], "judge") for part in known]
        verdict = judged(quality, before, _judging_pairs(candidate, changed, known, change))
        found.append(verdict)
        if verdict.adopted:
            candidate = changed
    return candidate, tuple(found)


def _judging_pairs(
    candidate: Candidate, changed: Candidate, parts: Sequence[KnownPart], change: Change
) -> list[Pairs]:
    if len(parts) < _FEWEST_TO_CROSS:
        return [pairs_of(changed, [part], "judge") for part in parts]
    pairs = []
    for number, part in enumerate(parts):
        others = [*parts[:number], *parts[number + 1 :]]
        pairs.append(pairs_of(change(candidate, others) or candidate, [part], "judge"))
    return pairs


def judged(quality: Quality, before: Sequence[Pairs], after: Sequence[Pairs]) -> Calibrated:
    """Whether a calibration is adopted, by its own measure, of each recording before and after.

    It has to gain over all of them. How loud and how long the notes of one piece are played differs
    from the next: of three recordings and more, these have to gain by more than the luck of which
    pieces are known (Student's t, one-sided, nine in ten); else, a third may be the worse for it.
    """
    whole, changed = Pairs.joined(before), Pairs.joined(after)
    old, new = _measure(quality, whole), _measure(quality, changed)
    least = LEAST_GAIN[quality]
    if quality is Quality.LENGTHS:
        # The best of some hundred settings: by chance alone shares of so many notes differ as much.
        least = max(least, _CHANCE * math.sqrt(2.0 * old * (1.0 - old) / max(len(whole), 1)))
    gains = [
        _gain(quality, *pair) for pair in zip(before, after, strict=True) if min(map(len, pair))
    ]
    adopted = (
        _gain(quality, whole, changed) >= least
        and changed.note_f1 >= whole.note_f1 - NOTE_ALLOWANCE
        and not _is_luck(quality, gains)
    )
    return Calibrated(
        quality,
        adopted,
        round(old, 5),
        round(new, 5),
        (round(whole.note_f1, 5), round(changed.note_f1, 5)),
        len(whole),
    )


def _is_luck(quality: Quality, gains: Sequence[float]) -> bool:
    """Whether other pieces might as well lose by what gains so much on each of these."""
    n = len(gains)
    if quality is Quality.TIMING or n < _FEWEST_TO_CROSS:
        return sum(gain < 0.0 for gain in gains) > n / 3
    error = float(np.std(gains, ddof=1)) / math.sqrt(n)
    return float(np.mean(gains)) < float(scipy.special.stdtrit(n - 1, _LUCK)) * error


def _gain(quality: Quality, before: Pairs, after: Pairs) -> float:
    gain = _measure(quality, after) - _measure(quality, before)
    return -gain if quality is Quality.TIMING else gain


def known_parts(candidate: Candidate, split: Split, control: RunControl) -> list[KnownPart]:
    """The model's output on each recording with known passages."""
    transcriber = candidate.transcriber()
    parts = []
    for entry in split.everything:
        if entry.passages:
            heard = hear(transcriber, entry.audio, is_cancelled=control.is_cancelled)
            # What the weights were not learned from judges here, too.
            parts.append(KnownPart(heard, *divided(entry, split), control.is_cancelled))
    return parts


def pairs_of(candidate: Candidate, parts: Sequence[KnownPart], by: By) -> Pairs:
    """The known notes to ``teach`` or to ``judge`` by, with those that a candidate writes down."""
    settings = candidate.transcriber().settings
    assert isinstance(settings, DecodingSettings)
    return Pairs.joined([_pairs(part, by, settings) for part in parts])


def _measure(quality: Quality, pairs: Pairs) -> float:
    return {
        Quality.TIMING: pairs.onset_error,
        Quality.LOUDNESS: pairs.loudness_right,
        Quality.LENGTHS: pairs.lengths_right(),
    }[quality]


def divided(entry: UserRecording, split: Split) -> tuple[tuple[Passage, ...], tuple[Passage, ...]]:
    """Passages of a recording to set by and to judge by; the two are disjoint."""
    judging = split.judging(entry)
    if not judging:  # too short, each of them, to keep a part back
        return entry.passages[::2], entry.passages[1::2]
    return (() if split.role(entry) == "accept" else split.teaching(entry)), judging


def _knowing(part: KnownPart, knows: Sequence[str]) -> KnownPart:
    def of_these(passages: Sequence[Passage]) -> tuple[Passage, ...]:
        return tuple(passage for passage in passages if passage.knows in knows)

    return replace(part, teach=of_these(part.teach), judge=of_these(part.judge))


def _pairs(part: KnownPart, by: By, settings: DecodingSettings) -> Pairs:
    rows: list[Doubles] = [np.zeros((0, 6))]
    n_known = n_heard = 0
    passages = part.teach if by == "teach" else part.judge
    notes = part.notes(settings) if passages else NO_NOTES
    for known, found in _by_passage(passages, notes):
        at = match_notes(known, found, onset_tolerance=_SAME_NOTE_S)
        one, other = known.take(at[:, 0]), found.take(at[:, 1])
        values = (
            other.onset - one.onset,
            other.velocity,
            one.velocity,
            other.offset,
            one.offset,
            one.offset - one.onset,
        )
        rows.append(np.column_stack(values).astype(np.float64))
        n_known, n_heard = n_known + len(known), n_heard + len(found)
    return Pairs(np.concatenate(rows), n_known, n_heard)


def _by_passage(
    passages: Sequence[Passage], notes: NoteTable
) -> Iterator[tuple[NoteTable, NoteTable]]:
    for passage in passages:
        known = [note for note in passage.notes if note.offset < passage.end]
        yield NoteTable.of(known), NoteTable.of(heard_within(passage, notes))


# -- what can be set ------------------------------------------------------------------------------


def _in_time(candidate: Candidate, parts: Sequence[KnownPart]) -> Candidate | None:
    late = pairs_of(candidate, parts, "teach").late
    if not len(late):
        return None
    lag = float(np.clip(np.median(late), -MAX_SHIFT_S, MAX_SHIFT_S))
    if abs(lag) < _LEAST_LAG_S:
        return None
    return candidate.earlier_by(round(lag, 4))


def _as_loud(candidate: Candidate, parts: Sequence[KnownPart]) -> Candidate | None:
    # A curve takes the place of the former one, so it starts from what the model itself predicts.
    pairs = pairs_of(candidate.with_velocity_curve(NO_CURVE), parts, "teach")
    curve = velocity_curve(pairs.velocity, pairs.true_velocity)
    return None if curve is None else candidate.with_velocity_curve(curve)


def velocity_curve(heard: Integers, played: Integers) -> Curve | None:
    """The curve from predicted velocities to those that were played, shapes (n_notes,).

    None where the one says nothing of the other.
    """
    if not len(heard) or min(float(np.std(heard)), float(np.std(played))) < LEAST_SPREAD:
        return None
    if np.corrcoef(heard, played)[0, 1] < _LEAST_CORRELATION:
        return None
    weights = hats(heard)
    steady = _STEADY_NOTES * np.eye(len(KNOTS))
    fitted = np.linalg.solve(
        weights.T @ weights + steady, weights.T @ played + steady @ np.array(KNOTS)
    )
    low, middle, high = np.maximum.accumulate(np.clip(fitted, 1.0, 127.0)).round(1).tolist()
    return low, middle, high


def _as_long(candidate: Candidate, parts: Sequence[KnownPart]) -> Candidate | None:
    """With the release, and the threshold of ends, by which most notes end when they should."""
    settings = candidate.transcriber().settings
    assert isinstance(settings, DecodingSettings)
    former = settings.offset_threshold
    thresholds = [None] if former is None else sorted({former, *_OFFSET_THRESHOLDS})
    now = pairs_of(candidate, parts, "teach").lengths_right()
    best, best_share = None, now + LEAST_GAIN[Quality.LENGTHS]
    for threshold in thresholds:
        tried = replace(settings, offset_threshold=threshold, release_s=0.0)
        pairs = Pairs.joined([_pairs(part, "teach", tried) for part in parts])
        for release in _RELEASES_S.tolist():
            share = pairs.lengths_right(release)
            if share > best_share:
                best, best_share = (threshold, round(release, 4)), share
    if best is None:
        return None
    threshold, release = best
    changes = (
        {"release_s": release} if threshold is None else {"release_s": release, "offset": threshold}
    )
    return candidate.with_threshold(**changes)


def _share(which: npt.NDArray[np.bool_]) -> float:
    return float(which.mean()) if len(which) else 0.0
