"""Which of the dropped files and folders are recordings."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from amtstudio.errors import Cancelled

SUFFIXES = (
    ".wav", ".flac", ".mp3", ".m4a", ".ogg", ".opus", ".aac", ".aif", ".aiff", ".wma", ".webm",
    ".mp4", ".mkv", ".mov", ".au", ".caf", ".w64",
)  # fmt: skip
MOST_FILES = 2000  # of a folder: whoever drops a whole disk did not mean it


def find_recordings(
    paths: Sequence[Path], *, is_cancelled: Callable[[], bool] = lambda: False
) -> list[Path]:
    """Files as they are, and the recordings within folders, sorted.

    A file that was named is taken whatever its suffix: if it is no recording, that is said where
    it is opened. Raises ``Cancelled``.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += _within(path, is_cancelled)
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _within(folder: Path, is_cancelled: Callable[[], bool]) -> list[Path]:
    found: list[Path] = []
    for root, folders, files in os.walk(folder):
        if is_cancelled():
            raise Cancelled
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(root, name)
            for name in sorted(files)
            if name.lower().endswith(SUFFIXES) and not name.startswith(".")
        ]
        if len(found) >= MOST_FILES:
            return found[:MOST_FILES]
    return found
