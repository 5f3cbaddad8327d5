"""What the personal fine-tuning gains, and whether it ever harms.

``python -m training.adaptation_benchmark OUTPUT --material FOLDER [--recordings FOLDER]``

For every condition (a piano that differs from what the model knows), minutes of unlabelled audio
and seconds of corrections, the adaptation runs as a user would run it, and the model before and
after is scored on other recordings of that piano, whose truth it never sees. *Harm* is an adopted
adaptation that loses more than half a point. "Before" is the engine as every user has it, which
retunes a piano that is far out of tune.

``--quick`` is the matrix for a small computer: half a minute of four recordings is used for
testing, and training is given minutes of CPU time, so that a busy computer does not shorten it.
With less than three minutes of audio, no weights are adapted: such runs take half a minute each.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, astuple, dataclass, replace
from pathlib import Path

import msgspec
import numpy as np

from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.formats import read_transcription, write_transcription
from amtstudio.learning.control import RunControl
from amtstudio.learning.known import LEAST_SPREAD
from amtstudio.learning.learning_clock import LearningClock
from amtstudio.learning.request import Corrections, Passage, Request
from amtstudio.learning.run import run
from amtstudio.learning.wording import sentences
from amtstudio.profiles.weights import load_profiled_model
from amtstudio.scoring import mean_scores, score_notes
from amtstudio.symbolic import Transcription
from training.adaptation_conditions import (
    SHIFTS,
    Condition,
    Recording,
    notes_between,
    recorded,
    synthesised,
    until,
)
from training.calibration_trials import written_velocities
from training.documented_parser import documented_parser
from training.score_label_trials import as_score
from training.synthesis.dataset import Material

PROFILE = "benchmark"


HARM = 0.005  # F1 lost on the test recordings
_SCORE_SEED = 5


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over the test recordings, in [0, 1].

    ``velocity`` is the share of matched notes whose velocity is within a tenth of the played one;
    None if the truth does not have velocities.
    """

    note: float
    aligned: float
    note_100ms: float
    with_offsets: float
    velocity: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. ``learned``: more than timing, loudness and lengths was adopted."""

    condition: str
    minutes: float
    corrected_s: float
    adopted: bool
    learned: bool
    reason: str
    before: Scores
    after: Scores  # of the model in use afterwards: the former one where nothing was adopted
    tuning_cents: float
    guard_fall: float
    seconds: float
    core_seconds: float = 0.0
    steps: tuple[dict[str, object], ...] = ()  # what the gate saw of each candidate

    @property
    def gain(self) -> float:
        return self.after.aligned - self.before.aligned

    @property
    def is_harm(self) -> bool:
        return self.adopted and self.gain < -HARM


def run_one(
    condition: Condition, minutes: float, corrected_s: float, options: argparse.Namespace
) -> Outcome:
    """Adapt on the condition's recordings, and score before and after."""
    recordings = condition.first_minutes(minutes)
    request = Request(
        name=PROFILE,
        recordings=tuple(recording.audio for recording in recordings),
        minutes=options.train_minutes,
        model=options.model,
        device=options.device,
        teacher=options.teacher,
        overwrite=True,
        corrections={} if options.scores else dict(corrections_of(recordings, corrected_s)),
        scores=dict(scores_of(recordings, corrected_s)) if options.scores else {},
    )
    kind = CoreTimeControl if options.core_time else RunControl
    started, cores = time.monotonic(), time.process_time()
    report = run(request, control=kind)
    seconds, core_seconds = time.monotonic() - started, time.process_time() - cores
    before = condition_before(condition, options)
    after = before
    if report.adopted:
        model, card, _ = load_profiled_model(PROFILE)
        transcriber = Transcriber(model, card, device=options.device)
        after = _score(transcriber, condition.test, options.test_seconds)
    fall = (report.before["guard_f1"] or 0.0) - (report.after["guard_f1"] or 0.0)
    return Outcome(
        condition.name,
        minutes,
        corrected_s,
        report.adopted,
        report.hears_better,
        sentences(report.reasons),
        before,
        after,
        report.tuning_cents,
        fall if report.adopted else 0.0,
        seconds,
        core_seconds,
        tuple(msgspec.to_builtins(step) for step in report.steps),
    )


