"""Which note-off ends which note-on.

The standard leaves open what a second note-on of a sounding key means, and files differ: notes
that overlap have a note-off each; others forget one; some end notes on another track or channel,
or all at once by a controller. What a file means shows only in the whole of it.
"""

from __future__ import annotations

import bisect
from collections import defaultdict
from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from operator import itemgetter

from amtstudio.formats.midi_wheel import Wheel
from amtstudio.symbolic import Track
from amtstudio.symbolic.general_midi import DRUM_CHANNEL

Key = tuple[int, int, int]  # track, channel, pitch


@dataclass(slots=True)
class Stroke:
    """A note-on, and when its note ends; None while that is not known. Times in seconds.

    ``wheel`` is that of its channel, where it bends what is played there.
    """

    onset: float
    velocity: int
    track: Track
    offset: float | None = None
    wheel: Wheel | None = None


# A key that is struck before the note-off of the stroke before: as players and editors overlap
# notes, and shorter than any note that is repeated.
_LONGEST_OVERLAP = 0.03  # seconds


class _End(Enum):
    OFF = auto()  # a note-off: ends one note
    ALL = auto()  # all notes off: ends what began before


_Event = tuple[float, Stroke | _End]


@dataclass(slots=True, eq=False)
class _Stray:
    """A note-off of a key that was not sounding."""

    time: float
    is_taken: bool = False


class NotePairing:
    """Takes key events in temporal order, and returns the notes at the end."""

    def __init__(self) -> None:
        self._events: defaultdict[Key, list[_Event]] = defaultdict(list)
        # (track, channel) -> keys that may sound, with their last onset
        self._struck: defaultdict[tuple[int, int], dict[Key, float]] = defaultdict(dict)
        self._all_offs: defaultdict[int, list[float]] = defaultdict(list)  # by channel

    def note_on(self, key: Key, stroke: Stroke) -> None:
        self._events[key].append((stroke.onset, stroke))
        self._struck[key[:2]][key] = stroke.onset

    def note_off(self, key: Key, time: float) -> None:
        self._events[key].append((time, _End.OFF))

    def all_notes_off(self, track: int, channel: int, time: float) -> None:
        """What controllers 120 and 123 to 127 say."""
        times = self._all_offs[channel]
        if not times or times[-1] < time:
            times.append(time)
        struck = self._struck[track, channel]
        for key in struck:
            self._events[key].append((time, _End.ALL))
        # What began on this very tick is not meant.
        self._struck[track, channel] = {k: onset for k, onset in struck.items() if onset == time}

    def notes(self, end: float) -> tuple[list[tuple[int, Stroke]], int]:
        """All notes as (pitch, stroke), and how many lasted to ``end`` for want of an end.

        A note ends with its own note-off, else with one on another track or channel that ended
        nothing else, else where its key is struck again, else at ``end``.
        """
        strays = _Strays(self._all_offs)
        found: list[tuple[Key, Stroke, float | None]] = []  # with the next onset
        for key, events in self._events.items():
            history = _paired(events)
            strays.add(key, history.unused)
            following = [*(stroke.onset for stroke in history.strokes[1:]), None]
            found += [(key, *each) for each in zip(history.strokes, following, strict=False)]
        n_endless = 0
        for key, stroke, restruck in sorted(found, key=lambda entry: entry[1].onset):
            limit = end if restruck is None else restruck
            if stroke.offset is None:
                stroke.offset = strays.take(key, stroke.onset, limit)
                n_endless += stroke.offset is None and restruck is None
            stroke.offset = limit if stroke.offset is None else min(stroke.offset, limit)
        return [(key[2], stroke) for key, stroke, _ in found], n_endless


