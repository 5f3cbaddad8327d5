"""The project file on the disk: an edit is acknowledged once its transaction is committed."""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import (
    AmtStudioError,
    OutputWriteError,
    ProjectError,
    ProjectLockedError,
    ProjectReadOnlyError,
)
from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.command import Command, Content
from amtstudio.session.connection import connect, explain
from amtstudio.session.idle_fold import IdleFold
from amtstudio.session.kept_activations import KeptActivations, named_rows
from amtstudio.session.loading import Saved, Step, load
from amtstudio.session.log import (
    has_foreign_log,
    is_marked,
    new_state,
    put_log_aside,
    side_file,
)
from amtstudio.session.place import Identity, Place, identity_of
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

logger = logging.getLogger("amtstudio.session")

# Files that this process has open, by device and inode. Closing any descriptor of a file drops
# all locks that the process holds on it (POSIX), so such a file must not be touched again.
_OPEN: set[Identity] = set()


class ProjectStore:
    """One open project file, locked against all others.

    Edits go to the log beside it, and into the file itself a moment later, on another thread.

    Attributes
    ----------
    path : Path
    log_aside : Path or None
        Where a log is kept that was beside the file and belonged to another one.
    """

    def __init__(
        self, path: Path, connection: sqlite3.Connection, place: Place, log_aside: Path | None
    ) -> None:
        self.path = path
        self.log_aside = log_aside
        self._connection = connection
        self._place = place
        self._using = threading.RLock()  # the connection
        self._idle = IdleFold(self.fold)
        self._state = _read_state(connection)
        self._states = {self._state}  # that the file on the disk may have
        self._log_is_empty = not _size_of(side_file(path, "-wal"))

    @classmethod
    def open(cls, path: Path) -> ProjectStore:
        """Open and lock a file that was inspected. A log that is not its own is put aside first.

        Raises ``ProjectLockedError`` if it is open already, ``ProjectReadOnlyError`` if it or its
        folder may not be written to, and ``ProjectError`` if it is damaged.
        """
        check_not_open(path)
        place = _writable_place(path)
        connection = None
        try:
            log_aside = _without_foreign_log(path)
            connection = connect(path, mode="rw")
            _lock(connection)
            upgrade(connection, check_schema(connection, path.name))
            store = cls(path, connection, place, log_aside)
        except BaseException as error:
            if connection is not None:
                connection.close()
            place.close()
            if isinstance(error, sqlite3.Error):
                raise explain(path.name, error) from error
            raise
        _OPEN.add(place.identity)
        store._take_up()
        return store

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
            with self._using:
                return load(self._connection)
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error

    def add_step(
        self,
        command: Command,
        content: Content,
        step: Step,
        oldest: int,
        activations: Mapping[str, KeptActivations] | None = None,
    ) -> None:
        """Record ``command`` as ``step``, the last one; forget steps after it and before oldest.

        ``activations`` are all that are kept from now on, by name; None: the previous ones.
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

    def set_activations(self, activations: Mapping[str, KeptActivations]) -> None:
        with self._transaction() as connection:
            _replace_activations(connection, activations)

    def take_step(self, command: Command, content: Content, position: int) -> None:
        """Record that ``command``, a step of the journal or its inverse, was taken."""
        with self._transaction() as connection:
            self._write(connection, command, content, position)

    def command(self, step: Step) -> Command:
        """The command of a step. Raises ``ProjectError`` if it cannot be read."""
        try:
            with self._using:
                row = self._connection.execute(
                    "SELECT * FROM journal WHERE seq = ?", (step.seq,)
                ).fetchone()
            _, text, command, _ = unsealed(row)
            return command_from_json(text, command)
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error
        except PARSE_ERRORS as error:
            raise ProjectError(f"Step {step.text!r} of the history is damaged") from error

    def journal_rows(self) -> list[Row]:
        """The history; none where another program has written to the file, and to this part too."""
        try:
            with self._using:
                if self._place.is_overwritten(self._states):
                    return []
                return self._connection.execute("SELECT * FROM journal ORDER BY seq").fetchall()
        except sqlite3.Error as error:
            raise explain(self.path.name, error) from error

    def set_audio(self, audio: AudioReference | None) -> None:
        with self._transaction() as connection:
            _set_property(connection, "audio", audio_to_json(audio))

    def set_view(self, view: str) -> None:
        with self._transaction() as connection:
            _set_property(connection, "view", view)

    def set_instruments(self, text: str) -> None:
        with self._transaction() as connection:
            _set_property(connection, "instruments", text)

    def fold(self) -> None:
        """Write the content of the log beside the file into the file, so that it can be copied."""
        with self._using:
            self._check_place()
            if self._log_is_empty:
                return
            self._state = new_state()
            self._states.add(self._state)
            with self._transaction(rests=False) as connection:
                _write_state(connection, self._state)
            try:
                (is_held_up, *_) = self._connection.execute(
                    "PRAGMA wal_checkpoint(TRUNCATE)"
                ).fetchone()
            except sqlite3.Error as error:
                raise explain(self.path.name, error) from error
            if is_held_up:
                raise OutputWriteError(
                    f"Cannot write {self.path.name}: its log is in use",
                    hint="close other programs that have it open, and save again",
                )
            self._place.remember()
            self._states = {self._state}
            self._log_is_empty = True

    def close(self) -> None:
        self._idle.close()
        try:
            self._check_place()
            is_ours = True
        except ProjectError:
            is_ours = False
            self._place.leave()
        if is_ours:
            try:
                self.fold()
            except AmtStudioError as error:
                logger.warning("the log stays beside the project: %s", error)
        self._connection.close()
        self._place.close()
        if not is_ours:
            self._place.put_log_aside()
        _OPEN.discard(self._place.identity)

    def _take_up(self) -> None:
        """Bring in what a process left that was killed, and mark a file of a former version."""
        try:
            if not is_marked(self._state) and self._log_is_empty:
                with self._transaction(rests=False):
                    pass  # the log says from which state it began
            self.fold()
        except AmtStudioError as error:
            logger.warning("the log was not brought into the project: %s", error)

    @contextlib.contextmanager
    def _transaction(self, *, rests: bool = True) -> Iterator[sqlite3.Connection]:
        """``rests``: that the log is brought into the file in a moment."""
        with self._using:
            self._check_place()
            connection = self._connection
            try:
                connection.execute("BEGIN IMMEDIATE")
                if self._log_is_empty:
                    _write_state(connection, self._state)
                yield connection
                connection.execute("COMMIT")
            except BaseException as error:
                with contextlib.suppress(sqlite3.Error):
                    if connection.in_transaction:
                        connection.execute("ROLLBACK")
                if isinstance(error, sqlite3.Error):
                    raise explain(self.path.name, error) from error
                raise
            self._log_is_empty = False
        if rests:
            self._idle.touch()

    def _check_place(self) -> None:
        """Make sure that the file is still ours: edits of another one would be lost, or harm it."""
        self._place.check(self._states)

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
        if identity_of(path) in _OPEN:
            raise ProjectLockedError(
                f"{path.name} is already open in this program", hint="close it there first"
            )


def _writable_place(path: Path) -> Place:
    # SQLite would fall back to reading, and then fail at the lock as if the disk were broken.
    try:
        return Place(path)
    except OSError as error:
        raise ProjectReadOnlyError(
            f"{path.name} cannot be written to: {error.strerror}", hint="save it elsewhere"
        ) from error


def _without_foreign_log(path: Path) -> Path | None:
    try:
        return put_log_aside(path) if has_foreign_log(path) else None
    except OSError as error:
        raise ProjectReadOnlyError(
            f"a log of another state of {path.name} is beside it and cannot be moved away",
            hint=error.strerror or "",
        ) from error


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _read_state(connection: sqlite3.Connection) -> int:
    (state,) = connection.execute("PRAGMA schema_version").fetchone()
    return int(state)


def _write_state(connection: sqlite3.Connection, state: int) -> None:
    connection.execute(f"PRAGMA schema_version={state}")


def _lock(connection: sqlite3.Connection) -> None:
    # Exclusive: held until the connection is closed, or the process dies; and needs no memory
    # shared between processes, which network drives do not have.
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA fullfsync=ON")  # macOS: fsync alone does not reach the disk
    connection.execute("PRAGMA journal_mode=WAL").fetchone()
    # Only ``fold`` writes the log into the file: it gives the file another state.
    connection.execute("PRAGMA wal_autocheckpoint=0")
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
        _replace_activations(connection, saved.activations)
        for key, value in (
            ("audio", audio_to_json(saved.audio)),
            ("view", saved.view),
            ("next_id", str(content.next_id)),
            ("position", str(saved.position)),
        ):
            _set_property(connection, key, value)
        if saved.instruments:
            _set_property(connection, "instruments", saved.instruments)
        _write_state(connection, new_state())
        image = bytearray(connection.serialize())
    finally:
        connection.close()
    # The file format's two bytes for "has a write-ahead log": switching it on later would take a
    # rollback journal, and with it a moment in which a killed process leaves one behind.
    image[18] = image[19] = 2
    return bytes(image)


def _settle(path: Path) -> None:
    """Rid a name that is about to be taken of an old log, which would be played into the new file.

    A log that belongs to the existing file is removed with it; one that does not is kept aside.

    Raises ``ProjectLockedError`` if the file there is open.
    """
    check_not_open(path)
    with contextlib.suppress(OSError):
        if not path.is_file() or has_foreign_log(path):
            put_log_aside(path)
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


def _replace_activations(
    connection: sqlite3.Connection, activations: Mapping[str, KeptActivations]
) -> None:
    there = {name for (name,) in connection.execute("SELECT DISTINCT heard FROM activation")}
    gone = [(name,) for name in there - set(activations)]
    connection.executemany("DELETE FROM activation WHERE heard = ?", gone)
    new = {name: kept for name, kept in activations.items() if name not in there}
    insert_rows(connection, "activation", [(None, *row) for row in named_rows(new)])


def _set_property(connection: sqlite3.Connection, key: str, value: str) -> None:
    insert_rows(connection, "property", [sealed((key, value))])
