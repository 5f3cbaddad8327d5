"""Synthesised clips as a data set: clip ``i`` of seed ``s`` is always the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from torch.utils.data import Dataset

from amtstudio.learning.rooms import RoomPool, load_rooms
from training.instruments.written_music import PIANO_PACK, load_pack
from training.synthesis.clips import ClipMaker
from training.synthesis.performance import Repertoire
from training.synthesis.piano_bank import PianoBank, load_bank
from training.synthesis.pieces import Piece, load_pieces

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from amtstudio.features import FrameGrid
    from amtstudio.learning.targets import TargetKind

HELD_OUT_BANK = "upright_kw_kawai_HELDOUT"


@dataclass(frozen=True)
class Material:
    """The folders that clips are made from; ``training/README.md`` describes them.

    ``pianos/<name>/bank.csv``, ``midi/*.tar.xz``, ``rir/*.flac``, and ``music/piano.npz``, which
    may be missing.
    """

    root: Path
    cache: Path

    def banks(self, *, held_out: bool) -> list[PianoBank]:
        folders = sorted(path.parent for path in self.root.glob("pianos/*/bank.csv"))
        chosen = [path for path in folders if (path.name == HELD_OUT_BANK) == held_out]
        return [load_bank(path, self.cache) for path in chosen]

    def repertoire(self, *, validation: bool) -> Repertoire:
        def split(pieces: list[Piece]) -> list[Piece]:
            return [piece for piece in pieces if piece.is_validation == validation]

        return Repertoire(
            played=split(load_pieces(self.root / "midi/pop909_main.tar.xz", self.cache)),
            scores=split(load_pieces(self.root / "midi/openscore_lieder_piano.tar.xz", self.cache)),
            solos=split(self._solos()),
        )

    def _solos(self) -> list[Piece]:
        path = self.root / "music" / PIANO_PACK
        written = load_pack(path) if path.is_file() else []
        return [Piece(each.origin, each.notes[:, :4], np.zeros((0, 2))) for each in written]

    def clip_maker(
        self,
        *,
        validation: bool,
        grid: FrameGrid,
        margin: int,
        n_frames: int = 320,
        targets: TargetKind = "shared",
        dereverberates: bool = False,
    ) -> ClipMaker:
        """Training clips, or clips of music and a piano that training never uses."""
        return ClipMaker(
            banks=self.banks(held_out=validation),
            repertoire=self.repertoire(validation=validation),
            rooms=RoomPool(load_rooms(self.root / "rir"), n_simulated=400, seed=909),
            grid=grid,
            margin=margin,
            n_frames=n_frames,
            targets=targets,
            dereverberates=dereverberates,
        )


class ClipDataset(Dataset[dict[str, "Tensor"]]):
    """Clips by number: ``audio``, ``level``, and the targets of each head."""

    def __init__(self, maker: ClipMaker, *, seed: int) -> None:
        self._maker = maker
        self._seed = seed

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        clip = self._maker.make(np.random.default_rng([self._seed, index]))
        return clip.targets.with_audio(clip.audio, clip.level)
