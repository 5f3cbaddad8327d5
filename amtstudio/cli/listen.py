"""``amtstudio listen``."""

from __future__ import annotations

import argparse
import json
import re
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio.audio import AudioSource, check_input
from amtstudio.audio.input_devices import find_input_device, list_input_devices
from amtstudio.audio.recording import End
from amtstudio.audio.take_files import keyboard_file
from amtstudio.cli.console import Console, printable
from amtstudio.cli.engine_options import (
    chooses_models,
    chosen_changes,
    chosen_settings,
    keeps_up,
    load_for_files,
    load_for_listening,
)
from amtstudio.cli.failures import report
from amtstudio.cli.inputs import STDIN, Input
from amtstudio.cli.kept_take import kept_until_written
from amtstudio.cli.live_sources import DeviceSource, FileSource, PacedFileSource, Source
from amtstudio.cli.outputs import STDOUT, Job, check_output, plan_jobs
from amtstudio.cli.plan_words import switch_in_words
from amtstudio.cli.process import write_output
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.shared_options import AUTO, DEFAULT_MODEL
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import AudioDeviceError, OptionError, OutputWriteError
from amtstudio.formats import FORMATS, write_transcription
from amtstudio.formats.midi_keyboard import (
    Keyboard,
    find_keyboard,
    list_keyboards,
)
from amtstudio.symbolic.percussion import percussion_name

if TYPE_CHECKING:
    from amtstudio.decoding import LiveEvent
    from amtstudio.engine import FileTranscriber, LiveTranscriber, Plan, PlannedLive, Transcriber

_NAMES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_LONG_SILENCE_S = 5.0
# Hz; as most devices deliver, and enough for every model: the drums' hears up to 16 kHz.
_DEVICE_RATE = 48_000
_SUFFIX = re.compile(r"\.[A-Za-z][A-Za-z0-9]{1,4}")  # names of devices have others, such as "2.0)"


