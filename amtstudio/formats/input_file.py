"""Reading a whole small file, whatever its name turns out to be."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from amtstudio.errors import BadFileError, InputNotFoundError, InputUnreadableError

OnWarning = Callable[[str], None]  # called with a sentence about what was left out, or is uncertain


def say_nothing(_text: str) -> None:
    """An ``OnWarning`` for those who need none."""


def read_input(path: Path, *, max_bytes: int) -> bytes:
    """Read a regular file of at most ``max_bytes`` bytes.

    Raises
    ------
    InputNotFoundError
        If it is missing or no regular file.
    InputUnreadableError
        If this user may not read it.
    BadFileError
        If it is larger than ``max_bytes``, or the device fails.
    """
    # O_NONBLOCK: opening a pipe that nobody writes to would block forever.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(path, flags), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise InputNotFoundError(f"{path.name} is not a regular file")
            data = file.read(max_bytes + 1)
    except PermissionError as error:
        if path.is_dir():  # what Windows says of a folder
            raise InputNotFoundError(f"{path.name} is a folder") from error
        raise InputUnreadableError(
            f"No permission to read {path.name}", hint="change its permissions"
        ) from error
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise InputNotFoundError(f"There is no file {path.name}", hint="check the path") from error
    except IsADirectoryError as error:
        raise InputNotFoundError(f"{path.name} is a folder") from error
    except OSError as error:
        raise BadFileError(f"Cannot read {path.name}: {error.strerror}") from error
    if len(data) > max_bytes:
        raise BadFileError(f"{path.name} is larger than {max_bytes / 2**20:.0f} MB")
    return data
