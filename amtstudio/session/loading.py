"""Reading the tables of a project file, row by row, and telling what could not be read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.command import Content
from amtstudio.session.kept_activations import KeptActivations, by_name
from amtstudio.session.rows import (
    PARSE_ERRORS,
    Row,
    audio_from_json,
    from_table_row,
    unsealed,
)
from amtstudio.session.tables import SOURCE, TABLES, Table
from amtstudio.session.values import MAX_ID, Source, former_name
from amtstudio.symbolic import NO_CHOICES

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """A command of the journal by its place in the order, without its values."""

    seq: int
    text: str
    size: int  # characters of the command in the file


@dataclass(slots=True)
class Saved:
    """The content of a project file."""

    content: Content = field(default_factory=Content)
    audio: AudioReference | None = None
    view: str = ""
    instruments: str = ""  # see ``kept_instruments``; empty: they were not looked for
    history: list[Step] = field(default_factory=list)  # their seq follow one another
    position: int = 0  # seq of the last step that is done; those after it were undone
    first_transcription: int = 0  # seq of the step that made it, which is not undone; 0: none
    activations: dict[str, KeptActivations] = field(default_factory=dict)  # see ``Source.heard_of``
    problems: list[str] = field(default_factory=list)  # sentences; none for a file in order
    has_foreign_log: bool = False  # beside it is a log that belongs to another file

    @property
    def has_decisions(self) -> bool:
        """Whether the user has said anything about the music, which the model could not say."""
        content = self.content
        return (
            bool(content.passages)
            or content.source.pedals_edited
            or bool(content.tracks)
            or content.source.beats_edited
            or bool(content.instrument_tags)
            or not content.note_filter.takes_all
            or content.score_choices != NO_CHOICES
            # The latest edits are at the end.
            or any(entry.state.is_users for entry in reversed(content.notes.values()))
        )


def load(connection: sqlite3.Connection) -> Saved:
    """Read everything that can be read, on a connection whose schema was checked."""
    saved = Saved()
    reader = _Reader(connection, saved.problems)
    content = saved.content
    for table in TABLES.values():
        if table.columns:
            parse = partial(from_table_row, table)
            content.set_rows(table, reader.read(table.name, table.plural, parse))
    properties = dict(reader.read("property", "properties", _property))
    steps = reader.read("journal", "steps of the history", _step)
    values = _Properties(properties, saved.problems)
    for table in TABLES.values():
        if not table.columns and (table.name in properties or table is SOURCE):
            row = values.parse(table.name, partial(_only_row, table), None)
            if row is not None:
                content.set_rows(table, [row])
    saved.audio = values.parse("audio", audio_from_json, None)
    saved.view = values.parse("view", str, "")
    saved.instruments = properties.get("instruments", "")  # former versions have none
    content.next_id = values.parse("next_id", _id, 1)
    saved.position = values.parse("position", int, 0)
    if content.next_id <= max(content.notes, default=0):
        content.next_id = max(content.notes, default=0) + 1
    saved.history = steps
    _check_history(saved)
    if saved.history and _is_first_transcription(connection, saved.history[0].seq):
        saved.first_transcription = saved.history[0].seq
    saved.activations = by_name(_activation_rows(connection, content.source))
    return saved


def _only_row(table: Table[T], text: str) -> T:
    """The row of a table that is kept as a property."""
    return table.parse([json.loads(text)])


def _activation_rows(connection: sqlite3.Connection, source: Source) -> list[Row]:
    """As for ``by_name``; none if one cannot be read, since activations are only used as a whole.

    Also of a damaged file of a former version, which is not upgraded.
    """
    try:
        cursor = connection.execute("SELECT * FROM activation ORDER BY 1")
        if cursor.description[0][0] == "id":
            return [tuple(values) for _, *values in cursor]
        return [(former_name(source.models[0]), *row) for row in cursor]
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_INTERRUPT:
            raise
        return []


class _Reader:
    def __init__(self, connection: sqlite3.Connection, problems: list[str]) -> None:
        self._connection = connection
        self._problems = problems

    def read(self, table: str, what: str, parse: Callable[[Row], T]) -> list[T]:
        parsed, unreadable = [], 0
        rows, complete = self._rows(table)
        for row in rows:
            try:
                parsed.append(parse(row))
            except PARSE_ERRORS:
                unreadable += 1
        if unreadable:
            self._problems.append(f"{unreadable} of {len(rows)} {what} cannot be read")
        if not complete:
            self._problems.append(f"some {what} cannot be read: {len(parsed)} were found")
        return parsed

    def _rows(self, table: str) -> tuple[list[Row], bool]:
        """All rows in order; of a torn table those before the damage and those behind it."""
        rows: dict[object, Row] = {}
        for direction in ("ASC", "DESC"):
            try:
                # The first column is the key.
                sql = f"SELECT * FROM {table} ORDER BY 1 {direction}"  # noqa: S608
                for row in self._connection.execute(sql):
                    rows.setdefault(row[0], row)
            except sqlite3.DatabaseError as error:
                if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_INTERRUPT:
                    raise
            else:
                return [rows[key] for key in sorted(rows, key=_sort_key)], direction == "ASC"
        return [rows[key] for key in sorted(rows, key=_sort_key)], False


class _Properties:
    def __init__(self, values: dict[str, str], problems: list[str]) -> None:
        self._values = values
        self._problems = problems

    def parse(self, key: str, parse: Callable[[str], T], default: T) -> T:
        try:
            return parse(self._values[key])
        except PARSE_ERRORS:
            self._problems.append(f"the property {key!r} cannot be read")
            return default


def _sort_key(key: object) -> tuple[str, object]:
    return type(key).__name__, key


def _property(row: Row) -> tuple[str, str]:
    key, value = unsealed(row)
    if not isinstance(key, str) or not isinstance(value, str):
        raise TypeError("a property must be text")
    return key, value


def _step(row: Row) -> Step:
    seq, text, command, _ = unsealed(row)
    if not isinstance(text, str) or not isinstance(command, str):
        raise TypeError("a step must be text")
    return Step(int(seq), text, len(command))


def _is_first_transcription(connection: sqlite3.Connection, seq: int) -> bool:
    """Whether a step began from an empty document that nothing was ever transcribed in.

    SQLite looks into the command: parsing one of ten thousand notes here takes a second.
    """
    try:
        row = connection.execute(
            # The former of two paths is that of the formats 1 and 2.
            "SELECT coalesce(json_array_length(command, '$.removed'),"
            " json_array_length(command, '$.note[0]'), 0) = 0"
            " AND coalesce(json_extract(command, '$.source[0].model'),"
            " json_extract(command, '$.source[0][0][0].model')) = ''"
            " AND coalesce(json_extract(command, '$.source[0].duration'),"
            " json_extract(command, '$.source[0][0][0].duration')) = 0"
            " FROM journal WHERE seq = ?",
            (seq,),
        ).fetchone()
    except sqlite3.OperationalError as error:  # no JSON at all, which is reported when it is undone
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    return row is not None and row[0] == 1


def _id(text: str) -> int:
    value = int(text)
    if not 1 <= value <= MAX_ID:
        raise ValueError(f"no id: {value}")
    return value


def _check_history(saved: Saved) -> None:
    """Undoing counts on steps that follow one another, so a torn history is none."""
    sequence = [step.seq for step in saved.history]
    whole = sequence == list(range(sequence[0], sequence[0] + len(sequence))) if sequence else True
    reach = range(sequence[0] - 1, sequence[-1] + 1) if sequence else range(1 << 53)
    if not whole or saved.position not in reach:
        saved.problems.append("the history of edits is torn")
        saved.history, saved.position = [], 0
