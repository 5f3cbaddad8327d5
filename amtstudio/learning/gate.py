"""The acceptance gate: whether an adapted model may take the place of the former one.

It cannot be bypassed: there is no argument for "adopt anyway".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from amtstudio.learning.known import RightEnds, RightLoudness
from amtstudio.learning.label_free import LabelFreeScores
from amtstudio.learning.report import Code, Figures, Reason

GUARD_ALLOWANCE = 0.003  # note F1, of the mean over the guard pieces
# Of those that are like the user's recordings: what chance does to three pieces; and where known
# notes of the user's say more than computed instruments, a bound against the worst.
KINDRED_ALLOWANCE, _KINDRED_WHERE_KNOWN = 0.03, 0.10
SCORE_ALLOWANCE = 0.002  # label-free scores, of two minutes and more
_A_FEW = 2.0  # notes: that so many waver says nothing, of however few there are
BALANCE_ALLOWANCE = 0.02  # of the notes a second, before: what two minutes can tell
RATE_RANGE = (0.75, 1.35)  # of notes a second and of polyphony, against before
_TIE = 0.5  # of a known note; of fewer than these, a few say nothing either way:
_FEWEST_KNOWN = 20
_CHANCE = 1.64  # standard deviations
LEAST_GAIN = 0.005  # below, one score alone cannot be told from chance
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence about a model, before or after an adaptation.

    Attributes
    ----------
    guard_f1 : tuple of float
        Note F1 on each piece of the bundled labelled set that is not like the user's recordings.
    kindred_f1 : tuple of float
        Note F1 on each piece that is. Computed instruments are poor witnesses of real ones.
    label_free : LabelFreeScores
        On the recordings that are used only to judge.
    teacher_agreement : float or None
        F1 against the teacher's notes on those recordings; None: no teacher, or the teacher is not
        known to be better than the model, so that agreeing with it proves nothing.
    corrected_f1 : float or None
        Note F1 on passages whose notes are known and were not learned from; None: there are none.
    n_known : int
        How many notes are known there, whatever the model finds.
    corrected_note : float
        By how much one note more or less changes that score.
    corrected_ends : float or None
        Note F1 there, offsets included, where these are known as well.
    ends_note : float
        By how much one note changes that one.
    right_ends : tuple of bool
        ``KnownScores.ends`` of the same notes.
    corrected_loudness : tuple of bool or None
        ``KnownScores.loudness`` of the same notes; empty if it is not known.
    judging_note : float
        By how much one note changes ``label_free.agreement``: one divided by the number of notes
        found.
    is_apart : bool
        Whether nothing is learned from the passages whose notes are known: what was learned by
        heart is no gain.
    is_struck : bool
        Whether the instrument's notes are struck, so that ``struck_balance`` can judge them.
    """

    guard_f1: tuple[float, ...]
    label_free: LabelFreeScores
    teacher_agreement: float | None = None
    corrected_f1: float | None = None
    is_struck: bool = True
    kindred_f1: tuple[float, ...] = ()
    n_known: int = 0
    corrected_note: float = 0.0
    corrected_ends: float | None = None
    ends_note: float = 0.0
    right_ends: RightEnds = ()
    corrected_loudness: RightLoudness = ()
    judging_note: float = 0.0
    is_apart: bool = True

    def to_dict(self) -> Figures:
        return {
            "guard_f1": round(_mean(self.guard_f1) or 0.0, 5),
            "kindred_f1": _rounded(_mean(self.kindred_f1)),
            **self.label_free.to_dict(),
            "teacher_agreement": _rounded(self.teacher_agreement),
            "corrected_f1": _rounded(self.corrected_f1),
            "corrected_ends": _rounded(self.corrected_ends),
            "corrected_loudness": _rounded(_share(self.corrected_loudness)),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reasons``: what speaks against; or, where adopted, what was gained."""

    adopted: bool
    reasons: tuple[Reason, ...] = ()


def judge(before: Evidence, after: Evidence, *, first: Evidence | None = None) -> Verdict:
    """Compare two models; the later one is adopted if nothing got worse and something better.

    Better: one of the scores rose by what a few notes are worth, or several did by less each, which
    together are worth as much. ``first`` is of the model as it ships, if another was adopted since:
    small losses of the guard set and of steadiness must not add up.
    """
    objections = tuple(_objections(before, after, first or before))
    if objections:
        return Verdict(False, objections)
    gains = tuple(_gains(before, after))
    if not gains:
        return Verdict(False, (Reason(Code.NOTHING_GAINED),))
    return Verdict(True, gains)


def _objections(before: Evidence, after: Evidence, first: Evidence) -> Iterator[Reason]:
    kindred = _KINDRED_WHERE_KNOWN if _knows_enough(before) else KINDRED_ALLOWANCE
    for code, was, now, allowed in (
        (Code.GUARD_FELL, first.guard_f1, after.guard_f1, GUARD_ALLOWANCE),
        (Code.KINDRED_FELL, first.kindred_f1, after.kindred_f1, kindred),
    ):
        if was and np.mean(now) < np.mean(was) - allowed:
            yield Reason(code, float(np.mean(was)), float(np.mean(now)))
    old, new = before.label_free, after.label_free
    allowance = _allowance_of_agreement(before, after)
    steadiest = max(old.agreement, first.label_free.agreement)
    if new.agreement < steadiest - allowance:
        yield Reason(Code.LESS_STEADY, steadiest, new.agreement)
    # A teacher counts here only if it is better than the model: one that agrees less with it than
    # before has moved away from what is right, however steady it has become.
    near, far = before.teacher_agreement, after.teacher_agreement
    if near is not None and far is not None and far < near - allowance:
        yield Reason(Code.FARTHER_FROM_TEACHER, near, far)
    if (
        before.is_struck
        and new.struck_balance < old.struck_balance - BALANCE_ALLOWANCE * old.notes_per_second
    ):
        yield Reason(Code.FEWER_STRUCK, old.struck_balance, new.struck_balance)
    lowest, highest = RATE_RANGE
    for code, former, later in (
        (Code.NOTE_RATE, old.notes_per_second, new.notes_per_second),
        (Code.POLYPHONY, old.polyphony, new.polyphony),
    ):
        if not lowest * former <= later <= highest * former:
            yield Reason(code, former, later)
    yield from _objections_of_known(before, after)


def _allowance_of_agreement(before: Evidence, after: Evidence) -> float:
    allowance = max(SCORE_ALLOWANCE, _A_FEW * before.judging_note)
    if before.corrected_f1 is None or after.corrected_f1 is None or not _knows_enough(before):
        return allowance
    if after.corrected_f1 < before.corrected_f1 + _least_gain(before.corrected_note):
        return allowance
    # Where more known notes are right, they say more than steadiness, which moves by three points
    # of some eighty notes: by one standard deviation of that share.
    steady = before.label_free.agreement
    return max(allowance, math.sqrt(steady * (1.0 - steady) * before.judging_note))


def _objections_of_known(before: Evidence, after: Evidence) -> Iterator[Reason]:
    if before.corrected_f1 is None:
        return
    if after.corrected_f1 is None:
        raise ValueError("corrected passages were scored before and not after")
    # Less than half a note: as many are right, and one more or less was written down.
    tie = _TIE if before.n_known >= _FEWEST_KNOWN else _A_FEW
    if after.corrected_f1 < before.corrected_f1 - tie * before.corrected_note:
        yield Reason(Code.CORRECTED_FELL, before.corrected_f1, after.corrected_f1)
    old, new = before.corrected_ends, after.corrected_ends
    # What was learned may find the same notes, and let them end anywhere.
    if old is not None and new is not None and new < old - _A_FEW * before.ends_note:
        pairs = tuple(zip(before.right_ends, after.right_ends, strict=True))
        if _is_worse_beyond_chance(pairs):
            yield Reason(Code.ENDS_FELL, old, new)
    # Of notes that both find: newly found ones are soft, and their loudness is hard to judge.
    both = [
        (one, other)
        for one, other in zip(before.corrected_loudness, after.corrected_loudness, strict=True)
        if one is not None and other is not None
    ]
    if _is_worse_beyond_chance(both):
        shares = (sum(right) / len(both) for right in zip(*both, strict=True))
        yield Reason(Code.LOUDNESS_FELL, *shares)


def _is_worse_beyond_chance(pairs: Sequence[tuple[bool, bool]]) -> bool:
    """Of notes right or wrong before and after: of those that change, more than luck for worse."""
    worse, better = pairs.count((True, False)), pairs.count((False, True))
    return worse - better > max(_A_FEW, _CHANCE * math.sqrt(worse + better))


def _gains(before: Evidence, after: Evidence) -> Iterator[Reason]:
    """What rose by enough; or all that rose, if it is enough together."""
    steady = _least_gain(before.judging_note)
    heard = [
        _Change(Code.STEADIER, before.label_free.agreement, after.label_free.agreement, steady),
        _Change(Code.CLOSER_TO_TEACHER, before.teacher_agreement, after.teacher_agreement, steady),
    ]
    of_known = []
    if before.is_apart:
        known, ends = _least_gain(before.corrected_note), _least_gain(before.ends_note)
        of_known = [
            _Change(Code.CORRECTED_ROSE, before.corrected_f1, after.corrected_f1, known),
            _Change(Code.ENDS_ROSE, before.corrected_ends, after.corrected_ends, ends),
        ]
    heard, of_known = ([entry for entry in part if entry.is_known] for part in (heard, of_known))
    enough = [entry for entry in (*heard, *of_known) if entry.share >= 1.0 - _ROUNDING]
    if not enough and (before.corrected_f1 is None or _knows_enough(before)):
        # A note that is right with its end raises both scores of known notes: they count as one.
        # What falls speaks against what rises.
        total = sum(entry.share for entry in heard)
        if of_known:
            total += sum(entry.share for entry in of_known) / len(of_known)
        if total >= 1.0 - _ROUNDING:
            enough = [entry for entry in (*heard, *of_known) if entry.share > 0.0]
    yield from (entry.reason for entry in enough)


@dataclass(frozen=True, slots=True)
class _Change:
    """Of a score; ``least``: of what is worth something by itself."""

    code: Code
    old: float | None
    new: float | None
    least: float

    @property
    def is_known(self) -> bool:
        return self.old is not None and self.new is not None

    @property
    def share(self) -> float:
        return ((self.new or 0.0) - (self.old or 0.0)) / self.least

    @property
    def reason(self) -> Reason:
        return Reason(self.code, self.old or 0.0, self.new or 0.0)


def _least_gain(note: float) -> float:
    return max(LEAST_GAIN, _A_FEW * note)


def _knows_enough(evidence: Evidence) -> bool:
    """Whether there are known notes that say something; of a few, one more is much."""
    return evidence.is_apart and evidence.n_known >= _FEWEST_KNOWN


def _share(right: RightLoudness) -> float | None:
    """Of the notes that were found."""
    heard = [entry for entry in right if entry is not None]
    return sum(heard) / len(heard) if heard else None


def _mean(values: tuple[float, ...]) -> float | None:
    return float(np.mean(values)) if values else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
