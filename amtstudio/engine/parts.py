"""Who plays the notes: what a note model says of each, weighed by what the detector hears."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILY_TRACKS

# Of the classes that the detector knows, the family that a note model tells.
FAMILY_OF = {
    "accordion": "organ_synth",
    "banjo": "guitar",
    "bass": "bass",
    "cello": "strings",
    "clarinet": "winds",
    "flute": "winds",
    "guitar": "guitar",
    "mallet_percussion": "mallets",
    "mandolin": "guitar",
    "organ": "organ_synth",
    "piano": "keys",
    "saxophone": "winds",
    "synthesizer": "organ_synth",
    "trombone": "brass",
    "trumpet": "brass",
    "ukulele": "guitar",
    "violin": "strings",
    "voice": "voice",
}


def named_parts(notes: NoteTable, heard: Sequence[str]) -> NoteTable:
    """The notes on tracks of the instruments that are heard.

    The detector hears a recording as a whole better than a model tells who plays a single note. So
    of each family its most heard instrument names the track, and the notes of a family that is not
    heard go to the instrument that is heard most. Drums stay as they are.

    Parameters
    ----------
    notes : NoteTable
        On tracks of ``FAMILY_TRACKS``; other tracks count as families that are not heard.
    heard : sequence of str
        Names of the detector's classes, the most heard first. Empty: nothing is changed.
    """
    names: dict[str, str] = {}  # by family
    for instrument in heard:
        family = FAMILY_OF.get(instrument)
        if family is not None:
            names.setdefault(family, instrument)
    if not names:
        return notes
    usual = Track.named(next(iter(names.values())))
    of_track = {FAMILY_TRACKS[family]: Track.named(name) for family, name in names.items()}
    wanted = [track if track.is_drums else of_track.get(track, usual) for track in notes.tracks]
    tracks = tuple(sorted(set(wanted)))
    places = np.array([tracks.index(track) for track in wanted])
    used = np.unique(places[notes.track]) if len(notes) else np.arange(1)
    return replace(
        notes,
        tracks=tuple(tracks[place] for place in used.tolist()),
        track=np.searchsorted(used, places[notes.track]),
    )
