"""The numbered clips that the melodic model is trained on: instruments, bands, solo pianos."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.utils.data import Dataset

from amtstudio.learning.expression import NO_FAMILY
from amtstudio.learning.instruments.truth import example_of
from amtstudio.learning.rooms import RoomPool, load_rooms
from amtstudio.models.melodic import FAMILIES
from training.instruments.phrases import Songs, read_songs
from training.instruments.written_music import read_written_music
from training.synthesis.instrument_bank import load_instruments
from training.synthesis.instrument_clips import InstrumentClip, InstrumentClipMaker

if TYPE_CHECKING:
    from torch import Tensor

    from amtstudio.features import FrameGrid
    from training.synthesis.clips import ClipMaker
    from training.synthesis.dataset import Material
    from training.training_config import TrainingConfig

N_SONGS, N_SCORES, N_DRUMS = 400, 300, 250
_SOUNDING = 0.5


class MelodicClips(Dataset[dict[str, "Tensor"]]):
    """Clip ``i`` of a seed is always the same; a solo piano with probability ``piano_share``."""

    def __init__(
        self,
        instruments: InstrumentClipMaker,
        piano: ClipMaker,
        *,
        piano_share: float,
        seed: int,
    ) -> None:
        self._instruments, self._piano = instruments, piano
        self._piano_share, self._seed = piano_share, seed

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        rng = np.random.default_rng([self._seed, index])
        if rng.random() < self._piano_share:
            clip = self._piano.make(rng)
            example = clip.targets.with_audio(clip.audio, clip.level)
            sounding = example["frame"] > _SOUNDING
            # How far a piano is out of tune its clips do not tell.
            example["bend"] = torch.full_like(example["frame"], torch.nan)
            keys = FAMILIES.index("keys")
            example["family"] = torch.where(sounding, keys, NO_FAMILY).to(torch.int64)
            return example
        return melodic_example(self._instruments.make(rng), self._instruments.grid)


def melodic_example(clip: InstrumentClip, grid: FrameGrid) -> dict[str, Tensor]:
    """Audio, level and the targets of every head of a clip."""
    return example_of(clip.audio, clip.level, clip.truth, grid)


def melodic_clip_maker(
    material: Material, config: TrainingConfig, piano: ClipMaker
) -> InstrumentClipMaker:
    """A maker over ``instruments/`` of the material, in the same rooms as the piano's clips."""
    return instrument_clip_maker(
        material,
        grid=piano.grid,
        margin=piano.margin,
        n_frames=config.n_frames,
        dereverberates=piano.dereverberates,
    )


def instrument_clip_maker(
    material: Material,
    *,
    grid: FrameGrid,
    margin: int,
    n_frames: int = 320,
    dereverberates: bool = True,
    folder: str = "instruments",
    validation: bool = False,
) -> InstrumentClipMaker:
    """``folder``: of the banks, below the material; music is split by song into two parts.

    Scores, where ``music/`` has them, are split by work.
    """
    stored = material.cache / "phrases.npz"
    if not stored.exists():
        material.cache.mkdir(parents=True, exist_ok=True)
        songs = read_songs(
            material.root / "midi", n_songs=N_SONGS, n_scores=N_SCORES, n_drums=N_DRUMS
        )
        songs.save(stored)
    loaded = Songs.load(stored)
    parts = {
        style: [part for number, part in enumerate(parts) if (number % 10 == 9) == validation]
        for style, parts in loaded.parts.items()
    }
    return InstrumentClipMaker(
        banks=load_instruments(material.root / folder, material.cache),
        songs=Songs(parts),
        rooms=RoomPool(load_rooms(material.root / "rir"), n_simulated=400, seed=909),
        grid=grid,
        margin=margin,
        n_frames=n_frames,
        dereverberates=dereverberates,
        written=read_written_music(material.root / "music", held_out=validation),
    )
