"""Small icons, drawn in the colour of the text so that they suit dark and light."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen, QPixmap, QPolygonF

RECORD_COLOUR = QColor("#e5484d")
_SIZE = 16
_SCALE = 3  # drawn larger, for screens with more dots


def _pause(painter: QPainter) -> None:
    painter.fillRect(QRectF(4, 3, 3, 10), painter.pen().color())
    painter.fillRect(QRectF(9, 3, 3, 10), painter.pen().color())


def _resume(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(QPolygonF([QPointF(5, 3), QPointF(13, 8), QPointF(5, 13)]))


def _cancel(painter: QPainter) -> None:
    painter.drawLine(QPointF(4, 4), QPointF(12, 12))
    painter.drawLine(QPointF(12, 4), QPointF(4, 12))


def _retry(painter: QPainter) -> None:
    painter.drawArc(QRectF(3, 3, 10, 10), 60 * 16, 290 * 16)
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(QPolygonF([QPointF(9, 1), QPointF(13.5, 3.6), QPointF(9, 6.2)]))


def _up(painter: QPainter) -> None:
    painter.drawPolyline(QPolygonF([QPointF(4, 10), QPointF(8, 5.5), QPointF(12, 10)]))


def _down(painter: QPainter) -> None:
    painter.drawPolyline(QPolygonF([QPointF(4, 6), QPointF(8, 10.5), QPointF(12, 6)]))


def _note(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawEllipse(QRectF(3.5, 9.5, 5, 4))
    painter.drawPolyline(QPolygonF([QPointF(8.2, 11), QPointF(8.2, 2.5), QPointF(12, 5.5)]))


def _record(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(QRectF(3, 3, 10, 10))


def _stop(painter: QPainter) -> None:
    painter.fillRect(QRectF(3.5, 3.5, 9, 9), painter.pen().color())


def _to_start(painter: QPainter) -> None:
    painter.fillRect(QRectF(3, 3, 2, 10), painter.pen().color())
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(QPolygonF([QPointF(13, 3.5), QPointF(13, 12.5), QPointF(7, 8)]))


def _loop(painter: QPainter) -> None:
    painter.drawPolyline(
        QPolygonF([QPointF(11, 4), QPointF(4, 4), QPointF(2.5, 5.5), QPointF(2.5, 9)])
    )
    painter.drawPolyline(
        QPolygonF([QPointF(5, 12), QPointF(12, 12), QPointF(13.5, 10.5), QPointF(13.5, 7)])
    )
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(QPolygonF([QPointF(10, 1.8), QPointF(13, 4), QPointF(10, 6.2)]))
    painter.drawPolygon(QPolygonF([QPointF(6, 9.8), QPointF(3, 12), QPointF(6, 14.2)]))


def _follow(painter: QPainter) -> None:
    painter.drawLine(QPointF(3.5, 2.5), QPointF(3.5, 13.5))
    painter.drawLine(QPointF(6.5, 8), QPointF(13, 8))
    painter.drawPolyline(QPolygonF([QPointF(10, 5), QPointF(13, 8), QPointF(10, 11)]))


def _metronome(painter: QPainter) -> None:
    body = ((6, 2.5), (10, 2.5), (12.5, 13.5), (3.5, 13.5))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in body]))
    painter.drawLine(QPointF(7.5, 11), QPointF(12.5, 4))


def _speaker(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())
    painter.drawPolygon(
        QPolygonF(
            [
                QPointF(2, 6.2),
                QPointF(4.5, 6.2),
                QPointF(8, 3),
                QPointF(8, 13),
                QPointF(4.5, 9.8),
                QPointF(2, 9.8),
            ]
        )
    )


def _sound(painter: QPainter) -> None:
    _speaker(painter)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(6.5, 5, 6, 6), -55 * 16, 110 * 16)


def _muted(painter: QPainter) -> None:
    _speaker(painter)
    painter.drawLine(QPointF(10.5, 6), QPointF(14, 10))
    painter.drawLine(QPointF(14, 6), QPointF(10.5, 10))


def _folder(painter: QPainter) -> None:
    outline = ((2, 12.5), (2, 3.5), (6, 3.5), (7.5, 5.5), (14, 5.5), (14, 12.5))
    painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in outline]))


_DRAWERS: dict[str, Callable[[QPainter], None]] = {
    "pause": _pause,
    "resume": _resume,
    "cancel": _cancel,
    "retry": _retry,
    "up": _up,
    "down": _down,
    "note": _note,
    "stop": _stop,
    "to_start": _to_start,
    "loop": _loop,
    "follow": _follow,
    "metronome": _metronome,
    "sound": _sound,
    "muted": _muted,
    "record": _record,
    "folder": _folder,
}


def icon(name: str, palette: QPalette) -> QIcon:
    """The icon of this name, also as it looks when it cannot be used."""
    result = QIcon()
    for mode, group in (
        (QIcon.Mode.Normal, QPalette.ColorGroup.Active),
        (QIcon.Mode.Disabled, QPalette.ColorGroup.Disabled),
    ):
        colour = palette.color(group, QPalette.ColorRole.ButtonText)
        if name == "record" and mode is QIcon.Mode.Normal:
            colour = RECORD_COLOUR
        result.addPixmap(_pixmap(name, colour), mode)
    return result


def _pixmap(name: str, colour: QColor) -> QPixmap:
    pixmap = QPixmap(_SIZE * _SCALE, _SIZE * _SCALE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(_SCALE, _SCALE)
    pen = QPen(colour, 1.6)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    _DRAWERS[name](painter)
    painter.end()
    return pixmap
