"""Opening a project file with SQLite so that nothing in it can act, and saying what went wrong."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from amtstudio.errors import (
    AmtStudioError,
    OutputWriteError,
    ProjectError,
    ProjectLockedError,
    ProjectReadOnlyError,
)

MAX_PROJECT_BYTES = 1 << 28  # 256 MiB; an hour of dense music with its history takes 20
_MAX_VALUE_BYTES = 1 << 27  # of one text: a step that replaces a million notes


def connect(path: Path, *, mode: str) -> sqlite3.Connection:
    """Open an existing file; ``mode`` is "ro" or "rw". Nothing is read from it yet.

    Any thread may use it, one at a time: large steps are taken beside the window's thread.
    """
    address = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(
        address, uri=True, isolation_level=None, timeout=0.2, check_same_thread=False
    )
    # What SQLite recommends for files from others; extensions cannot be loaded by default.
    connection.execute("PRAGMA trusted_schema=OFF")
    connection.execute("PRAGMA cell_size_check=ON")
    connection.execute("PRAGMA mmap_size=0")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_VALUE_BYTES)
    connection.text_factory = _decoded
    return connection


def explain(name: str, error: Exception) -> AmtStudioError:
    """The error of ours for what SQLite says; a mistake of ours in calling it is raised."""
    if isinstance(error, sqlite3.ProgrammingError):
        raise error
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return ProjectLockedError(
            f"{name} is open in another window or process", hint="close it there first"
        )
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM):
        return ProjectReadOnlyError(f"{name} cannot be written to", hint="save it elsewhere")
    if code == sqlite3.SQLITE_FULL:
        return OutputWriteError(
            f"Cannot write {name}: the disk is full", hint="free some space, or save it elsewhere"
        )
    if code == sqlite3.SQLITE_IOERR:
        return OutputWriteError(
            f"Cannot write {name}: the disk failed ({error})", hint="save it on another disk"
        )
    if code == sqlite3.SQLITE_INTERRUPT:
        return ProjectError(f"{name} is damaged: reading it never ends", hint="open a backup of it")
    return ProjectError(f"{name} is damaged: {error}", hint="open a backup of it")


def _decoded(raw: bytes) -> str:
    # An exception here would end the reading of all rows; a replaced character fails the check sum.
    return raw.decode("utf-8", "replace")
