"""A written score as it may be played: MIDI as is, MusicXML with and without its repeats."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

import numpy as np

from amtstudio.errors import BadFileError, OptionError
from amtstudio.formats import MIDI_SUFFIXES, read_transcription
from amtstudio.formats.input_file import read_input
from amtstudio.formats.partitura_import import import_partitura
from amtstudio.symbolic import NoteTable

MUSICXML_SUFFIXES = (".musicxml", ".xml", ".mxl")
SCORE_SUFFIXES = (*MIDI_SUFFIXES, *MUSICXML_SUFFIXES)
_QUARTER_S = 0.5  # at 120 per minute; score alignment finds the tempo
_MAX_BYTES = 50_000_000


def read_score(path: Path) -> tuple[NoteTable, ...]:
    """The notes of a score, in seconds of some tempo, in each order in which it may be played.

    One for a MIDI file, which says what to play. For MusicXML with all repeats as written, and also
    with none, if that differs. Grace notes are left out: their timing is unknown.

    Raises
    ------
    BadFileError
        If it is not a score, or a damaged one, or has no notes.
    InputNotFoundError, InputUnreadableError
    OptionError
        If it is MusicXML and partitura is not installed.
    """
    if path.suffix.lower() in MUSICXML_SUFFIXES:
        variants = _read_musicxml(path)
    else:
        variants = (read_transcription(path).notes,)
    if not all(map(len, variants)):
        raise BadFileError(f"there are no notes in {path.name}", hint="choose another score")
    return variants


def _read_musicxml(path: Path) -> tuple[NoteTable, ...]:
    partitura = _import_partitura()
    data = read_input(path, max_bytes=_MAX_BYTES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # partitura reports its progress by warnings
        try:
            source = path if path.suffix.lower() == ".mxl" else io.BytesIO(data)
            score = partitura.load_musicxml(source)
            played = [
                _notes_of([unfold(part) for part in score.parts])
                for unfold in (
                    partitura.score.unfold_part_maximal,
                    partitura.score.unfold_part_minimal,
                )
            ]
        except Exception as error:
            # What partitura raises for files that are no score is of every kind.
            raise BadFileError(
                f"{path.name} cannot be read as a score: {error}",
                hint="export it from the notation program once more, or as MIDI",
            ) from error
    first, second = played
    return (first,) if len(first) == len(second) else (first, second)


def _import_partitura() -> Any:
    try:
        return import_partitura()
    except ImportError as error:
        raise OptionError(
            "reading MusicXML needs the library partitura",
            hint='pip install "amtstudio[score]", or export the score as MIDI',
        ) from error


def _notes_of(parts: list[object]) -> NoteTable:
    arrays = [part.note_array() for part in parts]  # type: ignore[attr-defined]
    arrays = [array for array in arrays if len(array)]
    if not arrays:
        return NoteTable.of(())
    columns = {
        name: np.concatenate([array[name] for array in arrays])
        for name in ("onset_quarter", "duration_quarter", "pitch")
    }
    long = columns["duration_quarter"] > 0
    onset = (columns["onset_quarter"] * _QUARTER_S).astype(np.float64)[long]
    onset -= onset.min(initial=0.0)
    offset = onset + columns["duration_quarter"].astype(np.float64)[long] * _QUARTER_S
    pitch = columns["pitch"].astype(np.int64)[long]
    velocity = np.full(len(onset), 64, dtype=np.int64)
    confidence = np.ones(len(onset))
    return NoteTable.of_columns(onset, offset, pitch, velocity, confidence).in_order()
