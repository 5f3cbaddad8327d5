"""Where documents lie that have not been saved yet."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs


def data_dir() -> Path:
    """The user's data folder of the program; ``AMTSTUDIO_DATA_DIR`` names another."""
    override = os.environ.get("AMTSTUDIO_DATA_DIR")
    if override:
        return Path(override).absolute()
    # The data folder and not the cache: programs that clean up empty caches.
    return Path(platformdirs.user_data_dir("amtstudio", appauthor=False))


def recovery_dir() -> Path:
    return real_path(data_dir() / "recovery")


def real_path(path: Path) -> Path:
    """The file behind links: SQLite keeps its log beside that one."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a zero byte in the name
        return path.absolute()
