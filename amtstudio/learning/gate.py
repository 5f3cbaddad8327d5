"""The acceptance gate: whether an adapted model may take the place of the former one.

There is no way around it: no argument says "adopt nevertheless".
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from amtstudio.learning.label_free import LabelFreeScores

GUARD_ALLOWANCE = 0.003  # note F1, of the mean over the guard pieces
SCORE_ALLOWANCE = 0.002  # label-free scores: less is a matter of a note or two
BALANCE_ALLOWANCE = 0.02  # of the notes a second, before: what two minutes can tell
RATE_RANGE = (0.75, 1.35)  # of notes a second and of polyphony, against before
LEAST_GAIN = 0.005  # below, there is no telling a gain from luck
UNCHANGED = "No improvement found. Your model is unchanged."


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a model, before or after an adaptation.

    Attributes
    ----------
    guard_f1 : tuple of float
        Note F1 on each piece of the bundled labelled set.
    label_free : LabelFreeScores
        On the recordings that only judge.
    teacher_agreement : float or None
        F1 against the teacher's notes on those recordings; None: no teacher, or the teacher is not
        known to be better than the model, so that agreeing with it proves nothing.
    corrected_f1 : float or None
        Note F1 on the passages that the user made right; None: there are none.
    """

    guard_f1: tuple[float, ...]
    label_free: LabelFreeScores
    teacher_agreement: float | None = None
    corrected_f1: float | None = None

    @property
    def guard(self) -> float:
        return float(np.mean(self.guard_f1)) if self.guard_f1 else 0.0

    def to_dict(self) -> dict[str, object]:
        return {
            "guard_f1": round(self.guard, 5),
            **self.label_free.to_dict(),
            "teacher_agreement": _rounded(self.teacher_agreement),
            "corrected_f1": _rounded(self.corrected_f1),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """``reasons``: sentences, of what speaks against; or, where adopted, of what was gained."""

    adopted: bool
    reasons: tuple[str, ...] = field(default=())


def judge(before: Evidence, after: Evidence) -> Verdict:
    """Compare two models; the later one is adopted if nothing got worse and something better."""
    objections = _objections(before, after)
    if objections:
        return Verdict(False, tuple(objections))
    gains = _gains(before, after)
    if not gains:
        return Verdict(False, (UNCHANGED,))
    return Verdict(True, tuple(gains))


def _objections(before: Evidence, after: Evidence) -> list[str]:
    found = []
    if after.guard < before.guard - GUARD_ALLOWANCE:
        found.append(
            f"On other pianos it would find fewer notes: {_points(before.guard, after.guard)}."
        )
    old, new = before.label_free, after.label_free
    if new.agreement < old.agreement - SCORE_ALLOWANCE:
        found.append(f"It would be less steady: {_points(old.agreement, new.agreement)}.")
    if new.struck_balance < old.struck_balance - BALANCE_ALLOWANCE * old.notes_per_second:
        found.append(
            "It would hear fewer notes that are struck, or more that are not: "
            f"{old.struck_balance:.2f} more right than wrong a second before, "
            f"{new.struck_balance:.2f} after."
        )
    lowest, highest = RATE_RANGE
    for what, former, later in (
        ("notes", old.notes_per_second, new.notes_per_second),
        ("notes at once", old.polyphony, new.polyphony),
    ):
        if not lowest * former <= later <= highest * former:
            found.append(f"It would hear {later / max(former, 1e-6):.2f} times as many {what}.")
    if before.corrected_f1 is not None:
        if after.corrected_f1 is None:
            raise ValueError("corrected passages were scored before and not after")
        if after.corrected_f1 < before.corrected_f1:
            found.append(
                "It would do worse on the passages that you corrected: "
                f"{_points(before.corrected_f1, after.corrected_f1)}."
            )
    return found


def _gains(before: Evidence, after: Evidence) -> list[str]:
    pairs = [
        ("Steadier", before.label_free.agreement, after.label_free.agreement),
        ("Closer to its teacher", before.teacher_agreement, after.teacher_agreement),
        ("Better where you corrected", before.corrected_f1, after.corrected_f1),
    ]
    return [
        f"{what}: {_points(old, new)}."
        for what, old, new in pairs
        if old is not None and new is not None and new >= old + LEAST_GAIN
    ]


def _points(old: float, new: float) -> str:
    return f"{100 * old:.1f} before, {100 * new:.1f} after"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 5)
