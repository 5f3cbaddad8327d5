"""The events of a Standard MIDI File that its notes depend on, whatever else it holds.

Libraries that decode every event refuse a file for a key signature that does not exist. Here what
no note needs is stepped over unread, and of a damaged file the sound part is kept, with a word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from amtstudio.errors import BadFileError
from amtstudio.formats.input_file import OnWarning

# Kinds of channel messages: the upper half of the status byte.
NOTE_OFF, NOTE_ON, CONTROL_CHANGE, PROGRAM_CHANGE, PITCH_WHEEL = 0x80, 0x90, 0xB0, 0xC0, 0xE0
META = 0xFF
# Types of meta events.
TEXT, TRACK_NAME, PORT, END_OF_TRACK, SET_TEMPO = 0x01, 0x03, 0x21, 0x2F, 0x51

_SYSTEM_EXCLUSIVE = (0xF0, 0xF7)
_SYSTEM_COMMON = {0xF1: 1, 0xF2: 2, 0xF3: 1}  # data bytes; they do not belong into files
_WANTED_METAS = {TEXT, TRACK_NAME, PORT, END_OF_TRACK, SET_TEMPO}
_WANTED = {NOTE_OFF, NOTE_ON, CONTROL_CHANGE, PROGRAM_CHANGE, PITCH_WHEEL}
_MOST_BEFORE_HEADER = 1024  # bytes: MacBinary has 128
_END = b"\xff\x2f\x00"  # the event that ends a track
_LARGEST_NUMBER = 2**60  # larger ones are damaged, and still fit a float
_LONGEST_NUMBER = 10_000  # bytes; the standard has four


class MidiEvent(NamedTuple):
    """A message of a channel, or a meta event: then ``data1`` is its type.

    ``data2`` is at most 127; ``data1`` is as the file has it, up to 255.
    """

    tick: int
    track: int
    status: int
    data1: int
    data2: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class MidiSequence:
    """A file without what no note needs.

    Attributes
    ----------
    midi_format : int
        0: one track, 1: several at the same time, 2: several songs.
    division : int
        Ticks a quarter; if negative: minus the frames a second in the upper byte, and ticks a
        frame in the lower.
    events : list of MidiEvent
        Of all tracks in the order of time; on one tick in the order of the tracks.
    """

    midi_format: int
    division: int
    events: list[MidiEvent]


def read_events(data: bytes, *, name: str, on_warning: OnWarning) -> MidiSequence:
    """Find the tracks in ``data`` and read their events.

    The file may be wrapped in a RIFF file (RMID) or follow a MacBinary header, and have other
    chunks. The number of tracks and their lengths are not believed if the data say otherwise.

    Parameters
    ----------
    data : bytes
    name : str
        Of the file, for errors and warnings.
    on_warning : callable
        Called with a sentence about what was left out.

    Raises
    ------
    BadFileError
        If it is not a MIDI file, has no tracks, or is damaged before its first note.
    """
    start = _header_at(data)
    if start is None:
        raise BadFileError(f"{name} is not a MIDI file")
    if len(data) < start + 14:
        raise BadFileError(f"{name} is a damaged MIDI file: it ends too early")
    midi_format, n_told, division = (
        int.from_bytes(data[start + at : start + at + 2], signed=at == 12) for at in (8, 10, 12)
    )
    events: list[MidiEvent] = []
    damage: list[str] = []
    n_tracks = 0
    for cursor in _tracks(data, start):
        try:
            events.extend(_events(cursor, n_tracks))
        except _DamageError as error:
            damage.append(str(error))
        n_tracks += 1
    if n_tracks == 0:
        raise BadFileError(f"{name} is a MIDI file without tracks")
    if damage and not any(event.status & 0xF0 == NOTE_ON for event in events):
        raise BadFileError(f"{name} is a damaged MIDI file: {damage[0]}")
    for reason in dict.fromkeys(damage):
        on_warning(f"{name} is damaged: {reason}; of that track only what comes before is read")
    if n_told != n_tracks:
        on_warning(f"{name} announces {n_told} tracks and has {n_tracks}")
    events.sort(key=itemgetter(0, 1))
    return MidiSequence(midi_format, division, events)


class _DamageError(Exception):
    """A track cannot be followed any further."""


class _Cursor:
    """A place in the bytes of one track."""

    def __init__(self, data: bytes, begin: int, end: int, *, is_cut: bool) -> None:
        self._data = data
        self._at = begin
        self._end = end
        self.is_cut = is_cut  # whether the file ends before it does

    @property
    def is_at_end(self) -> bool:
        return self._at >= self._end

    def peek(self) -> int:
        if self._at >= self._end:
            raise _DamageError("it ends too early")
        return self._data[self._at]

    def byte(self) -> int:
        value = self.peek()
        self._at += 1
        return value

    def number(self) -> int:
        """A number of variable length."""
        value = 0
        for _ in range(_LONGEST_NUMBER):
            byte = self.byte()
            value = min(value << 7 | byte & 0x7F, _LARGEST_NUMBER)
            if byte < 0x80:
                return value
        raise _DamageError("a number without end")

    def take(self, size: int) -> bytes:
        if size > self._end - self._at:
            raise _DamageError("it ends too early")
        self._at += size
        return self._data[self._at - size : self._at]


def _events(cursor: _Cursor, track: int) -> Iterator[MidiEvent]:
    tick = running = kind = 0
    while not (cursor.is_at_end or kind == END_OF_TRACK):
        tick += cursor.number()
        status = running if cursor.peek() < 0x80 else cursor.byte()
        if status == 0:
            raise _DamageError("a running status without a status before it")
        if status < 0xF0:
            running = status  # and stays so across all other events: what else could be meant?
            data1 = cursor.byte()
            # A byte over 127 in this place is a value out of range: clipped, as by other readers.
            data2 = 0 if status & 0xE0 == 0xC0 else min(cursor.byte(), 127)
            if status & 0xF0 in _WANTED:
                yield MidiEvent(tick, track, status, data1, data2, b"")
        elif status == META:
            kind, payload = cursor.byte(), cursor.take(cursor.number())
            if kind in _WANTED_METAS:
                yield MidiEvent(tick, track, status, kind, 0, payload)
        elif status in _SYSTEM_EXCLUSIVE:
            cursor.take(cursor.number())
        else:
            cursor.take(_SYSTEM_COMMON.get(status, 0))
    if cursor.is_cut and kind != END_OF_TRACK:
        raise _DamageError("it ends too early")


def _header_at(data: bytes) -> int | None:
    """Where ``MThd`` is: at the start, in a RIFF file, or behind a header of another system."""
    is_riff = data[:4] == b"RIFF" and data[8:12] == b"RMID"
    found = data.find(b"MThd", 0, None if is_riff else _MOST_BEFORE_HEADER)
    return found if found >= 0 else None


def _tracks(data: bytes, start: int) -> Iterator[_Cursor]:
    at = _chunk_end(data, start)
    while 0 <= at <= len(data) - 8:
        end = _chunk_end(data, at)
        if data[at : at + 4] == b"MTrk":
            yield _Cursor(data, at + 8, end, is_cut=at + 8 + _size(data, at) > len(data) == end)
        at = end


def _chunk_end(data: bytes, at: int) -> int:
    """Where the chunk at ``at`` ends: as it says itself if that can be, else by what follows."""
    end = at + 8 + _size(data, at)
    if _is_chunk(data, at) and end <= len(data):
        ends_well = end == len(data) or _is_chunk(data, end) or data.endswith(_END, at, end)
        if ends_well:
            # A length that covers the next track as well was counted over all of the file.
            swallowed = data.find(_END + b"MTrk", at, end)
            return end if swallowed < 0 else swallowed + len(_END)
    following = data.find(b"MTrk", at + 1)
    return following if following >= 0 else len(data)


def _size(data: bytes, at: int) -> int:
    return int.from_bytes(data[at + 4 : at + 8])


def _is_chunk(data: bytes, at: int) -> bool:
    kind = data[at : at + 4]
    return at + 8 <= len(data) and kind.isascii() and kind.decode("latin-1").isprintable()
