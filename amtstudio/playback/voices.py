"""Which strings sound when: notes and pedal as voices, in samples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from amtstudio.symbolic import Note, NoteTable, Pedal, held_until
from amtstudio.symbolic.notes import Bend

FIRST_UNDAMPED = 90  # MIDI numbers from here up have no damper and ring on
RESTRIKE_FADE_S = 0.015  # time constant, seconds: the hammer on a string that still moves
STEAL_FADE_S = 0.015
MAX_VOICES = 64  # simultaneous; a grand with the pedal down rarely has 40 audible ones
MAX_HELD_S = 10.0  # longer than any sample, even a key or two lower than it was recorded
UNDAMPED_S = 5.0  # the undamped strings are the short ones: they have died away by then
SILENT_AFTER = math.log(1e4)  # time constants until a fade has come down by 80 dB
_HIT_S, _CYMBAL_S = 0.7, 2.5  # how long the pieces of a kit are audible
_CYMBALS = frozenset({46, 49, 51, 52, 53, 55, 57, 59})
_OPEN_HIHAT, _CLOSED_HIHAT = 46, (42, 44)


@dataclass(frozen=True, slots=True)
class Damping:
    """How the notes of an instrument end.

    Attributes
    ----------
    release : float, optional
        Time constant in seconds after a key is released; None: that of a piano's dampers.
    first_undamped : int
        MIDI numbers from here up ring on.
    longest : float, seconds
        The longest time for which a note is held.
    is_kit : bool
        Whether it is a drum kit: its pieces ring on, each as long as it does.
    """

    release: float | None = None
    first_undamped: int = 128
    longest: float = MAX_HELD_S
    is_kit: bool = False


PIANO_DAMPING = Damping(first_undamped=FIRST_UNDAMPED)
KIT_DAMPING = Damping(release=0.03, is_kit=True)


@dataclass(frozen=True, slots=True)
class Voice:
    """One struck string: its onset, and from when and how fast it is damped (samples)."""

    onset: int
    pitch: int
    velocity: int
    damped: int  # the fade begins
    fade: float  # time constant of the fade, samples
    track: int = 0  # its place among the tracks of the notes
    bend: Bend = ()  # seconds after the onset, and cents

    @property
    def end(self) -> int:
        """The sample from which an endless sample would be inaudible."""
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
    dampings: Sequence[Damping] = (),
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
    dampings : sequence of Damping
        Of each of the tracks of the notes; that of a piano where left out.
    """
    table = NoteTable.of(notes)
    table = table.take(np.lexsort((table.pitch, table.onset)))
    until = held_until(table, pedals, touching=True)
    last_of_key: dict[tuple[int, int], int] = {}  # (track, pitch) -> place in ``voices``
    voices: list[Voice] = []
    scale = sample_rate / speed
    restrike = RESTRIKE_FADE_S * sample_rate
    columns = (table.onset, until, table.pitch, table.velocity, table.track)
    bends = table.bends
    for place, (begin, end, pitch, velocity, track) in enumerate(
        zip(*(column.tolist() for column in columns), strict=True)
    ):
        damping = dampings[track] if dampings else PIANO_DAMPING
        onset = round(begin * scale)
        earlier = last_of_key.get((track, _silenced_key(pitch) if damping.is_kit else pitch))
        if earlier is not None and voices[earlier].damped > onset:
            voices[earlier] = replace(voices[earlier], damped=onset, fade=restrike)
        fade = (damping.release or release_fade(pitch)) * sample_rate
        if damping.is_kit:
            seconds = _CYMBAL_S if pitch in _CYMBALS else _HIT_S
            damped = onset + round(seconds * sample_rate)
        elif pitch >= damping.first_undamped:
            damped = onset + round(UNDAMPED_S * sample_rate)
        else:
            damped = max(round(end * scale), onset + 1)
            if damped - onset > damping.longest * sample_rate:
                damped = onset + round(damping.longest * sample_rate)
        last_of_key[track, pitch] = len(voices)
        bend = () if bends is None else bends[place]
        voices.append(Voice(onset, pitch, velocity, damped, fade, track, bend))
    return _limited(voices, sample_rate, max_voices)


def _silenced_key(pitch: int) -> int:
    """The piece of a kit that a hit silences: a hi-hat that is closed; else none, -1."""
    return _OPEN_HIHAT if pitch in _CLOSED_HIHAT else -1


def _limited(voices: list[Voice], sample_rate: int, max_voices: int) -> list[Voice]:
    """The same voices, the oldest damped at every onset at which there would be too many."""
    sounding: list[int] = []
    for place, voice in enumerate(voices):
        sounding = [other for other in sounding if voices[other].damped > voice.onset]
        if len(sounding) >= max_voices:
            oldest = sounding.pop(0)
            fade = STEAL_FADE_S * sample_rate
            voices[oldest] = replace(voices[oldest], damped=voice.onset, fade=fade)
        sounding.append(place)
    return voices
