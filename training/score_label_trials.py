"""How good labels made from a score are, against the model's own notes.

``python -m training.score_label_trials FOLDER [--seconds S] [--pieces N]``

The truth of each recording is turned into a score such as a user may have: its tempo varies by
``--warp``, a share ``--missing`` of the notes is left out, and everything is as long as written. It
is aligned with the model's transcription, and both are compared with the truth.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from amtstudio.audio import read_mono
from amtstudio.engine import load_transcriber
from amtstudio.learning.hearing import hear, note_settings
from amtstudio.learning.score_alignment import align_score
from amtstudio.scoring import score_notes
from amtstudio.symbolic import NoteTable, Transcription
from training.adaptation_conditions import until
from training.datasets import find_pieces
from training.documented_parser import documented_parser
from training.truth import read_truth

_KNOTS_S = 4.0  # between two changes of tempo


def as_score(
    truth: NoteTable, rng: np.random.Generator, *, warp: float, missing: float
) -> NoteTable:
    """The notes in a tempo that wanders by up to ``warp`` either way, some of them left out."""
    end = float(truth.offset.max()) + _KNOTS_S
    knots = np.arange(0.0, end + _KNOTS_S, _KNOTS_S)
    tempo = rng.uniform(1.0 - warp, 1.0 + warp, len(knots))
    times = np.concatenate([[0.0], np.cumsum(tempo[:-1] * _KNOTS_S)])
    kept = truth.take(np.flatnonzero(rng.random(len(truth)) >= missing))
    return replace(
        kept, onset=np.interp(kept.onset, knots, times), offset=np.interp(kept.offset, knots, times)
    )


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parser().parse_args(arguments)
    transcriber = load_transcriber(options.model, device="cpu", n_threads=1)
    threshold = note_settings(transcriber).onset_threshold
    rows = []
    pieces = find_pieces(options.folder)
    order = np.random.default_rng(options.seed).permutation(len(pieces))[: options.pieces]
    print("model's notes: aligned, plain; labels: aligned, plain; matched, extra, covered, masked")
    for number in order:
        piece = pieces[int(number)]
        audio = read_mono(
            piece.audio, sample_rate=transcriber.card.sample_rate, end=options.seconds
        )
        truth = until(read_truth(piece.truth), options.seconds)
        heard = hear(transcriber, audio)
        rng = np.random.default_rng([options.seed, int(number)])
        score = as_score(truth.notes, rng, warp=options.warp, missing=options.missing)
        found = align_score(score, heard.activations, onset_threshold=threshold)
        inside = [(entry.start, entry.end) for entry in found.passages]
        labels = NoteTable.of(note for entry in found.passages for note in entry.notes)
        guessed = NoteTable.of(
            note for entry in found.passages for note in (*entry.notes, *entry.unsure)
        )
        known = _within(truth.notes, inside)
        own = _scores(known, _within(heard.notes(), inside))
        made = _scores(known, labels.in_order())
        n_masked = len(guessed) - len(labels)
        row = [
            *own,
            *made,
            found.matched,
            found.extra,
            found.covered,
            n_masked / max(len(guessed), 1),
        ]
        rows.append(row)
        print(piece.audio.stem[:24].ljust(25), _shown(row), flush=True)
    print("mean".ljust(25), _shown(np.mean(rows, axis=0).tolist()))


def _within(notes: NoteTable, spans: Sequence[tuple[float, float]]) -> NoteTable:
    inside = np.zeros(len(notes), dtype=bool)
    for start, end in spans:
        inside |= (notes.onset >= start) & (notes.onset < end)
    return notes.take(np.flatnonzero(inside))


def _scores(truth: NoteTable, found: NoteTable) -> tuple[float, float]:
    scores = score_notes(Transcription(truth), Transcription(found))
    return scores.note_aligned.f1, scores.note.f1


def _shown(values: Sequence[float]) -> str:
    return "  ".join(f"{100 * value:5.1f}" for value in values)


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.score_label_trials", __doc__)
    parser.add_argument("folder", type=Path, help="recordings with their truth")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each, from its beginning")
    parser.add_argument("--pieces", type=int, default=6)
    parser.add_argument("--warp", type=float, default=0.15)
    parser.add_argument("--missing", type=float, default=0.03)
    parser.add_argument("--model", default="piano")
    parser.add_argument("--seed", type=int, default=19)
    return parser


if __name__ == "__main__":
    main()
