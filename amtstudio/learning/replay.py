"""Labelled music to rehearse while learning, and to be judged by: made here, not downloaded."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt
import soxr
from torch import Tensor

from amtstudio.audio import FloatArray
from amtstudio.errors import BadFileError
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.formats import read_midi
from amtstudio.learning.recording_conditions import filter_sound, heard_as_files_are, record
from amtstudio.learning.rooms import simulate_room
from amtstudio.learning.targets import TargetKind, render_targets
from amtstudio.playback.sample_bank import SampleBank
from amtstudio.playback.synthesizer import Synthesizer
from amtstudio.resources import resource_path
from amtstudio.symbolic import Note, NoteTable, Pedal, Transcription
from amtstudio.symbolic.heads import PIANO_KEYS

SYNTHESIS_RATE = 16000  # Hz, that of the bank and of the rooms
LEAD_S = 4.0  # sounds from before a clip ring on into it
PIANO = "piano"  # the kind of these excerpts
_ROOM_SHARE = 0.6
_DETUNE_CENTS = 12.0  # standard deviation


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Audio with its truth; times in seconds from its start; ``kind``: what plays."""

    audio: FloatArray
    truth: Transcription
    kind: str


@cache  # every step of an adaptation plays some of them
def bundled_music(role: str) -> tuple[Transcription, ...]:
    """The pieces for ``replay`` or ``guard``; no piece is in both.

    Raises
    ------
    BadFileError
        If they cannot be read.
    """
    folder = resource_path("replay")
    try:
        with (folder / "pieces.csv").open(encoding="utf-8", newline="") as file:
            names = [row["file"] for row in csv.DictReader(file) if row["role"] == role]
    except (OSError, KeyError) as error:
        raise BadFileError(
            "the bundled music for the fine-tuning cannot be read", hint="reinstall the program"
        ) from error
    return tuple(read_midi(folder / name) for name in names)


class ReplayClips:
    """Endless labelled clips: clip ``i`` of a seed is always the same.

    The music is transposed, put into other tempos, and played on the bundled piano in all kinds of
    rooms and recording conditions, so that the model does not forget what it knows about recordings
    other than the user's.

    Parameters
    ----------
    music : sequence of Transcription
    grid : FrameGrid
        Of the model; its rate may be off 16 kHz by the tuning of the user's piano.
    margin : int, samples
    n_frames : int
        Of a clip.
    targets : "shared" or "nearest"
        As ``render_targets``.
    seed : int
    dereverberates : bool
        Whether the model expects recordings without late echo.
    """

    def __init__(
        self,
        music: Sequence[Transcription],
        *,
        grid: FrameGrid,
        margin: int,
        n_frames: int,
        targets: TargetKind = "shared",
        seed: int = 0,
        dereverberates: bool = False,
    ) -> None:
        if not music:
            raise ValueError("need at least one piece")
        self._music = list(music)
        self._grid = FrameGrid(SYNTHESIS_RATE, grid.hop_length)
        self._margin, self._n_frames = margin, n_frames
        self._targets: TargetKind = targets
        self._seed = seed
        self._dereverberates = dereverberates

    @cached_property
    def _bank(self) -> SampleBank:
        return SampleBank()

    def clip(self, index: int) -> dict[str, Tensor]:
        """``audio``, ``level`` and the targets of each head, of one clip."""
        rng = np.random.default_rng([self._seed, index])
        cents = float(np.clip(rng.normal(0.0, _DETUNE_CENTS), -50.0, 50.0))
        stretch = 2.0 ** (-cents / 1200.0)  # higher tuning: a shorter clip out of the same sound
        duration = self._grid.to_seconds(self._n_frames) / stretch + 0.5
        notes, pedals = self._excerpt(duration, rng)
        audio = self._recorded(self._sound(notes, pedals, duration), stretch, rng)
        if self._dereverberates:
            audio = heard_as_files_are(audio, rng)
        return self._cut(audio, notes, pedals, stretch)

    def _excerpt(self, duration: float, rng: np.random.Generator) -> tuple[list[Note], list[Pedal]]:
        """A stretch of a piece, from ``LEAD_S`` before the clip on; times from there."""
        piece = self._music[int(rng.integers(len(self._music)))]
        tempo = float(np.exp(rng.uniform(np.log(0.7), np.log(1.3))))
        shift = int(rng.integers(-7, 8))
        louder = rng.uniform(-20.0, 15.0)
        start = rng.uniform(-LEAD_S - 1.0, max(piece.duration * tempo - duration, 0.0))
        notes = [
            Note(
                note.onset * tempo - start,
                note.offset * tempo - start,
                note.pitch + shift,
                int(np.clip(note.velocity + louder, 10, 127)),
            )
            for note in piece.notes
            if start <= note.onset * tempo < start + duration + LEAD_S
            and note.pitch + shift in PIANO_KEYS
        ]
        pedals = [
            Pedal(max(pedal.onset * tempo - start, 0.0), pedal.offset * tempo - start)
            for pedal in piece.pedals
            if pedal.offset * tempo - start > 0.01
            and pedal.onset * tempo < start + duration + LEAD_S
        ]
        return notes, pedals

    def _sound(self, notes: list[Note], pedals: list[Pedal], duration: float) -> FloatArray:
        synthesizer = Synthesizer(notes, pedals, bank=self._bank, sample_rate=SYNTHESIS_RATE)
        return synthesizer.read(0, round((LEAD_S + duration) * SYNTHESIS_RATE))

    def _recorded(self, sound: FloatArray, stretch: float, rng: np.random.Generator) -> FloatArray:
        resampled = soxr.resample(sound, SYNTHESIS_RATE, SYNTHESIS_RATE * stretch, quality="MQ")
        response = simulate_room(rng) if rng.random() < _ROOM_SHARE else None
        return record(filter_sound(resampled.astype(np.float32), response, rng), rng)

    def _cut(
        self, audio: FloatArray, notes: list[Note], pedals: list[Pedal], stretch: float
    ) -> dict[str, Tensor]:
        grid, hop = self._grid, self._grid.hop_length
        begin = round(LEAD_S * stretch * SYNTHESIS_RATE)
        inside = audio[begin : begin + self._n_frames * hop]
        level = running_level(hop_energies(inside, hop), hop, SYNTHESIS_RATE)
        level = np.pad(level, (0, self._n_frames), mode="edge")[: self._n_frames]
        span = (self._n_frames - 1) * hop + 2 * self._margin
        padded = np.zeros(span, dtype=np.float32)
        first = begin - self._margin
        source = audio[max(first, 0) : first + span]
        padded[max(-first, 0) : max(-first, 0) + len(source)] = source
        rows = sounding(notes, pedals)
        rows[:, :2] = rows[:, :2] * stretch - begin / SYNTHESIS_RATE
        spans = np.array([(pedal.onset, pedal.offset) for pedal in pedals]).reshape(-1, 2)
        spans = spans * stretch - begin / SYNTHESIS_RATE
        targets = render_targets(rows, spans, grid, self._n_frames, kind=self._targets)
        return targets.with_audio(padded, level)


