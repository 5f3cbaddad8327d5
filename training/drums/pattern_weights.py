"""The weights of repetition for each drum, fitted on kits not used in training.

    python -m training.drums.pattern_weights MODEL --bank BANK --groove GROOVE --pool POOL
                                             [--write NEW]

Hears forty seconds at a time of kits kept for tuning and of kits that were trained on, alone and
with others, drummed by people and by programs; finds for each drum the gain and cost
(``decoding.drum_patterns``) that are best for F1 over these four kinds, at the thresholds of the
model's card, and prints F1 before and after. NEW is the model with them in its card.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from amtstudio.decoding import DrumSettings
from amtstudio.decoding.drum_hits import find_hits, thresholds_of
from amtstudio.decoding.drum_patterns import PatternWeights, by_patterns
from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.symbolic.drums import DRUMS
from training.documented_parser import documented_parser
from training.drums.evaluation import Counts, HeldOutClip, compare, hear_kits, load_drums
from training.text_table import text_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    Table = npt.NDArray[np.float64]

GAINS = (0.0, 0.3, 0.6, 0.9, 1.2, 1.5)
COSTS = (0.0, 0.3, 0.6, 0.9)
_SECONDS = 40.0
_SEED = 77
_NEAR_BEST = 0.003  # of F1: of what is as good as the best, the least is taken


def f1_of(
    kinds: Sequence[Sequence[HeldOutClip]],
    frames_per_second: float,
    thresholds: Sequence[float],
    weights: PatternWeights,
) -> Table:
    """Of each kind of clips and each drum; shape (n_kinds, n_drums)."""
    rows = []
    for clips in kinds:
        counts = [Counts() for _ in DRUMS]
        for clip in clips:
            onset = by_patterns(clip.heard.onset, frames_per_second, weights)
            hits = find_hits(onset, clip.heard.velocity, thresholds)
            for number, count in enumerate(counts):
                times = hits.position[hits.drum == number] / frames_per_second
                count.add(compare(clip.hits[clip.hits[:, 1] == number, 0], times))
        rows.append([count.f1 for count in counts])
    return np.array(rows)


def best_weights(tables: Mapping[tuple[float, float], Table]) -> PatternWeights:
    """For each drum the least gain and cost whose mean over the kinds is nearly the best.

    The mean over those beside it on the grid counts as well: a peak alone is chance.

    Parameters
    ----------
    tables : mapping of (gain, cost) to np.ndarray, shape (n_kinds, n_drums)
        F1 of every pair of ``GAINS`` and ``COSTS``.
    """
    mean = np.array(
        [[np.nanmean(tables[gain, cost], axis=0) for cost in COSTS] for gain in GAINS]
    )  # (gains, costs, drums)
    padded = np.pad(mean, ((1, 1), (1, 1), (0, 0)), mode="edge")
    beside = np.stack([padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]])
    smooth = (mean + beside.mean(axis=0)) / 2.0
    gain, cost = [], []
    for number in range(len(DRUMS)):
        of_drum = smooth[..., number]
        near = np.argwhere(of_drum >= of_drum.max() - _NEAR_BEST)
        row, column = min(near.tolist(), key=lambda place: GAINS[place[0]] + COSTS[place[1]])
        gain.append(GAINS[row])
        cost.append(COSTS[column])
    return PatternWeights(tuple(gain), tuple(cost))


def main(arguments: list[str] | None = None) -> None:
    parser = documented_parser("training.drums.pattern_weights", __doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--groove", type=Path, required=True)
    parser.add_argument("--pool", type=Path, required=True, help="held-out accompaniment")
    parser.add_argument("--cache", type=Path, default=Path())
    parser.add_argument("--count", type=int, default=60, help="clips of each kind")
    parser.add_argument("--write", type=Path, metavar="NEW")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    model, plain = load_drums(options.model)
    frames_per_second = model.grid.sample_rate / model.grid.hop_length
    names, kinds = [], []
    for role, pool in product(("tune", "train", "test"), (None, options.pool)):
        names.append(f"{role}, {'alone' if pool is None else 'accompanied'}")
        kinds.append(
            hear_kits(
                model,
                options.bank,
                options.groove,
                role=role,
                count=options.count,
                pool=pool,
                cache=options.cache,
                seed=_SEED,
                seconds=_SECONDS,
                random_share=0.0,  # strokes without any pattern: nobody plays like that
            )
        )
    thresholds = thresholds_of(plain)
    level = DrumSettings.from_card(plain | {"kick_pattern_gain": 1.0}).patterns.level
    tables = {
        (gain, cost): f1_of(
            kinds[:4],
            frames_per_second,
            thresholds,
            PatternWeights((gain,) * len(DRUMS), (cost,) * len(DRUMS), level),
        )
        for gain, cost in product(GAINS, COSTS)
    }
    found = replace(best_weights(tables), level=level)
    before = f1_of(kinds, frames_per_second, thresholds, PatternWeights())
    after = f1_of(kinds, frames_per_second, thresholds, found)
    rows = [["gain", *map(str, found.gain), ""], ["cost", *map(str, found.cost), ""]]
    for name, former, now in zip(names, before, after, strict=True):
        for word, scores in (("before", former), ("after", now)):
            rows.append([f"{name}, {word}", *(f"{score:.3f}" for score in scores)])
            rows[-1].append(f"{np.nanmean(scores):.3f}")
    print(text_table(["F1 of clips", *DRUMS, "mean"], rows))
    if options.write is not None:
        network, card = load_model(options.model)
        told = {f"{drum}_pattern_gain": found.gain[n] for n, drum in enumerate(DRUMS)}
        told |= {f"{drum}_pattern_cost": found.cost[n] for n, drum in enumerate(DRUMS)}
        told = {name: value for name, value in told.items() if value}
        kept = {name: value for name, value in card.thresholds.items() if "_pattern_" not in name}
        save_checkpoint(options.write, network, replace(card, thresholds=kept | told))


if __name__ == "__main__":
    main()
