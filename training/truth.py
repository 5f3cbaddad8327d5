"""Read what was played: MIDI, CSV, and the files of data sets; pedal as lengthened notes."""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from amtstudio.errors import BadFileError, InputNotFoundError, InputUnreadableError
from amtstudio.formats import read_transcription
from amtstudio.symbolic import Note, Pedal, Transcription
from training.label_files import is_musicnet_table, read_jams, read_musicnet_table

_MAPS_HEADER = ["OnsetTime", "OffsetTime", "MidiPitch"]


def read_truth(path: Path, *, extend_by_pedal: bool = False) -> Transcription:
    """Read the notes and pedal of a recording.

    Parameters
    ----------
    path : Path
        MIDI, ``.csv`` (also a table of MusicNet), a MAPS ``.txt``, or ``.jams``.
    extend_by_pedal : bool
        Let notes sound until the sustain pedal comes up, as ``extended_notes`` does. The text
        files of MAPS have that done already, and no pedal; nor have those of GuitarSet and
        MusicNet.

    Raises
    ------
    AmtStudioError
        If the file is missing or does not say what it should.
    """
    if path.suffix.lower() == ".txt":
        return read_maps_text(path)
    if path.suffix.lower() == ".jams":
        return read_jams(path)
    if path.suffix.lower() == ".csv" and is_musicnet_table(path):
        return read_musicnet_table(path)
    truth = read_transcription(path)
    if not extend_by_pedal:
        return truth
    return replace(truth, notes=tuple(extended_notes(truth.notes, truth.pedals)))


def read_maps_text(path: Path) -> Transcription:
    """Read ``OnsetTime  OffsetTime  MidiPitch`` lines, in seconds; velocities are unknown.

    Raises
    ------
    InputNotFoundError, InputUnreadableError
        If the file cannot be opened.
    BadFileError
        If it is something else; the line is named.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise InputNotFoundError(f"There is no file {path}") from error
    except UnicodeDecodeError as error:
        raise BadFileError(f"{path.name} is no text file") from error
    except OSError as error:
        raise InputUnreadableError(f"Cannot read {path}: {error.strerror}") from error
    if not lines or lines[0].split() != _MAPS_HEADER:
        raise BadFileError(f"{path.name} does not start with {' '.join(_MAPS_HEADER)}")
    notes = [
        _maps_note(path, number, line) for number, line in enumerate(lines[1:], 2) if line.strip()
    ]
    duration = max((note.offset for note in notes), default=0.0)
    return Transcription(tuple(notes), duration=duration, file=path.name)


def extended_notes(notes: Sequence[Note], pedals: Sequence[Pedal]) -> list[Note]:
    """Lengthen notes that end while the sustain pedal is down.

    Such a note sounds on until the pedal comes up or its key is struck again, whichever is
    first. No note is shortened.

    Parameters
    ----------
    notes : sequence of Note
    pedals : sequence of Pedal
        In MIDI: from where control change 64 rises to 64 or more, to where it falls below.

    Returns
    -------
    list of Note
        In the order given.
    """
    presses = _joined(pedals)
    downs = [press.onset for press in presses]
    onsets: dict[int, list[float]] = {}
    for note in sorted(notes):
        onsets.setdefault(note.pitch, []).append(note.onset)

    def extended(note: Note) -> Note:
        press = bisect.bisect_right(downs, note.offset) - 1
        if press < 0 or presses[press].offset <= note.offset:
            return note
        same_key = onsets[note.pitch]
        following = bisect.bisect_right(same_key, note.onset)
        restruck = same_key[following] if following < len(same_key) else float("inf")
        until = min(presses[press].offset, restruck)
        return replace(note, offset=max(note.offset, until))

    return [extended(note) for note in notes]


def _joined(pedals: Sequence[Pedal]) -> list[Pedal]:
    """One press for presses that overlap, as those of several tracks may; sorted."""
    joined: list[Pedal] = []
    for pedal in sorted(pedals):
        if joined and pedal.onset < joined[-1].offset:
            end = max(joined[-1].offset, pedal.offset)
            joined[-1] = Pedal(joined[-1].onset, end)
        else:
            joined.append(pedal)
    return joined


def _maps_note(path: Path, number: int, line: str) -> Note:
    try:
        onset, offset, pitch = line.split()
        return Note(float(onset), float(offset), int(pitch))
    except ValueError as error:
        raise BadFileError(f"{path.name}, line {number}: {error}") from error
