"""What the program says on standard error, as lines for people or as JSON for programs."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from typing import TextIO

PROGRAM = "amtstudio"
_LONGEST_LINE = 2000  # characters: a library's message must not flood the terminal


def printable(text: str) -> str:
    r"""``text`` with every character escaped that could break the line or drive the terminal.

    Undecodable bytes of file names (surrogates, as Python keeps them) become ``\xff``.
    """
    return "".join(map(_printable_character, text))


def _printable_character(character: str) -> str:
    # No-break and ideographic spaces occur in real names, and do no harm.
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    if 0xDC80 <= ord(character) <= 0xDCFF:
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


class Console:
    """Standard error of one run.

    Parameters
    ----------
    quiet : bool
        Only warnings and errors.
    verbose : bool
        Details too.
    as_json : bool
        One JSON object a line, in place of text.
    """

    def __init__(
        self, *, quiet: bool = False, verbose: bool = False, as_json: bool = False
    ) -> None:
        self.quiet = quiet
        self.verbose = verbose
        self.as_json = as_json

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @property
    def shows_bar(self) -> bool:
        return not (self.quiet or self.as_json) and self.stream.isatty()

    def message(self, text: str) -> None:
        """A line for people; JSON readers get events instead."""
        if not (self.quiet or self.as_json):
            self._line(f"{PROGRAM}: {text}")

    def detail(self, text: str) -> None:
        if self.verbose:
            self.message(text)

    def event(self, name: str, **values: object) -> None:
        """A line for programs."""
        if self.as_json and not self.quiet:
            self._json(name, values)

    def warning(self, text: str, *, file: str | None = None) -> None:
        if self.as_json:
            self._json("warning", {"file": file, "message": text})
        else:
            self._line(f"{PROGRAM}: warning: {about(file, text)}")

    def error(self, text: str, *, file: str | None = None, code: int) -> None:
        if self.as_json:
            self._json("error", {"file": file, "message": text, "exit_code": code})
        else:
            self._line(f"{PROGRAM}: {about(file, text)}")

    def _json(self, name: str, values: dict[str, object]) -> None:
        self._write(json.dumps({"event": name, **values}, allow_nan=False))

    def _line(self, text: str) -> None:
        line = printable(text)
        self._write(line if len(line) <= _LONGEST_LINE else line[: _LONGEST_LINE - 3] + "...")

    def _write(self, line: str) -> None:
        try:
            self.stream.write(line + "\n")
            self.stream.flush()
        except (OSError, ValueError):
            pass  # nobody is reading any more; the exit code still reports it


def about(file: str | None, text: str) -> str:
    """``text`` with the path of the file that it is about, once."""
    if not file:
        return text
    if file == "-":
        file = "standard input"
    if text.startswith(f"{file} "):
        return text
    # The name alone, as most errors have it, does not say which of several folders is meant.
    name = os.path.basename(file.rstrip("/"))  # noqa: PTH119 - of any text, and without taking it for a path
    if name and text.startswith(f"{name} "):
        return f"{file}{text.removeprefix(name)}"
    return f"{file}: {text}"
