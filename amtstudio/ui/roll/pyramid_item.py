"""Images on the time and pitch axes, painted from as many columns as there are pixels."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.ui.theme import Lut, Theme, head_colour, overlay_lut, spectrogram_lut
from amtstudio.workbench.growing import GrowingPyramid

LOWEST_EDGE = PIANO_KEYS.lowest - 0.5  # on the pitch axis: the lower edge of A0
HIGHEST_EDGE = PIANO_KEYS.highest + 0.5
Pixels = npt.NDArray[np.uint32]

_MARGIN = 0.5  # of the view, kept ready on either side for scrolling

_GROWN = 1.02
SPAN_DB_LEVELS = 140.0  # of 255: 55 dB from the brightest colour down to the background


class PyramidItem(pg.GraphicsObject):
    """Paints the part of pyramids that is in view.

    Only that part is coloured, and kept for the next frame: so a recording of hours costs no more
    than one of seconds. ``low`` and ``high`` are the edges of the picture, by default the keys'.
    """

    def __init__(self, low: float = LOWEST_EDGE, high: float = HIGHEST_EDGE) -> None:
        super().__init__()
        self._low, self._high = low, high
        self._seconds_per_column = 1.0
        self._pyramids: list[GrowingPyramid] = []
        self._luts: list[Lut] = []
        self._cached: tuple[int, int, int] = (-1, 0, 0)  # level, first and end column
        self._image = QImage()
        self._pixels: Pixels | None = None  # the memory of the image

    def set_pyramids(self, pyramids: list[GrowingPyramid], seconds_per_column: float) -> None:
        self.prepareGeometryChange()
        self._pyramids = pyramids
        self._seconds_per_column = seconds_per_column
        self.refresh()

    def set_luts(self, luts: list[Lut]) -> None:
        self._luts = luts
        self.refresh()

    def refresh(self) -> None:
        """The pyramids have grown, or the colours changed."""
        self._cached = (-1, 0, 0)
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        n_columns = max((pyramid.n_columns for pyramid in self._pyramids), default=0)
        width = n_columns * self._seconds_per_column
        return QRectF(0.0, self._low, width, self._high - self._low)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or not self._pyramids or not self._luts:
            return
        (start, end), _ = view.viewRange()
        start, end = start - self.x(), end - self.x()
        columns_per_pixel = (end - start) / self._seconds_per_column / max(view.width(), 1.0)
        level = self._pyramids[0].level_for(columns_per_pixel)
        first, last = self._make_image(level, start, end)
        if last <= first:
            return
        step = self._seconds_per_column * (1 << level)
        # Column i is centred on its frame.
        target = QRectF(
            first * step - self._seconds_per_column / 2.0,
            self._low,
            (last - first) * step,
            self._high - self._low,
        )
        source = QRectF(first - self._cached[1], 0, last - first, self._image.height())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image, source)

    def _make_image(self, level: int, start: float, end: float) -> tuple[int, int]:
        """See that the image holds the view; returns the first and end column that are in it."""
        step = self._seconds_per_column * (1 << level)
        n_columns = -(-self._pyramids[0].n_columns // (1 << level))
        first = min(max(math.floor(start / step) - 1, 0), n_columns)
        last = min(max(math.ceil(end / step) + 2, first), n_columns)
        cached_level, cached_first, cached_end = self._cached
        if level != cached_level or first < cached_first or last > cached_end:
            margin = round((last - first) * _MARGIN) + 1
            begin, stop = max(first - margin, 0), min(last + margin, n_columns)
            self._paint_image(level, begin, stop)
            self._cached = (level, begin, stop)
        return first, last

    def _paint_image(self, level: int, first: int, end: int) -> None:
        pixels = None
        for pyramid, lut in zip(self._pyramids, self._luts, strict=False):
            layer = lut[pyramid.columns(level, first, end)]
            pixels = layer if pixels is None else _over(layer, pixels)
        if pixels is None or not pixels.size:
            return
        self._pixels = np.ascontiguousarray(pixels)
        n_rows, n_columns = self._pixels.shape
        self._image = QImage(
            self._pixels.data,
            n_columns,
            n_rows,
            4 * n_columns,
            QImage.Format.Format_ARGB32_Premultiplied,
        )


def _over(top: Pixels, bottom: Pixels) -> Pixels:
    """Premultiplied colours, one layer on the other."""
    through = 255 - (top >> np.uint32(24)).astype(np.uint16)[..., None]
    channels = bottom.view(np.uint8).reshape(*bottom.shape, 4)
    shaded = ((channels * through + 127) // 255).astype(np.uint8)
    upper = top.view(np.uint8).reshape(*top.shape, 4)
    return (upper + shaded).reshape(*top.shape[:-1], -1).view(np.uint32)


class SpectrogramItem(PyramidItem):
    """The spectrogram in the colours of the theme, its brightness fitted to the recording."""

    def __init__(self) -> None:
        super().__init__()
        self._theme: Theme | None = None
        self._top = 200.0
        self._brightness = 0.0
        self._counted = 0

    def set_pyramids(self, pyramids: list[GrowingPyramid], seconds_per_column: float) -> None:
        self._counted = 0
        super().set_pyramids(pyramids, seconds_per_column)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._colour()

    def set_brightness(self, levels: float) -> None:
        """Lift (or lower) the picture by so many of its 255 levels."""
        self._brightness = levels
        self._colour()

    def fit_level(self) -> None:
        """Let the loudest thousandth have the brightest colour."""
        pyramid = self._pyramids[0] if self._pyramids else None
        if pyramid is None or not pyramid.n_columns:
            self._counted = 0
            return
        # A little more of a long recording does not change its brightness.
        if self._counted <= pyramid.n_columns < _GROWN * self._counted:
            return
        self._counted = pyramid.n_columns
        # A coarse level is enough, and quick even for hours.
        level = min(4, pyramid.n_levels - 1)
        counts = np.bincount(
            pyramid.columns(level, 0, pyramid.n_columns).ravel(), minlength=256
        ).cumsum()
        top = float(np.searchsorted(counts, 0.999 * counts[-1]))
        if abs(top - self._top) > 2.0:
            self._top = max(top, 64.0)
            self._colour()

    def _colour(self) -> None:
        if self._theme is not None:
            top = self._top - self._brightness
            self.set_luts([spectrogram_lut(self._theme, top - SPAN_DB_LEVELS, top)])


class ActivationItem(PyramidItem):
    """The activations of those heads that are switched on, each in its colour."""

    def __init__(self, low: float = LOWEST_EDGE, high: float = HIGHEST_EDGE) -> None:
        super().__init__(low, high)
        self._pictures: dict[str, GrowingPyramid] = {}
        self._step = 1.0
        self._shown: frozenset[str] = frozenset()

    def set_pictures(
        self,
        pictures: dict[str, GrowingPyramid],
        seconds_per_frame: float,
        *,
        first_frame: int = 0,
    ) -> None:
        self._pictures = pictures
        self._step = seconds_per_frame
        self.setPos(first_frame * seconds_per_frame, 0.0)
        self._compose()

    def set_shown(self, heads: frozenset[str]) -> None:
        self._shown = heads
        self._compose()

    def _compose(self) -> None:
        # Models name events first; they last a frame or two, and are drawn above what sounds.
        heads = [head for head in reversed(self._pictures) if head in self._shown]
        self.set_luts([overlay_lut(head_colour(head)) for head in heads])
        self.set_pyramids([self._pictures[head] for head in heads], self._step)
        self.setVisible(bool(heads))
