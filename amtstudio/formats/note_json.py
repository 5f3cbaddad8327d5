"""A transcription as JSON, and its notes one a line as JSONL."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from amtstudio.errors import BadFileError
from amtstudio.formats.checked_note import (
    check_count,
    check_seconds,
    checked_note,
    checked_pedal,
    checked_track,
    format_span,
    nearest_key_of,
)
from amtstudio.formats.input_file import read_input
from amtstudio.symbolic import (
    PIANO,
    Note,
    NoteTable,
    Pedal,
    TempoMap,
    Track,
    TrackKind,
    Transcription,
)
from amtstudio.symbolic.notes import Bend

_MAX_BYTES = 32 * 2**20  # some 8 hours of dense piano


def note_line(note: Note, tracks: Sequence[Track] = ()) -> str:
    """One note as one line of JSON, without the line's end; for writing notes as they come.

    The instrument is written if it is not the piano, and its index if there are ``tracks``; else
    its program and kind, if its name does not determine them.
    """
    onset, offset = format_span(note.onset, note.offset)
    bend = ", ".join(f"[{seconds:.6f}, {cents:.3f}]" for seconds, cents in note.bend)
    return (
        f'{{"onset_s": {onset}, "offset_s": {offset}, "pitch": {note.pitch}, '
        f'"velocity": {note.velocity}, "confidence": {note.confidence:.6f}'
        f"{_track_fields(note.track, tracks)}" + (f', "bend_cents": [{bend}]}}' if bend else "}")
    )


def dump_jsonl(transcription: Transcription) -> bytes:
    """The notes, one a line; pedal and header are not kept."""
    return "".join(f"{note_line(note)}\n" for note in transcription.notes).encode()


def dump_json(transcription: Transcription) -> bytes:
    """The whole transcription but its metadata; a note a line, so that versions can be compared."""
    tuning = transcription.tuning_cents
    tracks = transcription.tracks
    if all(track.is_plain for track in tracks):
        tracks = ()  # the names of the instruments say it all
    head = {
        "file": json.dumps(transcription.file),
        "duration_s": f"{transcription.duration:.6f}",
        "model": json.dumps(transcription.model),
        "profile": json.dumps(transcription.profile),
        "tuning_cents": "null" if tuning is None else f"{tuning:.6f}",
    }
    # What there was not always is there only where there is something to tell.
    if transcription.tempo is not None:
        head["tempo_map"] = _tempo_line(transcription.tempo)
    if tracks:
        head["tracks"] = _array([_track_line(track) for track in tracks])
    head |= {
        "notes": _array([note_line(note, tracks) for note in transcription.notes]),
        "pedals": _array([_pedal_line(pedal, tracks) for pedal in transcription.pedals]),
    }
    lines = ",\n".join(f'  "{key}": {value}' for key, value in head.items())
    return f"{{\n{lines}\n}}\n".encode()


def read_json(path: Path, *, nearest_key: bool = False) -> Transcription:
    """Read what ``dump_json`` writes; unknown keys are ignored.

    ``nearest_key`` is as for ``read_csv``.

    Raises
    ------
    BadFileError
        If the file is not JSON, or a value is missing or cannot be; the text names it.
    """
    data = read_input(path, max_bytes=_MAX_BYTES)
    return parse_json(data, name=path.name, nearest_key=nearest_key)


def read_jsonl(path: Path) -> Transcription:
    """Read notes, one a line; empty lines are skipped.

    Raises
    ------
    BadFileError
        If a line is not JSON, or a value is missing or cannot be; the text names line and value.
    """
    return parse_jsonl(read_input(path, max_bytes=_MAX_BYTES), name=path.name)


def parse_json(data: bytes, *, name: str, nearest_key: bool = False) -> Transcription:
    """As ``read_json``, of ``data``; ``name`` is for the error."""
    fields = _Fields(name, _loads(name, _text(name, data)))
    rows, pedal_rows = fields.rows("notes"), fields.rows("pedals")
    check_count(name, len(rows) + len(pedal_rows))
    tracks = [
        _track(_Fields(f"{name}, track {i}", row)) for i, row in enumerate(fields.rows("tracks"), 1)
    ]
    notes = [
        _note(_Fields(f"{name}, note {i}", row), tracks, nearest_key=nearest_key)
        for i, row in enumerate(rows, 1)
    ]
    pedals = tuple(
        _pedal(_Fields(f"{name}, pedal {i}", row), tracks) for i, row in enumerate(pedal_rows, 1)
    )
    duration = fields.number("duration_s", _last_offset(notes))
    check_seconds(name, duration)
    if duration < 0.0:
        raise BadFileError(f"{name}: duration_s is {duration}, which is negative")
    return Transcription(
        notes=NoteTable.of(notes),
        pedals=pedals,
        duration=duration,
        file=fields.text("file", ""),
        model=fields.text("model", ""),
        profile=None if fields.is_null("profile") else fields.text("profile"),
        tuning_cents=None if fields.is_null("tuning_cents") else fields.number("tuning_cents"),
        tempo=None if fields.is_null("tempo_map") else _tempo(fields.inner("tempo_map")),
    )


def parse_jsonl(data: bytes, *, name: str) -> Transcription:
    """As ``read_jsonl``, of ``data``; ``name`` is for the error."""
    notes: list[Note] = []
    for i, line in enumerate(_text(name, data).split("\n"), 1):
        if line.strip():
            where = f"{name}, line {i}"
            notes.append(_note(_Fields(where, _loads(where, line))))
            check_count(name, len(notes))
    return Transcription(notes=NoteTable.of(notes), duration=_last_offset(notes))


class _Fields:
    """The fields of one JSON object, each read with its type; ``where`` is for the error."""

    def __init__(self, where: str, value: object) -> None:
        if not isinstance(value, Mapping):
            raise BadFileError(f"{where}: {_quote(value)} is not a JSON object")
        self.where = where
        self._fields = value

    def is_null(self, key: str) -> bool:
        return self._fields.get(key) is None

    def number(self, key: str, default: float | None = None) -> float:
        value = self._get(key, default)
        if type(value) not in (int, float):  # bool is an int too
            self._refuse(key, "a number")
        try:
            number = float(value)
        except OverflowError:
            self._refuse(key, "a number of this size")
        if not math.isfinite(number):
            self._refuse(key, "a number")
        return number

    def integer(self, key: str, default: int | None = None) -> int:
        value = self._get(key, default)
        # Programs that keep numbers in tables write 60.0.
        if type(value) is float and value.is_integer():
            return int(value)
        if type(value) is not int:
            self._refuse(key, "a whole number")
        return int(value)

    def text(self, key: str, default: str | None = None) -> str:
        value = self._get(key, default)
        if not isinstance(value, str):
            self._refuse(key, "a text")
        return value

    def truth(self, key: str, *, default: bool) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            self._refuse(key, "true or false")
        return value

    def rows(self, key: str) -> list[object]:
        value = self._get(key, [])
        if not isinstance(value, list):
            self._refuse(key, "a list")
        return value

    def inner(self, key: str) -> _Fields:
        """Those of an object within this one."""
        return _Fields(f"{self.where}, {key}", self._fields.get(key))

    def numbers(self, key: str) -> list[float]:
        return [_Fields(self.where, {key: value}).number(key) for value in self.rows(key)]

    def _get(self, key: str, default: object) -> Any:
        value = self._fields.get(key, default)
        if value is None:
            raise BadFileError(f"{self.where}: {key} is missing")
        return value

    def _refuse(self, key: str, kind: str) -> NoReturn:
        raise BadFileError(f"{self.where}: {key} is {_quote(self._fields[key])}, not {kind}")


def _note(fields: _Fields, tracks: Sequence[Track] = (), *, nearest_key: bool = False) -> Note:
    level: Bend = ()
    if nearest_key:
        pitch, level = nearest_key_of(fields.number("pitch"))
    else:
        pitch = fields.integer("pitch")
    return checked_note(
        fields.where,
        onset=fields.number("onset_s"),
        offset=fields.number("offset_s"),
        pitch=pitch,
        velocity=fields.integer("velocity", 80),
        confidence=fields.number("confidence", 1.0),
        track=_track_of(fields, tracks),
        bend=_bend(fields) or level,
    )


def _bend(fields: _Fields) -> Bend:
    points = []
    for row in fields.rows("bend_cents"):
        if not isinstance(row, list) or len(row) != 2:
            what = f"bend_cents has {_quote(row)}, not seconds and cents"
            raise BadFileError(f"{fields.where}: {what}")
        seconds, cents = _Fields(fields.where, {"bend_cents": row}).numbers("bend_cents")
        points.append((seconds, cents))
    return tuple(points)


def _pedal(fields: _Fields, tracks: Sequence[Track]) -> Pedal:
    onset, offset = fields.number("onset_s"), fields.number("offset_s")
    return checked_pedal(fields.where, onset=onset, offset=offset, track=_track_of(fields, tracks))


def _pedal_line(pedal: Pedal, tracks: Sequence[Track]) -> str:
    onset, offset = format_span(pedal.onset, pedal.offset)
    return f'{{"onset_s": {onset}, "offset_s": {offset}{_track_fields(pedal.track, tracks)}}}'


def _track_of(fields: _Fields, tracks: Sequence[Track]) -> Track:
    """Whose a note or press is: by its place among the tracks, or else by its instrument."""
    if fields.is_null("track"):
        name = fields.text("instrument", PIANO.name)
        # Those of others may say one of them, and mean something else by it.
        is_told = not (fields.is_null("program") or fields.is_null("kind"))
        return _sounding(fields, name) if is_told else Track.named(name)
    place = fields.integer("track")
    if not 0 <= place < len(tracks):
        raise BadFileError(
            f"{fields.where}: track is {place}, not one of the {len(tracks)} listed, counted from 0"
        )
    return tracks[place]


def _track_fields(track: Track, tracks: Sequence[Track]) -> str:
    instrument = "" if track.name == PIANO.name else f', "instrument": {json.dumps(track.name)}'
    if tracks:
        return f'{instrument}, "track": {tracks.index(track)}'
    if track.is_plain:
        return instrument
    return f'{instrument}, "program": {track.program}, "kind": "{track.kind}"'


def _track(fields: _Fields) -> Track:
    return _sounding(fields, fields.text("name"))


def _sounding(fields: _Fields, name: str) -> Track:
    kind = fields.text("kind", TrackKind.PITCHED)
    return checked_track(fields.where, name, fields.integer("program", 0), kind)


def _tempo(fields: _Fields) -> TempoMap:
    beats = fields.numbers("beats_s")
    is_downbeat = np.zeros(len(beats), bool)
    for place in fields.numbers("downbeats"):
        if place not in range(len(beats)):
            raise BadFileError(f"{fields.where}: downbeats has {place:g}, which is not a beat")
        is_downbeat[int(place)] = True
    try:
        return TempoMap(
            np.array(beats),
            is_downbeat,
            fields.integer("beat_unit", 4),
            is_compound=fields.truth("is_compound", default=False),
        )
    except ValueError as error:
        raise BadFileError(f"{fields.where}: {error}") from error


def _tempo_line(tempo: TempoMap) -> str:
    beats = ", ".join(f"{beat:.6f}" for beat in tempo.beats.tolist())
    downbeats = np.flatnonzero(tempo.is_downbeat).tolist()
    compound = ', "is_compound": true' if tempo.is_compound else ""
    return (
        f'{{"beat_unit": {tempo.beat_unit}{compound}, "beats_s": [{beats}],'
        f' "downbeats": {downbeats}}}'
    )


def _track_line(track: Track) -> str:
    name = json.dumps(track.name)
    return f'{{"name": {name}, "program": {track.program}, "kind": "{track.kind}"}}'


def _array(lines: list[str]) -> str:
    return "[\n    " + ",\n    ".join(lines) + "\n  ]" if lines else "[]"


def _last_offset(notes: Sequence[Note]) -> float:
    return max((note.offset for note in notes), default=0.0)


def _text(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFileError(f"{name} is not UTF-8 text") from error


def _loads(where: str, text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadFileError(f"{where} is not valid JSON: {error}") from error


def _quote(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "an object"
    return repr(value)[:40]
