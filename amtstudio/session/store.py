"""The project file on the disk: an edit is acknowledged once its transaction is committed."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import ProjectError, ProjectLockedError, ProjectReadOnlyError
from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.command import Command, Content
from amtstudio.session.connection import connect, explain
from amtstudio.session.inspection import side_file
from amtstudio.session.kept_activations import KeptActivations
from amtstudio.session.loading import Saved, Step, load
from amtstudio.session.rows import (
    PARSE_ERRORS,
    Row,
    audio_to_json,
    command_from_json,
    command_to_json,
    insert_rows,
    sealed,
    table_rows,
    unsealed,
)
from amtstudio.session.schema import check_schema, create_tables, upgrade
from amtstudio.session.tables import NOTES, TABLES, Table, to_json

# Files that this process has open, by device and inode. Closing any descriptor of a file drops
# all locks that the process holds on it (POSIX), so such a file must not be touched again.
_OPEN: set[tuple[int, int]] = set()


class ProjectStore:
    """One open project file, locked against all others."""

    def __init__(
        self, path: Path, connection: sqlite3.Connection, identity: tuple[int, int]
    ) -> None:
        self.path = path
        self._connection = connection
        self._identity = identity

    @classmethod
    def open(cls, path: Path) -> ProjectStore:
        """Open and lock a file that was inspected.

        Raises ``ProjectLockedError`` if it is open already, ``ProjectReadOnlyError`` if it or its
        folder may not be written to, and ``ProjectError`` if it is damaged.
        """
        check_not_open(path)
        _check_writable(path)
        connection = None
        try:
            connection = connect(path, mode="rw")
            _lock(connection)
            upgrade(connection, check_schema(connection, path.name))
            identity = _identity(path)
        except sqlite3.Error as error:
            if connection is not None:
                connection.close()
            raise explain(path.name, error) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        _OPEN.add(identity)
        return cls(path, connection, identity)

    @classmethod
    def create(cls, path: Path, saved: Saved, rows: list[Row], *, overwrite: bool) -> ProjectStore:
        """Make a file with all that ``saved`` holds, and ``rows`` of a journal, and open it.

        At every moment there is the old file or the new one, whole. Raises what
        ``write_atomically`` and ``open`` raise.
        """
        image = _image(saved, rows)
        if overwrite or not path.exists():
            _settle(path)
        write_atomically(path, image, overwrite=overwrite)
        return cls.open(path)

    def load(self) -> Saved:
        try:
            return load(self._connection)
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error

    def add_step(
        self,
        command: Command,
        content: Content,
        step: Step,
        oldest: int,
        activations: KeptActivations | None = None,
    ) -> None:
        """Record ``command`` as ``step``, the last one; forget steps after it and before oldest.

        ``activations`` are those from which its notes come, in place of the former ones.
        """
        text = command_to_json(command)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        with self._transaction() as connection:
            connection.execute("DELETE FROM journal WHERE seq >= ? OR seq < ?", (step.seq, oldest))
            row = sealed((step.seq, command.text, text, made_at))
            insert_rows(connection, "journal", [row])
            self._write(connection, command, content, step.seq)
            if activations is not None:
                _replace_activations(connection, activations)

    def set_activations(self, activations: KeptActivations) -> None:
        with self._transaction() as connection:
            _replace_activations(connection, activations)

    def take_step(self, command: Command, content: Content, position: int) -> None:
        """Record that ``command``, a step of the journal or its inverse, was taken."""
        with self._transaction() as connection:
            self._write(connection, command, content, position)

    def command(self, step: Step) -> Command:
        """The command of a step. Raises ``ProjectError`` if it cannot be read."""
        try:
            row = self._connection.execute(
                "SELECT * FROM journal WHERE seq = ?", (step.seq,)
            ).fetchone()
            _, text, command, _ = unsealed(row)
            return command_from_json(text, command)
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error
        except PARSE_ERRORS as error:
            raise ProjectError(f"The step {step.text!r} of the history is damaged") from error

    def journal_rows(self) -> list[Row]:
        try:
            return self._connection.execute("SELECT * FROM journal ORDER BY seq").fetchall()
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error

    def set_audio(self, audio: AudioReference | None) -> None:
        with self._transaction() as connection:
            _set_property(connection, "audio", audio_to_json(audio))

    def set_view(self, view: str) -> None:
        with self._transaction() as connection:
            _set_property(connection, "view", view)

    def fold(self) -> None:
        """Bring what lies in the log beside the file into the file, so that it can be copied."""
        try:
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error

    def close(self) -> None:
        self._connection.close()
        _OPEN.discard(self._identity)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._check_place()
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            yield connection
            connection.execute("COMMIT")
        except BaseException as error:
            with contextlib.suppress(sqlite3.Error):
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.Error):
                raise explain(self.path.name, error) from error
            raise

    def _check_place(self) -> None:
        """Make sure that the file still has its name: edits of a deleted one would be lost."""
        try:
            in_place = _identity(self.path) == self._identity
        except OSError:
            in_place = False
        if not in_place:
            raise ProjectError(
                f"{self.path.name} was moved or deleted while it was open",
                hint="save it under a new name",
            )

    def _write(
        self, connection: sqlite3.Connection, command: Command, content: Content, position: int
    ) -> None:
        for name, change in command.rows.items():
            table = TABLES[name]
            if table.has_ids:
                kept = {table.key(row) for row in change.inserted}
                gone = [(table.key(row),) for row in change.removed if table.key(row) not in kept]
                connection.executemany(f"DELETE FROM {name} WHERE id = ?", gone)  # noqa: S608
                insert_rows(connection, name, table_rows(table, change.inserted))
            else:
                _write_all(connection, table, content.after(table, change))
        inserted = command.of_table(NOTES).inserted
        next_id = max([content.next_id, *(entry.id + 1 for entry in inserted)])
        _set_property(connection, "next_id", str(next_id))
        _set_property(connection, "position", str(position))


def check_not_open(path: Path) -> None:
    """Raise ``ProjectLockedError`` if this process has the file open."""
    with contextlib.suppress(OSError, ValueError):  # ValueError: a zero byte in the name
        if _identity(path) in _OPEN:
            raise ProjectLockedError(f"{path.name} is open already in this program")


def _check_writable(path: Path) -> None:
    # SQLite would fall back to reading, and then fail at the lock as if the disk were broken.
    try:
        with path.open("r+b"):
            pass
    except OSError as error:
        raise ProjectReadOnlyError(
            f"{path.name} may not be written to", hint=error.strerror or ""
        ) from error


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _lock(connection: sqlite3.Connection) -> None:
    # Exclusive: held until the connection is closed, or the process dies; and needs no memory
    # shared between processes, which network drives do not have.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=ON")  # macOS: fsync alone does not reach the disk
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    connection.execute("BEGIN EXCLUSIVE")
    connection.execute("COMMIT")


def _image(saved: Saved, journal: list[Row]) -> bytes:
    """The bytes of a project file."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        create_tables(connection)
        content = saved.content
        for table in TABLES.values():
            _write_all(connection, table, content.rows(table).values())
        insert_rows(connection, "journal", journal)
        if saved.activations is not None:
            _replace_activations(connection, saved.activations)
        for key, value in (
            ("audio", audio_to_json(saved.audio)),
            ("view", saved.view),
            ("next_id", str(content.next_id)),
            ("position", str(saved.position)),
        ):
            _set_property(connection, key, value)
        image = bytearray(connection.serialize())
    finally:
        connection.close()
    # The file format's two bytes for "has a write-ahead log": switching it on later would take a
    # rollback journal, and with it a moment in which a killed process leaves one behind.
    image[18] = image[19] = 2
    return bytes(image)


