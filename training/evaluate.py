"""Score a model on recordings with truth: ``python -m training.evaluate CHECKPOINT FOLDER...``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.engine import load_transcriber
from amtstudio.errors import AmtStudioError
from amtstudio.scoring import scores_table
from amtstudio.symbolic import Transcription
from training.evaluation import evaluate, pieces_of, real_time_factor, report
from training.measuring_options import add_measuring_options


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

    def transcribe(audio: Path) -> Transcription:
        return transcriber.transcribe_file(audio).transcription

    results = []
    for result in evaluate(pieces, transcribe, extend_by_pedal=not options.key_offsets):
        results.append(result)
        f1 = result.scores.note_aligned.f1
        print(f"{len(results)}/{len(pieces)} {result.piece.audio.name}: {f1:.3f}", file=sys.stderr)
    print(scores_table({result.piece.audio.stem: result.scores for result in results}))
    print(f"{real_time_factor(results):.1f} times real time")
    if options.report:
        figures = json.dumps(report(results, options.checkpoint), indent=1)
        write_atomically(options.report, figures.encode(), overwrite=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    add_measuring_options(parser)
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
