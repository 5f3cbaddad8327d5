"""What a run does and what came of it, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication

from amtstudio.ui.adaptation.story import Story
from amtstudio.ui.roll.pitch_names import clock

_PER_CENT = 100
_CENTS_TO_TELL = 1.0


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure before and after.

    ``text`` says it in a sentence; ``change`` is the difference in points, positive: better.
    """

    name: str
    before: float  # per cent
    after: float
    text: str

    @property
    def change(self) -> float:
        return self.after - self.before


def length_text(seconds: float) -> str:
    """A length as one would say it."""
    minutes = round(seconds / 60.0)
    if seconds < 90.0:
        return _count(round(seconds), _tr("{n} second"), _tr("{n} seconds"))
    if minutes < 90:
        return _count(minutes, _tr("{n} minute"), _tr("{n} minutes"))
    return _tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def recordings_text(count: int) -> str:
    return _count(count, _tr("{n} recording"), _tr("{n} recordings"))


def left_text(story: Story, minutes: float) -> str:
    """How long a run of so many minutes of learning still takes; "": not known."""
    seconds = story.seconds_left(minutes)
    if seconds is None:
        return ""
    if seconds < 60.0:
        return _tr("Less than a minute left")
    left = max(round(seconds / 60.0), 1)
    return _count(left, _tr("About {n} minute left"), _tr("About {n} minutes left"))


def stage_text(story: Story) -> str:
    """What it does now."""
    texts = {
        "": _tr("Getting ready"),
        "loading": _tr("Reading the recordings"),
        "listening": _tr("Listening to your recordings as they are"),
        "tuning": _tr("Measuring how your piano is tuned"),
        "labelling": _tr("A slower, more careful teacher listens"),
        "learning": _tr("Learning"),
        "thresholds": _tr("Choosing how sure it must be of a note"),
        "judging": _tr("Comparing with the model before"),
        "done": _tr("Done"),
    }
    return texts.get(story.stage, _tr("Working"))


def detail_text(story: Story) -> str:
    """A second line to that."""
    if story.total and story.stage in ("loading", "labelling"):
        return _tr("Recording {n} of {total}").format(
            n=min(story.done + 1, story.total), total=story.total
        )
    return {
        "listening": _tr("Also to music whose notes are known, by which it is judged"),
        "learning": _tr("Half from your recordings, half from music whose notes are known"),
        "judging": _tr("On recordings of yours that it did not learn from, and on known music"),
    }.get(story.stage, "")


def step_text(judged: Mapping[str, Any]) -> str:
    """A verdict of the gate on the way."""
    names = {
        "tuning": _tr("Tuning"),
        "weights": _tr("What was learned"),
        "weights, half way": _tr("Half of what was learned"),
        "equaliser": _tr("Tone colour"),
        "eq": _tr("Tone colour"),
        "level": _tr("Level"),
        "thresholds": _tr("Thresholds"),
        "norms": _tr("Averages of the network"),
    }
    step = str(judged.get("step", ""))
    reasons = " ".join(str(text) for text in judged.get("reasons", ()))
    kept = _tr("kept") if judged.get("adopted") else _tr("not kept")
    return _tr("{step}: {verdict}. {reasons}").format(
        step=names.get(step, step), verdict=kept, reasons=reasons
    )


def headline(report: Mapping[str, Any]) -> str:
    if report.get("adopted"):
        return _tr("It hears your piano better now")
    return _tr("No improvement found. Your model is unchanged")


def reason_text(report: Mapping[str, Any]) -> str:
    """The sentences of the gate, without what the headline says already."""
    reason = str(report.get("reason", ""))
    return reason.replace("No improvement found. Your model is unchanged.", "").strip()


def figures(report: Mapping[str, Any]) -> list[Figure]:
    """Before and after, those that were measured."""
    before, after = report.get("before", {}), report.get("after", {})
    named = (
        (
            "agreement",
            _tr("Steadiness"),
            _tr("In slightly altered copies of your recordings it hears {a} % of the notes alike"),
        ),
        (
            "teacher_agreement",
            _tr("Agreement with its teacher"),
            _tr("It agrees with its teacher on {a} % of the notes"),
        ),
        (
            "corrected_f1",
            _tr("On your corrections"),
            _tr("On the passages that you corrected it is right about {a} % of the notes"),
        ),
        (
            "guard_f1",
            _tr("On other pianos"),
            _tr("On music whose notes are known it is right about {a} % of the notes"),
        ),
    )
    found = []
    for key, name, sentence in named:
        old, new = before.get(key), after.get(key)
        if _is_number(old) and _is_number(new) and (key != "guard_f1" or old or new):
            old, new = _PER_CENT * float(old), _PER_CENT * float(new)
            text = _tr("{sentence}; before: {b} %.").format(
                sentence=sentence.format(a=f"{new:.1f}"), b=f"{old:.1f}"
            )
            found.append(Figure(name, old, new, text))
    return found


def tuning_text(report: Mapping[str, Any]) -> str:
    """How the piano is tuned, if that was taken into account; else ""."""
    cents = report.get("tuning_cents", 0.0)
    if not _is_number(cents) or abs(cents) < _CENTS_TO_TELL:
        return ""
    way = _tr("sharp") if cents > 0 else _tr("flat")
    return _tr("Your piano is {cents} cents {way}; it is heard in tune now.").format(
        cents=round(abs(cents)), way=way
    )


def used_text(report: Mapping[str, Any]) -> str:
    """What it took."""
    learned = float(report.get("minutes_used", 0.0)) * 60.0
    whole = length_text(float(report.get("seconds", 0.0)))
    if learned < 1.0:
        return _tr("It took {whole}; the network itself was left as it was.").format(whole=whole)
    return _tr("It took {whole}, {learned} of that for learning.").format(
        whole=whole, learned=length_text(learned)
    )


def role_text(role: str) -> str:
    return {
        "adapt": _tr("learned from"),
        "tune": _tr("chose thresholds"),
        "accept": _tr("only judged"),
    }.get(role, role)


def trained_on_text(report: Mapping[str, Any]) -> str:
    """Which recordings went in, a line each."""
    lines = []
    for name, values in report.get("recordings", {}).items():
        seconds = float(values.get("seconds", 0.0))
        lines.append(f"{name} ({clock(seconds)}): {role_text(str(values.get('role', '')))}")
    return "\n".join(lines)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(n: int, one: str, many: str) -> str:
    return (one if n == 1 else many).format(n=n)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Adaptation", text)
