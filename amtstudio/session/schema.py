"""The tables of a project file, their version, and the way from older versions."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping

from amtstudio.errors import ProjectError

APPLICATION_ID = 0x414D5453  # "AMTS"
FORMAT_VERSION = 2
MAGIC = b"SQLite format 3\x00"

TABLES: Mapping[str, str] = {
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
    "property": (
        "CREATE TABLE property (key TEXT PRIMARY KEY, value TEXT NOT NULL,"
        " checksum INTEGER NOT NULL) WITHOUT ROWID"
    ),
    "journal": (
        "CREATE TABLE journal (seq INTEGER PRIMARY KEY, text TEXT NOT NULL,"
        " command TEXT NOT NULL, made_at TEXT NOT NULL, checksum INTEGER NOT NULL)"
    ),
}

# What the model heard, from which thresholds find the notes anew; empty where it was not kept.
ACTIVATION = (
    "CREATE TABLE activation (first_frame INTEGER PRIMARY KEY, n_frames INTEGER NOT NULL,"
    " has_pedal INTEGER NOT NULL, sample_rate INTEGER NOT NULL, hop_length INTEGER NOT NULL,"
    " start REAL NOT NULL, end REAL, data BLOB NOT NULL, checksum INTEGER NOT NULL)"
)


def _add_activation(connection: sqlite3.Connection) -> None:
    connection.execute(ACTIVATION)


# By version, the tables of that version, and the step from it to the next one.
SCHEMAS: dict[int, Mapping[str, str]] = {1: TABLES, 2: {**TABLES, "activation": ACTIVATION}}
UPGRADES: dict[int, Callable[[sqlite3.Connection], None]] = {1: _add_activation}


def create_tables(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version={FORMAT_VERSION}")
    for sql in SCHEMAS[FORMAT_VERSION].values():
        connection.execute(sql)


def check_schema(connection: sqlite3.Connection, name: str) -> int:
    """The version of the file, once its tables are those of that version and nothing besides.

    Views, triggers, indexes on expressions and virtual tables could make a mere look at the file
    run what its author planted there, so a file that holds any is not read at all.

    Raises ``ProjectError`` if there is anything else, or the version is newer than this program.
    """
    (application_id,) = connection.execute("PRAGMA application_id").fetchone()
    if application_id != APPLICATION_ID:
        raise ProjectError(f"{name} is no project of AMT Studio")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > FORMAT_VERSION:
        raise ProjectError(
            f"{name} was made by a newer AMT Studio", hint="update the program to open it"
        )
    expected = SCHEMAS.get(version)
    rows = connection.execute("SELECT type, name, sql FROM sqlite_master").fetchall()
    found = {row[1]: row[2] for row in rows if row[0] == "table"}
    if expected is None or len(rows) != len(found) or found != expected:
        raise ProjectError(f"{name} is damaged: it does not have the tables of a project")
    return int(version)


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file of an older version up to this one, in one transaction."""
    if version == FORMAT_VERSION:
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        for step in range(version, FORMAT_VERSION):
            UPGRADES[step](connection)
        connection.execute(f"PRAGMA user_version={FORMAT_VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
