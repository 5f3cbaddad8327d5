"""A transcription as a score: MusicXML, by way of the library partitura."""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from amtstudio.errors import OptionError
from amtstudio.symbolic import NoteTable, TempoMap, Transcription

_DIVISIONS = 4  # of a quarter: the grid is one of sixteenths
_BAR = 4 * _DIVISIONS
_FALLBACK_TEMPO = 120.0  # BPM
_MIDDLE_C = 60  # the lowest pitch on the upper staff
_VOICES = {1: 1, 2: 5}  # of each staff, as notation programs number them
_FEWEST_BEATS = 8  # fewer are no basis for a tempo
_SHORTEST_BEAT = 0.3  # seconds; what goes faster than 200 BPM are eighths, say


@dataclass(slots=True)
class _ScoreNote:
    pitch: int
    onset: int  # in divisions
    offset: int

    @property
    def staff(self) -> int:
        return 1 if self.pitch >= _MIDDLE_C else 2


def dump_musicxml(transcription: Transcription) -> bytes:
    """Write a piano score on two staves, in sixteenths of an estimated beat.

    The beat, key and spelling are estimates by partitura; the meter is written as 4/4. On each
    staff the notes form one voice of chords: a chord ends as the next one begins. All notes are
    there, with their pitch; velocity, pedal and exact times are not kept.

    Raises
    ------
    OptionError
        If partitura is not installed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # partitura reports its progress by warnings
        partitura = _import_partitura()
        tempo = transcription.tempo or _estimated_tempo(partitura, transcription.notes)
        part = _part(partitura, _on_grid(transcription.notes, tempo))
        part.add(partitura.score.Tempo(round(tempo.tempo), unit="q"), 0)
        score = partitura.score.Score(partlist=[part])
        title = transcription.metadata.get("title", transcription.file)
        # XML has no place for control characters.
        score.movement_title = "".join(filter(str.isprintable, title)) or None
        data = bytes(partitura.save_musicxml(score))
    # partitura 1.9 misspells the element; in text, a < would be escaped.
    return data.replace(b"movement_title>", b"movement-title>")


def _import_partitura() -> Any:
    try:
        import partitura  # noqa: PLC0415 - an extra, and slow to load
        import partitura.musicanalysis  # noqa: PLC0415
        import partitura.score  # noqa: PLC0415
    except ImportError as error:
        raise OptionError(
            "MusicXML needs the library partitura", hint='pip install "amtstudio[musicxml]"'
        ) from error
    return partitura


def _on_grid(notes: NoteTable, tempo: TempoMap) -> list[_ScoreNote]:
    """Quantise; of two strokes of a key on one grid point the later takes the next free one."""
    if not notes:
        return []
    positions, ends = (
        np.rint(_DIVISIONS * tempo.to_beats(seconds)).astype(int)
        for seconds in (notes.onset, notes.offset)
    )
    first = min(0, int(positions.min()) // _DIVISIONS * _DIVISIONS)
    free_from: dict[int, int] = {}
    grid_notes = []
    for pitch, position, end in zip(
        notes.pitch.tolist(), (positions - first).tolist(), (ends - first).tolist(), strict=True
    ):
        onset = max(position, free_from.get(pitch, 0))
        free_from[pitch] = onset + 1
        grid_notes.append(_ScoreNote(pitch, onset, max(end, onset + 1)))
    return _as_chords(grid_notes)


def _as_chords(notes: list[_ScoreNote]) -> list[_ScoreNote]:
    """Notes of a staff that begin together end together, at the latest as the next chord begins."""
    chords = []
    for staff in _VOICES:
        own = sorted((n for n in notes if n.staff == staff), key=lambda n: (n.onset, n.pitch))
        groups = [list(group) for _, group in itertools.groupby(own, key=lambda n: n.onset)]
        for group, following in itertools.zip_longest(groups, groups[1:]):
            offset = max(note.offset for note in group)
            if following:
                offset = min(offset, following[0].onset)
            chords += [_ScoreNote(note.pitch, note.onset, offset) for note in group]
    return chords


def _estimated_tempo(partitura: Any, notes: NoteTable) -> TempoMap:
    """The estimated beats, or an even beat where no estimate is to be had."""
    array = np.array(
        [(n.onset, n.offset - n.onset, n.pitch, n.velocity) for n in notes],
        dtype=[("onset_sec", "f8"), ("duration_sec", "f8"), ("pitch", "i4"), ("velocity", "i4")],
    )
    even = TempoMap.even(_FALLBACK_TEMPO)
    try:
        beats = np.unique(partitura.musicanalysis.estimate_time(array)["beats"])
    except (ValueError, IndexError, ZeroDivisionError, TypeError):  # too few or too odd notes
        return even
    if len(beats) < _FEWEST_BEATS:
        return even
    while np.median(np.diff(beats)) < _SHORTEST_BEAT:
        beats = beats[::2]
    return TempoMap(beats, np.zeros(len(beats), bool)) if len(beats) >= 2 else even


def _part(partitura: Any, notes: list[_ScoreNote]) -> Any:
    score = partitura.score
    part = score.Part("P1", "Piano", quarter_duration=_DIVISIONS)
    part.add(score.TimeSignature(4, 4), 0)
    part.add(score.Clef(staff=1, sign="G", line=2, octave_change=0), 0)
    part.add(score.Clef(staff=2, sign="F", line=4, octave_change=0), 0)
    n_bars = max(1, -(-max([note.offset for note in notes], default=0) // _BAR))
    if notes:
        _add_notes(partitura, part, notes)
    for staff in _VOICES:
        own = [note for note in notes if note.staff == staff]
        _add_rests(partitura, part, own, staff=staff, end=n_bars * _BAR)
    for number in range(1, n_bars + 1):
        bar = score.Measure(number=number, name=str(number))
        part.add(bar, (number - 1) * _BAR, number * _BAR)
    score.tie_notes(part)
    return part


def _add_rests(partitura: Any, part: Any, notes: list[_ScoreNote], *, staff: int, end: int) -> None:
    # partitura's own fill_rests fails on a bar without notes.
    position = 0
    for onset, offset in [*((note.onset, note.offset) for note in notes), (end, end)]:
        while position < onset:
            room = min(onset, (position // _BAR + 1) * _BAR) - position
            length = 1 << (room.bit_length() - 1)  # the longest plain rest that fits
            rest = partitura.score.Rest(
                voice=_VOICES[staff],
                staff=staff,
                symbolic_duration=partitura.utils.estimate_symbolic_duration(length, _DIVISIONS),
            )
            part.add(rest, position, position + length)
            position += length
        position = max(position, offset)


def _add_notes(partitura: Any, part: Any, notes: list[_ScoreNote]) -> None:
    array = np.array(
        [(n.onset / _DIVISIONS, (n.offset - n.onset) / _DIVISIONS, n.pitch) for n in notes],
        dtype=[("onset_beat", "f8"), ("duration_beat", "f8"), ("pitch", "i4")],
    )
    key = partitura.musicanalysis.estimate_key(array)
    fifths, mode = partitura.utils.key_name_to_fifths_mode(key)
    part.add(partitura.score.KeySignature(fifths, mode), 0)
    spelling = partitura.musicanalysis.estimate_spelling(array)
    for i, (note, spelled) in enumerate(zip(notes, spelling, strict=True)):
        length = partitura.utils.estimate_symbolic_duration(note.offset - note.onset, _DIVISIONS)
        score_note = partitura.score.Note(
            step=str(spelled["step"]),
            alter=int(spelled["alter"]),
            octave=int(spelled["octave"]),
            voice=_VOICES[note.staff],
            staff=note.staff,
            id=f"n{i}",
            symbolic_duration=length,
        )
        part.add(score_note, note.onset, note.offset)
