"""``amtstudio evaluate``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from amtstudio import __version__
from amtstudio.atomic_file import write_atomically
from amtstudio.cli.console import Console, printable
from amtstudio.cli.engine_options import chosen_settings, load_for_files
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.cli.memory import peak_memory_mb
from amtstudio.cli.outputs import check_output
from amtstudio.cli.pieces import Piece, find_pieces
from amtstudio.cli.process import ReaderGoneError, write_output
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.shared_options import AUTO
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import Cancelled
from amtstudio.formats import read_transcription
from amtstudio.scoring import (
    InstrumentCounts,
    PieceScores,
    instruments_table,
    mean_scores,
    names_instruments,
    score_instruments,
    score_notes,
    scores_table,
    summed,
)
from amtstudio.symbolic import Transcription

if TYPE_CHECKING:
    from amtstudio.engine import FileTranscriber


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result for one piece."""

    piece: Piece
    scores: PieceScores
    by_instrument: Mapping[str, InstrumentCounts] | None  # where the truth names instruments
    model: str  # joined with + where there are several
    duration: float  # seconds of audio
    seconds: float  # that its transcription took, without loading the model
    peak_memory_mb: float | None  # of the process so far

    @property
    def times_real_time(self) -> float:
        return self.duration / max(self.seconds, 1e-3)


