"""A take in the trash, and how it comes back."""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from amtstudio.errors import CannotCreateOutputError, OutputExistsError


@dataclass(frozen=True, slots=True)
class Discarded:
    """A take in the trash."""

    path: Path  # where it was
    trash_path: Path | None  # None: the system does not tell
    project: Path | None  # what held edits of its notes, and still does
    keyboard: Discarded | None = None  # what a MIDI keyboard played along


def move_back(discarded: Discarded, **_callbacks: object) -> Discarded:
    _restore(discarded)
    if discarded.keyboard is not None:
        _restore(discarded.keyboard)
    return discarded


def _restore(discarded: Discarded) -> None:
    path, trash_path = discarded.path, discarded.trash_path
    if path.exists():
        raise OutputExistsError(
            f"there is another file at {path}", hint="restore it from the trash by hand"
        )
    if trash_path is None or not trash_path.is_file():
        raise CannotCreateOutputError(f"{path.name} is not in the trash any more")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(trash_path, path)
    except OSError as error:
        raise CannotCreateOutputError(
            f"{path.name} could not be taken out of the trash: {error.strerror}",
            hint="take it out by hand",
        ) from error
    # Of the trash of freedesktop.org: else it would list what no longer exists.
    note = trash_path.parent.parent / "info" / f"{trash_path.name}.trashinfo"
    with contextlib.suppress(OSError):
        note.unlink(missing_ok=True)
