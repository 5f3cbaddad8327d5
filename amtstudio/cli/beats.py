"""``amtstudio beats``, and the beats of what ``transcribe`` wrote."""

from __future__ import annotations

import argparse
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from amtstudio.atomic_file import write_atomically
from amtstudio.audio import AudioSource, check_input
from amtstudio.cli.console import Console, about
from amtstudio.cli.engine_options import check_span, load_for_files
from amtstudio.cli.inputs import kept_stdin
from amtstudio.cli.outputs import STDOUT, check_output
from amtstudio.cli.process import write_output
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.shared_options import AUTO
from amtstudio.cli.stopping import StopRequest
from amtstudio.errors import BadFileError, OptionError
from amtstudio.formats import MIDI_SUFFIXES, read_transcription
from amtstudio.formats.beat_list import BEAT_FORMATS
from amtstudio.session import SUFFIX as PROJECT_SUFFIX
from amtstudio.session import read_project

if TYPE_CHECKING:
    from amtstudio.engine import BeatHints, FoundBeats
    from amtstudio.symbolic import NoteTable, TempoMap

_NOTE_FILES = (*MIDI_SUFFIXES, ".csv", ".json", ".jsonl")
_MOST_HOURS = 24
_LONGEST_LINE = 4096  # bytes of a first line that says which kind of file it is


