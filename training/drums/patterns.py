"""Drum patterns: real drumming, programmed beats, and hits without any pattern."""

from __future__ import annotations

import csv
import io
import tarfile
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import mido
import numpy as np

from training.drums.kits import VOICES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import numpy.typing as npt

    Hits = npt.NDArray[np.float64]  # (n_hits, 3): seconds, index into VOICES, velocity 1 to 127

VOICE_INDEX = {name: index for index, name in enumerate(VOICES)}
# The electronic kit that Groove was played on: rims of toms and edges of hi-hats have their own.
GROOVE_VOICES = {
    36: "kick", 35: "kick", 38: "snare", 40: "snare", 37: "side_stick", 48: "tom_high",
    50: "tom_high", 45: "tom_mid", 47: "tom_mid", 43: "tom_low", 58: "tom_low", 41: "tom_low",
    46: "hihat_open", 26: "hihat_open", 42: "hihat_closed", 22: "hihat_closed",
    44: "hihat_pedal", 49: "crash", 55: "crash", 57: "crash", 52: "crash", 51: "ride",
    59: "ride", 53: "ride_bell",
}  # fmt: skip


Split = Literal["train", "validation", "test"]


def read_groove(archive: Path, split: Split, *, cache: Path | None = None) -> list[Hits]:
    """The performances of one split of the Groove MIDI data set, each sorted by time.

    ``cache`` is a folder to keep them in: reading the archive takes a minute.
    """
    if cache is not None:
        kept = cache / f"groove_{split}.npz"
        if not kept.is_file():
            np.savez(kept, *read_groove(archive, split))
        with np.load(kept, allow_pickle=False) as arrays:
            return [arrays[f"arr_{index}"] for index in range(len(arrays.files))]
    with tarfile.open(archive, "r:xz") as tar:
        root, rows = _table(tar, split)
        members = {member.name.removeprefix("./"): member for member in tar.getmembers()}
        wanted = {root + row["midi_filename"] for row in rows}
        found = [
            hits_of(mido.MidiFile(file=io.BytesIO(_opened(tar, members[name]).read())))
            for name in sorted(wanted & members.keys())
        ]
    return [hits for hits in found if len(hits)]


def groove_by_style(archive: Path, split: Split, *, cache: Path) -> dict[str, list[Hits]]:
    """The performances of a split by the first word of their style.

    Raises
    ------
    ValueError
        If there are performances without hits, which ``read_groove`` leaves out.
    """
    with tarfile.open(archive, "r:xz") as tar:
        _, rows = _table(tar, split)
    performances = read_groove(archive, split, cache=cache)
    if len(rows) != len(performances):
        raise ValueError(f"{archive} has performances without hits; styles cannot be told")
    styles = defaultdict(list)
    ordered = sorted(rows, key=lambda row: row["midi_filename"])
    for row, hits in zip(ordered, performances, strict=True):
        styles[row["style"].split("/")[0]].append(hits)
    return dict(styles)


def _table(tar: tarfile.TarFile, split: Split) -> tuple[str, list[dict[str, str]]]:
    """Where in the archive the data set is, and the rows of its table that are of a split."""
    table = next(member for member in tar if member.name.endswith("info.csv"))
    root = table.name.removeprefix("./").removesuffix("info.csv")
    rows = csv.DictReader(io.TextIOWrapper(_opened(tar, table), encoding="utf-8"))
    return root, [row for row in rows if row["split"] == split]


def _opened(tar: tarfile.TarFile, member: tarfile.TarInfo) -> io.BufferedReader:
    file = tar.extractfile(member)
    if file is None:
        raise ValueError(f"{member.name} is not a file")
    return io.BufferedReader(file)  # type: ignore[arg-type]


def hits_of(midi: mido.MidiFile) -> Hits:
    """The hits of a MIDI file that was played on the kit of Groove, sorted by time."""
    hits = []
    time = 0.0
    for message in midi:
        time += message.time
        if message.type == "note_on" and message.velocity and message.note in GROOVE_VOICES:
            hits.append((time, VOICE_INDEX[GROOVE_VOICES[message.note]], message.velocity))
    return np.array(sorted(hits), dtype=np.float64).reshape(-1, 3)


