"""Recordings in the folders that were opened."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from amtstudio.audio import MOST_IN_FOLDER, find_recordings


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The recordings and projects, and the folders that could not be read."""

    paths: list[Path]
    unreadable: list[Path]


def find_files(
    paths: tuple[Path, ...], *, is_cancelled: Callable[[], bool], **_callbacks: object
) -> FoundFiles:
    """Look for recordings in folders."""
    unreadable: list[Path] = []
    found = find_recordings(
        paths,
        most_in_folder=MOST_IN_FOLDER,
        is_cancelled=is_cancelled,
        on_unreadable=unreadable.append,
    )
    return FoundFiles(found, unreadable)
