"""Engraved pages as PDF, by way of the library reportlab."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from amtstudio.errors import OptionError
from amtstudio.formats.drawing import Drawing, Text, drawing_of
from amtstudio.formats.engraving import INSTALL_HINT, Engraver, OnPage, tell_no_one
from amtstudio.formats.musicxml import dump_musicxml
from amtstudio.formats.pdf_fonts import font_for
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Transcription

_DEFAULT = NotationSettings()
_POINTS_PER_UNIT = 72.0 / 25.4 / 100.0  # a unit of verovio's is a hundredth of a millimetre


def dump_pdf(
    transcription: Transcription,
    settings: NotationSettings = _DEFAULT,
    *,
    on_page: OnPage = tell_no_one,
) -> bytes:
    """The score of a transcription on A4 pages, to print.

    Raises ``OptionError`` if verovio or reportlab is not installed.
    """
    engraver = Engraver(dump_musicxml(transcription, settings))
    return pdf_of_pages(engraver.pages(on_page), title=transcription.title)


def pdf_of_pages(pages: Iterable[str], *, title: str = "") -> bytes:
    """Pages that verovio has written as SVG, as one document.

    Raises ``OptionError`` if reportlab is not installed.
    """
    try:
        from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise OptionError("PDF needs the package reportlab", hint=INSTALL_HINT) from error
    file = io.BytesIO()
    # invariant: the same score is the same file.
    canvas = Canvas(file, pageCompression=1, invariant=1)
    canvas.setTitle("".join(filter(str.isprintable, title)))
    canvas.setCreator("AMT Studio")
    for page in pages:
        drawing = drawing_of(page)
        canvas.setPageSize((drawing.width * _POINTS_PER_UNIT, drawing.height * _POINTS_PER_UNIT))
        _draw(canvas, drawing)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Any, drawing: Drawing) -> None:
    canvas.scale(_POINTS_PER_UNIT, -_POINTS_PER_UNIT)
    canvas.translate(0, -drawing.height)
    for shape in drawing.shapes:
        canvas.saveState()
        canvas.transform(*shape.matrix)
        canvas.setLineWidth(shape.stroke)
        path = canvas.beginPath()
        for name, *values in shape.outline:
            if name == "M":
                path.moveTo(*values)
            elif name == "L":
                path.lineTo(*values)
            elif name == "C":
                path.curveTo(*values)
            else:
                path.close()
        canvas.drawPath(path, stroke=int(shape.stroke > 0), fill=int(shape.is_filled))
        canvas.restoreState()
    for text in drawing.texts:
        _write(canvas, text)


def _write(canvas: Any, text: Text) -> None:
    font, words = font_for(text.text, is_bold=text.is_bold, is_italic=text.is_italic)
    canvas.saveState()
    canvas.translate(text.x, text.y)
    canvas.scale(1, -1)
    canvas.setFont(font, text.size)
    draw = {
        "start": canvas.drawString,
        "middle": canvas.drawCentredString,
        "end": canvas.drawRightString,
    }[text.anchor]
    draw(0, 0, words)
    canvas.restoreState()
