"""Files that are written for many recordings at once: their names, and the work."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

from amtstudio.atomic_file import write_atomically
from amtstudio.errors import AmtStudioError, Cancelled
from amtstudio.formats import FORMATS, GENERAL_MIDI, write_transcription
from amtstudio.notation import NotationSettings, quantised
from amtstudio.symbolic import Transcription

NAME, NUMBER = "{name}", "{number}"


@dataclass(frozen=True, slots=True)
class MidiOptions:
    """What is written to MIDI files.

    Attributes
    ----------
    quantising : float, in [0, 1]
        How far onsets are moved to the grid of the beats.
    quantises_ends : bool
        Whether the ends of the notes are moved as well; else each note keeps its length.
    with_bars : bool
        Whether they have the bars of the music, or 120 beats a minute throughout.
    with_bends : bool
        Whether bends move the pitch wheel, or notes are played straight.
    drum_map : str
        The numbers of drums, a name of ``formats.DRUM_MAPS``.
    """

    quantising: float = 0.0
    with_bars: bool = True
    with_bends: bool = True
    drum_map: str = GENERAL_MIDI
    quantises_ends: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """A file that is going to be written."""

    transcription: Transcription
    path: Path


def write_all(
    outputs: Sequence[Output],
    format_name: str,
    midi: MidiOptions,
    *,
    notation: NotationSettings,
    overwrite: bool = False,
    on_progress: Callable[[float, float | None], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> list[tuple[Path, AmtStudioError]]:
    """Write one file after the other; one that cannot be written keeps no other from it.

    Scores that are engraved are stopped a moment after ``is_cancelled`` says so, other files after
    the one that is being written.
    """
    failures = []
    for number, output in enumerate(outputs):
        if is_cancelled():
            raise Cancelled
        on_progress(number, len(outputs))
        transcription = output.transcription
        if format_name == "midi":
            transcription = for_midi(transcription, midi)
        try:
            if FORMATS[format_name].packages:
                _write_engraved(
                    output,
                    format_name,
                    notation,
                    overwrite=overwrite,
                    on_progress=partial(_tell_share, on_progress, number, len(outputs)),
                    is_cancelled=is_cancelled,
                )
                continue
            write_transcription(
                transcription,
                output.path,
                format_name=format_name,
                drum_map=midi.drum_map,
                notation=notation,
                overwrite=overwrite,
            )
        except AmtStudioError as error:
            failures.append((output.path, error))
    return failures


def _write_engraved(
    output: Output,
    format_name: str,
    notation: NotationSettings,
    *,
    overwrite: bool,
    on_progress: Callable[[float, float | None], None],
    is_cancelled: Callable[[], bool],
) -> None:
    # In a process of its own: the engraver lets no other thread run, nor can it be interrupted.
    from amtstudio.formats.engraving_process import engraved_file  # noqa: PLC0415 - an extra

    data = engraved_file(
        output.transcription,
        format_name,
        notation,
        on_progress=on_progress,
        is_cancelled=is_cancelled,
    )
    write_atomically(output.path, data, overwrite=overwrite)


def _tell_share(
    on_progress: Callable[[float, float | None], None],
    number: int,
    n_files: int,
    done: float,
    total: float | None,
) -> None:
    """The progress of one file, as part of all."""
    on_progress(number + (done / total if total else 0.0), n_files)


def file_names(template: str, names: Iterable[str]) -> list[str]:
    """``template`` with the name of each recording, and its number from 1 on."""
    stems = list(names)
    width = max(len(str(len(stems))), 2)
    # Both at once: a recording may itself be called "{number}".
    parts = re.split(f"({re.escape(NAME)}|{re.escape(NUMBER)})", template.strip())
    named = []
    for number, stem in enumerate(stems, start=1):
        told = {NAME: stem, NUMBER: str(number).zfill(width)}
        named.append("".join(told.get(part, part) for part in parts))
    return named


def free_paths(folder: Path, names: Iterable[str], suffix: str) -> Iterator[Path]:
    """A path for each name that neither is there nor was given to another name."""
    given: set[str] = set()
    for name in names:
        numbered = (name if n == 1 else f"{name} ({n})" for n in count(1))
        path = next(
            found
            for found in (folder / f"{text}{suffix}" for text in numbered)
            # One that is too long counts as free, and fails when it is written.
            if found.name.casefold() not in given and not os.path.lexists(found)
        )
        given.add(path.name.casefold())
        yield path


def for_midi(transcription: Transcription, options: MidiOptions) -> Transcription:
    """As written to a MIDI file, but for the numbers of drums."""
    if options.quantising > 0.0:
        transcription = quantised(transcription, options.quantising, lengths=options.quantises_ends)
    if not options.with_bends and transcription.notes.bends is not None:
        straight = replace(transcription.notes, bends=None)
        transcription = replace(transcription, notes=straight)
    return transcription if options.with_bars else replace(transcription, tempo=None)
