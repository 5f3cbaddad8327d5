"""The folders of documents that have not been saved yet."""

from __future__ import annotations

import os
from pathlib import Path

from amtstudio.user_folders import data_dir


def recovery_dir() -> Path:
    return real_path(data_dir() / "recovery")


def real_path(path: Path) -> Path:
    """The file behind links: SQLite keeps its log beside that one."""
    try:
        return Path(os.path.realpath(path))
    except ValueError:  # a zero byte in the name
        return path.absolute()
