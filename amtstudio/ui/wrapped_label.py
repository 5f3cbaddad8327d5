"""A label of several lines that long names of files cannot widen."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

_LONGEST = 20  # characters of a word that is never broken
_BREAK = "\N{ZERO WIDTH SPACE}"  # a line may end here
_LONG_WORD = re.compile(rf"\S{{{_LONGEST + 1},}}")
_PIECE = re.compile(rf".{{1,{_LONGEST}}}")


def breakable(text: str) -> str:
    """The text, in which lines may end within words that are longer than any of a language."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


class WrappedLabel(QLabel):
    """Plain text in as many lines as it takes.

    Qt breaks lines between words only: a long file name would make the panel, or the whole window,
    as wide as the name. ``text()`` gives the text as it was set.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setText(text)

    def setText(self, text: str) -> None:  # noqa: N802
        self._text = text
        super().setText(breakable(text))

    def text(self) -> str:
        return self._text