@dataclass(frozen=True)
class Patterns:
    """Draws hits: two fifths real drumming, the rest programmed or at random."""

    groove: list[Hits]
    real_share: float = 0.38
    random_share: float = 0.32

    def draw(self, seconds: float, rng: np.random.Generator) -> Hits:
        """Hits within [0, seconds), sorted by time."""
        manner = rng.random()
        if self.groove and manner < self.real_share:
            hits = _excerpt(self.groove[int(rng.integers(len(self.groove)))], seconds, rng)
        elif manner < self.real_share + self.random_share:
            hits = independent_hits(seconds, rng)
        else:
            hits = programmed_beat(seconds, rng)
        hits = _varied(hits, rng)
        hits = hits[(hits[:, 0] >= 0.0) & (hits[:, 0] < seconds)]
        return hits[np.argsort(hits[:, 0], kind="stable")]


def _excerpt(hits: Hits, seconds: float, rng: np.random.Generator) -> Hits:
    tempo = float(np.exp(rng.normal(0.0, 0.2)))
    start = rng.uniform(0.0, max(hits[-1, 0] / tempo - seconds, 0.0))
    part = hits.copy()
    part[:, 0] = part[:, 0] / tempo - start
    return part[(part[:, 0] >= 0) & (part[:, 0] < seconds)]


def _varied(hits: Hits, rng: np.random.Generator) -> Hits:
    """Another drum in place of one, harder or softer playing, flams, drags."""
    hits = hits.copy()
    voices = hits[:, 1].astype(int)
    for old, new, share in _REPLACEMENTS:
        if rng.random() < share:
            hits[voices == VOICE_INDEX[old], 1] = VOICE_INDEX[new]
    # Tom-heavy playing: rare drums are learnt from it.
    if rng.random() < 0.08:
        toms = [VOICE_INDEX[name] for name in ("tom_low", "tom_mid", "tom_high")]
        snares = np.flatnonzero(voices == VOICE_INDEX["snare"])
        moved = snares[rng.random(len(snares)) < 0.6]
        hits[moved, 1] = rng.choice(toms, len(moved))
    mean = rng.normal(0.0, 12.0)
    spread = rng.uniform(0.6, 1.2)
    centre = hits[:, 2].mean() if len(hits) else 64.0
    hits[:, 2] = np.clip(centre + (hits[:, 2] - centre) * spread + mean, 4, 127)
    if rng.random() < 0.15 and len(hits):  # flams and drags before some strokes
        struck = np.flatnonzero(np.isin(voices, [VOICE_INDEX["snare"], VOICE_INDEX["tom_mid"]]))
        struck = struck[rng.random(len(struck)) < 0.3]
        grace = hits[struck].copy()
        grace[:, 0] -= rng.uniform(0.03, 0.07)
        grace[:, 2] = np.maximum(grace[:, 2] * rng.uniform(0.25, 0.7), 4)
        hits = np.concatenate([hits, grace])
    return hits


_REPLACEMENTS = (
    ("hihat_closed", "ride", 0.12),
    ("hihat_closed", "hihat_open", 0.1),
    ("hihat_pedal", "hihat_closed", 0.3),
    ("snare", "side_stick", 0.1),
    ("ride", "crash", 0.15),
    ("ride", "ride_bell", 0.06),
    ("ride_bell", "ride", 0.3),
    ("hihat_closed", "tom_low", 0.03),
    ("hihat_closed", "crash", 0.02),
)


def independent_hits(seconds: float, rng: np.random.Generator) -> Hits:
    """Every drum at its own times, some together, so that none can be inferred from the others."""
    drums = [name for name in VOICES if name != "percussion"]
    chosen = rng.permutation(len(drums))[: int(rng.integers(3, len(drums) + 1))]
    parts = []
    for index in chosen:
        rate = float(np.exp(rng.uniform(np.log(0.15), np.log(1.5))))  # hits a second
        count = int(rng.poisson(rate * seconds))
        times = np.sort(rng.uniform(0.0, seconds, count))
        times = times[np.diff(times, prepend=-1.0) > 0.06]
        voice = np.full(len(times), VOICE_INDEX[drums[index]])
        velocity = rng.uniform(25, 127, len(times))
        parts.append(np.column_stack([times, voice, velocity]))
    hits = np.concatenate(parts)
    # Strokes that fall together, as those of a drummer do.
    if len(hits) > 1 and rng.random() < 0.7:
        moved = rng.random(len(hits)) < rng.uniform(0.1, 0.5)
        targets = rng.integers(len(hits), size=len(hits))
        hits[moved, 0] = hits[targets[moved], 0] + rng.normal(0.0, 0.003, int(moved.sum()))
    return _without_doubles(np.asarray(hits, dtype=np.float64))


