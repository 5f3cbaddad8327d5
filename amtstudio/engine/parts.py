"""Who plays the notes: the note model's families, weighted by the detector's instruments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from amtstudio.decoding.players import FAMILY_OF
from amtstudio.symbolic import NoteTable, Track
from amtstudio.symbolic.families import FAMILY_TRACKS


def named_parts(notes: NoteTable, heard: Sequence[str]) -> NoteTable:
    """The notes on tracks of the detected instruments.

    The detector is more reliable on a recording as a whole than a model is on who plays a single
    note. So each family's track is named after its most frequent instrument, and the notes of a
    family that is not detected go to the most frequent instrument of all. Drums are left unchanged.

    Parameters
    ----------
    notes : NoteTable
        On tracks of ``FAMILY_TRACKS``; other tracks count as undetected families.
    heard : sequence of str
        Names of the detector's classes, the most frequent first. Empty: nothing is changed.
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
