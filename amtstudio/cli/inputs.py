"""The recordings that arguments name: files, those in folders, and standard input."""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from amtstudio.audio import find_recordings
from amtstudio.cli.console import Console
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import AmtStudioError, InputNotFoundError, InputUnreadableError, OptionError

STDIN = "-"
STDIN_NAME = "standard input"  # of the file that holds it, and so in messages about it
_BLOCK = 1 << 16  # bytes
_LOOK_AGAIN_S = 0.1


@dataclass(frozen=True, slots=True)
class Input:
    """A recording to read. ``folder``: its place below the folder that was named, if one was."""

    name: str
    folder: Path | None = None


def find_inputs(
    names: Sequence[str], console: Console, stop: StopRequest
) -> tuple[list[Input], dict[str, AmtStudioError]]:
    """The files that were named, and the recordings in the folders that were.

    Each once, however often and in however many ways it is named.

    A folder without recordings does not keep the others from being read: it is among the errors.
    """
    inputs: dict[str, Input] = {}
    errors: dict[str, AmtStudioError] = {}
    for name in names:
        # os.path: Path.is_dir() raises for a name that is too long.
        if name == STDIN or not os.path.isdir(name):  # noqa: PTH112
            inputs.setdefault(place_of(name), Input(name))
            continue
        try:
            recordings = recordings_in(Path(name), console, stop)
        except InputNotFoundError as error:
            errors[name] = error
            continue
        for path in recordings:
            folder = path.parent.relative_to(name)
            inputs.setdefault(place_of(str(path)), Input(str(path), folder))
    return list(inputs.values()), errors


def place_of(name: str) -> str:
    """One text for all spellings of a path; links are not followed, as they have own outputs."""
    return name if name == STDIN else os.path.normcase(os.path.abspath(name))  # noqa: PTH100


def recordings_in(folder: Path, console: Console, stop: StopRequest) -> list[Path]:
    """Raises ``InputNotFoundError`` if there are none."""
    found = find_recordings(
        [folder],
        is_cancelled=stop.is_requested,
        on_unreadable=lambda below: console.warning(f"skipped the folder {below}: access denied"),
    )
    if not found:
        raise InputNotFoundError(
            f"{folder} contains no recordings", hint="name recordings, or a folder of them"
        )
    return found


@contextmanager
def kept_stdin(names: Sequence[str], stop: StopRequest) -> Iterator[Path | None]:
    """A file with what standard input held, if it is one of the inputs, for as long as needed."""
    if STDIN not in names:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="amtstudio-") as folder:
        yield keep_stdin(Path(folder), stop)


def keep_stdin(folder: Path, stop: StopRequest) -> Path:
    """Write standard input to a file, as finding out what it is takes more than reading once.

    Raises
    ------
    OptionError
        If it is a terminal.
    InputUnreadableError
        If it is closed or cannot be read.
    Cancelled
        If cancelled, even while no data arrives.
    OSError
        If the disk is full.
    """
    if sys.stdin is None:
        raise InputUnreadableError("standard input is closed")
    if sys.stdin.isatty():
        raise OptionError(
            "standard input is a terminal", hint="pipe a recording into it, or name a file"
        )
    path = folder / STDIN_NAME
    failures: list[OSError] = []
    with path.open("wb") as file:
        # A thread, because a read that waits for a silent pipe cannot be interrupted.
        reader = threading.Thread(
            target=_copy, args=(sys.stdin.fileno(), file, failures), daemon=True
        )
        reader.start()
        while reader.is_alive():
            stop.raise_if_requested()
            reader.join(_LOOK_AGAIN_S)
    if failures:
        raise failures[0]
    return path


def _copy(descriptor: int, file: BinaryIO, failures: list[OSError]) -> None:
    try:
        while data := os.read(descriptor, _BLOCK):
            file.write(data)
    except (OSError, ValueError) as error:  # ValueError: the file was closed, as nobody wants it
        if isinstance(error, OSError):
            failures.append(error)
