"""Fonts for the words in a PDF: titles and names of tracks may be in any script."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Any

# The fonts that every reader of PDF has; they know the letters of western Europe.
_STANDARD = {
    (False, False): "Times-Roman",
    (True, False): "Times-Bold",
    (False, True): "Times-Italic",
    (True, True): "Times-BoldItalic",
}
# Of Windows, macOS and Linux, in folders where reportlab looks or below them; then its own.
_FILES = (
    ("times.ttf", "timesbd.ttf"),
    ("Times New Roman.ttf", "Times New Roman Bold.ttf"),
    ("Supplemental/Times New Roman.ttf", "Supplemental/Times New Roman Bold.ttf"),
    ("liberation/LiberationSerif-Regular.ttf", "liberation/LiberationSerif-Bold.ttf"),
    ("liberation-serif/LiberationSerif-Regular.ttf", "liberation-serif/LiberationSerif-Bold.ttf"),
    ("TTF/LiberationSerif-Regular.ttf", "TTF/LiberationSerif-Bold.ttf"),
    ("dejavu/DejaVuSerif.ttf", "dejavu/DejaVuSerif-Bold.ttf"),
    ("TTF/DejaVuSerif.ttf", "TTF/DejaVuSerif-Bold.ttf"),
    ("dejavu/DejaVuSans.ttf", "dejavu/DejaVuSans-Bold.ttf"),
    ("Vera.ttf", "VeraBd.ttf"),
)
# Readers of PDF have these, or offer to fetch them, for the scripts that they are named after.
_EAST_ASIAN = (
    ("HANGUL", "HYSMyeongJo-Medium"),
    ("HIRAGANA", "HeiseiMin-W3"),
    ("KATAKANA", "HeiseiMin-W3"),
    ("CJK", "STSong-Light"),
)


def font_for(text: str, *, is_bold: bool = False, is_italic: bool = False) -> tuple[str, str]:
    """The name of a font that has the letters of a text, and the text as it can be written in it.

    Letters that no font at hand has lose their accents, or become question marks.
    """
    standard = _STANDARD[is_bold, is_italic]
    if _fits_standard(text):
        return standard, text
    for files in _FILES:
        font = _true_type(files[is_bold])
        if font is not None and all(ord(letter) in font.face.charToGlyph for letter in text):
            return str(font.fontName), text
    for script, name in _EAST_ASIAN:
        if any(unicodedata.name(letter, "").startswith(script) for letter in text):
            return _east_asian(name), text
    return standard, "".join(map(_in_western_letters, text))


def _fits_standard(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _in_western_letters(letter: str) -> str:
    if _fits_standard(letter):
        return letter
    plain = unicodedata.normalize("NFKD", letter)
    return "".join(part if _fits_standard(part) else "" for part in plain) or "?"


@cache
def _true_type(file: str) -> Any:
    """The font of a file, to be embedded; None if it is not on this computer."""
    from reportlab.pdfbase import pdfmetrics, ttfonts  # noqa: PLC0415 - an extra

    try:
        font = ttfonts.TTFont(file.rpartition("/")[2].removesuffix(".ttf").replace(" ", ""), file)
    except (ttfonts.TTFError, OSError):
        return None
    pdfmetrics.registerFont(font)
    return font


@cache
def _east_asian(name: str) -> str:
    from reportlab.pdfbase import cidfonts, pdfmetrics  # noqa: PLC0415 - an extra

    pdfmetrics.registerFont(cidfonts.UnicodeCIDFont(name))
    return name
