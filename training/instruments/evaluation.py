"""Measure an instrument detector: ``python -m training.instruments.evaluation --help``."""

from __future__ import annotations

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import torch

from amtstudio.audio import stream_mono
from amtstudio.engine import InstrumentDetector, find_mismatch
from amtstudio.scoring.ranking import auroc
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES, InstrumentActivity
from training.instruments.confusion import (
    confusion_lines,
    draw_confusion,
    missed_where_named,
)
from training.instruments.metrics import mean_scores, ranking_precision, score_classes
from training.instruments.yamnet import Yamnet, class_scores

BoolArray = npt.NDArray[np.bool_]

SAMPLE_RATE = 16000  # Hz
RESOLUTIONS_S = (1.0, 5.0, 10.0, math.inf)
# What data sets of stems call their instruments. Empty: none of the classes.
CLASSES_BY_NAME = {
    "drum set": ("drums", "cymbals"),
    "electric bass": ("bass",),
    "double bass": ("bass",),
    "acoustic guitar": ("guitar",),
    "clean electric guitar": ("guitar",),
    "distorted electric guitar": ("guitar",),
    "lap steel guitar": ("guitar",),
    "male singer": ("voice",),
    "female singer": ("voice",),
    "vocalists": ("voice",),
    "piano": ("piano",),
    "tack piano": ("piano",),
    "synthesizer": ("synthesizer",),
    "violin": ("violin",),
    "cello": ("cello",),
    "flute": ("flute",),
    "clarinet": ("clarinet",),
    "trumpet": ("trumpet",),
    "trombone": ("trombone",),
    "tenor saxophone": ("saxophone",),
    "baritone saxophone": ("saxophone",),
    "accordion": ("accordion",),
    "banjo": ("banjo",),
    "mandolin": ("mandolin",),
    "vibraphone": ("mallet_percussion",),
    "glockenspiel": ("mallet_percussion",),
    "cymbal": ("cymbals",),
}
# Where the 18 classes of Gururani, Summers and Lerch (ISMIR 2018) meet ours, by their names: three
# guitars, three voices and two basses are one class here; string sections, electric pianos and
# tabla are none.
MULTITRACK_CLASSES = {
    "drum set": "drums",
    "electric bass": "bass",
    "double bass": "bass",
    "male singer": "voice",
    "female singer": "voice",
    "vocalists": "voice",
    "distorted electric guitar": "guitar",
    "clean electric guitar": "guitar",
    "acoustic guitar": "guitar",
    "synthesizer": "synthesizer",
    "piano": "piano",
    "electric organ": "organ",
    "cello": "cello",
    "violin": "violin",
    "flute": "flute",
}
# Of the folders of solo recordings: what sounds, and what one may take it for.
SOLO_FOLDERS = {
    "piano_disklavier": (("piano",), ()),
    "piano_open": (("piano",), ()),
    "guitar": (("guitar",), ("ukulele", "mandolin", "banjo")),
    "harmonica": ((), ("accordion", "organ")),
}


@dataclass(frozen=True)
class Truth:
    """What sounds in a recording; ``near`` are classes that are neither right nor wrong."""

    path: Path
    group: str
    present: tuple[str, ...]
    near: tuple[str, ...] = ()


def find_truths(folder: Path) -> Iterator[Truth]:
    """Recordings of a folder laid out as the development recordings are."""
    for path in sorted(folder.glob("drums_band/*.ogg")):
        stem, kind = path.stem.rsplit(".", 1)
        if kind not in ("mix", "remix"):
            continue
        listed = json.loads((path.parent / f"{stem}.instruments.json").read_text())
        names = set(listed["stem_instruments"].values())
        present = {name for each in names for name in CLASSES_BY_NAME.get(each, ())}
        yield Truth(path, "band", tuple(sorted(present)))
    for name, (present_, near) in SOLO_FOLDERS.items():
        for path in sorted((folder / name).glob("*.flac")) + sorted((folder / name).glob("*.ogg")):
            yield Truth(path, name, present_, near)


class FileDetector(Protocol):
    """What finds the instruments of a file."""

    def detect_file(self, path: Path, /) -> InstrumentActivity: ...


