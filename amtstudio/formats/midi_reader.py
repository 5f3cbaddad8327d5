"""A Standard MIDI File as a transcription."""

from __future__ import annotations

import json
import math
from collections import Counter
from pathlib import Path
from typing import Any

from amtstudio.errors import BadFileError
from amtstudio.formats.checked_note import check_count, check_seconds
from amtstudio.formats.drum_maps import METADATA, without_drum_map
from amtstudio.formats.input_file import OnWarning, read_input, say_nothing
from amtstudio.formats.midi_events import (
    CONTROL_CHANGE,
    META,
    NOTE_OFF,
    NOTE_ON,
    PITCH_WHEEL,
    PORT,
    PROGRAM_CHANGE,
    SET_TEMPO,
    TEXT,
    TRACK_NAME,
    MidiEvent,
    MidiSequence,
    read_events,
)
from amtstudio.formats.midi_pairing import NotePairing, Stroke
from amtstudio.formats.midi_writer import PROVENANCE
from amtstudio.formats.midi_zones import Channel, Wheels
from amtstudio.symbolic import (
    PIANO,
    Note,
    NoteTable,
    Pedal,
    Track,
    TrackKind,
    Transcription,
    joined_presses,
)
from amtstudio.symbolic.general_midi import DRUM_CHANNEL, instrument_of
from amtstudio.symbolic.limits import MAX_TIME

# Some 14 hours of dense piano. A MB of events takes half a second and 40 MB to read.
_MAX_BYTES = 4 * 2**20
_SUSTAIN, _RESET_ALL_CONTROLLERS = 64, 121
_ALL_NOTES_OFF = {120, 123, 124, 125, 126, 127}  # all sound off; all notes off, and what implies it
_PEDAL_DOWN = 64  # the lowest value that counts as down, by the MIDI standard
_DEFAULT_TEMPO = 500_000  # microseconds a quarter
_SHORTEST = 0.001  # seconds; drum tracks have notes that end as they begin


def read_midi(path: Path, *, on_warning: OnWarning = say_nothing) -> Transcription:
    """Read notes, their bends and sustain pedal, in seconds by the file's tempo map.

    What no note needs may be wrong. Where a pitch is struck again before it ended, the earlier
    note ends there; ``midi_pairing`` says which note-off ends which note. A track has the program
    of its channel, and is called by it, or ``drums`` on channel 10; in a file of ours it has its
    own name, and drums at the numbers of another map are those of General MIDI again. Where the
    pitch wheel of its channel moves, a note bends; drums do not.

    Parameters
    ----------
    path : Path
    on_warning : callable
        Called with a sentence about what was left out, or is uncertain.

    Raises
    ------
    BadFileError
        If the file is not a MIDI file, is damaged before its first note, or is larger than 4 MB.
    """
    data = read_input(path, max_bytes=_MAX_BYTES)
    return parse_midi(data, name=path.name, on_warning=on_warning)


def parse_midi(data: bytes, *, name: str, on_warning: OnWarning = say_nothing) -> Transcription:
    """As ``read_midi``, of ``data``; ``name`` is for errors and warnings."""
    sequence = read_events(data, name=name, on_warning=on_warning)
    if sequence.midi_format == 2:
        raise BadFileError(f"{name} holds several songs (MIDI format 2)")
    collector = _Collector(name, sequence)
    for event in sequence.events:
        collector.add(event)
    return collector.finish(on_warning)


class _Clock:
    """Ticks to seconds. Each time is counted from the last change of tempo."""

    def __init__(self, name: str, division: int) -> None:
        if division == 0 or (division < 0 and division & 0xFF == 0):
            raise BadFileError(f"{name} is a damaged MIDI file: 0 ticks per quarter note")
        self._division = division
        self._seconds_per_tick = (
            _DEFAULT_TEMPO / 1e6 / division if division > 0 else _film_tick(division)
        )
        self._tick, self._seconds = 0, 0.0  # of the last change

    def seconds(self, tick: int) -> float:
        return self._seconds + (tick - self._tick) * self._seconds_per_tick

    def set_tempo(self, tick: int, tempo: int) -> None:
        if self._division > 0:  # film time has no tempo
            self._seconds, self._tick = self.seconds(tick), tick
            self._seconds_per_tick = tempo / 1e6 / self._division


