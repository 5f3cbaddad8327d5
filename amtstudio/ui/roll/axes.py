"""The axes of the main view: a keyboard at the side, minutes and seconds below."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsSceneMouseEvent, QStyleOptionGraphicsItem, QWidget

from amtstudio.symbolic import TempoMap
from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.ui.pitch_names import clock, is_black_key, pitch_name
from amtstudio.ui.roll.bar_ruler import BarRuler
from amtstudio.ui.theme import Theme
from amtstudio.ui.time_selection import TimeSelection

SIDE_WIDTH = 78  # pixels: the longest name of a drum
_Place = Callable[[float], float]  # from pitch to pixel
_STEPS_S = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600)
_PX_PER_LABEL = 90.0
_LABEL_PX = 70.0
_TIME_HEIGHT = 24  # pixels
_GRAB_PX = 6.0  # how near to its end the marked stretch can be caught


class SideAxis(pg.AxisItem):
    """Keys or drums beside their rows, which can be played on."""

    pressed = Signal(int)  # pitch, or number of a drum

    def __init__(self) -> None:
        super().__init__("left")
        self.setWidth(SIDE_WIDTH)
        self._lit: int | None = None
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def set_lit(self, pitch: int | None) -> None:
        """Mark the key or the drum under the pointer."""
        if pitch != self._lit:
            self._lit = pitch
            self.update()


class KeyboardAxis(SideAxis):
    """The keys of a piano, each as high as its row; the left button plays on them."""

    def __init__(self) -> None:
        super().__init__()
        self._sounding: frozenset[int] = frozenset()
        self._pressed: int | None = None

    @property
    def sounding(self) -> frozenset[int]:
        return self._sounding

    def set_sounding(self, pitches: frozenset[int]) -> None:
        """Light the keys of the notes that sound."""
        if pitches != self._sounding:
            self._sounding = pitches
            self.update()

    def mousePressEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        self._pressed = None
        self._press(event.pos())

    def mouseMoveEvent(self, event: QGraphicsSceneMouseEvent) -> None:  # noqa: N802
        self._press(event.pos())

    def _press(self, position: QPointF) -> None:
        """Play the key under the pointer, if it is another one than before."""
        view = self.linkedView()
        low, high = view.viewRange()[1]
        top = float(view.geometry().top() - self.geometry().top())
        pitch = round(float(high) - (position.y() - top) / float(view.height()) * float(high - low))
        if pitch != self._pressed and pitch in PIANO_KEYS:
            self._pressed = pitch
            self.pressed.emit(pitch)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.linkedView()
        if view is None or self._theme is None:
            return
        low, high = view.viewRange()[1]
        top = float(view.geometry().top() - self.geometry().top())
        height = float(view.height())
        scale = height / max(float(high - low), 1e-6)
        painter.setClipRect(QRectF(0, top, SIDE_WIDTH, height))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillRect(QRectF(0, top, SIDE_WIDTH, height), QColor("#f4f4f2"))

        def y_of(edge: float) -> float:
            return top + (float(high) - edge) * scale

        lowest, highest = PIANO_KEYS.lowest, PIANO_KEYS.highest
        pitches = range(max(lowest, math.floor(low)), min(highest, math.ceil(high)) + 1)
        self._draw_white_keys(painter, pitches, y_of)
        for pitch in pitches:
            if is_black_key(pitch):
                colour = self._light_of(pitch) or QColor("#23252b")
                painter.fillRect(_key(pitch, SIDE_WIDTH * 0.6, y_of), colour)
        self._draw_names(painter, pitches, y_of, scale, top)
        painter.setPen(QPen(QColor(0, 0, 0, 120), 1))
        painter.drawLine(SIDE_WIDTH - 1, int(top), SIDE_WIDTH - 1, int(top + height))

    def _light_of(self, pitch: int) -> QColor | None:
        assert self._theme is not None
        if pitch in self._sounding:
            return self._theme.playhead
        return self._theme.accent if pitch == self._lit else None

    def _draw_white_keys(self, painter: QPainter, pitches: range, y_of: _Place) -> None:
        assert self._theme is not None
        painter.setPen(QPen(QColor(0, 0, 0, 60), 1))
        for pitch in pitches:
            light = self._light_of(pitch)
            if light is not None and not is_black_key(pitch):
                painter.fillRect(_key(pitch, SIDE_WIDTH, y_of), light)
            # Between E and F, and B and C, the keys meet in a line; elsewhere under a black key.
            if pitch % 12 in (0, 5):
                y = round(y_of(pitch - 0.5))
                painter.drawLine(0, y, SIDE_WIDTH, y)
            elif is_black_key(pitch):
                y = round(y_of(pitch))
                painter.drawLine(round(SIDE_WIDTH * 0.6), y, SIDE_WIDTH, y)

    def _draw_names(
        self, painter: QPainter, pitches: range, y_of: _Place, scale: float, top: float
    ) -> None:
        font = painter.font()
        font.setPixelSize(round(max(8.0, min(scale * 0.8, 11.0))))
        painter.setFont(font)
        every_key = scale >= 11.0
        for pitch in pitches:
            if pitch % 12 and not (every_key and not is_black_key(pitch)):
                continue
            lit = self._light_of(pitch) is not None
            painter.setPen(QColor("#ffffff") if lit else QColor("#4a4d55"))
            middle = max(y_of(pitch), top + 7.0)
            painter.drawText(
                QRectF(SIDE_WIDTH * 0.6, middle - 7, SIDE_WIDTH * 0.4 - 4, 14),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                pitch_name(pitch),
            )


def _key(pitch: int, width: float, y_of: _Place) -> QRect:
    """On whole pixels: half of one is rounded otherwise where only a part is painted again."""
    top = round(y_of(pitch + 0.5))
    return QRect(0, top, round(width), round(y_of(pitch - 0.5)) - top)


class TimeAxis(pg.AxisItem):
    """Ticks at steps that people count in; a drag along them marks a stretch of time.

    Painted directly: pyqtgraph's own way through a QPicture takes as long as all notes together.
    """

    clicked = Signal(float)  # seconds
    beat_moved = Signal(int, float)  # index of the beat, and the second it was dragged to

    def __init__(self, selection: TimeSelection) -> None:
        super().__init__("bottom")
        self.setHeight(_TIME_HEIGHT)
        self.bars = BarRuler()
        self._theme: Theme | None = None
        self._selection = selection
        self._anchor = 0.0  # seconds: the end of the marked stretch that stays during a drag
        self.setCursor(Qt.CursorShape.IBeamCursor)
        selection.changed.connect(self.update)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    @property
    def wanted_height(self) -> float:
        """Pixels; ``height`` is what it was last laid out with."""
        return _TIME_HEIGHT + self.bars.height

    def set_tempo(self, tempo: TempoMap | None) -> None:
        """Show these bars and beats above the seconds; None: seconds alone."""
        self.bars.tempo, self.bars.dragged = tempo, None
        self.setHeight(self.wanted_height)
        self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.linkedView()
        if view is None or self._theme is None:
            return
        start, end = map(float, view.viewRange()[0])
        left, width = float(view.geometry().left() - self.geometry().left()), float(view.width())
        self._draw_selection(painter, start, end, left, width)
        font = painter.font()
        font.setPixelSize(11)
        painter.setFont(font)
        self.bars.paint(painter, self._theme, span=(start, end), left=left, width=width)
        top = self.bars.height
        for time in tick_times(start, end, width):
            x = left + (time - start) / max(end - start, 1e-9) * width
            painter.setPen(self._theme.faint_text)
            painter.drawLine(QLineF(x, top, x, top + 4.0))
            # Kept inside, so that the first and the last one can be read too.
            box_left = min(max(x - _LABEL_PX / 2, left), left + width - _LABEL_PX)
            align = Qt.AlignmentFlag.AlignHCenter
            if box_left == left:
                align = Qt.AlignmentFlag.AlignLeft
            elif box_left < x - _LABEL_PX / 2:
                align = Qt.AlignmentFlag.AlignRight
            painter.drawText(
                QRectF(box_left, top + 5.0, _LABEL_PX, _TIME_HEIGHT - 6.0),
                align | Qt.AlignmentFlag.AlignTop,
                clock(time, _decimals(_step(start, end, width))),
            )

    def mouseDragEvent(self, event: Any) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDragEvent(event)
            return
        event.accept()
        if self._drag_beat(event):
            return
        if event.isStart():
            self._anchor = self._anchor_for(event.buttonDownScenePos(), event.modifiers())
        view = self.linkedView()
        self._selection.set(
            self._anchor, self._time_at(event.scenePos()), duration=float(view.duration)
        )

    def _drag_beat(self, event: Any) -> bool:
        """Whether the drag is that of a beat."""
        time = self._time_at(event.scenePos())
        if event.isStart():
            pressed = event.buttonDownScenePos()
            is_on_bars = self.mapFromScene(pressed).y() < self.bars.height
            view = self.linkedView()
            start, end = view.viewRange()[0]
            px_per_s = float(view.width()) / max(float(end - start), 1e-9)
            index = self.bars.beat_at(self._time_at(pressed), px_per_s) if is_on_bars else None
            self.bars.dragged = None if index is None else (index, time)
        if self.bars.dragged is None:
            return False
        index = self.bars.dragged[0]
        self.bars.dragged = None if event.isFinish() else (index, time)
        if event.isFinish():
            self.beat_moved.emit(index, time)
        self.update()
        return True

    def mouseClickEvent(self, event: Any) -> None:  # noqa: N802
        if event.button() != Qt.MouseButton.LeftButton:
            return
        event.accept()
        time = self._time_at(event.scenePos())
        if event.double():
            self._selection.clear()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._selection.set(self._far_end(time), time)
        else:
            self.clicked.emit(time)

    def _draw_selection(
        self, painter: QPainter, start: float, end: float, left: float, width: float
    ) -> None:
        if self._theme is None or self._selection.range is None:
            return
        begin_x, end_x = (
            left + (min(max(time, start), end) - start) / max(end - start, 1e-9) * width
            for time in self._selection.range
        )
        painter.fillRect(QRectF(begin_x, 0.0, end_x - begin_x, 3.0), self._theme.accent)

    def _time_at(self, scene_position: QPointF) -> float:
        return float(self.linkedView().mapSceneToView(scene_position).x())

    def _anchor_for(self, scene_position: QPointF, modifiers: Qt.KeyboardModifier) -> float:
        """The other end where the drag begins at one end, or extends with Shift; else its begin."""
        time = self._time_at(scene_position)
        if self._selection.range is None:
            return time
        view = self.linkedView()
        start, end = view.viewRange()[0]
        reach = _GRAB_PX * (end - start) / max(float(view.width()), 1.0)
        is_at_end = any(abs(time - edge) <= reach for edge in self._selection.range)
        if is_at_end or modifiers & Qt.KeyboardModifier.ShiftModifier:
            return self._far_end(time)
        return time

    def _far_end(self, time: float) -> float:
        begin, end = self._selection.range or (time, time)
        return end if abs(time - begin) < abs(time - end) else begin


def tick_times(start: float, end: float, width: float) -> list[float]:
    """Where the ticks of a view ``width`` pixels wide are, in seconds."""
    step = _step(start, end, width)
    return [index * step for index in range(math.ceil(start / step), math.floor(end / step) + 1)]


def _step(start: float, end: float, width: float) -> float:
    wanted = (end - start) / max(width / _PX_PER_LABEL, 1.0)
    return float(next((step for step in _STEPS_S if step >= wanted), _STEPS_S[-1]))


def _decimals(step: float) -> int:
    if step >= 1.0:
        return 0
    return 1 if step >= 0.1 else 2


class LaneLabel(pg.AxisItem):
    """Stands where a lane has its name."""

    def __init__(self, text: str) -> None:
        super().__init__("left")
        self.setWidth(SIDE_WIDTH)
        self._text = text
        self._theme: Theme | None = None

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        if self._theme is None:
            return
        font = painter.font()
        for size in (11, 10, 9, 8):  # some languages have long words for it
            font.setPixelSize(size)
            painter.setFont(font)
            if painter.fontMetrics().horizontalAdvance(self._text) <= SIDE_WIDTH - 8:
                break
        painter.setPen(self._theme.faint_text)
        painter.drawText(
            QRectF(0, 0, SIDE_WIDTH - 6, self.size().height()),
            Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
            self._text,
        )
