"""Scores of the network for drums: ``python -m training.drums.evaluation --help``.

``recordings``: recordings with truth by class (kick, snare, hi-hat, toms, cymbals);
``kits``: clips of kits that were not trained on, all ten drums, alone and accompanied;
``tune``: thresholds from the kits kept for that; ``false-hits``: recordings without drums;
``live``: recordings as a live stream, and the latency of hits.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import mir_eval
import numpy as np
import torch

from amtstudio.audio import read_mono
from amtstudio.decoding import DrumSettings
from amtstudio.decoding.drum_hits import decode_drum_hits
from amtstudio.learning.train_state import read_metadata, read_tensors
from amtstudio.models.checkpoint import load_model
from amtstudio.models.drums import Drums, DrumsConfig
from amtstudio.symbolic.drums import DRUMS, DrumHit
from training.datasets.piece import audio_files
from training.drums.accompaniment import load_accompaniment
from training.drums.bank import SAMPLE_RATE, load_drum_bank
from training.drums.clips import DrumClipMaker, KitChooser
from training.drums.hearing import DrumActivations, hear, hear_live
from training.drums.patterns import Patterns, Split, read_groove
from training.drums.recording import Recorder
from training.text_table import text_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy.typing as npt

WINDOW_S = 0.05
VELOCITY_TOLERANCE = 0.1  # of the range
# Classes of the recordings' truth, and which of the ten drums belong to them. A side stick is in
# none: the available truth (MDB Drums) does not count it as one of the five.
CLASSES = {
    "KD": ("kick",),
    "SD": ("snare",),
    "HH": ("hihat_closed", "hihat_open"),
    "TT": ("tom_low", "tom_mid", "tom_high"),
    "CY": ("ride", "crash"),
}
THREE = ("KD", "SD", "HH")
GRID = np.round(np.arange(0.1, 0.91, 0.05), 2)  # thresholds that are tried


@dataclass
class Counts:
    """Matched, missed and false hits, added up over recordings."""

    matched: int = 0
    reference: int = 0
    estimated: int = 0

    def add(self, other: Counts) -> None:
        self.matched += other.matched
        self.reference += other.reference
        self.estimated += other.estimated

    @property
    def f1(self) -> float:
        total = self.reference + self.estimated
        return 2.0 * self.matched / total if total else float("nan")

    @property
    def precision(self) -> float:
        return self.matched / self.estimated if self.estimated else float("nan")

    @property
    def recall(self) -> float:
        return self.matched / self.reference if self.reference else float("nan")


def compare(reference: Iterable[float], estimate: Iterable[float]) -> Counts:
    """Onsets of one drum against the truth, matched within 50 ms by mir_eval."""
    ref, est = np.sort(np.array(list(reference))), np.sort(np.array(list(estimate)))
    if not len(ref) or not len(est):
        return Counts(0, len(ref), len(est))
    return Counts(len(mir_eval.util.match_events(ref, est, WINDOW_S)), len(ref), len(est))


def hits_in(heard: DrumActivations, model: Drums, thresholds: Mapping[str, float]) -> list[DrumHit]:
    """Decoded as by the program with these thresholds in the card."""
    patterns = DrumSettings.from_card(thresholds).patterns
    return decode_drum_hits(
        heard.onset, heard.velocity, model.grid, thresholds=thresholds, patterns=patterns
    )


def load_drums(path: Path) -> tuple[Drums, dict[str, float]]:
    """A model file and its thresholds, or the averaged weights of a run's state."""
    try:
        _, kept = read_metadata(path)
    except (KeyError, TypeError):
        model, card = load_model(path)
        if not isinstance(model, Drums):
            raise TypeError(f"{path} is not a network for drums") from None
        return model, dict(card.thresholds)
    stored = kept["model_config"]
    model = Drums(DrumsConfig(**(stored | {"n_maps": tuple(stored["n_maps"])})))
    model.load_state_dict(model.state_dict() | read_tensors(path, "average."))
    return model.eval(), {}


# -- Recordings with truth by class -------------------------------------------------------------


@dataclass
class ClassTruth:
    """Hits of a recording by class."""

    name: str
    kind: str  # drum, remix, mix
    path: Path
    times: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


