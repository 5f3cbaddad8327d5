"""Writing notes as the options of ``transcribe`` and ``export`` say."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from amtstudio.cli.console import Console
from amtstudio.cli.engine_options import chosen_filter
from amtstudio.cli.outputs import Job
from amtstudio.cli.process import write_output
from amtstudio.errors import OptionError, OutputWriteError
from amtstudio.formats import (
    FORMATS,
    check_format,
    dump_transcription,
    track_files,
    write_track_files,
    write_transcription,
)
from amtstudio.symbolic import Transcription


def check_writing(arguments: argparse.Namespace, jobs: Sequence[Job]) -> None:
    """Find out before the work whether the options fit each other and the format.

    Raises ``OptionError``, what ``check_format`` raises, and ``OutputWriteError`` if standard
    output is wanted and closed.
    """
    check_format(jobs[0].format_name)
    if arguments.quantize_ends and arguments.quantize is None:
        raise OptionError("--quantize-ends goes with --quantize", hint="add --quantize 1")
    _check_score_options(arguments, jobs[0].format_name)
    if jobs[0].output is None:
        if arguments.split_tracks:
            raise OptionError("--split-tracks writes files", hint="name a folder with -o")
        _check_stdout(jobs[0].format_name)


class Writer:
    """Leaves out the notes that are not wanted, and writes the others.

    Raises ``OptionError`` for a range of keys that is none.
    """

    def __init__(self, arguments: argparse.Namespace, console: Console) -> None:
        self._arguments = arguments
        self._console = console
        self._filter = chosen_filter(arguments)

    def filtered(self, job: Job, transcription: Transcription) -> Transcription:
        """With the notes to write, by key range and scale."""
        notes = self._filter.filtered(transcription.notes)
        if (n_left_out := len(transcription.notes) - len(notes)) > 0:
            which = "1 note is" if n_left_out == 1 else f"{n_left_out} notes are"
            self._console.message(f"{job.input}: {which} left out by key range or scale")
        return replace(transcription, notes=notes)

    def write(self, job: Job, transcription: Transcription) -> Transcription:
        """Write a file, one for each track, or to standard output, and return what was written.

        Raises what ``write_transcription`` raises.
        """
        arguments = self._arguments
        if arguments.no_bends:
            straight = replace(transcription.notes, bends=None)
            transcription = replace(transcription, notes=straight)
        if arguments.quantize is not None:
            from amtstudio.notation import quantised  # noqa: PLC0415 - only where it is asked for

            transcription = quantised(
                transcription, arguments.quantize, lengths=arguments.quantize_ends
            )
        if arguments.beats == "off":
            transcription = replace(transcription, tempo=None)
        transcription = self._with_choices(transcription)
        notation = None
        if arguments.tablature or arguments.score_without:
            from amtstudio.notation import NotationSettings  # noqa: PLC0415 - as above

            left_out: dict[str, Any] = dict.fromkeys(arguments.score_without, False)
            notation = NotationSettings(**left_out, tablature=arguments.tablature)
        if job.output is None:
            data = dump_transcription(
                transcription, job.format_name, drum_map=arguments.drum_map, notation=notation
            )
            write_output(data)
            return transcription
        write = write_track_files if arguments.split_tracks else write_transcription
        write(
            transcription,
            job.output,
            format_name=job.format_name,
            overwrite=arguments.overwrite,
            drum_map=arguments.drum_map,
            notation=notation,
        )
        return transcription

    def files(self, job: Job, transcription: Transcription) -> list[Path]:
        """The files that ``write`` makes; none for standard output."""
        if job.output is None:
            return []
        if self._arguments.split_tracks:
            return list(track_files(transcription, job.output))
        return [job.output]

    def _with_choices(self, transcription: Transcription) -> Transcription:
        """In the key and the tunings that the options name, where they do."""
        arguments = self._arguments
        named = {
            "key": arguments.key,
            "guitar": arguments.tuning,
            "bass": arguments.bass_tuning,
            "capo": arguments.capo,
        }
        said = {name: value for name, value in named.items() if value is not None}
        return replace(transcription, score_choices=replace(transcription.score_choices, **said))


def _check_score_options(arguments: argparse.Namespace, format_name: str) -> None:
    named = (arguments.tuning, arguments.bass_tuning, arguments.capo)
    if any(option is not None for option in named) and not arguments.tablature:
        raise OptionError("tunings and a capo go with --tablature", hint="add it")
    if FORMATS[format_name].dumps_score is not None:
        return
    what = ""
    if arguments.tablature:
        what = "tablature"
    elif arguments.score_without:
        what = f"score to leave {', '.join(arguments.score_without)} out of"
    elif arguments.key is not None:
        what = "score to write in a key"
    if what:
        known = ", ".join(name for name, entry in FORMATS.items() if entry.dumps_score)
        raise OptionError(
            f"{FORMATS[format_name].label} has no {what}",
            hint=f"choose a score with --format: {known}",
        )


def _check_stdout(format_name: str) -> None:
    if sys.stdout is None:
        raise OutputWriteError("standard output is closed")
    if format_name == "midi" and sys.stdout.isatty():
        raise OptionError(
            "MIDI is binary, and standard output is a terminal",
            hint="redirect it, name a file with -o, or use --format json",
        )
