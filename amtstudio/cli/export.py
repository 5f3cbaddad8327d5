"""``amtstudio export``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from amtstudio.cli.beats import tempo_in_words
from amtstudio.cli.console import PROGRAM, Console
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.cli.inputs import Input, place_of
from amtstudio.cli.outputs import Job, check_output, make_folder, output_folder, plan_jobs
from amtstudio.cli.process import ReaderGoneError
from amtstudio.cli.stopping import StopRequest
from amtstudio.cli.writing import Writer, check_writing
from amtstudio.errors import AmtStudioError, BadFileError, Cancelled, InputNotFoundError
from amtstudio.formats import track_files
from amtstudio.session import SUFFIX, read_project
from amtstudio.symbolic import Transcription


def run_export(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Write the notes of every project, going on with the next where one fails.

    Projects are only read.
    """
    inputs, errors = _find_projects(arguments.inputs)
    codes = [report(console, error, file=name) for name, error in errors.items()]
    if not inputs:
        return joint_exit_code(codes)
    jobs = plan_jobs(inputs, arguments.output, arguments.format)
    check_writing(arguments, jobs)
    writer = Writer(arguments, console)
    if output_folder(arguments.output, inputs) is not None:
        for folder in dict.fromkeys(job.output.parent for job in jobs if job.output is not None):
            make_folder(folder)
    for job in jobs:
        stop.raise_if_requested()
        try:
            _export(job, arguments, writer, console)
        except (Cancelled, ReaderGoneError):
            raise
        except Exception as error:  # noqa: BLE001 - the other projects can do nothing for it
            codes.append(report(console, error, file=job.input))
        else:
            codes.append(0)
    return joint_exit_code(codes)


def _find_projects(names: Sequence[str]) -> tuple[list[Input], dict[str, AmtStudioError]]:
    """Those that were named, and those in folders that were, each once; and folders without any."""
    found: dict[str, Input] = {}
    errors: dict[str, AmtStudioError] = {}
    for name in names:
        # os.path: Path.is_dir() raises for a name that is too long.
        if not os.path.isdir(name):  # noqa: PTH112
            found.setdefault(place_of(name), Input(name))
            continue
        projects = sorted(Path(name).rglob(f"*{SUFFIX}"))
        if not projects:
            errors[name] = InputNotFoundError(
                f"{name} contains no projects", hint="name projects, or a folder of them"
            )
        for path in projects:
            found.setdefault(place_of(str(path)), Input(str(path), path.parent.relative_to(name)))
    return list(found.values()), errors


def _export(job: Job, arguments: argparse.Namespace, writer: Writer, console: Console) -> None:
    path = Path(job.input)
    if path.is_file() and path.suffix.lower() != SUFFIX:
        raise BadFileError(
            f"{path.name} is not a project ({SUFFIX})",
            hint=f"transcribe a recording with: {PROGRAM} transcribe",
        )
    project = read_project(path)
    for problem in project.problems:
        console.warning(problem, file=job.input)
    transcription = writer.filtered(job, project.transcription)
    if job.output is not None:
        files = track_files(transcription, job.output)
        there = [
            file for file in (files if arguments.split_tracks else [job.output]) if file.exists()
        ]
        if there and arguments.skip_existing:
            console.message(f"skipped {job.input}: {there[0]} already exists")
            console.event("skipped", file=job.input, output=str(there[0]))
            return
        tracks = {track.name for track in transcription.tracks}
        check_output(
            job.output,
            path,
            overwrite=arguments.overwrite,
            tracks=tracks if arguments.split_tracks else None,
        )
    transcription = writer.write(job, transcription)
    _tell_finished(job, transcription, writer.files(job, transcription), console)
    if not len(transcription.notes):
        why = "the project has no notes, or its range and scale leave none"
        if len(project.transcription.notes):
            why = "no notes were written (widen --lowest and --highest, or choose another --scale)"
        console.warning(why, file=job.input)


def _tell_finished(
    job: Job, transcription: Transcription, files: Sequence[Path], console: Console
) -> None:
    n_notes, tempo = len(transcription.notes), transcription.tempo
    notes = f"{n_notes} {'note' if n_notes == 1 else 'notes'}"
    bars = "" if tempo is None else f", {tempo_in_words(tempo)}"
    where = ", ".join(map(str, files)) or ("standard output" if job.output is None else "no file")
    console.message(f"wrote {where}: {notes}{bars}")
    console.event(
        "finished",
        file=job.input,
        outputs=[str(file) for file in files],
        format=job.format_name,
        notes=n_notes,
        tempo_bpm=None if tempo is None else round(tempo.tempo, 2),
        duration_s=round(transcription.duration, 3),
    )
