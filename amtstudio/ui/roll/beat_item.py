"""Bars and beats as lines behind the notes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QLineF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import TempoMap
from amtstudio.symbolic.snapping import BeatGrid
from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.roll.roll_item import RollItem

LEAST_PX = 9.0  # between two beats that are drawn
_BAR_ALPHA, _BEAT_ALPHA, _PART_ALPHA = 120, 55, 34


class BeatItem(RollItem):
    """A line for each bar, a faint one for each beat, and for parts of beats if they are wanted.

    Only where there is room for them.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tempo: TempoMap | None = None
        self._parts: tuple[int, ...] | None = None

    def set_tempo(self, tempo: TempoMap | None) -> None:
        self._tempo = tempo
        self._set_end(0.0 if tempo is None else float(tempo.beats[-1]))

    def set_parts(self, parts: tuple[int, ...] | None) -> None:
        """Into which parts beats are divided, as in ``BeatGrid``; None: they are not."""
        self._parts = parts
        self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if self._theme is None or self._tempo is None or view is None:
            return
        start, end = self._shown_span()
        px_per_s = float(view.width()) / max(end - start, 1e-9)
        is_bar, times, _ = marks(self._tempo, start, end, px_per_s)
        for lines, alpha in (
            (self._parts_between(start, end, px_per_s), _PART_ALPHA),
            (times[~is_bar], _BEAT_ALPHA),
            (times[is_bar], _BAR_ALPHA),
        ):
            colour = QColor(self._theme.faint_text)
            colour.setAlpha(alpha)
            pen = QPen(colour, 1.0)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines([QLineF(t, LOWEST_EDGE, t, HIGHEST_EDGE) for t in lines.tolist()])

    def _parts_between(self, start: float, end: float, px_per_s: float) -> npt.NDArray[np.float64]:
        """Lines that divide beats, where they are far enough apart."""
        if self._tempo is None or self._parts is None:
            return np.zeros(0)
        gap = float(np.median(np.diff(self._tempo.beats))) * px_per_s / max(self._parts)
        return (
            BeatGrid(self._tempo, self._parts).between(start, end)
            if gap >= LEAST_PX
            else np.zeros(0)
        )


def marks(
    tempo: TempoMap, start: float, end: float, px_per_s: float
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    """What to draw from ``start`` to ``end``: whether a bar begins, its second, its bar.

    Beats and bars that would be closer than ``LEAST_PX`` are left out, bars by twos, fours ...
    """
    first, last = np.searchsorted(tempo.beats, (start, end))
    times = tempo.beats[first:last]
    is_bar = tempo.is_downbeat[first:last]
    bars = tempo.places()[0][first:last]
    gap = float(np.median(np.diff(tempo.beats))) * px_per_s
    if gap < LEAST_PX:
        meter = tempo.meter
        bar_px = gap * (4 if meter is None else meter.n_beats)
        every = 1 << max(0, int(np.ceil(np.log2(LEAST_PX / max(bar_px, 1e-6)))))
        shown = is_bar & ((bars - 1) % every == 0)
        return is_bar[shown], times[shown], bars[shown]
    return is_bar, times, bars
