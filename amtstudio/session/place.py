"""The file of an open project on the disk: whether it is still the one that was opened."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import ProjectError
from amtstudio.session.log import HEADER_BYTES, put_log_aside, state_of

Identity = tuple[int, int]


class Place:
    """Watches the path under which a project is open, and the file there.

    Make one before SQLite opens the file and close it after SQLite has: closing any descriptor of
    a file drops all locks that the process holds on it (POSIX).

    Raises ``OSError`` if the file may not be written to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("r+b", buffering=0)
        status = os.fstat(self._file.fileno())
        self.identity: Identity = (status.st_dev, status.st_ino)
        self._seen = _look_of(status)

    def remember(self) -> None:
        """The current file was written by us."""
        self._seen = _look_of(os.fstat(self._file.fileno()))

    def check(self, states: Collection[int]) -> None:
        """Raise ``ProjectError`` if the file no longer exists, or another program wrote to it.

        ``states`` are those that the file may have by what we wrote.
        """
        name = self._path.name
        try:
            identity = identity_of(self._path)
        except OSError:
            identity = None
        if identity is None:
            cause = f"{name} was moved or deleted while it was open"
        elif identity != self.identity:
            cause = f"{name} was replaced by another file while it was open"
        elif self.is_overwritten(states):
            cause = f"{name} was overwritten by another program while it was open"
        else:
            return
        raise ProjectError(cause, hint="save it under a new name")

    def is_overwritten(self, states: Collection[int]) -> bool:
        """Whether another program has written to the file that was opened."""
        look = _look_of(os.fstat(self._file.fileno()))
        if look == self._seen:
            return False
        # Only looked into where the clock says so; a mere touch, or a server's own clock, is none.
        self._file.seek(0)
        if look[1] != self._seen[1] or state_of(self._file.read(HEADER_BYTES)) not in states:
            return True
        self._seen = look
        return False

    def leave(self) -> None:
        """Keep SQLite from bringing its log into a file that is not ours any more.

        It does so when it closes, unless the file has another identity by then. The log is kept
        under another name.
        """
        with contextlib.suppress(OSError):
            if identity_of(self._path) == self.identity:
                write_atomically(self._path, self._path.read_bytes(), overwrite=True)

    def put_log_aside(self) -> None:
        """After ``leave``, once SQLite has closed."""
        with contextlib.suppress(OSError):
            if self._path.exists():
                put_log_aside(self._path)

    def close(self) -> None:
        self._file.close()


def identity_of(path: Path) -> Identity:
    status = path.stat()
    return status.st_dev, status.st_ino


def _look_of(status: os.stat_result) -> tuple[int, int]:
    return status.st_mtime_ns, status.st_size
