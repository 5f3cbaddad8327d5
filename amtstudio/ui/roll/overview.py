"""The whole recording in a strip: waveform, notes, and the part that the main view shows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from amtstudio.symbolic import NoteTable
from amtstudio.symbolic.heads import PIANO_KEYS
from amtstudio.ui.document import Document
from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.roll.span_shade import SHADE_ALPHA
from amtstudio.ui.theme import Theme, theme_of
from amtstudio.ui.time_selection import TimeSelection

_LOWEST, _HIGHEST = 36, 64  # pixels
_PAD = 5.0
_CURSOR_REACH_PX = 3
_NARROWEST_PX = 6.0  # so that the frame can be seen and caught


class Overview(QWidget):
    """Click or drag to move the main view; with Shift, to mark a stretch of time."""

    moved_to = Signal(float)  # seconds: the new middle of the main view
    clicked = Signal(float)  # seconds; after a press that was no drag

    def __init__(
        self, time_selection: TimeSelection | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = time_selection or TimeSelection(self)
        self._selection.changed.connect(self.update)
        self._anchor: float | None = None  # seconds: where a drag that marks began
        self._pressed_at: QPointF | None = None  # None once it is a drag, or marks
        self._cursor: float | None = None  # seconds: the playback position
        self._document: Document | None = None
        self._range = (0.0, 0.0)
        self._pixels = _HIGHEST
        self._strip: QPixmap | None = None  # of the waveform
        self._note_strip: QPixmap | None = None
        self._theme: Theme = theme_of(self.palette())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(self.tr("Overview of the recording"))
        self.setToolTip(
            self.tr(
                "Click to go there; drag to move the view; Shift+drag to mark a stretch of time"
            )
        )

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(400, self._pixels)

    def set_room(self, pixels: float) -> None:
        """Its maximum height; on a low screen it leaves its room to the notes."""
        self._pixels = int(min(max(pixels, _LOWEST), _HIGHEST))
        self.updateGeometry()

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.info_changed.disconnect(self._redraw)
            self._document.picture_changed.disconnect(self._redraw)
            self._document.notes_changed.disconnect(self._redraw_notes)
        self._document = document
        if document is not None:
            document.info_changed.connect(self._redraw)
            document.picture_changed.connect(self._redraw)
            document.notes_changed.connect(self._redraw_notes)
        self._redraw()

    def set_range(self, start: float, end: float) -> None:
        self._range = (start, end)
        self.update()

    def set_cursor(self, seconds: float | None) -> None:
        """Where the line of the playback stands; None: there is none."""
        before, self._cursor = self._cursor, seconds
        if self._duration() <= 0.0:
            return
        places = [None if time is None else round(self._x(time)) for time in (before, seconds)]
        if places[0] != places[1]:  # in a long recording a pixel lasts for many frames
            for x in places:
                if x is not None:
                    self.update(x - _CURSOR_REACH_PX, 0, 2 * _CURSOR_REACH_PX, self.height())

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange:
            self._theme = theme_of(self.palette())
            self._redraw()
        super().changeEvent(event)

    def resizeEvent(self, _event: QResizeEvent) -> None:  # noqa: N802
        self._redraw()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        marks = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._anchor = self._time_at(event) if marks else None
        self._pressed_at = None if marks else event.position()
        if not marks:
            self.moved_to.emit(self._time_at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if self._pressed_at is not None and event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit(self._time_at(event))
        self._pressed_at = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        if event.buttons() == Qt.MouseButton.NoButton:
            return
        if self._pressed_at is not None:
            moved = (event.position() - self._pressed_at).manhattanLength()
            if moved >= QApplication.startDragDistance():
                self._pressed_at = None
        if self._anchor is None:
            self.moved_to.emit(self._time_at(event))
        else:
            self._selection.set(self._anchor, self._time_at(event), duration=self._duration())

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        if self._strip is None:
            self._strip = self._draw_strip()
        painter = QPainter(self)
        if self._note_strip is None:
            self._note_strip = self._draw_notes()
        painter.drawPixmap(0, 0, self._strip)
        painter.drawPixmap(SIDE_WIDTH, round(_PAD), self._note_strip)
        duration = self._duration()
        if duration <= 0.0:
            return
        left, right = (self._x(time) for time in self._range)
        left = max(SIDE_WIDTH, min(left, self.width() - _NARROWEST_PX))
        frame = QRectF(left, 1.0, max(right - left, _NARROWEST_PX) - 1.0, self.height() - 2.5)
        shade = QColor(self._theme.background)
        shade.setAlpha(150)
        painter.fillRect(QRectF(SIDE_WIDTH, 0, frame.left() - SIDE_WIDTH, self.height()), shade)
        painter.fillRect(QRectF(frame.right(), 0, self.width(), self.height()), shade)
        self._draw_selection(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.accent, 1.5))
        painter.drawRoundedRect(frame, 3.0, 3.0)
        if self._cursor is not None:
            x = max(round(self._x(self._cursor)), SIDE_WIDTH + 1)
            painter.setPen(QPen(self._theme.playhead, 1.5))
            painter.drawLine(QLineF(x, 0.0, x, self.height()))

    def _draw_selection(self, painter: QPainter) -> None:
        if self._selection.range is None:
            return
        left, right = (self._x(time) for time in self._selection.range)
        band = QRectF(left, 0.0, max(right - left, 1.0), self.height())
        shade = QColor(self._theme.accent)
        shade.setAlpha(60)
        painter.fillRect(band, shade)
        painter.fillRect(QRectF(band.left(), 0.0, band.width(), 2.0), self._theme.accent)

    def _redraw(self) -> None:
        self._strip = None
        self._redraw_notes()

    def _redraw_notes(self) -> None:
        self._note_strip = None
        self.update()

    def _duration(self) -> float:
        return self._document.duration if self._document is not None else 0.0

    def _x(self, seconds: float) -> float:
        width = self.width() - SIDE_WIDTH
        return SIDE_WIDTH + seconds / max(self._duration(), 1e-9) * width

    def _time_at(self, event: QMouseEvent) -> float:
        width = max(self.width() - SIDE_WIDTH, 1)
        share = (event.position().x() - SIDE_WIDTH) / width
        return min(max(share, 0.0), 1.0) * self._duration()

    def _draw_strip(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        strip = QPixmap(self.size() * ratio)
        strip.setDevicePixelRatio(ratio)
        strip.fill(self._theme.background)
        if self._document is None or self._duration() <= 0.0:
            return strip
        painter = QPainter(strip)
        self._draw_waveform(painter)
        self._dim_the_rest(painter)
        painter.end()
        return strip

    def _dim_the_rest(self, painter: QPainter) -> None:
        assert self._document is not None
        if self._document.is_part:
            curtain = QColor(self._theme.background)
            curtain.setAlpha(SHADE_ALPHA)
            begin, end = (self._x(time) for time in self._document.span)
            painter.fillRect(QRectF(SIDE_WIDTH, 0, begin - SIDE_WIDTH, self.height()), curtain)
            painter.fillRect(QRectF(end, 0, self.width() - end, self.height()), curtain)

    def _draw_waveform(self, painter: QPainter) -> None:
        assert self._document is not None
        envelope = self._document.envelope
        values = envelope.values
        if not len(values):
            return
        n_pixels = self.width() - SIDE_WIDTH
        times = np.arange(n_pixels + 1) / n_pixels * self._duration()
        edges = np.minimum(times / envelope.seconds_per_column, len(values)).astype(int)
        middle, half = self.height() / 2.0, self.height() / 2.0 - _PAD
        scale = half / max(float(np.abs(values).max()), 1e-3)
        first = edges[:-1][edges[:-1] < len(values)]
        shown = values[: max(edges[-1], first[-1] + 1)]
        lowest = np.minimum.reduceat(shown[:, 0], first)
        highest = np.maximum.reduceat(shown[:, 1], first)
        top, bottom = middle - highest * scale, middle - lowest * scale
        bottom = np.maximum(bottom, top + 0.5)
        places = SIDE_WIDTH + 0.5 + np.arange(len(first))
        lines = [
            QLineF(x, y1, x, y2)
            for x, y1, y2 in zip(places.tolist(), top.tolist(), bottom.tolist(), strict=True)
        ]
        painter.setPen(QPen(self._theme.waveform, 1.0))
        painter.drawLines(lines)

    def _draw_notes(self) -> QPixmap:
        """A dash for each note: shows how far the transcription has come."""
        width, height = self.width() - SIDE_WIDTH, round(self.height() - 2 * _PAD)
        if self._document is None or width < 1 or height < 1 or self._duration() <= 0.0:
            return QPixmap()
        mask = note_mask(self._document.visible_notes, self._duration(), width, height)
        colour = self._theme.notes[-3]
        pixels = np.where(mask, np.uint32(colour.rgb()), np.uint32(0))
        image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
        return QPixmap.fromImage(image)


def note_mask(table: NoteTable, duration: float, width: int, height: int) -> npt.NDArray[np.bool_]:
    """Which pixels notes cover: (height, width), the highest key in the first row."""
    changes = np.zeros(height * (width + 1), dtype=np.int64)
    if len(table):
        share = (table.pitch - PIANO_KEYS.lowest) / (len(PIANO_KEYS) - 1)
        row = np.clip(np.rint((1.0 - share) * (height - 1)), 0, height - 1).astype(int)
        first = np.clip((table.onset / duration * width).astype(int), 0, width - 1)
        last = np.clip((table.offset / duration * width).astype(int), first + 1, width)
        line = row * (width + 1)
        changes += np.bincount(line + first, minlength=len(changes))
        changes -= np.bincount(line + last, minlength=len(changes))
    sounding = changes.reshape(height, width + 1).cumsum(axis=1)
    mask: npt.NDArray[np.bool_] = sounding[:, :width] > 0
    return mask
