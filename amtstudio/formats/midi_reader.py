"""A Standard MIDI File as a transcription."""

from __future__ import annotations

import heapq
import io
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mido

from amtstudio.errors import BadFileError
from amtstudio.formats.checked_note import check_count, check_seconds
from amtstudio.formats.input_file import read_input
from amtstudio.formats.midi_writer import PROVENANCE
from amtstudio.symbolic import (
    Note,
    NoteTable,
    Pedal,
    Track,
    TrackKind,
    Transcription,
    joined_presses,
)
from amtstudio.symbolic.general_midi import DRUM_CHANNEL, instrument_of

# Some 14 hours of dense piano. mido takes up to half a second and 35 MB for each MB of events.
_MAX_BYTES = 4 * 2**20
# mido reads a number of any length, in time that grows with its square.
_ENDLESS_NUMBER = re.compile(rb"[\x80-\xff]{10000}")
_SUSTAIN = 64
_PEDAL_DOWN = 64  # the lowest value that counts as down, by the MIDI standard
_DEFAULT_TEMPO = 500_000  # microseconds a quarter
_SHORTEST = 0.001  # seconds; drum tracks have notes that end as they begin

# The rest may be a million messages of controllers and system exclusives.
_READ = {"note_on", "note_off", "control_change", "program_change", "set_tempo", "end_of_track"}

_Key = tuple[int, int, int]  # track, channel, pitch


def read_midi(path: Path) -> Transcription:
    """Read notes and sustain pedal, in seconds by the file's tempo map.

    Where a pitch is struck again before it ended, the earlier note ends there. A track has the
    program of its channel, and is called by it, or ``drums`` on channel 10; in a file of ours it
    has its own name.

    Raises
    ------
    BadFileError
        If the file is no MIDI file, is damaged, or is larger than 4 MB.
    """
    return parse_midi(read_input(path, max_bytes=_MAX_BYTES), name=path.name)


def parse_midi(data: bytes, *, name: str) -> Transcription:
    """As ``read_midi``, of ``data``; ``name`` is for the error."""
    file = _parse(data, name)
    origin = _origin(file)
    collector = _Collector(_track_names(file) if origin is not None else {})
    clock = _Clock(_ticks_per_quarter(file, name), _seconds_per_tick(file))
    for tick, track, message in _merged(file):
        seconds = clock.seconds(tick)
        check_seconds(name, seconds)
        if message.type == "set_tempo":
            clock.set_tempo(tick, message.tempo)
        collector.add(seconds, track, message)
        check_count(name, len(collector.notes))
    return _transcription(file, origin or {}, collector)


def _parse(data: bytes, name: str) -> mido.MidiFile:
    if not data.startswith(b"MThd"):
        raise BadFileError(f"{name} is no MIDI file")
    if _ENDLESS_NUMBER.search(data):
        raise BadFileError(f"{name} is a damaged MIDI file: a number without end")
    try:
        file = mido.MidiFile(file=io.BytesIO(data))
    except Exception as error:  # whatever damaged bytes lead mido to
        reason = str(error) or "it ends too early"
        raise BadFileError(f"{name} is a damaged MIDI file: {reason}") from error
    if not file.tracks:
        raise BadFileError(f"{name} is a MIDI file without tracks")
    if file.type == 2:
        raise BadFileError(f"{name} holds several songs (MIDI format 2)")
    return file


def _ticks_per_quarter(file: mido.MidiFile, name: str) -> int:
    division = int(file.ticks_per_beat)
    if division == 0 or (division < 0 and division & 0xFF == 0):
        raise BadFileError(f"{name} is a damaged MIDI file: 0 ticks a quarter")
    return division


def _seconds_per_tick(file: mido.MidiFile) -> float | None:
    """For files that count film frames: the length of a tick. None: it depends on the tempo."""
    division = int(file.ticks_per_beat)
    if division >= 0:
        return None
    # Upper byte: minus the frames a second, where 29 stands for 29.97; lower: ticks a frame.
    frames = -(division >> 8)
    return 1.0 / ((30000 / 1001 if frames == 29 else frames) * (division & 0xFF))


class _Clock:
    """Ticks to seconds. Each time is counted from the last change of tempo."""

    def __init__(self, ticks_per_quarter: int, seconds_per_tick: float | None) -> None:
        self._ticks_per_quarter = ticks_per_quarter
        self._tempo_counts = seconds_per_tick is None
        self._seconds_per_tick = seconds_per_tick or _DEFAULT_TEMPO / 1e6 / ticks_per_quarter
        self._tick, self._seconds = 0, 0.0  # of the last change

    def seconds(self, tick: int) -> float:
        # min: a damaged number may be too large for a float; the caller refuses it.
        return self._seconds + min(tick - self._tick, 2**60) * self._seconds_per_tick

    def set_tempo(self, tick: int, tempo: int) -> None:
        if self._tempo_counts:
            self._seconds, self._tick = self.seconds(tick), tick
            self._seconds_per_tick = tempo / 1e6 / self._ticks_per_quarter


def _merged(file: mido.MidiFile) -> Iterator[tuple[int, int, Any]]:
    """(tick, track, message) of all tracks in the order of time."""
    tracks = (_absolute(index, track) for index, track in enumerate(file.tracks))
    return heapq.merge(*tracks, key=lambda event: event[:2])


def _absolute(index: int, track: mido.MidiTrack) -> Iterator[tuple[int, int, Any]]:
    tick = 0
    for message in track:
        tick += message.time
        if message.type in _READ:
            yield tick, index, message


