"""Notes as a table: the layout of our reference files, ``<stem>.notes.csv``."""

from __future__ import annotations

import codecs
import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

from amtstudio.errors import BadFileError
from amtstudio.formats.checked_note import (
    check_count,
    checked_note,
    checked_track,
    format_span,
    nearest_key_of,
)
from amtstudio.formats.input_file import OnWarning, read_input, say_nothing
from amtstudio.symbolic import Note, NoteTable, Track, Transcription
from amtstudio.symbolic.notes import Bend

COLUMNS = ("onset_s", "offset_s", "midi_pitch", "velocity", "instrument")
# If the name of the instrument does not determine the track.
_TRACK_COLUMNS = ("program", "kind")
_BEND_COLUMN = "bend_cents"  # if a note bends: "0.000:0.0 0.120:35.5", seconds and cents
_REQUIRED = ("onset_s", "offset_s", "midi_pitch")
_SEPARATORS = ",;\t|"
_MAX_BYTES = 32 * 2**20  # some 20 hours of dense piano
# A drum's reference has no offset; what follows needs one. Shorter than any repeated stroke.
_STROKE_SECONDS = 0.05
# Truth that was moved to fit a recording may begin a little before it.
_MOST_BEFORE_START = 0.1  # seconds


def dump_csv(transcription: Transcription) -> bytes:
    """The notes as CSV with ``COLUMNS`` and ``confidence``; pedal and header are not kept.

    Where tracks share a name, or have other sounds than their names say, the columns ``program``
    (counted from 0) and ``kind`` follow; where a note bends, ``bend_cents``: its points, separated
    by spaces, each as seconds from its onset and cents against its pitch.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    is_plain = all(track.is_plain for track in transcription.notes.playing())
    columns = [*COLUMNS, "confidence"]
    if not is_plain:
        columns += _TRACK_COLUMNS
    has_bends = any(note.bend for note in transcription.notes)
    if has_bends:
        columns.append(_BEND_COLUMN)
    writer.writerow(columns)
    for note in transcription.notes:
        onset, offset = format_span(note.onset, note.offset)
        track = note.track
        numbers = [onset, offset, str(note.pitch), str(note.velocity)]
        row = [*numbers, track.name, f"{note.confidence:.6f}"]
        if not is_plain:
            row += [str(track.program), str(track.kind)]
        if has_bends:
            row.append(" ".join(f"{second:.6f}:{cents:.3f}" for second, cents in note.bend))
        writer.writerow(row)
    return text.getvalue().encode()


def read_csv(
    path: Path, *, on_warning: OnWarning = say_nothing, nearest_key: bool = False
) -> Transcription:
    """Read a table of notes, as this program or a spreadsheet writes it.

    Columns are separated by commas, semicolons, tabs or bars; numbers may have decimal commas; the
    text is UTF-8, UTF-16, or Latin-1. Blank lines and those that begin with ``#`` are ignored. The
    columns ``velocity``, ``instrument``, ``confidence``, ``program``, ``kind`` and ``bend_cents``
    may be absent or empty, and so may an ``offset_s``: the note then lasts 0.05 s. Other columns
    are ignored. A note that begins at most 0.1 s before 0 begins at 0.

    Parameters
    ----------
    path : Path
    on_warning : callable
        Called with a sentence about what was changed or left out.
    nearest_key : bool
        Take the nearest key for a pitch between two (the higher one for 60.5), and the rest as a
        constant bend, which is right for scoring within 50 cents. Otherwise such a pitch is an
        error.

    Raises
    ------
    BadFileError
        If a column is missing or a value cannot be; the text names line and value.
    """
    data = read_input(path, max_bytes=_MAX_BYTES)
    return parse_csv(data, name=path.name, on_warning=on_warning, nearest_key=nearest_key)


def parse_csv(
    data: bytes, *, name: str, on_warning: OnWarning = say_nothing, nearest_key: bool = False
) -> Transcription:
    """As ``read_csv``, of ``data``; ``name`` is for errors and warnings."""
    lines = [
        "\n" if _is_remark(line) else line for line in io.StringIO(_text(name, data), newline="")
    ]
    # What Excel reads and writes to say how columns are separated.
    n_above = 1 if lines and lines[0].lower().startswith("sep=") else 0
    n_above += sum(1 for _ in takewhile(_is_blank, lines[n_above:]))
    separator = _separator(name, lines[n_above] if n_above < len(lines) else "")
    table = _Table(name, nearest_key)
    try:
        rows = csv.DictReader(iter(lines[n_above:]), delimiter=separator, strict=True)
        rows.fieldnames = [_plain(column) for column in rows.fieldnames or ()]
        for row in rows:
            table.add(n_above + rows.line_num, row)
    except csv.Error as error:
        raise BadFileError(f"{name} is not a valid CSV table: {error}") from error
    table.tell(on_warning)
    duration = max((note.offset for note in table.notes), default=0.0)
    return Transcription(notes=NoteTable.of(table.notes), duration=duration)


def _text(name: str, data: bytes) -> str:
    encoding = "utf-8-sig"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif data[1:2] == b"\0":  # a Latin letter in UTF-16 without its mark
        encoding = "utf-16-le"
    elif data[:1] == b"\0":
        encoding = "utf-16-be"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding != "utf-8-sig" or b"\0" in data:
            raise BadFileError(f"{name} is neither UTF-8 nor UTF-16 text") from error
        return data.decode("latin-1")  # only names of instruments can be anything but ASCII


def _is_blank(line: str) -> bool:
    return not line.strip()


def _is_remark(line: str) -> bool:
    """Whether it says something about the table; NumPy writes the names of columns like that."""
    is_marked = line.lstrip().startswith("#")
    return is_marked and not all(column in line.lower() for column in _REQUIRED)


def _plain(column: str) -> str:
    return column.strip().lstrip("# ").lower()


def _separator(name: str, header: str) -> str:
    """The one by which the line of names has all columns that are needed."""
    columns: list[str] = []
    for separator in _SEPARATORS:
        try:
            row = next(csv.reader([header], delimiter=separator), [])
        except csv.Error:
            continue
        found = [_plain(column) for column in row]
        if all(column in found for column in _REQUIRED):
            return separator
        columns = max(columns, found, key=len)
    missing = next(column for column in _REQUIRED if column not in columns)
    raise BadFileError(
        f"{name} has no column {missing} in its first line",
        hint=f"it needs {', '.join(_REQUIRED)}, separated by commas, semicolons or tabs",
    )


@dataclass(slots=True)
class _Table:
    """Gathers the notes of a table, and counts what is worth a word."""

    name: str
    nearest_key: bool
    notes: list[Note] = field(default_factory=list)
    _n_early: int = 0
    _n_before: int = 0
    _n_between: int = 0

    def add(self, line: int, row: Mapping[str | None, str | list[str] | None]) -> None:
        where = f"{self.name}, line {line}"
        beyond = row.get(None)
        if isinstance(beyond, list) and any(cell.strip() for cell in beyond):
            raise BadFileError(
                f"{where} has more cells than the first line has columns",
                hint="with decimal commas, use another separator or put each number in quotes",
            )
        columns = (*COLUMNS, "confidence", *_TRACK_COLUMNS, _BEND_COLUMN)
        cells = {column: str(row.get(column) or "") for column in columns}
        if any(map(str.strip, cells.values())):  # a spreadsheet may have rows of separators only
            self._add(where, cells)

    def _add(self, where: str, row: Mapping[str, str]) -> None:
        onset = _number(where, "onset_s", row["onset_s"])
        offset = _number(where, "offset_s", row["offset_s"].strip() or str(onset + _STROKE_SECONDS))
        if -_MOST_BEFORE_START <= onset < 0.0 and onset < offset:
            if offset <= 0.0:
                self._n_before += 1
                return
            self._n_early += 1
            onset = 0.0
        pitch, level = self._pitch(where, row["midi_pitch"])
        note = checked_note(
            where,
            onset=onset,
            offset=offset,
            pitch=pitch,
            bend=_bend(where, row[_BEND_COLUMN]) or level,
            velocity=_integer(where, "velocity", row["velocity"].strip() or "80"),
            confidence=_number(where, "confidence", row["confidence"].strip() or "1"),
            track=_track(where, row),
        )
        self.notes.append(note)
        check_count(self.name, len(self.notes))

    def _pitch(self, where: str, text: str) -> tuple[int, Bend]:
        if not self.nearest_key:
            return _integer(where, "midi_pitch", text), ()
        pitch = _number(where, "midi_pitch", text)
        self._n_between += not pitch.is_integer()
        return nearest_key_of(pitch)

    def tell(self, on_warning: OnWarning) -> None:
        if self._n_early:
            on_warning(
                f"{self.name}: {_notes(self._n_early, 'begins', 'begin')} before 0 s; 0 s was taken"
            )
        if self._n_before:
            on_warning(f"{self.name}: {_notes(self._n_before, 'ends', 'end')} before 0 s, left out")
        if self._n_between:
            on_warning(
                f"{self.name}: {_notes(self._n_between, 'lies', 'lie')} between two keys;"
                " the nearest was taken, and the rest as a bend"
            )


def _track(where: str, row: Mapping[str, str]) -> Track:
    program, kind = (row[column].strip() for column in _TRACK_COLUMNS)
    if not (program and kind):  # tables of others may have one of them, and mean something else
        return Track.named(row["instrument"] or "piano")
    return checked_track(where, row["instrument"], _integer(where, "program", program), kind)


def _bend(where: str, text: str) -> Bend:
    points = []
    for point in text.split():
        second, colon, cents = point.partition(":")
        if not colon:
            wrong = f"{_BEND_COLUMN} has {_quote(point)}"
            raise BadFileError(f"{where}: {wrong}, not seconds and cents such as 0.25:50")
        points.append((_number(where, _BEND_COLUMN, second), _number(where, _BEND_COLUMN, cents)))
    return tuple(points)


def _notes(count: int, one: str, several: str) -> str:
    return f"1 note {one}" if count == 1 else f"{count} notes {several}"


def _number(where: str, column: str, text: str) -> float:
    value = _value(text)
    if not math.isfinite(value):
        raise BadFileError(f"{where}: {column} is {_quote(text)}, not a number")
    return value


def _integer(where: str, column: str, text: str) -> int:
    value = _value(text)
    if not value.is_integer():  # nor are infinity and not-a-number
        raise BadFileError(f"{where}: {column} is {_quote(text)}, not a whole number")
    return int(value)


def _value(text: str) -> float:
    """The last comma or point is the decimal one; not-a-number if it is something else."""
    if text.rfind(",") > text.rfind("."):
        text = text.replace(".", "").replace(",", ".")
    else:
        text = text.replace(",", "")
    try:
        return float(text)
    except ValueError:
        return math.nan


def _quote(text: str) -> str:
    return repr(text)[:40]
