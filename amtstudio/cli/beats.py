"""``amtstudio beats``."""

from __future__ import annotations

import argparse
from pathlib import Path

from amtstudio.audio import check_input, probe
from amtstudio.cli.console import Console
from amtstudio.cli.engine_options import load_for_files
from amtstudio.cli.process import write_output
from amtstudio.cli.progress import FileProgress
from amtstudio.cli.stopping import StopRequest
from amtstudio.decoding.beat_decoder import BeatSettings
from amtstudio.formats import read_midi
from amtstudio.formats.beat_table import BEAT_FORMATS
from amtstudio.symbolic import Transcription

_MIDI = (".mid", ".midi")
_TEMPO_REACH = 1.3  # either way from the tempo that is given: less than to its double


def run_beats(arguments: argparse.Namespace, console: Console, stop: StopRequest) -> int:
    """Tell the beats and bars of a recording, or of a MIDI file, on standard output."""
    path = Path(arguments.input)
    check_input(path)
    from amtstudio.engine.beat_tracker import BeatTracker  # noqa: PLC0415 - torch

    if path.suffix.lower() in _MIDI:
        transcription = read_midi(path)
    else:
        probe(path)
        transcription = _heard(path, arguments, console, stop)
    tempo = BeatTracker.load().track(
        transcription.notes,
        settings=_settings(arguments),
        is_drum=[note.instrument == "drums" for note in transcription.notes],
    )
    stop.raise_if_requested()
    if tempo is None:
        console.message(f"{arguments.input}: the notes do not make a beat")
    write_output(BEAT_FORMATS[arguments.format](path.name, tempo))
    return 0


def _heard(
    path: Path, arguments: argparse.Namespace, console: Console, stop: StopRequest
) -> Transcription:
    transcriber = load_for_files(arguments)
    with FileProgress(console, arguments.input) as progress:
        result = transcriber.transcribe_file(
            path,
            on_progress=progress.update,
            is_cancelled=stop.is_requested,
            on_warning=progress.warn,
        )
    stop.raise_if_requested()
    return result.transcription


def _settings(arguments: argparse.Namespace) -> BeatSettings:
    """Beats near the tempo, and in the metre, that the user knows."""
    settings = BeatSettings()
    tempo, meter = arguments.tempo, arguments.meter
    return BeatSettings(
        lowest_tempo=settings.lowest_tempo if tempo is None else tempo / _TEMPO_REACH,
        highest_tempo=settings.highest_tempo if tempo is None else tempo * _TEMPO_REACH,
        meters=settings.meters if meter is None else (meter,),
    )
