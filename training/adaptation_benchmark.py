"""What the personal fine-tuning gains, and whether it ever harms.

``python -m training.adaptation_benchmark OUTPUT --material FOLDER [--recordings FOLDER]``

For every condition (a piano that differs from what the model knows), minutes of unlabelled audio
and seconds of corrections, the adaptation runs as a user would run it, and the model before and
after is scored on other recordings of that piano, whose truth it never sees. *Harm* is an adopted
adaptation that scores worse.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from amtstudio.engine import Transcriber
from amtstudio.formats import read_transcription
from amtstudio.learning.adaptation import adapt
from amtstudio.learning.control import RunControl
from amtstudio.learning.recordings import Corrections, Passage
from amtstudio.learning.request import Request
from amtstudio.profiles.weights import load_profiled_model
from amtstudio.scoring import mean_scores, score_notes
from training.adaptation_conditions import (
    SHIFTS,
    Condition,
    Recording,
    notes_between,
    recorded,
    synthesised,
)
from training.synthesis.dataset import Material

PROFILE = "benchmark"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run. F1 are means over the test recordings, aligned, in [0, 1]."""

    condition: str
    minutes: float
    corrected_s: float
    adopted: bool
    reason: str
    before: float
    after: float  # of the model in use afterwards: the former one where nothing was adopted
    tuning_cents: float
    guard_fall: float
    seconds: float

    @property
    def gain(self) -> float:
        return self.after - self.before

    @property
    def is_harm(self) -> bool:
        return self.adopted and self.after < self.before


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
        corrections=dict(_corrections(recordings, corrected_s)),
    )
    started = time.monotonic()
    with TemporaryDirectory() as folder:
        report = adapt(request, RunControl(Path(folder)))
    seconds = time.monotonic() - started
    before = _score(Transcriber.load(options.model, device=options.device), condition.test)
    after = before
    if report.adopted:
        model, card, _ = load_profiled_model(PROFILE)
        after = _score(Transcriber(model, card, device=options.device), condition.test)
    fall = float(str(report.before["guard_f1"])) - float(str(report.after["guard_f1"]))
    return Outcome(
        condition.name,
        minutes,
        corrected_s,
        report.adopted,
        report.reason,
        before,
        after,
        report.tuning_cents,
        fall if report.adopted else 0.0,
        seconds,
    )


def _score(transcriber: Transcriber, recordings: Sequence[Recording]) -> float:
    scores = [
        score_notes(
            read_transcription(recording.truth),
            transcriber.transcribe_file(recording.audio).transcription,
        )
        for recording in recordings
    ]
    return mean_scores(scores).note_aligned.f1


def _corrections(
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


def table(outcomes: Sequence[Outcome]) -> str:
    """A line for each run, then the mean gain and the share of harm."""
    lines = [f"{'condition':<14} {'min':>4} {'corr':>4}  before  after    gain  adopted  guard"]
    lines += [
        f"{o.condition:<14} {o.minutes:4.0f} {o.corrected_s:4.0f}  {100 * o.before:6.2f} "
        f"{100 * o.after:6.2f} {100 * o.gain:+7.2f}  {'yes' if o.adopted else 'no':<7} "
        f"{-100 * o.guard_fall:+6.2f}"
        for o in outcomes
    ]
    adopted = [outcome for outcome in outcomes if outcome.adopted]
    harmed = sum(outcome.is_harm for outcome in adopted)
    gain = sum(outcome.gain for outcome in outcomes) / max(len(outcomes), 1)
    lines.append(
        f"{len(outcomes)} runs, {len(adopted)} adopted, mean gain {100 * gain:+.2f} points, "
        f"harm in {harmed} of {len(adopted)} adopted"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    output: Path = options.output
    output.mkdir(parents=True, exist_ok=True)
    # Profiles of the user's own are not touched.
    os.environ["AMTSTUDIO_DATA_DIR"] = str(output / "data")
    outcomes = []
    for condition in _conditions(options):
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
    if options.recordings is not None:
        for shift in options.recording_shifts:
            yield recorded(
                options.recordings,
                options.output / f"recordings-{shift}",
                shift=shift,
                minutes=longest,
                limit_s=options.limit,
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.adaptation_benchmark",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
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
    parser.add_argument("--limit", type=float, metavar="S", help="of each real recording")
    parser.add_argument("--shifts", nargs="+", choices=sorted(SHIFTS), default=sorted(SHIFTS))
    parser.add_argument("--minutes", nargs="+", type=float, default=[3.0, 10.0, 30.0])
    parser.add_argument("--corrected", nargs="+", type=float, default=[0.0, 60.0], metavar="S")
    parser.add_argument("--train-minutes", type=float, default=5.0)
    parser.add_argument("--model", default="piano")
    parser.add_argument("--teacher", default="auto")
    parser.add_argument("--device", default="auto")
    return parser


if __name__ == "__main__":
    main()
