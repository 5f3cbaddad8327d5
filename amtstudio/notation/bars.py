"""Bars: which beats are in which, and how seconds map to them."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import TempoMap

DIVISIONS = 24  # of a quarter: holds 32nds and triplets of sixteenths
SMALLEST = DIVISIONS // 8  # a 32nd
_USUAL_BEATS = 4
ON_BEAT = 0.12  # of a beat: what is nearer to the beat before than this is on it


@dataclass(frozen=True, slots=True)
class Bar:
    """``onset`` and ``length`` in divisions; an upbeat is shorter than its time signature."""

    onset: int
    length: int
    beats: int  # the upper figure of the time signature
    beat_type: int  # the lower figure
    is_upbeat: bool = False

    @property
    def offset(self) -> int:
        return self.onset + self.length


@dataclass(frozen=True, eq=False)
class Bars:
    """Bars that follow one another from 0 on, over a map of tempo.

    ``beat`` is the length of a beat in divisions, 36 where it is a dotted quarter.
    """

    tempo: TempoMap
    first_beat: int  # place on the line of beats of ``tempo`` where the first bar begins
    beat: int
    bars: tuple[Bar, ...]

    @property
    def is_compound(self) -> bool:
        return self.beat % 9 == 0

    @property
    def pulse(self) -> int:
        """The unit for short notes, in divisions: the beat, or its quarters if it is longer."""
        return DIVISIONS if self.beat > DIVISIONS and self.beat % DIVISIONS == 0 else self.beat

    @property
    def end(self) -> int:
        return self.bars[-1].offset

    def to_divisions(self, seconds: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return (self.tempo.to_beats(seconds) - self.first_beat) * self.beat

    def to_seconds(self, divisions: npt.ArrayLike) -> npt.NDArray[np.float64]:
        return self.tempo.to_seconds(
            np.asarray(divisions, np.float64) / self.beat + self.first_beat
        )

    def bar_at(self, division: int) -> Bar:
        onsets = [bar.onset for bar in self.bars]
        place = int(np.searchsorted(onsets, division, side="right")) - 1
        return self.bars[min(max(place, 0), len(self.bars) - 1)]


def bars_of(tempo: TempoMap, first: float, last: float, *, is_compound: bool) -> Bars:
    """Bars from the first note to the last, in seconds; at least one."""
    begin, end = tempo.to_beats([first, last]).tolist()
    begin = int(np.floor(begin + ON_BEAT))
    end = max(int(np.ceil(end - ON_BEAT)), begin + 1)
    downs = _whole_bars(np.flatnonzero(tempo.is_downbeat).tolist())
    usual = _usual(downs)
    while downs[-1] < end:
        downs.append(downs[-1] + usual)
    while downs[0] - usual >= begin:
        downs.insert(0, downs[0] - usual)
    downs = [down for down in downs if down >= begin or down + usual > begin]
    edges = [down for down in downs if down <= end + usual]
    # Bars that end before the music begins, or begin after its end, are none of it.
    while len(edges) > 2 and edges[1] <= begin:
        edges.pop(0)
    while len(edges) > 2 and edges[-2] >= end:
        edges.pop()
    if begin < edges[0]:
        edges.insert(0, begin)
        has_upbeat = edges[1] - edges[0] < usual
    else:
        has_upbeat = False
    # 8 of 6/8: the figure of a third of a beat.
    lower = tempo.beat_unit * 2 if is_compound and not tempo.is_compound else tempo.beat_unit
    beat = DIVISIONS * 4 // lower * (3 if is_compound else 1)
    bars = []
    for place, (start, stop) in enumerate(itertools.pairwise(edges)):
        n_beats = usual if place == 0 and has_upbeat else stop - start
        figures = (n_beats * 3 if is_compound else n_beats, lower)
        bars.append(
            Bar(
                (start - edges[0]) * beat,
                (stop - start) * beat,
                *figures,
                is_upbeat=place == 0 and has_upbeat,
            )
        )
    return Bars(tempo, edges[0], beat, tuple(bars))


def _usual(downs: list[int]) -> int:
    lengths = Counter(after - before for before, after in itertools.pairwise(downs))
    return lengths.most_common(1)[0][0] if lengths else _USUAL_BEATS


def _whole_bars(downs: list[int]) -> list[int]:
    """The first beats of bars; those that were overheard, so that a bar seems twice as long."""
    if not downs:
        return [0]
    usual = _usual(downs)
    filled = [downs[0]]
    for down in downs[1:]:
        gap = down - filled[-1]
        if gap >= 2 * usual and gap % usual == 0:
            filled += range(filled[-1] + usual, down, usual)
        filled.append(down)
    return filled
