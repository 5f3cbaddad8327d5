"""Engraved pages for the panel: pictures, and the positions of notes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPen,
    QTransform,
)

from amtstudio.formats.drawing import Outline
from amtstudio.workbench.sheet import HEAD_HEIGHT, HEAD_WIDTH, Sheet

PAPER = QColor("#ffffff")
INK = QColor("#000000")


def painted(sheet: Sheet, width: int) -> QImage:
    """The page as a picture, ``width`` pixels wide. Any thread may do it."""
    drawing = sheet.drawing
    scale = width / drawing.width
    picture = QImage(width, round(drawing.height * scale), QImage.Format.Format_RGB32)
    picture.fill(PAPER)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(scale, scale)
    paths: dict[int, QPainterPath] = {}
    for shape in drawing.shapes:
        path = paths.get(id(shape.outline))
        if path is None:
            path = paths[id(shape.outline)] = _path(shape.outline)
        painter.save()
        painter.setTransform(QTransform(*shape.matrix), True)
        if shape.is_filled:
            painter.fillPath(path, INK)
        if shape.stroke > 0.0:
            painter.strokePath(path, QPen(INK, shape.stroke))
        painter.restore()
    for text in drawing.texts:
        font = QFont("Times New Roman")
        font.setStyleHint(QFont.StyleHint.Serif)
        font.setPixelSize(max(1, round(text.size)))
        font.setBold(text.is_bold)
        font.setItalic(text.is_italic)
        painter.setFont(font)
        share = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
        shift = share * QFontMetricsF(font).horizontalAdvance(text.text)
        painter.setPen(INK)
        painter.drawText(QPointF(text.x - shift, text.y), text.text)
    painter.end()
    return picture


def head_rect(place: tuple[float, float]) -> QRectF:
    """Around the head of a note, in units of the drawing."""
    x, y = place
    return QRectF(x - 40, y - HEAD_HEIGHT, HEAD_WIDTH + 80, 2 * HEAD_HEIGHT)


def _path(outline: Outline) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for name, *values in outline:
        points = [float(value) for value in values]
        if name == "M":
            path.moveTo(*points)
        elif name == "L":
            path.lineTo(*points)
        elif name == "C":
            path.cubicTo(*points)
        else:
            path.closeSubpath()
    return path
