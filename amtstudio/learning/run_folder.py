"""The folder of one adaptation: what was asked, what it needs to go on, and how it ended."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import AmtStudioError, OptionError, OutputExistsError, ProfileError
from amtstudio.learning.control import PAUSE, STOP
from amtstudio.learning.corrections import gathered
from amtstudio.learning.events import EVENTS
from amtstudio.learning.report import OUTCOME, Finished, Outcome, read_outcome, write_outcome
from amtstudio.learning.request import Request
from amtstudio.profiles.file_names import former_stem_of, key_of
from amtstudio.profiles.profile import check_name
from amtstudio.profiles.store import has_profile, path_of
from amtstudio.user_folders import data_dir

REQUEST = "request.json"
SAID = "said.txt"  # what the process wrote on standard error: empty, unless it crashed
_PROCESS, _LOCK = "process.json", "lock"
_KEPT = (REQUEST, OUTCOME, EVENTS, SAID, _LOCK)  # of a run that is over


def runs_dir() -> Path:
    return data_dir() / "adaptations"


def run_path(name: str) -> Path:
    """The folder of the run for a profile name, whether or not there is one."""
    path, former = runs_dir() / path_of(name).stem, runs_dir() / former_stem_of(name)
    if path != former and not path.exists() and _was_asked_for(former, name):
        return former
    return path


def _was_asked_for(folder: Path, name: str) -> bool:
    """Whether the run in a folder, which a former version named, is for this profile."""
    try:
        asked = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
        return key_of(asked.get("request", asked)["name"]) == key_of(name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def read_request(folder: Path) -> Request | None:
    """The request of a run; None if it cannot be read.

    Of a run that an earlier version has begun too, which named the projects in place of what was
    corrected in them.
    """
    try:
        data = (folder / REQUEST).read_bytes()
        values = json.loads(data)
        if not isinstance(values, dict) or "format" in values:
            return Request.from_json(data)
        paths = tuple(Path(path) for path in values.pop("recordings"))
        return gathered(Request(recordings=paths, **values))
    except (OSError, ValueError, TypeError, KeyError, AmtStudioError):
        return None


class RunFolder:
    """Of one profile name; held by one process at a time. A context: left, it is free again."""

    def __init__(self, path: Path, request: Request) -> None:
        self.path, self.request = path, request
        self._lock = FileLock(path / _LOCK, blocking=False)

    @classmethod
    def open(cls, request: Request, *, resume: bool) -> Self:
        """Claim the folder for a run, and write down the request.

        Parameters
        ----------
        request : Request
        resume : bool
            Go on with what is there; else begin again.

        Raises
        ------
        OutputExistsError
            If there is a profile of this name, and the request does not replace it.
        OptionError
            If there is nothing to resume, or it was started with other recordings.
        ProfileError
            If a run for this name is active.
        ProjectError
            If a project cannot be read, or its recording is not where it was.
        """
        check_name(request.name)
        request = gathered(request)
        if has_profile(request.name) and not request.overwrite:
            raise OutputExistsError(
                f"there is already a profile {request.name!r}", hint="use --overwrite"
            )
        folder = cls(run_path(request.name), request)
        folder.path.mkdir(parents=True, exist_ok=True)
        folder._take()
        try:
            folder._prepare(resume=resume)
        except BaseException:
            folder.close()
            raise
        return folder

    @classmethod
    def take(cls, path: Path) -> Self:
        """Take a folder as it was prepared by ``open``, here or in another process.

        Raises
        ------
        OptionError
            If it contains no readable request.
        ProfileError
            If a run is active in it.
        """
        request = read_request(path)
        if request is None:
            raise OptionError(f"there is no request for an adaptation in {path}")
        folder = cls(path, request)
        folder._take()
        return folder

    def end(self, outcome: Outcome) -> None:
        """Record how the run ended. For a finished one, the state for resuming is removed."""
        write_outcome(self.path, outcome)
        if isinstance(outcome, Finished):
            self._clear(kept=_KEPT)

    def close(self) -> None:
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def is_at_work(name: str) -> bool:
        """Whether any process holds the folder of this profile name."""
        path = run_path(name) / _LOCK
        if not path.exists():
            return False
        try:
            with FileLock(path, blocking=False):
                return False
        except Timeout:
            return True
        except FileNotFoundError:  # thrown away a moment ago
            return False

    def _take(self) -> None:
        try:
            self._lock.acquire()
        except Timeout as error:
            raise ProfileError(
                f"an adaptation for {self.request.name!r} is running",
                hint="wait for it, or stop it",
            ) from error
        (self.path / _PROCESS).write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")

    def _prepare(self, *, resume: bool) -> None:
        name = self.request.name
        if resume:
            asked = read_request(self.path)
            is_over = isinstance(read_outcome(self.path), Finished)
            if is_over or not (self.path / REQUEST).is_file():
                raise OptionError(
                    f"there is no stopped adaptation for {name!r}",
                    hint="leave out --resume to begin one",
                )
            if asked is None:
                raise OptionError(
                    f"the settings of the stopped adaptation for {name!r} cannot be read",
                    hint="begin again without --resume; your recordings and model are unchanged",
                )
            if not asked.is_same_run(self.request):
                raise OptionError(
                    f"the stopped adaptation for {name!r} was started with other options",
                    hint="name the same recordings, minutes, model and teacher, or begin again",
                )
            for wish in (STOP, PAUSE, OUTCOME):
                (self.path / wish).unlink(missing_ok=True)
        else:
            self._clear(kept=(_LOCK, _PROCESS))
        write_atomically(self.path / REQUEST, self.request.to_json(), overwrite=True)

    def _clear(self, *, kept: tuple[str, ...]) -> None:
        for old in self.path.iterdir():
            if old.is_file() and old.name not in kept:
                old.unlink()