def find_recordings(folder: Path) -> list[ClassTruth]:
    """``<name>.<kind>.ogg`` with ``<name>.<kind>.notes.csv`` beside it."""
    found = []
    for table in sorted(folder.glob("*.notes.csv")):
        stem = table.name.removesuffix(".notes.csv")
        name, _, kind = stem.rpartition(".")
        truth = ClassTruth(name, kind, folder / f"{stem}.ogg")
        with table.open(newline="") as file:
            for row in csv.DictReader(file):
                truth.times[row["instrument"]].append(float(row["onset_s"]))
        found.append(truth)
    return found


def score_recordings(
    model: Drums, thresholds: Mapping[str, float], folder: Path, *, live: bool = False
) -> dict[str, object]:
    """Pooled scores by kind and class, and a line for each recording; prints both tables."""
    pooled: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    rows = []
    seconds, spent = 0.0, 0.0
    for recording in find_recordings(folder):
        audio = read_mono(recording.path, sample_rate=SAMPLE_RATE)
        began = time.process_time()
        heard = hear(model, audio, live=live)
        hits = hits_in(heard, model, thresholds)
        spent += time.process_time() - began
        seconds += len(audio) / SAMPLE_RATE
        row = [recording.name.removeprefix("MusicDelta_"), recording.kind]
        for name, drums in CLASSES.items():
            estimate = [hit.time for hit in hits if hit.drum in drums]
            counts = compare(recording.times[name], estimate)
            pooled[recording.kind][name].add(counts)
            if name in THREE:
                pooled[recording.kind]["3"].add(counts)
            pooled[recording.kind]["5"].add(counts)
            row.append(_shown(counts.f1))
        rows.append(row)
    print(text_table(["recording", "kind", *CLASSES], rows))
    summary = []
    for kind, classes in pooled.items():
        for name in (*CLASSES, "3", "5"):
            counts = classes[name]
            figures = (counts.f1, counts.precision, counts.recall)
            summary.append([kind, name, *map(_shown, figures), str(counts.reference)])
    print(text_table(["kind", "class", "F1", "P", "R", "hits"], summary))
    print(f"{spent / seconds:.4f} CPU seconds for a second, {seconds / spent:.0f} times real time")
    return {
        kind: {name: round(counts.f1, 4) for name, counts in classes.items()}
        for kind, classes in pooled.items()
    }


# -- Kits that were not trained on --------------------------------------------------------------


@dataclass(frozen=True)
class HeldOutClip:
    """Truth of a clip and the network's output."""

    kit: str
    hits: npt.NDArray[np.float64]
    heard: DrumActivations


def hear_kits(
    model: Drums,
    bank: Path,
    groove: Path,
    *,
    role: str,
    count: int,
    pool: Path | None,
    cache: Path,
    seed: int = 5,
    live: bool = False,
    seconds: float = 10.0,
    random_share: float = 0.15,
) -> list[HeldOutClip]:
    """Clips of kits of one role, with drumming kept for measuring; ``pool``: under a band.

    ``random_share`` of them have strokes at random times.
    """
    drums = load_drum_bank(bank)
    # Each held-out kit whole and as it was sampled; rooms and recordings differ. Kits that were
    # trained on are put together and varied, as in training.
    is_known = role == "train"
    chooser = (
        KitChooser(drums, (role,))
        if is_known
        else KitChooser(drums, (role,), mixed_share=0.0, is_varied=False)
    )
    split: Split = "test" if role == "test" else "validation"
    maker = DrumClipMaker(
        drums,
        chooser,
        Patterns(
            read_groove(groove, split, cache=cache), real_share=0.6, random_share=random_share
        ),
        Recorder(seed=seed),
        None if pool is None else load_accompaniment(pool),
        model.grid,
        model.margin,
        model.grid.to_frame(seconds),
        accompanied_share=1.0,
        silent_share=0.0,
        percussion_share=0.0,
        others_db=(0.0, 3.0) if role == "test" else (5.0, 3.0),
    )
    kits = [kit for kit in chooser.kits() if not kit.startswith("timgm6mb") or kit[-2:] == ":0"]
    clips = []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        kit = None if is_known else kits[number % len(kits)]
        clip = maker.make(rng, kit=kit)
        with torch.inference_mode():
            logits = model(
                torch.from_numpy(clip.audio[None]), torch.from_numpy(clip.level[None]), live=live
            )
        heard = DrumActivations(
            logits["onset"][0].sigmoid().numpy(), logits["velocity"][0].sigmoid().numpy()
        )
        clips.append(HeldOutClip(kit or role, clip.hits, heard))
    return clips


