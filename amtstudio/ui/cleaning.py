"""Removes what a program that was killed has left."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from amtstudio.atomic_file import remove_leftovers
from amtstudio.settings import config_dir
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.jobs import Job
from amtstudio.ui.shell import Shell


def clean_up_soon(window: Shell) -> Job:
    """Look, on a thread, where this program writes: its settings, and beside recent files."""
    recent = (Path(name).parent for name in window.preferences.settings.recent_files)
    return window.pool.start(
        Job(without_arguments(partial(remove_leftovers, (config_dir(), *recent))))
    )
