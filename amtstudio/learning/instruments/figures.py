"""Figures to add to phrases of music: strummed and picked guitars, licks, scales, repetitions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Notes = npt.NDArray[np.float64]  # (n_notes, 4): onset, offset in seconds, pitch, velocity

_OPEN_STRINGS = np.array((40, 45, 50, 55, 59, 64))
_X = -1
# Frets from the lowest string up; played open, or moved up the neck where no string is open.
_OPEN_CHORDS = (
    (0, 2, 2, 1, 0, 0), (0, 2, 2, 0, 0, 0), (_X, 0, 2, 2, 2, 0), (_X, 0, 2, 2, 1, 0),
    (_X, _X, 0, 2, 3, 2), (_X, _X, 0, 2, 3, 1), (3, 2, 0, 0, 0, 3), (3, 2, 0, 0, 3, 3),
    (_X, 3, 2, 0, 1, 0), (_X, _X, 3, 2, 1, 0), (0, 2, 0, 1, 0, 0), (_X, 0, 2, 0, 2, 0),
    (_X, _X, 0, 2, 1, 2), (_X, 2, 1, 2, 0, 2), (3, 2, 0, 0, 0, 1), (_X, 3, 2, 0, 3, 0),
    (_X, _X, 0, 2, 3, 0), (_X, 0, 2, 2, 0, 0), (0, 2, 2, 1, 2, 0),
)  # fmt: skip
_MOVED_CHORDS = (
    (1, 3, 3, 2, 1, 1), (1, 3, 3, 1, 1, 1), (1, 3, 1, 2, 1, 1), (1, 3, 1, 1, 1, 1),
    (1, _X, 2, 2, 1, _X), (1, _X, 1, 2, 1, _X), (1, _X, 1, 1, 1, _X), (1, _X, 1, 2, 3, _X),
    (_X, 1, 3, 3, 3, 1), (_X, 1, 3, 3, 2, 1), (_X, 1, 3, 1, 3, 1), (_X, 1, 3, 1, 2, 1),
    (_X, 1, 3, 2, 3, _X), (_X, 2, 1, 2, 2, _X), (_X, 1, 2, 1, 2, _X), (_X, 2, 3, 1, 3, _X),
    (1, 3, 3, _X, _X, _X), (_X, 1, 3, 3, _X, _X), (_X, 1, 3, 1, 3, 3), (_X, _X, 1, 3, 2, 1),
    (_X, _X, 1, 1, 1, 1), (_X, _X, 3, 2, 1, 1), (2, _X, 1, 2, 2, _X), (_X, 1, 0, 1, 1, 1),
    (_X, _X, 1, 2, 1, 2), (_X, _X, 1, 2, 2, 2), (1, _X, 0, 1, 0, _X),
)  # fmt: skip
_SCALES = (
    (0, 2, 4, 5, 7, 9, 11), (0, 2, 3, 5, 7, 8, 10), (0, 3, 5, 7, 10), (0, 2, 4, 7, 9),
    (0, 3, 5, 6, 7, 10), (0, 2, 3, 5, 7, 9, 10), (0, 2, 4, 5, 7, 9, 10), tuple(range(12)),
    (0, 2, 3, 5, 7, 8, 11),
)  # fmt: skip


def _shape(rng: np.random.Generator) -> dict[int, int]:
    """String number to pitch."""
    if rng.random() < 0.4:
        frets, up = _OPEN_CHORDS[int(rng.integers(len(_OPEN_CHORDS)))], 0
        if rng.random() < 0.25:
            up = int(rng.integers(1, 6))  # a capo
    else:
        frets = _MOVED_CHORDS[int(rng.integers(len(_MOVED_CHORDS)))]
        up = int(rng.integers(0, 10))
    return {
        string: int(_OPEN_STRINGS[string] + fret + up)
        for string, fret in enumerate(frets)
        if fret != _X
    }


def guitar_chords(rng: np.random.Generator, *, start: float, end: float) -> Notes:
    """Chords on six strings: strummed, plucked together, thumb and fingers, or broken.

    A string sounds until it is plucked again, the hand moves on, or it is damped; an accompanist
    damps some beats of a bar immediately and lets others ring. Strings of a chord are not equally
    loud.
    """
    beat = 60.0 / rng.uniform(60.0, 180.0)
    division = int(rng.choice([2, 2, 2, 3, 4, 4]))
    step = beat / division
    swing = rng.uniform(0.0, 0.3) if division == 2 and rng.random() < 0.3 else 0.0
    bar = int(rng.choice([2, 3, 4, 4, 4])) * division
    progression = [_shape(rng) for _ in range(int(rng.integers(2, 6)))]
    change = bar if rng.random() < 0.6 else max(division, bar // 2)
    manner = str(rng.choice(["strum", "strum", "pluck", "thumb", "thumb", "broken", "broken"]))
    density = rng.uniform(0.3, 0.95)
    pattern = rng.random(bar) < density
    pattern[0] |= rng.random() < 0.8 or not pattern.any()
    accents = rng.normal(0.0, 9.0, bar)
    rings = rng.random() < 0.7
    length = rng.uniform(0.25, 0.9) * step if not rings else np.inf
    is_short = rng.random(bar) < rng.choice([0.0, 0.0, 0.3, 0.7])
    uneven = rng.choice([4.0, 8.0, 14.0])  # velocity, standard deviation between strings
    spread = float(np.exp(rng.uniform(np.log(0.003), np.log(0.025))))
    order = rng.permutation(6)
    velocity = rng.uniform(45.0, 105.0)
    jitter = rng.uniform(0.0, 0.012)
    notes: list[list[float]] = []
    sounding: dict[int, int] = {}
    previous: dict[int, int] | None = None
    n_steps = int((end - start) / step) + 1
    for index in range(n_steps):
        time = start + index * step + (swing * step if index % 2 else 0.0)
        shape = progression[(index // change) % len(progression)]
        if shape is not previous:  # the left hand is lifted
            for row in sounding.values():
                notes[row][1] = min(notes[row][1], time - rng.uniform(0.0, 0.03))
            sounding, previous = {}, shape
        place = index % bar
        if not pattern[place]:
            continue
        strings = _struck(
            shape, manner, index=index, place=place, division=division, order=order, rng=rng
        )
        time += rng.normal(0.0, jitter)
        gap = spread if manner == "strum" else rng.uniform(0.0, 0.004)
        for position, string in enumerate(strings):
            onset = time + position * gap + abs(rng.normal(0.0, 0.0015))
            if string in sounding:
                row = sounding[string]
                notes[row][1] = min(notes[row][1], onset - 0.003)
            strength = velocity + accents[place] + rng.normal(0.0, uneven) - 2.0 * position
            held = min(length * rng.uniform(0.8, 1.2), 5.0)
            if is_short[place]:
                held = min(held, rng.uniform(0.06, 0.2))
            notes.append([onset, onset + held, float(shape[string]), strength])
            sounding[string] = len(notes) - 1
    return _finished(notes)


def _struck(
    shape: dict[int, int],
    manner: str,
    *,
    index: int,
    place: int,
    division: int,
    order: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> list[int]:
    strings = sorted(shape)
    if manner == "strum":
        is_down = index % 2 == 0 or division == 3
        if rng.random() < 0.35:
            strings = strings[:4] if rng.random() < 0.3 else strings[-int(rng.integers(2, 5)) :]
        return strings if is_down else strings[::-1][: int(rng.integers(2, 7))]
    if manner == "pluck":
        return strings[-4:] if len(strings) > 4 else strings
    if manner == "thumb":
        on_beat = place % division == 0
        fingers = strings[-3:]
        if on_beat and (place // division) % 2 == 0:
            return [strings[0], *fingers] if rng.random() < 0.4 else strings[:1]
        return strings[:1] if on_beat and rng.random() < 0.3 else fingers
    chosen = order[place % len(order)] % len(strings)
    return [strings[chosen], strings[-1]] if rng.random() < 0.12 else [strings[chosen]]


def line(rng: np.random.Generator, *, lowest: int, highest: int, start: float, end: float) -> Notes:
    """One note after the other: scales, licks, leaps, repeated notes, rests."""
    scale = np.array(_SCALES[int(rng.integers(len(_SCALES)))]) + int(rng.integers(12))
    pitches = np.array([p for p in range(lowest, highest + 1) if p % 12 in set(scale % 12)])
    step = float(np.exp(rng.uniform(np.log(0.09), np.log(0.6))))
    velocity, held = rng.uniform(50.0, 105.0), rng.uniform(0.4, 1.02)
    at = int(rng.integers(len(pitches)))
    time, notes = start + rng.uniform(0.0, 0.6), []
    leap = rng.uniform(0.02, 0.3)
    while time < end:
        motion = rng.random()
        count = int(rng.integers(2, 9))
        direction = int(rng.choice([-1, 1]))
        for _ in range(count):
            length = step * float(rng.choice([1, 1, 1, 1, 2, 2, 3, 4, 0.5]))
            notes.append(
                [time, time + max(length * held, 0.06), float(pitches[at]),
                 velocity + rng.normal(0.0, 7.0)]
            )  # fmt: skip
            time += length
            if motion < 0.12:  # the same note again
                continue
            jump = int(rng.integers(-7, 8)) if rng.random() < leap else direction
            at = int(np.clip(at + jump, 0, len(pitches) - 1))
        if rng.random() < 0.3:
            time += rng.uniform(0.1, 1.2)
    return _finished(notes)


def harp_holes(rng: np.random.Generator, *, start: float, end: float) -> Notes:
    """A diatonic harmonica: lines, chords of neighbouring holes and octaves, blown or drawn.

    The tongue covers the holes between the two of an octave, and often only after a moment in which
    all of them sound (a slap); some players do so for whole phrases.
    """
    key = int(rng.integers(55, 67))  # G to F#
    blow = key + np.array((0, 4, 7, 12, 16, 19, 24, 28, 31, 36))
    draw = key + np.array((2, 7, 11, 14, 17, 21, 23, 26, 29, 33))
    step = float(np.exp(rng.uniform(np.log(0.12), np.log(0.5))))
    chordal = rng.choice([0.0, 0.15, 0.5, 0.9])
    in_octaves = rng.choice([0.0, 0.06, 0.06, 0.5, 0.9])
    slaps = rng.choice([0.0, 0.0, 0.5])
    hole, time, notes = int(rng.integers(0, 8)), start + rng.uniform(0.0, 0.5), []
    velocity = rng.uniform(55.0, 105.0)

    def blown(holes: Sequence[int], reeds: npt.NDArray[np.int64], length: float) -> None:
        for number in holes:
            onset = time + abs(rng.normal(0.0, 0.006))
            notes.append(
                [onset, onset + max(length, 0.06), float(reeds[number]),
                 velocity + rng.normal(0.0, 8.0)]
            )  # fmt: skip

    while time < end:
        length = step * float(rng.choice([1, 1, 1, 2, 2, 3, 4, 0.5]))
        reeds = blow if rng.random() < 0.5 else draw
        hole = int(np.clip(hole + rng.integers(-2, 3), 0, 9))
        sounding = length * rng.uniform(0.55, 1.0)
        above = np.flatnonzero(reeds == reeds[hole] + 12)
        if len(above) and rng.random() < in_octaves:
            if rng.random() < slaps:
                blown(range(hole + 1, int(above[0])), reeds, rng.uniform(0.05, 0.15))
            blown((hole, int(above[0])), reeds, sounding)
        else:
            width = int(rng.integers(2, 5)) if rng.random() < chordal else 1
            blown(range(hole, min(hole + width, 10)), reeds, sounding)
        time += length
        if rng.random() < 0.12:
            time += rng.uniform(0.15, 1.2)
    return _finished(notes)


def _finished(notes: list[list[float]]) -> Notes:
    array = np.array(notes).reshape(-1, 4)
    array[:, 1] = np.maximum(array[:, 1], array[:, 0] + 0.04)
    array[:, 3] = np.clip(array[:, 3], 16, 126)
    ordered: Notes = array[np.argsort(array[:, 0], kind="stable")]
    return ordered
