"""Notes that only a lower threshold finds."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from amtstudio.symbolic import NoteState, NoteTable

_FEWEST_CAPPED = 1000  # so many candidates never are too many
_SEMITONES_OF_A_SECOND = 3.0  # how far apart in pitch is as far as a second


def candidates_beyond(found: NoteTable, notes: NoteTable) -> NoteTable:
    """Those of ``found``, decoded at a lower threshold, that are not among ``notes``.

    The threshold does not move an onset, so that the same onset is the same note. Where a noisy
    recording has more of them than notes, the likeliest are taken.
    """
    beyond = found.take(~found.is_in(notes))
    most = max(len(notes), _FEWEST_CAPPED)
    if len(beyond) > most:
        limit = np.partition(beyond.confidence, -most)[-most]
        beyond = beyond.take(np.flatnonzero(beyond.confidence >= limit)[:most])
    return among_tracks_of(beyond.with_state(NoteState.CANDIDATE), notes)


def among_tracks_of(candidates: NoteTable, notes: NoteTable) -> NoteTable:
    """Candidates on tracks of no note go to that of the note that is nearest in time and pitch.

    Only notes are assigned to players; an accepted candidate should not create a new track beside
    theirs. Drums stay where they are.
    """
    is_drums = np.array([track.is_drums for track in candidates.tracks], dtype=bool)
    is_known = np.array([track in notes.playing() for track in candidates.tracks], dtype=bool)
    strays = np.flatnonzero(~(is_drums | is_known)[candidates.track])
    pitched = np.flatnonzero(~np.array([track.is_drums for track in notes.tracks])[notes.track])
    if not len(strays) or not len(pitched):
        return candidates
    from scipy.spatial import cKDTree  # noqa: PLC0415 - the window starts without it

    places = [
        np.stack((table.onset[which], table.pitch[which] / _SEMITONES_OF_A_SECOND), axis=1)
        for table, which in ((notes, pitched), (candidates, strays))
    ]
    _, nearest = cKDTree(places[0]).query(places[1])
    track = candidates.track + len(notes.tracks)
    track[strays] = notes.track[pitched[nearest]]
    tracks = (*notes.tracks, *candidates.tracks)
    wanted = tuple(sorted({tracks[place] for place in np.unique(track).tolist()}))
    places_in_wanted = [wanted.index(t) if t in wanted else 0 for t in tracks]
    return replace(candidates, tracks=wanted, track=np.array(places_in_wanted, np.int64)[track])
