"""Dynamics, from how hard notes are struck, and presses of the pedal."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from amtstudio.notation.bars import SMALLEST, Bars
from amtstudio.notation.score import Mark
from amtstudio.symbolic import Pedal

# Upper ends in velocity, as notation programs play them.
_LEVELS = (("pp", 40), ("p", 56), ("mp", 68), ("mf", 82), ("f", 100), ("ff", 128))
_HYSTERESIS = 4.0  # in velocity, before another level is written
_BARS = 2  # that a level is the mean over


def dynamics_of(
    onset: npt.NDArray[np.int64], velocity: npt.NDArray[np.int64], bars: Bars
) -> list[Mark]:
    """A mark at the bars where another level of loudness begins."""
    marks: list[Mark] = []
    low, high = 0.0, 0.0  # of the level that holds
    for place, bar in enumerate(bars.bars):
        until = bars.bars[min(place + _BARS, len(bars.bars)) - 1].offset
        inside = (onset >= bar.onset) & (onset < until)
        first = onset[(onset >= bar.onset) & (onset < bar.offset)]
        if len(first) == 0:
            continue
        mean = float(np.mean(velocity[inside]))
        if low - _HYSTERESIS <= mean < high + _HYSTERESIS:
            continue
        low = 0.0
        for name, end in _LEVELS:
            high = float(end)
            if mean < end:
                marks.append(Mark(int(first.min()), name))
                break
            low = high
    return marks


def pedal_marks(pedals: Iterable[Pedal], bars: Bars) -> list[Mark]:
    """Down and up, on the nearest eighth of a quarter; presses too short to be written left out."""
    marks: list[Mark] = []
    step = max(bars.beat // 6 if bars.is_compound else bars.beat // 4, SMALLEST)
    last = 0
    for pedal in pedals:
        down, up = (
            int(np.rint(value / step)) * step
            for value in bars.to_divisions([pedal.onset, pedal.offset]).tolist()
        )
        down = max(down, last)
        up = min(up, bars.end)
        if up > down:
            marks += [Mark(down, "pedal down"), Mark(up, "pedal up")]
            last = up
    return marks
