"""``amtstudio instruments``."""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio.audio import AudioSource, check_input
from amtstudio.cli.console import Console, about, printable
from amtstudio.cli.engine_options import check_model
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.cli.inputs import STDIN, Input, find_inputs, kept_stdin
from amtstudio.cli.parser import INSTRUMENT_MODEL
from amtstudio.cli.process import ReaderGoneError, write_output
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.stopping import StopRequest
from amtstudio.decoding.suitability import find_mismatch, mismatch_beside_tags
from amtstudio.errors import Cancelled, OptionError, OutputWriteError, ProjectError
from amtstudio.formats.instrument_activity import (
    dump_activity_csv,
    dump_activity_json,
    dump_activity_text,
)
from amtstudio.session import SUFFIX as PROJECT_SUFFIX
from amtstudio.session import AudioStatus, read_project
from amtstudio.symbolic.instrument_tags import NO_TAGS, InstrumentTags, honoured, with_tags
from amtstudio.symbolic.instruments import InstrumentActivity

if TYPE_CHECKING:
    from amtstudio.engine import InstrumentDetector

_RESOLUTIONS_S = {"1": 1.0, "5": 5.0, "10": 10.0, "track": math.inf}


def run_instruments(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Tell the instruments of each recording on standard output, as soon as they are found."""
    inputs, errors = find_inputs(arguments.inputs, console, stop)
    check_model(arguments)
    if arguments.tag and len(inputs) + len(errors) > 1:
        raise OptionError(
            "--tag applies to a single recording, but several are given",
            hint="name one recording at a time",
        )
    codes = [report(console, error, file=name) for name, error in errors.items()]
    with kept_stdin([each.name for each in inputs], stop) as stdin:
        names_files = len(arguments.inputs) > 1 or any(each.folder is not None for each in inputs)
        run = _Run(arguments, console, stop, stdin, names_files=names_files)
        return joint_exit_code([*codes, *(run.tell(each) for each in inputs)])


class _Run:
    """One call of the program; the model is loaded once, for the first input that needs it."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        console: Console,
        stop: StopRequest,
        stdin: Path | None,
        *,
        names_files: bool,
    ) -> None:
        self._arguments, self._console, self._stop = arguments, console, stop
        self._stdin = stdin
        self._names_files = names_files
        self._detector: InstrumentDetector | None = None
        self._n_told = 0

    def tell(self, of: Input) -> int:
        """The exit code of one input. A wrong model is raised, as it concerns them all."""
        self._stop.raise_if_requested()
        try:
            path = self._stdin if of.name == STDIN and self._stdin is not None else Path(of.name)
            # A wrong file name is answered before torch is imported.
            check_input(path)
            if path.suffix.lower() == PROJECT_SUFFIX:
                return self._tell_project(path, of.name)
            source = AudioSource(path, track=self._arguments.track)
        except (Cancelled, ReaderGoneError, OutputWriteError):
            raise
        except Exception as error:  # noqa: BLE001 - the other inputs can do nothing for it
            return report(self._console, error, file=of.name)
        with source:
            detector = self._loaded()
            try:
                activity = self._heard(detector, source, of.name)
                write_output(self._as_bytes(activity, of.name))
            except (Cancelled, ReaderGoneError, OutputWriteError):
                raise
            except Exception as error:  # noqa: BLE001 - as above
                return report(self._console, error, file=of.name)
        self._n_told += 1
        return 0

    def _tell_project(self, path: Path, name: str) -> int:
        """What a project has kept, or else what is detected in its recording; with its tags."""
        if self._arguments.track is not None:
            raise OptionError(
                f"--track can only be used with a recording, and {path.name} has its own",
                hint="leave it out",
            )
        project = read_project(path)
        tags = with_tags(project.instrument_tags, self._arguments.tag or ())
        kept = project.instruments
        if kept is not None and self._arguments.model is self._arguments.profile is None:
            self._warn_of_tags(kept.duration, name)
            self._tell_mismatch(kept, tags, name)
            activity = honoured(kept, tags)
        else:
            status, audio = (
                (AudioStatus.NONE, path) if project.audio is None else project.audio.locate(path)
            )
            if status is not AudioStatus.PRESENT:
                raise ProjectError(
                    f"the recording of {path.name} is missing",
                    hint="open the project and choose the recording"
                    if kept is None
                    else "without --model and --profile you see what the project has kept",
                )
            track = None if project.audio is None else project.audio.track
            with AudioSource(audio, track=track) as source:
                activity = self._heard(self._loaded(), source, name, project.instrument_tags)
        write_output(self._as_bytes(activity, name))
        self._n_told += 1
        return 0

    def _loaded(self) -> InstrumentDetector:
        if self._detector is None:
            from amtstudio.engine import InstrumentDetector  # noqa: PLC0415 - imports torch

            arguments = self._arguments
            self._detector = InstrumentDetector.load(
                arguments.model or INSTRUMENT_MODEL,
                profile=arguments.profile,
                device=arguments.device,
            )
        return self._detector

    def _heard(
        self,
        detector: InstrumentDetector,
        source: AudioSource,
        name: str,
        known: InstrumentTags = NO_TAGS,
    ) -> InstrumentActivity:
        started = time.monotonic()
        with FileProgress(self._console, name) as progress:
            activity = detector.detect_file(
                source,
                on_progress=progress.update,
                is_cancelled=self._stop.is_requested,
                on_warning=progress.warn,
            )
        self._stop.raise_if_requested()
        seconds = time.monotonic() - started
        self._console.detail(
            f"{activity.duration:.1f} s of audio in {seconds:.1f} s on {detector.device},"
            f" {activity.duration / max(seconds, 1e-3):.0f} times real time"
        )
        tags = with_tags(known, self._arguments.tag or ())
        self._warn_of_tags(activity.duration, name)
        self._tell_mismatch(activity, tags, name)
        return honoured(activity, tags)

    def _tell_mismatch(self, activity: InstrumentActivity, tags: InstrumentTags, name: str) -> None:
        from amtstudio.engine.plan import plan_for  # noqa: PLC0415 - torch is there by now
        from amtstudio.models import list_models  # noqa: PLC0415

        mismatch = mismatch_beside_tags(find_mismatch(activity), tags)
        if mismatch is not None:
            heard = ", ".join(each.replace("_", " ") for each in mismatch.instruments)
            models = " and ".join(plan_for(activity, list_models()).models)
            self._console.message(
                about(name, f"mostly {heard}; 'transcribe' uses {models} for that")
            )

    def _warn_of_tags(self, duration: float, name: str) -> None:
        for tag in self._arguments.tag or ():
            if tag.onset >= duration:
                instrument = tag.instrument.replace("_", " ")
                self._console.warning(
                    f"the tag for {instrument} begins at {tag.onset:g} s, after the end of the"
                    f" recording ({duration:.1f} s), and changes nothing",
                    file=name,
                )

    def _as_bytes(self, activity: InstrumentActivity, name: str) -> bytes:
        told = activity.coarser(_RESOLUTIONS_S[self._arguments.resolution])
        file = printable(name) if self._names_files else None
        if self._arguments.format == "csv":
            return dump_activity_csv(told, file=file, with_header=not self._n_told)
        if self._arguments.format == "json":
            return dump_activity_json(told if file is None else replace(told, file=file))
        if file is None:
            return dump_activity_text(told)
        gap = "\n" if self._n_told else ""
        return f"{gap}{file}\n".encode() + dump_activity_text(told)