def _without_doubles(hits: Hits) -> Hits:
    """Drop strokes on a drum within 30 ms of another on it."""
    hits = hits[np.lexsort((hits[:, 0], hits[:, 1]))]
    same = np.diff(hits[:, 1], prepend=-1.0) == 0
    close = np.diff(hits[:, 0], prepend=-1.0) < 0.03
    kept: Hits = hits[~(same & close)]
    return kept


# -- Programmed beats ---------------------------------------------------------------------------

_STEPS = 16  # sixteenths a bar


def programmed_beat(seconds: float, rng: np.random.Generator) -> Hits:
    """A beat of one of several styles, with fills, accents and uneven time."""
    styles = list(_STYLES)
    style = styles[int(rng.integers(len(styles)))]
    lowest, highest, is_swung, make = _STYLES[style]
    beats_per_minute = rng.uniform(lowest, highest)
    step = 60.0 / beats_per_minute / 4.0
    swing = rng.uniform(0.5, 0.7) if is_swung or rng.random() < 0.15 else 0.5
    timing = abs(rng.normal(0.0, 0.006))
    bar = make(rng)
    hits: list[tuple[float, int, float]] = []
    n_bars = int(seconds / (step * _STEPS)) + 2
    start = -rng.uniform(0.0, step * _STEPS)
    opening = bool(rng.random() < 0.6)
    for number in range(n_bars):
        pattern = list(bar)
        if rng.random() < 0.3:
            pattern = make(rng)
        if rng.random() < 0.25:
            pattern = _with_fill(pattern, rng)
            opening = True
        elif opening and rng.random() < 0.7:
            pattern.append((0.0, "crash", 110.0))
            opening = False
        for position, voice, velocity in pattern:
            place = position
            if position % 2 >= 1:  # the second of two sixteenths is late in swung time
                place += 2.0 * (swing - 0.5)
            time = start + (number * _STEPS + place) * step + rng.normal(0.0, timing)
            hits.append((time, VOICE_INDEX[voice], velocity + rng.normal(0.0, 8.0)))
    array = np.array(hits, dtype=np.float64)
    array[:, 2] = np.clip(array[:, 2], 5, 127)
    return _without_doubles(array)


Pattern = list[tuple[float, str, float]]


def _with_fill(pattern: Pattern, rng: np.random.Generator) -> Pattern:
    first = float(rng.choice([4, 8, 10, 12]))
    kept = [hit for hit in pattern if hit[0] < first or (hit[1] == "kick" and rng.random() < 0.5)]
    drums = ["snare", "tom_high", "tom_mid", "tom_low"]
    density = rng.choice([0.5, 1.0, 1.0, 2.0])
    steps = np.arange(first, _STEPS, density)
    for place, step in enumerate(steps):
        if rng.random() < 0.12:
            continue
        # Down the toms, as fills go, with exceptions.
        drum = drums[min(int(place / len(steps) * len(drums)), 3)]
        if rng.random() < 0.3:
            drum = drums[int(rng.integers(len(drums)))]
        kept.append((float(step), drum, rng.uniform(60, 125)))
        if rng.random() < 0.15:
            kept.append((float(step), "kick", rng.uniform(70, 115)))
    return kept


def _hat(rng: np.random.Generator, every: int, voice: str = "hihat_closed") -> Pattern:
    accent = rng.uniform(5, 40)
    level = rng.uniform(55, 95)
    return [
        (float(step), voice, level + (accent if step % 4 == 0 else 0.0))
        for step in range(0, _STEPS, every)
    ]


def _rock(rng: np.random.Generator) -> Pattern:
    cymbals = ["hihat_closed", "hihat_open", "ride", "crash", "tom_low"]
    voice = str(rng.choice(cymbals, p=[0.55, 0.13, 0.2, 0.07, 0.05]))
    pattern = _hat(rng, int(rng.choice([2, 2, 4, 1])), voice)
    pattern += [(4.0, "snare", 110.0), (12.0, "snare", 112.0)]
    pattern += [(0.0, "kick", 110.0)]
    pattern += [
        (float(step), "kick", rng.uniform(75, 110))
        for step in range(1, _STEPS)
        if rng.random() < (0.3 if step % 2 == 0 else 0.07)
    ]
    pattern += [
        (float(step), "snare", rng.uniform(12, 40))
        for step in range(_STEPS)
        if step not in (4, 12) and rng.random() < 0.1
    ]
    if voice == "hihat_closed" and rng.random() < 0.4:  # opened now and then
        place = float(rng.choice([2, 6, 10, 14]))
        pattern = [hit for hit in pattern if hit[:2] != (place, "hihat_closed")]
        pattern.append((place, "hihat_open", rng.uniform(70, 110)))
    if voice in ("ride", "crash") and rng.random() < 0.5:
        pattern += [(float(step), "hihat_pedal", rng.uniform(40, 80)) for step in (4, 12)]
    return pattern


