"""Scores to be played on instruments: packs of their notes, each with its origin and licence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import numpy.typing as npt

GUITAR_PACK, QUARTET_PACK, PIANO_PACK = "guitar.npz", "quartets.npz", "piano.npz"
_HELD_OUT_ONE_IN = 10
_FIELDS = ("title", "composer", "typed_by", "licence", "origin")


@dataclass(frozen=True, eq=False)
class WrittenPiece:
    """A piece as written.

    Attributes
    ----------
    origin : str
        The collection, and the place in it.
    notes : np.ndarray, shape (n_notes, 6)
        Onset and offset in seconds, pitch, velocity, part (0 is the highest), and string (0 is the
        lowest of a guitar; -1 unknown); sorted by onset.
    """

    title: str
    composer: str
    typed_by: str
    licence: str
    origin: str
    notes: npt.NDArray[np.float64]

    @property
    def n_parts(self) -> int:
        return int(self.notes[:, 4].max()) + 1

    @property
    def is_held_out(self) -> bool:
        """One work in ten, by its title, so that a pack made anew is split alike."""
        digest = hashlib.sha256(f"{self.composer}: {self.title}".encode()).digest()
        return digest[0] % _HELD_OUT_ONE_IN == 0


@dataclass(frozen=True, eq=False)
class WrittenMusic:
    """What there is to play beside the phrases of other music; may be empty."""

    guitar: Sequence[WrittenPiece] = field(default_factory=tuple)
    quartets: Sequence[WrittenPiece] = field(default_factory=tuple)


def read_written_music(folder: Path, *, held_out: bool) -> WrittenMusic:
    """The packs in a folder that are there, without the held-out works or only these."""
    found = {}
    for name in (GUITAR_PACK, QUARTET_PACK):
        pieces = load_pack(folder / name) if (folder / name).is_file() else []
        found[name] = tuple(piece for piece in pieces if piece.is_held_out == held_out)
    return WrittenMusic(found[GUITAR_PACK], found[QUARTET_PACK])


def save_pack(path: Path, pieces: Iterable[WrittenPiece]) -> None:
    pieces = list(pieces)
    labels = [[getattr(piece, name) for name in _FIELDS] for piece in pieces]
    arrays = {
        f"notes_{index}": piece.notes.astype(np.float32) for index, piece in enumerate(pieces)
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"partial-{path.name}")
    np.savez_compressed(partial, labels=np.array(labels), **arrays)  # type: ignore[arg-type]
    partial.rename(path)


def load_pack(path: Path) -> list[WrittenPiece]:
    with np.load(path, allow_pickle=False) as arrays:
        pieces = []
        for index, (title, composer, typed_by, licence, origin) in enumerate(arrays["labels"]):
            notes = arrays[f"notes_{index}"].astype(np.float64)
            names = (str(title), str(composer), str(typed_by), str(licence), str(origin))
            pieces.append(WrittenPiece(*names, notes))
        return pieces
