"""Compare programs on recordings with truth: ``python -m training.peers --help``."""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import soundfile

from amtstudio.atomic_file import write_atomically
from amtstudio.audio import find_recordings, probe, read_mono
from amtstudio.cli.argument_types import positive_number
from amtstudio.cli.evaluate import clipped
from amtstudio.cli.pieces import Piece, find_pieces
from amtstudio.errors import AmtStudioError, InputNotFoundError
from amtstudio.formats import read_transcription
from amtstudio.scoring import score_notes
from training.peers.comparison import Outcome, pieces_table, report, systems_table
from training.peers.runs import PEERS, Heard, heard_by_command, heard_by_peer, heard_by_us
from training.peers.score_shares import (
    ALIGNED_SUFFIX,
    ScoreShares,
    aligned_score_of,
    score_shares,
    shares_report,
    shares_table,
)
from training.truth import read_aligned_score

OURS = "ours"


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        if options.scores:
            _run_on_scores(options)
        else:
            _run(options)
    except AmtStudioError as error:
        print(f"training.peers: error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def excerpt(audio: Path, cache: Path, seconds: float | None) -> Path:
    """The beginning of a recording as a mono WAV file, the same for all programs."""
    key = hashlib.sha256(audio.read_bytes() + repr(seconds).encode()).hexdigest()[:20]
    path = cache / "excerpts" / f"{key}.wav"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        sample_rate = probe(audio).sample_rate
        samples = read_mono(audio, sample_rate=sample_rate, end=seconds)
        partial = path.with_suffix(".part.wav")
        soundfile.write(partial, samples, sample_rate, subtype="PCM_16")
        partial.replace(path)
    return path


def _run(options: argparse.Namespace) -> None:
    labels = _labels(options)
    names = list(labels)
    outcomes: dict[str, list[Outcome]] = {name: [] for name in names}
    pieces = find_pieces(options.folder)[: options.pieces]
    for number, piece in enumerate(pieces, 1):
        audio = excerpt(piece.audio, options.cache, options.seconds)
        for name in names:
            outcome = _outcome(piece, _heard(name, audio, options), options.seconds, audio)
            outcomes[name].append(outcome)
            f1 = outcome.scores.note_aligned.f1
            print(f"{number}/{len(pieces)} {piece.name}, {name}: {f1:.3f}", file=sys.stderr)
    by_label = {labels[name]: found for name, found in outcomes.items()}
    print(systems_table(by_label))
    print()
    print(pieces_table({name: outcomes[name] for name in names}))
    if options.report:
        _write_report(options, report(by_label))


def _run_on_scores(options: argparse.Namespace) -> None:
    labels = _labels(options)
    shares: dict[str, list[ScoreShares]] = {name: [] for name in labels}
    recordings = [
        audio for audio in find_recordings([options.folder]) if aligned_score_of(audio).is_file()
    ]
    if not recordings:
        raise InputNotFoundError(
            f"no recording in {options.folder} has its score beside it",
            hint=f"that is a file of the same name with {ALIGNED_SUFFIX}, see training/README.md",
        )
    recordings = recordings[: options.pieces]
    for number, recording in enumerate(recordings, 1):
        written = read_aligned_score(aligned_score_of(recording))
        if options.seconds is not None:
            written = written.take(written.onset < options.seconds)
        audio = excerpt(recording, options.cache, options.seconds)
        for name in labels:
            heard = _heard(name, audio, options).transcription.notes
            found = score_shares(recording.stem, written, heard)
            shares[name].append(found)
            progress = f"{number}/{len(recordings)} {recording.stem}, {name}"
            print(f"{progress}: {found.matched:.3f}, {found.extra:.3f}", file=sys.stderr)
    print(shares_table(shares))
    if options.report:
        by_label = {labels[name]: found for name, found in shares.items()}
        _write_report(options, shares_report(by_label))


def _labels(options: argparse.Namespace) -> dict[str, str]:
    """What the programs of this run are called, by their names, in the order of the table."""
    labels = {name: PEERS[name].label for name in options.peers if name != OURS}
    labels |= {OURS: f"AMT Studio, {options.model}"}
    labels |= {name: name for name in options.commands}
    return {name: labels[name] for name in [*options.peers, *options.commands]}


def _write_report(options: argparse.Namespace, figures: dict[str, Any]) -> None:
    content = {"seconds": options.seconds, "threads": options.threads, **figures}
    write_atomically(options.report, json.dumps(content, indent=1).encode(), overwrite=True)


def _heard(name: str, audio: Path, options: argparse.Namespace) -> Heard:
    if name == OURS:
        return heard_by_us(audio, model=options.model, threads=options.threads)
    if name in options.commands:
        command = options.commands[name]
        return heard_by_command(command, audio, options.cache, name=name, threads=options.threads)
    return heard_by_peer(PEERS[name], audio, options.cache, threads=options.threads)


def _outcome(piece: Piece, heard: Heard, seconds: float | None, audio: Path) -> Outcome:
    truth = clipped(read_transcription(piece.truth, nearest_key=True), seconds)
    scores = score_notes(truth, heard.transcription, estimate_cents=heard.at_cents)
    return Outcome(piece.name, soundfile.info(audio).duration, scores, **asdict(heard.cost))


def _at_least_one(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.peers", description=__doc__)
    parser.add_argument("folder", type=Path, help="recordings beside <stem>.notes.csv or .mid")
    parser.add_argument(
        "--cache",
        type=Path,
        required=True,
        help="folder for the peers' environments (2 GB), the excerpts and what was heard; a run"
        " that was stopped goes on from there",
    )
    parser.add_argument(
        "--peers",
        nargs="+",
        choices=[OURS, *PEERS],
        default=[OURS, "basic-pitch", "transkun"],
        help="in the order of the table",
    )
    parser.add_argument(
        "--command",
        dest="commands",
        action=_AddCommand,
        default={},
        metavar="NAME=COMMAND",
        help='a transcriber of your own, such as "harmonica-amt=/envs/h/bin/python run.py {audio}'
        ' {midi}"; may be given several times; nothing of it is fetched',
    )
    parser.add_argument(
        "--scores",
        action="store_true",
        help=f"no exact truth is known, only aligned scores (<stem>{ALIGNED_SUFFIX}):"
        " print how much of them was heard, and what else",
    )
    parser.add_argument("--pieces", type=_at_least_one, help="the first so many; by default all")
    parser.add_argument("--seconds", type=positive_number, help="only the beginning of each piece")
    parser.add_argument("--threads", type=int, default=1, help="for each program; by default 1")
    parser.add_argument("--model", default="piano", help="of ours: a name or a path")
    parser.add_argument("--report", type=Path, metavar="FILE.json")
    return parser


class _AddCommand(argparse.Action):
    """Gathers NAME=COMMAND in a mapping."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        name, _, command = str(values).partition("=")
        plain = name.replace("-", "").replace("_", "").replace(".", "").replace(" ", "")
        if not plain.isalnum() or name in (OURS, *PEERS):
            parser.error(f"--command needs a name of its own before '=', got {values!r}")
        if "{audio}" not in command or "{midi}" not in command:
            parser.error(f"--command needs {{audio}} and {{midi}}, got {command!r}")
        setattr(namespace, self.dest, {**getattr(namespace, self.dest), name: command})


if __name__ == "__main__":
    sys.exit(main())
