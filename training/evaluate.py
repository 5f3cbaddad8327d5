"""Score a model on recordings with truth: ``python -m training.evaluate CHECKPOINT FOLDER...``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.decoding import Activations
from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.errors import AmtStudioError, CheckpointError
from amtstudio.scoring import scores_table
from amtstudio.symbolic import Transcription
from training.evaluation import evaluate, pieces_of, real_time_factor, report
from training.measuring_options import add_measuring_options
from training.paper_scores import paper_scores, paper_table


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except AmtStudioError as error:
        print(f"training.evaluate: error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(options: argparse.Namespace) -> None:
    pieces = pieces_of(options.folder, split=options.split)
    transcriber = load_transcriber(options.checkpoint, device=options.device)
    threshold = _frame_threshold(transcriber) if options.frames else 0.0
    activations: dict[Path, Activations] = {}

    def transcribe(audio: Path) -> Transcription:
        result = transcriber.transcribe_file(audio, keep_activations=options.frames)
        if result.activations is not None:
            activations[audio] = result.activations
        return result.transcription

    results, frames = [], []
    for result in evaluate(pieces, transcribe, extend_by_pedal=not options.key_offsets):
        results.append(result)
        if options.frames and result.piece.audio in activations:
            heard = activations.pop(result.piece.audio)  # of one recording at a time
            frames.append(
                paper_scores(result.reference, result.estimate, heard, threshold=threshold)
            )
        f1 = result.scores.note_aligned.f1
        print(f"{len(results)}/{len(pieces)} {result.piece.audio.name}: {f1:.3f}", file=sys.stderr)
    print(scores_table({result.piece.audio.stem: result.scores for result in results}))
    if frames:
        print(paper_table({"mean ± standard deviation": frames}))
    print(f"{real_time_factor(results):.1f} times real time")
    if options.report:
        figures = json.dumps(report(results, options.checkpoint), indent=1)
        write_atomically(options.report, figures.encode(), overwrite=True)


def _frame_threshold(transcriber: Transcriber) -> float:
    """The lowest probability of a sounding frame, by the model's own card."""
    try:
        return transcriber.card.thresholds["frame"]
    except KeyError as error:
        raise CheckpointError(
            f"the model {transcriber.name} tells no sounding pitches frame by frame",
            hint="leave --frames out",
        ) from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    add_measuring_options(parser)
    parser.add_argument(
        "--frames",
        action="store_true",
        help="also over the frames of the model: average precision and accuracy, with spreads",
    )
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
