"""Values of a document as the project file keeps them, and back, trusting nothing."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.command import Command, Rows
from amtstudio.session.former_commands import former_command
from amtstudio.session.tables import TABLES, Table, number, string, to_json, whole

# What a value that is not of the shape expected can raise while it is taken apart.
PARSE_ERRORS = (
    AttributeError,
    IndexError,
    KeyError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)

Row = tuple[Any, ...]
RowT = TypeVar("RowT")


def seal(*values: object) -> int:
    """A checksum stored in each row: SQLite has none, and a flipped bit would change a note."""
    # Of megabytes, the text would take long to make, and it would be four times as large.
    plain = tuple(zlib.crc32(value) if isinstance(value, bytes) else value for value in values)
    return zlib.crc32(repr(plain).encode("utf-8", "surrogatepass"))


def sealed(values: Row) -> Row:
    return (*values, seal(*values))


def unsealed(row: Row) -> Row:
    """The row without its check sum. Raises ``ValueError`` if it is not that of the row."""
    *values, checksum = row
    if seal(*values) != checksum:
        raise ValueError("the check sum does not fit")
    return tuple(values)


def table_rows(table: Table[Any], rows: Iterable[Any]) -> list[Row]:
    """Rows of a table as its file has them."""
    plain = map(table.dump, rows)
    if table.has_ids:
        return [sealed(tuple(values)) for values in plain]
    return [sealed((index, *values)) for index, values in enumerate(plain)]


def from_table_row(table: Table[RowT], row: Row) -> RowT:
    """A row of a table. Raises one of ``PARSE_ERRORS``."""
    values = unsealed(row)
    return table.parse(values if table.has_ids else values[1:])


def insert_rows(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    """Put rows into a table of the file, in place of those of the same key."""
    if rows:
        marks = ",".join("?" * len(rows[0]))
        sql = f"INSERT OR REPLACE INTO {table} VALUES ({marks})"  # noqa: S608 - our own names
        connection.executemany(sql, rows)


def audio_to_json(audio: AudioReference | None) -> str:
    if audio is None:
        return "null"
    return to_json({**asdict(audio), "path": str(audio.path)})


def audio_from_json(text: str) -> AudioReference | None:
    values = json.loads(text)
    if values is None:
        return None
    duration, modified_ns = values["duration"], values.get("modified_ns")
    return AudioReference(
        path=Path(string(values["path"])),
        sha256=string(values["sha256"]),
        n_bytes=whole(values["n_bytes"]),
        duration=None if duration is None else number(duration),
        relative=string(values["relative"]),
        track=None if values.get("track") is None else whole(values["track"]),
        modified_ns=None if modified_ns is None else whole(modified_ns),
    )


def command_to_json(command: Command) -> str:
    return to_json(
        {
            name: [[TABLES[name].dump(row) for row in side] for side in (r.removed, r.inserted)]
            for name, r in command.rows.items()
        }
    )


def command_from_json(text: str, json_text: str) -> Command:
    values = json.loads(json_text)
    if "removed" in values:
        return former_command(text, values)
    rows = {}
    for name, sides in values.items():
        removed, inserted = (tuple(map(TABLES[name].parse, side)) for side in sides)
        rows[name] = Rows(removed, inserted)
    return Command(text, rows)
