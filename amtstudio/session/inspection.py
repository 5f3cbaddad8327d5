"""Looking into a project file without touching it: on a copy, and suspicious of all of it.

SQLite writes to a file that it opens (it plays the log back), and a damaged file must not change.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import tempfile
import time
from pathlib import Path

from amtstudio.errors import AmtStudioError, InputNotFoundError, InputUnreadableError, ProjectError
from amtstudio.session.connection import MAX_PROJECT_BYTES, connect, explain
from amtstudio.session.loading import Saved, load
from amtstudio.session.log import has_foreign_log, side_file
from amtstudio.session.schema import APPLICATION_ID, MAGIC, check_schema

# Not on every system.
_BINARY = getattr(os, "O_BINARY", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)

TIME_LIMIT = 20.0  # seconds of SQLite's work; the largest projects take two
_STEPS_BETWEEN_LOOKS = 100_000  # of SQLite's virtual machine


def inspect(path: Path) -> Saved:
    """The content of the project at ``path``, with a sentence for each problem.

    The file's bytes stay as they are, and no file appears beside it. A log beside it that belongs
    to another file is left out.

    Raises
    ------
    InputNotFoundError
        If nothing is there, or it is not a regular file.
    InputUnreadableError
        If this user may not read it.
    ProjectLockedError
        If another process has it open.
    ProjectError
        If it is not a project, was made by a newer program, has parts that no project has, or is
        too damaged to find anything in it.
    """
    _check_file(path)
    _check_lock(path)
    with tempfile.TemporaryDirectory(prefix="amtstudio-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / "project.amts"
        try:
            shutil.copyfile(path, copy)
            log = side_file(path, "-wal")
            is_foreign = log.is_file() and has_foreign_log(path)
            has_log = log.is_file() and 0 < log.stat().st_size <= MAX_PROJECT_BYTES
            has_log = has_log and not is_foreign
            if has_log:
                shutil.copyfile(log, side_file(copy, "-wal"))
        except OSError as error:
            raise InputUnreadableError(
                f"{path.name} cannot be read: {error.strerror or error}",
                hint="check the disk, and try again",
            ) from error
        saved = _inspect_with_log(path, copy) if has_log else _inspect_copy(copy, path.name)
        saved.has_foreign_log = is_foreign
        return saved


def _inspect_with_log(path: Path, copy: Path) -> Saved:
    """Read file and log; where they do not make a whole, the file as it was before the log."""
    bare = copy.with_name("bare.amts")
    shutil.copyfile(copy, bare)
    error: AmtStudioError | None = None
    both = None
    try:
        both = _inspect_copy(copy, path.name)
        if not both.problems:
            return both
    except ProjectError as failed:
        error = failed
    try:
        alone = _inspect_copy(bare, path.name)
    except ProjectError:
        if both is None and error is not None:
            raise error from None
        raise
    if both is not None and (alone.problems or not alone.content.notes):
        return both
    alone.problems.append("the latest edits cannot be read, and this is the state before them")
    return alone


def _check_file(path: Path) -> None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise InputNotFoundError(f"{path.name} is not a file", hint="name a project")
        # What was a file a moment ago may be a pipe by now, and opening that would wait.
        descriptor = os.open(path, os.O_RDONLY | _BINARY | _NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            head = file.read(100)
    except PermissionError as error:
        raise InputUnreadableError(
            f"{path.name} cannot be read by this user", hint="change its permissions"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise InputNotFoundError(f"{path.name} does not exist", hint="check the path") from error
    if not head:
        raise ProjectError(f"{path.name} is empty: 0 bytes", hint="open a backup of it")
    if not head.startswith(MAGIC) or head[68:72] != APPLICATION_ID.to_bytes(4, "big"):
        raise ProjectError(
            f"{path.name} is not a project of AMT Studio",
            hint="choose another file, or a backup of it",
        )
    if status.st_size > MAX_PROJECT_BYTES:
        raise ProjectError(
            f"{path.name} is too large to be a project (over 256 MiB)", hint="open a backup of it"
        )
    journal = side_file(path, "-journal")
    if journal.exists():
        # We never leave one, and SQLite would write what it says into the project.
        raise ProjectError(
            f"{journal.name} is beside the project but does not belong to it",
            hint="move it away first",
        )


def _check_lock(path: Path) -> None:
    connection = None
    try:
        connection = connect(path, mode="ro")
        # Asks for the lock of the file alone: the usual mode would make a file beside it.
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY:
            raise explain(path.name, error) from error
    finally:
        if connection is not None:
            connection.close()


def _inspect_copy(copy: Path, name: str) -> Saved:
    connection = None
    deadline = time.monotonic() + TIME_LIMIT
    try:
        connection = connect(copy, mode="rw")
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        check_schema(connection, name)
        torn = _structure_problem(connection)
        saved = load(connection)
    except (sqlite3.Error, MemoryError, OverflowError) as error:
        raise explain(name, error) from error
    finally:
        if connection is not None:
            connection.close()
    if torn:
        saved.problems.append(torn)
    if saved.problems and not saved.content.notes:
        raise ProjectError(f"{name} is damaged: {saved.problems[0]}", hint="open a backup of it")
    return saved


def _structure_problem(connection: sqlite3.Connection) -> str:
    try:
        (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_INTERRUPT:
            raise
        verdict = str(error)
    return "" if verdict == "ok" else "the file is damaged inside"
