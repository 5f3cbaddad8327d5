"""The acceptance gate: whether an adapted model may take the place of the former one.

It cannot be bypassed: there is no argument for "adopt anyway".
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from amtstudio.learning.known import RightLoudness
from amtstudio.learning.label_free import LabelFreeScores
from amtstudio.learning.report import Code, Figures, Reason

GUARD_ALLOWANCE = 0.003  # note F1, of the mean over the guard pieces
SCORE_ALLOWANCE = 0.002  # label-free scores, of two minutes and more
_A_FEW = 2.0  # notes: that so many waver says nothing, of however few there are
BALANCE_ALLOWANCE = 0.02  # of the notes a second, before: what two minutes can tell
RATE_RANGE = (0.75, 1.35)  # of notes a second and of polyphony, against before
_TIE = 0.5  # of a known note; of fewer than these, a few say nothing either way:
_FEWEST_KNOWN = 20
_CHANCE = 1.64  # standard deviations
LEAST_GAIN = 0.005  # below, a gain cannot be told from chance
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence about a model, before or after an adaptation.

    Attributes
    ----------
    guard_f1 : tuple of float
        Note F1 on each piece of the bundled labelled set.
    label_free : LabelFreeScores
        On the recordings that are used only to judge.
    teacher_agreement : float or None
        F1 against the teacher's notes on those recordings; None: no teacher, or the teacher is not
        known to be better than the model, so that agreeing with it proves nothing.
    corrected_f1 : float or None
        Note F1 on passages whose notes are known and were not learned from; None: there are none.
    corrected_note : float
        By how much one note more or less changes that score.
    corrected_ends : float or None
        Note F1 there, offsets included, where these are known as well.
    corrected_loudness : tuple of bool or None
        ``KnownScores.loudness`` of the same notes; empty if it is not known.
    judging_note : float
        By how much one note changes ``label_free.agreement``: one divided by the number of notes
        found.
    is_struck : bool
        Whether the instrument's notes are struck, so that ``struck_balance`` can judge them.
    """

    guard_f1: tuple[float, ...]
    label_free: LabelFreeScores
    teacher_agreement: float | None = None
    corrected_f1: float | None = None
    is_struck: bool = True
    corrected_note: float = 0.0
    corrected_ends: float | None = None
    corrected_loudness: RightLoudness = ()
    judging_note: float = 0.0

    @property
    def guard(self) -> float:
        return float(np.mean(self.guard_f1)) if self.guard_f1 else 0.0

    def to_dict(self) -> Figures:
        return {
            "guard_f1": round(self.guard, 5),
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


def judge(before: Evidence, after: Evidence) -> Verdict:
    """Compare two models; the later one is adopted if nothing got worse and something better.

    Better: one of the scores rose by what a few notes are worth, or several did by less each, which
    together are worth as much.
    """
    objections = tuple(_objections(before, after))
    if objections:
        return Verdict(False, objections)
    gains = tuple(_gains(before, after))
    if not gains:
        return Verdict(False, (Reason(Code.NOTHING_GAINED),))
    return Verdict(True, gains)


def _objections(before: Evidence, after: Evidence) -> Iterator[Reason]:
    if after.guard < before.guard - GUARD_ALLOWANCE:
        yield Reason(Code.GUARD_FELL, before.guard, after.guard)
    old, new = before.label_free, after.label_free
    if new.agreement < old.agreement - _allowance_of_agreement(before):
        yield Reason(Code.LESS_STEADY, old.agreement, new.agreement)
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


def _allowance_of_agreement(before: Evidence) -> float:
    allowance = max(SCORE_ALLOWANCE, _A_FEW * before.judging_note)
    if before.corrected_f1 is None or _knows_few(before):
        return allowance
    # Known notes say more than steadiness; of some eighty notes it moves by three points when a
    # model finds more that are right.
    steady = before.label_free.agreement
    return max(allowance, math.sqrt(steady * (1.0 - steady) * before.judging_note))


def _objections_of_known(before: Evidence, after: Evidence) -> Iterator[Reason]:
    if before.corrected_f1 is None:
        return
    if after.corrected_f1 is None:
        raise ValueError("corrected passages were scored before and not after")
    # Less than half a note: as many are right, and one more or less was written down.
    tie = _A_FEW if _knows_few(before) else _TIE
    if after.corrected_f1 < before.corrected_f1 - tie * before.corrected_note:
        yield Reason(Code.CORRECTED_FELL, before.corrected_f1, after.corrected_f1)
    old, new = before.corrected_ends, after.corrected_ends
    # What was learned may find the same notes, and let them end anywhere.
    if old is not None and new is not None and new < old - _A_FEW * before.corrected_note:
        yield Reason(Code.ENDS_FELL, old, new)
    # Of notes that both find: newly found ones are soft, and their loudness is hard to judge.
    pairs = [
        (one, other)
        for one, other in zip(before.corrected_loudness, after.corrected_loudness, strict=True)
        if one is not None and other is not None
    ]
    worse, better = pairs.count((True, False)), pairs.count((False, True))
    if worse - better > max(_A_FEW, _CHANCE * math.sqrt(worse + better)):
        shares = (sum(right) / len(pairs) for right in zip(*pairs, strict=True))
        yield Reason(Code.LOUDNESS_FELL, *shares)


def _gains(before: Evidence, after: Evidence) -> Iterator[Reason]:
    """What rose by enough; or all that rose, if it is enough together."""
    by_judging = max(LEAST_GAIN, _A_FEW * before.judging_note)
    by_known = max(LEAST_GAIN, _A_FEW * before.corrected_note)
    scores = (
        (Code.STEADIER, before.label_free.agreement, after.label_free.agreement, by_judging),
        (Code.CLOSER_TO_TEACHER, before.teacher_agreement, after.teacher_agreement, by_judging),
        (Code.CORRECTED_ROSE, before.corrected_f1, after.corrected_f1, by_known),
        (Code.ENDS_ROSE, before.corrected_ends, after.corrected_ends, by_known),
    )
    # Each as a share of what counts as a gain: what falls speaks against what rises.
    shares = [
        (Reason(code, old, new), (new - old) / least)
        for code, old, new, least in scores
        if old is not None and new is not None
    ]
    enough = [reason for reason, share in shares if share >= 1.0 - _ROUNDING]
    if not enough and sum(share for _, share in shares) >= 1.0 - _ROUNDING:
        enough = [reason for reason, share in shares if share > 0.0]
    yield from enough


def _knows_few(evidence: Evidence) -> bool:
    return evidence.corrected_note * _FEWEST_KNOWN > 1.0


def _share(right: RightLoudness) -> float | None:
    """Of the notes that were found."""
    heard = [entry for entry in right if entry is not None]
    return sum(heard) / len(heard) if heard else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
