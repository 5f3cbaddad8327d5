"""The process's own streams: missing, closed, full or broken ones."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import sys
import warnings
from typing import TextIO

from amtstudio.cli.console import PROGRAM
from amtstudio.errors import OutputWriteError

READER_GONE_CODE = 141  # as if SIGPIPE had ended the program: 128 + 13


class ReaderGoneError(Exception):
    """The reader of standard output has closed it, as ``head`` does: not a failure to report."""


def open_missing_streams() -> None:
    """Make sure that the descriptors 0, 1 and 2 are taken.

    A file opened while one of them is free would get its number, and whatever a library prints
    would land in that file.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # Under an ASCII locale a name with an accent must not end in an exception.
            stream.reconfigure(errors="backslashreplace")


def silence_libraries() -> None:
    """Warnings and logs of libraries are for developers; ``python -W`` still shows the warnings.

    What the user is to know comes through the console.
    """
    logging.getLogger().addHandler(logging.NullHandler())
    if not sys.warnoptions:
        warnings.simplefilter("ignore")


def write_output(data: bytes | str) -> None:
    """Write to standard output and see it through.

    Raises
    ------
    OutputWriteError
        If it is closed or cannot take the data.
    ReaderGoneError
        If its reader has gone.
    """
    stream: TextIO | None = sys.stdout
    if stream is None:
        raise OutputWriteError("standard output is closed")
    try:
        if isinstance(data, str):
            stream.write(data)
        else:
            stream.flush()
            stream.buffer.write(data)
        stream.flush()
    except BrokenPipeError as error:
        _drop_output()
        raise ReaderGoneError from error
    except OSError as error:
        _drop_output()
        raise OutputWriteError(f"cannot write to standard output: {error.strerror}") from error


def close_streams(code: int) -> int:
    """Flush both outputs, and return the exit code that follows from it."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
        code = READER_GONE_CODE
    except OSError as error:
        _drop_output()
        failure = OutputWriteError(f"cannot write to standard output: {error.strerror}")
        code = failure.exit_code
        with contextlib.suppress(OSError):
            sys.stderr.write(f"{PROGRAM}: {failure}\n")
    try:
        sys.stderr.flush()
    except OSError:
        # There is nobody to report it to; but Python would flush again and exit with its own code.
        _drop_output(2)
    return code


def _drop_output(descriptor: int = 1) -> None:
    # What is left in the buffer would fail once more, with a traceback, when Python exits.
    os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)
