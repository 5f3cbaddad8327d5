"""Truth in the files of public data sets: JAMS of GuitarSet, tables of MusicNet."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from amtstudio.errors import BadFileError, InputNotFoundError, InputUnreadableError
from amtstudio.symbolic import Note, NoteTable, Track, Transcription

_MUSICNET_RATE = 44100  # Hz; its times are counted in samples
_MUSICNET_COLUMNS = ("start_time", "end_time", "instrument", "note")
# General MIDI programs, counted from 1.
_MUSICNET_INSTRUMENTS = {
    1: "piano",
    7: "harpsichord",
    41: "violin",
    42: "viola",
    43: "cello",
    44: "bass",
    61: "horn",
    69: "oboe",
    71: "bassoon",
    72: "clarinet",
    74: "flute",
}


def read_jams(path: Path) -> Transcription:
    """Read the notes of all ``note_midi`` annotations, in GuitarSet one for each string.

    Pitches are fractions of semitones there, and are rounded to the nearest: contours of bends are
    not read. Velocities are unknown.

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        If the file cannot be opened.
    BadFileError
        If it is something else, or lacks this annotation.
    """
    try:
        annotations = json.loads(_text(path))["annotations"]
        tracks = [entry["data"] for entry in annotations if entry["namespace"] == "note_midi"]
        notes = [_jams_note(row) for track in tracks for row in _rows(track)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadFileError(f"{path.name} is not a JAMS file of notes: {error!r:.80}") from error
    if not tracks:
        raise BadFileError(f"{path.name} has no annotation of notes")
    return _transcription(path, notes)


def is_musicnet_table(path: Path) -> bool:
    """Whether the first line of a CSV file is that of MusicNet's labels."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False
    return tuple(header[: len(_MUSICNET_COLUMNS)]) == _MUSICNET_COLUMNS


def read_musicnet_table(path: Path) -> Transcription:
    """Read ``start_time,end_time,instrument,note,...``: samples at 44.1 kHz, General MIDI, pitch.

    Velocities are unknown.

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        If the file cannot be opened.
    BadFileError
        If it is something else; the line is named.
    """
    table = csv.DictReader(_text(path).splitlines())
    notes = []
    try:
        for row in table:
            onset = int(row["start_time"]) / _MUSICNET_RATE
            offset = int(row["end_time"]) / _MUSICNET_RATE
            program = int(row["instrument"])
            track = Track(_MUSICNET_INSTRUMENTS.get(program, f"program {program}"), program - 1)
            notes.append(Note(onset, offset, int(row["note"]), track=track))
    except (ValueError, KeyError, TypeError, csv.Error) as error:
        raise BadFileError(f"{path.name}, line {table.line_num}: {error}") from error
    return _transcription(path, notes)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise InputNotFoundError(f"There is no file {path}") from error
    except UnicodeDecodeError as error:
        raise BadFileError(f"{path.name} is not a text file") from error
    except OSError as error:
        raise InputUnreadableError(f"Cannot read {path}: {error.strerror}") from error


def _rows(data: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Time, duration and value; older JAMS files hold a column a key in place of a row a note."""
    if isinstance(data, dict):
        yield from zip(data["time"], data["duration"], data["value"], strict=True)
        return
    for row in data:
        yield row["time"], row["duration"], row["value"]


def _jams_note(row: tuple[Any, Any, Any]) -> Note:
    time, duration, value = map(float, row)
    return Note(time, time + duration, round(value), track=Track.named("guitar"))


def _transcription(path: Path, notes: Iterable[Note]) -> Transcription:
    table = NoteTable.of(notes)
    duration = float(table.offset.max()) if len(table) else 0.0
    return Transcription(table, duration=duration, file=path.name)
