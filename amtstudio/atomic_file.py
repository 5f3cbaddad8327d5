"""Writing a file so that its name always holds the old content or the new, whole."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from amtstudio.errors import (
    AmtStudioError,
    CannotCreateOutputError,
    OutputExistsError,
    OutputWriteError,
)

if sys.platform != "win32":
    import fcntl

_LEFTOVER = re.compile(r"\.amtstudio-[0-9a-f]{16}\.tmp")
_SETTLED_S = 10.0  # a writer takes its lock in the moment after it has made the file
_SURELY_DEAD_S = 86_400.0  # where the file system has no locks
_FULL = {errno.ENOSPC, errno.EDQUOT}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}
_DEVICE_ERRORS = _FULL | {errno.EFBIG, errno.EIO}
# O_BINARY, O_NONBLOCK: not on every system.
_WRITE = os.O_WRONLY | getattr(os, "O_BINARY", 0)
_NONBLOCK = getattr(os, "O_NONBLOCK", 0)


def write_atomically(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Write ``data`` to ``path``, whole or not at all: ``create_atomically`` of what is at hand."""
    create_atomically(path, lambda file: file.write(data), overwrite=overwrite)


def create_atomically(path: Path, write: Callable[[BinaryIO], object], *, overwrite: bool) -> None:
    """Let ``write`` fill a file that appears at ``path`` whole or not at all.

    The data is written to a temporary file in the same folder, flushed to disk, and only then
    renamed. A process that dies on the way leaves the previous file in place (and, if it is killed,
    the temporary file ``.amtstudio-*.tmp``, see ``remove_leftovers``). A link is followed; a device
    or pipe is written through.

    Parameters
    ----------
    path : Path
    write : callable
        Called with an open binary file. If it raises, writing ends, and nothing is left behind.
    overwrite : bool
        Whether an existing file may be replaced. If not, a file that another program
        creates in the meantime is kept as well.

    Raises
    ------
    OutputExistsError
        If there is a file at ``path`` and ``overwrite`` is false.
    CannotCreateOutputError
        If the folder is missing or may not be written to, or ``path`` is a folder.
    OutputWriteError
        If the disk is full or fails.
    """
    try:
        target = Path(os.path.realpath(path))
        old = _stat(target)
        if old is not None and not stat.S_ISREG(old.st_mode):
            _write_through(target, write)
            return
        _check_target(target, old, overwrite=overwrite)
        _replace(target, write, old, overwrite=overwrite)
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        raise _explain(path, error) from error