def sounding(notes: Sequence[Note], pedals: Sequence[Pedal]) -> npt.NDArray[np.float64]:
    """Onset, end of the sound (pedal included), pitch and velocity of each note, (n_notes, 4)."""
    rows = np.array(
        [(note.onset, note.offset, note.pitch, note.velocity) for note in notes], float
    ).reshape(-1, 4)
    for pedal in pedals:
        held = (rows[:, 1] >= pedal.onset) & (rows[:, 1] < pedal.offset)
        rows[held, 1] = pedal.offset
    for pitch in np.unique(rows[:, 2]):
        same = np.flatnonzero(rows[:, 2] == pitch)
        same = same[np.argsort(rows[same, 0])]
        following = rows[same[1:], 0]
        # A key struck again ends its earlier note.
        rows[same[:-1], 1] = np.minimum(
            rows[same[:-1], 1], np.maximum(following, rows[same[:-1], 0])
        )
    return rows[rows[:, 1] > rows[:, 0]]


def played(
    music: Transcription, seed: int, *, sample_rate: int = SYNTHESIS_RATE, seconds: float = 30.0
) -> Excerpt:
    """The beginning of a piece on the bundled piano, as recorded in some room."""
    rng = np.random.default_rng([seed, 7])
    notes = [note for note in music.notes if note.onset < seconds - 0.2]
    pedals = [pedal for pedal in music.pedals if pedal.onset < seconds]
    synthesizer = Synthesizer(notes, pedals, bank=SampleBank(), sample_rate=SYNTHESIS_RATE)
    sound = synthesizer.read(0, round(seconds * SYNTHESIS_RATE))
    response = simulate_room(rng) if rng.random() < _ROOM_SHARE else None
    audio = record(filter_sound(sound, response, rng), rng)
    if sample_rate != SYNTHESIS_RATE:
        audio = soxr.resample(audio, SYNTHESIS_RATE, sample_rate).astype(np.float32)
    rows = sounding(notes, pedals)
    truth = Transcription(
        NoteTable.of(
            Note(onset, min(offset, seconds + 1.0), int(pitch), int(velocity))
            for onset, offset, pitch, velocity in rows
        ),
        duration=seconds,
    )
    return Excerpt(audio, truth, PIANO)
