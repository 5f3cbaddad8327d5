"""The tables of a project file, their version, and the way from older versions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any

from amtstudio.errors import ProjectError
from amtstudio.session.rows import PARSE_ERRORS, from_table_row, insert_rows, table_rows
from amtstudio.session.tables import NOTES, PASSAGES, PEDALS, TABLES, Table, source_from
from amtstudio.session.values import former_name

APPLICATION_ID = 0x414D5453  # "AMTS"
FORMAT_VERSION = 5
MAGIC = b"SQLite format 3\x00"

_PROPERTY = (
    "CREATE TABLE property (key TEXT PRIMARY KEY, value TEXT NOT NULL,"
    " checksum INTEGER NOT NULL) WITHOUT ROWID"
)
_JOURNAL = (
    "CREATE TABLE journal (seq INTEGER PRIMARY KEY, text TEXT NOT NULL,"
    " command TEXT NOT NULL, made_at TEXT NOT NULL, checksum INTEGER NOT NULL)"
)

# Activations, from which thresholds find the notes again: rows of sets, each with a name.
# A set is there while the notes come from it, or those that undoing a step brings back.
ACTIVATION = (
    "CREATE TABLE activation (id INTEGER PRIMARY KEY, heard TEXT NOT NULL,"
    " first_frame INTEGER NOT NULL, n_frames INTEGER NOT NULL,"
    " heads NOT NULL, sample_rate INTEGER NOT NULL, hop_length INTEGER NOT NULL,"
    " start REAL NOT NULL, end REAL, data BLOB NOT NULL, checksum INTEGER NOT NULL)"
)

# Of one model alone.
_ACTIVATION_2 = (
    "CREATE TABLE activation (first_frame INTEGER PRIMARY KEY, n_frames INTEGER NOT NULL,"
    " has_pedal INTEGER NOT NULL, sample_rate INTEGER NOT NULL, hop_length INTEGER NOT NULL,"
    " start REAL NOT NULL, end REAL, data BLOB NOT NULL, checksum INTEGER NOT NULL)"
)


_FORMAT_1: Mapping[str, str] = {
    "note": (
        "CREATE TABLE note (id INTEGER PRIMARY KEY, onset REAL NOT NULL, offset REAL NOT NULL,"
        " pitch INTEGER NOT NULL, velocity INTEGER NOT NULL, confidence REAL NOT NULL,"
        " instrument TEXT NOT NULL, state TEXT NOT NULL, original TEXT NOT NULL,"
        " checksum INTEGER NOT NULL)"
    ),
    "pedal": (
        "CREATE TABLE pedal (id INTEGER PRIMARY KEY, onset REAL NOT NULL, offset REAL NOT NULL,"
        " checksum INTEGER NOT NULL)"
    ),
    "passage": (
        "CREATE TABLE passage (id INTEGER PRIMARY KEY, onset REAL NOT NULL,"
        " offset REAL NOT NULL, model TEXT NOT NULL, accepted_at TEXT NOT NULL,"
        " checksum INTEGER NOT NULL)"
    ),
    "property": _PROPERTY,
    "journal": _JOURNAL,
}

_FORMAT_3: Mapping[str, str] = {
    **{table.name: table.sql for table in (NOTES, PEDALS, PASSAGES)},
    "property": _PROPERTY,
    "journal": _JOURNAL,
    "activation": _ACTIVATION_2,
}


def schema_of(version: int) -> Mapping[str, str] | None:
    """The statements that make the tables of a version, by name; None: no such version."""
    if version in (FORMAT_VERSION, 4):
        content = {table.name: table.sql for table in TABLES.values() if table.columns}
        return {**content, "property": _PROPERTY, "journal": _JOURNAL, "activation": ACTIVATION}
    former = {1: _FORMAT_1, 2: {**_FORMAT_1, "activation": _ACTIVATION_2}, 3: _FORMAT_3}
    return former.get(version)


def _add_activation(connection: sqlite3.Connection) -> None:
    connection.execute(_ACTIVATION_2)


def _add_tracks(connection: sqlite3.Connection) -> None:
    """Notes get a place for their bend, presses of the pedal one for their track."""
    tables: tuple[Table[Any], ...] = (NOTES, PEDALS, PASSAGES)
    for table in tables:
        rows = connection.execute(f"SELECT * FROM {table.name} ORDER BY id").fetchall()  # noqa: S608
        connection.execute(f"DROP TABLE {table.name}")
        connection.execute(table.sql)
        parsed = [from_table_row(table, row) for row in rows]
        insert_rows(connection, table.name, table_rows(table, parsed))


def _name_activations(connection: sqlite3.Connection) -> None:
    """Activations get a name, so that those of other models can be kept as well."""
    rows = connection.execute("SELECT * FROM activation ORDER BY first_frame").fetchall()
    name = former_name(_last_model(connection))
    connection.execute("DROP TABLE activation")
    connection.execute(ACTIVATION)
    insert_rows(connection, "activation", [(None, name, *row) for row in rows])


def _allow_dropped(_connection: sqlite3.Connection) -> None:
    """Notes may be dropped with their track: a state that older programs cannot read."""


def _last_model(connection: sqlite3.Connection) -> str:
    """The first of the models that listened last, though its step may have been undone since.

    Empty if that cannot be read: then its activations will not be found.
    """
    model = (
        "coalesce(json_extract(command, '$.source[1][0][0].model'),"
        " json_extract(command, '$.source[1].model'))"  # of the formats 1 and 2
    )
    try:
        row = connection.execute(
            f"SELECT {model} FROM journal WHERE {model} IS NOT NULL ORDER BY seq DESC LIMIT 1"  # noqa: S608
        ).fetchone()
        if row is None:  # a project that was saved without its history
            (text,) = connection.execute(
                "SELECT value FROM property WHERE key = 'source'"
            ).fetchone()
            values = json.loads(text)
            row = (source_from(values[0] if isinstance(values, list) else values).model,)
        return str(row[0]).partition("+")[0]
    except (*PARSE_ERRORS, sqlite3.OperationalError):  # the latter: no JSON at all
        return ""


# By version, the step from it to the next one.
UPGRADES: dict[int, Callable[[sqlite3.Connection], None]] = {
    1: _add_activation,
    2: _add_tracks,
    3: _name_activations,
    4: _allow_dropped,
}


def create_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT_VERSION}")
    for sql in (schema_of(FORMAT_VERSION) or {}).values():
        connection.execute(sql)


def check_schema(connection: sqlite3.Connection, name: str) -> int:
    """The version of the file, once its tables are those of that version and nothing besides.

    Views, triggers, indexes on expressions and virtual tables could make a mere look at the file
    run what its author planted there, so a file that holds any is not read at all.

    Raises ``ProjectError`` if there is anything else, or the version is newer than this program.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise ProjectError(
            f"{name} is not a project of AMT Studio", hint="choose another file, or a backup of it"
        )
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT_VERSION:
        raise ProjectError(
            f"{name} was made by a newer AMT Studio", hint="update the program to open it"
        )
    expected = schema_of(version)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    found = {row[1]: row[2] for row in rows if row[0] == "table"}
    if expected is None or len(rows) != len(found) or found != expected:
        raise ProjectError(
            f"{name} is damaged: it does not have the tables of a project",
            hint="open a backup of it",
        )
    return int(version)


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file of an older version, in order, up to this one, in one transaction.

    Raises ``ProjectError`` if a row cannot be read.
    """
    if version == FORMAT_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in range(version, FORMAT_VERSION):
            UPGRADES[step](connection)
        connection.execute(f"PRAGMA user_version={FORMAT_VERSION}")
        connection.execute("COMMIT")
    except BaseException as error:
        connection.execute("ROLLBACK")
        if isinstance(error, PARSE_ERRORS):
            raise ProjectError(
                "A project from an earlier version cannot be read", hint="open a backup of it"
            ) from error
        raise