def run_beats(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Tell the beats of one recording, or of a file of notes."""
    check_span(0.0, arguments.end)
    with kept_stdin([arguments.input], stop) as kept:
        path = Path(arguments.input) if kept is None else _with_suffix(kept)
        return _run(arguments, console, stop, path)


def _with_suffix(kept: Path) -> Path:
    """The content of standard input, under a name that says which type of file it is."""
    with kept.open("rb") as file:
        head = file.readline(_LONGEST_LINE)
    suffix = ""
    if head.startswith(b"MThd"):
        suffix = ".mid"
    elif head.lstrip(b"\xef\xbb\xbf")[:1] in (b"{", b"["):
        suffix = ".jsonl" if b'"onset_s"' in head and b'"notes"' not in head else ".json"
    elif b"onset_s" in head and b"midi_pitch" in head:
        suffix = ".csv"
    return kept.rename(kept.with_name(f"{kept.name}{suffix}")) if suffix else kept


def _run(arguments: argparse.Namespace, console: Console, stop: StopRequest, path: Path) -> int:
    output = None if arguments.output in (None, STDOUT) else Path(arguments.output)
    format_name = _format_of(arguments.format, output)
    is_notes = path.suffix.lower() in (*_NOTE_FILES, PROJECT_SUFFIX)
    if is_notes:
        _check_no_sound_options(arguments, path)
    with ExitStack() as stack:
        source = None
        if not is_notes:
            check_input(path)
            source = stack.enter_context(AudioSource(path, track=arguments.track))
        if output is not None:
            check_output(output, path, overwrite=arguments.overwrite)
        kept = None
        if source is not None:
            notes = _heard(arguments, source, console, stop)
        elif path.suffix.lower() == PROJECT_SUFFIX:
            transcription = read_project(path).transcription
            notes, kept = transcription.notes, transcription.tempo
        else:
            notes = read_transcription(path, on_warning=console.warning).notes
    has_hints = arguments.tempo is not None or arguments.meter is not None
    if kept is not None and not has_hints:
        from amtstudio.engine import FoundBeats  # noqa: PLC0415 - imports torch

        found: FoundBeats | None = FoundBeats(kept, 1.0)
    else:
        _check_length(notes, path.name)
        found = _tracked(arguments, notes, console, stop)
    if found is None:
        raise BadFileError(
            f"no beats were found in {path.name}", hint="it has too few notes, or none"
        )
    tempo = _as_asked(arguments, found.tempo, path)
    found = replace(found, tempo=tempo)
    _tell(console, found, arguments.input)
    data = BEAT_FORMATS[format_name](tempo, found.certainty)
    if output is None:
        write_output(data)
    else:
        write_atomically(output, data, overwrite=arguments.overwrite)
    return 0


def _check_no_sound_options(arguments: argparse.Namespace, path: Path) -> None:
    """Raise ``OptionError`` for options that say how to listen, where there are notes already."""
    named = [
        f"--{name}"
        for name in ("end", "track", "model", "profile")
        if getattr(arguments, name) is not None
    ]
    if named:
        raise OptionError(
            f"{' and '.join(named)} can only be used with a recording, and {path.name} has notes",
            hint="leave it out" if len(named) == 1 else "leave them out",
        )


def _as_asked(arguments: argparse.Namespace, tempo: TempoMap, path: Path) -> TempoMap:
    """Half or twice as many beats, or those that there are."""
    from amtstudio.symbolic import beat_edits  # noqa: PLC0415 - imports numpy

    try:
        if arguments.half:
            return beat_edits.halved(tempo)
        if arguments.double:
            return beat_edits.doubled(tempo)
    except ValueError as error:
        raise OptionError(
            f"the beats of {path.name} cannot be halved or doubled", hint=str(error)
        ) from error
    return tempo


def _check_length(notes: NoteTable, name: str) -> None:
    """Raise ``BadFileError`` for notes so far apart that all memory would go on the time between.

    A damaged file puts one days behind the others.
    """
    hours = float(notes.onset.max(initial=0.0)) / 3600.0
    if hours > _MOST_HOURS:
        raise BadFileError(
            f"{name} has notes up to hour {hours:.0f}, and beats are found in {_MOST_HOURS} hours",
            hint="remove the notes that are far behind the others",
        )


def _tracked(
    arguments: argparse.Namespace, notes: NoteTable, console: Console, stop: StopRequest
) -> FoundBeats | None:
    from amtstudio.engine import BeatTracker  # noqa: PLC0415 - imports torch

    tracker = BeatTracker.load()
    length = float(notes.offset.max(initial=0.0))
    with FileProgress(console, arguments.input) as progress:
        return tracker.track(
            notes,
            hints_of(arguments),
            on_progress=lambda share: progress.update(share * length, length),
            is_cancelled=stop.is_requested,
        )


def _format_of(asked: str | None, output: Path | None) -> str:
    """Which of ``BEAT_FORMATS``; ``OptionError`` where the name of the output says MIDI."""
    suffix = "" if output is None else output.suffix.lower()
    if asked is not None:
        return asked
    if suffix in MIDI_SUFFIXES:
        raise OptionError(
            "'beats' writes text, CSV or JSON, not MIDI",
            hint="'transcribe' writes beats and bars into the MIDI files it makes",
        )
    name = suffix.removeprefix(".")
    return name if name in BEAT_FORMATS else "text"


def hints_of(arguments: argparse.Namespace) -> BeatHints:
    """The tempo and meter given by the user."""
    from amtstudio.engine import BeatHints  # noqa: PLC0415 - imports torch

    return BeatHints(arguments.tempo, arguments.meter)


def _tell(console: Console, found: FoundBeats, file: str) -> None:
    """Say how fast they are, and whether that is certain."""
    console.event(
        "beats",
        file=file,
        beats=len(found.tempo.beats),
        tempo_bpm=round(found.tempo.tempo, 2),
        certainty=round(found.certainty, 3),
    )
    console.message(about(file, tempo_in_words(found.tempo)))
    if not found.is_sure:
        console.warning(
            "the beats are not certain; --tempo and --meter help where they are known", file=file
        )


def _heard(
    arguments: argparse.Namespace, source: AudioSource, console: Console, stop: StopRequest
) -> NoteTable:
    transcriber = load_for_files(arguments, default=AUTO)
    with FileProgress(console, arguments.input) as progress:
        result = transcriber.transcribe_file(
            source,
            end=arguments.end,
            on_progress=progress.update,
            is_cancelled=stop.is_requested,
            on_warning=progress.warn,
        )
    stop.raise_if_requested()
    return result.transcription.notes


def tempo_in_words(tempo: TempoMap) -> str:
    """Such as "about 96 beats a minute in 3/4"."""
    meter = tempo.meter
    words = f"about {tempo.tempo:.0f} beats a minute"
    return words if meter is None else f"{words} in {meter}"