def _film_tick(division: int) -> float:
    """Seconds. Upper byte: minus the frames a second, 29 being 29.97; lower: ticks a frame."""
    frames = -(division >> 8)
    return 1.0 / ((30000 / 1001 if frames == 29 else frames) * (division & 0xFF))


class _Collector:
    """Gathers notes, pedal and texts from events in the order of time."""

    def __init__(self, name: str, sequence: MidiSequence) -> None:
        self._name = name
        self._format = sequence.midi_format
        self._clock = _Clock(name, sequence.division)
        self._now = 0.0
        self._pairing = NotePairing()
        self._n_notes = 0
        self._ports: dict[int, int] = {}  # of each track: more than 16 channels need several
        self._programs: dict[Channel, int] = {}
        self._wheels = Wheels()
        self._pedals: list[Pedal] = []
        self._pressed: dict[Channel, tuple[float, Track]] = {}  # with the onset
        self._track_names: dict[int, str] = {}
        self._origin: dict[str, Any] | None = None  # what our writer says; None: not our file
        self._left_out: Counter[str] = Counter()

    def add(self, event: MidiEvent) -> None:
        seconds = self._clock.seconds(event.tick)
        kind = event.status & 0xF0
        if event.status != META and kind in (NOTE_ON, NOTE_OFF):
            check_seconds(self._name, seconds)
        elif seconds > MAX_TIME:  # a damaged number, on which no note depends
            return
        self._now = seconds
        if event.status == META:
            self._meta(event)
        elif kind in (NOTE_ON, NOTE_OFF):
            self._note(event, is_on=kind == NOTE_ON and event.data2 > 0)
        elif kind == CONTROL_CHANGE:
            self._control(event)
        elif kind == PROGRAM_CHANGE and event.data1 <= 127:
            self._programs[self._channel(event)] = event.data1
        elif kind == PITCH_WHEEL and event.data1 <= 127:
            position = event.data2 << 7 | event.data1
            self._wheels.move(seconds, self._channel(event), position)

    def finish(self, on_warning: OnWarning) -> Transcription:
        """End what still sounds, and hand all on."""
        strokes, n_endless = self._pairing.notes(self._now)
        for channel in list(self._pressed):
            self._lift(channel)
        for text, count in self._left_out.items():
            on_warning(f"{self._name}: {text} ({count} {'time' if count == 1 else 'times'})")
        if n_endless:
            on_warning(
                f"{self._name}: {n_endless} {'note has' if n_endless == 1 else 'notes have'} no"
                " end in the file and last to its end"
            )
        return _transcription(
            self._origin or {},
            notes=NoteTable.of(_note(pitch, stroke) for pitch, stroke in strokes),
            pedals=tuple(joined_presses(self._pedals)),
            duration=self._now,
            title=self._track_names.get(0, "") if self._format == 1 else "",
        )

    def _meta(self, event: MidiEvent) -> None:
        if event.data1 == SET_TEMPO:
            tempo = int.from_bytes(event.payload[:3])
            if len(event.payload) >= 3 and tempo > 0:
                self._clock.set_tempo(event.tick, tempo)
            else:
                self._left_out["a tempo that cannot be was ignored"] += 1
        elif event.data1 == TRACK_NAME:
            self._track_names.setdefault(event.track, _utf8(event.payload))
        elif event.data1 == PORT and event.payload:
            self._ports[event.track] = event.payload[0]
        elif event.data1 == TEXT and event.track == 0 and self._origin is None:
            self._origin = _origin(event.payload)

    def _note(self, event: MidiEvent, *, is_on: bool) -> None:
        if event.data1 > 127:
            self._left_out["a note above the highest pitch was left out"] += is_on
            return
        channel = event.status & 0x0F
        key = (event.track, channel, event.data1)
        if not is_on:
            self._pairing.note_off(key, self._now)
            return
        track = self._track(event)
        wheel = None if track.is_drums else self._wheels.of(self._channel(event))
        if wheel is not None:
            wheel.strike(self._now)
        self._pairing.note_on(key, Stroke(self._now, event.data2, track, wheel=wheel))
        self._n_notes += 1
        check_count(self._name, self._n_notes)

    def _control(self, event: MidiEvent) -> None:
        channel = self._channel(event)
        if event.data1 == _SUSTAIN and event.data2 >= _PEDAL_DOWN:
            self._pressed.setdefault(channel, (self._now, self._track(event)))
        elif event.data1 in (_SUSTAIN, _RESET_ALL_CONTROLLERS):
            self._lift(channel)
            if event.data1 == _RESET_ALL_CONTROLLERS:
                self._wheels.reset(self._now, channel)
        elif event.data1 in _ALL_NOTES_OFF:
            self._pairing.all_notes_off(event.track, event.status & 0x0F, self._now)
        else:
            self._wheels.control(self._now, channel, event.data1, event.data2)

    def _channel(self, event: MidiEvent) -> Channel:
        return self._ports.get(event.track, 0), event.status & 0x0F

    def _track(self, event: MidiEvent) -> Track:
        name = self._track_names.get(event.track, "") if self._origin is not None else ""
        channel = self._channel(event)
        master = self._wheels.master_of(channel)
        if channel[1] == DRUM_CHANNEL and master is None:
            return Track(name or "drums", 0, TrackKind.DRUMS)
        program = self._programs.get(master or channel, 0)
        return Track(name or instrument_of(program), program)

    def _lift(self, channel: Channel) -> None:
        """The pedal comes up, if it was down."""
        onset, track = self._pressed.pop(channel, (self._now, PIANO))
        if self._now > onset:
            self._pedals.append(Pedal(onset, self._now, track))


