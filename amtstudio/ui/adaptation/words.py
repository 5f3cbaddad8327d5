"""The progress and the result of a run, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from amtstudio.learning.report import (
    Calibrated,
    Code,
    JudgedStep,
    Quality,
    Reason,
    Report,
    StepName,
)
from amtstudio.learning.wording import sentence
from amtstudio.ui.failure import describe
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.workbench.adaptation.chosen import Chosen
from amtstudio.workbench.adaptation.story import Story

_PER_CENT = 100
_THOUSAND = 1000
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
        return counted(round(seconds), "%n second", "%n seconds")
    if minutes < 90:
        return counted(minutes, "%n minute", "%n minutes")
    return _tr("{hours} h {minutes} min").format(hours=minutes // 60, minutes=minutes % 60)


def recordings_text(count: int) -> str:
    return counted(count, "%n recording", "%n recordings")


def left_text(story: Story, minutes: float) -> str:
    """The remaining time of a run with so many minutes of learning; "": not known."""
    seconds = story.seconds_left(minutes)
    if seconds is None:
        return ""
    if seconds < 60.0:
        return _tr("Less than a minute left")
    left = max(round(seconds / 60.0), 1)
    return counted(left, "About %n minute left", "About %n minutes left")


def stage_text(story: Story) -> str:
    """The current activity."""
    texts = {
        "": _tr("Getting ready"),
        "loading": _tr("Reading the recordings"),
        "listening": _tr("Listening to your recordings"),
        "aligning": _tr("Finding the notes of the score in the recording"),
        "tuning": _tr("Measuring how your instrument is tuned"),
        "labelling": _tr("A slower, more careful teacher is listening"),
        "learning": _tr("Learning"),
        "thresholds": _tr("Choosing thresholds"),
        "calibrating": _tr("Measuring timing, loudness and lengths"),
        "judging": _tr("Comparing with the previous model"),
        "done": _tr("Done"),
    }
    return texts.get(story.stage, _tr("Working"))


def detail_text(story: Story) -> str:
    """A second line to that."""
    if story.total:
        return _tr("Recording {n} of {total}").format(
            n=min(story.done + 1, story.total), total=story.total
        )
    return {
        "listening": _tr("And to music whose notes are known, which is used to judge it"),
        "learning": _tr("Half from your recordings, half from music whose notes are known"),
        "judging": _tr("On recordings of yours that it did not learn from, and on known music"),
    }.get(story.stage, "")


def step_text(judged: JudgedStep) -> str:
    """A verdict of the gate on the way."""
    names = {
        StepName.TUNING: _tr("Tuning"),
        StepName.WEIGHTS: _tr("What was learned"),
        StepName.HALF_WAY: _tr("Half of what was learned"),
        StepName.THREE_QUARTERS: _tr("Three quarters of what was learned"),
    }
    return _tr("{step}: {verdict}. {reasons}").format(
        step=names[judged.step],
        verdict=_tr("kept") if judged.adopted else _tr("not kept"),
        reasons=reasons_text(judged.reasons),
    )


def headline(report: Report) -> str:
    if report.is_of_instruments and report.adopted:
        return _tr("It recognizes instruments better now")
    if report.hears_better:
        return _tr("It transcribes your instrument better now")
    if report.adopted:
        return _tr("The same notes, with better {what}").format(what=_better_text(report))
    return _tr("No improvement found. Your model is unchanged")


def _better_text(report: Report) -> str:
    """The calibrated qualities, as a list."""
    names = {
        Quality.TIMING: _tr("timing"),
        Quality.LOUDNESS: _tr("loudness"),
        Quality.LENGTHS: _tr("note lengths"),
    }
    *others, last = [names[entry.quality] for entry in report.calibrations if entry.adopted]
    if not others:
        return last
    return _tr("{others} and {last}").format(others=", ".join(others), last=last)


def reasons_text(reasons: Iterable[Reason]) -> str:
    return " ".join(reason_text(reason) for reason in reasons)


def reason_text(reason: Reason, *, of_one: bool = False) -> str:
    """Why, as a sentence; ``of_one``: about one recording."""
    return sentence(reason, _tr, of_one=of_one, name_of=instrument_name)


def objection_text(chosen: Chosen) -> str:
    """Why a recording is left out, as a sentence; "" if it is not."""
    objection = chosen.objection
    if isinstance(objection, Reason):
        return reason_text(objection, of_one=True)
    return describe(objection, subject=chosen.path.name).sentences if objection else ""


def report_reasons(report: Report) -> str:
    """The gate's verdict, without what the headline and the figures already say."""
    shown = {Code.NOTHING_GAINED, Code.BETTER_TIMING, Code.BETTER_LOUDNESS, Code.BETTER_LENGTHS}
    reasons = [reason for reason in report.reasons if reason.code not in shown]
    if report.adopted and not report.hears_better:
        # What spoke against the weights stands where it is said what was tried.
        refused = [reason for step in report.steps for reason in step.reasons]
        reasons = [reason for reason in reasons if reason not in refused]
    return reasons_text(reasons)


