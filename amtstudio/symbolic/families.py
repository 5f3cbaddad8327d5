"""Families of instruments: who may play a note, according to a model."""

from __future__ import annotations

from amtstudio.symbolic.tracks import Track

# In the order of the outputs of models; the tracks that their notes are put on.
FAMILY_TRACKS = {
    "keys": Track.named("piano"),
    "guitar": Track.named("guitar"),
    "bass": Track.named("bass"),
    "strings": Track.named("strings"),
    "winds": Track("winds", 73),
    "brass": Track("brass", 61),
    "voice": Track.named("voice"),
    "mallets": Track.named("mallet_percussion"),
    "organ_synth": Track("organ or synth", 19),
}
FAMILIES = tuple(FAMILY_TRACKS)
SOMEBODY = Track("notes")  # of notes whose player is unknown

# Semitones to either side of a key that a bend of 0 and of 1 stand for; 0.5 is the key itself.
BEND_RANGE = 4.0

_BY_PROGRAM = (  # the first program of General MIDI, from 0, that is of a family
    (0, "keys"),
    (8, "mallets"),
    (16, "organ_synth"),
    (22, "winds"),  # the harmonica
    (23, "organ_synth"),
    (24, "guitar"),
    (32, "bass"),
    (40, "strings"),
    (52, "voice"),
    (55, "organ_synth"),
    (56, "brass"),
    (64, "winds"),
    (80, "organ_synth"),
    (104, "guitar"),
    (108, "mallets"),
    (109, "winds"),
    (110, "strings"),
    (111, "winds"),
    (112, "mallets"),
)
# What truth is often called and General MIDI has under another name, or under none here.
_BY_WORD = {
    "piano": "keys",
    "keys": "keys",
    "clavinet": "keys",
    "harpsichord": "keys",
    "bassoon": "winds",
    "oboe": "winds",
    "recorder": "winds",
    "piccolo": "winds",
    "sax": "winds",
    "horn": "brass",
    "tuba": "brass",
    "contrabass": "strings",
    "fiddle": "strings",
    "harp": "strings",
    "vocals": "voice",
    "choir": "voice",
    "singer": "voice",
    "vibraphone": "mallets",
    "marimba": "mallets",
    "xylophone": "mallets",
    "celesta": "mallets",
    "synth": "organ_synth",
}


def family_of(track: Track) -> str | None:
    """The family that plays a track, by its name and its program; None where neither tells.

    Drums are of no family.
    """
    if track.is_drums:
        return None
    for family, known in FAMILY_TRACKS.items():
        if track == known:
            return family
    name = track.name.lower().replace(" ", "_")
    if name == "double_bass":
        return "strings"
    for word in reversed([part.rstrip("0123456789") for part in name.split("_")]):
        if word in _BY_WORD:
            return _BY_WORD[word]
    # An unknown name has the program of the piano, which then says nothing.
    if track.program == 0:
        return None
    return next(family for first, family in reversed(_BY_PROGRAM) if first <= track.program)
