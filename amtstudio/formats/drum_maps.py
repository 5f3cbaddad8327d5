"""Which note number means which drum, for the samplers and modules that a MIDI file is played on.

Notes of a drum track bear General MIDI numbers throughout the program; a map is applied where MIDI
is written. Drums that a map does not name keep their numbers.

=============== =============== =================== ================== ====================
Drum            General MIDI    Roland V-Drums      Superior/EZdrummer Ableton drum rack
=============== =============== =================== ================== ====================
kick            36 Bass drum 1  36 Kick             36 Kick            36 (C1) kick
snare           38 Acoustic     38 Head             38 Hit             38 (D1) snare
side stick      37 Side stick   37 Cross-stick      37 Side stick      37 (C#1) rim
closed hi-hat   42 Closed       42 Closed, bow      42 Closed, tip     42 (F#1) closed
open hi-hat     46 Open         46 Open, bow        26 Open 3          46 (A#1) open
low tom         43 High floor   43 Tom 3, head      43 Floor tom 1     41 (F1) low tom
mid tom         47 Low-mid      45 Tom 2, head      47 Rack tom 2      43 (G1) mid tom
high tom        50 High         48 Tom 1, head      48 Rack tom 1      45 (A1) high tom
ride            51 Ride 1       51 Ride, bow        51 Ride, bow       51 (D#2) ride
crash           49 Crash 1      49 Crash 1, bow     49 Crash           49 (C#2) crash
pedal hi-hat    44 Pedal        44 Pedal            21 Pedal, closed   44 (G#1)
=============== =============== =================== ================== ====================

Roland: the factory note map of a module. Ableton: the sixteen pads from C1, as in the kits that
come with Live; a custom rack may have anything there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from amtstudio.symbolic import NoteTable, TrackKind, Transcription
from amtstudio.symbolic.drums import GENERAL_MIDI_KEYS

PEDAL_HIHAT = 44  # of General MIDI
METADATA = "drum_map"  # in a MIDI file: which map its drums have, so that it can be read again


@dataclass(frozen=True, slots=True)
class DrumMap:
    """The numbers that differ from those of General MIDI, by these."""

    name: str  # what the command line calls it
    label: str  # what people call it, in every language
    numbers: Mapping[int, int]


def _drum_map(name: str, label: str, *, pedal: int = PEDAL_HIHAT, **numbers: int) -> DrumMap:
    """``numbers``: by the names of ``symbolic.drums.DRUMS``."""
    by_key = {GENERAL_MIDI_KEYS[drum]: number for drum, number in numbers.items()}
    return DrumMap(name, label, MappingProxyType(by_key | {PEDAL_HIHAT: pedal}))


GENERAL_MIDI = "gm"
DRUM_MAPS: Mapping[str, DrumMap] = MappingProxyType(
    {
        entry.name: entry
        for entry in (
            _drum_map(GENERAL_MIDI, "General MIDI"),
            _drum_map("roland", "Roland V-Drums", tom_mid=45, tom_high=48),
            _drum_map(
                "superior", "Superior Drummer, EZdrummer", hihat_open=26, tom_high=48, pedal=21
            ),
            _drum_map("ableton", "Ableton drum rack", tom_low=41, tom_mid=43, tom_high=45),
        )
    }
)


def with_drum_map(transcription: Transcription, name: str) -> Transcription:
    """The same with the drums at the numbers of a map, whose name is kept in its metadata.

    Raises ``ValueError`` for a name that is not in ``DRUM_MAPS``.
    """
    if name not in DRUM_MAPS:
        raise ValueError(f"the drum map must be one of {', '.join(DRUM_MAPS)}, got {name!r}")
    notes = NoteTable.of(transcription.notes)
    hits = notes.of_kind(TrackKind.DRUMS)
    if name == GENERAL_MIDI or not len(hits):
        return transcription
    mapped = _renumbered(notes, DRUM_MAPS[name].numbers)
    metadata = {**transcription.metadata, METADATA: name}
    return replace(transcription, notes=mapped, metadata=metadata)


def without_drum_map(transcription: Transcription) -> Transcription:
    """The same with the drums at the numbers of General MIDI, where its metadata name a map.

    A number that the map gives to a drum is taken for that drum.
    """
    metadata = dict(transcription.metadata)
    name = metadata.pop(METADATA, GENERAL_MIDI)
    if name not in DRUM_MAPS:
        return transcription
    back = {number: key for key, number in DRUM_MAPS[name].numbers.items()}
    notes = _renumbered(NoteTable.of(transcription.notes), back)
    return replace(transcription, notes=notes, metadata=metadata)


def _renumbered(notes: NoteTable, numbers: Mapping[int, int]) -> NoteTable:
    """With other numbers for drums; those that are not named stay."""
    every = np.arange(128)
    every[list(numbers)] = list(numbers.values())
    hits = notes.of_kind(TrackKind.DRUMS)
    mapped = replace(hits, pitch=every[hits.pitch])
    return notes.of_kind(TrackKind.PITCHED).joined(mapped).in_order()
