"""What setting timing, loudness and lengths by known notes gives on other recordings.

``python -m training.calibration_trials FOLDER [--minutes M] [--seconds S] [--seeds N ...]``

Some minutes of the recordings have their notes known, as from corrections (*all*) or from a
keyboard recorded along or a file of the very performance (*played*); the calibrations are set and
judged on them as in an adaptation, and all others are scored before and after. Nothing is trained.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np

from amtstudio.audio import read_mono
from amtstudio.decoding import DecodingSettings
from amtstudio.learning.calibration import KnownPart, calibrate_by, divided
from amtstudio.learning.candidate import Candidate
from amtstudio.learning.hearing import Heard, hear
from amtstudio.learning.recordings import UserRecording
from amtstudio.learning.request import Corrections, Passage
from amtstudio.learning.split import split_recordings
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_transcription_model
from amtstudio.scoring import PieceScores, mean_scores, score_notes
from amtstudio.scoring.matching import match_notes
from amtstudio.symbolic import NoteTable, Transcription
from training.adaptation_conditions import GRID, until
from training.datasets import find_pieces
from training.documented_parser import documented_parser
from training.truth import read_truth

KINDS: tuple[Literal["all", "played"], ...] = ("all", "played")
_WITHIN = 12.7  # a tenth of what MIDI has, as the calibration itself counts


@dataclass(frozen=True, slots=True)
class Piece:
    """A model's output on a recording, with the truth."""

    name: str
    heard: Heard
    truth: Transcription
    seconds: float


def heard_pieces(folder: Path, base: Candidate, seconds: float) -> list[Piece]:
    transcriber = base.transcriber()
    pieces = []
    for piece in find_pieces(folder):
        audio = read_mono(piece.audio, sample_rate=base.grid.sample_rate, end=seconds)
        truth = until(read_truth(piece.truth), seconds)
        heard_s = len(audio) / base.grid.sample_rate
        pieces.append(Piece(piece.audio.stem, hear(transcriber, audio), truth, heard_s))
    return pieces


def score(pieces: Sequence[Piece], settings: DecodingSettings) -> tuple[PieceScores, float]:
    """Mean scores, and the mean share of velocities that are right as they are written."""
    scores, written = [], []
    for piece in pieces:
        notes = Heard(piece.heard.activations, settings).notes()
        scores.append(score_notes(piece.truth, Transcription(notes)))
        written.append(written_velocities(piece.truth.notes, notes, scores[-1]))
    return mean_scores(scores), float(np.mean(written))


def written_velocities(truth: NoteTable, found: NoteTable, scores: PieceScores) -> float:
    """Share of the matched notes that are written within a tenth as loud as they were played.

    ``scores`` are those of the two.
    """
    at = match_notes(truth, found, lag=scores.median_deviation_ms / 1000.0)
    error = np.abs(truth.velocity[at[:, 0]] - found.velocity[at[:, 1]])
    return float(np.mean(error <= _WITHIN)) if len(at) else 0.0


def shown(scores: PieceScores, written: float) -> list[float]:
    shares = (
        scores.note.f1,
        scores.note_aligned.f1,
        scores.note_offset.f1,
        written,
        scores.velocity_within,
        scores.note_offset_velocity.f1,
    )
    return [*(100.0 * share for share in shares), scores.median_deviation_ms]


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    model, card = load_transcription_model(find_model(options.model))
    base = Candidate(model, card, model.grid, "cpu", 1)
    pieces = heard_pieces(options.folder, base, options.seconds)
    print(
        "note, aligned, with offset, velocity as written, by mir_eval's rule, all three; lag (ms)"
    )
    rows: dict[str, list[list[float]]] = {}
    for seed in options.seeds:
        order = np.random.default_rng(seed).permutation(len(pieces))
        known, left = [], 60.0 * options.minutes
        while left > 0.0 and len(order) > 1:
            known.append(pieces[order[0]])
            left -= known[-1].seconds
            order = order[1:]
        tests = [pieces[at] for at in order]
        _print(rows, f"{seed} before", shown(*score(tests, _settings(base))))
        for knows in KINDS:
            parts = [_known(piece, knows) for piece in known]
            changed, verdicts = calibrate_by(base, parts)
            _print(rows, f"{seed} {knows}", shown(*score(tests, _settings(changed))))
            for verdict in verdicts:
                kept = "kept" if verdict.adopted else "not kept"
                print(f"  {verdict.quality}: {verdict.before:.3f} to {verdict.after:.3f}, {kept}")
    for name, found in rows.items():
        _print({}, f"mean {name}", np.mean(found, axis=0).tolist())


def _known(piece: Piece, knows: Literal["all", "played"]) -> KnownPart:
    """The piece with its truth, three quarters of it to teach by."""
    passage = Passage(0.0, piece.seconds, tuple(piece.truth.notes), knows=knows)
    recording = UserRecording(piece.name, piece.name, np.zeros(1, np.float32), GRID)
    recording = replace(recording, corrections=Corrections((passage,)))
    return KnownPart(piece.heard, *divided(recording, split_recordings([recording])))


def _settings(candidate: Candidate) -> DecodingSettings:
    settings = candidate.transcriber().settings
    assert isinstance(settings, DecodingSettings)
    return settings


def _print(rows: dict[str, list[list[float]]], name: str, values: list[float]) -> None:
    rows.setdefault(name.rsplit(maxsplit=1)[-1], []).append(values)
    print(name.ljust(14), "  ".join(f"{value:5.1f}" for value in values), flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.calibration_trials", __doc__)
    parser.add_argument("folder", type=Path, help="recordings of one instrument, with truth")
    parser.add_argument("--minutes", type=float, default=5.0, help="whose notes are known")
    parser.add_argument("--seconds", type=float, default=40.0, help="of each recording")
    parser.add_argument("--model", default="piano")
    parser.add_argument("--seeds", type=int, nargs="+", default=[31, 32, 33])
    return parser


if __name__ == "__main__":
    main()
