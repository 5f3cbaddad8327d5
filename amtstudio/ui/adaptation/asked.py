"""What the window asked of a run, kept beside it: to take it up again, and to judge its result.

It lies in a folder within that of the run, until the user has said what becomes of the result.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from amtstudio.atomic_file import write_atomically
from amtstudio.learning.control import EVENTS
from amtstudio.learning.request import Request
from amtstudio.learning.run_folder import REPORT, REQUEST, RunFolder, run_path, runs_dir
from amtstudio.profiles.store import (
    SUFFIX,
    delete_profile,
    find_profile,
    has_profile,
    write_profile,
)
from amtstudio.user_folders import data_dir

_FOLDER, _FILE = "window", "asked.json"
_FORMER = f"former{SUFFIX}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A run that was asked for in the window.

    ``recordings`` is what the run is given: files of sound, and copies of projects, whose
    recordings they stand for. ``replaces``: a profile of that name was there before.
    """

    name: str
    recordings: tuple[Path, ...]
    minutes: float
    model: str = "piano"
    device: str = "auto"
    replaces: bool = False

    def request(self, *, resume: bool = False) -> Request:
        # A run that was killed at its very end has made the profile, and not said so yet.
        is_its_own = resume and has_profile(self.name)
        return Request(
            name=self.name,
            recordings=self.recordings,
            minutes=self.minutes,
            model=self.model,
            device=self.device,
            overwrite=self.replaces or is_its_own,
        )

    @property
    def folder(self) -> Path:
        """For what belongs to this run and not to the engine."""
        return run_path(self.name) / _FOLDER

    @property
    def copies(self) -> Path:
        """For copies of projects: a profile's ledger names them for as long as it is there."""
        return copies_of(self.name)

    @property
    def can_go_on(self) -> bool:
        """Whether there is something to take up again."""
        return (run_path(self.name) / REQUEST).is_file()

    @property
    def report(self) -> dict[str, Any] | None:
        """What came of it; None while nothing has."""
        try:
            values = json.loads((run_path(self.name) / REPORT).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return values if isinstance(values, dict) else None

    def begin(self) -> None:
        """Write it down, and clear away what a former run of this name has left.

        Raises ``CannotCreateOutputError`` or ``OutputWriteError``.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.copies.glob("*"):
            if old not in self.recordings:  # those that are, were made a moment ago
                old.unlink()
        for name in (REPORT, REQUEST, EVENTS):
            (run_path(self.name) / name).unlink(missing_ok=True)
        former = self.folder / _FORMER
        former.unlink(missing_ok=True)
        if self.replaces:
            write_atomically(former, find_profile(self.name).read_bytes(), overwrite=True)
        values = asdict(self) | {"recordings": [str(path) for path in self.recordings]}
        data = json.dumps(values, indent=2).encode("ascii")
        write_atomically(self.folder / _FILE, data, overwrite=True)

    def settle(self) -> None:
        """The user has decided: what was kept for that is dropped."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def take_back(self) -> None:
        """Undo what the run has made: its profile goes, and the former one comes back."""
        former = self.folder / _FORMER
        if former.is_file():
            write_profile(former.read_bytes(), self.name, overwrite=True)
        elif has_profile(self.name):
            delete_profile(self.name)
        self.settle()

    def throw_away(self) -> None:
        """Forget a run that has not come to its end. It must not be at work any more."""
        shutil.rmtree(run_path(self.name), ignore_errors=True)

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raises ``OSError``, ``ValueError``, ``TypeError`` or ``KeyError`` for what is none."""
        values = json.loads(path.read_text(encoding="utf-8"))
        values["recordings"] = tuple(Path(name) for name in values["recordings"])
        return cls(**values)


def copies_of(name: str) -> Path:
    """The folder of the copies of projects that the profile of this name learned from."""
    return data_dir() / "corrected" / run_path(name).name


def find_asked() -> Asked | None:
    """The latest run of this window, or an earlier one, that was not settled; None: there is none.

    One at work comes first.
    """
    found = []
    for path in runs_dir().glob(f"*/{_FOLDER}/{_FILE}"):
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
            asked = Asked.read(path)
            if run_path(asked.name) == path.parent.parent:
                found.append((RunFolder.is_at_work(asked.name), path.stat().st_mtime, asked))
    return max(found, key=lambda entry: entry[:2])[2] if found else None
