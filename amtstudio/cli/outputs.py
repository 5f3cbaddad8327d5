"""Which input is written where, settled before any work begins."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from amtstudio.audio import stem_of
from amtstudio.cli.inputs import STDIN, Input
from amtstudio.cli.shared_options import FORMAT_SUFFIXES
from amtstudio.errors import CannotCreateOutputError, OptionError, OutputExistsError, did_you_mean
from amtstudio.formats import track_files_of
from amtstudio.session import SUFFIX as PROJECT_SUFFIX

STDOUT = "-"
_SEPARATORS = tuple(separator for separator in (os.sep, os.altsep) if separator)
_FORMATS = {suffix: name for name, suffix in FORMAT_SUFFIXES.items()} | {".midi": "midi"}


@dataclass(frozen=True, slots=True)
class Job:
    """One recording to transcribe."""

    input: str  # as the user wrote it
    output: Path | None  # None: standard output
    format_name: str


def plan_jobs(inputs: Sequence[Input], output: str | None, format_name: str | None) -> list[Job]:
    """Give every input its output.

    Parameters
    ----------
    inputs : sequence of Input
        At least one.
    output : str or None
        ``-`` is standard output; an existing folder, a name that ends with a separator, or
        anything if there are several inputs or inputs from a folder, is a folder; else it is a
        file. None: beside the input, and standard output for standard input.
    format_name : str or None
        None: what the suffix of ``output`` says, else midi.

    Raises
    ------
    OptionError
        If the options contradict each other, or two inputs would be written to one output.
    """
    if output is None and any(given.name == STDIN for given in inputs):
        if len(inputs) > 1:
            raise OptionError(
                "standard input together with other inputs needs a folder for its output",
                hint="name a folder with -o",
            )
        output = STDOUT
    if output == STDOUT:
        if len(inputs) > 1:
            raise OptionError("-o - takes one input", hint="name a folder with -o instead")
        return [Job(inputs[0].name, None, format_name or "midi")]
    if output is None or _is_folder(output, inputs):
        chosen = format_name or "midi"
        return _jobs_in_folders(inputs, output, chosen)
    return [Job(inputs[0].name, Path(output), format_name or _format_of(Path(output)))]


def output_folder(output: str | None, inputs: Sequence[Input]) -> Path | None:
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


def check_output(
    path: Path,
    *inputs: Path,
    overwrite: bool | None,
    tracks: Collection[str] | None = None,
    option: str = "-o",
) -> None:
    """Find out before the work whether its result can be written.

    Parameters
    ----------
    path : Path
    *inputs : Path
        All that the command reads: none of them is ever overwritten.
    overwrite : bool, or None
        Whether a file that is there may be replaced, as --overwrite says; None: it never is.
    tracks : collection of str, or None
        The names of those that may have a file each, beside ``path``; None: it is one file.
    option : str
        That which names the output, for the hint.

    Raises
    ------
    OutputExistsError
        If there is a file already that may not be replaced.
    CannotCreateOutputError
        If the folder is missing or may not be written to, or if ``path`` is a folder or one of the
        inputs.
    """
    try:
        if tracks is None:
            _check_file(path, inputs, option)
        _check_folder(path, option)
        if overwrite:
            return
        there = [path] if path.is_file() else []
        if taken := there if tracks is None else track_files_of(path, tracks):
            way = "" if overwrite is None else "use --overwrite, or "
            raise OutputExistsError(
                f"{taken[0]} already exists", hint=f"{way}name another output with {option}"
            )
    except OSError as error:  # a name that is too long, a folder on the way that may not be entered
        raise CannotCreateOutputError(f"cannot create {path}: {error.strerror}") from error


def _check_file(path: Path, inputs: Collection[Path], option: str) -> None:
    if path.is_dir():
        raise CannotCreateOutputError(
            f"cannot write {path}: it is a folder",
            hint=f"name a file, or another folder, with {option}",
        )
    if any(_is_same_file(path, given) for given in inputs):
        what = "the recording itself" if len(inputs) == 1 else "one of the files that are read"
        raise CannotCreateOutputError(
            f"{path} is {what}", hint=f"name another output with {option}"
        )


def _check_folder(path: Path, option: str) -> None:
    folder = Path(os.path.realpath(path)).parent
    if not folder.is_dir():
        raise CannotCreateOutputError(
            f"cannot create {path}: there is no folder {folder}",
            hint=f"create it, or name another with {option}",
        )
    if not path.exists() and not _may_create_in(folder):
        raise CannotCreateOutputError(
            f"cannot create {path}: the folder is not writable",
            hint=f"name another with {option}",
        )


def _is_folder(output: str, inputs: Sequence[Input]) -> bool:
    # os.path: Path.is_dir() raises for a name that is too long, and this must not raise.
    is_there = os.path.isdir(output)  # noqa: PTH112
    is_several = len(inputs) > 1 or any(given.folder is not None for given in inputs)
    return is_several or output.endswith(_SEPARATORS) or is_there


def _jobs_in_folders(inputs: Sequence[Input], folder: str | None, format_name: str) -> list[Job]:
    outputs = [_beside(given, folder, format_name) for given in inputs]
    counts = Counter(map(_place, outputs))
    jobs = []
    for given, output in zip(inputs, outputs, strict=True):
        # They were not named individually: if song.mp3 is beside song.wav, both keep their suffix.
        if counts[_place(output)] > 1 and given.folder is not None:
            output = output.with_name(Path(given.name).name + FORMAT_SUFFIXES[format_name])  # noqa: PLW2901
        jobs.append(Job(given.name, output, format_name))
    _refuse_collisions(jobs)
    return jobs


def _beside(given: Input, folder: str | None, format_name: str) -> Path:
    source = Path("stdin" if given.name == STDIN else given.name)
    parent = source.parent if folder is None else Path(folder, given.folder or "")
    stem = source.stem if source.suffix.lower() == PROJECT_SUFFIX else stem_of(source)
    return parent / f"{stem}{FORMAT_SUFFIXES[format_name]}"


def _place(path: Path) -> str:
    # normcase: on Windows Song.mid and song.mid are one file.
    return os.path.normcase(os.path.realpath(path))


def _format_of(path: Path) -> str:
    suffix = path.suffix.lower()
    # "Etude No.1" has none, whatever stands behind its point.
    if not suffix or suffix[1:].isdigit() or " " in suffix:
        return "midi"
    if suffix not in _FORMATS:
        raise OptionError(
            f"no format has the suffix {path.suffix}",
            hint=did_you_mean(suffix, _FORMATS)
            or f"name one with --format: {', '.join(FORMAT_SUFFIXES)}",
        )
    return _FORMATS[suffix]


def _refuse_collisions(jobs: Sequence[Job]) -> None:
    by_output: dict[str, Job] = {}
    for job in jobs:
        assert job.output is not None
        other = by_output.setdefault(_place(job.output), job)
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
