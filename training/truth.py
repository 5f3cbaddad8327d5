"""Read what was played: MIDI, CSV, and the files of data sets; pedal as lengthened notes."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from amtstudio.errors import BadFileError, InputNotFoundError, InputUnreadableError
from amtstudio.formats import read_transcription
from amtstudio.symbolic import Note, NoteTable, Pedal, Transcription, held_until
from training.label_files import is_musicnet_table, read_jams, read_musicnet_table

_SHORTEST_S = 0.03
_MAPS_HEADER = ["OnsetTime", "OffsetTime", "MidiPitch"]
_ALIGNED_HEADER = ("aligned_onset_s", "offset_s", "midi_pitch")


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

    A pitch between two keys, as of a voice, becomes the nearest key with a bend.

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
    truth = read_transcription(path, nearest_key=True)
    if not extend_by_pedal:
        return truth
    return replace(truth, notes=extended_notes(truth.notes, truth.pedals))


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
        raise BadFileError(f"{path.name} is not a text file") from error
    except OSError as error:
        raise InputUnreadableError(f"Cannot read {path}: {error.strerror}") from error
    if not lines or lines[0].split() != _MAPS_HEADER:
        raise BadFileError(f"{path.name} does not start with {' '.join(_MAPS_HEADER)}")
    notes = [
        _maps_note(path, number, line) for number, line in enumerate(lines[1:], 2) if line.strip()
    ]
    duration = max((note.offset for note in notes), default=0.0)
    return Transcription(NoteTable.of(notes), duration=duration, file=path.name)


def read_aligned_score(path: Path) -> NoteTable:
    """The notes of a score at the times at which they sound in a recording, by onset.

    The columns are ``aligned_onset_s``, ``offset_s`` and ``midi_pitch``. Offsets are often those of
    the score and may lie before the aligned onset: such notes become 30 ms long.

    Raises
    ------
    BadFileError
        If it is something else.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = csv.reader(file)
            header = next(rows, [])
            places = [header.index(name) for name in _ALIGNED_HEADER]
            notes = []
            for row in filter(None, rows):
                onset, offset, pitch = (row[place] for place in places)
                end = max(float(offset), float(onset) + _SHORTEST_S)
                notes.append(Note(float(onset), end, int(pitch)))
        return NoteTable.of(notes).in_order()
    except (IndexError, ValueError, csv.Error) as error:
        raise BadFileError(
            f"{path.name} is not an aligned score",
            hint=f"its columns are {', '.join(_ALIGNED_HEADER)}",
        ) from error


def extended_notes(notes: Sequence[Note], pedals: Sequence[Pedal]) -> NoteTable:
    """Lengthen notes that end while the sustain pedal of their track is down.

    Such a note sounds on until the pedal comes up or its key is struck again, whichever is
    first. No note is shortened.

    Parameters
    ----------
    notes : sequence of Note
    pedals : sequence of Pedal
        In MIDI: from where control change 64 rises to 64 or more, to where it falls below.

    Returns
    -------
    NoteTable
        In the order given.
    """
    table = NoteTable.of(notes)
    until = held_until(table, pedals)
    for pitch in np.unique(table.pitch):
        same = np.flatnonzero(table.pitch == pitch)
        onsets = np.append(np.sort(table.onset[same]), np.inf)
        restruck = onsets[np.searchsorted(onsets, table.onset[same], side="right")]
        until[same] = np.minimum(until[same], restruck)
    return replace(table, offset=np.maximum(table.offset, until))


def _maps_note(path: Path, number: int, line: str) -> Note:
    try:
        onset, offset, pitch = line.split()
        return Note(float(onset), float(offset), int(pitch))
    except ValueError as error:
        raise BadFileError(f"{path.name}, line {number}: {error}") from error
