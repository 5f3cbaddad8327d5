"""What can go wrong through no bug in the program, each with the exit code of the command line.

The codes are those of ``sysexits.h``, so that scripts can tell a bad file from a full disk.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

_ALIKE = 0.6  # below this similarity a suggestion is a guess


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The question after the known word that ``word`` was probably meant to be, or nothing."""
    import difflib  # noqa: PLC0415 - only needed when something went wrong

    # The case is the user's own, as in names of profiles: it must not count as a difference. Nor
    # must the dashes that all options begin with count as likeness.
    by_key = {name.casefold().lstrip("-"): name for name in known}
    key = word.casefold().lstrip("-")
    close = difflib.get_close_matches(key, by_key, n=1, cutoff=_ALIKE)
    return f"did you mean {by_key[close[0]]!r}?" if close else ""


class AmtStudioError(Exception):
    """A failure whose text can be shown to the user as it is.

    Parameters
    ----------
    cause : str
        One sentence without a full stop: what went wrong.
    hint : str
        What the user can do next; empty if there is nothing to say.
    """

    exit_code: ClassVar[int] = 70

    def __init__(self, cause: str, *, hint: str = "") -> None:
        super().__init__(f"{cause} ({hint})" if hint else cause)
        self.cause = cause
        self.hint = hint


class BadAudioError(AmtStudioError):
    """The input is not audio, or audio too damaged or odd to use."""

    exit_code = 65


class BadFileError(AmtStudioError):
    """A MIDI, CSV or JSON file that does not say what it should."""

    exit_code = 65


class InputNotFoundError(AmtStudioError):
    """The input is missing, or is not a regular file."""

    exit_code = 66


class InputUnreadableError(AmtStudioError):
    """The input is there and this user may not read it."""

    exit_code = 77


class OutputExistsError(AmtStudioError):
    """The output already exists, and overwriting was not requested."""

    exit_code = 73


class CannotCreateOutputError(AmtStudioError):
    """The output's folder is missing or may not be written to."""

    exit_code = 73


class OutputWriteError(AmtStudioError):
    """Writing began and failed: disk full, device gone."""

    exit_code = 74


class CheckpointError(AmtStudioError):
    """A model file is missing, damaged, or not what its card says."""

    exit_code = 78


class ProfileError(AmtStudioError):
    """A personal profile is missing, damaged, or was made for another model."""

    exit_code = 78


class DeviceError(AmtStudioError):
    """The requested compute device is not available or failed."""

    exit_code = 78


class AudioDeviceError(AmtStudioError):
    """The requested sound device is missing, in use, or was disconnected."""

    exit_code = 66


class ProjectError(AmtStudioError):
    """A project file that cannot be read, is damaged, or was made by a newer program."""

    exit_code = 65


class ProjectLockedError(AmtStudioError):
    """The project is open already, here or in another process."""

    exit_code = 75


class ProjectReadOnlyError(AmtStudioError):
    """The project is open for reading only."""

    exit_code = 77


class EditError(AmtStudioError):
    """An edit that would leave a note that cannot be, or that these notes do not allow."""

    exit_code = 2


class OptionError(AmtStudioError):
    """Options that do not go together."""

    exit_code = 2


class Cancelled(Exception):
    """The caller requested the work to stop; not an error."""
