"""What went wrong, in words: one sentence, the next step, and details for debugging."""

from __future__ import annotations

import platform
import re
import traceback
from dataclasses import dataclass
from importlib import metadata
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

from amtstudio import __version__
from amtstudio.errors import AmtStudioError
from amtstudio.ui.logs import log_folder
from amtstudio.ui.translation import translated_message

PACKAGES = ("torch", "numpy", "PySide6-Essentials", "pyqtgraph", "soundfile", "av")
FAULT_CODE = 70
IO_CODE = 74
TRY_LATER_CODE = 75


@dataclass(frozen=True, slots=True)
class Failure:
    """A failure as the window shows it."""

    cause: str
    next_step: str
    exit_code: int
    details: str

    @property
    def sentences(self) -> str:
        """What went wrong, and what can be done about it."""
        return f"{self.cause} {self.next_step}".strip()


def describe(error: Exception, *, subject: str = "") -> Failure:
    """Put ``error`` into words; ``subject`` is the file or setting that it is about."""
    cause, next_step, code = _words(error, PurePath(subject).name)
    lines = [
        f"AMT Studio {__version__}",
        f"about: {subject}",
        f"cause: {cause}",
        f"next step: {next_step}",
        f"system: {platform.platform()}, Python {platform.python_version()}",
        f"packages: {_versions()}",
        f"logs: {_logs()}",
        "",
        "".join(traceback.format_exception(error)).rstrip(),
    ]
    return Failure(cause, next_step, code, "\n".join(lines))


def describe_warning(text: str, *, subject: str = "") -> str:
    """A lower layer's message about the file ``subject``, in the window's language."""
    return _sentence(translated_message(text), PurePath(subject).name)


def _words(error: Exception, name: str) -> tuple[str, str, int]:
    if isinstance(error, AmtStudioError):
        cause, hint = (translated_message(text) for text in (error.cause, error.hint))
        return _sentence(cause, name), _sentence(hint), error.exit_code
    if isinstance(error, MemoryError):
        return (
            _tr("There is not enough memory."),
            _tr("Close other programs, or transcribe a part of the recording."),
            TRY_LATER_CODE,
        )
    if isinstance(error, OSError):
        return (
            _sentence(error.strerror or str(error)),
            _tr("Check the file and try again."),
            IO_CODE,
        )
    return (
        _tr("Unexpected {name}: a bug in this program.").format(name=type(error).__name__),
        _tr("Copy the details and report them."),
        FAULT_CODE,
    )


# One word with a suffix: whoever shows an error does not always know which file it is about.
_FILE_NAME = re.compile(r"\S+\.\w{1,5}(?=[\s:])")


def _sentence(text: str, name: str = "") -> str:
    """A capital at the start, unless the name of a file stands there, and a full stop."""
    if not text:
        return ""
    if not (name and text.startswith(name)) and not _FILE_NAME.match(text):
        text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _versions() -> str:
    found = []
    for package in PACKAGES:
        try:
            found.append(f"{package} {metadata.version(package)}")
        except metadata.PackageNotFoundError:
            found.append(f"{package} missing")
    return ", ".join(found)


def _logs() -> str:
    try:
        return str(log_folder())
    except OSError as error:
        return str(error)


def _tr(text: str) -> str:
    return QCoreApplication.translate("Failure", text)
