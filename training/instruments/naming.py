"""Find from when on instruments are named: ``python -m training.instruments.naming --help``.

A detector's output on held-out recordings shows how reliable its score over half a minute is. An
instrument is named where it is more likely to play than not, according to a logistic curve fitted
to the scores of all classes, with an offset for each class: most classes have too few recordings
for separate thresholds to mean much. The threshold of a class that is in none of the recordings
depends on its false scores. The seconds of a named instrument are found by the lowest threshold at
which they are right often enough.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import scipy.optimize
import torch

from amtstudio.decoding.instrument_naming import (
    NamingThresholds,
    neighbourly,
    renamed,
    supported,
)
from amtstudio.engine import InstrumentDetector
from amtstudio.models import find_model
from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity
from training.instruments.naming_scores import BoolArray, Played, naming_scores
from training.text_table import percent, text_table

FloatArray = npt.NDArray[np.float32]

LOWEST = 0.02
_RIDGE = 1.0  # of the place of each class: as much as one recording says
_PRECISION_FLOOR = 0.7  # of the seconds
_EPSILON = 1e-4


def _logit(probs: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    inside = np.clip(probs.astype(np.float64), _EPSILON, 1.0 - _EPSILON)
    logit: npt.NDArray[np.float64] = np.log(inside / (1.0 - inside))
    return logit


def find_stretch_thresholds(
    scores: FloatArray, present: BoolArray, observed: BoolArray, *, probability: float = 0.5
) -> FloatArray:
    """From which score on each class is present with ``probability``.

    Parameters
    ----------
    scores : np.ndarray, shape (n_recordings, n_classes)
    present, observed : np.ndarray of bool, of the same shape
    probability : float

    Returns
    -------
    np.ndarray, shape (n_classes,)
        At least ``LOWEST``.
    """
    n_classes = scores.shape[1]
    x, y = _logit(scores[observed]), present[observed].astype(np.float64)
    of_class = np.broadcast_to(np.arange(n_classes), scores.shape)[observed]
    mean, spread = x.mean(), x.std() + 1e-9
    x = (x - mean) / spread

    def loss(weights: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        slope, place, own = weights[0], weights[1], weights[2:]
        z = slope * x + place + own[of_class]
        wrong = 1.0 / (1.0 + np.exp(-z)) - y
        value = (np.logaddexp(0.0, z) - y * z).sum() + 0.5 * _RIDGE * (own**2).sum()
        by_class = np.bincount(of_class, wrong, n_classes) + _RIDGE * own
        return float(value), np.concatenate([[(wrong * x).sum(), wrong.sum()], by_class])

    found = scipy.optimize.minimize(loss, np.zeros(n_classes + 2), jac=True, method="L-BFGS-B").x
    wanted = np.log(probability / (1.0 - probability))
    at = (wanted - found[1] - found[2:]) / max(found[0], 1e-9) * spread + mean
    thresholds: FloatArray = np.round(np.clip(1.0 / (1.0 + np.exp(-at)), LOWEST, 1.0), 2)
    return thresholds.astype(np.float32)


def find_second_threshold(
    played: Sequence[Played], stretch: FloatArray, *, floor: float = _PRECISION_FLOOR
) -> float:
    """The lowest threshold at which seconds of named instruments are right as often as ``floor``.

    ``stretch`` are the thresholds of stretches. The highest if none is.
    """
    scores, right = [], []
    for each in played:
        activity = each.activity
        candidates = supported(activity.scores, activity.attention, stretch) & each.observed
        scores.append(neighbourly(activity.scores)[candidates])
        right.append(each.labels[candidates])
    all_scores, all_right = np.concatenate(scores), np.concatenate(right)
    grid = np.arange(LOWEST, 0.9, 0.01)
    for threshold in grid:
        chosen = all_right[all_scores >= threshold]
        if len(chosen) and chosen.mean() >= floor:
            break
    return round(float(threshold), 2)


def hear(detector: InstrumentDetector, path: Path) -> list[Played]:
    """What a detector makes of the recordings or mixtures of a file of ``rendering``."""
    with np.load(path, allow_pickle=False) as arrays:
        audios, labels, unknowns = (arrays[key] for key in ("audio", "labels", "unknowns"))
    return [
        Played(detector.detect_blocks([audio.astype(np.float32) / 32768.0]), label, unknown)
        for audio, label, unknown in zip(audios, labels, unknowns, strict=True)
    ]


def by_single_seconds(activity: InstrumentActivity) -> InstrumentActivity:
    """Named by the score of each second alone, and of the whole recording, to compare with."""
    return replace(
        activity,
        track_thresholds=activity.thresholds,
        heard=activity.scores >= activity.thresholds,
        is_named=activity.track_scores >= activity.thresholds,
    )


def _table(played: Sequence[Played], thresholds: NamingThresholds) -> str:
    rows = []
    for name, changed in (
        ("single seconds", by_single_seconds),
        ("stretches", lambda activity: renamed(activity, thresholds)),
    ):
        scores = naming_scores([replace(p, activity=changed(p.activity)) for p in played])
        rows.append((name, *(percent(value) for value in scores.values())))
    headings = ("named by", "names P", "R", "seconds P", "R", "stray: solos", "ensembles")
    return text_table(headings, rows)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("recordings", nargs="+", type=Path, help="of 'rendering recordings'")
    parser.add_argument("--model", default="instruments")
    parser.add_argument("--check", nargs="*", type=Path, default=[], help="others, to measure on")
    parser.add_argument("--probability", type=float, default=0.5, help="to be named from")
    parser.add_argument("--floor", type=float, default=_PRECISION_FLOOR, help="of the seconds")
    parser.add_argument("-o", "--output", type=Path, help="the model with these thresholds")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    detector = InstrumentDetector.load(options.model, device="cpu", n_threads=1)
    played = [each for path in options.recordings for each in hear(detector, path)]
    stretch = find_stretch_thresholds(
        np.stack([each.activity.track_scores for each in played]),
        np.stack([each.present for each in played]),
        np.stack([each.observed for each in played]),
        probability=options.probability,
    )
    second = find_second_threshold(played, stretch, floor=options.floor)
    thresholds = NamingThresholds(stretch, second)
    print(f"{len(played)} recordings; seconds from {second:.2f}; stretches from")
    for name, threshold in zip(INSTRUMENT_CLASSES, stretch.tolist(), strict=True):
        n_present = sum(int(each.present[INSTRUMENT_CLASSES.index(name)]) for each in played)
        print(f"  {name:<18}{threshold:5.2f}{n_present:5d}")
    print(_table(played, thresholds))
    for path in options.check:
        print(f"\n{path.name}\n{_table(hear(detector, path), thresholds)}")
    if options.output is not None:
        write_thresholds(find_model(options.model), options.output, thresholds)


def write_thresholds(model: Path, output: Path, thresholds: NamingThresholds) -> None:
    """A copy of a model whose card says when instruments are named."""
    network, card = load_model(model)
    named = {
        f"stretch_{name}": round(value, 2)
        for name, value in zip(INSTRUMENT_CLASSES, thresholds.stretch.tolist(), strict=True)
    }
    common = {"stretch": 0.5, "second": thresholds.second}
    card = replace(card, thresholds={**card.thresholds, **common, **named})
    save_checkpoint(output, network, card)


if __name__ == "__main__":
    main()