def run_evaluate(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Transcribe and score every piece, print the table, write the report."""
    pieces = find_pieces(Path(arguments.folder), on_warning=console.warning)
    report_path = None if arguments.report is None else Path(arguments.report)
    if report_path is not None:
        inputs = [path for piece in pieces for path in (piece.audio, piece.truth)]
        check_output(report_path, *inputs, overwrite=arguments.overwrite, option="--report")
    transcriber = load_for_files(arguments)
    outcomes: list[Outcome] = []
    codes = []
    for piece in pieces:
        stop.raise_if_requested()
        try:
            outcome = _evaluate(piece, transcriber, arguments, console, stop)
        except (Cancelled, ReaderGoneError):
            raise
        except Exception as error:  # noqa: BLE001 - the other pieces can do nothing for it
            codes.append(report(console, error, file=str(piece.audio)))
            continue
        codes.append(0)
        outcomes.append(outcome)
        _tell(console, outcome, chose=transcriber.name == AUTO)
    if outcomes:
        if report_path is not None:
            data = _report_json(arguments, transcriber, outcomes)
            write_atomically(report_path, data, overwrite=arguments.overwrite)
        write_output(_table(outcomes, chose=transcriber.name == AUTO))
    return joint_exit_code(codes)


def clipped(truth: Transcription, limit: float | None) -> Transcription:
    """The part of ``truth`` before ``limit`` seconds; a note held over it ends there."""
    if limit is None:
        return truth
    notes = truth.notes.take(truth.notes.onset < limit)
    notes = dataclasses.replace(notes, offset=np.minimum(notes.offset, limit))
    return dataclasses.replace(truth, notes=notes, duration=min(truth.duration, limit))


def _evaluate(
    piece: Piece,
    transcriber: FileTranscriber,
    arguments: argparse.Namespace,
    console: Console,
    stop: StopRequest,
) -> Outcome:
    def warn(text: str) -> None:
        console.warning(text, file=str(piece.audio))

    truth = read_transcription(piece.truth, on_warning=warn, nearest_key=True)
    if truth.model:  # what people write by hand, or another program, names none
        warn(
            f"{piece.truth.name} was written by this program (model {truth.model}):"
            " unless its notes were corrected, scores against it mean nothing"
        )
    truth = clipped(truth, arguments.limit)
    if not truth.notes:
        within = "" if arguments.limit is None else f" in the first {arguments.limit:g} s"
        warn(f"{piece.truth.name} has no notes{within}: the piece is left out of the mean")
    console.event("started", file=str(piece.audio), truth=str(piece.truth))
    started = time.monotonic()
    with FileProgress(console, str(piece.audio)) as progress:
        result = transcriber.transcribe_file(
            piece.audio,
            end=arguments.limit,
            settings=chosen_settings(transcriber, arguments),
            on_progress=progress.update,
            is_cancelled=stop.is_requested,
            on_warning=progress.warn,
        )
    seconds = time.monotonic() - started
    estimate = result.transcription
    cents = result.heard_at_cents
    scores = score_notes(truth, estimate, estimate_cents=cents)
    by_instrument = None
    if names_instruments(truth):
        lag = scores.median_deviation_ms / 1e3
        by_instrument = score_instruments(truth, estimate, lag=lag, estimate_cents=cents)
    return Outcome(
        piece,
        scores,
        by_instrument,
        estimate.model,
        estimate.duration,
        seconds,
        peak_memory_mb(),
    )


def _tell(console: Console, outcome: Outcome, *, chose: bool) -> None:
    """``chose``: whether the model was chosen by the instruments that are heard."""
    scores = outcome.scores
    score = f"aligned F1 {100.0 * scores.note_aligned.f1:.1f}" if scores.is_scored else "no score"
    model = f"{outcome.model}, " if chose else ""
    speed = f"{outcome.times_real_time:.1f} times real time"
    console.message(f"{outcome.piece.name}: {model}{score}, {speed}")
    console.event(
        "finished",
        file=str(outcome.piece.audio),
        model=outcome.model,
        note_aligned_f1=scores.note_aligned.f1 if scores.is_scored else None,
        seconds=round(outcome.seconds, 3),
        times_real_time=round(outcome.times_real_time, 2),
    )


def _table(outcomes: Sequence[Outcome], *, chose: bool) -> str:
    by_name = {printable(outcome.piece.name): outcome.scores for outcome in outcomes}
    audio_s = sum(outcome.duration for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    memory = outcomes[-1].peak_memory_mb
    pieces = "1 piece" if len(outcomes) == 1 else f"{len(outcomes)} pieces"
    summary = (
        f"{pieces}, {audio_s / 60.0:.1f} minutes of audio in {seconds:.1f} s:"
        f" {audio_s / max(seconds, 1e-3):.1f} times real time, peak memory"
        f" {'not known' if memory is None else f'{memory:.0f} MB'}"
    )
    mean = mean_scores([outcome.scores for outcome in outcomes])
    summary += f"; an octave off: {100.0 * mean.octave_errors:.1f} % of the notes"
    if chose:
        counts = Counter(outcome.model for outcome in outcomes)
        chosen = (f"{model} for {count}" for model, count in counts.most_common())
        summary += f"; models chosen: {', '.join(chosen)}"
    tables = [scores_table(by_name)]
    if (instruments := _by_instrument(outcomes)) is not None:
        tables.append(instruments_table(instruments))
    return "\n\n".join([*tables, summary]) + "\n"


def _by_instrument(outcomes: Sequence[Outcome]) -> dict[str, InstrumentCounts] | None:
    """Over all pieces whose truth names instruments; None if none does."""
    named = [outcome.by_instrument for outcome in outcomes if outcome.by_instrument is not None]
    return summed(named) if named else None


def _report_json(
    arguments: argparse.Namespace,
    transcriber: FileTranscriber,
    outcomes: Sequence[Outcome],
) -> bytes:
    audio_s = sum(outcome.duration for outcome in outcomes)
    seconds = sum(outcome.seconds for outcome in outcomes)
    mean = mean_scores([outcome.scores for outcome in outcomes])
    content = {
        "version": __version__,
        "folder": arguments.folder,
        "model": transcriber.name,
        "profile": transcriber.profile,
        "device": str(transcriber.device),
        "limit_s": arguments.limit,
        "settings": chosen_settings(transcriber, arguments).to_plain(),
        "pieces": [_piece_json(outcome) for outcome in outcomes],
        "mean": mean.to_dict() if mean.is_scored else None,
        "by_instrument": _instruments_json(_by_instrument(outcomes)),
        "duration_s": audio_s,
        "seconds": seconds,
        "times_real_time": audio_s / max(seconds, 1e-3),
        "peak_memory_mb": outcomes[-1].peak_memory_mb,
    }
    return (json.dumps(content, indent=2, allow_nan=False) + "\n").encode("ascii")


def _piece_json(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.piece.name,
        "model": outcome.model,
        "audio": str(outcome.piece.audio),
        "truth": str(outcome.piece.truth),
        "duration_s": outcome.duration,
        "seconds": outcome.seconds,
        "times_real_time": outcome.times_real_time,
        "peak_memory_mb": outcome.peak_memory_mb,
        "scores": outcome.scores.to_dict(),
        "by_instrument": _instruments_json(outcome.by_instrument),
    }


def _instruments_json(counts: Mapping[str, InstrumentCounts] | None) -> dict[str, object] | None:
    return None if counts is None else {name: one.to_dict() for name, one in counts.items()}
