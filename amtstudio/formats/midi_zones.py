"""The pitch wheels of all channels of a MIDI file, and the zones into which MPE joins channels.

MIDI Polyphonic Expression (MIDI Association, M1-100-UM): registered parameter 6 on channel 1 or 16
gives it so many of the channels beside it, on each of which one note is played at a time. Their
wheels then reach 48 semitones, unless registered parameter 0 on one of them says otherwise for all,
and the wheel of the first bends what is played on the others as well.
"""

from __future__ import annotations

from collections import defaultdict

from amtstudio.formats.midi_wheel import USUAL_REACH, Parameter, Wheel

Channel = tuple[int, int]  # port, and channel there, from 0

_LOWER, _UPPER = 0, 15  # the channels that may have a zone
_MOST_MEMBERS = 15
_REACH_IN_ZONE = 48  # semitones


class Wheels:
    """Takes what concerns wheels in the order of time. Times are seconds."""

    def __init__(self) -> None:
        self._wheels: defaultdict[Channel, Wheel] = defaultdict(Wheel)
        self._masters: dict[Channel, Channel] = {}  # by the channels of their zones

    def of(self, channel: Channel) -> Wheel:
        return self._wheels[channel]

    def master_of(self, channel: Channel) -> Channel | None:
        """The channel whose zone this one belongs to; None: to none."""
        return self._masters.get(channel)

    def move(self, second: float, channel: Channel, position: int) -> None:
        """As ``Wheel.move``."""
        self._wheels[channel].move(second, position)
        self._carry_members(second, channel)

    def reset(self, second: float, channel: Channel) -> None:
        """As ``Wheel.reset``."""
        self._wheels[channel].reset(second)
        self._carry_members(second, channel)

    def control(self, second: float, channel: Channel, number: int, value: int) -> None:
        """As ``Wheel.control``, with what follows for other channels."""
        wheel = self._wheels[channel]
        told = wheel.control(second, number, value)
        if told is Parameter.ZONE and channel[1] in (_LOWER, _UPPER):
            self._set_zone(second, channel, min(value, _MOST_MEMBERS))
        elif told is Parameter.REACH:
            if (master := self._masters.get(channel)) is not None:
                for other in self._members(master):
                    self._wheels[other].set_reach(second, *wheel.reach)
            self._carry_members(second, channel)

    def _members(self, master: Channel) -> list[Channel]:
        return [channel for channel, its in self._masters.items() if its == master]

    def _set_zone(self, second: float, master: Channel, n_members: int) -> None:
        """Give a channel so many members; of another zone, those that it then lacks are taken."""
        port, place = master
        step = 1 if place == _LOWER else -1
        members = [(port, place + step * number) for number in range(1, n_members + 1)]
        former = self._members(master)
        other = (port, _UPPER - place)
        if other in members:
            former += self._members(other)
        for channel in (*former, master):
            self._masters.pop(channel, None)
            self._let_go(second, channel)
        for channel in members:
            self._masters[channel] = master
            self._wheels[channel].set_reach(second, _REACH_IN_ZONE)
        self._carry_members(second, master)

    def _let_go(self, second: float, channel: Channel) -> None:
        self._wheels[channel].set_reach(second, USUAL_REACH)
        self._wheels[channel].carry(second, 0.0)

    def _carry_members(self, second: float, master: Channel) -> None:
        if members := self._members(master):
            cents = self._wheels[master].cents
            for channel in members:
                self._wheels[channel].carry(second, cents)
