"""Removes what a program that was killed has left."""

from __future__ import annotations

from pathlib import Path

from amtstudio.atomic_file import remove_leftovers
from amtstudio.settings import config_dir
from amtstudio.ui.jobs import Job
from amtstudio.ui.shell import Shell


class _CleanUp:
    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders

    def __call__(self, **_callbacks: object) -> list[Path]:
        return remove_leftovers(self._folders)


def clean_up_soon(window: Shell) -> Job:
    """Look, on a thread, where this program writes: its settings, and beside recent files."""
    recent = (Path(name).parent for name in window.preferences.settings.recent_files)
    return window.pool.start(Job(_CleanUp((config_dir(), *recent))))