class _Strays:
    """Note-offs that ended nothing, to be requested in temporal order."""

    def __init__(self, all_offs: dict[int, list[float]]) -> None:
        self._all_offs = all_offs
        self._of_channel: defaultdict[tuple[int, int], list[_Stray]] = defaultdict(list)
        self._of_pitch: defaultdict[int, list[_Stray]] = defaultdict(list)
        self._is_sorted = False

    def add(self, key: Key, times: list[float]) -> None:
        _, channel, pitch = key
        for stray in map(_Stray, times):
            self._of_channel[channel, pitch].append(stray)
            if channel != DRUM_CHANNEL:
                self._of_pitch[pitch].append(stray)

    def take(self, key: Key, after: float, until: float) -> float | None:
        """The first that may be meant for ``key``; every call asks for a later ``after``."""
        if not self._is_sorted:
            for strays in (*self._of_channel.values(), *self._of_pitch.values()):
                strays.sort(key=lambda stray: stray.time, reverse=True)
            self._is_sorted = True
        _, channel, pitch = key
        stray = _first(self._of_channel.get((channel, pitch), []), after, until)
        off = self._first_all_off(channel, after, stray.time if stray else until)
        if off is not None:
            return off
        if stray is None and channel != DRUM_CHANNEL:
            stray = _first(self._of_pitch.get(pitch, []), after, until)
        if stray is None:
            return None
        stray.is_taken = True
        return stray.time

    def _first_all_off(self, channel: int, after: float, until: float) -> float | None:
        times = self._all_offs.get(channel, [])
        at = bisect.bisect_right(times, after)
        return times[at] if at < len(times) and times[at] <= until else None


def _first(strays: list[_Stray], after: float, until: float) -> _Stray | None:
    """Of strays with the first at the end; those that can serve no more are removed."""
    while strays and (strays[-1].is_taken or strays[-1].time <= after):
        strays.pop()
    return strays[-1] if strays and strays[-1].time <= until else None


class _KeyHistory:
    """Pairs the events of one key."""

    def __init__(self) -> None:
        self.strokes: list[Stroke] = []
        self.unused: list[float] = []  # note-offs while nothing sounded
        self._sounding: list[Stroke] = []  # without an end yet
        # A note-off that went to the first of several, unless it turns out that no more follow.
        self._doubtful: float | None = None
        self._n_late = 0  # note-offs to come for notes that were ended before

    @property
    def n_sounding(self) -> int:
        return len(self._sounding)

    def strike(self, stroke: Stroke) -> None:
        """Notes that begin at the same time are one note, said twice."""
        self.settle()
        self._sounding.append(stroke)
        if self.strokes and self.strokes[-1].onset == stroke.onset:
            stroke.velocity = max(stroke.velocity, self.strokes[-1].velocity)
            self.strokes.pop()
        self.strokes.append(stroke)

    def release(self, time: float) -> None:
        if not self._sounding:
            if self._n_late:
                self._n_late -= 1
            else:
                self.unused.append(time)
            return
        newest = self._sounding[-1].onset
        self._sounding.pop(0).offset = time
        if not self._sounding:
            self._doubtful = None
        elif time - newest > _LONGEST_OVERLAP:
            self._doubtful = time

    def release_all(self, time: float) -> None:
        self._n_late += len(self._sounding)
        for stroke in self._sounding:
            stroke.offset = time
        self._sounding.clear()
        self._doubtful = None

    def settle(self) -> None:
        """Nothing more comes before the next note: a note-off in doubt was that of the newest.

        Those before it, then, have none.
        """
        if self._doubtful is not None:
            self._sounding[-1].offset = self._doubtful
            self._sounding.clear()
            self._doubtful = None


def _paired(events: list[_Event]) -> _KeyHistory:
    """On each tick, ends come first, whatever the order in the file."""
    history = _KeyHistory()
    for time, group in groupby(events, key=itemgetter(0)):
        here = [event for _, event in group]
        strokes = [event for event in here if isinstance(event, Stroke)]
        n_offs = here.count(_End.OFF)
        # What ends a note that begins here, too: a drum without length.
        n_behind = here[here.index(strokes[0]) :].count(_End.OFF) if strokes else 0
        n_behind = min(n_behind, max(0, n_offs - history.n_sounding))
        for _ in range(n_offs - n_behind):
            history.release(time)
        if _End.ALL in here:
            history.release_all(time)
        for stroke in strokes:
            history.strike(stroke)
        for _ in range(n_behind):
            history.release(time)
    history.settle()
    return history