def _note(pitch: int, stroke: Stroke) -> Note:
    assert stroke.offset is not None
    offset = max(stroke.offset, stroke.onset + _SHORTEST)
    bend = () if stroke.wheel is None else stroke.wheel.bend(stroke.onset, offset)
    return Note(stroke.onset, offset, pitch, stroke.velocity, track=stroke.track, bend=bend)


def _origin(payload: bytes) -> dict[str, Any] | None:
    """Our writer's information about the recording; None if it is not ours or was changed."""
    text = _utf8(payload)
    if not text.startswith(PROVENANCE):
        return None
    try:
        origin = json.loads(text.removeprefix(PROVENANCE).partition(" ")[2])
    except (ValueError, RecursionError):  # edited by hand
        return None
    return origin if isinstance(origin, dict) else None


def _utf8(text: bytes) -> str:
    """The file says no charset. Most programs write UTF-8, and Latin-1 loses nothing."""
    try:
        return text.decode()
    except UnicodeDecodeError:
        return text.decode("latin-1")


def _transcription(
    origin: dict[str, Any],
    *,
    notes: NoteTable,
    pedals: tuple[Pedal, ...],
    duration: float,
    title: str,
) -> Transcription:
    text = {key: origin[key] for key in ("file", "model", "profile") if _is_text(origin, key)}
    tuning = origin.get("tuning_cents")
    tags = origin.get("metadata")
    metadata = {"title": title} if title else {}
    if isinstance(tags, dict):
        metadata |= {key: tag for key, tag in tags.items() if isinstance(tag, str)}
    read = Transcription(
        notes=notes,
        pedals=pedals,
        duration=duration,
        tuning_cents=tuning if type(tuning) is float and math.isfinite(tuning) else None,
        metadata=metadata,
        **text,
    )
    return without_drum_map(read) if METADATA in metadata else read


def _is_text(origin: dict[str, Any], key: str) -> bool:
    return isinstance(origin.get(key), str)
