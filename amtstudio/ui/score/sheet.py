"""Engraved pages for the panel: pictures, and the positions of notes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
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

from amtstudio.formats.drawing import Drawing, Outline
from amtstudio.formats.musicxml import row_of_id

PAPER = QColor("#ffffff")
INK = QColor("#000000")
HEAD_WIDTH, HEAD_HEIGHT = 250.0, 180.0  # of a note, in units of the drawing
_NEAR = 260.0  # how far from a head a click may be


@dataclass(frozen=True, eq=False)
class Sheet:
    """One page: its drawing, and where its notes are.

    ``seconds`` are where on the recording what is written begins, for each row.
    """

    drawing: Drawing
    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        heads = {
            row: place
            for element, place in self.drawing.heads.items()
            if "-" not in element and (row := row_of_id(element)) is not None
        }
        object.__setattr__(self, "heads", heads)
        object.__setattr__(self, "lines", self._make_lines())

    heads: dict[int, tuple[float, float]] = None  # type: ignore[assignment]  # set above
    lines: list[Line] = None  # type: ignore[assignment]

    def row_at(self, x: float, y: float) -> int | None:
        """The note whose head is at a place, in units of the drawing."""
        best, nearest = None, _NEAR**2
        for row, (left, middle) in self.heads.items():
            away = (left + HEAD_WIDTH / 2 - x) ** 2 + (middle - y) ** 2
            if away < nearest:
                best, nearest = row, away
        return best

    def cursor_at(self, seconds: float) -> tuple[float, float, float] | None:
        """x, top and bottom of the cursor at a time; None: it is on no line of this page."""
        for line in self.lines:
            if line.seconds[0] <= seconds < line.end:
                x = float(np.interp(seconds, [*line.seconds, line.end], [*line.x, line.right]))
                return x, line.top, line.bottom
        return None

    def _make_lines(self) -> list[Line]:
        lines = []
        tops = self.drawing.systems
        for place, (top, bottom) in enumerate(tops):
            above = -np.inf if place == 0 else (tops[place - 1][1] + top) / 2.0
            below = np.inf if place + 1 == len(tops) else (bottom + tops[place + 1][0]) / 2.0
            moments: dict[float, float] = {}
            for row, (left, middle) in self.heads.items():
                if above <= middle < below and row < len(self.seconds):
                    at = self.seconds[row]
                    moments[at] = min(left, moments.get(at, np.inf))
            if moments:
                seconds = np.array(sorted(moments))
                x = np.maximum.accumulate(np.array([moments[at] for at in seconds.tolist()]))
                lines.append(Line(top, bottom, seconds, x, self.drawing.width * 0.97))
        for line, following in itertools.pairwise(lines):
            line.end = float(following.seconds[0])
        return lines


@dataclass(slots=True)
class Line:
    """A line of music: when its notes begin, growing, and where they are."""

    top: float
    bottom: float
    seconds: npt.NDArray[np.float64]
    x: npt.NDArray[np.float64]
    right: float
    end: float = np.inf


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
