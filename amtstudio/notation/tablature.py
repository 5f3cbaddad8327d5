"""Where on a guitar notes are played: the path of least effort over its strings and frets."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

GUITAR = (40, 45, 50, 55, 59, 64)  # open strings, the lowest first
BASS = (28, 33, 38, 43)
_FRETS = 19
_SPAN = 4  # frets that a hand covers
_HIGH = 0.04  # for each fret up the neck
_SHIFT = 0.25  # for each fret that the hand moves
_STRETCH = 2.0  # for each fret beyond the span
_DROPPED = 100.0  # a note that cannot be played with the others of its chord
_BEAM = 40
_MOST_WAYS = 200  # of one chord


@dataclass(frozen=True, slots=True)
class Place:
    """``string`` counts from 1 at the highest, as tablature does."""

    string: int
    fret: int


def places_of(
    onset: npt.NDArray[np.int64],
    pitch: npt.NDArray[np.int64],
    *,
    tuning: tuple[int, ...] = GUITAR,
) -> list[Place | None]:
    """A string and fret for each note, None for one that the instrument cannot play.

    The notes are sorted by onset; those with the same onset are a chord, each on its own string.
    The path through all chords is the one along which the hand moves and stretches least.
    """
    places: list[Place | None] = [None] * len(pitch)
    groups = [
        list(rows) for _, rows in itertools.groupby(range(len(pitch)), key=lambda r: onset[r])
    ]
    # cost, where the hand is, and what came before: (places of the chord, the state before).
    beam: list[tuple[float, float, _Step | None]] = [(0.0, 0.0, None)]
    for rows in groups:
        ways = _ways([int(pitch[row]) for row in rows], tuning)
        grown = []
        for cost, hand, step in beam:
            for own, at, way in ways:
                moved = abs(at - hand) if at else 0.0
                grown.append(
                    (cost + own + _SHIFT * moved, at or hand, _Step(tuple(rows), way, step))
                )
        grown.sort(key=lambda state: state[0])
        beam = list({hand: (c, hand, s) for c, hand, s in reversed(grown[: 4 * _BEAM])}.values())
        beam = sorted(beam, key=lambda state: state[0])[:_BEAM]
    last = beam[0][2]
    while last is not None:
        for row, place in zip(last.rows, last.way, strict=True):
            places[row] = place
        last = last.before
    return places


@dataclass(frozen=True, slots=True)
class _Step:
    rows: tuple[int, ...]
    way: tuple[Place | None, ...]
    before: _Step | None


def _ways(
    pitches: list[int], tuning: tuple[int, ...]
) -> list[tuple[float, float, tuple[Place | None, ...]]]:
    """Ways to play a chord: cost, fret of the first finger (0: open strings alone), places."""
    n_strings = len(tuning)
    options: list[list[Place | None]] = []
    for pitch in pitches:
        own: list[Place | None] = [
            Place(n_strings - index, pitch - open_string)
            for index, open_string in enumerate(tuning)
            if 0 <= pitch - open_string <= _FRETS
        ]
        options.append([*own, None])
    partial: list[tuple[float, tuple[Place | None, ...]]] = [(0.0, ())]
    for choices in options:
        grown = []
        for _, way in partial:
            used = {place.string for place in way if place is not None}
            for place in choices:
                if place is None or place.string not in used:
                    longer = (*way, place)
                    grown.append((_effort(longer), longer))
        grown.sort(key=lambda entry: entry[0])
        partial = grown[:_MOST_WAYS]
    ways = []
    for effort, way in partial[:_BEAM]:
        frets = [place.fret for place in way if place is not None and place.fret]
        ways.append((effort, float(min(frets)) if frets else 0.0, way))
    return ways


def _effort(way: tuple[Place | None, ...]) -> float:
    frets = [place.fret for place in way if place is not None and place.fret]
    cost = _DROPPED * sum(place is None for place in way) + _HIGH * sum(frets)
    if frets:
        cost += _STRETCH * max(0, max(frets) - min(frets) - _SPAN + 1)
    return cost
