"""The user's recordings as an adaptation uses them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from amtstudio.audio import FloatArray, read_mono
from amtstudio.errors import BadAudioError
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.symbolic import Note, Transcription

LEAST_SECONDS = 5.0
_BLOCK_BYTES = 2**20


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a recording, in seconds, in which the user made every note right."""

    start: float
    end: float
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Corrections:
    """What the user decided on a recording.

    Attributes
    ----------
    passages : tuple of Passage
        Within these all is known.
    right, wrong : tuple of Note
        Single notes outside of them that are there, or that are not though the model heard them.
    """

    passages: tuple[Passage, ...] = ()
    right: tuple[Note, ...] = ()
    wrong: tuple[Note, ...] = ()


NO_CORRECTIONS = Corrections()


@dataclass(frozen=True, slots=True, eq=False)
class UserRecording:
    """A recording, decoded, and what the user said about it.

    Attributes
    ----------
    name, sha256 : str
        Of its file.
    audio : np.ndarray, shape (n_samples,)
        Mono, at the rate of ``grid``.
    level : np.ndarray, shape (n_frames,)
    grid : FrameGrid
    corrections : Corrections
    """

    name: str
    sha256: str
    audio: FloatArray
    level: FloatArray
    grid: FrameGrid
    corrections: Corrections = NO_CORRECTIONS

    @property
    def passages(self) -> tuple[Passage, ...]:
        return self.corrections.passages

    @property
    def seconds(self) -> float:
        return len(self.audio) / self.grid.sample_rate

    @property
    def corrected_s(self) -> float:
        return sum(passage.end - passage.start for passage in self.passages)

    def clip(self, first_frame: int, n_frames: int, margin: int) -> dict[str, Tensor]:
        """``audio`` and ``level`` of a stretch as ``TranscriptionModel.forward`` takes them.

        Zeros, and the nearest level, where it lies outside of the recording.
        """
        hop = self.grid.hop_length
        first = first_frame * hop - margin
        audio = np.zeros((n_frames - 1) * hop + 2 * margin, dtype=np.float32)
        begin, end = max(first, 0), min(first + len(audio), len(self.audio))
        if end > begin:
            audio[begin - first : end - first] = self.audio[begin:end]
        frames = np.clip(np.arange(first_frame, first_frame + n_frames), 0, len(self.level) - 1)
        return {"audio": torch.from_numpy(audio), "level": torch.from_numpy(self.level[frames])}


def make_recording(
    name: str,
    sha256: str,
    audio: FloatArray,
    grid: FrameGrid,
    corrections: Corrections = NO_CORRECTIONS,
) -> UserRecording:
    level = running_level(hop_energies(audio, grid.hop_length), grid.hop_length, grid.sample_rate)
    return UserRecording(name, sha256, audio, level, grid, corrections)


def load_recording(
    path: Path, grid: FrameGrid, corrections: Corrections = NO_CORRECTIONS
) -> UserRecording:
    """Decode a recording.

    Raises
    ------
    InputNotFoundError, InputUnreadableError, BadAudioError
        As ``audio.read_mono``; ``BadAudioError`` also if it lasts under five seconds.
    """
    audio = read_mono(path, sample_rate=grid.sample_rate)
    if len(audio) < LEAST_SECONDS * grid.sample_rate:
        raise BadAudioError(
            f"{path.name} is too short to learn from", hint="it takes minutes, not seconds"
        )
    return make_recording(path.name, _sha256(path), audio, grid, corrections)


def passages_of(truth: Transcription, spans: Sequence[tuple[float, float]]) -> list[Passage]:
    """Passages with the notes that begin in them."""
    return [
        Passage(start, end, tuple(n for n in truth.notes if start <= n.onset < end))
        for start, end in spans
    ]


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()
