"""What the experiments hear: rendered drumming with and without labels, and recordings."""

from __future__ import annotations

import csv
import io
import tarfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.audio import read_mono
from amtstudio.features import FrameGrid
from amtstudio.learning.drums.nmf import Matrix, band_spectrogram
from amtstudio.symbolic.drums import DRUMS
from training.drums.accompaniment import load_accompaniment
from training.drums.bank import SAMPLE_RATE, DrumBank
from training.drums.clips import DrumClipMaker, KitChooser
from training.drums.evaluation import CLASSES, find_recordings
from training.drums.patterns import Patterns, Split, read_groove
from training.drums.recording import Recorder
from training.drums.unlabelled.datasets import LOADERS, THREE, Times

Hits = npt.NDArray[np.float64]  # (n_hits, 3): seconds, voice or drum, velocity
GRID = FrameGrid(SAMPLE_RATE, 320)
SECONDS = 10.0
STYLES = ("rock", "funk", "jazz", "latin")


@dataclass(frozen=True, eq=False)
class Track:
    """Attributes: ``audio`` mono at 32 kHz; ``times`` in seconds by drum, empty: not known."""

    name: str
    kind: str
    audio: npt.NDArray[np.float32]
    times: Times

    @cached_property
    def bands(self) -> Matrix:
        """``band_spectrogram``, (n_bands, n_frames), over its own mean."""
        bands = band_spectrogram(self.audio, SAMPLE_RATE, GRID.hop_length)
        scaled: Matrix = bands / np.float32(bands.mean() + 1e-9)
        return scaled


def groove_by_style(archive: Path, split: Split, *, cache: Path) -> dict[str, list[Hits]]:
    """The performances of a split by the first word of their style."""
    with tarfile.open(archive, "r:xz") as tar:
        table = next(member for member in tar if member.name.endswith("info.csv"))
        file = tar.extractfile(table)
        assert file is not None
        rows = list(csv.DictReader(io.TextIOWrapper(io.BytesIO(file.read()), encoding="utf-8")))
    rows = sorted((row for row in rows if row["split"] == split), key=lambda r: r["midi_filename"])
    performances = read_groove(archive, split, cache=cache)
    if len(rows) != len(performances):
        raise ValueError(f"{archive} has performances without hits; styles cannot be told")
    styles = defaultdict(list)
    for row, hits in zip(rows, performances, strict=True):
        styles[row["style"].split("/")[0]].append(hits)
    return dict(styles)


@dataclass(frozen=True)
class Studio:
    """Renders tracks of ``SECONDS``."""

    bank: DrumBank
    groove: Path
    cache: Path
    pool: Path

    def rendered(
        self,
        name: str,
        music: Sequence[Hits],
        *,
        role: str,
        count: int,
        seed: int,
        accompanied: bool,
        has_labels: bool = True,
    ) -> list[Track]:
        """Tracks on kits of one role; with the labels put away where ``has_labels`` is false."""
        is_held_out = role == "test"
        chooser = KitChooser(
            self.bank, (role,), mixed_share=0.0 if is_held_out else 0.35, is_varied=not is_held_out
        )
        maker = DrumClipMaker(
            self.bank,
            chooser,
            Patterns(list(music), real_share=1.0, random_share=0.0),
            Recorder(seed=seed),
            load_accompaniment(self.pool) if accompanied else None,
            GRID,
            0,
            round(SECONDS * SAMPLE_RATE / GRID.hop_length),
            accompanied_share=1.0,
            silent_share=0.0,
            percussion_share=0.0,
            others_db=(0.0, 3.0),
        )
        tracks = []
        for number in range(count):
            clip = maker.make(np.random.default_rng([seed, number]))
            times = times_of(clip.hits) if has_labels else {}
            tracks.append(Track(f"{name} {number}", name, clip.audio, times))
        return tracks


def times_of(hits: Hits) -> Times:
    """By drum of three: hits of the ten, (n_hits, 3)."""
    return {
        name: tuple(hits[np.isin(hits[:, 1], [DRUMS.index(d) for d in CLASSES[name]]), 0])
        for name in THREE
    }


def recorded(folder: Path, kind: str, *, seconds: float) -> list[Track]:
    """Recordings with tables beside them, as ``training.drums.evaluation`` finds them."""
    tracks = []
    for entry in find_recordings(folder):
        if entry.kind == kind:
            audio = read_mono(entry.path, sample_rate=SAMPLE_RATE, end=seconds)
            times = {
                name: tuple(time for time in entry.times[name] if time < seconds) for name in THREE
            }
            tracks.append(Track(entry.name, f"recorded {kind}", audio, times))
    return tracks


def of_datasets(folders: Mapping[str, Path], *, seconds: float) -> list[Track]:
    """Tracks of data sets, by the name of their loader and the folder that they are in."""
    tracks = []
    for name, folder in folders.items():
        for entry in LOADERS[name](folder):
            audio = read_mono(entry.path, sample_rate=SAMPLE_RATE, end=seconds)
            times = {
                drum: tuple(time for time in found if time < seconds)
                for drum, found in entry.times.items()
            }
            tracks.append(Track(entry.name, entry.dataset, audio, times))
    return tracks
