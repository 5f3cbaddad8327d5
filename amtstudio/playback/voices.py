"""Which strings sound when: notes and pedal as voices, in samples."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from amtstudio.symbolic import Note, NoteTable, Pedal, held_until

FIRST_UNDAMPED = 90  # MIDI numbers from here up have no damper and ring on
RESTRIKE_FADE_S = 0.015  # time constant, seconds: the hammer on a string that still moves
STEAL_FADE_S = 0.015
MAX_VOICES = 64  # sounding at once; a grand with the pedal down rarely has 40 that can be heard
MAX_HELD_S = 10.0  # longer than any sample, even a key or two lower than it was recorded
UNDAMPED_S = 5.0  # the undamped strings are the short ones: they have died away by then
SILENT_AFTER = math.log(1e4)  # time constants until a fade has come down by 80 dB


@dataclass(frozen=True, slots=True)
class Voice:
    """One struck string: its onset, and from when and how fast it is damped (samples)."""

    onset: int
    pitch: int
    velocity: int
    damped: int  # the fade begins
    fade: float  # time constant of the fade, samples

    @property
    def end(self) -> int:
        """The sample from which nothing is to be heard, were the sample endless."""
        return self.damped + math.ceil(SILENT_AFTER * self.fade)


def release_fade(pitch: int) -> float:
    """The time constant of a damper, seconds: 0.12 in the bass down to 0.05 in the treble."""
    return float(np.interp(pitch, [28, FIRST_UNDAMPED], [0.12, 0.05]))


def plan_voices(
    notes: Iterable[Note],
    pedals: Iterable[Pedal] = (),
    *,
    sample_rate: int,
    speed: float = 1.0,
    max_voices: int = MAX_VOICES,
) -> list[Voice]:
    """Turn notes into voices, sorted by onset.

    A note sounds until its offset, or, where the pedal of its track is down then, until that comes
    up, or until its key is struck again. Offsets that include the pedal already are left alone.

    Parameters
    ----------
    notes, pedals : iterable
        In seconds of the music.
    sample_rate : int, Hz
        Of the audio that the voices are for.
    speed : float
        0.5: everything comes half as fast, each note lasts twice as long.
    max_voices : int
        Where more would sound at once, the oldest is faded out.
    """
    table = NoteTable.of(notes)
    table = table.take(np.lexsort((table.pitch, table.onset)))
    until = held_until(table, pedals, touching=True)
    last_of_key: dict[int, int] = {}  # pitch -> place in ``voices``
    voices: list[Voice] = []
    scale = sample_rate / speed
    columns = (table.onset, until, table.pitch, table.velocity)
    for begin, end, pitch, velocity in zip(*(column.tolist() for column in columns), strict=True):
        onset = round(begin * scale)
        earlier = last_of_key.get(pitch)
        if earlier is not None and voices[earlier].damped > onset:
            fade = RESTRIKE_FADE_S * sample_rate
            voices[earlier] = _faded(voices[earlier], onset, fade)
        if pitch >= FIRST_UNDAMPED:
            damped = onset + round(UNDAMPED_S * sample_rate)
        else:
            damped = round(end * scale)
            damped = min(max(damped, onset + 1), onset + round(MAX_HELD_S * sample_rate))
        fade = release_fade(pitch) * sample_rate
        last_of_key[pitch] = len(voices)
        voices.append(Voice(onset, pitch, velocity, damped, fade))
    return _limited(voices, sample_rate, max_voices)


def _faded(voice: Voice, damped: int, fade: float) -> Voice:
    return Voice(voice.onset, voice.pitch, voice.velocity, damped, fade)


def _limited(voices: list[Voice], sample_rate: int, max_voices: int) -> list[Voice]:
    """The same voices, the oldest damped at every onset at which there would be too many."""
    sounding: list[int] = []
    for place, voice in enumerate(voices):
        sounding = [other for other in sounding if voices[other].damped > voice.onset]
        if len(sounding) >= max_voices:
            oldest = sounding.pop(0)
            voices[oldest] = _faded(voices[oldest], voice.onset, STEAL_FADE_S * sample_rate)
        sounding.append(place)
    return voices