class CoreTimeControl(RunControl):
    """A run whose minutes are those of the processor."""

    def clock(self) -> float:
        return time.process_time()

    def learning_clock(self, *, computes_here: bool) -> LearningClock:  # noqa: ARG002
        return LearningClock(self.clock, self.clock)


def condition_before(condition: Condition, options: argparse.Namespace) -> Scores:
    """The scores of the model as it ships; measured once for each condition."""
    known: dict[str, Scores] = vars(options).setdefault("known_before", {})
    if condition.name not in known:
        transcriber = load_transcriber(options.model, device=options.device)
        known[condition.name] = _score(transcriber, condition.test, options.test_seconds)
    return known[condition.name]


def _score(
    transcriber: Transcriber, recordings: Sequence[Recording], seconds: float | None
) -> Scores:
    scores, velocities = [], []
    for recording in recordings:
        truth = read_transcription(recording.truth)
        if seconds is not None:
            truth = until(truth, seconds)
        found = transcriber.transcribe_file(recording.audio, end=seconds).transcription
        scores.append(score_notes(truth, found))
        if len(truth.notes) and np.std(truth.notes.velocity) >= LEAST_SPREAD:
            velocities.append(written_velocities(truth.notes, found.notes, scores[-1]))
    mean = mean_scores(scores)
    return Scores(
        mean.note.f1,
        mean.note_aligned.f1,
        mean.note_100ms.f1,
        mean.note_offset.f1,
        sum(velocities) / len(velocities) if velocities else None,
    )


def corrections_of(
    recordings: Sequence[Recording], seconds: float
) -> Iterator[tuple[Path, Corrections]]:
    """The first seconds of the first recordings, with the truth as a user would have set it."""
    left = seconds
    for recording in recordings:
        if left <= 0.0:
            return
        end = min(left, recording.seconds, 20.0)
        truth = read_transcription(recording.truth)
        passage = Passage(0.0, end, tuple(notes_between(truth, 0.0, end)))
        yield recording.audio, Corrections((passage,))
        left -= end


def scores_of(recordings: Sequence[Recording], seconds: float) -> Iterator[tuple[Path, Path]]:
    """A score of each of the first recordings, until these last ``seconds``.

    The truth without velocities, in a tempo that wanders by 15 % either way, 3 % of it missing.
    """
    left = seconds
    for number, recording in enumerate(recordings):
        if left <= 0.0:
            return
        rng = np.random.default_rng([_SCORE_SEED, number])
        truth = read_transcription(recording.truth)
        notes = as_score(truth.notes, rng, warp=0.15, missing=0.03)
        written = replace(notes, velocity=np.full_like(notes.velocity, 80))
        path = recording.truth.with_suffix(".mid")
        write_transcription(Transcription(written), path, format_name="midi", overwrite=True)
        yield recording.audio, path
        left -= recording.seconds


def table(outcomes: Sequence[Outcome]) -> str:
    """A line for each run, then the mean gain and the share of harm."""
    lines = [
        f"{'condition':<32} {'min':>4} {'corr':>4}  {'50 ms':^11}  {'aligned':^11}  "
        f"{'100 ms':^11}  {'offsets':^11}  {'velocity':^11}  adopted   guard"
    ]
    lines += [_line(outcome) for outcome in outcomes]
    adopted = [outcome for outcome in outcomes if outcome.adopted]
    learned = sum(outcome.learned for outcome in outcomes)
    harmed = sum(outcome.is_harm for outcome in adopted)
    gain = sum(outcome.gain for outcome in outcomes) / max(len(outcomes), 1)
    lines.append(
        f"{len(outcomes)} runs, {len(adopted)} adopted, {learned} of them for what was learned,"
        f" mean gain {100 * gain:+.2f} points (aligned), harm in {harmed} of {len(adopted)} adopted"
    )
    return "\n".join(lines)