def _settle(path: Path) -> None:
    """Rid a name that is about to be taken of an old log, which would be played into the new file.

    Raises ``ProjectLockedError`` if the file there is open.
    """
    check_not_open(path)
    if path.is_file():
        connection = None
        try:
            connection = connect(path, mode="rw")
            _lock(connection)
        except sqlite3.Error as error:
            if isinstance(ours := explain(path.name, error), ProjectLockedError):
                raise ours from error
        finally:
            if connection is not None:
                connection.close()  # plays the log back and removes it
    for suffix in ("-wal", "-shm", "-journal"):
        with contextlib.suppress(OSError):
            os.unlink(side_file(path, suffix))  # noqa: PTH108 - of no file, or one beyond repair


def _write_all(connection: sqlite3.Connection, table: Table[Any], rows: Iterable[Any]) -> None:
    """Make these the rows of a table."""
    if table.columns:
        connection.execute(f"DELETE FROM {table.name}")  # noqa: S608 - our own names
        insert_rows(connection, table.name, table_rows(table, rows))
        return
    connection.execute("DELETE FROM property WHERE key = ?", (table.name,))
    for row in rows:
        _set_property(connection, table.name, to_json(*table.dump(row)))


def _replace_activations(connection: sqlite3.Connection, activations: KeptActivations) -> None:
    connection.execute("DELETE FROM activation")
    insert_rows(connection, "activation", list(activations.rows))


def _set_property(connection: sqlite3.Connection, key: str, value: str) -> None:
    insert_rows(connection, "property", [sealed((key, value))])