class TeacherScores:
    """YAMNet's own scores for our classes, averaged over a recording, to compare with."""

    def __init__(self, folder: Path) -> None:
        self._yamnet = Yamnet.load(folder)

    def detect_file(self, path: Path, /) -> InstrumentActivity:
        audio = np.concatenate(list(stream_mono(path, sample_rate=SAMPLE_RATE)))
        heard = self._yamnet.seconds(torch.from_numpy(audio))
        scores = class_scores(heard.logits).numpy()
        onsets = np.arange(len(scores), dtype=np.float32)
        even = np.full(scores.shape, 1.0 / len(scores), dtype=np.float32)
        return InstrumentActivity(
            INSTRUMENT_CLASSES, onsets, onsets + 1, scores, even, scores.mean(axis=0),
            np.full(len(INSTRUMENT_CLASSES), 0.5, dtype=np.float32), len(audio) / SAMPLE_RATE,
        )  # fmt: skip


def evaluate_recordings(detector: FileDetector, folder: Path) -> dict[str, object]:
    """How far the true classes of whole recordings rank above the absent ones.

    ``seconds_with_others`` is the share of the seconds in which an instrument is named that does
    not play, the mean of the recordings of a group and the worst of them. ``named`` counts over a
    group the names of recordings that are right, those that are not, and the instruments missed.
    """
    rows, firsts = [], []
    strays: dict[str, list[float]] = {}
    hints: dict[str, list[bool]] = {}
    named: dict[str, Counter[str]] = {}
    by_class: dict[str, tuple[list[float], list[bool]]] = {
        name: ([], []) for name in INSTRUMENT_CLASSES
    }
    print(f"{'recording':<44}{'AUROC':>7}  first three")
    for truth in find_truths(folder):
        activity = detector.detect_file(truth.path)
        known = np.array([name not in truth.near for name in activity.classes])
        labels = np.isin(activity.classes, truth.present)
        value = auroc(activity.track_scores[known], labels[known])
        order = np.argsort(-activity.track_scores)
        best = [f"{activity.classes[i]} {activity.track_scores[i]:.2f}" for i in order[:3]]
        print(f"{truth.path.stem[:43]:<44}{value:7.3f}  {', '.join(best)}")
        rows.append((activity.track_scores[known], labels[known], value, truth.group))
        stray = np.any(activity.heard[:, known & ~labels], axis=1)
        strays.setdefault(truth.group, []).append(float(np.mean(stray)) if len(stray) else 0.0)
        names = named.setdefault(truth.group, Counter())
        names["right"] += int((activity.is_named & labels).sum())
        names["false"] += int((activity.is_named & known & ~labels).sum())
        names["missed"] += int((~activity.is_named & labels).sum())
        hints.setdefault(truth.group, []).append(find_mismatch(activity) is not None)
        if truth.group == "piano_disklavier":
            firsts.append(activity.classes[order[0]] == "piano")
        for i in np.flatnonzero(known):
            probs, present = by_class[activity.classes[i]]
            probs.append(float(activity.track_scores[i]))
            present.append(bool(labels[i]))
    result: dict[str, object] = {
        "auroc_all_pairs": auroc(
            np.concatenate([row[0] for row in rows]), np.concatenate([row[1] for row in rows])
        ),
        "auroc_mean_of_recordings": float(
            np.mean([row[2] for row in rows if not math.isnan(row[2])] or [math.nan])
        ),
        "auroc_by_group": {
            group: float(np.mean(values))
            for group in sorted({row[3] for row in rows})
            if (values := [row[2] for row in rows if row[3] == group and not math.isnan(row[2])])
        },
        "auroc_by_class": {
            name: value
            for name, (probs, present) in by_class.items()
            if not math.isnan(value := auroc(np.array(probs), np.array(present, dtype=bool)))
        },
        "piano_first": float(np.mean(firsts)) if firsts else math.nan,
        "hinted": {group: float(np.mean(each)) for group, each in sorted(hints.items())},
        "named": {group: dict(counts) for group, counts in sorted(named.items())},
        "seconds_with_others": {group: float(np.mean(s)) for group, s in sorted(strays.items())},
        "most_seconds_with_others": {group: max(s) for group, s in sorted(strays.items())},
        "n_recordings": len(rows),
    }
    print(json.dumps(result, indent=2))
    return result


