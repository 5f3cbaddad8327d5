"""Recordings with the truth beside them, found in a folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amtstudio.audio import Namesakes, find_recordings
from amtstudio.errors import InputNotFoundError, InputUnreadableError
from amtstudio.formats import TRUTH_SUFFIXES

_MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A recording and its truth."""

    name: str  # path below the folder
    audio: Path
    truth: Path


def find_pieces(
    folder: Path, *, on_warning: Callable[[str], None] = lambda _text: None
) -> list[Piece]:
    """The pieces in ``folder`` and below, by name.

    Parameters
    ----------
    folder : Path
    on_warning : callable
        Called with a sentence about which recordings are left out.

    Raises
    ------
    InputNotFoundError
        If it is not a folder, or no recording in it has its truth beside it.
    InputUnreadableError
        If it may not be read.
    """
    if not folder.is_dir():
        if folder.exists():
            raise InputNotFoundError(
                f"{folder} is not a folder", hint="name the folder that it is in"
            )
        raise InputNotFoundError(f"{folder} does not exist", hint="check the path")
    try:
        next(folder.iterdir(), None)
    except PermissionError as error:
        raise InputUnreadableError(f"the folder {folder} cannot be read") from error
    recordings = find_recordings(
        [folder],
        on_unreadable=lambda below: on_warning(f"the folder {below} cannot be read: left out"),
    )
    namesakes = Namesakes()
    pieces, without = [], []
    for audio in recordings:
        name = str(audio.relative_to(folder))
        truth = namesakes.find(audio, TRUTH_SUFFIXES)
        if truth is None:
            without.append(name)
        else:
            pieces.append(Piece(name, audio, truth))
    if not pieces:
        raise InputNotFoundError(
            f"no recording in {folder} has its truth beside it",
            hint=f"that is a file of the same name with {', '.join(TRUTH_SUFFIXES)}",
        )
    if without:
        on_warning(_left_out(without))
    return pieces


def _left_out(names: list[str]) -> str:
    if len(names) == 1:
        return f"{names[0]} has no truth beside it: left out"
    named = ", ".join(names[:_MOST_NAMED]) + (", ..." if len(names) > _MOST_NAMED else "")
    return f"{len(names)} recordings have no truth beside them: left out ({named})"
