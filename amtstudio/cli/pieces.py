"""Recordings with the truth beside them, found in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from amtstudio.errors import InputNotFoundError, InputUnreadableError

# The table of notes first: a .mid beside a recording may be what `transcribe` wrote there.
TRUTH_SUFFIXES = (".notes.csv", ".mid", ".midi")
AUDIO_SUFFIXES = frozenset(
    f".{name}"
    for name in (
        *("wav", "flac", "aif", "aiff", "mp3", "ogg", "oga", "opus", "m4a", "aac", "wma", "webm"),
        *("mp4", "mkv", "mov"),
    )
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording and its truth."""

    name: str  # path below the folder
    audio: Path
    truth: Path


def find_pieces(folder: Path) -> list[Piece]:
    """The pieces in ``folder`` and below, by name.

    Raises
    ------
    InputNotFoundError
        If it is no folder, or no recording in it has its truth beside it.
    InputUnreadableError
        If it may not be read.
    """
    if not folder.is_dir():
        raise InputNotFoundError(f"{folder} is no folder")
    try:
        next(folder.iterdir(), None)
    except PermissionError as error:
        raise InputUnreadableError(f"the folder {folder} may not be read") from error
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in AUDIO_SUFFIXES and path.is_file()
    )
    pieces = []
    for audio in files:
        truth = _truth_of(audio)
        if truth is not None:
            pieces.append(Piece(str(audio.relative_to(folder)), audio, truth))
    if not pieces:
        raise InputNotFoundError(
            f"no recording in {folder} has its truth beside it",
            hint=f"that is a file of the same name with {', '.join(TRUTH_SUFFIXES)}",
        )
    return pieces


def _truth_of(audio: Path) -> Path | None:
    candidates = (audio.with_name(audio.stem + suffix) for suffix in TRUTH_SUFFIXES)
    return next((path for path in candidates if path.is_file()), None)
