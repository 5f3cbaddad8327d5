"""Families of instruments: who may play a note, as a model tells it."""

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

# Semitones to either side of a key that a bend of 0 and of 1 stand for; 0.5 is the key itself.
BEND_RANGE = 4.0
