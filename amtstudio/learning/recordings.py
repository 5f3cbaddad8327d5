"""The user's recordings as an adaptation uses them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
import soxr
import torch
from torch import Tensor

from amtstudio.audio import AudioSource, FloatArray, opened
from amtstudio.errors import BadAudioError, ProjectError
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.features.dereverberation import dereverberated
from amtstudio.learning.request import LEAST_SECONDS, NO_CORRECTIONS, Corrections, Passage


@dataclass(frozen=True, eq=False)
class UserRecording:
    """A recording, decoded, and what the user said about it.

    Attributes
    ----------
    name, sha256 : str
        Of its file.
    audio : np.ndarray, shape (n_samples,)
        Mono, at the rate of ``grid``.
    grid : FrameGrid
    corrections : Corrections
    path : Path or None
        Of its file.
    dereverberates : bool
        Whether the model expects recordings without late echo.
    decoded : UserRecording or None
        The recording as read from its file, if this one is resampled.
    """

    name: str
    sha256: str
    audio: FloatArray
    grid: FrameGrid
    corrections: Corrections = NO_CORRECTIONS
    path: Path | None = None
    dereverberates: bool = False
    decoded: UserRecording | None = None

    @cached_property
    def heard(self) -> FloatArray:
        """The model's input, shape (n_samples,): without late echo, or ``audio``."""
        if not self.dereverberates:
            return self.audio
        return np.concatenate(list(dereverberated([self.audio], self.grid.sample_rate)))

    @cached_property
    def level(self) -> FloatArray:
        """Running level of ``heard``, shape (n_frames,)."""
        hop = self.grid.hop_length
        return running_level(hop_energies(self.heard, hop), hop, self.grid.sample_rate)

    def at(self, grid: FrameGrid) -> UserRecording:
        """The same at the rate of another grid; the file is not read again."""
        source = self.decoded or self
        if grid == self.grid:
            return self
        if grid == source.grid:
            return source
        audio = soxr.resample(source.audio, source.grid.sample_rate, grid.sample_rate)
        return replace(source, audio=audio.astype(np.float32), grid=grid, decoded=source)

    @property
    def source(self) -> str:
        """The file the user chose to learn from: the project, or else the recording itself."""
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
        """Seconds that the user made right; what a score says is not counted."""
        return sum(
            passage.end - passage.start for passage in self.passages if passage.knows == "all"
        )

    def clip(self, first_frame: int, n_frames: int, margin: int) -> dict[str, Tensor]:
        """``audio`` and ``level`` of a stretch as ``TranscriptionModel.forward`` takes them.

        Zeros, and the nearest level, outside the recording.
        """
        hop = self.grid.hop_length
        first = first_frame * hop - margin
        audio = np.zeros((n_frames - 1) * hop + 2 * margin, dtype=np.float32)
        begin, end = max(first, 0), min(first + len(audio), len(self.audio))
        if end > begin:
            audio[begin - first : end - first] = self.heard[begin:end]
        frames = np.clip(np.arange(first_frame, first_frame + n_frames), 0, len(self.level) - 1)
        return {"audio": torch.from_numpy(audio), "level": torch.from_numpy(self.level[frames])}


def load_recording(
    source: Path | AudioSource,
    grid: FrameGrid,
    corrections: Corrections = NO_CORRECTIONS,
    *,
    dereverberates: bool = False,
) -> UserRecording:
    """Decode a recording, with or without removing late echo, as the model expects it.

    Raises
    ------
    InputNotFoundError, InputUnreadableError, BadAudioError
        As ``AudioSource``; ``BadAudioError`` also if it lasts under five seconds.
    ProjectError
        If something else was corrected.
    """
    with opened(source) as file:
        path = file.path
        audio = file.read_mono(sample_rate=grid.sample_rate)
        sha256 = file.sha256
    check_usable(path, len(audio) / grid.sample_rate, sha256, corrections)
    return UserRecording(path.name, sha256, audio, grid, corrections, path, dereverberates)


def check_usable(
    path: Path, seconds: float, sha256: str = "", corrections: Corrections = NO_CORRECTIONS
) -> None:
    """Refuse a recording that is too short, or not the one that ``corrections`` are about.

    Raises
    ------
    BadAudioError
        If it lasts under five seconds.
    ProjectError
        If something else was corrected.
    """
    if seconds < LEAST_SECONDS:
        raise BadAudioError(
            f"{path.name} is too short to learn from",
            hint="learning takes minutes of music, not seconds",
        )
    if corrections.sha256 not in ("", sha256):
        # Another piece under its name would be learned with wrong notes.
        raise ProjectError(
            f"{path.name} is not the recording that was corrected",
            hint="its content differs: open the project and say where the recording is",
        )
