"""Notes as a table: the layout of our reference files, ``<stem>.notes.csv``."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from pathlib import Path

from amtstudio.errors import BadFileError
from amtstudio.formats.checked_note import check_count, checked_note, format_span
from amtstudio.formats.input_file import read_input
from amtstudio.symbolic import Note, NoteTable, Track, Transcription

COLUMNS = ("onset_s", "offset_s", "midi_pitch", "velocity", "instrument")
_REQUIRED = ("onset_s", "offset_s", "midi_pitch")
_MAX_BYTES = 32 * 2**20  # some 20 hours of dense piano
# A drum's reference has no offset; what follows needs one. Shorter than any repeated stroke.
_STROKE_SECONDS = 0.05


def dump_csv(transcription: Transcription) -> bytes:
    """The notes as CSV with ``COLUMNS`` and ``confidence``; pedal and header are not kept."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*COLUMNS, "confidence"])
    for note in transcription.notes:
        onset, offset = format_span(note.onset, note.offset)
        confidence = f"{note.confidence:.6f}"
        writer.writerow([onset, offset, note.pitch, note.velocity, note.track.name, confidence])
    return text.getvalue().encode()


def read_csv(path: Path) -> Transcription:
    """Read a table of notes.

    The columns ``velocity``, ``instrument`` and ``confidence`` may be absent or empty, and so may
    an ``offset_s``: the note then lasts 0.05 s. Other columns are ignored.

    Raises
    ------
    BadFileError
        If a column is missing or a value cannot be; the text names line and value.
    """
    return parse_csv(read_input(path, max_bytes=_MAX_BYTES), name=path.name)


def parse_csv(data: bytes, *, name: str) -> Transcription:
    """As ``read_csv``, of ``data``; ``name`` is for the error."""
    notes = []
    try:
        text = data.decode("utf-8-sig")  # as spreadsheets write it
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        _check_header(name, rows.fieldnames)
        for row in rows:
            notes.append(_note_of_row(f"{name}, line {rows.line_num}", row))
            check_count(name, len(notes))
    except UnicodeDecodeError as error:
        raise BadFileError(f"{name} is no UTF-8 text") from error
    except csv.Error as error:
        raise BadFileError(f"{name} is no valid CSV: {error}") from error
    duration = max((note.offset for note in notes), default=0.0)
    return Transcription(notes=NoteTable.of(notes), duration=duration)


def _check_header(name: str, columns: object) -> None:
    present = list(columns) if isinstance(columns, list | tuple) else []
    missing = [column for column in _REQUIRED if column not in present]
    if missing:
        raise BadFileError(f"{name} has no column {missing[0]} in its first line")


def _note_of_row(where: str, row: Mapping[str, str | None]) -> Note:
    onset = _number(where, "onset_s", row["onset_s"])
    offset = _number(where, "offset_s", row["offset_s"] or str(onset + _STROKE_SECONDS))
    return checked_note(
        where,
        onset=onset,
        offset=offset,
        pitch=_integer(where, "midi_pitch", row["midi_pitch"]),
        velocity=_integer(where, "velocity", row.get("velocity") or "80"),
        confidence=_number(where, "confidence", row.get("confidence") or "1"),
        track=Track.named(row.get("instrument") or "piano"),
    )


def _number(where: str, column: str, text: str | None) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadFileError(f"{where}: {column} is {_quote(text)}, not a number")
    return value


def _integer(where: str, column: str, text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError as error:
        raise BadFileError(f"{where}: {column} is {_quote(text)}, not a whole number") from error


def _quote(text: str | None) -> str:
    return repr(text or "")[:40]
