"""The result of an adaptation: codes and figures, put into words where they are shown.

``outcome.json`` in the folder of a run says how it ended.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import msgspec

from amtstudio.atomic_file import write_atomically
from amtstudio.json_files import from_json, to_json

OUTCOME = "outcome.json"


class Code(StrEnum):
    """Why a model was adopted or not."""

    # Objections to a candidate: scores in [0, 1], or notes per second and simultaneous notes.
    GUARD_FELL = "guard-fell"
    KINDRED_FELL = "kindred-fell"
    LESS_STEADY = "less-steady"
    FARTHER_FROM_TEACHER = "farther-from-teacher"
    FEWER_STRUCK = "fewer-struck"
    NOTE_RATE = "note-rate"
    POLYPHONY = "polyphony"
    CORRECTED_FELL = "corrected-fell"
    ENDS_FELL = "ends-fell"
    LOUDNESS_FELL = "loudness-fell"
    # What was gained: scores in [0, 1].
    STEADIER = "steadier"
    CLOSER_TO_TEACHER = "closer-to-teacher"
    CORRECTED_ROSE = "corrected-rose"
    ENDS_ROSE = "ends-rose"
    NOTHING_GAINED = "nothing-gained"
    NOTES_UNCHANGED = "notes-unchanged"  # though something else was gained
    BETTER_TIMING = "better-timing"  # mean error in milliseconds
    BETTER_LOUDNESS = "better-loudness"
    BETTER_LENGTHS = "better-lengths"
    # Why recordings cannot be learned from.
    HARDLY_ANY_NOTES = "hardly-any-notes"
    NOT_STRUCK = "not-struck"
    TOO_UNCERTAIN = "too-uncertain"
    OTHER_INSTRUMENT = "other-instrument"  # ``names`` of the detector's classes
    # Why the weights were left alone: how many there are, and how many it takes.
    ONE_RECORDING = "one-recording"
    FEW_RECORDINGS = "few-recordings"
    FEW_SECONDS = "few-seconds"
    # Of tags: which instruments are heard, in words of the user; shares in [0, 1].
    TAGS_ROSE = "tags-rose"
    TAGS_SAME = "tags-same"
    TAGS_FELL = "tags-fell"  # so many of how many
    MIXTURES_FELL = "mixtures-fell"
    FEW_TAGS = "few-tags"


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A code with its figures."""

    code: Code
    before: float = 0.0
    after: float = 0.0
    names: tuple[str, ...] = ()


class StepName(StrEnum):
    TUNING = "tuning"
    HALF_WAY = "weights, half way"
    THREE_QUARTERS = "weights, three quarters"
    WEIGHTS = "weights"


class Quality(StrEnum):
    """What can be calibrated, of correctly found notes."""

    TIMING = "timing"
    LOUDNESS = "loudness"
    LENGTHS = "lengths"


Figures = dict[str, float | None]


class JudgedStep(msgspec.Struct, frozen=True, omit_defaults=True):
    """A step of the adaptation, and the gate's verdict."""

    step: StepName
    adopted: bool
    reasons: tuple[Reason, ...]
    before: Figures
    after: Figures
    cents: float | None = None  # of a step of the tuning


_BETTER = {
    Quality.TIMING: Code.BETTER_TIMING,
    Quality.LOUDNESS: Code.BETTER_LOUDNESS,
    Quality.LENGTHS: Code.BETTER_LENGTHS,
}


class Calibrated(msgspec.Struct, frozen=True):
    """The gain from recalibrating one quality, on known notes that were not used to set it.

    ``before`` and ``after``: the mean error in seconds of the timing, else the share of right notes
    in [0, 1]. ``note_f1``: before and after.
    """

    quality: Quality
    adopted: bool
    before: float
    after: float
    note_f1: tuple[float, float]
    n_notes: int

    @property
    def reason(self) -> Reason:
        """Its gain, if it was adopted."""
        scale = 1000.0 if self.quality is Quality.TIMING else 1.0
        return Reason(_BETTER[self.quality], scale * self.before, scale * self.after)


class RecordingUse(msgspec.Struct, frozen=True):
    role: str
    seconds: float


class ScoreFit(msgspec.Struct, frozen=True):
    """How a score and its recording agree; shares in [0, 1], as of ``Alignment``."""

    score: str
    matched: float
    extra: float
    covered: float


class Report(msgspec.Struct, frozen=True):
    """The outcome: figures before and after, in [0, 1] if they are scores."""

    adopted: bool
    reasons: tuple[Reason, ...]
    minutes_used: float
    recordings: dict[str, RecordingUse]
    before: Figures
    after: Figures
    guard_set: dict[str, list[float]]
    seconds: float
    steps: list[JudgedStep]
    teacher: str = ""
    tuning_cents: float = 0.0
    scores: dict[str, ScoreFit] = {}  # by recording
    instruments: tuple[str, ...] = ()  # that the detector found in the recordings
    calibrations: tuple[Calibrated, ...] = ()  # those that were tried

    @property
    def is_of_instruments(self) -> bool:
        """Whether it is of the instrument detector."""
        told = {Code.TAGS_ROSE, Code.TAGS_SAME, Code.TAGS_FELL, Code.MIXTURES_FELL, Code.FEW_TAGS}
        return any(reason.code in told for reason in self.reasons)

    @property
    def hears_better(self) -> bool:
        """Whether more was adopted than calibrations of correctly found notes."""
        written_better = any(entry.adopted for entry in self.calibrations)
        return self.adopted and (not written_better or any(step.adopted for step in self.steps))


class Finished(msgspec.Struct, frozen=True, tag="finished", tag_field="ended"):
    report: Report


class Failed(msgspec.Struct, frozen=True, tag="failed", tag_field="ended"):
    """As an ``AmtStudioError`` says it; ``code`` is the exit code of the process."""

    cause: str
    hint: str
    code: int


class Stopped(msgspec.Struct, frozen=True, tag="stopped", tag_field="ended"):
    """It was asked to, and can be taken up again."""


Outcome = Finished | Failed | Stopped


class _Ended(msgspec.Struct):
    outcome: Outcome


def read_outcome(folder: Path) -> Outcome | None:
    """How a run ended; None: it has not, or was killed."""
    try:
        return from_json((folder / OUTCOME).read_bytes(), _Ended).outcome
    except (OSError, ValueError):
        return None


def write_outcome(folder: Path, outcome: Outcome) -> None:
    write_atomically(folder / OUTCOME, to_json(_Ended(outcome)), overwrite=True)