def _jazz(rng: np.random.Generator) -> Pattern:
    bell = rng.random() < 0.1
    ride = "ride_bell" if bell else "ride"
    pattern: Pattern = [(float(step), ride, rng.uniform(60, 100)) for step in (0, 4, 8, 12)]
    pattern += [(step, ride, rng.uniform(40, 80)) for step in (7.0, 15.0)]
    pattern += [(float(step), "hihat_pedal", rng.uniform(45, 90)) for step in (4, 12)]
    comping = "side_stick" if rng.random() < 0.3 else "snare"
    pattern += [
        (float(step), comping, rng.uniform(15, 75)) for step in range(_STEPS) if rng.random() < 0.12
    ]
    pattern += [(float(step), "kick", rng.uniform(25, 80)) for step in (0, 4, 8, 12)
                if rng.random() < 0.5]  # fmt: skip
    return pattern


def _electronic(rng: np.random.Generator) -> Pattern:
    pattern: Pattern = [(float(step), "kick", 115.0) for step in (0, 4, 8, 12)]
    if rng.random() < 0.4:
        pattern = [(float(step), "kick", 115.0) for step in (0, 3, 6, 10) if rng.random() < 0.8]
    pattern += [(4.0, "snare", 105.0), (12.0, "snare", 105.0)]
    pattern += [(float(step), "hihat_open", 95.0) for step in (2, 6, 10, 14)
                if rng.random() < 0.7]  # fmt: skip
    pattern += [
        (float(step), "hihat_closed", rng.uniform(50, 95))
        for step in range(_STEPS)
        if rng.random() < 0.5 and step not in (2, 6, 10, 14)
    ]
    if rng.random() < 0.3:  # rolls of the hi-hat
        first = float(rng.choice([6, 10, 13]))
        pattern += [(first + k * 0.5, "hihat_closed", 80.0) for k in range(5)]
    if rng.random() < 0.3:
        pattern += [(float(step), "side_stick", 80.0) for step in (3, 7, 11, 14)
                    if rng.random() < 0.6]  # fmt: skip
    return pattern


def _blast(rng: np.random.Generator) -> Pattern:
    cymbal = str(rng.choice(["hihat_open", "ride", "crash", "hihat_closed"]))
    pattern: Pattern = [(float(step), "kick", rng.uniform(90, 115)) for step in range(0, 16, 2)]
    pattern += [(step + 1.0, "snare", rng.uniform(80, 120)) for step in range(0, 16, 2)]
    pattern += [(float(step), cymbal, rng.uniform(80, 115)) for step in range(0, 16, 2)]
    if rng.random() < 0.4:
        pattern += [(float(step), "kick", rng.uniform(80, 110)) for step in range(1, 16, 2)]
    return pattern


def _toms(rng: np.random.Generator) -> Pattern:
    drums = ("tom_low", "tom_mid", "tom_high", "snare")
    pattern: Pattern = [
        (float(step), str(rng.choice(drums)), rng.uniform(50, 120))
        for step in range(_STEPS)
        if rng.random() < 0.55
    ]
    pattern += [(float(step), "kick", 105.0) for step in (0, 4, 8, 12) if rng.random() < 0.8]
    return pattern


def _bossa(rng: np.random.Generator) -> Pattern:
    pattern = _hat(rng, 2, str(rng.choice(["hihat_closed", "ride"])))
    pattern += [(step, "kick", rng.uniform(50, 95)) for step in (0.0, 3.0, 4.0, 8.0, 11.0, 12.0)]
    pattern += [(step, "side_stick", rng.uniform(50, 105)) for step in (0.0, 3.0, 6.0, 10.0, 13.0)]
    pattern += [(float(step), "hihat_pedal", rng.uniform(40, 75)) for step in (4, 12)]
    return pattern


_STYLES: dict[str, tuple[float, float, bool, Callable[[np.random.Generator], Pattern]]] = {
    "rock": (70, 180, False, _rock),
    "rock again": (80, 150, False, _rock),
    "shuffle": (75, 150, True, _rock),
    "jazz": (90, 240, True, _jazz),
    "electronic": (85, 175, False, _electronic),
    "blast": (110, 200, False, _blast),
    "toms": (80, 160, False, _toms),
    "bossa": (90, 170, False, _bossa),
}
