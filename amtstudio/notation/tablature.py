"""Where on a guitar notes are played: the path of least effort over its strings and frets."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.pitches import pitch_of
from amtstudio.symbolic.score_choices import Tuning, check_tuning

GUITAR: Tuning = (40, 45, 50, 55, 59, 64)
BASS: Tuning = (28, 33, 38, 43)
MANDOLIN: Tuning = (55, 62, 69, 76)
UKULELE: Tuning = (67, 60, 64, 69)  # its fourth string is not its lowest
GUITARS: Mapping[str, Tuning] = MappingProxyType(
    {
        "standard": GUITAR,
        "half step down": (39, 44, 49, 54, 58, 63),
        "drop d": (38, 45, 50, 55, 59, 64),
        "whole step down": (38, 43, 48, 53, 57, 62),
        "drop c": (36, 43, 48, 53, 57, 62),
        "open d": (38, 45, 50, 54, 57, 62),
        "open g": (38, 43, 50, 55, 59, 62),
        "dadgad": (38, 45, 50, 55, 57, 62),
        "seven strings": (35, *GUITAR),
        "eight strings": (30, 35, *GUITAR),
    }
)
BASSES: Mapping[str, Tuning] = MappingProxyType(
    {
        "standard": BASS,
        "half step down": (27, 32, 37, 42),
        "drop d": (26, 33, 38, 43),
        "five strings": (23, *BASS),
        "six strings": (23, *BASS, 48),
    }
)
# Those tried where none is chosen, the usual one first; others are a player's taste.
_GUESSED = ("standard", "half step down", "drop d", "drop c", "five strings")
_GUESSED_LAST = ("seven strings", "eight strings")
_STRAY_SHARE = 0.01  # of the notes that may be wrong ones, for a tuning not to follow from them
_FRETS = 24
_SPAN = 4  # frets that a hand covers
_HIGH = 0.04  # for each fret up the neck
_SHIFT = 0.25  # for each fret that the hand moves
_STRETCH = 2.0  # for each fret beyond the span
_DROPPED = 100.0  # a note that cannot be played with the others of its chord
_BEAM = 40
_MOST_WAYS = 200  # of one chord


def tuning_of(text: str, names: Mapping[str, Tuning]) -> Tuning:
    """A tuning by its name, or by its open strings, such as "D2 A2 D3 G3 B3 E4", the lowest first.

    Raises ``ValueError`` if it is none.
    """
    plain = " ".join(text.casefold().replace("-", " ").replace("_", " ").split())
    if plain in names:
        return names[plain]
    strings = tuple(pitch_of(name) for name in re.split(r"[\s,]+", text.strip()))
    check_tuning(strings)
    return strings


def likely_tuning(
    pitch: npt.NDArray[np.int64], names: Mapping[str, Tuning], *, capo: int = 0
) -> Tuning:
    """The first of the usual tunings on which the notes can be played, but for a stray one."""
    tunings = [names[name] for name in (*_GUESSED, *_GUESSED_LAST) if name in names]
    n_strays = max(1, int(_STRAY_SHARE * len(pitch)))
    low = [int(np.sum(pitch < min(tuning) + capo)) for tuning in tunings]
    return next(
        (tuning for tuning, n_low in zip(tunings, low, strict=True) if n_low <= n_strays),
        tunings[int(np.argmin(low))],
    )


@dataclass(frozen=True, slots=True)
class Place:
    """``string`` counts from 1 at the highest, as tablature does."""

    string: int
    fret: int


def places_of(
    onset: npt.NDArray[np.int64],
    pitch: npt.NDArray[np.int64],
    *,
    tuning: Tuning = GUITAR,
    capo: int = 0,
    is_bent: npt.NDArray[np.bool_] | None = None,
) -> list[Place | None]:
    """A string and fret for each note, None for one that the instrument cannot play.

    The notes are sorted by onset; those with the same onset are a chord, each on its own string.
    The path through all chords is the one along which the hand moves and stretches least. Frets
    are counted from the capo, as tablature does. Notes that bend are fretted, where they can be: an
    open string cannot be bent.
    """
    bent = [False] * len(pitch) if is_bent is None else is_bent.tolist()
    places: list[Place | None] = [None] * len(pitch)
    groups = [
        list(rows) for _, rows in itertools.groupby(range(len(pitch)), key=lambda r: onset[r])
    ]
    # cost, where the hand is, and what came before: (places of the chord, the state before).
    beam: list[tuple[float, float, _Step | None]] = [(0.0, 0.0, None)]
    for rows in groups:
        wanted = [(int(pitch[row]) - capo, bent[row]) for row in rows]
        ways = _ways(wanted, tuning, _FRETS - capo)
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
    notes: list[tuple[int, bool]], tuning: Tuning, n_frets: int
) -> list[tuple[float, float, tuple[Place | None, ...]]]:
    """Ways to play a chord: cost, fret of the first finger (0: open strings alone), places.

    ``notes`` are pitches, and whether they bend.
    """
    n_strings = len(tuning)
    options: list[list[Place | None]] = []
    for pitch, is_bent in notes:
        own = [
            Place(n_strings - index, pitch - open_string)
            for index, open_string in enumerate(tuning)
            if 0 <= pitch - open_string <= n_frets
        ]
        fretted = [place for place in own if place.fret]
        options.append([*(fretted if is_bent and fretted else own), None])
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