def _line(outcome: Outcome) -> str:
    before, after = astuple(outcome.before), astuple(outcome.after)
    pairs = "  ".join(f"{_shown(a)} {_shown(b)}" for a, b in zip(before, after, strict=True))
    adopted = "no"
    if outcome.adopted:
        adopted = "yes" if outcome.learned else "settings"
    return (
        f"{outcome.condition:<32} {outcome.minutes:4.1f} {outcome.corrected_s:4.0f}  {pairs}  "
        f"{adopted:<8} {-100 * outcome.guard_fall:+6.2f}"
    )


def _shown(share: float | None) -> str:
    return "    -" if share is None else f"{100 * share:5.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    if options.quick:
        options.core_time, options.tests, options.test_seconds = True, 4, 30.0
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    # Profiles of the user's own are not touched.
    os.environ["AMTSTUDIO_DATA_DIR"] = str(output / "data")
    outcomes = []
    for whole in _conditions(options):
        condition = replace(whole, test=whole.test[: options.tests])
        for minutes in options.minutes:
            for corrected in options.corrected:
                outcome = run_one(condition, minutes, corrected, options)
                outcomes.append(outcome)
                print(table([outcome]).splitlines()[1], flush=True)
                rows = [asdict(entry) for entry in outcomes]
                (output / "outcomes.json").write_text(json.dumps(rows, indent=2))
    print(table(outcomes))


def _conditions(options: argparse.Namespace) -> Iterator[Condition]:
    longest = max(options.minutes)
    if options.material is not None:
        material = Material(options.material, options.output / "cache")
        for name in options.shifts:
            folder = options.output / name
            yield synthesised(name, material, folder, minutes=longest)
    if options.recordings is None:
        return
    for draw in options.draws:
        for shift in options.recording_shifts:
            condition = recorded(
                options.recordings,
                options.output / f"recordings-{shift}-{draw}",
                shift=shift,
                minutes=longest,
                limit_s=options.limit,
                seed=draw,
            )
            yield replace(condition, name=f"{condition.name}, {draw}")


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.adaptation_benchmark", __doc__)
    parser.add_argument("output", type=Path, help="folder for recordings, profiles and outcomes")
    parser.add_argument("--material", type=Path, help="as for training.train: pianos/, midi/")
    parser.add_argument("--recordings", type=Path, help="real recordings of one piano, with truth")
    parser.add_argument(
        "--recording-shifts",
        nargs="+",
        choices=sorted(set(SHIFTS) - {"upright"}),
        default=["in-tune"],
        help="done to the real recordings",
    )
    parser.add_argument(
        "--draws",
        nargs="+",
        type=int,
        default=[31],
        metavar="SEED",
        help="of the real recordings: which to adapt on, and which to test on",
    )
    parser.add_argument("--limit", type=float, metavar="S", help="of each real recording")
    parser.add_argument("--shifts", nargs="+", choices=sorted(SHIFTS), default=sorted(SHIFTS))
    parser.add_argument("--minutes", nargs="+", type=float, default=[3.0, 10.0, 30.0])
    parser.add_argument("--corrected", nargs="+", type=float, default=[0.0, 60.0], metavar="S")
    parser.add_argument(
        "--scores",
        action="store_true",
        help="the seconds of --corrected have a score each, in place of corrected notes",
    )
    parser.add_argument("--train-minutes", type=float, default=5.0)
    parser.add_argument("--quick", action="store_true", help="see above")
    parser.add_argument(
        "--core-time", action="store_true", help="--train-minutes are those of the processor"
    )
    parser.add_argument("--tests", type=int, metavar="N", help="recordings to test on")
    parser.add_argument("--test-seconds", type=float, metavar="S", help="of each of them")
    parser.add_argument("--model", default="piano")
    parser.add_argument("--teacher", default="auto")
    parser.add_argument("--device", default="auto")
    return parser


if __name__ == "__main__":
    main()
