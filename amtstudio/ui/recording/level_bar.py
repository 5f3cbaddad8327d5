"""The input level."""

from __future__ import annotations

import time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from amtstudio.audio.level_meter import Level
from amtstudio.ui.theme import theme_of

FLOOR_DB = -60.0
_LOUD_DB, _HOT_DB = -12.0, -3.0
_HOLD_S = 1.5
_FALL_DB_PER_S = 20.0
_CLIP_PX = 34
_QUIET, _LOUD, _HOT = QColor("#2f9e6e"), QColor("#d39b1f"), QColor("#e5484d")
_ZONES = ((FLOOR_DB, _LOUD_DB, _QUIET), (_LOUD_DB, _HOT_DB, _LOUD), (_HOT_DB, 0.0, _HOT))


class LevelBar(QWidget):
    """RMS as a bar, the peak as a line that stays a while, and a lamp for clipping."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rms_db = self._peak_db = self._held_db = FLOOR_DB
        self._held_since = self._shown_at = 0.0
        self._is_clipped = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(80)
        self.setToolTip(
            self.tr("Level of the input. The loudest notes should stay out of the red.")
        )
        self._tell()

    @property
    def held_db(self) -> float:
        """The peak that is held, dBFS."""
        return self._held_db

    @property
    def is_clipped(self) -> bool:
        return self._is_clipped

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(260, 18)

    def show_level(self, level: Level, *, is_clipped: bool) -> None:
        now = time.monotonic()
        self._rms_db, self._peak_db = level.rms_db, level.peak_db
        if level.peak_db >= self._held_db:
            self._held_db, self._held_since = level.peak_db, now
        elif now - self._held_since > _HOLD_S:
            fallen = self._held_db - _FALL_DB_PER_S * (now - self._shown_at)
            self._held_db = max(level.peak_db, fallen)
        self._shown_at = now
        self._is_clipped = is_clipped
        self._tell()
        self.update()

    def clear(self) -> None:
        self._rms_db = self._peak_db = self._held_db = FLOOR_DB
        self._is_clipped = False
        self._tell()
        self.update()

    def _tell(self) -> None:
        text = self.tr("Input level: peak {level} dB").format(
            level=round(max(self._held_db, FLOOR_DB))
        )
        if self._is_clipped:
            text = self.tr("{level}, too loud").format(level=text)
        if text != self.accessibleName():
            self.setAccessibleName(text)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bar = QRectF(0.5, 3.5, self.width() - _CLIP_PX - 6.0, self.height() - 7.0)
        painter.setPen(theme.line)
        painter.setBrush(theme.background)
        painter.drawRoundedRect(bar, 3.0, 3.0)
        painter.setPen(Qt.PenStyle.NoPen)
        for low, high, colour in _ZONES:
            left, right = self._x(low, bar), self._x(min(high, self._rms_db), bar)
            if right > left:
                painter.fillRect(
                    QRectF(left, bar.top() + 1, right - left, bar.height() - 2), colour
                )
        if self._held_db > FLOOR_DB:
            colour = next(c for low, _, c in reversed(_ZONES) if self._held_db >= low)
            painter.fillRect(
                QRectF(self._x(self._held_db, bar) - 1.0, bar.top(), 2.0, bar.height()), colour
            )
        lamp = QRectF(self.width() - _CLIP_PX, 1.0, _CLIP_PX - 1.0, self.height() - 2.0)
        painter.setBrush(_HOT if self._is_clipped else theme.background)
        painter.drawRoundedRect(lamp, 3.0, 3.0)
        painter.setPen(QColor("#ffffff") if self._is_clipped else theme.faint_text)
        font = painter.font()
        font.setPixelSize(10)
        font.setBold(self._is_clipped)
        painter.setFont(font)
        painter.drawText(lamp, Qt.AlignmentFlag.AlignCenter, self.tr("CLIP"))

    def _x(self, decibels: float, bar: QRectF) -> float:
        share = (min(max(decibels, FLOOR_DB), 0.0) - FLOOR_DB) / -FLOOR_DB
        return bar.left() + share * bar.width()