def score_kits(
    clips: list[HeldOutClip], model: Drums, thresholds: Mapping[str, float]
) -> dict[str, float]:
    """F1 of each drum, their mean, and the share of velocities within a tenth of the range."""
    counts = {drum: Counts() for drum in DRUMS}
    good, matched = 0, 0
    for clip in clips:
        hits = hits_in(clip.heard, model, thresholds)
        for number, drum in enumerate(DRUMS):
            reference = clip.hits[clip.hits[:, 1] == number]
            estimate = [hit for hit in hits if hit.drum == drum]
            counts[drum].add(compare(reference[:, 0], [hit.time for hit in estimate]))
            if not len(reference) or not estimate:
                continue
            times = np.array([hit.time for hit in estimate])
            for ref, est in mir_eval.util.match_events(reference[:, 0], times, WINDOW_S):
                matched += 1
                error = abs(reference[ref, 2] - estimate[est].velocity) / 127.0
                good += error <= VELOCITY_TOLERANCE
    scores = {drum: count.f1 for drum, count in counts.items()}
    scores["macro"] = float(np.nanmean(list(scores.values())))
    scores["velocity"] = good / max(matched, 1)
    return scores


def tune(clips: list[HeldOutClip], model: Drums) -> dict[str, float]:
    """The threshold of each drum with the highest F1, all clips together."""
    counts = {drum: [Counts() for _ in GRID] for drum in DRUMS}
    for clip in clips:
        hits = decode_drum_hits(
            clip.heard.onset, clip.heard.velocity, model.grid, thresholds={"onset": float(GRID[0])}
        )
        for number, drum in enumerate(DRUMS):
            reference = clip.hits[clip.hits[:, 1] == number, 0]
            own = [hit for hit in hits if hit.drum == drum]
            for place, threshold in enumerate(GRID):
                times = [hit.time for hit in own if hit.confidence >= threshold]
                counts[drum][place].add(compare(reference, times))
    found = {}
    for drum, row in counts.items():
        scores = np.nan_to_num([count.f1 for count in row])
        # The middle of what is nearly best, which is less a matter of chance than the best.
        near = np.flatnonzero(scores >= scores.max() - 0.005)
        found[drum] = float(GRID[near[len(near) // 2]])
    return found


# -- Recordings without drums -------------------------------------------------------------------


def count_false_hits(
    model: Drums, thresholds: Mapping[str, float], folders: list[Path], *, seconds: float
) -> dict[str, float]:
    """Hits in ten seconds of recordings without drums, by folder."""
    rates = {}
    for folder in folders:
        n_hits, duration = 0, 0.0
        names: dict[str, int] = defaultdict(int)
        for path in audio_files(folder):
            audio = read_mono(path, sample_rate=SAMPLE_RATE, end=seconds)
            heard = hear(model, audio)
            hits = hits_in(heard, model, thresholds)
            n_hits += len(hits)
            duration += len(audio) / SAMPLE_RATE
            for hit in hits:
                names[hit.drum] += 1
        rates[folder.name] = 10.0 * n_hits / max(duration, 1e-9)
        print(
            f"{folder.name}: {rates[folder.name]:.2f} in ten seconds of {duration:.0f}", dict(names)
        )
    return rates


# -- While the music plays ----------------------------------------------------------------------


def score_live(
    model: Drums, thresholds: Mapping[str, float], folder: Path, *, seconds: float
) -> dict[str, float]:
    """F1 of the three main classes, and the latency of hits."""
    delays: list[float] = []
    pooled = Counts()
    for recording in find_recordings(folder):
        audio = read_mono(recording.path, sample_rate=SAMPLE_RATE, end=seconds)
        told = hear_live(model, audio, thresholds)
        delays += [entry.delay for entry in told]
        for name in THREE:
            reference = [time for time in recording.times[name] if time < seconds]
            estimate = [entry.hit.time for entry in told if entry.hit.drum in CLASSES[name]]
            pooled.add(compare(reference, estimate))
    found = {
        "f1": pooled.f1,
        "median_ms": 1000.0 * float(np.median(delays)),
        "p95_ms": 1000.0 * float(np.quantile(delays, 0.95)),
    }
    print({key: round(value, 3) for key, value in found.items()}, f"{len(delays)} hits")
    return found


def _shown(value: float) -> str:
    return "-" if np.isnan(value) else f"{value:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the network for drums.")
    parser.add_argument("what", choices=("recordings", "kits", "tune", "false-hits", "live"))
    parser.add_argument("model", type=Path, help="model file, or state.safetensors of a run")
    parser.add_argument("folders", type=Path, nargs="*", help="recordings")
    parser.add_argument("--thresholds", type=Path, help="JSON of what 'tune' found")
    parser.add_argument("--bank", type=Path)
    parser.add_argument("--groove", type=Path)
    parser.add_argument("--pool", type=Path, help="held-out accompaniment")
    parser.add_argument("--cache", type=Path, default=Path())
    parser.add_argument("--role", choices=("tune", "test"), default="test")
    parser.add_argument("--count", type=int, default=60, help="clips of ten seconds")
    parser.add_argument("--seconds", type=float, default=60.0, help="of each recording, at most")
    parser.add_argument("--live", action="store_true", help="the head that does not wait")
    parser.add_argument("--report", type=Path)
    options = parser.parse_args()
    torch.set_num_threads(1)
    model, thresholds = load_drums(options.model)
    if options.thresholds is not None:
        thresholds = json.loads(options.thresholds.read_text())
    report: dict[str, object]
    if options.what in ("kits", "tune"):
        report = _measure_kits(model, thresholds, options)
    elif options.what == "false-hits":
        report = dict(count_false_hits(model, thresholds, options.folders, seconds=options.seconds))
    elif options.what == "live":
        report = {
            folder.name: score_live(model, thresholds, folder, seconds=options.seconds)
            for folder in options.folders
        }
    else:
        report = {
            folder.name: score_recordings(model, thresholds, folder, live=options.live)
            for folder in options.folders
        }
    if options.report is not None:
        options.report.write_text(json.dumps(report, indent=1))


def _measure_kits(
    model: Drums, thresholds: Mapping[str, float], options: argparse.Namespace
) -> dict[str, object]:
    """Tables of held-out kits, alone and accompanied; for ``tune`` the thresholds found first."""
    pools = {"alone": None} | ({"accompanied": options.pool} if options.pool else {})
    # Thresholds are a matter of how sure the network is of kits new to it and of others alike.
    roles = ("tune", "train") if options.what == "tune" else (options.role,)
    heard = {
        (name, role): hear_kits(
            model,
            options.bank,
            options.groove,
            role=role,
            count=options.count,
            pool=pool,
            cache=options.cache,
            live=options.live,
        )
        for name, pool in pools.items()
        for role in roles
    }
    if options.what == "tune":
        thresholds = tune([clip for clips in heard.values() for clip in clips], model)
        print(json.dumps(thresholds))
    scores = {name: score_kits(clips, model, thresholds) for name, clips in heard.items()}
    columns = [*DRUMS, "macro", "velocity"]
    rows = [
        [", ".join(name), *(_shown(row[column]) for column in columns)]
        for name, row in scores.items()
    ]
    print(text_table(["", *columns], rows))
    if options.what == "tune":
        return dict(thresholds)
    rows = []
    for kit in sorted({clip.kit for clips in heard.values() for clip in clips}):
        for (name, _), clips in heard.items():
            own = score_kits([clip for clip in clips if clip.kit == kit], model, thresholds)
            rows.append([f"{kit}, {name}", *(_shown(own[column]) for column in columns)])
    print(text_table(["", *columns], rows))
    return {name: values for (name, _), values in scores.items()}


if __name__ == "__main__":
    main()
