"""How the ticks of a MIDI file map to time: evenly, or by the beats and bars of the music."""

from __future__ import annotations

import math
from typing import Protocol

import mido
import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import Meter, TempoMap

Doubles = npt.NDArray[np.float64]

_TEMPO = 500_000  # microseconds a quarter: 120 BPM, what a reader without tempo map assumes
# Ticks a quarter, all of them usual in sequencers. The finest that fits is taken: down to 256, for
# 5 h 25 min, times are rounded by less than a millisecond; the last is for a week.
# Finer ones are for slow beats, whose ticks would be wide.
_FINER = (1920, 3840)
_WIDE_S = 1.6e-3  # of a tick, half of which is what rounding costs
_DIVISIONS = (960, 480, 384, 320, 256, 240, 192, 160, 120, 96, 72, 48, 24, 12, 8)
# pretty_midi, and what is built on it, refuses files of 10,000,000 as damaged. Some to spare, as
# the shortest notes and presses of the pedal are lengthened to a tick.
_MOST_TICKS = 9_990_000
_SLOWEST_S = 8.0  # to a quarter; the format holds 16.7
_SAME_S = 1e-4  # a tempo lasts as long as it predicts the next beat this closely
_AT_START_S = 0.01  # a first beat so early counts as lying at 0
_ON_POINT_S = 2e-4  # so soon after a beat is on it
_MOST_PUSHED = 3  # ticks by which a note may be put off beside others
_LONGEST_TEMPO = 0xFFFFFF  # microseconds: the format has three bytes
_FINEST = 5  # halvings of a beat that may lead to the first one

_NO_TIMES: Doubles = np.zeros(0)

Event = tuple[int, mido.MetaMessage]  # tick, message


class Clock(Protocol):
    """Seconds to ticks, each rounded on its own so that errors do not add up."""

    ticks_per_beat: int

    def tick(self, seconds: float) -> int: ...

    def events(self) -> list[Event]:
        """Tempos and time signatures, in order."""
        ...


def clock_of(tempo: TempoMap | None, last_second: float, times: Doubles = _NO_TIMES) -> Clock:
    """By the beats where there are any, else at 120 beats a minute; up to ``last_second``.

    ``times``, in seconds, are those that will be requested: in beats so slow that their ticks are
    wide, the tempo is adjusted slightly so that ticks fall on them.
    """
    return EvenClock(last_second) if tempo is None else BarClock(tempo, last_second, times)


class EvenClock:
    """120 beats a minute throughout, in bars of four: ticks are a clock and nothing else."""

    def __init__(self, last_second: float) -> None:
        self.ticks_per_beat = _division(last_second * 1e6 / _TEMPO)

    def tick(self, seconds: float) -> int:
        return round(seconds * 1e6 / _TEMPO * self.ticks_per_beat)

    def events(self) -> list[Event]:
        return [
            (0, mido.MetaMessage("set_tempo", tempo=_TEMPO)),
            (0, mido.MetaMessage("time_signature", numerator=4, denominator=4)),
        ]


class BarClock:
    """Beats and bars where they were played: each beat has the tempo that leads to the next.

    The file begins at 0 s of the recording. What comes before the first beat is so many beats as
    fit in there, or else the fraction of one that is nearest.
    """

    def __init__(self, tempo: TempoMap, last_second: float, times: Doubles = _NO_TIMES) -> None:
        meter = tempo.meter or tempo.meter_of(4)
        beats, is_downbeat = _filled(tempo)
        seconds, lengths, bars = _from_zero(beats, is_downbeat, meter)
        # Beyond the last beat, the tempo is constant.
        gap = seconds[-1] - seconds[-2]
        n_more = max(1, int(np.ceil((last_second - seconds[-1]) / gap)) + 1)
        lengths = np.concatenate([lengths, np.full(n_more, lengths[-1])])
        seconds = np.concatenate([seconds, seconds[-1] + gap * np.arange(1, n_more + 1)])
        quarters = np.concatenate([[0.0], np.cumsum(lengths)])
        slowest = float((np.diff(seconds) / lengths).max())
        self.ticks_per_beat = _division(float(quarters[-1]), slowest=slowest)
        ticks = quarters * self.ticks_per_beat
        self._bars = [(round(float(ticks[at])), upper, lower) for at, upper, lower in bars]
        seconds, self._ticks = _with_ticks_on(times, seconds, ticks)
        lengths = np.diff(self._ticks) / self.ticks_per_beat
        self._tempos, self._seconds = _tempos(seconds, lengths)

    def tick(self, seconds: float) -> int:
        return round(float(np.interp(seconds, self._seconds, self._ticks)))

    def events(self) -> list[Event]:
        changes = [
            (round(float(self._ticks[index])), mido.MetaMessage("set_tempo", tempo=tempo))
            for index, tempo in self._tempos
        ]
        signatures = []
        told = None
        for tick, numerator, denominator in self._bars:
            if told != (numerator, denominator):
                told = numerator, denominator
                message = mido.MetaMessage(
                    "time_signature", numerator=numerator, denominator=denominator
                )
                signatures.append((tick, message))
        return sorted([*signatures, *changes], key=lambda event: event[0])


def _division(quarters: float, *, slowest: float = 0.0) -> int:
    """Ticks per quarter for a file of so many, the slowest of which lasts so many seconds."""
    fitting = [div for div in (*_FINER, *_DIVISIONS) if quarters * div < _MOST_TICKS]
    for division in sorted((*_FINER, _DIVISIONS[0])):
        if division in fitting and slowest / division <= _WIDE_S:
            return division
    return max(fitting, default=_DIVISIONS[-1])


