"""Which input is written where, settled before any work begins."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from amtstudio.audio import stem_of
from amtstudio.cli.parser import FORMAT_SUFFIXES
from amtstudio.errors import CannotCreateOutputError, OptionError, OutputExistsError

STDOUT = "-"
_SEPARATORS = tuple(separator for separator in (os.sep, os.altsep) if separator)
_FORMATS = {suffix: name for name, suffix in FORMAT_SUFFIXES.items()} | {".midi": "midi"}


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to transcribe."""

    input: str  # as the user wrote it
    output: Path | None  # None: standard output
    format_name: str

    @property
    def input_path(self) -> Path:
        return Path(self.input)


def plan_jobs(inputs: Sequence[str], output: str | None, format_name: str | None) -> list[Job]:
    """Give every input its output.

    Parameters
    ----------
    inputs : sequence of str
    output : str or None
        ``-`` is standard output; an existing folder, a name that ends with a separator, or
        anything if there are several inputs, is a folder; else it is a file. None: beside the
        input.
    format_name : str or None
        None: what the suffix of ``output`` says, else midi.

    Raises
    ------
    OptionError
        If the options contradict each other, or two inputs would be written to one output.
    """
    if output == STDOUT:
        if len(inputs) > 1:
            raise OptionError("-o - takes one input", hint="name a folder with -o instead")
        return [Job(inputs[0], None, format_name or "midi")]
    if output is None or _is_folder(output, inputs):
        chosen = format_name or "midi"
        jobs = [Job(name, _beside(name, output, chosen), chosen) for name in inputs]
        _refuse_collisions(jobs)
        return jobs
    return [Job(inputs[0], Path(output), format_name or _format_of(Path(output)))]


def output_folder(output: str | None, inputs: Sequence[str]) -> Path | None:
    """The folder that ``-o`` names, which may have to be made; None if it names none."""
    if output is None or output == STDOUT or not _is_folder(output, inputs):
        return None
    return Path(output)


def make_folder(folder: Path) -> None:
    """Raises ``CannotCreateOutputError`` if the folder is not there and cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotCreateOutputError(
            f"cannot make the folder {folder}: {error.strerror}", hint="name another with -o"
        ) from error


def check_output(path: Path, source: Path, *, overwrite: bool) -> None:
    """Find out before the work whether its result can be written.

    Raises
    ------
    OutputExistsError
        If there is a file already and ``overwrite`` is false.
    CannotCreateOutputError
        If the folder is missing or may not be written to, or if ``path`` is a folder or the
        recording itself.
    """
    try:
        _check_output(path, source, overwrite=overwrite)
    except OSError as error:  # a name that is too long, a folder on the way that may not be entered
        raise CannotCreateOutputError(f"cannot create {path}: {error.strerror}") from error


def _check_output(path: Path, source: Path, *, overwrite: bool) -> None:
    if path.is_dir():
        raise CannotCreateOutputError(f"cannot write {path}: it is a folder")
    if _is_same_file(path, source):
        raise CannotCreateOutputError(
            f"{path} is the recording itself", hint="name another output with -o"
        )
    if path.is_file() and not overwrite:
        raise OutputExistsError(
            f"{path} exists already", hint="use --overwrite, or name another output with -o"
        )
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise CannotCreateOutputError(f"cannot create {path}: there is no folder {folder}")
    if not path.exists() and not _may_create_in(folder):
        raise CannotCreateOutputError(
            f"cannot create {path}: the folder may not be written to", hint="name another with -o"
        )


def _is_folder(output: str, inputs: Sequence[str]) -> bool:
    # os.path: Path.is_dir() raises for a name that is too long, and this is no place for errors.
    is_there = os.path.isdir(output)  # noqa: PTH112
    return len(inputs) > 1 or output.endswith(_SEPARATORS) or is_there


def _beside(name: str, folder: str | None, format_name: str) -> Path:
    source = Path(name)
    parent = source.parent if folder is None else Path(folder)
    return parent / f"{stem_of(source)}{FORMAT_SUFFIXES[format_name]}"


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    # "Etude No.1" has none, whatever stands behind its point.
    if not suffix or suffix[1:].isdigit() or " " in suffix:
        return "midi"
    if suffix not in _FORMATS:
        raise OptionError(
            f"no format has the suffix {path.suffix}",
            hint=f"name one with --format: {', '.join(FORMAT_SUFFIXES)}",
        )
    return _FORMATS[suffix]


def _refuse_collisions(jobs: Sequence[Job]) -> None:
    by_output: dict[str, Job] = {}
    for job in jobs:
        # normcase: on Windows Song.mid and song.mid are one file.
        key = os.path.normcase(os.path.realpath(str(job.output)))
        other = by_output.setdefault(key, job)
        if other is not job:
            raise OptionError(
                f"{other.input} and {job.input} would both be written to {job.output}",
                hint="transcribe them one by one, or into different folders",
            )


def _may_create_in(folder: Path) -> bool:
    uses_effective_ids = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=uses_effective_ids)


def _is_same_file(path: Path, source: Path) -> bool:
    try:
        return path.samefile(source)
    except OSError:  # one of them is not there
        return False
