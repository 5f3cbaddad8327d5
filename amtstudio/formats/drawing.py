"""The drawing on an engraved page: outlines and text, from the SVG that verovio writes.

The available SVG readers do not support its nested pictures, and are slow with its glyphs, which
are used many times; and the window needs to know where each note is.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field
from importlib import resources
from typing import NamedTuple
from xml.etree import ElementTree as ET

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_TOKEN = re.compile(r"([A-Za-z])|(-?\d*\.?\d+(?:e-?\d+)?)")
_TRANSFORM = re.compile(r"(\w+)\(([^)]*)\)")
_MUSIC_FONTS = ("Leipzig", "Leland", "Bravura", "Gootville", "Petaluma")
_KAPPA = 0.5522847498  # of a quarter of a circle as a cubic curve


class Matrix(NamedTuple):
    """x' = a x + c y + e, y' = b x + d y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def then(self, inner: Matrix) -> Matrix:
        """``inner`` first, then this one: as nested elements do."""
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


# ("M", x, y), ("L", x, y), ("C", x1, y1, x2, y2, x, y), ("Z",)
Outline = tuple[tuple[str | float, ...], ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """``outline`` in its own units, which ``matrix`` puts on the page; ``stroke`` likewise."""

    outline: Outline
    matrix: Matrix
    is_filled: bool
    stroke: float  # width; 0: none
    owner: str  # id of the note that it belongs to, or ""


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    x: float
    y: float  # of the base line
    size: float
    anchor: str  # "start", "middle" or "end"
    is_bold: bool
    is_italic: bool


@dataclass(slots=True)
class Drawing:
    """A page whose ``width`` and ``height`` are in units of its own.

    ``heads`` maps the id of a note to the position of its head; ``systems`` are the top and bottom
    of the lines of music, from above.
    """

    width: float
    height: float
    shapes: list[Shape] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    heads: dict[str, tuple[float, float]] = field(default_factory=dict)
    systems: list[tuple[float, float]] = field(default_factory=list)


def drawing_of(svg: str) -> Drawing:
    """Read a page that verovio has written."""
    # Of verovio's own making, in this process or its child.
    root = ET.fromstring(svg)  # noqa: S314
    glyphs = {group.get("id", ""): _glyph(group) for group in root.iterfind(f"{_SVG}defs/{_SVG}g")}
    picture = root.find(f"{_SVG}svg")
    if picture is None:
        raise ValueError("this is not a page of verovio's")
    _, _, width, height = (float(value) for value in picture.get("viewBox", "0 0 1 1").split())
    drawing = Drawing(width, height)
    _Reader(drawing, glyphs).read(picture, _Style(Matrix(), "", False, False))
    return drawing


class _Style(NamedTuple):
    matrix: Matrix
    owner: str
    is_bold: bool
    is_italic: bool


@dataclass(slots=True)
class _Reader:
    drawing: Drawing
    glyphs: dict[str, Outline]

    def read(self, parent: ET.Element, style: _Style) -> None:
        for element in parent:
            tag = element.tag.removeprefix(_SVG)
            if tag == "g":
                self._read_group(element, style)
            elif tag == "use":
                matrix = style.matrix.then(_matrix(element.get("transform", "")))
                outline = self.glyphs[element.get(_HREF, "").removeprefix("#")]
                self.drawing.shapes.append(Shape(outline, matrix, True, 0.0, style.owner))
            elif tag == "text":
                self._read_text(element, style)
            elif tag in _OUTLINES:
                self._read_outline(element, tag, style)

    def _read_group(self, element: ET.Element, style: _Style) -> None:
        kinds = element.get("class", "").split()
        if "placeholder" in kinds:
            return
        matrix = style.matrix.then(_matrix(element.get("transform", "")))
        owner = element.get("id", "") if "note" in kinds else style.owner
        style = _Style(
            matrix,
            owner,
            style.is_bold or bool({"tempo", "reh", "ending", "fing"} & set(kinds)),
            style.is_italic or bool({"dir", "dynam", "mNum"} & set(kinds)),
        )
        before = len(self.drawing.shapes)
        self.read(element, style)
        own = self.drawing.shapes[before:]
        if "notehead" in kinds and own and owner:
            head = own[0].matrix
            self.drawing.heads.setdefault(owner, (head.e, head.f))
        if "system" in kinds:
            ys = [
                shape.matrix.at(0.0, float(step[-1]))[1]
                for shape in own
                if not shape.is_filled
                for step in shape.outline
                if len(step) > 1
            ]
            if ys:
                self.drawing.systems.append((min(ys), max(ys)))

    def _read_outline(self, element: ET.Element, tag: str, style: _Style) -> None:
        outline = _OUTLINES[tag](element)
        stroke = float(element.get("stroke-width", "0"))
        is_line = tag == "polyline" or (tag == "path" and not any(s[0] == "C" for s in outline))
        is_filled = not is_line and element.get("fill") != "none"
        if outline:
            self.drawing.shapes.append(Shape(outline, style.matrix, is_filled, stroke, style.owner))

    def _read_text(self, element: ET.Element, style: _Style) -> None:
        x, y = style.matrix.at(float(element.get("x", "0")), float(element.get("y", "0")))
        anchor = element.get("text-anchor", "start")
        for line in _lines_of(element, x, y, anchor):
            for run in line:
                font = run.font
                if font.is_music:
                    self._read_music(run)
                else:
                    self.drawing.texts.append(
                        Text(
                            run.text,
                            run.x,
                            run.y,
                            font.size,
                            font.anchor,
                            style.is_bold or font.is_bold,
                            style.is_italic or font.is_italic,
                        )
                    )

    def _read_music(self, run: _Run) -> None:
        x = run.x
        for sign in run.text:
            outline = _font_glyph(f"{ord(sign):04X}")
            scale = run.font.size / 1000.0
            self.drawing.shapes.append(
                Shape(outline, Matrix(scale, 0.0, 0.0, scale, x, run.y), True, 0.0, "")
            )
            x += _width_of(sign, run.font.size, is_music=True)


class _Font(NamedTuple):
    size: float
    anchor: str
    is_music: bool
    is_bold: bool
    is_italic: bool

    def within(self, node: ET.Element) -> _Font:
        """As an element says, and as the one around it where it says nothing."""
        size = float(node.get("font-size", str(self.size)).removesuffix("px")) or self.size
        family = node.get("font-family")
        return _Font(
            size,
            node.get("text-anchor", self.anchor),
            self.is_music if family is None else family in _MUSIC_FONTS,
            self.is_bold or node.get("font-weight") == "bold",
            self.is_italic or node.get("font-style") == "italic",
        )


@dataclass(slots=True)
class _Run:
    text: str
    x: float
    y: float
    font: _Font


def _lines_of(element: ET.Element, x: float, y: float, anchor: str) -> list[list[_Run]]:
    """The runs of a text, laid out one behind the other; a new place begins a new line."""
    lines: list[list[_Run]] = [[]]
    at = [x, y]

    def walk(node: ET.Element, style: _Font) -> None:
        if node.tag == f"{_SVG}title":  # what a reader says of it, and nobody sees
            return
        if node.get("x") is not None and node is not element:
            lines.append([])
            at[0] = x - float(element.get("x", "0")) + float(node.get("x", "0"))
            at[1] = y - float(element.get("y", "0")) + float(node.get("y", element.get("y", "0")))
        style = style.within(node)
        text = (node.text or "").strip("\n")
        if len(node) == 0 and text.strip():
            if not lines[-1]:
                text = text.lstrip()
            lines[-1].append(_Run(text, at[0], at[1], style))
        for child in node:
            walk(child, style)

    walk(element, _Font(0.0, anchor, is_music=False, is_bold=False, is_italic=False))
    for line in lines:
        widths = [_width_of(run.text, run.font.size, is_music=run.font.is_music) for run in line]
        if len(line) > 1:  # a single one is placed when it is drawn, with the font known
            share = {"start": 0.0, "middle": 0.5, "end": 1.0}[line[0].font.anchor]
            begin = line[0].x - share * sum(widths)
            for run, width in zip(line, widths, strict=True):
                run.x, run.font = begin, run.font._replace(anchor="start")
                begin += width
    return lines


def _width_of(text: str, size: float, *, is_music: bool) -> float:
    # About that of Times; only what stands behind it depends on it.
    each = 0.32 if is_music else 0.45
    return sum(0.25 if sign == " " else each for sign in text) * size


@functools.lru_cache(maxsize=64)
def _font_glyph(code: str) -> Outline:
    path = resources.files("verovio") / "data" / "Leland" / f"{code}.xml"
    try:
        group = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314
    except OSError:
        return ()
    for node in group.iter():
        node.tag = _SVG + node.tag.removeprefix(_SVG)
    return _glyph(group)


def _glyph(group: ET.Element) -> Outline:
    outline: Outline = ()
    for path in group.iterfind(f"{_SVG}path"):
        matrix = _matrix(path.get("transform", ""))
        outline += tuple(
            (step[0], *_moved(step[1:], matrix)) for step in parsed_path(path.get("d", ""))
        )
    return outline


def _moved(values: tuple[str | float, ...], matrix: Matrix) -> list[float]:
    moved: list[float] = []
    for x, y in zip(values[::2], values[1::2], strict=True):
        moved += matrix.at(float(x), float(y))
    return moved


def _matrix(text: str) -> Matrix:
    matrix = Matrix()
    for name, inner in _TRANSFORM.findall(text):
        values = [float(value) for value in re.split(r"[\s,]+", inner.strip())]
        if name == "translate":
            matrix = matrix.then(Matrix(e=values[0], f=values[1] if len(values) > 1 else 0.0))
        elif name == "scale":
            matrix = matrix.then(Matrix(a=values[0], d=values[-1]))
        elif name == "matrix":
            matrix = matrix.then(Matrix(*values))
    return matrix


def parsed_path(text: str) -> Outline:
    """The commands of a path, absolute, and each curve a cubic one.

    Raises ``ValueError`` for a command that verovio does not write.
    """
    tokens = [letter or float(number) for letter, number in _TOKEN.findall(text)]
    pen = _Pen()
    place, command = 0, ""
    while place < len(tokens):
        token = tokens[place]
        if isinstance(token, str):
            command = token
            place += 1
            if command in "Zz":
                pen.close()
                continue
        count = _COUNTS.get(command.upper())
        if count is None:
            raise ValueError(f"a path with the command {command!r}")
        pen.draw(command, [float(value) for value in tokens[place : place + count]])
        place += count
        command = {"M": "L", "m": "l"}.get(command, command)
    return tuple(pen.steps)


_COUNTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "T": 2}


