"""Names of instruments and the programs of General MIDI level 1."""

from __future__ import annotations

DRUM_CHANNEL = 9  # counted from 0; musicians call it 10

# Our names, which are those of OpenMIC-2018 where it has the instrument, to programs (from 0).
_PROGRAMS = {
    "piano": 0,
    "mallet_percussion": 12,
    "organ": 19,
    "accordion": 21,
    "harmonica": 22,
    "ukulele": 24,
    "guitar": 25,
    "acoustic_guitar": 25,
    "mandolin": 25,
    "electric_guitar": 27,
    "bass": 33,
    "violin": 40,
    "viola": 41,
    "cello": 42,
    "strings": 48,
    "voice": 52,
    "trumpet": 56,
    "trombone": 57,
    "saxophone": 65,
    "clarinet": 71,
    "flute": 73,
    "synthesizer": 80,
    "banjo": 105,
}

# Kit pieces as the reference files name them: kick, snare, hi-hat, tom, cymbal.
_DRUMS = {"drums", "cymbals", "KD", "SD", "HH", "TT", "CY"}

# For each eight programs what a reader calls them, unless the very program has a name above.
_FAMILIES = (
    "piano",
    "mallet_percussion",
    "organ",
    "guitar",
    "bass",
    "strings",
    "voice",
    "trumpet",
    "saxophone",
    "flute",
    "synthesizer",
    "synthesizer",
    "synthesizer",
    "banjo",
    "percussion",
    "effects",
)
_NAMES = {program: name for name, program in reversed(_PROGRAMS.items())}


def is_drums(instrument: str) -> bool:
    return instrument in _DRUMS


def program_of(instrument: str) -> int:
    """The program for an instrument; ``guitar_string3`` counts as ``guitar``, unknown as piano."""
    name = instrument
    while name not in _PROGRAMS and "_" in name:
        name = name.rpartition("_")[0]
    return _PROGRAMS.get(name, 0)


def instrument_of(program: int) -> str:
    """What a program (0 to 127) is called here."""
    return _NAMES.get(program, _FAMILIES[program // 8])
