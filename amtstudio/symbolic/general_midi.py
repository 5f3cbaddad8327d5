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


# The programs as the standard names them.
PROGRAM_NAMES = (
    "Acoustic Grand Piano", "Bright Acoustic Piano", "Electric Grand Piano", "Honky-tonk Piano",
    "Electric Piano 1", "Electric Piano 2", "Harpsichord", "Clavinet",
    "Celesta", "Glockenspiel", "Music Box", "Vibraphone",
    "Marimba", "Xylophone", "Tubular Bells", "Dulcimer",
    "Drawbar Organ", "Percussive Organ", "Rock Organ", "Church Organ",
    "Reed Organ", "Accordion", "Harmonica", "Bandoneon",
    "Nylon Guitar", "Steel Guitar", "Jazz Guitar", "Clean Guitar",
    "Muted Guitar", "Overdriven Guitar", "Distortion Guitar", "Guitar Harmonics",
    "Acoustic Bass", "Fingered Bass", "Picked Bass", "Fretless Bass",
    "Slap Bass 1", "Slap Bass 2", "Synth Bass 1", "Synth Bass 2",
    "Violin", "Viola", "Cello", "Contrabass",
    "Tremolo Strings", "Pizzicato Strings", "Harp", "Timpani",
    "String Ensemble 1", "String Ensemble 2", "Synth Strings 1", "Synth Strings 2",
    "Choir Aahs", "Voice Oohs", "Synth Voice", "Orchestra Hit",
    "Trumpet", "Trombone", "Tuba", "Muted Trumpet",
    "French Horn", "Brass Section", "Synth Brass 1", "Synth Brass 2",
    "Soprano Saxophone", "Alto Saxophone", "Tenor Saxophone", "Baritone Saxophone",
    "Oboe", "English Horn", "Bassoon", "Clarinet",
    "Piccolo", "Flute", "Recorder", "Pan Flute",
    "Blown Bottle", "Shakuhachi", "Whistle", "Ocarina",
    "Square Lead", "Sawtooth Lead", "Calliope Lead", "Chiff Lead",
    "Charang Lead", "Voice Lead", "Fifths Lead", "Bass and Lead",
    "New Age Pad", "Warm Pad", "Polysynth Pad", "Choir Pad",
    "Bowed Pad", "Metallic Pad", "Halo Pad", "Sweep Pad",
    "Rain", "Soundtrack", "Crystal", "Atmosphere",
    "Brightness", "Goblins", "Echoes", "Sci-fi",
    "Sitar", "Banjo", "Shamisen", "Koto",
    "Kalimba", "Bagpipe", "Fiddle", "Shanai",
    "Tinkle Bell", "Agogo", "Steel Drums", "Woodblock",
    "Taiko Drum", "Melodic Tom", "Synth Drum", "Reverse Cymbal",
    "Guitar Fret Noise", "Breath Noise", "Seashore", "Bird Tweet",
    "Telephone Ring", "Helicopter", "Applause", "Gunshot",
)  # fmt: skip
# What each eight of them are.
PROGRAM_GROUPS = (
    "Pianos", "Mallets and Bells", "Organs", "Guitars", "Basses", "Solo Strings",
    "Ensembles and Voices", "Brass", "Reeds", "Pipes", "Synth Leads", "Synth Pads",
    "Synth Effects", "Plucked and Folk", "Percussive", "Sound Effects",
)  # fmt: skip


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
