"""The user's recordings as an adaptation uses them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from amtstudio.audio import FloatArray, read_mono
from amtstudio.errors import BadAudioError
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.features.dereverberation import dereverberated
from amtstudio.learning.recording_file import checksum
from amtstudio.symbolic import Note, Transcription

LEAST_SECONDS = 5.0


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
    project : Path or None
        In which the user decided it.
    """

    passages: tuple[Passage, ...] = ()
    right: tuple[Note, ...] = ()
    wrong: tuple[Note, ...] = ()
    project: Path | None = None


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
    heard : np.ndarray, shape (n_samples,)
        What the model hears of it: without late echo, or ``audio``.
    level : np.ndarray, shape (n_frames,)
        Of ``heard``.
    grid : FrameGrid
    corrections : Corrections
    path : Path or None
        Of its file.
    """

    name: str
    sha256: str
    audio: FloatArray
    heard: FloatArray
    level: FloatArray
    grid: FrameGrid
    corrections: Corrections = NO_CORRECTIONS
    path: Path | None = None

    @property
    def source(self) -> str:
        """What the user named to learn from: the project, or else the recording itself."""
        named = self.corrections.project or self.path
        return "" if named is None else str(named.absolute())

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
            audio[begin - first : end - first] = self.heard[begin:end]
        frames = np.clip(np.arange(first_frame, first_frame + n_frames), 0, len(self.level) - 1)
        return {"audio": torch.from_numpy(audio), "level": torch.from_numpy(self.level[frames])}


def make_recording(
    name: str,
    sha256: str,
    audio: FloatArray,
    grid: FrameGrid,
    corrections: Corrections = NO_CORRECTIONS,
    *,
    path: Path | None = None,
    dereverberates: bool = False,
) -> UserRecording:
    heard = audio
    if dereverberates:
        heard = np.concatenate(list(dereverberated([audio], grid.sample_rate)))
    level = running_level(hop_energies(heard, grid.hop_length), grid.hop_length, grid.sample_rate)
    return UserRecording(name, sha256, audio, heard, level, grid, corrections, path)


def load_recording(
    path: Path,
    grid: FrameGrid,
    corrections: Corrections = NO_CORRECTIONS,
    *,
    dereverberates: bool = False,
) -> UserRecording:
    """Decode a recording, for a model that hears such without their late echo, or not.

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
    return make_recording(
        path.name,
        checksum(path),
        audio,
        grid,
        corrections,
        path=path,
        dereverberates=dereverberates,
    )


def passages_of(truth: Transcription, spans: Sequence[tuple[float, float]]) -> list[Passage]:
    """Passages with the notes that begin in them."""
    return [
        Passage(start, end, tuple(n for n in truth.notes if start <= n.onset < end))
        for start, end in spans
    ]
