"""The folder in which one adaptation keeps what it needs to go on after it was stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Self

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import OptionError, OutputExistsError, ProfileError
from amtstudio.learning.control import EVENTS, PAUSE, PROCESS, STOP, OnEvent, RunControl
from amtstudio.learning.request import Report, Request
from amtstudio.profiles.file_names import former_stem_of, key_of
from amtstudio.profiles.profile import check_name
from amtstudio.profiles.store import has_profile, path_of
from amtstudio.user_folders import data_dir

REQUEST, REPORT = "request.json", "report.json"
_LOCK = "lock"


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
        return key_of(asked["name"]) == key_of(name)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


class RunFolder:
    """Of one profile name; held by one process at a time. A context: left, it is free again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock: BinaryIO | None = None

    @classmethod
    def open(cls, request: Request, *, resume: bool) -> Self:
        """Take the folder for a run.

        Parameters
        ----------
        request : Request
        resume : bool
            Go on with what is there; else begin anew.

        Raises
        ------
        OutputExistsError
            If there is a profile of this name, and the request does not replace it.
        OptionError
            If there is nothing to resume, or it was asked for with other recordings.
        ProfileError
            If a run for this name is at work.
        """
        check_name(request.name)
        if has_profile(request.name) and not request.overwrite:
            raise OutputExistsError(
                f"there is a profile {request.name!r} already", hint="use --overwrite"
            )
        folder = cls(run_path(request.name))
        folder.path.mkdir(parents=True, exist_ok=True)
        folder._take(request.name)
        try:
            folder._prepare(request, resume=resume)
        except BaseException:
            folder.close()
            raise
        return folder

    def control(
        self, *, on_event: OnEvent | None = None, is_cancelled: Callable[[], bool] | None = None
    ) -> RunControl:
        return RunControl(self.path, on_event=on_event, is_cancelled=is_cancelled)

    def finish(self, report: Report) -> None:
        """The run is over: what it would have gone on with is dropped, its report is kept."""
        data = report.to_json().encode("ascii")
        write_atomically(self.path / REPORT, data, overwrite=True)
        for old in self.path.iterdir():
            if old.is_file() and old.name not in (_LOCK, REPORT, EVENTS):
                old.unlink()
        self.close()

    def close(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @staticmethod
    def is_at_work(name: str) -> bool:
        """Whether any process holds the folder of this profile name."""
        path = run_path(name) / _LOCK
        try:
            with path.open("rb+") as file:
                return not _locked(file)
        except FileNotFoundError:
            return False

    def _take(self, name: str) -> None:
        self._lock = (self.path / _LOCK).open("ab")
        if not _locked(self._lock):
            self.close()
            raise ProfileError(
                f"an adaptation for {name!r} is at work", hint="wait for it, or stop it"
            )

    def _prepare(self, request: Request, *, resume: bool) -> None:
        wanted = _essentials(request)
        path = self.path / REQUEST
        if resume:
            if not path.is_file():
                raise OptionError(
                    f"there is no stopped adaptation for {request.name!r}",
                    hint="leave out --resume to begin one",
                )
            if json.loads(path.read_text(encoding="utf-8")) != wanted:
                raise OptionError(
                    f"the stopped adaptation for {request.name!r} was asked for otherwise",
                    hint="name the same recordings, minutes, model and teacher, or begin anew",
                )
        else:
            for old in self.path.iterdir():
                if old.is_file() and old.name != _LOCK:
                    old.unlink()
            write_atomically(path, json.dumps(wanted, indent=2).encode("ascii"), overwrite=True)
        for name in (STOP, PAUSE):
            (self.path / name).unlink(missing_ok=True)
        (self.path / PROCESS).write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")


def _essentials(request: Request) -> dict[str, object]:
    """What must be the same for a run to be taken up again."""
    return {
        "name": request.name,
        "recordings": [str(path.absolute()) for path in request.recordings],
        "minutes": request.minutes,
        "model": request.model,
        "teacher": request.teacher,
    }


def _locked(file: BinaryIO) -> bool:
    """Take a lock that ends with the process, however it ends."""
    if os.name == "nt":
        import msvcrt  # noqa: PLC0415

        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]
        except OSError:
            return False
        return True
    import fcntl  # noqa: PLC0415

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
