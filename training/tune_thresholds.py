"""Tune a model's thresholds: ``python -m training.tune_thresholds CHECKPOINT FOLDER...``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import get_args

import torch
from safetensors import safe_open

from amtstudio.decoding import Activations, DecodingSettings, decode
from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.engine import Transcriber, load_transcriber
from amtstudio.errors import AmtStudioError, BadAudioError
from amtstudio.learning.hearing import note_settings
from amtstudio.models import ModelCard
from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.symbolic import Transcription
from training.datasets import Piece
from training.evaluation import pieces_of
from training.frame_hearing import best_threshold, hear_frames
from training.measuring_options import add_measuring_options
from training.threshold_search import FrameScore, TunedThresholds, TuningPiece, tune
from training.truth import read_truth

_DTYPES = {"F16": torch.float16, "BF16": torch.bfloat16}


def heard_pieces(
    pieces: Sequence[Piece], transcriber: Transcriber, *, extend_by_pedal: bool
) -> list[TuningPiece]:
    """Run the network once over each piece and keep its activations.

    They take 1.3 MB a minute of audio at 32 ms to a frame, in half precision.
    """
    heard = []
    for piece in pieces:
        reference = read_truth(piece.truth, extend_by_pedal=extend_by_pedal)
        activations = transcriber.transcribe_file(piece.audio, keep_activations=True).activations
        if activations is None:
            raise BadAudioError(f"{piece.audio.name} gave no activations")
        heard.append(
            TuningPiece(reference, partial(_decoded, activations, note_settings(transcriber)))
        )
        print(f"{len(heard)}/{len(pieces)} {piece.audio.name}", file=sys.stderr)
    return heard


def tuned_card(
    card: ModelCard, tuned: TunedThresholds, pieces: Sequence[Piece], frame_score: FrameScore
) -> ModelCard:
    """The card with the new thresholds, and on what and by what they were tuned."""
    record = {
        "files": [piece.audio.name for piece in pieces],
        "note_aligned_f1": tuned.note_f1,
        f"{frame_score}_f1": tuned.frame_score_f1,
        "frame_tuned_by": frame_score,
    }
    thresholds = {**card.thresholds, "onset": tuned.onset, "frame": tuned.frame}
    thresholds.pop("offset", None)
    if tuned.offset is not None:
        thresholds["offset"] = tuned.offset
    return replace(
        card,
        thresholds=thresholds,
        training={**card.training, "threshold_tuning": record},
    )


def write_card(checkpoint: Path, output: Path, card: ModelCard) -> None:
    """Write the weights of ``checkpoint``, in the precision they are stored in, with ``card``."""
    model, _ = load_model(checkpoint)
    save_checkpoint(output, model, card, dtype=_stored_dtype(checkpoint))


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    try:
        _run(options)
    except AmtStudioError as error:
        print(f"training.tune_thresholds: error: {error}", file=sys.stderr)
        return error.exit_code
    return 0


def _run(options: argparse.Namespace) -> None:
    pieces = pieces_of(options.folder, split=options.split)
    transcriber = load_transcriber(options.checkpoint, device=options.device)
    card = transcriber.card
    if card.decoder == FRAME_RUNS:
        _tune_frames(options, transcriber, pieces)
        return
    heard = heard_pieces(pieces, transcriber, extend_by_pedal=not options.key_offsets)
    tuned = tune(heard, frame_start=card.thresholds["frame"], frame_score=options.frame_score)
    write_card(
        options.checkpoint,
        options.output or options.checkpoint,
        tuned_card(card, tuned, pieces, options.frame_score),
    )
    print(f"onset {tuned.onset:.2f}: mean aligned note F1 {tuned.note_f1:.4f}")
    offset = "none" if tuned.offset is None else f"{tuned.offset:.2f}"
    print(
        f"frame {tuned.frame:.2f}, offset {offset}: "
        f"mean {options.frame_score} F1 {tuned.frame_score_f1:.4f}"
    )


def _tune_frames(
    options: argparse.Namespace, transcriber: Transcriber, pieces: Sequence[Piece]
) -> None:
    """The one threshold of a model without onsets, by frame F1."""
    heard = hear_frames(transcriber, pieces, extend_by_pedal=not options.key_offsets)
    threshold = best_threshold(heard)
    mean = sum(recording.frame_f1(threshold) for recording in heard) / len(heard)
    files = [piece.audio.name for piece in pieces]
    record = {"files": files, "frame_f1": mean, "frame_tuned_by": "frame"}
    card = replace(
        transcriber.card,
        thresholds={**transcriber.card.thresholds, "frame": threshold},
        training={**transcriber.card.training, "threshold_tuning": record},
    )
    write_card(options.checkpoint, options.output or options.checkpoint, card)
    print(f"frame {threshold:.2f}: mean frame F1 {mean:.4f}")


def _decoded(
    activations: Activations,
    settings: DecodingSettings,
    onset: float,
    frame: float,
    offset: float | None,
) -> Transcription:
    moved = replace(settings, onset_threshold=onset, frame_threshold=frame, offset_threshold=offset)
    notes, pedals = decode(activations, moved)
    return Transcription(notes, tuple(pedals))


def _stored_dtype(checkpoint: Path) -> torch.dtype:
    with safe_open(checkpoint, framework="pt") as file:
        stored = {file.get_slice(name).get_dtype() for name in file.keys()}  # noqa: SIM118
    return next((dtype for name, dtype in _DTYPES.items() if name in stored), torch.float32)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.tune_thresholds", description=__doc__)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("-o", "--output", type=Path, help="by default CHECKPOINT is rewritten")
    parser.add_argument(
        "--frame-score", choices=get_args(FrameScore), default="note_offset_aligned"
    )
    add_measuring_options(parser)
    return parser


if __name__ == "__main__":
    sys.exit(main())
