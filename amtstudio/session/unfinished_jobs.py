"""Pending transcriptions, stored on disk so that they survive a killed program."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from amtstudio.user_folders import data_dir

SUFFIX = ".jobs"
_IN_USE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_MOST_JOBS = 100_000
_SETTLED_S = 10.0


@dataclass(frozen=True, slots=True)
class UnfinishedJob:
    """One recording that was to be transcribed: all of it, or a stretch in seconds.

    ``profile`` "": by a model as it ships; ``model`` "": by that of new recordings. ``project`` is
    the project whose notes were to be replaced; None: there was none yet.
    """

    path: Path
    start: float = 0.0
    end: float | None = None
    profile: str = ""
    project: Path | None = None
    model: str = ""


def jobs_folder() -> Path:
    return data_dir() / "jobs"


class JobNote:
    """Says what this process has still to do, until ``remove``.

    A small SQLite file that stays locked as long as the process lives: SQLite's locks end with
    their process, however it ends, on every system.

    Raises ``OSError`` if the user's data folder cannot be written to.
    """

    def __init__(self) -> None:
        folder = jobs_folder()
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{uuid.uuid4().hex}{SUFFIX}"
        self._connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            self._connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            # Does not wait for the disk: what a power cut takes is the last word about a queue.
            self._connection.execute("PRAGMA journal_mode=WAL").fetchone()
            self._connection.execute("PRAGMA synchronous=NORMAL")
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute(
                "CREATE TABLE job (seq INTEGER PRIMARY KEY, path BLOB NOT NULL,"
                " start REAL NOT NULL, end REAL, profile TEXT NOT NULL, project BLOB,"
                " model TEXT NOT NULL)"
            )
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self.remove()
            raise OSError(f"cannot note what is to be done: {error}") from error

    def write(self, jobs: Sequence[UnfinishedJob]) -> None:
        """Put ``jobs`` in place of what was noted. Raises ``OSError`` if that cannot be done."""
        rows = [
            (
                number,
                _bytes_of(job.path),
                job.start,
                job.end,
                job.profile,
                None if job.project is None else _bytes_of(job.project),
                job.model,
            )
            for number, job in enumerate(jobs)
        ]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.execute("DELETE FROM job")
            self._connection.executemany("INSERT INTO job VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
            raise OSError(f"cannot note what is to be done: {error}") from error

    def close(self) -> None:
        """Leave the note behind, for the next start."""
        self._connection.close()

    def remove(self) -> None:
        """Nothing is left to be done."""
        self._connection.close()
        _delete(self.path)


@dataclass(frozen=True, slots=True)
class UnfinishedQueue:
    """The unfinished jobs of a process that has ended."""

    jobs: tuple[UnfinishedJob, ...]
    note: Path

    def forget(self) -> None:
        """Do not report it again."""
        _delete(self.note)


def find_unfinished() -> list[UnfinishedQueue]:
    """The unfinished jobs of processes that have ended, the latest first."""
    found = []
    for note in jobs_folder().glob(f"*{SUFFIX}"):
        jobs = _read(note)
        if jobs:
            found.append(UnfinishedQueue(tuple(jobs), note))
        elif jobs is not None:
            _delete(note)
    return sorted(found, key=lambda queue: _modified(queue.note), reverse=True)


def _read(note: Path) -> list[UnfinishedJob] | None:
    """None while its process lives; nothing for a note that cannot be read."""
    try:
        with contextlib.closing(sqlite3.connect(note, isolation_level=None, timeout=0.0)) as found:
            found.execute("PRAGMA trusted_schema=OFF")
            found.execute("PRAGMA locking_mode=EXCLUSIVE")
            found.execute("BEGIN IMMEDIATE")
            rows = found.execute("SELECT * FROM job ORDER BY seq LIMIT ?", (_MOST_JOBS,)).fetchall()
    except sqlite3.Error as error:
        is_in_use = getattr(error, "sqlite_errorcode", 0) & 0xFF in _IN_USE
        # Another start may be about to make it.
        return None if is_in_use or time.time() - _modified(note) < _SETTLED_S else []
    return list(_jobs_of(rows))


def _jobs_of(rows: Iterable[tuple[object, ...]]) -> Iterable[UnfinishedJob]:
    for row in rows:
        with contextlib.suppress(ValueError, TypeError):
            _, path, start, end, profile, project, *model = row  # older notes name no model
            yield UnfinishedJob(
                _path_of(path),
                _number(start),
                None if end is None else _number(end),
                _string(profile),
                None if project is None else _path_of(project),
                *map(_string, model),
            )


def _bytes_of(path: Path) -> bytes:
    return os.fsencode(path.absolute())  # names that are no UTF-8 are none for SQLite's texts


def _path_of(value: object) -> Path:
    if not isinstance(value, bytes):
        raise TypeError("need the bytes of a path")
    return Path(os.fsdecode(value))


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("need a text")
    return value


def _number(value: object) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError("need a number")
    return float(value)


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _delete(note: Path) -> None:
    for suffix in ("-wal", "-shm", ""):
        with contextlib.suppress(OSError):
            note.with_name(note.name + suffix).unlink(missing_ok=True)
