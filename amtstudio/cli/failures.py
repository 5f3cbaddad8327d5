"""Turns an exception into one line and an exit code."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from amtstudio import __version__
from amtstudio.cli.console import Console
from amtstudio.errors import AmtStudioError

SOME_FAILED = 1
_BUG = 70
_IO_ERROR = 74
_TRY_LATER = 75


def report(console: Console, error: Exception, *, file: str | None = None) -> int:
    """Say on one line what went wrong, and return the exit code that goes with it."""
    text, code = _describe(error)
    console.error(text, file=file, code=code)
    return code


def joint_exit_code(codes: Sequence[int]) -> int:
    """Exit code of a run over several inputs, from those of its inputs.

    0 if all went well; their common code if all failed alike; else 1.
    """
    if not any(codes):
        return 0
    (code, count), *_ = Counter(codes).most_common()
    return code if count == len(codes) else SOME_FAILED


def _describe(error: Exception) -> tuple[str, int]:
    if isinstance(error, AmtStudioError):
        return str(error), error.exit_code
    if isinstance(error, MemoryError):
        return "not enough memory (close other programs, or transcribe a part)", _TRY_LATER
    if isinstance(error, OSError):
        where = f"{os.fsdecode(error.filename)}: " if _names_a_file(error) else ""
        return f"{where}{error.strerror or error}", _IO_ERROR
    log = _write_log(error)
    where = f"details are in {log}" if log else "no folder for a log file could be written to"
    return f"unexpected {type(error).__name__}, a bug in this program ({where})", _BUG


def _names_a_file(error: OSError) -> bool:
    return isinstance(error.filename, str | bytes)  # else none, or the number of a descriptor


def _write_log(error: Exception) -> Path | None:
    """Keep what is needed to find the fault; None if no folder takes it."""
    lines = [
        f"AMT Studio {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"arguments: {sys.argv[1:]!r}",
        "".join(traceback.format_exception(error)),
    ]
    data = "\n".join(lines).encode("utf-8", "backslashreplace")
    name = f"amtstudio-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}-{time.monotonic_ns()}.log"
    for folder in _log_folders():
        path = folder / name
        try:
            folder.mkdir(parents=True, exist_ok=True)
            # Exclusive and private: the last resort is a folder that all users share.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as log:
                log.write(data)
        except OSError:
            continue
        return path
    return None


def _log_folders() -> list[Path]:
    override = os.environ.get("AMTSTUDIO_LOG_DIR")
    if override:
        return [Path(override)]
    folders = []
    try:
        import platformdirs  # noqa: PLC0415 - only needed when something broke

        folders.append(Path(platformdirs.user_log_dir("amtstudio", appauthor=False)))
        folders.append(Path(tempfile.gettempdir()))
    except (ImportError, OSError, RuntimeError, KeyError):
        pass  # no home and no temporary folder: the line on the terminal has to do
    return folders
