"""Names of the notes of a drum track: the percussion key map of General MIDI."""

from __future__ import annotations

from amtstudio.symbolic.drums import GENERAL_MIDI_KEYS

# The drums that our models distinguish have shorter names than in the specification.
_OWN_NAMES = {
    "kick": "Kick",
    "snare": "Snare",
    "side_stick": "Side stick",
    "hihat_closed": "Closed hi-hat",
    "hihat_open": "Open hi-hat",
    "tom_low": "Low tom",
    "tom_mid": "Mid tom",
    "tom_high": "High tom",
    "ride": "Ride",
    "crash": "Crash",
}
# General MIDI level 1 (35 to 81) and what level 2 added.
_OTHER_NAMES = {
    27: "High Q",
    28: "Slap",
    29: "Scratch push",
    30: "Scratch pull",
    31: "Sticks",
    32: "Square click",
    33: "Metronome click",
    34: "Metronome bell",
    35: "Acoustic kick",
    39: "Hand clap",
    40: "Electric snare",
    41: "Low floor tom",
    44: "Pedal hi-hat",
    45: "Low tom 2",
    48: "High-mid tom",
    52: "China cymbal",
    53: "Ride bell",
    54: "Tambourine",
    55: "Splash",
    56: "Cowbell",
    57: "Crash 2",
    58: "Vibraslap",
    59: "Ride 2",
    60: "High bongo",
    61: "Low bongo",
    62: "Muted conga",
    63: "Open conga",
    64: "Low conga",
    65: "High timbale",
    66: "Low timbale",
    67: "High agogo",
    68: "Low agogo",
    69: "Cabasa",
    70: "Maracas",
    71: "Short whistle",
    72: "Long whistle",
    73: "Short guiro",
    74: "Long guiro",
    75: "Claves",
    76: "High wood block",
    77: "Low wood block",
    78: "Muted cuica",
    79: "Open cuica",
    80: "Muted triangle",
    81: "Open triangle",
    82: "Shaker",
    83: "Jingle bell",
    84: "Bell tree",
    85: "Castanets",
    86: "Muted surdo",
    87: "Open surdo",
}
PERCUSSION: dict[int, str] = _OTHER_NAMES | {
    GENERAL_MIDI_KEYS[drum]: name for drum, name in _OWN_NAMES.items()
}


def percussion_name(pitch: int) -> str:
    """The drum that a note number (0 to 127) of a drum track stands for; else ``Drum 12``."""
    return PERCUSSION.get(pitch, f"Drum {pitch}")


def percussion_of(name: str) -> int:
    """The note number of a drum's name, in any case, or of a number.

    Raises ``ValueError`` if there is none, or none from 0 to 127.
    """
    wanted = name.strip().casefold()
    for pitch, known in PERCUSSION.items():
        if known.casefold() == wanted:
            return pitch
    number = wanted.removeprefix("drum ")
    if not number.isdecimal() or int(number) > 127:
        raise ValueError(f"no drum: {name!r}")
    return int(number)
