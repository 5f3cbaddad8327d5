"""Where takes lie, and what they are called."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import platformdirs

FOLDER_NAME = "AMT Studio"


def recordings_folder(chosen: str = "") -> Path:
    """The user's folder for takes: ``chosen``, or one within the music folder of the system.

    ``AMTSTUDIO_RECORDINGS_DIR`` names another where nothing was chosen.
    """
    named = chosen or os.environ.get("AMTSTUDIO_RECORDINGS_DIR", "")
    if named:
        return Path(named).absolute()
    return Path(platformdirs.user_music_dir()) / FOLDER_NAME


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
