"""A run requested in the window: to resume it, and to judge its result.

In addition to the run's own files, its folder contains a folder of the window's until the user has
decided about the result; it holds the profile that the result has replaced.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.learning.events import EVENTS
from amtstudio.learning.report import Finished, read_outcome
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import RunFolder, read_request, run_path, runs_dir
from amtstudio.profiles.store import (
    SUFFIX,
    delete_profile,
    find_profile,
    has_profile,
    write_profile,
)
from amtstudio.user_folders import data_dir

_FOLDER = "window"
_FORMER = f"former{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Asked:
    request: Request

    @property
    def name(self) -> str:
        return self.request.name

    @property
    def folder(self) -> Path:
        """For what belongs to this window and not to the run."""
        return run_path(self.name) / _FOLDER

    @property
    def can_go_on(self) -> bool:
        """Whether there is something to take up again."""
        path = run_path(self.name)
        return (path / EVENTS).is_file() and not isinstance(read_outcome(path), Finished)

    @property
    def resumed(self) -> Request:
        """The request for resuming it."""
        # A run that was killed at its very end has made the profile, and not said so yet.
        return replace(self.request, overwrite=self.request.overwrite or has_profile(self.name))

    def begin(self) -> None:
        """Keep the profile that is to be replaced.

        Raises ``ProfileError``, ``CannotCreateOutputError`` or ``OutputWriteError``.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        former = self.folder / _FORMER
        former.unlink(missing_ok=True)
        if self.request.overwrite:
            write_atomically(former, find_profile(self.name).read_bytes(), overwrite=True)

    def settle(self) -> None:
        """The user has decided: what was kept for that is dropped."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def take_back(self) -> None:
        """Undo what the run has made: its profile is removed, and the former one restored."""
        former = self.folder / _FORMER
        if former.is_file():
            write_profile(former.read_bytes(), self.name, overwrite=True)
        elif has_profile(self.name):
            delete_profile(self.name)
        self.settle()

    def throw_away(self) -> None:
        """Forget a run that has not come to its end. It must not be at work any more."""
        shutil.rmtree(run_path(self.name), ignore_errors=True)


def copies_of(name: str) -> Path:
    """Where earlier versions kept copies of projects that the profile of this name learned from."""
    return data_dir() / "corrected" / run_path(name).name


def find_asked() -> Asked | None:
    """The latest run of this window, or an earlier one, that was not settled; None: there is none.

    One at work comes first.
    """
    found = []
    for folder in runs_dir().glob(f"*/{_FOLDER}"):
        request = read_request(folder.parent)
        if request is not None and run_path(request.name) == folder.parent:
            age = folder.stat().st_mtime
            found.append((RunFolder.is_at_work(request.name), age, Asked(request)))
    return max(found, key=lambda entry: entry[:2])[2] if found else None
