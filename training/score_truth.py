"""What a score should be found to be: names, values, hands and bars of written music."""

from __future__ import annotations

import warnings
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amtstudio.formats.partitura_import import import_partitura
from amtstudio.symbolic import Note, NoteTable, TempoMap, Transcription
from training.beats.pieces import BeatPiece, Doubles
from training.beats.playing import played

_FEWEST_NOTES = 60
_COMPOUND = {6, 9, 12}


@dataclass(frozen=True, slots=True)
class WrittenNote:
    """Times in quarters; ``place`` is that in its bar, of an upbeat counted as if it were whole."""

    onset: float
    length: float
    place: float
    pitch: int
    step: str
    alter: int
    staff: int


@dataclass(frozen=True, eq=False)
class WrittenPiece:
    """One part of a score.

    ``beats`` are in quarters, ``beat_unit`` and ``is_compound`` as in ``TempoMap``.
    """

    name: str
    notes: list[WrittenNote]
    beats: Doubles
    is_downbeat: npt.NDArray[np.bool_]
    beat_unit: int
    is_compound: bool

    def performance(
        self, rng: np.random.Generator | None, *, tempo: float = 92.0
    ) -> tuple[Transcription, list[WrittenNote]]:
        """The piece as somebody plays it, with its beats, and what each row of it was.

        Without ``rng`` exactly as written, at ``tempo`` quarters a minute.
        """
        scale = 60.0 / tempo
        rows = np.array(
            [
                (n.onset * scale, (n.onset + n.length) * scale, n.pitch, 64.0, float(i))
                for i, n in enumerate(self.notes)
            ]
        )
        # The tempo curve continues for two seconds beyond the music.
        inside = self.beats * scale < float(rows[:, 1].max()) + 2.0
        beats, downs = self.beats[inside] * scale, self.is_downbeat[inside]
        if rng is not None:
            # In place of the drum flag, each note has its number.
            sure = np.ones(len(beats), dtype=bool)
            piece = BeatPiece(self.name, "score", "test", rows, beats, downs, False, sure)
            rows, beats = played(piece, rng)
        shift = max(0.0, -float(rows[:, 0].min()))
        notes = [
            Note(
                float(row[0]) + shift,
                max(float(row[1]), float(row[0]) + 0.01) + shift,
                int(row[2]),
                int(row[3]),
                confidence=float(row[4] / 1e6),  # goes through sorting with its note
            )
            for row in rows
        ]
        transcription = Transcription(
            NoteTable.of(notes),
            file=self.name,
            tempo=TempoMap(beats + shift, downs, self.beat_unit, self.is_compound),
        )
        numbers = np.rint(transcription.notes.confidence * 1e6).astype(int)
        return transcription, [self.notes[number] for number in numbers]


def read_pieces(path: Path, *, of_piano: bool) -> list[WrittenPiece]:
    """The piano part of a score, or the parts of one staff; none where its meter changes kind."""
    partitura = import_partitura()  # of the extra dev, and slow to load
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            score = partitura.load_score(str(path))
        except Exception as error:  # noqa: BLE001 - a file that it cannot read is left out
            print(f"left out {path.name}: {error}")
            return []
    pieces = []
    for part in score.parts:
        n_staves = len({note.staff for note in part.notes_tied if note.staff})
        if (n_staves == 2) == of_piano and (n_staves == 2 or n_staves <= 1):
            piece = _piece(path.stem, part)
            if piece is not None:
                pieces.append(piece)
    return pieces


def _piece(name: str, part: Any) -> WrittenPiece | None:
    partitura = import_partitura()
    bars = [
        (float(part.quarter_map(bar.start.t)), float(part.quarter_map(bar.end.t)), bar.start.t)
        for bar in part.iter_all(partitura.score.Measure)
    ]
    kinds = Counter(_kind(part, tick) for *_, tick in bars)
    if len(kinds) != 1 or len(bars) < 8:
        return None
    ((unit, is_compound),) = kinds
    beat = 4.0 / unit * (3 if is_compound else 1)
    beats: list[float] = []
    downs: list[bool] = []
    for start, end, _ in bars:
        n_beats = max(1, round((end - start) / beat))
        is_upbeat = start == bars[0][0] and _is_short(part, bars[0])
        for index in range(n_beats):
            beats.append(end - (n_beats - index) * beat if is_upbeat else start + index * beat)
            downs.append(index == 0 and not is_upbeat)
    notes = _notes(part, bars)
    if len(notes) < _FEWEST_NOTES or not np.all(np.diff(beats) > 1e-6):
        return None
    return WrittenPiece(name, notes, np.array(beats), np.array(downs), unit, is_compound)


def _kind(part: Any, tick: int) -> tuple[int, bool]:
    upper, lower = (int(value) for value in part.time_signature_map(tick)[:2])
    if upper in _COMPOUND and lower >= 8:
        return lower, True
    return lower, False


def _is_short(part: Any, bar: tuple[float, float, int]) -> bool:
    upper, lower = (int(value) for value in part.time_signature_map(bar[2])[:2])
    return bar[1] - bar[0] < 4.0 * upper / lower - 1e-6


def _notes(part: Any, bars: list[tuple[float, float, int]]) -> list[WrittenNote]:
    starts = np.array([start for start, *_ in bars])
    upper, lower = (int(value) for value in part.time_signature_map(bars[0][2])[:2])
    missing = 4.0 * upper / lower - (bars[0][1] - bars[0][0])
    notes = []
    for note in part.notes_tied:
        onset = float(part.quarter_map(note.start.t))
        length = float(part.quarter_map(note.end_tied.t)) - onset
        if length <= 0.0:  # a grace note
            continue
        bar = int(np.searchsorted(starts, onset + 1e-6, side="right")) - 1
        place = onset - float(starts[bar]) + (missing if bar == 0 and missing > 0 else 0.0)
        notes.append(
            WrittenNote(
                onset,
                length,
                place,
                int(note.midi_pitch),
                str(note.step),
                int(note.alter or 0),
                int(note.staff or 1),
            )
        )
    return sorted(notes, key=lambda note: (note.onset, note.pitch))
