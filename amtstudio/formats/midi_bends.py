"""Bent notes in MIDI: which channel each note is played on, and where its pitch wheel stands.

A pitch wheel bends all that sounds on its channel. So a note that bends has a channel to itself for
as long as it sounds, as MIDI Polyphonic Expression does it; what does not bend shares one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import mido
import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import Note, NoteTable
from amtstudio.symbolic.notes import Bend

_RANGES = (2, 12, 24, 48)  # semitones either way, as synthesisers are set
STEP_S = 0.01  # between two positions of a wheel that moves, at most
_STEP_CENTS = 5.0  # between them, too: until the next, a note sounds at the former
_LEAST_STEP_S = 0.002  # about as fine as ticks and synthesisers are
JOINED_S = 0.08  # as long two notes of one voice may overlap
_LEAST_CENTS = 1.0  # a smaller change is inaudible
_BEFORE_END_S = 0.001  # where a note ends the wheel is the next one's
_CENTRE = 8192
# After a note has ended its channel is not bent otherwise for this long: it may ring on.
_RELEASE_S = 0.15


@dataclass(slots=True)
class _Channel:
    number: int
    bent_until: float = -math.inf  # seconds


@dataclass(slots=True)
class Voices:
    """The channels of one track.

    Parameters
    ----------
    first : int
        Channel of the notes that do not bend.
    take_another : callable
        Gives one more channel, or None where all are taken.
    are_alone : bool
        Whether no note sounds while another bends: then one channel serves all.
    """

    first: int
    take_another: Callable[[], int | None]
    are_alone: bool = False
    channels: list[_Channel] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.channels.append(_Channel(self.first))

    def channel_of(self, note: Note) -> tuple[int, bool]:
        """The channel of the next note, in the order of onsets; and whether it may bend there.

        Where no channel is free a note is played without its bend.
        """
        if self.are_alone:
            return self.first, bool(note.bend)
        found = self._free_at(note.onset) if note.bend else None
        if found is None:
            return self.first, False
        found.bent_until = note.offset + _RELEASE_S
        return found.number, True

    def _free_at(self, onset: float) -> _Channel | None:
        for channel in self.channels[1:]:
            if channel.bent_until <= onset:
                return channel
        number = self.take_another()
        if number is None:
            return None
        self.channels.append(_Channel(number))
        return self.channels[-1]


def are_alone(notes: NoteTable) -> bool:
    """Whether no note of a table in order sounds while another one bends.

    Joined notes may overlap for a moment, as those of one voice do.
    """
    bends = np.array([bool(note.bend) for note in notes])
    overlaps = notes.onset[1:] + JOINED_S < np.maximum.accumulate(notes.offset)[:-1]
    return not bool(np.any(overlaps & (bends[1:] | np.maximum.accumulate(bends)[:-1])))


def bend_range(bends: Sequence[Bend]) -> int:
    """Semitones to either side that hold all bends; the largest there is where none does."""
    most = max((abs(cents) for bend in bends for _, cents in bend), default=0.0)
    return next((semitones for semitones in _RANGES if most <= 100.0 * semitones), _RANGES[-1])


def range_messages(channel: int, semitones: int) -> list[mido.Message]:
    """Registered parameter 0: how far the wheel of a channel reaches."""
    return [
        mido.Message("control_change", channel=channel, control=control, value=value)
        # 101 and 100 choose the parameter, 6 and 38 set it, and then none is chosen any more.
        for control, value in (
            (101, 0),
            (100, 0),
            (6, semitones),
            (38, 0),
            (101, 127),
            (100, 127),
        )
    ]


def wheel_positions(note: Note, semitones: int) -> list[tuple[float, int]]:
    """Seconds, and where the wheel goes then, -8192 to 8191, from the onset of a note on."""
    times, cents = zip(*note.bend, strict=True)
    ends = [0.0, *(second for second in times if 0.0 < second < note.duration - _BEFORE_END_S)]
    ends.append(max(note.duration - _BEFORE_END_S, ends[-1]))
    at = np.unique(
        np.concatenate(
            [
                np.linspace(*stretch, _step_count(stretch, np.interp(stretch, times, cents)) + 1)
                for stretch in pairwise(ends)
            ]
        )
    )
    wanted = np.interp(at, times, cents)
    positions: list[tuple[float, int]] = []
    told = math.inf
    for second, value in zip(at.tolist(), wanted.tolist(), strict=True):
        if abs(value - told) >= _LEAST_CENTS:
            told = value
            positions.append((note.onset + second, _wheel(value, semitones)))
    return positions


def _step_count(stretch: tuple[float, float], cents: npt.NDArray[np.float64]) -> int:
    """Steps along a straight part of a contour: finer where it is steep."""
    seconds = stretch[1] - stretch[0]
    steep = min(abs(float(cents[1] - cents[0])) / _STEP_CENTS, seconds / _LEAST_STEP_S)
    return max(1, math.ceil(max(seconds / STEP_S, steep)))


def _wheel(cents: float, semitones: int) -> int:
    return min(max(round(cents / (100.0 * semitones) * _CENTRE), -_CENTRE), _CENTRE - 1)
