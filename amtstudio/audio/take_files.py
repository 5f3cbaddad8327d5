"""Where takes are stored, and what they are called."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from datetime import datetime
from pathlib import Path

import platformdirs

from amtstudio.errors import CannotCreateOutputError

FOLDER_NAME = "AMT Studio"
KEYBOARD_SUFFIX = ".keyboard.mid"  # not that of a transcription beside its recording


def recordings_folder(chosen: str = "") -> Path:
    """The user's folder for takes: ``chosen``, or one within the music folder of the system.

    ``AMTSTUDIO_RECORDINGS_DIR`` names another where nothing was chosen.
    """
    named = chosen or os.environ.get("AMTSTUDIO_RECORDINGS_DIR", "")
    if named:
        return Path(named).absolute()
    return Path(platformdirs.user_music_dir()) / FOLDER_NAME


def check_recordings_folder(folder: Path) -> None:
    """Make sure that a take can be written to ``folder``, which is created if missing.

    Raises ``CannotCreateOutputError`` if it cannot; a folder created for the trial is removed.
    """
    made: list[Path] = []
    try:
        missing = folder
        while not missing.exists() and missing != missing.parent:
            made.append(missing)
            missing = missing.parent
        if folder.exists() and not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a folder")
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"0")
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        for path in made:
            with contextlib.suppress(OSError, ValueError):
                path.rmdir()
        reason = getattr(error, "strerror", None) or str(error)
        raise CannotCreateOutputError(
            f"takes cannot be written to {folder}: {reason}",
            hint="choose another folder, or allow writing to this one",
        ) from error


def take_path(folder: Path, begin: datetime) -> Path:
    """A name in ``folder`` that is not taken, with the date and time of the first sample.

    No colon in it: neither Windows nor macOS allows one.
    """
    stem = f"Take {begin:%Y-%m-%d %H.%M.%S}"
    path = folder / f"{stem}.wav"
    number = 2
    while os.path.lexists(path):
        path = folder / f"{stem} ({number}).wav"
        number += 1
    return path


def keyboard_file(recording: Path) -> Path:
    """Where the notes of a MIDI keyboard that was recorded along with a recording are kept."""
    return recording.with_name(recording.stem + KEYBOARD_SUFFIX)