def run_listen(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Tell notes as they are played; then transcribe the whole take."""
    if arguments.list_inputs:
        return _list_inputs(console)
    file = _input_file(arguments)
    _check_options(arguments, is_file=file is not None)
    job = _final_job(arguments, file)
    with ExitStack() as stack:
        if file is not None:
            return _listen_to_file(arguments, console, stop, file, job)
        device = replace(find_input_device(arguments.input), inputs=arguments.channels or ())
        keyboard = _open_keyboard(arguments, stack)
        record_to = Path(arguments.record) if arguments.record else None
        if record_to is None and job is not None:
            record_to = stack.enter_context(kept_until_written(console))
        transcriber = load_for_listening(arguments)
        _tell_of_stand_in(arguments, console, transcriber)
        source = DeviceSource(
            device,
            record_to=record_to,
            seconds=arguments.seconds,
            on_remark=console.warning,
        )
        console.message(f"listening to {source.recorder.device_name}; Ctrl-C ends the take")
        _Listening(arguments, console, stop, transcriber).run(source)
        if keyboard is not None:
            _keep_keyboard(keyboard, source, console)
        code = _tell_of_take(source, console)
        if job is not None and record_to is not None:
            _transcribe_take(arguments, console, transcriber, record_to, job, end=None)
        return code


def _listen_to_file(
    arguments: argparse.Namespace,
    console: Console,
    stop: StopRequest,
    file: Path,
    job: Job | None,
) -> int:
    kind: type[PacedFileSource | FileSource] = PacedFileSource if arguments.realtime else FileSource
    with AudioSource(file, track=arguments.track) as audio:
        model = None
        if chooses_models(arguments) and not arguments.realtime:
            model = _model_by_ear(arguments, console, stop, audio)
        transcriber = load_for_listening(arguments, model, while_playing=arguments.realtime)
        if arguments.realtime:
            _tell_of_stand_in(arguments, console, transcriber)
        rate = transcriber.card.sample_rate
        if chooses_models(arguments) and arguments.realtime:  # from there to that of any model
            rate = _DEVICE_RATE
        source = kind(audio, sample_rate=rate, end=arguments.seconds)
        heard_s = _Listening(arguments, console, stop, transcriber).run(source)
        if job is not None:
            end = heard_s if stop.is_requested() else arguments.seconds
            _transcribe_take(arguments, console, transcriber, audio, job, end=end)
    return 0


def _tell_of_stand_in(
    arguments: argparse.Namespace, console: Console, transcriber: Transcriber
) -> None:
    """Say so if the requested model is too slow and another one listens."""
    if not keeps_up(arguments):
        asked = arguments.profile or arguments.model
        later = f"; {asked} transcribes the take afterwards" if arguments.output else ""
        console.warning(
            f"{asked} is too slow to follow what is played: {transcriber.name} listens{later}"
        )


class _Listening:
    """One stream, from its first block to its last note."""

    def __init__(
        self,
        arguments: argparse.Namespace,
        console: Console,
        stop: StopRequest,
        transcriber: Transcriber,
    ) -> None:
        self._arguments = arguments
        self._console = console
        self._stop = stop
        self._transcriber = transcriber
        self._told_of_silence = False
        # Of a model that heard again what another one had told of.
        self._told_before: set[int] = set()

    def run(self, source: Source) -> float:
        """Returns the seconds of audio that were processed."""
        from amtstudio.engine import PlannedLive  # noqa: PLC0415 - torch is there by now

        live = self._make_live(source)
        live.warm_up()
        source.start()
        try:
            for block in source.blocks():
                if len(block):
                    self._tell(live.feed(block), source)
                if isinstance(live, PlannedLive):
                    self._follow(live, source)
                self._watch(source)
                if self._stop.is_requested():
                    source.stop()
        finally:
            source.stop()
        self._tell(live.finish(), source)
        return live.duration

    def _make_live(self, source: Source) -> LiveTranscriber | PlannedLive:
        from amtstudio.engine import PlannedLive, settings_with  # noqa: PLC0415 - as above

        arguments, transcriber = self._arguments, self._transcriber
        if chooses_models(arguments) and source.max_lag_s is not None:
            planned = PlannedLive(
                transcriber,
                sample_rate=source.sample_rate,
                max_lag_s=source.max_lag_s,
                changes=chosen_changes(arguments),
                on_warning=self._console.warning,
            )
            return planned.follow_plan(partial(load_for_listening, arguments))
        if chooses_models(arguments):
            settings = settings_with(transcriber.settings, chosen_changes(arguments))
        else:
            settings = chosen_settings(transcriber, arguments)
        return transcriber.live(
            settings=settings,
            sample_rate=source.sample_rate,
            max_lag_s=source.max_lag_s,
            on_warning=self._console.warning,
        )

    def _follow(self, live: PlannedLive, source: Source) -> None:
        """Go over to the model that suits; what was printed stays, and is not printed twice."""
        switch = live.switch()
        if switch is None:
            return
        self._tell(switch.ended, source)
        self._told_before = {event.id for event in switch.events}
        if switch.plan is not None:
            _tell_choice(self._console, switch.now, switch.model, switch.plan)

    def _watch(self, source: Source) -> None:
        if source.silent_s > _LONG_SILENCE_S and not self._told_of_silence:
            self._told_of_silence = True
            self._console.warning(
                "only silence comes from the device; it may be muted or disconnected"
            )

    def _tell(self, events: list[LiveEvent], source: Source) -> None:
        for event in events:
            if event.id in self._told_before:
                continue
            if self._arguments.jsonl:
                if event.kind != "ended" or self._arguments.ends:
                    write_output(_json_line(event, source.emitted_s(event.stream_time)))
            elif event.kind == "confirmed":
                write_output(_text_line(event))


def _model_by_ear(
    arguments: argparse.Namespace, console: Console, stop: StopRequest, audio: AudioSource
) -> str | None:
    """The model for a file that is there from beginning to end; None: the usual one."""
    from amtstudio.engine import SuitabilityCheck  # noqa: PLC0415 - torch takes a second

    check = SuitabilityCheck()
    activity = check.heard(audio, end=arguments.seconds, is_cancelled=stop.is_requested)
    if activity is None:
        return None
    plan = check.plan_of(activity)
    if plan.models[0] != DEFAULT_MODEL:
        _tell_choice(console, None, plan.models[0], plan)
    return plan.models[0]


def _tell_choice(console: Console, time: float | None, model: str, plan: Plan) -> None:
    """Say which model listens from a time on, in seconds, and why."""
    console.event("plan", start=time or 0.0, models=[model], heard=list(plan.heard))
    console.message(switch_in_words(time, model, plan))


def _json_line(event: LiveEvent, emitted_s: float) -> str:
    values: dict[str, object] = {
        "event": event.kind,
        "id": event.id,
        "onset_s": round(event.onset, 4),
        "pitch": event.pitch,
        "velocity": event.velocity,
        "provisional": event.kind in ("provisional", "withdrawn"),
        "emitted_s": round(emitted_s, 4),
    }
    if event.track.is_drums:
        values["drum"] = percussion_name(event.pitch)
    if event.offset is not None:
        values["offset_s"] = round(event.offset, 4)
    return json.dumps(values) + "\n"


def _text_line(event: LiveEvent) -> str:
    if event.track.is_drums:
        name = f"{percussion_name(event.pitch):<13}"
    else:
        name = f"{_NAMES[event.pitch % 12]}{event.pitch // 12 - 1}".ljust(4)
    return f"{event.onset:9.2f} s  {name} velocity {event.velocity:3d}\n"


def _list_inputs(console: Console) -> int:
    devices = list_input_devices()
    if not devices:
        console.message("no recording device was found")
    for device in devices:
        mark = "*" if device.is_default else " "
        line = (
            f"{mark} {device.index}: {device.name} ({device.system},"
            f" {device.channels} {'channel' if device.channels == 1 else 'channels'},"
            f" {device.sample_rate} Hz)"
        )
        write_output(f"{printable(line)}\n")
    try:
        keyboards = list_keyboards()
    except AudioDeviceError as error:
        console.message(str(error))
        return 0
    for name in keyboards:
        write_output(f"{printable(f'  MIDI: {name}')}\n")
    return 0


def _input_file(arguments: argparse.Namespace) -> Path | None:
    """The recording that ``--input`` names; None if it names a device."""
    if arguments.input is None:
        return None
    if arguments.input == STDIN:
        raise OptionError(
            "listen does not read standard input", hint="'amtstudio transcribe -' does"
        )
    path = Path(arguments.input)
    has_folder = path.name != arguments.input
    if not (has_folder or _SUFFIX.fullmatch(path.suffix) or path.exists()):
        return None
    check_input(path)
    return path


def _check_options(arguments: argparse.Namespace, *, is_file: bool) -> None:
    if arguments.realtime and not is_file:
        raise OptionError("--realtime is for a recording", hint="name it with --input FILE")
    if arguments.channels and is_file:
        raise OptionError(
            "--channels is for a device", hint="a recording is read with all its channels"
        )
    if arguments.track is not None and not is_file:
        raise OptionError("--track is for a recording", hint="name it with --input FILE")
    if arguments.record and is_file:
        raise OptionError("--record is for a device", hint="the recording already exists")
    if arguments.midi_in is not None and not arguments.record:
        raise OptionError(
            "--midi-in keeps the keyboard's notes beside a recording",
            hint="name one with --record OUT.wav",
        )
    if arguments.ends and not arguments.jsonl:
        raise OptionError("--ends goes with --jsonl")
    if arguments.output == STDOUT:
        raise OptionError(
            "-o - and the live notes would share standard output", hint="name a file with -o"
        )


def _final_job(arguments: argparse.Namespace, file: Path | None) -> Job | None:
    """The output for the whole take, checked before it is played."""
    if arguments.output is None:
        return None
    source = file or Path("take.wav")
    (job,) = plan_jobs([Input(str(source))], arguments.output, None)
    assert job.output is not None
    check_output(job.output, source, overwrite=arguments.overwrite)
    return job


def _transcribe_take(
    arguments: argparse.Namespace,
    console: Console,
    transcriber: Transcriber,
    take: Path | AudioSource,
    job: Job,
    *,
    end: float | None,
) -> None:
    assert job.output is not None
    whole: FileTranscriber = transcriber
    if chooses_models(arguments) or not keeps_up(arguments):
        whole = load_for_files(arguments, default=AUTO)
    # The first Ctrl-C ended the take; a second one stops this at once.
    with FileProgress(console, str(job.output)) as progress:
        result = whole.transcribe_file(
            take,
            end=end,
            settings=chosen_settings(whole, arguments),
            on_progress=progress.update,
            on_warning=progress.warn,
        )
    transcription = result.transcription
    if FORMATS[job.format_name].has_beats:
        from amtstudio.engine import BeatTracker  # noqa: PLC0415 - torch is there by now

        found = BeatTracker.load().track(transcription.notes)
        if found is not None and found.is_sure:
            transcription = replace(transcription, tempo=found.tempo)
    write_transcription(
        transcription,
        job.output,
        format_name=job.format_name,
        overwrite=arguments.overwrite,
        drum_map=arguments.drum_map,
    )
    n_notes = len(transcription.notes)
    console.message(f"wrote {job.output}: {n_notes} {'note' if n_notes == 1 else 'notes'}")


def _open_keyboard(arguments: argparse.Namespace, stack: ExitStack) -> Keyboard | None:
    if arguments.midi_in is None:
        return None
    recording = Path(arguments.record)
    check_output(keyboard_file(recording), recording, overwrite=None, option="--record")
    keyboard = Keyboard(find_keyboard(arguments.midi_in))
    stack.callback(keyboard.close)
    return keyboard


def _keep_keyboard(keyboard: Keyboard, source: DeviceSource, console: Console) -> None:
    take = source.take
    if take is None or take.path is None:
        return
    path = keyboard_file(take.path)
    n_notes = keyboard.write(path, source.recorder.began, take.duration)
    if n_notes:
        notes = "note" if n_notes == 1 else "notes"
        console.message(f"wrote {path}: {n_notes} {notes} of {keyboard.name}")
    else:
        console.warning(f"nothing was played on {keyboard.name}")


def _tell_of_take(source: DeviceSource, console: Console) -> int:
    take = source.take
    assert take is not None
    if take.clipped:
        console.warning("the input clipped: turn its gain down")
    if take.n_gaps:
        console.warning(f"the system lost samples {take.n_gaps} times: the computer was too busy")
    if take.end is End.DEVICE_LOST:
        return report(console, AudioDeviceError(take.message))
    if take.end is End.WRITE_FAILED:
        return report(console, OutputWriteError(take.message))
    return 0
