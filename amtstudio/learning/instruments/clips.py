"""Clips of computed instruments, to rehearse with while a model learns a user's own.

No sound is shipped for them: reeds, strings, pipes and voices are computed at every note, in rooms
and recording conditions of every kind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from amtstudio.audio import FloatArray
from amtstudio.features import FrameGrid, hop_energies, running_level
from amtstudio.learning.expression import NO_FAMILY
from amtstudio.learning.instruments.figures import guitar_chords, harp_holes, line
from amtstudio.learning.instruments.musicians import Manner, draw_habits, gestures_of
from amtstudio.learning.instruments.oscillators import (
    free_reeds,
    random_singer,
    random_timbre,
)
from amtstudio.learning.instruments.playing import Gesture, Source, play
from amtstudio.learning.instruments.truth import InstrumentTruth, example_of, truth_of
from amtstudio.learning.recording_conditions import (
    SAMPLE_RATE,
    filter_sound,
    heard_as_files_are,
    record,
)
from amtstudio.learning.replay import Excerpt, ReplayClips
from amtstudio.learning.rooms import simulate_room
from amtstudio.symbolic import Note, NoteTable, Transcription
from amtstudio.symbolic.families import FAMILIES

LEAD_S = 1.5  # played before a clip: echo, and notes that are held into it
_TAIL_S = 0.4
_ROOM_SHARE = 0.65
_SOUNDING = 0.5
_OWN_SHARE = 0.25  # of the clips of computed instruments: of the requested kinds
_PIANO_SHARE = 0.2

Rng = np.random.Generator


@dataclass(frozen=True, slots=True)
class Player:
    """A computed instrument: its sound, and what is played on it.

    ``family`` is one of ``FAMILIES``, or "" for a timbre that no instrument has: what is unknown is
    left out of the labels.
    """

    name: str
    manner: Manner
    family: str
    lowest: int
    highest: int
    sound: Callable[[Rng], Source]
    chords: float = 0.0  # share of the clips with several notes at once


PLAYERS = (
    Player("harmonica", "blown", "winds", 55, 100, lambda rng: free_reeds(rng, musette=False)),
    Player(
        "accordion", "organ", "organ_synth", 45, 92, lambda rng: free_reeds(rng, musette=True), 0.5
    ),
    Player("voice", "sung", "voice", 43, 84, random_singer),
    Player("strings", "bowed", "", 36, 96, lambda rng: random_timbre(rng, decays=False), 0.1),
    Player("wind", "blown", "", 40, 96, lambda rng: random_timbre(rng, decays=False)),
    Player("plucked", "plucked", "", 28, 88, lambda rng: random_timbre(rng, decays=True), 0.6),
    Player("organ", "organ", "", 30, 100, lambda rng: random_timbre(rng, decays=False), 0.6),
)
# What is nearest to each instrument that the detector tells.
NEAREST = {
    "accordion": ("accordion", "harmonica"),
    "organ": ("organ",),
    "synthesizer": ("organ", "plucked"),
    "voice": ("voice",),
    **dict.fromkeys(("violin", "cello"), ("strings",)),
    # The detector has no harmonica, and takes it for one of these.
    **dict.fromkeys(
        ("clarinet", "flute", "saxophone", "trombone", "trumpet"), ("wind", "harmonica")
    ),
    **dict.fromkeys(
        ("banjo", "bass", "guitar", "mandolin", "ukulele", "mallet_percussion"), ("plucked",)
    ),
}


class InstrumentClips:
    """Endless labelled clips of computed instruments, and of the bundled piano in one of five.

    Parameters
    ----------
    piano : ReplayClips
    grid : FrameGrid
    margin : int, samples
    n_frames : int
        Of a clip.
    own : sequence of str
        Names of the ``PLAYERS`` nearest to the user's instrument: they play in a quarter of the
        clips, and their turns in the others.
    seed : int
    dereverberates : bool
        Whether the model expects recordings without late echo.
    """

    def __init__(
        self,
        piano: ReplayClips,
        *,
        grid: FrameGrid,
        margin: int,
        n_frames: int,
        own: Sequence[str] = (),
        seed: int = 0,
        dereverberates: bool = False,
    ) -> None:
        self._piano = piano
        self._grid = FrameGrid(SAMPLE_RATE, grid.hop_length)
        self._margin, self._n_frames = margin, n_frames
        self._own = [player for player in PLAYERS if player.name in own]
        self._seed, self._dereverberates = seed, dereverberates

    def clip(self, index: int) -> dict[str, Tensor]:
        """``audio``, ``level`` and the targets of each head, of one clip."""
        rng = np.random.default_rng([self._seed, index, 3])
        if rng.random() < _PIANO_SHARE:
            return _with_expression(self._piano.clip(index))
        players = self._own if self._own and rng.random() < _OWN_SHARE else PLAYERS
        player = players[int(rng.integers(len(players)))]
        seconds = self._grid.to_seconds(self._n_frames)
        audio, truth = recorded(player, seconds, rng)
        if self._dereverberates:
            audio = heard_as_files_are(audio, rng)
        return self._cut(audio, truth)

    def _cut(self, audio: FloatArray, truth: InstrumentTruth) -> dict[str, Tensor]:
        hop, start = self._grid.hop_length, round(LEAD_S * SAMPLE_RATE)
        inside = audio[start : start + self._n_frames * hop]
        level = running_level(hop_energies(inside, hop), hop, SAMPLE_RATE)
        span = (self._n_frames - 1) * hop + 2 * self._margin
        padded = np.zeros(span, dtype=np.float32)
        source = audio[start - self._margin : start - self._margin + span]
        padded[: len(source)] = source
        return example_of(padded, level[: self._n_frames], truth, self._grid)


def recorded(player: Player, seconds: float, rng: Rng) -> tuple[FloatArray, InstrumentTruth]:
    """Something played on an instrument, as recorded somewhere.

    Returns
    -------
    audio : np.ndarray, float32
        From ``LEAD_S`` before time 0 on, at 16 kHz.
    truth : InstrumentTruth
        Times from time 0.
    """
    n_samples = round((LEAD_S + seconds + _TAIL_S) * SAMPLE_RATE)
    notes, is_line = _music(player, seconds, rng)
    habits = draw_habits(player.manner, rng, is_harmonica=player.name == "harmonica")
    gestures = gestures_of(notes, habits, rng, is_line=is_line)
    sound, ends = play(gestures, player.sound(rng), n_samples, -LEAD_S, rng)
    response = simulate_room(rng) if rng.random() < _ROOM_SHARE else None
    audio = record(filter_sound(sound, response, rng), rng)
    family = FAMILIES.index(player.family) if player.family else NO_FAMILY
    rows: list[tuple[Gesture, float, int, int]] = [
        (gesture, float(end), family, 0)
        for gesture, end in zip(gestures, ends, strict=True)
        if np.isfinite(end)
    ]
    return audio, truth_of(rows)


def recorded_excerpt(player: Player, seed: int, seconds: float) -> Excerpt:
    """Audio and truth from time 0 on: to be judged by."""
    rng = np.random.default_rng([seed, 9])
    audio, truth = recorded(player, seconds, rng)
    start = round(LEAD_S * SAMPLE_RATE)
    inside = (truth.notes[:, 0] >= 0.0) & (truth.notes[:, 0] < seconds - 0.1)
    notes = NoteTable.of(
        Note(onset, min(offset, seconds), int(pitch), int(velocity))
        for onset, offset, pitch, velocity in truth.notes[inside]
    )
    end = start + round(seconds * SAMPLE_RATE)
    return Excerpt(audio[start:end], Transcription(notes, duration=seconds), player.name)


def _music(player: Player, seconds: float, rng: Rng) -> tuple[npt.NDArray[np.float64], bool]:
    """Notes, (n_notes, 4), and whether they are one at a time."""
    start, end = -LEAD_S, seconds
    if player.name == "harmonica" and rng.random() < 0.75:
        notes = harp_holes(rng, start=start, end=end)
        return notes, bool(np.all(notes[1:, 0] >= notes[:-1, 1] - 1e-6))
    if rng.random() < player.chords:
        notes = guitar_chords(rng, start=start, end=end)
        notes[:, 2] += 12 * np.ceil((player.lowest - notes[:, 2].min()) / 12)
        return notes[notes[:, 2] <= player.highest], False
    span = player.highest - player.lowest
    middle = rng.uniform(player.lowest + 0.25 * span, player.lowest + 0.75 * span)
    width = rng.uniform(6, 14)
    lowest = max(player.lowest, round(middle - width))
    highest = min(player.highest, round(middle + width))
    return line(rng, lowest=lowest, highest=highest, start=start, end=end), True


def _with_expression(clip: dict[str, Tensor]) -> dict[str, Tensor]:
    """A piano's clip: its family is known, how far it is out of tune is not."""
    sounding = clip["frame"] > _SOUNDING
    keys = FAMILIES.index("keys")
    clip["bend"] = torch.full_like(clip["frame"], torch.nan)
    clip["family"] = torch.where(sounding, keys, NO_FAMILY).to(torch.int64)
    return {name: value for name, value in clip.items() if name != "pedal"}
