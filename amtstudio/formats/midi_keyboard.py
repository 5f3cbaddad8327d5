"""A MIDI keyboard that is played while a microphone records it: its notes, for the take."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import mido

from amtstudio.errors import AudioDeviceError, did_you_mean
from amtstudio.formats import write_transcription
from amtstudio.symbolic import Note, NoteTable, Pedal, Transcription
from amtstudio.symbolic.general_midi import DRUM_CHANNEL

_SUSTAIN, _IS_DOWN = 64, 64
_SHORTEST_S = 0.01


Answer = TypeVar("Answer")


def list_keyboards() -> list[str]:
    """The names of all MIDI inputs.

    Raises
    ------
    AudioDeviceError
        If the library for them is not installed, or the system has no MIDI.
    """
    names: list[str] = _asked(mido.get_input_names)
    return list(dict.fromkeys(names))


def find_keyboard(wanted: str) -> str:
    """The MIDI input of this name, or the only one with this in its name.

    Raises ``AudioDeviceError`` as ``list_keyboards``, and if there is none or more than one.
    """
    names = list_keyboards()
    if wanted in names:
        return wanted
    fitting = [name for name in names if wanted.casefold() in name.casefold()]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        raise AudioDeviceError(
            f"several MIDI keyboards match {wanted!r}: {', '.join(fitting)}",
            hint="give more of the name",
        )
    raise AudioDeviceError(
        f"there is no MIDI keyboard {wanted!r}; there are: {', '.join(names) or 'none'}",
        hint=did_you_mean(wanted, names) or "connect it and switch it on",
    )


class Keyboard:
    """A MIDI input, open from now on; what it sends is kept with the time of its arrival.

    Parameters
    ----------
    name : str
        One of ``list_keyboards``.
    clock : callable
        Seconds, of the same clock as the beginning of the recording.

    Raises
    ------
    AudioDeviceError
        If it cannot be opened.
    """

    def __init__(self, name: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self._clock = clock
        self._events: list[tuple[float, mido.Message]] = []  # filled on a thread of the system
        self._port = _asked(lambda: mido.open_input(name, callback=self._take))

    @property
    def n_struck(self) -> int:
        """Keys that were struck since it was opened."""
        return sum(_is_struck(message) for _, message in list(self._events))

    def close(self) -> None:
        """Listen no longer; what has come is kept."""
        self._port.close()

    def transcription(self, begin: float, duration: float) -> Transcription:
        """What was played between ``begin``, on the clock, and ``duration`` seconds later.

        Keys that are still held at the end are released there.
        """
        played = _Played(begin, duration)
        for at, message in list(self._events):
            played.take(at, message)
        return played.transcription()

    def write(self, path: Path, begin: float, duration: float) -> int:
        """Write that to a new MIDI file, unless nothing was played; returns how many notes.

        Raises ``OutputExistsError``, ``CannotCreateOutputError`` or ``OutputWriteError``.
        """
        if not math.isfinite(begin):
            return 0  # not a sample has come
        found = self.transcription(begin, duration)
        if found.notes:
            write_transcription(found, path, format_name="midi")
        return len(found.notes)

    def _take(self, message: mido.Message) -> None:
        self._events.append((self._clock(), message))


class _Played:
    """Messages to notes and presses of the pedal, in seconds of the recording."""

    def __init__(self, begin: float, duration: float) -> None:
        self._begin, self._duration = begin, duration
        self._held: dict[tuple[int, int], tuple[float, int]] = {}
        self._down: dict[int, float] = {}
        self._notes: list[Note] = []
        self._pedals: list[Pedal] = []

    def take(self, at: float, message: mido.Message) -> None:
        seconds = at - self._begin
        if message.is_meta or getattr(message, "channel", DRUM_CHANNEL) == DRUM_CHANNEL:
            return
        channel = message.channel
        if message.type in ("note_on", "note_off"):
            key = channel, message.note
            self._release(key, seconds)
            if _is_struck(message):
                self._held[key] = seconds, message.velocity
        elif message.type == "control_change" and message.control == _SUSTAIN:
            if message.value < _IS_DOWN:
                self._lift(channel, seconds)
            else:
                self._down.setdefault(channel, seconds)

    def transcription(self) -> Transcription:
        for key in list(self._held):
            self._release(key, self._duration)
        for channel in list(self._down):
            self._lift(channel, self._duration)
        notes = NoteTable.of(self._notes)
        return Transcription(notes, tuple(self._pedals), self._duration)

    def _release(self, key: tuple[int, int], seconds: float) -> None:
        onset, velocity = self._held.pop(key, (math.inf, 0))
        if 0.0 <= onset < self._duration:
            offset = max(min(seconds, self._duration), onset + _SHORTEST_S)
            self._notes.append(Note(onset, offset, key[1], velocity))

    def _lift(self, channel: int, seconds: float) -> None:
        onset = max(self._down.pop(channel, math.inf), 0.0)
        end = min(seconds, self._duration)
        if end > onset:
            self._pedals.append(Pedal(onset, end))


def _is_struck(message: mido.Message) -> bool:
    return bool(message.type == "note_on" and message.velocity > 0)


def _asked(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except ImportError as error:
        raise AudioDeviceError(
            "MIDI keyboards need the library python-rtmidi",
            hint='pip install "amtstudio[midi]", or record with the microphone alone',
        ) from error
    except Exception as error:
        # What the system's MIDI raises is of every kind.
        raise AudioDeviceError(
            f"MIDI keyboards cannot be reached: {error}",
            hint="check that the system has MIDI, and that no other program is using the keyboard",
        ) from error