def figures(report: Report) -> list[Figure]:
    """Before and after, those that were measured; of all that was learned, where it was refused."""
    before, after = report.before, report.after
    if not report.hears_better and report.steps:
        whole = [step for step in report.steps if step.step is StepName.WEIGHTS]
        tried = (whole or report.steps)[-1]
        before, after = tried.before, tried.after
    named = (
        (
            "agreement",
            _tr("Steadiness"),
            _tr("In slightly altered copies of your recordings, it finds {a} % of the notes again"),
        ),
        (
            "teacher_agreement",
            _tr("Agreement with its teacher"),
            _tr("It agrees with its teacher on {a} % of the notes"),
        ),
        (
            "corrected_f1",
            _tr("Known notes"),
            _tr("Where you or a score say what is played, it gets {a} % of the notes right"),
        ),
        (
            "corrected_ends",
            _tr("Starts and ends of known notes"),
            _tr("Where it is known when notes end, it gets {a} % of them right from start to end"),
        ),
        (
            "corrected_loudness",
            _tr("Loudness of known notes"),
            _tr("Of the known notes that it finds, {a} % come out about as loud as played"),
        ),
        (
            "tags",
            _tr("Marked instruments"),
            _tr("Where you marked instruments, it agrees with you {a} % of the time"),
        ),
        (
            "mixtures",
            _tr("In other music"),
            _tr(
                "In music whose instruments are known, it tells one that plays from one that does"
                " not {a} % of the time"
            ),
        ),
        (
            "guard_f1",
            _tr("On other recordings"),
            _tr("On music whose notes are known, it gets {a} % of the notes right"),
        ),
        (
            "kindred_f1",
            _tr("On instruments like yours"),
            _tr(
                "On artificial recordings of instruments like yours, it gets {a} % of the notes"
                " right"
            ),
        ),
    )
    found = []
    for key, name, template in named:
        old, new = before.get(key), after.get(key)
        if old is not None and new is not None and (key != "guard_f1" or old or new):
            old, new = _PER_CENT * old, _PER_CENT * new
            text = _tr("{sentence}; before: {b} %.").format(
                sentence=template.format(a=f"{new:.1f}"), b=f"{old:.1f}"
            )
            found.append(Figure(name, old, new, text))
    return found


def calibration_text(calibrated: Calibrated) -> str:
    """The gain from calibrating timing, loudness or lengths, or that it was left unchanged."""
    if calibrated.adopted:
        return reason_text(calibrated.reason)
    left = {
        Quality.TIMING: _tr(
            "Timing: left as it was. Notes are {before} ms off on average; with the"
            " change that was tried, {after} ms."
        ),
        Quality.LOUDNESS: _tr(
            "Loudness: left as it was. {before} % of notes are about as loud as"
            " played; with the change that was tried, {after} %."
        ),
        Quality.LENGTHS: _tr(
            "Lengths: left as they were. {before} % of notes end when they should;"
            " with the change that was tried, {after} %."
        ),
    }[calibrated.quality]
    scale = _THOUSAND if calibrated.quality is Quality.TIMING else _PER_CENT
    return left.format(
        before=round(scale * calibrated.before), after=round(scale * calibrated.after)
    )


def calibrations_text(report: Report) -> str:
    """Timing, loudness and lengths, a line each; "" if nothing is known about them."""
    return "\n".join(map(calibration_text, report.calibrations))


def tuning_text(report: Report) -> str:
    """How the instrument is tuned, if that was taken into account; else ""."""
    cents = report.tuning_cents
    if abs(cents) < _CENTS_TO_TELL:
        return ""
    way = _tr("sharp") if cents > 0 else _tr("flat")
    return _tr("Your instrument is {cents} cents {way}; this is now taken into account.").format(
        cents=round(abs(cents)), way=way
    )


def used_text(report: Report) -> str:
    """The time it took."""
    learned, whole = report.minutes_used * 60.0, length_text(report.seconds)
    if learned < 1.0:
        return _tr("It took {whole}; the network itself was not changed.").format(whole=whole)
    return _tr("It took {whole}, {learned} of that for learning.").format(
        whole=whole, learned=length_text(learned)
    )


def role_text(role: str) -> str:
    return {
        "adapt": _tr("used for learning"),
        "tune": _tr("used to choose thresholds"),
        "accept": _tr("only used for testing"),
    }.get(role, role)


def trained_on_text(report: Report) -> str:
    """Which recordings went in, a line each."""
    return "\n".join(
        f"{name} ({clock(use.seconds)}): {role_text(use.role)}"
        for name, use in report.recordings.items()
    )


def _tr(text: str) -> str:
    return QCoreApplication.translate("Adaptation", text)
