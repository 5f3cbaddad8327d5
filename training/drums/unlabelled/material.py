"""The experiments' material: rendered drumming with and without labels, and recordings."""

from __future__ import annotations

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
from training.drums.evaluation import CLASSES, THREE, find_recordings
from training.drums.patterns import Patterns
from training.drums.recording import Recorder
from training.drums.unlabelled.datasets import LOADERS, Times

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
    return [
        _beginning(entry.name, f"recorded {kind}", entry.path, entry.times, seconds)
        for entry in find_recordings(folder)
        if entry.kind == kind
    ]


def of_datasets(folders: Mapping[str, Path], *, seconds: float) -> list[Track]:
    """Tracks of data sets, by the name of their loader and the folder that they are in."""
    return [
        _beginning(entry.name, entry.dataset, entry.path, entry.times, seconds)
        for name, folder in folders.items()
        for entry in LOADERS[name](folder)
    ]


def _beginning(
    name: str, kind: str, path: Path, times: Mapping[str, Sequence[float]], seconds: float
) -> Track:
    audio = read_mono(path, sample_rate=SAMPLE_RATE, end=seconds)
    inside = {drum: tuple(time for time in times[drum] if time < seconds) for drum in THREE}
    return Track(name, kind, audio, inside)