def _stat(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _check_target(target: Path, old: os.stat_result | None, *, overwrite: bool) -> None:
    if old is None:
        return
    if not overwrite:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
    if not os.access(target, os.W_OK):
        # A rename would succeed: it only needs rights to the folder.
        raise PermissionError(errno.EACCES, "the file is write-protected")


def _replace(
    target: Path,
    write: Callable[[BinaryIO], object],
    old: os.stat_result | None,
    *,
    overwrite: bool,
) -> None:
    with temporary_file(target.parent) as (temporary, file):
        with file:
            if old is not None:
                temporary.chmod(stat.S_IMODE(old.st_mode))
            write(file)
            file.flush()
            os.fsync(file.fileno())
        if overwrite:
            temporary.replace(target)
        else:
            _take_free_name(temporary, target)
    _sync_folder(target.parent)


@contextlib.contextmanager
def temporary_file(folder: Path) -> Iterator[tuple[Path, BinaryIO]]:
    """A new file in ``folder``: removed in the end, unless it has got another name by then.

    Close it before it is renamed: Windows does not rename what is open. What a killed process
    leaves, ``remove_leftovers`` finds. Raises ``OSError`` if it cannot be made.
    """
    # Not mkstemp: it makes files that only their owner may read, whatever the umask says.
    path = folder / f".amtstudio-{secrets.token_hex(8)}.tmp"
    descriptor = os.open(path, _WRITE | os.O_CREAT | os.O_EXCL, 0o666)
    held = _hold(descriptor)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield path, file
    finally:
        path.unlink(missing_ok=True)
        if held is not None:
            os.close(held)


def _hold(descriptor: int) -> int | None:
    """Lock the file for as long as what is returned stays open, or this process lives."""
    if sys.platform == "win32":  # an open file cannot be removed there, which does as well
        return None
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return os.dup(descriptor)


def remove_leftovers(folders: Iterable[Path]) -> list[Path]:
    """Remove the temporary files that killed processes left in these folders.

    Only regular files of this user with a name of ours are touched, and only where no process
    holds them open for writing (or, on file systems without locks, after a day). Never fails.
    Returns what was removed.
    """
    removed = []
    for folder in dict.fromkeys(folders):
        with contextlib.suppress(OSError):
            names = [name for name in os.listdir(folder) if _LEFTOVER.fullmatch(name)]  # noqa: PTH208
            removed += [folder / name for name in names if _remove_leftover(folder / name)]
    return removed


def _remove_leftover(path: Path) -> bool:
    with contextlib.suppress(OSError):
        found = path.lstat()
        is_ours = not hasattr(os, "geteuid") or found.st_uid == os.geteuid()
        age = time.time() - found.st_mtime
        if stat.S_ISREG(found.st_mode) and is_ours and age > _SETTLED_S and _is_given_up(path, age):
            path.unlink()
            return True
    return False


def _is_given_up(path: Path, age: float) -> bool:
    if sys.platform == "win32":
        return True
    descriptor = os.open(path, os.O_RDONLY | _NONBLOCK | getattr(os, "O_NOFOLLOW", 0))
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return age > _SURELY_DEAD_S
    finally:
        os.close(descriptor)
    return True


def _take_free_name(temporary: Path, target: Path) -> None:
    """Give the file the name ``target`` unless anything bears it, in one step if possible."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno in _DEVICE_ERRORS:
            raise
        # No hard links on FAT and some network drives: reserve the name, then take it.
        os.close(os.open(target, _WRITE | os.O_CREAT | os.O_EXCL, 0o666))
        temporary.replace(target)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":  # a folder cannot be opened there
        return
    # Best effort: some file systems cannot, and a folder may be writable but not readable. The
    # file itself is whole by now.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_through(target: Path, write: Callable[[BinaryIO], object]) -> None:
    # Without O_NONBLOCK, opening a pipe that nobody reads would block forever.
    descriptor = os.open(target, _WRITE | _NONBLOCK)
    if _NONBLOCK:
        os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "wb") as file:
        write(file)


def _explain(path: Path, error: OSError | ValueError) -> AmtStudioError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    if isinstance(error, FileExistsError):
        return OutputExistsError(f"{path.name} already exists", hint="use --overwrite")
    if isinstance(error, IsADirectoryError):
        return CannotCreateOutputError(
            f"Cannot create {path.name}: it is a folder", hint="choose another name"
        )
    if isinstance(error, FileNotFoundError):
        if path.parent.is_dir():  # one like /proc, which the system fills itself
            return CannotCreateOutputError(
                f"Cannot create {path.name}: {path.parent} does not accept files",
                hint="choose another folder",
            )
        return CannotCreateOutputError(
            f"Cannot create {path.name}: no folder {path.parent}",
            hint="create the folder, or choose another one",
        )
    return _unwritten(path, reason, getattr(error, "errno", None))


def _unwritten(path: Path, reason: str, code: int | None) -> AmtStudioError:
    """For what the system says of a file that could be named but not written."""
    if code in _DEVICE_ERRORS | {errno.EPIPE}:
        if code in _FULL:
            return OutputWriteError(
                f"Cannot write {path.name}: {reason}",
                hint="free some space, or choose another disk",
            )
        return OutputWriteError(f"Cannot write {path.name}: {reason}", hint="choose another disk")
    if code in _FORBIDDEN:
        return CannotCreateOutputError(
            f"Cannot create {path.name}: {reason}",
            hint="choose another folder, or change the permissions",
        )
    if code == errno.ENAMETOOLONG:
        return CannotCreateOutputError(
            f"Cannot create {path.name}: {reason}", hint="choose a shorter name"
        )
    return CannotCreateOutputError(
        f"Cannot create {path.name}: {reason}", hint="choose another name, or another folder"
    )