def evaluate_mixtures(
    detector: InstrumentDetector, path: Path, figure: Path | None = None
) -> dict[str, object]:
    """Scores of every class on mixtures of libraries that were not trained on.

    ``figure``: where to draw which classes are missed where others are named wrongly.
    """
    with np.load(path, allow_pickle=False) as arrays:
        audios, labels, unknowns = (arrays[key] for key in ("audio", "labels", "unknowns"))
    activities = [detector.detect_blocks([audio.astype(np.float32) / 32768.0]) for audio in audios]
    present = labels.any(axis=1)
    observed = present | ~unknowns
    probs = np.stack([activity.track_scores for activity in activities])
    scores = score_classes(probs, present, observed, thresholds=activities[0].track_thresholds)
    print(f"{'class':<18}{'n':>5}{'AUROC':>8}{'AP':>8}{'F1':>8}{'macro F1':>10}")
    for name, score, count in zip(INSTRUMENT_CLASSES, scores, present.sum(axis=0), strict=True):
        print(
            f"{name:<18}{count:5d}{score.auroc:8.3f}{score.average_precision:8.3f}"
            f"{score.positive_f1:8.3f}{score.macro_f1:10.3f}"
        )
    result: dict[str, object] = {
        "track": mean_scores(scores),
        "auroc_by_class": {
            name: score.auroc for name, score in zip(INSTRUMENT_CLASSES, scores, strict=True)
        },
        "n_mixtures": len(audios),
    }
    named = np.stack([activity.is_named for activity in activities])
    shares, counts = missed_where_named(named, present, observed)
    print("\n".join(confusion_lines(INSTRUMENT_CLASSES, shares, counts)))
    result["named_and_absent"] = dict(zip(INSTRUMENT_CLASSES, counts.tolist(), strict=True))
    result["missed_where_named"] = np.nan_to_num(shares).round(3).tolist()
    if figure is not None:
        draw_confusion(INSTRUMENT_CLASSES, shares, figure)
    for seconds in RESOLUTIONS_S:
        pooled = _pooled(activities, labels, unknowns, seconds)
        result[f"activity_{seconds:g}_s"] = _activity_scores(pooled, activities[0].thresholds)
        result[f"multitrack_{seconds:g}_s"] = _multitrack_scores(pooled)
    print(json.dumps(result, indent=2))
    return result


class Pooled(NamedTuple):
    """Scores and labels at one resolution, each (n_examples, n_classes)."""

    probs: npt.NDArray[np.float32]
    present: BoolArray
    observed: BoolArray


def _pooled(
    activities: list[InstrumentActivity], labels: BoolArray, unknowns: BoolArray, seconds: float
) -> Pooled:
    """Scores and labels max-pooled alike."""
    probs, present, observed = [], [], []
    for activity, label, unknown in zip(activities, labels, unknowns, strict=True):
        onsets, _, pooled = activity.pooled(seconds)
        truth = np.logical_or.reduceat(label, onsets.astype(int), axis=0)
        probs.append(pooled)
        present.append(truth)
        observed.append(truth | ~unknown[None])
    return Pooled(np.concatenate(probs), np.concatenate(present), np.concatenate(observed))


def _activity_scores(pooled: Pooled, thresholds: npt.NDArray[np.float32]) -> dict[str, float]:
    return mean_scores(score_classes(*pooled, thresholds=thresholds))


def _multitrack_scores(pooled: Pooled) -> dict[str, float]:
    """AUC, the mean over the classes, and LRAP, for the classes that multitracks have too."""
    chosen = np.isin(INSTRUMENT_CLASSES, list(MULTITRACK_CLASSES.values()))
    probs, present, observed = (
        pooled.probs[:, chosen],
        pooled.present[:, chosen],
        pooled.observed[:, chosen],
    )
    values = [
        auroc(prob[known], label[known])
        for prob, label, known in zip(probs.T, present.T, observed.T, strict=True)
    ]
    return {
        "auroc": float(np.nanmean(values)),
        "ranking_precision": ranking_precision(probs, present, observed),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Measure an instrument detector.")
    parser.add_argument("what", choices=("mixtures", "recordings"))
    parser.add_argument("place", type=Path, help="mixtures.npz, or the folder of recordings")
    parser.add_argument("--model", default="instruments")
    parser.add_argument("--yamnet", type=Path, help="instead: its own scores, from its folder")
    parser.add_argument("--report", type=Path)
    parser.add_argument("--figure", type=Path, help="of mixtures: what is missed where, .png")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    if options.yamnet is not None:
        if options.what == "mixtures":
            parser.error("--yamnet goes with recordings")
        result = evaluate_recordings(TeacherScores(options.yamnet), options.place)
    else:
        detector = InstrumentDetector.load(options.model, device="cpu", n_threads=1)
        if options.what == "mixtures":
            result = evaluate_mixtures(detector, options.place, options.figure)
        else:
            result = evaluate_recordings(detector, options.place)
    if options.report is not None:
        options.report.write_text(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
