"""How much of a written score is found again after somebody has played it.

    python -m training.score_quality SCORES [--pieces 20] [--beats true|tracked|told]

SCORES is a checkout of github.com/OpenScore/Lieder (CC0). Prints, for piano parts and for song
melodies, the share of notes whose value, name, hand and place in the bar are those of the score.
The beats are the true ones, or tracked: without help, or by a tracker that is given the tempo and
the meter.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from amtstudio.notation import DIVISIONS, Score, arrange
from amtstudio.symbolic import TempoMap, Track, Transcription
from training.score_truth import WrittenNote, WrittenPiece, read_pieces
from training.text_table import text_table

_SAME = 1.0 / DIVISIONS  # in quarters
_LONGEST_S = 150.0


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    rows = []
    for kind in ("piano parts", "melodies"):
        pieces = held_out(
            options.scores, options.pieces, of_piano=kind == "piano parts", split=options.split
        )
        for playing in ("as written", "expressive"):
            scores = np.array(
                [
                    score_piece(piece, seed, playing=playing, beats=options.beats)
                    for seed, piece in enumerate(pieces)
                ]
            )
            mean = scores.mean(axis=0)
            rows.append(
                [kind, playing, str(len(pieces)), *(f"{100 * value:.1f} %" for value in mean)]
            )
    heads = ["music", "played", "pieces", "value", "name", "or moved", "hand", "place in the bar"]
    print(text_table(heads, rows))
    return 0


def held_out(folder: Path, n_pieces: int, *, of_piano: bool, split: str) -> list[WrittenPiece]:
    """Of composers set aside as the beat tracker does, in the order of the alphabet, spread out."""
    digits = {"test": {0}, "train": {1, 2, 3, 4}}[split]
    paths = [
        path
        for path in sorted(folder.rglob("*.mxl"))
        if hashlib.sha256(_composer(path).encode()).digest()[0] % 10 in digits
    ]
    step = max(1, len(paths) // (3 * n_pieces))
    pieces: list[WrittenPiece] = []
    for path in [path for first in range(step) for path in paths[first::step]]:
        pieces += read_pieces(path, of_piano=of_piano)[:1]
        if len(pieces) >= n_pieces:
            break
    return pieces


def _composer(path: Path) -> str:
    return path.parts[-4]  # scores, composer, set, song, file


def score_piece(piece: WrittenPiece, seed: int, *, playing: str, beats: str) -> tuple[float, ...]:
    """The result of ``compare`` for the first minutes of a piece."""
    rng = np.random.default_rng([7, seed]) if playing == "expressive" else None
    transcription, written = piece.performance(rng)
    n_notes = int(np.count_nonzero(transcription.notes.onset < _LONGEST_S))
    transcription = replace(transcription, notes=transcription.notes[:n_notes])
    if len({note.staff for note in written}) == 1:
        track = Track.named("voice")
        transcription = replace(transcription, notes=replace(transcription.notes, tracks=(track,)))
    if beats != "true":
        transcription = replace(
            transcription, tempo=_tracked(transcription, is_told=beats == "told")
        )
    return compare(arrange(transcription), written)


def compare(score: Score, written: list[WrittenNote]) -> tuple[float, ...]:
    """Shares, 0 to 1, of the notes of a score that are as they were written.

    Of values, names, names where the whole part may be moved to G flat for F sharp or the like
    (which nobody hears), hands, and places in the bar.
    """
    right = []
    fifths = []
    for note in (note for part in score.parts for note in part.notes):
        truth = written[note.row]
        bar = score.bars.bar_at(note.onset)
        missing = bar.beats * 4 / bar.beat_type - bar.length / DIVISIONS if bar.is_upbeat else 0.0
        place = (note.onset - bar.onset) / DIVISIONS + missing
        length = (note.offset - note.onset) / DIVISIONS
        fifths.append(
            _fifth(note.spelling.step, note.spelling.alter) - _fifth(truth.step, truth.alter)
        )
        right.append(
            (
                abs(length - truth.length) <= _SAME,
                (note.spelling.step, note.spelling.alter) == (truth.step, truth.alter),
                note.staff == truth.staff,
                abs(place - truth.place) <= _SAME,
            )
        )
    value, name, hand, at = np.mean(right, axis=0).tolist()
    moved = max(float(np.mean(np.array(fifths) == shift)) for shift in (-12, 0, 12))
    return value, name, moved, hand, at


def _fifth(step: str, alter: int) -> int:
    """Place of a name on the line of fifths."""
    return "FCGDAEB".index(step) + 7 * alter


def _tracked(transcription: Transcription, *, is_told: bool) -> TempoMap | None:
    from amtstudio.engine.beat_tracker import BeatHints, BeatTracker  # noqa: PLC0415 - imports torch

    truth = transcription.tempo
    assert truth is not None
    hints = BeatHints(truth.tempo, truth.meter) if is_told else BeatHints()
    found = BeatTracker.load().track(transcription.notes, hints)
    return None if found is None else found.tempo


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training.score_quality", description=__doc__)
    parser.add_argument("scores", type=Path)
    parser.add_argument("--pieces", type=int, default=20)
    parser.add_argument("--beats", choices=("true", "tracked", "told"), default="true")
    parser.add_argument("--split", choices=("test", "train"), default="test")
    return parser


if __name__ == "__main__":
    sys.exit(main())
