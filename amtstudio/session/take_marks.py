"""Marks of takes that are being recorded: a leftover one indicates a crash."""

from __future__ import annotations

import contextlib
import sqlite3
import uuid
from dataclasses import dataclass
from pathlib import Path

from amtstudio.user_folders import data_dir

SUFFIX = ".take"
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def marks_folder() -> Path:
    return data_dir() / "takes"


class TakeMark:
    """Says that this process records into ``path``, until ``remove``.

    The mark is a small SQLite file that stays locked as long as the process lives: SQLite's locks
    end with their process, however it ends, on every system.

    Raises
    ------
    OSError
        If the user's data folder cannot be written to. The take needs no mark to be kept.
    """

    def __init__(self, path: Path) -> None:
        folder = marks_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self._file = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        # Made on the thread that opens the device, removed on that of the window.
        self._connection = sqlite3.connect(
            self._file, isolation_level=None, check_same_thread=False
        )
        try:
            # No journal beside it: a mark that is torn by a power cut loses nothing.
            self._connection.execute("PRAGMA journal_mode=MEMORY")
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("CREATE TABLE take (path TEXT NOT NULL)")
            self._connection.execute("INSERT INTO take VALUES (?)", (str(path.absolute()),))
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._connection.close()
            _delete(self._file)
            raise OSError(f"cannot note the recording: {error}") from error

    def remove(self) -> None:
        """The take has ended in order."""
        self._connection.close()
        _delete(self._file)


@dataclass(frozen=True, slots=True)
class UnfinishedTake:
    """A take whose program has ended without finishing it."""

    path: Path
    mark: Path

    def forget(self) -> None:
        """Do not report it again; the recording stays where it is."""
        _delete(self.mark)


def find_unfinished_takes() -> list[UnfinishedTake]:
    """The takes that a crash cut short and that are still there, the latest first.

    Marks of takes that no longer exist are removed.
    """
    found = []
    for mark in sorted(marks_folder().glob(f"*{SUFFIX}")):
        path = _marked_path(mark)
        if path is None:
            continue
        take = UnfinishedTake(path, mark)
        if path.is_file():
            found.append(take)
        else:
            take.forget()
    return sorted(found, key=lambda take: take.path.stat().st_mtime, reverse=True)


def _marked_path(mark: Path) -> Path | None:
    """None while the take is being recorded, and for a mark without information."""
    try:
        with contextlib.closing(sqlite3.connect(mark, isolation_level=None, timeout=0.0)) as found:
            found.execute("BEGIN IMMEDIATE")
            row = found.execute("SELECT path FROM take").fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _IN_USE:
            _delete(mark)  # the crash came before it was written
        return None
    return Path(row[0]) if row is not None and isinstance(row[0], str) else None


def _delete(mark: Path) -> None:
    with contextlib.suppress(OSError):
        mark.unlink(missing_ok=True)
