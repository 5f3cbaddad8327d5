"""``amtstudio transcribe``."""

from __future__ import annotations

import argparse
import shlex
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio.atomic_file import remove_leftovers
from amtstudio.audio import AudioSource, check_input
from amtstudio.cli.beats import hints_of, tempo_in_words
from amtstudio.cli.console import PROGRAM, Console, about
from amtstudio.cli.engine_options import check_span, chosen_settings, load_for_files
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.cli.inputs import STDIN, find_inputs, kept_stdin
from amtstudio.cli.outputs import Job, check_output, make_folder, output_folder, plan_jobs
from amtstudio.cli.plan_words import misfit_in_words, mismatch_in_words, plan_in_words
from amtstudio.cli.process import ReaderGoneError
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.shared_options import AUTO
from amtstudio.cli.stopping import StopRequest
from amtstudio.cli.writing import Writer, check_writing
from amtstudio.errors import BadFileError, Cancelled, OptionError
from amtstudio.formats import FORMATS, track_files_of
from amtstudio.session import SUFFIX as PROJECT_SUFFIX
from amtstudio.symbolic import NoteTable, Transcription
from amtstudio.symbolic.families import FAMILY_TRACKS, SOMEBODY

if TYPE_CHECKING:
    from amtstudio.engine import (
        BeatTracker,
        FileTranscriber,
        FoundBeats,
        Plan,
        Result,
        SuitabilityCheck,
    )
    from amtstudio.profiles import Profile


