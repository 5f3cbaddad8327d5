"""Score a beat tracker on music that it was not trained on.

    python -m training.beats.evaluation [MODEL] --material MATERIAL --scores LIEDER [--pieces N]
                                        [--cache FILE.npz]

prints, for popular songs, song accompaniments played with an expressive tempo, and drumming, the
mean F1 of beats and of downbeats (mir_eval, within 70 ms, the first five seconds left out).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import mir_eval
import numpy as np
import torch

from amtstudio.decoding.beat_decoder import BeatSettings, decode_beats
from amtstudio.features.note_features import GRID
from amtstudio.models import find_model
from amtstudio.models.beats import Beats
from amtstudio.models.checkpoint import load_model
from amtstudio.symbolic.tempo import TempoMap
from training.beats.pieces import BeatPiece, Doubles, load_pieces
from training.beats.playing import features_of, played
from training.text_table import text_table

_LONGEST_S = 120.0
_AFTER_S = 1.0


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    model, _ = load_model(find_model(options.model))
    assert isinstance(model, Beats)
    pieces = [
        piece
        for piece in load_pieces(options.material / "midi", options.cache, scores=options.scores)
        if piece.split == "test"
    ]
    rows = []
    for source in ("pop909", "lieder", "groove"):
        music = [piece for piece in pieces if piece.source == source][: options.pieces]
        scores = np.array([score(model, piece, seed) for seed, piece in enumerate(music)])
        mean = scores.mean(axis=0)
        rows.append([source, str(len(music)), *(f"{value:.3f}" for value in mean)])
    print(text_table(["music", "pieces", "beats", "downbeats", "beats x 2, / 2"], rows))
    return 0


def score(model: Beats, piece: BeatPiece, seed: int) -> tuple[float, float, float]:
    """F1 of beats, of downbeats, and of beats where twice and half the tempo are as good."""
    notes, beats = piece.notes, piece.beats
    if not piece.is_played:
        notes, beats = played(piece, np.random.default_rng([99, seed]))
    inside = notes[:, 0] < _LONGEST_S
    notes, beats_in = notes[inside], beats < _LONGEST_S
    reference, downs = beats[beats_in], piece.is_downbeat[beats_in]
    found = track(model, notes)
    estimate = np.zeros(0) if found is None else found.beats
    bars = np.zeros(0) if found is None else found.downbeats
    # Before the first note and after the last there is nothing to go by.
    first, last = notes[0, 0] - 0.1, notes[-1, 0] + 0.1

    def f1(reference: Doubles, estimate: Doubles) -> float:
        parts = [part[(part >= first) & (part <= last)] for part in (reference, estimate)]
        return float(mir_eval.beat.f_measure(*map(mir_eval.beat.trim_beats, parts)))

    plain = f1(reference, estimate)
    halves = [estimate[::2], estimate[1::2]]
    between = np.sort(np.concatenate([estimate, estimate[:-1] + np.diff(estimate) / 2]))
    either = max(plain, *(f1(reference, other) for other in (*halves, between)))
    return plain, f1(reference[downs], bars), either


@torch.inference_mode()
def track(model: Beats, notes: Doubles, settings: BeatSettings | None = None) -> TempoMap | None:
    n_frames = GRID.n_frames(round((notes[:, 0].max() + _AFTER_S) * GRID.sample_rate))
    features = torch.from_numpy(features_of(notes, 0.0, n_frames))[None]
    beat, downbeat = (logits[0].sigmoid().numpy() for logits in model.eval()(features))
    return decode_beats(beat, downbeat, GRID, settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.beats.evaluation", description=__doc__
    )
    parser.add_argument("model", nargs="?", default="beats")
    parser.add_argument("--material", type=Path, required=True)
    parser.add_argument("--scores", type=Path, help="a copy of OpenScore/Lieder")
    parser.add_argument("--pieces", type=int, default=40)
    parser.add_argument("--cache", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
