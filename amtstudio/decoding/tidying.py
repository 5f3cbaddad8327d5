"""Fixes that need all notes: overlaps, duplicates of one sound, mistaken tracks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic import NoteTable
from amtstudio.symbolic.tracks import PIANO

Doubles = npt.NDArray[np.float64]

TOGETHER_S = 0.06  # notes that begin within it may be one sound between two keys
ONE_PITCH_CENTS = 65.0
# A track with a smaller share of the notes is considered an error of the model: a clarinet is not a
# voice for three notes.
LEAST_SHARE = 0.06
LEAST_NOTES = 4
_NEAR_S = 4.0


def tidied(notes: NoteTable) -> NoteTable:
    """The notes, in order, without twins, and with strays on the track that plays around them.

    Only what bends or is played by several tracks is touched.
    """
    if notes.bends is not None:
        notes = without_twins(notes)
    return without_strays(notes) if len(notes.tracks) > 1 else notes


def without_overlaps(notes: NoteTable) -> NoteTable:
    """The notes, in order of their onsets, each ended where its key is struck again."""
    order = np.lexsort((notes.onset, notes.pitch))
    same = np.append(notes.pitch[order][1:] == notes.pitch[order][:-1], False)
    following = np.append(notes.onset[order][1:], np.inf)
    latest = np.full(len(notes), np.inf)
    latest[order] = np.where(same & (following > notes.onset[order]), following, np.inf)
    return replace(notes, offset=np.minimum(notes.offset, latest))


def without_twins(notes: NoteTable) -> NoteTable:
    """One note where two neighbouring keys represent the same sound between them.

    Of notes a semitone apart that begin together and whose bends lead to nearly one pitch, that
    with the smaller bend stays; a true minor second stays two notes.
    """
    notes = notes.in_order()
    bend = median_cents(notes)
    sounding = 100.0 * notes.pitch + bend
    dropped = np.zeros(len(notes), dtype=bool)
    for index in np.flatnonzero(bend != 0.0).tolist():
        near = _together(notes.onset, index)
        apart = np.abs(notes.pitch[near] - notes.pitch[index]) == 1
        same = apart & (np.abs(sounding[near] - sounding[index]) < ONE_PITCH_CENTS)
        same &= ~dropped[near]
        if np.any(np.abs(bend[near][same]) < abs(bend[index])):
            dropped[index] = True
    return notes.take(~dropped) if dropped.any() else notes


def _together(onset: Doubles, index: int) -> npt.NDArray[np.intp]:
    first, last = np.searchsorted(onset, onset[index] + np.array([-TOGETHER_S, TOGETHER_S]))
    near = np.arange(first, last)
    others: npt.NDArray[np.intp] = near[near != index]
    return others


def median_cents(notes: NoteTable) -> Doubles:
    """Median deviation of each note from its key, shape (n_notes,); 0 for notes without a bend."""
    found = np.zeros(len(notes))
    if notes.bends is None:
        return found
    for index, duration in enumerate((notes.offset - notes.onset).tolist()):
        points = notes.bends[index]
        if points:
            seconds, cents = zip(*points, strict=True)
            found[index] = np.median(np.interp(np.linspace(0.0, duration, 33), seconds, cents))
    return found


def without_strays(notes: NoteTable) -> NoteTable:
    """The notes of tracks that hardly play, on the track that plays most around each of them.

    Drums are left as they are, and stay out of it.
    """
    counts = np.bincount(notes.track, minlength=len(notes.tracks))
    is_drums = np.array([track.is_drums for track in notes.tracks])
    n_pitched = counts[~is_drums].sum()
    fewest = max(LEAST_NOTES, LEAST_SHARE * n_pitched)
    stays = (counts >= fewest) & ~is_drums
    if not stays.any():
        stays[np.argmax(np.where(is_drums, -1, counts))] = True
    strays = np.flatnonzero(~stays[notes.track] & ~is_drums[notes.track])
    if not len(strays):
        return notes
    track = notes.track.copy()
    steady = np.flatnonzero(stays[notes.track])
    usual = int(np.argmax(np.where(stays, counts, -1)))
    for index in strays.tolist():
        near = steady[np.abs(notes.onset[steady] - notes.onset[index]) <= _NEAR_S]
        around = np.bincount(notes.track[near], minlength=len(notes.tracks))
        track[index] = int(around.argmax()) if len(near) else usual
    return _on_tracks(notes, track)


def _on_tracks(notes: NoteTable, track: npt.NDArray[np.int64]) -> NoteTable:
    """The notes on other places in their tracks, and no track without notes."""
    used = np.unique(track)
    tracks = tuple(notes.tracks[place] for place in used.tolist()) or (PIANO,)
    return replace(notes, track=np.searchsorted(used, track), tracks=tracks)
