"""One recording with its truth, and what the readers of all layouts share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from amtstudio.audio import RECORDING_SUFFIXES, Namesakes, find_recordings
from amtstudio.errors import BadFileError, InputNotFoundError

Split = Literal["train", "validation", "test"]


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """A recording and the file that says what was played in it."""

    audio: Path
    truth: Path  # MIDI, CSV, JAMS, or the text files of MAPS
    split: Split
    group: str  # what was recorded together: an instrument, a competition year, a folder
    title: str  # of the music; pieces of one title are performances of the same


def check_root(root: Path) -> None:
    if not root.is_dir():
        raise InputNotFoundError(f"There is no folder {root}")


def audio_files(root: Path) -> list[Path]:
    """All recordings at any depth, sorted; ``find_recordings`` says what counts as one."""
    return find_recordings([root])


def same_recording(audio: Path) -> Path | None:
    """The file itself, or the recording in another format where it was converted to save space."""
    return audio if audio.is_file() else Namesakes().find(audio, RECORDING_SUFFIXES)


def require_pieces(pieces: list[Piece], root: Path, layout: str) -> list[Piece]:
    if not pieces:
        raise InputNotFoundError(f"No recording with truth in {root}", hint=f"expected {layout}")
    return sorted(pieces)


def missing_truth(audio: Path) -> BadFileError:
    return BadFileError(
        f"There is no truth for {audio}", hint="the copy of the data set seems to be incomplete"
    )
