"""Values of a document as the project file keeps them, and back, trusting nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from amtstudio.decoding import DecoderSettings, decoder_names, settings_class
from amtstudio.decoding.activations import NOTES
from amtstudio.session.audio_reference import AudioReference
from amtstudio.session.command import Command, Swap
from amtstudio.session.values import NoteState, Passage, SessionNote, Source
from amtstudio.symbolic import Note, Pedal

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


def seal(*values: object) -> int:
    """A check sum that goes into each row: SQLite has none, and a flipped bit would be a note."""
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


def to_json(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def entry_row(entry: SessionNote) -> Row:
    note, original = entry.note, entry.original
    # Most notes are as the model heard them: the empty text says so.
    same = "" if original == note else to_json(_note_list(original))
    return sealed((entry.id, *_note_list(note), entry.state.value, same))


def entry_from_row(row: Row) -> SessionNote:
    key, *values, state, original = unsealed(row)
    note = _note_from(values)
    parsed = note if original == "" else _optional_note(json.loads(original))
    return SessionNote(key, note, NoteState(state), parsed)


def pedal_row(index: int, pedal: Pedal) -> Row:
    return sealed((index, float(pedal.onset), float(pedal.offset)))


def pedal_from_row(row: Row) -> Pedal:
    _, onset, offset = unsealed(row)
    return _pedal_from((onset, offset))


def passage_row(index: int, passage: Passage) -> Row:
    return sealed((index, *_passage_list(passage)))


def passage_from_row(row: Row) -> Passage:
    _, *values = unsealed(row)
    return _passage_from(values)


def source_to_json(source: Source) -> str:
    return to_json(_source_dict(source))


def source_from_json(text: str) -> Source:
    return _source_from(json.loads(text))


def audio_to_json(audio: AudioReference | None) -> str:
    if audio is None:
        return "null"
    return to_json({**asdict(audio), "path": str(audio.path)})


def audio_from_json(text: str) -> AudioReference | None:
    values = json.loads(text)
    if values is None:
        return None
    duration = values["duration"]
    return AudioReference(
        path=Path(_string(values["path"])),
        sha256=_string(values["sha256"]),
        n_bytes=_whole(values["n_bytes"]),
        duration=None if duration is None else _number(duration),
        relative=_string(values["relative"]),
    )


def command_to_json(command: Command) -> str:
    values: dict[str, object] = {
        "removed": [_entry_list(entry) for entry in command.removed],
        "inserted": [_entry_list(entry) for entry in command.inserted],
    }
    if command.pedals is not None:
        sides = (command.pedals.old, command.pedals.new)
        values["pedals"] = [[(pedal.onset, pedal.offset) for pedal in side] for side in sides]
    if command.passages is not None:
        passages = (command.passages.old, command.passages.new)
        values["passages"] = [[_passage_list(passage) for passage in side] for side in passages]
    if command.source is not None:
        values["source"] = [_source_dict(command.source.old), _source_dict(command.source.new)]
    return to_json(values)


def command_from_json(text: str, json_text: str) -> Command:
    values = json.loads(json_text)
    pedals, passages, source = (values.get(key) for key in ("pedals", "passages", "source"))
    return Command(
        text,
        removed=tuple(_entry_from(entry) for entry in values["removed"]),
        inserted=tuple(_entry_from(entry) for entry in values["inserted"]),
        pedals=pedals and Swap(*(tuple(_pedal_from(p) for p in side) for side in pedals)),
        passages=passages and Swap(*(tuple(_passage_from(p) for p in s) for s in passages)),
        source=source and Swap(*(_source_from(side) for side in source)),
    )


def _note_list(note: Note | None) -> list[Any]:
    if note is None:
        return []
    return [
        float(note.onset),
        float(note.offset),
        note.pitch,
        note.velocity,
        float(note.confidence),
        note.instrument,
    ]


def _note_from(values: Sequence[Any]) -> Note:
    onset, offset, pitch, velocity, confidence, instrument = values
    return Note(
        _number(onset),
        _number(offset),
        _whole(pitch),
        _whole(velocity),
        _number(confidence),
        _string(instrument),
    )


def _optional_note(values: Sequence[Any]) -> Note | None:
    return None if values == [] else _note_from(values)


def _entry_list(entry: SessionNote) -> list[Any]:
    original = 0 if entry.original == entry.note else _note_list(entry.original)
    return [entry.id, _note_list(entry.note), entry.state.value, original]


def _entry_from(values: Sequence[Any]) -> SessionNote:
    key, note_values, state, original = values
    note = _note_from(note_values)
    parsed = note if original == 0 else _optional_note(original)
    return SessionNote(_whole(key), note, NoteState(state), parsed)


def _pedal_from(values: Sequence[Any]) -> Pedal:
    onset, offset = values
    return Pedal(_number(onset), _number(offset))


def _passage_list(passage: Passage) -> list[Any]:
    return [passage.onset, passage.offset, passage.model, passage.accepted_at]


def _passage_from(values: Sequence[Any]) -> Passage:
    onset, offset, model, accepted_at = values
    return Passage(_number(onset), _number(offset), _string(model), _string(accepted_at))


def _source_dict(source: Source) -> dict[str, Any]:
    settings = None if source.settings is None else _plain_settings(source.settings)
    return {
        "model": source.model,
        "profile": source.profile,
        "file": source.file,
        "duration": source.duration,
        "tuning_cents": source.tuning_cents,
        "metadata": dict(source.metadata),
        "settings": settings,
        "pedals_edited": source.pedals_edited,
    }


def _plain_settings(settings: DecoderSettings) -> dict[str, Any]:
    # Projects of old have no name here: there was one decoder.
    name = {} if settings.decoder == NOTES else {"decoder": settings.decoder}
    return {**settings.to_plain(), **name}


def _settings_from(values: dict[str, Any]) -> DecoderSettings | None:
    """The settings; None where they are those of a decoder that is not installed."""
    values = dict(values)
    name = values.pop("decoder", NOTES)
    if name not in decoder_names():
        return None
    return settings_class(name).from_plain(values)


def _source_from(values: dict[str, Any]) -> Source:
    profile, cents, settings = (values[key] for key in ("profile", "tuning_cents", "settings"))
    return Source(
        model=_string(values["model"]),
        profile=None if profile is None else _string(profile),
        file=_string(values["file"]),
        duration=_number(values["duration"]),
        tuning_cents=None if cents is None else _number(cents),
        metadata={_string(key): _string(tag) for key, tag in values["metadata"].items()},
        settings=None if settings is None else _settings_from(settings),
        pedals_edited=bool(values.get("pedals_edited", False)),  # older files do not have it
    )


def _number(value: Any) -> float:
    if not isinstance(value, (int, float)):
        raise TypeError(f"need a number, got {type(value).__name__}")
    return float(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int):
        raise TypeError(f"need a whole number, got {type(value).__name__}")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"need a text, got {type(value).__name__}")
    return value