def run_transcribe(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Transcribe every input, going on with the next where one fails."""
    check_span(arguments.start, arguments.end)
    inputs, errors = find_inputs(arguments.inputs, console, stop)
    codes = [report(console, error, file=name) for name, error in errors.items()]
    if not inputs:
        return joint_exit_code(codes)
    jobs = plan_jobs(inputs, arguments.output, arguments.format)
    check_writing(arguments, jobs)
    _check_tempo(arguments, jobs[0].format_name)
    with kept_stdin([job.input for job in jobs], stop) as stdin:
        run = _Run(arguments, console, stop, stdin)
        return joint_exit_code([*codes, *run.run(jobs, output_folder(arguments.output, inputs))])


class _Run:
    """One call of the program; the model is loaded once, for the first input that needs it."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        console: Console,
        stop: StopRequest,
        stdin: Path | None,
    ) -> None:
        self._arguments = arguments
        self._stdin = stdin  # where that input is read
        self._console = console
        self._stop = stop
        self._transcriber: FileTranscriber | None = None
        self._beat_tracker: BeatTracker | None = None
        self._suitability: SuitabilityCheck | None = None
        self._profiles: list[Profile] | None = None
        self._offered: set[str] = set()  # their names
        self._writer = Writer(arguments, console)
        self._models: tuple[str, ...] = ()  # that listened to the last recording
        self._input = ""  # the one that is transcribed
        self._first: AudioSource | None = None  # opened before the model is loaded

    def run(self, jobs: list[Job], folder: Path | None) -> list[int]:
        """The exit code of each; ``folder`` is made if the outputs go there."""
        codes = dict.fromkeys(jobs, 0)
        readable = self._keep_going(jobs, self._check_input, codes)
        wanted = [job for job in readable if not self._is_skipped(job)]
        places = dict.fromkeys(job.output.parent for job in wanted if job.output is not None)
        for place in places if folder is not None else ():
            make_folder(place)
        remove_leftovers(places)
        writable = self._keep_going(wanted, self._check_output, codes)
        opened = self._keep_going(writable[:1], self._open_first, codes)
        try:
            if len(writable) > 1 or opened:
                # A wrong model concerns all inputs alike: it ends the run, with its own code.
                self._load()
            self._keep_going([*opened, *writable[1:]], self._transcribe, codes)
        finally:
            if self._first is not None:
                self._first.close()
        return list(codes.values())

    def _check_input(self, job: Job) -> None:
        path = self._path(job)
        if path.suffix.lower() == PROJECT_SUFFIX:
            raise BadFileError(
                f"{path.name} is a project, not a recording",
                hint=f"write its notes with: {PROGRAM} export {shlex.quote(job.input)}",
            )
        check_input(path)

    def _path(self, job: Job) -> Path:
        if job.input == STDIN:
            assert self._stdin is not None
            return self._stdin
        return Path(job.input)

    def _keep_going(
        self, jobs: list[Job], step: Callable[[Job], object], codes: dict[Job, int]
    ) -> list[Job]:
        """Take a step for each job; those that fail are reported and left out of the result."""
        done = []
        for job in jobs:
            self._stop.raise_if_requested()
            try:
                step(job)
            except (Cancelled, ReaderGoneError):
                raise
            except Exception as error:  # noqa: BLE001 - the other inputs can do nothing for it
                codes[job] = report(self._console, error, file=job.input)
            else:
                done.append(job)
        return done

    def _is_skipped(self, job: Job) -> bool:
        if not self._arguments.skip_existing or job.output is None:
            return False
        there = self._there(job.output)
        if there is None:
            return False
        self._console.message(f"skipped {job.input}: {there} already exists")
        self._console.event("skipped", file=job.input, output=str(there))
        return True

    def _there(self, output: Path) -> Path | None:
        """The output of an earlier run for it, if there is any."""
        if not self._arguments.split_tracks:
            return output if output.is_file() else None
        try:
            return next(iter(track_files_of(output, _track_names())), None)
        except OSError:  # the folder is not there, or may not be looked into
            return None

    def _check_output(self, job: Job) -> None:
        if job.output is not None:
            tracks = _track_names() if self._arguments.split_tracks else None
            check_output(
                job.output, self._path(job), overwrite=self._arguments.overwrite, tracks=tracks
            )

    def _open_first(self, job: Job) -> None:
        self._first = self._opened(job)

    def _opened(self, job: Job) -> AudioSource:
        start, track = self._arguments.start, self._arguments.track
        return AudioSource(self._path(job), track=track, start=start)

    def _load(self) -> None:
        started = time.monotonic()
        self._transcriber = load_for_files(self._arguments, default=AUTO, on_plan=self._tell_plan)
        self._console.detail(
            f"model {self._transcriber.name} on {self._transcriber.device},"
            f" loaded in {time.monotonic() - started:.1f} s"
        )
        self._models = (self._transcriber.name,)
        self._stop.raise_if_requested()

    def _tell_plan(self, plan: Plan) -> None:
        self._models = tuple(plan.models)
        self._console.event(
            "plan", file=self._input, models=list(plan.models), heard=list(plan.heard)
        )
        if (words := plan_in_words(plan)) is not None:
            self._console.message(about(self._input, words))
        self._offer_profile(plan)

    def _offer_profile(self, plan: Plan) -> None:
        """Name the user's profile for what is heard, once."""
        from amtstudio.profiles import list_profiles  # noqa: PLC0415 - with torch
        from amtstudio.profiles.fitting import fitting_profile  # noqa: PLC0415 - as above

        if self._arguments.instruments != AUTO:
            return
        if self._profiles is None:
            self._profiles = list_profiles()[0]
        profile = fitting_profile(self._profiles, plan.heard)
        if profile is not None and profile.name not in self._offered:
            self._offered.add(profile.name)
            self._console.message(
                about(self._input, f"there is a profile for this: --profile {profile.name!r}")
            )

    def _tell_mismatch(self, source: AudioSource, progress: FileProgress) -> None:
        """Warn if the chosen model or profile was not made for the instruments detected."""
        assert self._transcriber is not None
        from amtstudio.engine import (  # noqa: PLC0415 - torch is there now
            MADE_FOR,
            SuitabilityCheck,
            suits,
        )
        from amtstudio.profiles import read_profile  # noqa: PLC0415 - as above
        from amtstudio.profiles.fitting import (  # noqa: PLC0415 - as above
            heard_instruments,
            is_misfit,
        )

        chosen, name = self._arguments.profile, self._transcriber.name
        if name not in MADE_FOR and chosen is None:
            return
        if self._suitability is None:
            self._suitability = SuitabilityCheck()
        activity = self._suitability.heard(
            source,
            start=self._arguments.start,
            end=self._arguments.end,
            is_cancelled=self._stop.is_requested,
        )
        if activity is None:
            return
        if chosen is not None:
            profile, heard = read_profile(chosen), heard_instruments([activity])
            if is_misfit(profile, heard):
                progress.warn(misfit_in_words(profile.name, profile.instruments, heard))
                return
        plan = self._suitability.plan_of(activity)
        if not suits(name, plan):
            progress.warn(mismatch_in_words(name, plan))

    def _transcribe(self, job: Job) -> None:
        assert self._transcriber is not None
        self._input = job.input
        self._console.event(
            "started",
            file=job.input,
            output=_shown(job.output),
            model=self._transcriber.name,
            device=str(self._transcriber.device),
        )
        started = time.monotonic()
        source, self._first = self._first or self._opened(job), None
        with source, FileProgress(self._console, job.input) as progress:
            self._tell_mismatch(source, progress)
            result = self._transcriber.transcribe_file(
                source,
                start=self._arguments.start,
                end=self._arguments.end,
                settings=chosen_settings(self._transcriber, self._arguments),
                on_progress=progress.update,
                is_cancelled=self._stop.is_requested,
                on_warning=progress.warn,
            )
        self._stop.raise_if_requested()
        transcription = result.transcription
        found = self._beats(job, transcription.notes)
        is_used = found is not None and (found.is_sure or self._has_hints)
        if found is not None and is_used:
            transcription = replace(transcription, tempo=found.tempo)
        transcription = self._writer.filtered(job, transcription)
        self._writer.write(job, transcription)
        if not self._has_beats(job):  # though notes may have been moved to them
            transcription = replace(transcription, tempo=None)
        told = replace(result, transcription=transcription)
        self._tell_finished(job, told, time.monotonic() - started)
        # Of a silent recording it was said already that it is silent.
        if not len(transcription.notes) and not source.is_silent:
            n_heard = len(result.transcription.notes)
            self._console.warning(self._why_no_notes(n_heard), file=job.input)

    @property
    def _has_hints(self) -> bool:
        return self._arguments.tempo is not None or self._arguments.meter is not None

    def _has_beats(self, job: Job) -> bool:
        return self._arguments.beats != "off" and FORMATS[job.format_name].has_beats

    def _beats(self, job: Job, notes: NoteTable) -> FoundBeats | None:
        if not self._has_beats(job) and self._arguments.quantize is None:
            return None
        if self._beat_tracker is None:
            from amtstudio.engine import BeatTracker  # noqa: PLC0415 - torch is there by now

            self._beat_tracker = BeatTracker.load()
        return self._beat_tracker.track(
            notes, hints_of(self._arguments), is_cancelled=self._stop.is_requested
        )

    def _tell_finished(self, job: Job, result: Result, seconds: float) -> None:
        transcription = result.transcription
        n_notes = len(transcription.notes)
        # The duration counts from the start of the recording, as the times of the notes do.
        speed = max(0.0, transcription.duration - self._arguments.start) / max(seconds, 1e-3)
        notes = f"{n_notes} {'note' if n_notes == 1 else 'notes'}"
        beats = self._beats_in_words(job, transcription)
        outputs = [str(path) for path in self._writer.files(job, transcription)]
        files = ", ".join(outputs)
        written = f"wrote {files}: {notes}"
        if not files:
            written = f"wrote {notes} to standard output" if job.output is None else "wrote no file"
        self._console.message(f"{written}{beats} in {seconds:.1f} s, {speed:.1f} times real time")
        self._console.event(
            "finished",
            file=job.input,
            output=_shown(job.output),
            outputs=outputs,
            format=job.format_name,
            notes=n_notes,
            tempo_bpm=None if transcription.tempo is None else round(transcription.tempo.tempo, 2),
            duration_s=round(transcription.duration, 3),
            seconds=round(seconds, 3),
            times_real_time=round(speed, 2),
            heard_at_cents=round(result.heard_at_cents, 2),
        )

    def _why_no_notes(self, n_heard: int) -> str:
        """What may help where nothing was written of ``n_heard`` notes."""
        if n_heard:
            return "no notes were written (widen --lowest and --highest, or choose another --scale)"
        lower = "--drum-threshold" if self._models == ("drums",) else "--onset-threshold"
        if self._arguments.minimum_duration is not None:
            lower = f"--minimum-duration or {lower}"
        other = "another --model" if self._arguments.instruments == AUTO else "other --instruments"
        return f"no notes were found (a lower {lower} finds more; so may {other})"

    def _beats_in_words(self, job: Job, transcription: Transcription) -> str:
        if not self._has_beats(job):
            return ""
        if transcription.tempo is None:
            return ", no certain beats,"
        return f", {tempo_in_words(transcription.tempo)},"


def _check_tempo(arguments: argparse.Namespace, format_name: str) -> None:
    """A tempo or a meter that nothing would be done with is refused."""
    if (arguments.tempo is None and arguments.meter is None) or arguments.quantize is not None:
        return
    if arguments.beats == "off":
        raise OptionError(
            "--beats off leaves out the tempo and the bars, so --tempo and --meter have no effect",
            hint="leave out --beats off, or add --quantize 1 to move notes to the beats",
        )
    if not FORMATS[format_name].has_beats:
        raise OptionError(
            f"{FORMATS[format_name].label} has no tempo and no bars, so --tempo and --meter have no"
            " effect",
            hint="write MIDI or MusicXML, or add --quantize 1 to move notes to the beats",
        )


def _track_names() -> set[str]:
    """The models' names for the tracks they write."""
    from amtstudio.decoding.players import INSTRUMENTS  # noqa: PLC0415 - imports numpy

    return {*INSTRUMENTS, *(track.name for track in (*FAMILY_TRACKS.values(), SOMEBODY))}


def _shown(output: Path | None) -> str:
    return "-" if output is None else str(output)
