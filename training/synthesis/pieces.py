"""Music to perform: MIDI archives read once into plain arrays."""

from __future__ import annotations

import hashlib
import io
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

VALIDATION_SHARE = 0.05


@dataclass(frozen=True)
class Piece:
    """Notes, shape (n_notes, 4): onset and key-up in seconds, pitch, velocity; sorted by onset.

    ``pedals``, shape (n_pedals, 2): pedal down and up in seconds, sorted; empty for a score.
    """

    name: str
    notes: npt.NDArray[np.float64]
    pedals: npt.NDArray[np.float64]

    @property
    def duration(self) -> float:
        return float(self.notes[:, 1].max())

    @property
    def is_validation(self) -> bool:
        """Whether the piece is held out; by its name, so that a re-read set splits alike."""
        digest = hashlib.sha256(self.name.encode()).digest()
        return digest[0] < 256 * VALIDATION_SHARE


def load_pieces(archive: Path, cache: Path) -> list[Piece]:
    """All pieces of a ``.tar.xz`` of MIDI files, read once into ``cache``."""
    stored = cache / f"{archive.name}.npz"
    if not stored.exists():
        cache.mkdir(parents=True, exist_ok=True)
        arrays = {}
        for name, content in _midi_files(archive):
            notes, pedals = _read(content)
            if len(notes) > 20:
                arrays[f"{name}|notes"], arrays[f"{name}|pedals"] = notes, pedals
        partial = cache / f"partial-{archive.name}.npz"
        np.savez(partial, **arrays)  # type: ignore[arg-type]
        partial.rename(stored)
    with np.load(stored, allow_pickle=False) as arrays:
        names = sorted(key.removesuffix("|notes") for key in arrays if key.endswith("|notes"))
        return [Piece(name, arrays[f"{name}|notes"], arrays[f"{name}|pedals"]) for name in names]


def _midi_files(archive: Path) -> list[tuple[str, bytes]]:
    with tarfile.open(archive, "r:xz") as tar:
        found = []
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith(".mid") else None
            if file is not None:
                found.append((member.name, file.read()))
        return found


def _read(content: bytes) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    import pretty_midi  # noqa: PLC0415 - where pieces come packed it may be missing

    midi = pretty_midi.PrettyMIDI(io.BytesIO(content))
    notes = sorted(
        (note.start, note.end, note.pitch, note.velocity)
        for instrument in midi.instruments
        if not instrument.is_drum
        for note in instrument.notes
        if 21 <= note.pitch <= 108 and note.end > note.start
    )
    pedals = []
    for instrument in midi.instruments:
        down: float | None = None
        for change in sorted(instrument.control_changes, key=lambda change: change.time):
            if change.number != 64:
                continue
            if change.value >= 64 and down is None:
                down = change.time
            elif change.value < 64 and down is not None:
                if change.time > down:
                    pedals.append((down, change.time))
                down = None
    return np.array(notes).reshape(-1, 4), np.array(sorted(pedals)).reshape(-1, 2)
