"""What the gate sees of models that have learned, and what is true of them.

``python -m training.learned_trials FOLDER RUN [--corrected S] [--train-minutes M]``

The lesson of an adaptation, with its teacher, and each candidate that comes of it: F1 on
recordings that are no part of it, what the gate compares, and its verdict. So it can be seen which
of its tests errs. The minutes are those of the processor; a run that was stopped is taken up again.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from amtstudio.formats import read_transcription
from amtstudio.learning.adaptation import bench_for
from amtstudio.learning.altered_views import AS_RECORDED, AS_SOUND
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.gate import Evidence, judge
from amtstudio.learning.known import END_RATIO
from amtstudio.learning.label_free import agreement
from amtstudio.learning.lesson import learn, part_of_the_way
from amtstudio.learning.recordings import load_recording
from amtstudio.learning.request import NO_CORRECTIONS, Request
from amtstudio.learning.split import split_recordings
from amtstudio.learning.thresholds import repeat_share
from amtstudio.learning.wording import sentences
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.scoring.matching import match_notes
from training.adaptation_benchmark import CoreTimeControl, corrections_of
from training.adaptation_conditions import Recording, recorded
from training.documented_parser import documented_parser

_WIDE_S = 0.1


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    options.run.mkdir(parents=True, exist_ok=True)
    condition = recorded(
        options.folder,
        options.run / "recordings",
        shift="in-tune",
        minutes=options.minutes,
        seed=options.draw,
    )
    tests = condition.test[: options.tests]
    model, card = load_transcription_model(find_model(options.model))
    base = Candidate(model, card, model.grid, "cpu", 1)
    known = dict(corrections_of(condition.adapt, options.corrected))
    split = split_recordings(
        [
            load_recording(
                entry.audio,
                base.grid,
                known.get(entry.audio, NO_CORRECTIONS),
                dereverberates=model.dereverberates,
            )
            for entry in condition.adapt
        ]
    )
    control = CoreTimeControl(options.run)
    request = Request(
        "trial", (), minutes=options.train_minutes, model=options.model, device="cpu", n_threads=1
    )
    bench = bench_for(base, options.instruments)

    def seen(candidate: Candidate) -> Evidence:
        passages = split.judging_passages
        return bench.evidence(candidate, split.accept, passages, is_cancelled=control.is_cancelled)

    before = seen(base)
    print(
        "test at 50 ms, at 100 ms, of these with ends, repeats in a hundred notes; guard set,"
        " agreement, known notes, these with ends"
    )
    print("before".ljust(8), _row(base, tests, before), flush=True)
    lesson = learn(
        base,
        split,
        request,
        control,
        instruments=options.instruments,
        alteration=AS_SOUND if options.altered else AS_RECORDED,
    )
    for way in options.ways:
        candidate = part_of_the_way(lesson, way, control)
        after = seen(candidate)
        verdict = judge(before, after)
        print(
            f"{100 * way:3.0f} %   ",
            _row(candidate, tests, after),
            "adopted." if verdict.adopted else "refused.",
            sentences(verdict.reasons),
            flush=True,
        )


def _row(candidate: Candidate, tests: Sequence[Recording], seen: Evidence) -> str:
    values = [
        *_scores(candidate, tests),
        float(np.mean(seen.guard_f1 or (0.0,))),
        seen.label_free.agreement,
    ]
    values += [known for known in (seen.corrected_f1, seen.corrected_ends) if known is not None]
    return "  ".join(f"{100 * value:5.1f}" for value in values)


def _scores(candidate: Candidate, tests: Sequence[Recording]) -> list[float]:
    """F1 within 50 ms, within 100 ms, there with ends: means over the recordings; repeats."""
    transcriber = candidate.transcriber()
    rows, heard = [], []
    for recording in tests:
        truth = read_transcription(recording.truth).notes
        found = transcriber.transcribe_file(recording.audio).transcription.notes
        wide = agreement(truth, found, onset_tolerance=_WIDE_S)
        ended = match_notes(truth, found, onset_tolerance=_WIDE_S, offset_ratio=END_RATIO)
        with_ends = 2 * len(ended) / max(len(truth) + len(found), 1)
        rows.append((agreement(truth, found), wide, with_ends))
        heard.append(found)
    return [*np.mean(rows, axis=0).tolist(), repeat_share(heard)]


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.learned_trials", __doc__)
    parser.add_argument("folder", type=Path, help="recordings of one instrument, with truth")
    parser.add_argument("run", type=Path, help="folder for what it writes")
    parser.add_argument("--model", default="melodic")
    parser.add_argument("--minutes", type=float, default=2.0, help="of recordings not tested on")
    parser.add_argument(
        "--draw", type=int, default=31, metavar="SEED", help="which to learn from, and to test on"
    )
    parser.add_argument("--tests", type=int, metavar="N", help="recordings to test on")
    parser.add_argument("--corrected", type=float, default=60.0, metavar="S")
    parser.add_argument("--train-minutes", type=float, default=2.5, metavar="M")
    parser.add_argument("--ways", type=float, nargs="+", default=[0.5, 1.0])
    parser.add_argument("--altered", action="store_true", help="as sound, see ADAPTATION.md")
    parser.add_argument("--instruments", nargs="*", default=["saxophone", "trumpet"])
    return parser


if __name__ == "__main__":
    main()
