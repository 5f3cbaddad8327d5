"""Drumming by rules, to rehearse: grooves with fills and ghost notes, and strokes without any."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.drums import DRUMS

Hits = npt.NDArray[np.float64]
Rng = np.random.Generator
_Stroke = tuple[float, str, float]  # sixteenths from the start of a bar, drum, velocity

_STEPS = 16  # a bar
_CLOSEST_S = 0.04  # two strokes on one drum
_TOMS = ("tom_high", "tom_mid", "tom_low")


def drumming(seconds: float, rng: Rng) -> Hits:
    """Strokes within [0, seconds), sorted by time.

    Returns
    -------
    np.ndarray, shape (n_hits, 3)
        Seconds, index into ``DRUMS``, MIDI velocity.
    """
    hits = _scattered(seconds, rng) if rng.random() < 0.3 else _groove(seconds, rng)
    hits[:, 2] = np.clip(hits[:, 2], 8, 127)
    return _apart(hits[(hits[:, 0] >= 0.0) & (hits[:, 0] < seconds)])


def _groove(seconds: float, rng: Rng) -> Hits:
    make, swings = _STYLES[int(rng.integers(len(_STYLES)))]
    step = 60.0 / rng.uniform(75, 180) / 4.0
    swing = rng.uniform(0.54, 0.68) if swings else 0.5
    unsteady = abs(rng.normal(0.0, 0.006))
    bar, opens = make(rng), bool(rng.random() < 0.5)
    start = -rng.uniform(0.0, _STEPS * step)
    rows: list[tuple[float, int, float]] = []
    for number in range(int((seconds - start) / (step * _STEPS)) + 1):
        strokes = bar if rng.random() < 0.7 else make(rng)
        if opens:
            strokes = [*strokes, (0.0, "crash", 112.0)]
        opens = bool(rng.random() < 0.25)
        if opens:
            strokes = _filled(strokes, rng)
        for place, drum, velocity in strokes:
            late = 2.0 * (swing - 0.5) if place % 2 >= 1 else 0.0
            time = start + (number * _STEPS + place + late) * step + rng.normal(0.0, unsteady)
            rows.append((time, DRUMS.index(drum), velocity + rng.normal(0.0, 8.0)))
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _scattered(seconds: float, rng: Rng) -> Hits:
    """Every drum at its own times, so that none can be inferred from the others."""
    parts = [np.zeros((0, 3))]
    for drum in rng.permutation(len(DRUMS))[: int(rng.integers(4, len(DRUMS) + 1))]:
        count = int(rng.poisson(seconds * np.exp(rng.uniform(np.log(0.2), np.log(1.5)))))
        times, velocities = rng.uniform(0.0, seconds, count), rng.uniform(25, 127, count)
        parts.append(np.column_stack([times, np.full(count, drum), velocities]))
    hits = np.concatenate(parts)
    together = rng.random(len(hits)) < rng.uniform(0.0, 0.4)
    others = rng.integers(max(len(hits), 1), size=len(hits))
    hits[together, 0] = hits[others[together], 0] + np.abs(
        rng.normal(0.0, 0.003, int(together.sum()))
    )
    return hits


def _apart(hits: Hits) -> Hits:
    """Without strokes that follow another on the same drum at once; sorted by time."""
    hits = hits[np.lexsort((hits[:, 0], hits[:, 1]))]
    is_near = (np.diff(hits[:, 1], prepend=-1.0) == 0) & (
        np.diff(hits[:, 0], prepend=-1.0) < _CLOSEST_S
    )
    kept = hits[~is_near]
    ordered: Hits = kept[np.argsort(kept[:, 0], kind="stable")]
    return ordered


def _filled(strokes: list[_Stroke], rng: Rng) -> list[_Stroke]:
    """The end of a bar down the toms."""
    first = float(rng.choice([4, 8, 12]))
    kept = [stroke for stroke in strokes if stroke[0] < first]
    places = np.arange(first, _STEPS, rng.choice([0.5, 1.0, 1.0, 2.0]))
    drums = ("snare", *_TOMS)
    for number, place in enumerate(places):
        drum = drums[int(number / len(places) * len(drums))]
        if rng.random() < 0.3:
            drum = drums[int(rng.integers(len(drums)))]
        kept.append((float(place), drum, rng.uniform(60, 120)))
    return kept


def _timekeeper(rng: Rng) -> list[_Stroke]:
    drum = str(
        rng.choice(["hihat_closed", "hihat_open", "ride", "crash"], p=[0.6, 0.1, 0.22, 0.08])
    )
    every = int(rng.choice([1, 2, 2, 2, 4]))
    level, accent = rng.uniform(50, 95), rng.uniform(0, 35)
    strokes = [
        (float(place), drum, level + accent * (place % 4 == 0)) for place in range(0, _STEPS, every)
    ]
    if drum == "hihat_closed" and rng.random() < 0.4:
        opened = float(rng.choice([2, 6, 10, 14]))
        strokes = [stroke for stroke in strokes if stroke[0] != opened]
        strokes.append((opened, "hihat_open", level + 10))
    return strokes


def _rock(rng: Rng) -> list[_Stroke]:
    back = "side_stick" if rng.random() < 0.12 else "snare"
    strokes = [*_timekeeper(rng), (0.0, "kick", 110.0), (4.0, back, 108.0), (12.0, back, 110.0)]
    for place in range(1, _STEPS):
        if rng.random() < (0.3 if place % 2 == 0 else 0.08):
            strokes.append((float(place), "kick", rng.uniform(70, 110)))
        if place not in (4, 12) and rng.random() < 0.1:
            strokes.append((float(place), "snare", rng.uniform(15, 45)))
    return strokes


def _jazz(rng: Rng) -> list[_Stroke]:
    strokes = [(float(place), "ride", rng.uniform(55, 100)) for place in (0, 4, 7, 8, 12, 15)]
    strokes += [(float(place), "hihat_closed", rng.uniform(40, 85)) for place in (4, 12)]
    for place in range(_STEPS):
        if rng.random() < 0.14:
            strokes.append((float(place), "snare", rng.uniform(20, 75)))
        if place % 4 == 0 and rng.random() < 0.4:
            strokes.append((float(place), "kick", rng.uniform(25, 80)))
    return strokes


def _latin(rng: Rng) -> list[_Stroke]:
    strokes = _timekeeper(rng)
    strokes += [(place, "kick", rng.uniform(50, 95)) for place in (0.0, 3.0, 4.0, 8.0, 11.0, 12.0)]
    strokes += [
        (place, "side_stick", rng.uniform(50, 105)) for place in (0.0, 3.0, 6.0, 10.0, 13.0)
    ]
    return strokes


def _tribal(rng: Rng) -> list[_Stroke]:
    strokes = [(float(place), "kick", 100.0) for place in (0, 4, 8, 12) if rng.random() < 0.8]
    strokes += [
        (float(place), str(rng.choice(_TOMS)), rng.uniform(45, 120))
        for place in range(_STEPS)
        if rng.random() < 0.5
    ]
    return strokes


_STYLES: tuple[tuple[Callable[[Rng], list[_Stroke]], bool], ...] = (
    (_rock, False),
    (_rock, False),
    (_rock, True),
    (_jazz, True),
    (_latin, False),
    (_tribal, False),
)
