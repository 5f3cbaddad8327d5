"""Open the user's file, once it is sure to be a file."""

from __future__ import annotations

import errno
import os
import re
import stat
from pathlib import Path
from typing import BinaryIO

from amtstudio.audio.file_view import Readable
from amtstudio.audio.info import shown_name
from amtstudio.errors import BadAudioError, InputNotFoundError, InputUnreadableError

KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# O_NONBLOCK: opening a pipe that nobody writes to would block forever.
OPEN_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def check_input(path: Path) -> None:
    """Make sure that ``path`` is a file with something in it that this user may read.

    Raises
    ------
    InputNotFoundError
        If nothing is there, or it is not a regular file.
    InputUnreadableError
        If this user may not read it.
    BadAudioError
        If the file is empty.
    """
    open_input(path).close()


def open_input(path: Path) -> BinaryIO:
    """Open a file that passes ``check_input``; the check and the reading see the same file."""
    name = shown_name(path)
    try:
        # Asked before opening too, since opening a device can already do something to it.
        _check_regular(os.stat(path).st_mode, name)  # noqa: PTH116 - Path refuses what open takes
        descriptor = os.open(path, OPEN_FLAGS)
    except PermissionError as error:
        raise InputUnreadableError(
            f"{name} cannot be read by this user", hint="check its permissions"
        ) from error
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        if isinstance(error, OSError) and error.errno in (errno.EIO, errno.EMFILE, errno.ENFILE):
            raise InputUnreadableError(
                f"{name} cannot be opened: {os.strerror(error.errno)}",
                hint="check the disk, and try again",
            ) from error
        raise _missing(path, name) from error
    try:
        status = os.fstat(descriptor)
        _check_regular(status.st_mode, name)
        _check_size(status.st_size, name)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _missing(path: Path, name: str) -> InputNotFoundError:
    # A path has one of the two slashes of an address.
    if re.match(r"file:/", str(path)):
        return InputNotFoundError(f"{name} is an address", hint="name the file by its path")
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)):
        return InputNotFoundError(
            f"{name} is an address, and nothing is downloaded", hint="save the file first"
        )
    return InputNotFoundError(f"{name} does not exist", hint="check the path")


def _check_regular(mode: int, name: str) -> None:
    if stat.S_ISREG(mode):
        return
    kind = next((kind for test, kind in KINDS if test(mode)), "no file")
    hint = "name a sound file, or pipe it into '-'" if kind == "a pipe" else "name a sound file"
    raise InputNotFoundError(f"{name} is {kind}", hint=hint)


def _check_size(n_bytes: int, name: str) -> None:
    if n_bytes == 0:
        raise BadAudioError(f"{name} is empty: 0 bytes", hint="copy or record it again")


class ReadOnlyFile:
    """The face of a file that decoder libraries see: no exception crosses into their C code.

    An error of the disk reads as the end of the file and is kept in ``error``. Others may read the
    file in between.
    """

    def __init__(self, file: Readable, name: str) -> None:
        self._file = file
        self._position = 0
        self.name = name  # FFmpeg weighs the suffix when the content leaves it in doubt
        self.error: OSError | None = None

    def read(self, size: int) -> bytes:
        try:
            self._file.seek(self._position)
            data = self._file.read(size)
        except OSError as error:
            self.error = error
            return b""
        self._position += len(data)
        return data

    def readinto(self, buffer: bytearray) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        try:
            self._file.seek(self._position)
            self._position = self._file.seek(offset, whence)
        except (OSError, ValueError, OverflowError):  # before the start, or beyond any file
            return -1
        return self._position

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return True
