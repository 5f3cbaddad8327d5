"""Fit what speaks for bar lines, beside the network for beats.

    python -m training.beats.bar_weights --material MATERIAL --scores LIEDER --quartets QUARTETS
                                         --keyboard KEYBOARD [--cache MUSIC.npz] [--pieces N]
                                         [--folds K]

prints the weights of ``amtstudio.decoding.bar_lines``, fitted on training music alone, and first
the F1 of downbeats of each sort of music, with pieces left out in turn from the fit: by the network
alone and with the weights. Two fits: one for the meter of a whole piece, among all meters and
places of its bars by how many downbeats they find, and one for single beats.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import mir_eval
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from amtstudio.decoding.bar_lines import Listener, PitchedNotes, Weights
from amtstudio.decoding.beat_decoder import bars_of, decode_beats, share_of_bars
from amtstudio.features.note_features import GRID
from amtstudio.models import find_model
from amtstudio.models.beats import Beats
from amtstudio.models.checkpoint import load_model
from training.beats.pieces import (
    KNOWN_BARS,
    BeatPiece,
    Doubles,
    add_material_options,
    chosen_pieces,
)
from training.beats.playing import as_heard, features_of, played
from training.text_table import text_table

METERS = (2, 3, 4)
_SHARES = {"lieder": 1.0, "quartets": 0.75, "keyboard": 0.75, "pop909": 0.33}
_LONGEST_S = 120.0
_AFTER_S = 1.0
_IS_DRUM = 0.5
_SOFTNESS = 0.08  # of F1: two hypotheses that differ by less are both right
_DECAY_OF_BARS, _DECAY_OF_BEATS = 1e-2, 1e-3
_LEAST_F1 = 0.5  # a piece whose downbeats none finds is not informative
_SAME_LEVEL = 0.1
_NEAR_S = 0.08


@dataclass(frozen=True, eq=False)
class Example:
    """A piece with the beats that were tracked in it, and what speaks for its bars."""

    source: str
    beats: Doubles
    downbeats: Doubles  # that are right
    span: tuple[float, float]
    found: Doubles  # downbeats by the network
    listener: Listener
    is_level_right: bool

    def f1(self, found: Doubles) -> float:
        inside = found[(found >= self.span[0]) & (found <= self.span[1])]
        return float(
            mir_eval.beat.f_measure(*map(mir_eval.beat.trim_beats, (self.downbeats, inside)))
        )

    def hypotheses(self) -> tuple[Doubles, Doubles]:
        """Features of each meter and place of its bars, and F1."""
        number = np.arange(len(self.beats))
        ways = [(meter, phase) for meter in METERS for phase in range(meter)]
        features = np.array([self.listener.bar_features(*way) for way in ways])
        scores = [self.f1(self.beats[number % meter == phase]) for meter, phase in ways]
        return features, np.array(scores)


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    torch.set_num_threads(1)
    model, _ = load_model(find_model(options.model))
    assert isinstance(model, Beats)
    pieces = chosen_pieces(options, options.cache)
    examples = []
    for source, share in _SHARES.items():
        own = [p for p in pieces if p.split == "train" and p.source == source]
        own = [piece for piece in own if piece.is_sure.mean() > KNOWN_BARS]
        count = min(round(options.pieces * share), len(own))
        for seed, place in enumerate(np.linspace(0, len(own) - 1, count).round().astype(int)):
            found = example(model.eval(), own[place], seed)
            if found is not None:
                examples.append(found)
    rows = [[name, *values] for name, values in _left_out(examples, options.folds)]
    print(text_table(["music", "pieces", "by the network", "with the weights"], rows))
    print(fitted(examples))
    return 0


@torch.inference_mode()
def example(model: Beats, piece: BeatPiece, seed: int) -> Example | None:
    """A piece as played or, every fourth, as transcribed by a model; None if it is too short."""
    rng = np.random.default_rng([5, seed])
    is_as_it_is = piece.is_played and seed % 2 == 1
    notes, beats = (piece.notes, piece.beats) if is_as_it_is else played(piece, rng)
    if seed % 4 == 3:
        notes = as_heard(notes, rng)
    notes = notes[notes[:, 0] < _LONGEST_S]
    own = _pitched(notes)
    if not len(own.onset):
        return None
    n_frames = GRID.n_frames(round((notes[:, 0].max() + _AFTER_S) * GRID.sample_rate))
    features = torch.from_numpy(features_of(notes, 0.0, n_frames))[None]
    beat, downbeat = (logits[0].sigmoid().numpy() for logits in model(features))
    found = decode_beats(beat, downbeat, GRID)
    if found is None or not Listener.can_hear(found.beats, own):
        return None
    span = float(own.onset[0]) - 0.1, float(own.onset[-1]) + 0.1
    inside = (beats >= span[0]) & (beats <= span[1])
    steps = np.diff(found.to_beats(beats[inside]))
    share = share_of_bars(beat, downbeat, found.beats, GRID)
    return Example(
        piece.source,
        found.beats,
        beats[inside & piece.is_downbeat],
        span,
        found.downbeats,
        Listener(found.beats, share, own),
        is_level_right=len(steps) > 0 and abs(float(np.median(steps)) - 1.0) < _SAME_LEVEL,
    )


def _pitched(notes: Doubles) -> PitchedNotes:
    own = notes[notes[:, 4] < _IS_DRUM]
    return PitchedNotes(own[:, 0], own[:, 1], own[:, 2].astype(np.int64))


def fitted(examples: Sequence[Example]) -> Weights:
    told = [example.hypotheses() for example in examples]
    told = [(features, scores) for features, scores in told if scores.max() > _LEAST_F1]
    of_bars = _fit_choice(np.stack([f for f, _ in told]), np.stack([s for _, s in told]))
    level = [example for example in examples if example.is_level_right]
    rows = np.concatenate([example.listener.beat_features() for example in level])
    right = np.concatenate([_begins_bar(example) for example in level])
    weight = np.concatenate([np.full(len(e.beats), 1.0 / len(e.beats)) for e in level])
    of_beats, bias = _fit_odds(rows, right, weight)
    return Weights(
        tuple(np.round(of_bars, 3).tolist()), tuple(np.round(of_beats, 3).tolist()), round(bias, 3)
    )


def _begins_bar(example: Example) -> Doubles:
    if not len(example.downbeats):
        return np.zeros(len(example.beats))
    far = np.abs(example.beats[:, None] - example.downbeats[None]).min(axis=1)
    return np.asarray(far < _NEAR_S, np.float64)


def _fit_choice(features: Doubles, scores: Doubles) -> Doubles:
    """Weights (n_features,) of a choice among (n_pieces, n_ways, n_features), by F1 of each."""
    spread = features.reshape(-1, features.shape[2]).std(axis=0) + 1e-3
    rows = torch.from_numpy(features / spread)
    wanted = torch.softmax(torch.from_numpy(scores) / _SOFTNESS, dim=1)

    def loss(weights: Tensor) -> Tensor:
        likely = torch.log_softmax(rows @ weights, dim=1)
        return -(wanted * likely).sum(dim=1).mean() + _DECAY_OF_BARS * (weights**2).sum()

    return np.asarray(_least(loss, features.shape[2]) / spread)


def _fit_odds(rows: Doubles, right: Doubles, weight: Doubles) -> tuple[Doubles, float]:
    """Logistic regression: weights (n_features,) and the bias."""
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    inputs, wanted = torch.from_numpy((rows - middle) / spread), torch.from_numpy(right)
    shares = torch.from_numpy(weight / weight.sum())

    def loss(weights: Tensor) -> Tensor:
        odds = inputs @ weights[:-1] + weights[-1]
        missed = functional.binary_cross_entropy_with_logits(odds, wanted, reduction="none")
        return (shares * missed).sum() + _DECAY_OF_BEATS * (weights[:-1] ** 2).sum()

    found = _least(loss, rows.shape[1] + 1)
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ middle)


def _least(loss: Callable[[Tensor], Tensor], n_weights: int) -> Doubles:
    weights = torch.zeros(n_weights, dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def step() -> Tensor:
        search.zero_grad()
        value = loss(weights)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    search.step(step)  # type: ignore[no-untyped-call]
    return np.asarray(weights.detach().numpy())


def _left_out(examples: Sequence[Example], n_folds: int) -> list[tuple[str, list[str]]]:
    """F1 of each sort of music, of pieces that were not among those of the fit."""
    order = np.random.default_rng(0).permutation(len(examples))
    scores: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for fold in range(n_folds):
        out = order[fold::n_folds].tolist()
        weights = fitted([e for index, e in enumerate(examples) if index not in set(out)])
        for example in (examples[index] for index in out):
            downs = bars_of(example.listener, METERS, weights)
            found = example.f1(example.beats[downs])
            scores[example.source].append((example.f1(example.found), found))
    return [
        (source, [str(len(rows)), *(f"{value:.3f}" for value in np.mean(rows, axis=0))])
        for source, rows in scores.items()
    ]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m training.beats.bar_weights", description=__doc__
    )
    parser.add_argument("--model", default="beats")
    add_material_options(parser)
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--pieces", type=int, default=150)
    parser.add_argument("--folds", type=int, default=5)
    return parser


if __name__ == "__main__":
    sys.exit(main())