@dataclass(slots=True)
class _Sounding:
    onset: float
    velocity: int
    track: Track
    stale_offs: int = 0  # note-offs still to come for earlier notes that this one cut short
    stale_off: float | None = None  # when the last of them came


@dataclass(slots=True)
class _Collector:
    """Gathers notes and pedal from messages in the order of time."""

    track_names: dict[int, str]
    notes: list[Note] = field(default_factory=list)
    now: float = 0.0
    _sounding: dict[_Key, _Sounding] = field(default_factory=dict)
    _programs: dict[int, int] = field(default_factory=dict)  # of each channel
    _pedals: list[Pedal] = field(default_factory=list)
    _pressed: dict[int, tuple[float, Track]] = field(default_factory=dict)  # by channel

    def add(self, seconds: float, track: int, message: Any) -> None:
        self.now = seconds
        if message.type == "note_on" and message.velocity > 0:
            self._note_on(track, message)
        elif message.type in ("note_on", "note_off"):
            self._note_off((track, message.channel, message.note))
        elif message.type == "program_change":
            self._programs[message.channel] = message.program
        elif message.type == "control_change" and message.control == _SUSTAIN:
            self._pedal(track, message.channel, down=message.value >= _PEDAL_DOWN)

    def finish(self) -> tuple[list[Note], list[Pedal]]:
        """End what still sounds, and return all."""
        for key in list(self._sounding):
            self._cut(key)
        for channel in list(self._pressed):
            self._lift(channel)
        return self.notes, joined_presses(self._pedals)

    def _note_on(self, track: int, message: Any) -> None:
        key = (track, message.channel, message.note)
        velocity, stale_offs = message.velocity, 0
        if earlier := self._sounding.get(key):
            if earlier.onset == self.now:  # one note, said twice
                earlier.velocity = max(velocity, earlier.velocity)
                earlier.stale_offs += 1
                return
            stale_offs = earlier.stale_offs + 1 if earlier.stale_off is None else 0
            self._cut(key)
        played = self._track(track, message.channel)
        self._sounding[key] = _Sounding(self.now, velocity, played, stale_offs)

    def _note_off(self, key: _Key) -> None:
        note = self._sounding.get(key)
        if note is None:
            return
        if note.stale_offs:
            note.stale_offs -= 1
            note.stale_off = self.now
        else:
            self._end(key, self.now)

    def _cut(self, key: _Key) -> None:
        """End a note that had no note-off of its own.

        Files have two note-ons in a row where notes overlap, and then as many note-offs follow;
        or out of carelessness, and then the only note-off was meant for the later note.
        """
        stale_off = self._sounding[key].stale_off
        self._end(key, self.now if stale_off is None else stale_off)

    def _end(self, key: _Key, offset: float) -> None:
        note = self._sounding.pop(key)
        offset = max(offset, note.onset + _SHORTEST)
        self.notes.append(Note(note.onset, offset, key[2], note.velocity, track=note.track))

    def _track(self, track: int, channel: int) -> Track:
        name = self.track_names.get(track)
        if channel == DRUM_CHANNEL:
            return Track(name or "drums", 0, TrackKind.DRUMS)
        program = self._programs.get(channel, 0)
        return Track(name or instrument_of(program), program)

    def _pedal(self, track: int, channel: int, *, down: bool) -> None:
        if not down:
            self._lift(channel)
        elif channel not in self._pressed:
            self._pressed[channel] = self.now, self._track(track, channel)

    def _lift(self, channel: int) -> None:
        if channel in self._pressed:
            onset, track = self._pressed.pop(channel)
            if self.now > onset:
                self._pedals.append(Pedal(onset, self.now, track))


def _origin(file: mido.MidiFile) -> dict[str, Any] | None:
    """What our writer says of the recording; None if the file is not ours."""
    for message in file.tracks[0]:
        if message.type == "text" and message.text.startswith(PROVENANCE):
            _, _, text = _utf8(message.text).removeprefix(PROVENANCE).partition(" ")
            try:
                origin = json.loads(text)
            except (ValueError, RecursionError):  # edited by hand
                return None
            return origin if isinstance(origin, dict) else None
    return None


def _track_names(file: mido.MidiFile) -> dict[int, str]:
    return {index: _utf8(track.name) for index, track in enumerate(file.tracks)}


def _utf8(text: str) -> str:
    """The file says no charset. mido decodes Latin-1, which loses nothing; most write UTF-8."""
    try:
        return text.encode("latin-1").decode()
    except UnicodeDecodeError:
        return text


def _transcription(
    file: mido.MidiFile, origin: dict[str, Any], collector: _Collector
) -> Transcription:
    notes, pedals = collector.finish()
    text = {key: origin[key] for key in ("file", "model", "profile") if _is_text(origin, key)}
    tuning = origin.get("tuning_cents")
    tags = origin.get("metadata")
    title = _utf8(file.tracks[0].name)
    metadata = {"title": title} if title and file.type == 1 else {}
    if isinstance(tags, dict):
        metadata |= {key: tag for key, tag in tags.items() if isinstance(tag, str)}
    return Transcription(
        notes=NoteTable.of(notes),
        pedals=tuple(pedals),
        duration=collector.now,
        tuning_cents=tuning if type(tuning) is float and math.isfinite(tuning) else None,
        metadata=metadata,
        **text,
    )


def _is_text(origin: dict[str, Any], key: str) -> bool:
    return isinstance(origin.get(key), str)
