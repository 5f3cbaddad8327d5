"""Where the program keeps what belongs to the user."""

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