@dataclass(slots=True)
class _Pen:
    steps: list[tuple[str | float, ...]] = field(default_factory=list)
    x: float = 0.0
    y: float = 0.0
    begin: tuple[float, float] = (0.0, 0.0)
    control: tuple[float, float] | None = None  # of the curve before, for a smooth one

    def close(self) -> None:
        self.steps.append(("Z",))
        self.x, self.y = self.begin
        self.control = None

    def draw(self, command: str, values: list[float]) -> None:
        name = command.upper()
        if name == "H":
            values = [values[0], 0.0 if command == "h" else self.y]
        elif name == "V":
            values = [0.0 if command == "v" else self.x, values[0]]
        if command.islower():
            values = [
                value + (self.x if place % 2 == 0 else self.y) for place, value in enumerate(values)
            ]
        end = (values[-2], values[-1])
        if name == "M":
            self.steps.append(("M", *end))
            self.begin = end
            self.control = None
        elif name in "LHV":
            self.steps.append(("L", *end))
            self.control = None
        else:
            self._curve(name, values)
        self.x, self.y = end

    def _curve(self, name: str, values: list[float]) -> None:
        start, end = (self.x, self.y), (values[-2], values[-1])
        mirrored = start
        if self.control is not None:
            mirrored = (2 * self.x - self.control[0], 2 * self.y - self.control[1])
        if name in "CS":
            first = (values[0], values[1]) if name == "C" else mirrored
            second = (values[-4], values[-3])
            self.control = second
        else:
            middle = (values[0], values[1]) if name == "Q" else mirrored
            first = _towards(start, middle)
            second = _towards(end, middle)
            self.control = middle
        self.steps.append(("C", *first, *second, *end))


