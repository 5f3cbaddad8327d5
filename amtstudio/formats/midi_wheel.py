"""The pitch wheel of a channel in a MIDI file, and the contours that it gives to notes.

The other way round from ``midi_bends``: what that writes is read back within a cent, or as fine as
the wheel is.
"""

from __future__ import annotations

import bisect
from enum import Enum
from itertools import pairwise

from amtstudio.formats.midi_bends import JOINED_S, STEP_S
from amtstudio.symbolic.bends import limited_bend
from amtstudio.symbolic.notes import Bend

_CENTRE = 8192
USUAL_REACH = 2  # semitones either way, where a file says nothing
_DATA, _DATA_FINE = 6, 38
_PARAMETER_FINE, _PARAMETER = 100, 101
_OTHER_PARAMETERS = (98, 99)  # of one maker; choosing one leaves the registered ones
_NONE = (127, 127)


class Parameter(Enum):
    """The registered parameters that concern wheels, by the controllers that choose them."""

    REACH = (0, 0)
    ZONE = (0, 6)  # of MPE, see ``midi_zones``


_ROUNDING_S = 0.005  # of ticks


class Wheel:
    """Where the wheel of one channel stands, told in the order of time. Times are seconds.

    A wheel stays where it is until it moves: then it is on its way for ``STEP_S`` at most.
    """

    def __init__(self) -> None:
        self._position = 0
        self.reach = (USUAL_REACH, 0)  # semitones and cents either way
        self._carried = 0.0  # cents
        self._chosen = _NONE
        self._times: list[float] = []
        self._bends: list[float] = []  # cents from then on
        self._onsets: list[float] = []

    def move(self, second: float, position: int) -> None:
        """``position`` is 0 to 16383, as in the file; 8192 is the centre."""
        self._position = position - _CENTRE
        self._note(second)

    @property
    def cents(self) -> float:
        """Where the wheel stands."""
        semitones, cents = self.reach
        return self._position / _CENTRE * (100.0 * semitones + cents)

    def set_reach(self, second: float, semitones: int, cents: int = 0) -> None:
        """How far the wheel goes to either side."""
        self.reach = (semitones, cents)
        self._note(second)

    def carry(self, second: float, cents: float) -> None:
        """Bend all by this as well, as the wheel of another channel says."""
        self._carried = cents
        self._note(second)

    def control(self, second: float, number: int, value: int) -> Parameter | None:
        """Controllers that set how far the wheel reaches, registered parameter 0; not others.

        Returns which of the parameters was set, if any.
        """
        if number == _PARAMETER:
            self._chosen = (value, self._chosen[1])
        elif number == _PARAMETER_FINE:
            self._chosen = (self._chosen[0], value)
        elif number in _OTHER_PARAMETERS:
            self._chosen = _NONE
        elif number in (_DATA, _DATA_FINE):
            if self._chosen == Parameter.REACH.value:
                semitones, cents = self.reach
                new = (value, cents) if number == _DATA else (semitones, value)
                self.set_reach(second, *new)
                return Parameter.REACH
            if self._chosen == Parameter.ZONE.value and number == _DATA:
                return Parameter.ZONE
        return None

    def reset(self, second: float) -> None:
        """As reset all controllers does; how far the wheel reaches stays."""
        self._chosen = _NONE
        self.move(second, _CENTRE)

    def strike(self, second: float) -> None:
        """A note begins on the channel."""
        if not self._onsets or self._onsets[-1] < second:
            self._onsets.append(second)

    def bend(self, onset: float, offset: float) -> Bend:
        """The contour of a note, once all is told; empty where it never leaves its pitch.

        Of two notes that are joined, the second has the wheel as soon as it begins.
        """
        following = bisect.bisect_right(self._onsets, onset)
        if following < len(self._onsets):
            struck = self._onsets[following]
            if offset - struck <= JOINED_S + _ROUNDING_S:
                offset = min(offset, struck)
        first = bisect.bisect_right(self._times, onset)
        last = bisect.bisect_left(self._times, offset, lo=first)
        at_onset = self._bends[first - 1] if first else 0.0
        moves = [(0.0, at_onset)]
        moves += [
            (second - onset, cents)
            for second, cents in zip(self._times[first:last], self._bends[first:last], strict=True)
        ]
        points = moves[:1]
        for (before, former), (second, cents) in pairwise(moves):
            if second - before > 1.5 * STEP_S and cents != former:
                points.append((second - STEP_S, former))
            points.append((second, cents))
        return limited_bend(tuple(points))

    def _note(self, second: float) -> None:
        bend = self.cents + self._carried
        if self._times and self._times[-1] == second:
            self._bends[-1] = bend
        elif bend != (self._bends[-1] if self._bends else 0.0):
            self._times.append(second)
            self._bends.append(bend)
