"""Mixtures to rehearse with, played by the sampled instruments for playback, with their labels.

No recording of many instruments ships with the program, but these 34 instruments, a piano and a kit
do. They play random lines and chords together, in all kinds of rooms and recording conditions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from amtstudio.audio import FloatArray
from amtstudio.learning.drums.beats import drumming
from amtstudio.learning.recording_conditions import SAMPLE_RATE, filter_sound, record
from amtstudio.learning.rooms import simulate_room
from amtstudio.playback.instrument_set import InstrumentSet
from amtstudio.playback.synthesizer import Synthesizer
from amtstudio.symbolic import Note, Track, TrackKind
from amtstudio.symbolic.drums import KIT

_ROOM_SHARE = 0.6
_MOST_PLAYERS = 4
_LEVEL_DB = 8.0  # of a player relative to the others, either way
_CHORD_SHARE = 0.4  # of the players that can play chords


@dataclass(frozen=True, slots=True)
class _Player:
    programs: tuple[int, ...]  # of General MIDI, counted from 0
    lowest: int
    highest: int
    plays_chords: bool = False


# The classes of the detector that have an instrument here: mandolin and ukulele have none.
_PLAYERS = {
    "accordion": _Player((21,), 53, 84, True),
    "banjo": _Player((105,), 50, 79),
    "bass": _Player((32, 33, 35), 28, 50),
    "cello": _Player((42,), 38, 67),
    "clarinet": _Player((71,), 52, 84),
    "flute": _Player((73,), 62, 93),
    "guitar": _Player((24, 25, 27, 30), 42, 76, True),
    "mallet_percussion": _Player((11, 12), 55, 93),
    "organ": _Player((16, 19), 40, 84, True),
    "piano": _Player((0,), 33, 93, True),
    "saxophone": _Player((65, 66), 46, 79),
    "synthesizer": _Player((81, 89), 40, 84, True),
    "trombone": _Player((57,), 40, 70),
    "trumpet": _Player((56,), 55, 82),
    "violin": _Player((40,), 57, 93),
    "voice": _Player((52,), 48, 79),
}
_DRUMS = "drums"
REHEARSED = (*_PLAYERS, _DRUMS)


@dataclass(frozen=True, eq=False)
class Mixture:
    """``audio``, mono at 16 kHz, and the classes that play in it."""

    audio: FloatArray
    classes: tuple[str, ...]


def make_mixture(seed: int, index: int, *, seconds: float) -> Mixture:
    """Mixture ``index`` of a seed, always the same: one to four instruments, some alone.

    Raises ``BadFileError`` if an instrument cannot be read.
    """
    rng = np.random.default_rng([seed, index, 19])
    n_players = int(rng.integers(1, _MOST_PLAYERS + 1))
    chosen = rng.choice(len(REHEARSED), size=n_players, replace=False)
    classes = tuple(sorted(REHEARSED[place] for place in chosen))
    audio = np.zeros(round(seconds * SAMPLE_RATE), dtype=np.float32)
    for name in classes:
        part = _played(name, seconds, rng)
        rms = float(np.sqrt(np.mean(part**2)))
        gain = 10.0 ** (rng.uniform(-_LEVEL_DB, _LEVEL_DB) / 20.0)
        audio += part * np.float32(gain / (rms + 1e-9))
    response = simulate_room(rng) if rng.random() < _ROOM_SHARE else None
    return Mixture(record(filter_sound(audio, response, rng), rng), classes)


@lru_cache(maxsize=1)
def _instruments() -> InstrumentSet:
    return InstrumentSet()


def _played(name: str, seconds: float, rng: np.random.Generator) -> FloatArray:
    if name == _DRUMS:
        track = Track(name, 0, TrackKind.DRUMS)
        notes = [
            Note(time, time + 0.1, KIT.pitches[int(drum)], int(velocity), track=track)
            for time, drum, velocity in drumming(seconds, rng)
        ]
    else:
        player = _PLAYERS[name]
        track = Track(name, int(rng.choice(player.programs)))
        notes = _music(player, track, seconds, rng)
    synthesizer = Synthesizer(notes, bank=_instruments(), sample_rate=SAMPLE_RATE)
    return synthesizer.read(0, round(seconds * SAMPLE_RATE))


def _music(player: _Player, track: Track, seconds: float, rng: np.random.Generator) -> list[Note]:
    """A line that wanders, or chords above it."""
    beat = rng.uniform(0.18, 0.6)
    has_chords = player.plays_chords and rng.random() < _CHORD_SHARE
    pitch = float(rng.uniform(player.lowest, player.highest))
    loudness = rng.uniform(55.0, 105.0)
    notes: list[Note] = []
    time = rng.uniform(0.0, beat)
    while time < seconds - 0.05:
        length = beat * float(rng.choice((1, 1, 1, 2, 2, 4)))
        if rng.random() < 0.88:  # else a rest
            step = rng.normal(0.0, 4.0)
            pitch = float(np.clip(pitch + step, player.lowest, player.highest))
            above = rng.choice((3, 4, 5, 7, 12), size=int(rng.integers(1, 4)), replace=False)
            pitches = {round(pitch), *(round(pitch) + int(by) for by in above if has_chords)}
            velocity = int(np.clip(rng.normal(loudness, 9.0), 20, 127))
            held = length * rng.uniform(0.6, 1.0)
            notes += [
                Note(time, time + held, key, velocity, track=track)
                for key in sorted(pitches)
                if key <= player.highest
            ]
        time += length
    return notes