def _towards(point: tuple[float, float], middle: tuple[float, float]) -> tuple[float, float]:
    return (
        point[0] + 2.0 / 3.0 * (middle[0] - point[0]),
        point[1] + 2.0 / 3.0 * (middle[1] - point[1]),
    )


def _polygon(element: ET.Element) -> Outline:
    return (*_polyline(element), ("Z",))


def _polyline(element: ET.Element) -> Outline:
    values = [float(value) for value in re.split(r"[\s,]+", element.get("points", "").strip())]
    points = list(zip(values[::2], values[1::2], strict=False))
    return tuple(("M" if place == 0 else "L", *point) for place, point in enumerate(points))


def _rectangle(element: ET.Element) -> Outline:
    x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
    return (
        ("M", x, y),
        ("L", x + width, y),
        ("L", x + width, y + height),
        ("L", x, y + height),
        ("Z",),
    )


def _ellipse(element: ET.Element) -> Outline:
    x, y, rx, ry = (float(element.get(name, "0")) for name in ("cx", "cy", "rx", "ry"))
    kx, ky = rx * _KAPPA, ry * _KAPPA
    return (
        ("M", x + rx, y),
        ("C", x + rx, y + ky, x + kx, y + ry, x, y + ry),
        ("C", x - kx, y + ry, x - rx, y + ky, x - rx, y),
        ("C", x - rx, y - ky, x - kx, y - ry, x, y - ry),
        ("C", x + kx, y - ry, x + rx, y - ky, x + rx, y),
        ("Z",),
    )


_OUTLINES = {
    "path": lambda element: parsed_path(element.get("d", "")),
    "polygon": _polygon,
    "polyline": _polyline,
    "rect": _rectangle,
    "ellipse": _ellipse,
}