def _with_ticks_on(times: Doubles, seconds: Doubles, ticks: Doubles) -> tuple[Doubles, Doubles]:
    """The line of ticks over seconds with further points, so that times in wide ticks lie on them.

    Times that are nearer to each other than ticks can lie are put on ticks that follow one
    another, as far as there are any before the next beat.
    """
    width = np.diff(seconds) / np.maximum(np.diff(ticks), 1e-9)
    times = np.unique(times)
    place = np.searchsorted(seconds, times, side="right") - 1
    inside = (place >= 0) & (place < len(width))
    inside[inside] = width[place[inside]] > _WIDE_S
    more: list[tuple[float, float]] = []
    last = -1
    for second, index in zip(times[inside].tolist(), place[inside].tolist(), strict=True):
        first, end = float(ticks[index]), float(ticks[index + 1])
        wanted = round(first + (second - float(seconds[index])) / float(width[index]))
        tick = max(wanted, last + 1, math.floor(first) + 1)
        is_near = tick < end and tick - wanted <= _MOST_PUSHED
        if is_near and second - float(seconds[index]) > _ON_POINT_S:
            more.append((second, float(tick)))
            last = tick
    if not more:
        return seconds, ticks
    points = np.concatenate([np.stack([seconds, ticks], axis=1), np.array(more)])
    points = points[np.argsort(points[:, 0], kind="stable")]
    return points[:, 0], points[:, 1]


def _filled(tempo: TempoMap) -> tuple[Doubles, npt.NDArray[np.bool_]]:
    """Beats from 0 s on, as the format can hold them: a beat cannot last for a minute."""
    longest = _SLOWEST_S * tempo.meter_of(1).quarters
    beats: list[float] = []
    downs: list[bool] = []
    gaps = np.diff(tempo.beats, append=tempo.beats[-1])
    for time, gap, is_down in zip(tempo.beats, gaps, tempo.is_downbeat.tolist(), strict=True):
        count = max(1, int(np.ceil(gap / longest)))
        beats += [float(time + gap * part / count) for part in range(count)]
        downs += [is_down] + [False] * (count - 1)
    return np.array(beats), np.array(downs)


def _from_zero(
    beats: Doubles, is_downbeat: npt.NDArray[np.bool_], meter: Meter
) -> tuple[Doubles, Doubles, list[tuple[int, int, int]]]:
    """The line from 0 s on: its points in seconds, their distances in quarters, and the bars.

    A bar is the index of its first point, and its time signature.
    """
    after = np.flatnonzero(beats >= 0.0)
    if len(after) < 2:  # the music had hardly begun
        after = np.arange(len(beats) - 2, len(beats))
        beats = beats - min(0.0, float(beats[after[0]]))
    first = int(after[0])
    gap = float(beats[first] - beats[first - 1] if first else beats[1] - beats[0])
    seconds, downs = beats[first:], is_downbeat[first:]
    lead = float(seconds[0])
    bars: list[tuple[int, int, int]] = []
    before: Doubles = np.zeros(0)
    lengths: Doubles = np.full(len(seconds) - 1, meter.quarters)
    n_upbeat = 0  # beats before the first that is known
    if lead < _AT_START_S:
        seconds = np.concatenate([[0.0], seconds[1:]])
    elif lead / gap >= 0.75:
        n_upbeat = round(lead / gap)
        before = lead * np.arange(n_upbeat) / n_upbeat
        lengths = np.concatenate([np.full(n_upbeat, meter.quarters), lengths])
    else:
        halvings = int(np.clip(np.round(-np.log2(lead / gap)), 1, _FINEST))
        before = np.zeros(1)
        lengths = np.concatenate([[meter.quarters / 2**halvings], lengths])
        unit = 3 if meter.is_compound else 1
        bars.append((0, unit, meter.beat_unit * 2**halvings))
    start = len(before)
    return (
        np.concatenate([before, seconds]),
        lengths,
        [*bars, *_bars(downs, meter, first=start, n_upbeat=n_upbeat)],
    )


def _bars(
    is_downbeat: npt.NDArray[np.bool_], meter: Meter, *, first: int, n_upbeat: int
) -> list[tuple[int, int, int]]:
    """Index and time signature of each bar; the beats begin at index ``first``."""
    bars = []
    downs = np.flatnonzero(is_downbeat)
    at = first - n_upbeat
    known = first + int(downs[0]) if len(downs) else at
    upbeat = (known - at) % meter.n_beats
    if upbeat:
        bars.append((at, upbeat))
    bars += [(index, meter.n_beats) for index in range(at + upbeat, known, meter.n_beats)]
    counts = [*np.diff(downs).tolist(), meter.n_beats]
    bars += [(first + int(down), count) for down, count in zip(downs, counts, strict=False)]
    if not len(downs):
        bars.append((at, meter.n_beats))
    unit = 3 if meter.is_compound else 1
    return [(index, count * unit, meter.beat_unit) for index, count in bars]


def _tempos(seconds: Doubles, lengths: Doubles) -> tuple[list[tuple[int, int]], Doubles]:
    """Where the tempo changes to how many microseconds a quarter; and when the points are then.

    Each tempo leads from where the last one led to, so that their rounding does not add up.
    """
    reached, now, tempo = [0.0], 0.0, 0
    changes = []
    for index, (wanted, quarters) in enumerate(
        zip(seconds[1:].tolist(), lengths.tolist(), strict=True)
    ):
        if not tempo or abs(now + tempo * 1e-6 * quarters - wanted) > _SAME_S:
            tempo = min(max(1, round((wanted - now) * 1e6 / quarters)), _LONGEST_TEMPO)
            changes.append((index, tempo))
        now += tempo * 1e-6 * quarters
        reached.append(now)
    return changes, np.array(reached)
