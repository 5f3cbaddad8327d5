"""Who plays what: excerpts of pieces, played as people play, and random notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from training.synthesis.pieces import Piece

LEAD_S = 4.0  # notes struck this long before the clip may still sound in it


@dataclass(frozen=True)
class Performance:
    """What was played around a clip; times in seconds from its start, possibly negative.

    Attributes
    ----------
    notes : np.ndarray, shape (n_notes, 5)
        Onset, key-up, end of the sound (key-up, or pedal-up if later), pitch, velocity.
    pedals : np.ndarray, shape (n_pedals, 2)
    """

    notes: npt.NDArray[np.float64]
    pedals: npt.NDArray[np.float64]


@dataclass(frozen=True)
class Repertoire:
    """Pieces to choose from, and how often.

    ``played`` are performances with their own timing and pedal, ``scores`` and ``solos`` are
    written music that has to be brought to life first: accompaniments, and music for the piano
    alone.
    """

    played: Sequence[Piece]
    scores: Sequence[Piece]
    solos: Sequence[Piece] = ()
    played_share: float = 0.35
    scores_share: float = 0.45  # the rest are random notes
    solos_share: float = 0.6  # of written music, where there are any: they are faster and denser
    mixture_share: float = 0.10  # two excerpts at once: denser than either
    repeats_share: float = 0.15  # some of whose notes are struck again and again, fast
    are_dynamics_varied: bool = True  # False: as loud and as soft as they were played


def perform(repertoire: Repertoire, duration: float, rng: np.random.Generator) -> Performance:
    """Play something for ``duration`` seconds."""
    first = _perform_one(repertoire, duration, rng)
    if rng.random() >= repertoire.mixture_share:
        return first
    second = _perform_one(repertoire, duration, rng)
    notes = np.concatenate([first.notes, second.notes])
    # One piano has one pedal: that of the first excerpt, which lets the second's notes ring too.
    return sounding(notes[:, [0, 1, 3, 4]], first.pedals)


def _perform_one(repertoire: Repertoire, duration: float, rng: np.random.Generator) -> Performance:
    draw = rng.random()
    if draw < repertoire.played_share and repertoire.played:
        notes, pedals = _excerpt(repertoire.played, duration, rng)
    elif draw < repertoire.played_share + repertoire.scores_share and repertoire.scores:
        is_solo = bool(repertoire.solos) and rng.random() < repertoire.solos_share
        pieces = repertoire.solos if is_solo else repertoire.scores
        notes, pedals = _excerpt(pieces, duration, rng)
        notes, pedals = _humanise(notes, duration, rng)
    else:
        notes, pedals = _random_notes(duration, rng)
    if rng.random() < repertoire.repeats_share:
        notes = _repeat_some(notes, rng)
    if repertoire.are_dynamics_varied:
        notes = _vary_dynamics(notes, rng)
    return sounding(notes, pedals)


def sounding(notes: npt.NDArray[np.float64], pedals: npt.NDArray[np.float64]) -> Performance:
    """Let the pedal hold the notes, and a key struck again end its earlier note.

    ``notes`` has shape (n_notes, 4): onset, key-up, pitch, velocity.
    """
    notes = notes[np.lexsort((notes[:, 2], notes[:, 0]))]
    key_ups = notes[:, 1]
    ends = key_ups.copy()
    for down, up in pedals:
        held = (key_ups >= down) & (key_ups < up)
        ends[held] = np.maximum(ends[held], up)
    keep = np.ones(len(notes), dtype=bool)
    for pitch in np.unique(notes[:, 2]):
        same = np.flatnonzero(notes[:, 2] == pitch)
        onsets = notes[same, 0]
        # Nobody strikes a key twice within 40 ms; scores with two voices on one note do.
        doubled = np.flatnonzero(np.diff(onsets) < 0.04) + 1
        keep[same[doubled]] = False
        same = np.delete(same, doubled)
        ends[same[:-1]] = np.minimum(ends[same[:-1]], notes[same[1:], 0] - 0.005)
    key_ups = np.minimum(key_ups, ends)
    columns = np.column_stack([notes[:, 0], key_ups, ends, notes[:, 2], notes[:, 3]])
    return Performance(columns[keep & (ends > notes[:, 0] + 0.01)], pedals)


def _excerpt(
    pieces: Sequence[Piece], duration: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """A stretch of a random piece at another tempo and in another key."""
    piece = pieces[int(rng.integers(len(pieces)))]
    stretch = float(np.exp(rng.uniform(np.log(0.6), np.log(1.4))))  # of the time axis
    start = rng.uniform(-0.5, max(piece.duration * stretch - duration, 0.0))
    widest = 12 if rng.random() < 0.2 else 6
    transposition = int(rng.integers(-widest, widest + 1))
    notes = piece.notes.copy()
    notes[:, :2] = notes[:, :2] * stretch - start
    notes[:, 2] += transposition
    inside = (notes[:, 0] > -LEAD_S) & (notes[:, 0] < duration)
    inside &= (notes[:, 2] >= 21) & (notes[:, 2] <= 108)
    pedals = piece.pedals * stretch - start
    pedals = pedals[(pedals[:, 1] > -LEAD_S) & (pedals[:, 0] < duration)]
    return notes[inside], pedals


def _repeat_some(
    notes: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Strike some of the longer notes again and again while they last: tremolo, fast repeats.

    Written music has few of them, and those that real pianists play are missed most.
    """
    step = float(np.exp(rng.uniform(np.log(0.09), np.log(0.3))))
    lengths = notes[:, 1] - notes[:, 0]
    chosen = (lengths > 1.6 * step) & (rng.random(len(notes)) < rng.uniform(0.15, 0.6))
    parts = [notes[~chosen]]
    for note, length in zip(notes[chosen], lengths[chosen], strict=True):
        count = min(round(length / step), 12)
        onsets = note[0] + step * (np.arange(count) + rng.normal(0.0, 0.04, count))
        ends = onsets + step * rng.uniform(0.4, 0.95)
        struck = np.tile(note, (count, 1))
        struck[:, 0], struck[:, 1] = onsets, ends
        struck[:, 3] += rng.normal(0.0, 5.0, count)
        parts.append(struck)
    return np.concatenate(parts)


def play_score(
    piece: Piece, duration: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """A stretch of a written piece as somebody may play it: notes (n, 4) and pedals (n, 2)."""
    notes, _ = _excerpt([piece], duration, rng)
    notes, pedals = _humanise(notes, duration, rng)
    return _vary_dynamics(notes, rng), pedals


def _humanise(
    notes: npt.NDArray[np.float64], duration: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Uneven chords, rubato, a singing upper voice, phrases that swell, and pedal."""
    notes = notes.copy()
    if len(notes) == 0:
        return notes, np.zeros((0, 2))
    # Rubato: a slow wave of the tempo, the same for all notes.
    depth, period = rng.uniform(0.0, 0.08), rng.uniform(3.0, 9.0)
    phase = rng.uniform(0.0, 2 * np.pi)
    for column in (0, 1):
        wave = np.sin(2 * np.pi * notes[:, column] / period + phase)
        notes[:, column] += depth * period / (2 * np.pi) * wave
    spread = rng.uniform(0.002, 0.014)
    jitter = rng.normal(0.0, spread, len(notes))
    if rng.random() < 0.15:  # arpeggiated chords: from the bass up
        written = np.round(notes[:, 0], 2)
        for onset in np.unique(written):
            chord = np.flatnonzero(written == onset)
            order = np.argsort(np.argsort(notes[chord, 2]))
            jitter[chord] += order * rng.uniform(0.01, 0.05)
    notes[:, 0] += jitter
    articulation = rng.choice([0.4, 0.75, 0.92, 1.0, 1.05], p=[0.1, 0.15, 0.35, 0.25, 0.15])
    length = (notes[:, 1] - notes[:, 0]) * articulation * rng.normal(1.0, 0.08, len(notes))
    notes[:, 1] = notes[:, 0] + np.maximum(length, 0.04)
    top = np.array([notes[np.abs(notes[:, 0] - n[0]) < 0.05, 2].max() == n[2] for n in notes])
    notes[:, 3] += np.where(top, rng.uniform(0, 14), 0.0) + rng.normal(0, 4, len(notes))
    swell = rng.uniform(0, 18) * np.sin(2 * np.pi * notes[:, 0] / rng.uniform(4, 12) + phase)
    notes[:, 3] += swell
    return notes, _pedalling(duration, rng)


def _pedalling(duration: float, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """Pedal changes at a steady pace, as in most romantic music; none for a quarter of clips."""
    if rng.random() < 0.25:
        return np.zeros((0, 2))
    pace = float(np.exp(rng.uniform(np.log(0.35), np.log(3.0))))
    pedals, time = [], -LEAD_S + rng.uniform(0, pace)
    while time < duration:
        length = pace * rng.uniform(0.7, 1.3)
        if rng.random() < 0.9:
            pedals.append((time, time + length - min(0.25 * length, rng.uniform(0.05, 0.2))))
        time += length
    return np.array(pedals).reshape(-1, 2)


def _vary_dynamics(
    notes: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    """Play the whole excerpt softer or louder, with more or less contrast between its voices.

    On real recordings it is the soft notes of an accompaniment under a melody that go unheard:
    three clips in four have one voice brought out, by up to 36 steps of velocity.
    """
    notes = notes.copy()
    if len(notes) == 0:
        return notes
    contrast = rng.uniform(0.6, 2.0)
    velocity = (notes[:, 3] - notes[:, 3].mean()) * contrast
    velocity += rng.normal(0, rng.uniform(1, 9), len(notes))
    if rng.random() < 0.75:
        velocity += rng.uniform(6, 36) * _voice(notes, rng)
    loudest = rng.uniform(40, 115)
    # The level of a clip is that of its loud notes: the others lie as far below as they may.
    notes[:, 3] = np.clip(velocity - np.percentile(velocity, 85) + loudest, 16, 126)
    return notes


def _voice(notes: npt.NDArray[np.float64], rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """1 for the notes of one voice (upper, lower, or a band of pitches), 0 for the others."""
    kind = rng.choice(["upper", "lower", "band"], p=[0.6, 0.2, 0.2])
    pitches = notes[:, 2]
    if kind == "band":
        centre = rng.choice(pitches)
        near: npt.NDArray[np.bool_] = np.abs(pitches - centre) <= rng.integers(3, 10)
        return near.astype(np.float64)
    sign = 1.0 if kind == "upper" else -1.0
    order = np.argsort(notes[:, 0])
    onsets = notes[order, 0]
    reach = rng.uniform(0.05, 0.6)  # seconds within which a voice has to be the outermost
    first = np.searchsorted(onsets, onsets - reach)
    last = np.searchsorted(onsets, onsets + reach, side="right")
    height = sign * pitches[order]
    outermost = np.array([height[a:b].max() for a, b in zip(first, last, strict=True)])
    voice = np.zeros(len(notes))
    voice[order] = height >= outermost - 0.5
    return voice


@dataclass(frozen=True)
class _Hand:
    """What the random figures of one clip have in common."""

    low: int  # pitches
    high: int
    pace: float  # seconds between the notes of a slow figure
    rng: np.random.Generator

    def pitch(self) -> int:
        return int(self.rng.integers(self.low, self.high + 1))


# Onset, key-up, pitch, velocity.
_Notes = list[tuple[float, float, float, float]]


def _random_notes(
    duration: float, rng: np.random.Generator
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """What music seldom has: any chord, fast repeats, trills, runs, the ends of the keyboard."""
    notes: _Notes = []
    time = -rng.uniform(0.0, 2.0)
    low, high = sorted(int(pitch) for pitch in rng.integers(21, 109, 2))
    if high - low < 14:
        low, high = 21, 108
    hand = _Hand(low, high, float(np.exp(rng.uniform(np.log(0.06), np.log(0.8)))), rng)
    while time < duration:
        time += _FIGURES[int(rng.integers(len(_FIGURES)))](notes, time, hand)
        if rng.random() < 0.06:
            time += rng.uniform(0.3, 2.5)  # silence
    array = np.array(notes).reshape(-1, 4)
    array = array[(array[:, 2] >= 21) & (array[:, 2] <= 108)]
    return array, _pedalling(duration, rng)


def _chord(notes: _Notes, time: float, hand: _Hand) -> float:
    rng = hand.rng
    size = int(rng.choice([1, 1, 2, 3, 4, 6, 8]))
    length = rng.uniform(0.5, 3.0) * hand.pace
    velocity = rng.uniform(20, 115)
    for pitch in rng.integers(hand.low, hand.high + 1, size):
        onset = time + abs(rng.normal(0, 0.008))
        notes.append((onset, onset + max(length, 0.05), int(pitch), velocity + rng.normal(0, 8)))
    return hand.pace * rng.uniform(0.5, 1.5)


def _octaves(notes: _Notes, time: float, hand: _Hand) -> float:
    rng, root = hand.rng, hand.pitch()
    velocity, length = rng.uniform(30, 115), max(rng.uniform(0.5, 2.0) * hand.pace, 0.05)
    for interval in rng.choice([0, 12, 24, 19, 7, 4, 28], int(rng.integers(2, 5)), replace=False):
        onset = time + abs(rng.normal(0, 0.006))
        strength = velocity + rng.normal(0, 10)
        notes.append((onset, onset + length, root + int(interval), strength))
    return hand.pace * rng.uniform(0.5, 1.5)


def _run(notes: _Notes, time: float, hand: _Hand) -> float:
    rng, pitch = hand.rng, hand.pitch()
    step = min(hand.pace, 0.25) * rng.uniform(0.4, 1.0)
    direction = int(rng.choice([-2, -1, 1, 2]))
    velocity, count = rng.uniform(25, 105), int(rng.integers(5, 20))
    for index in range(count):
        onset = time + index * step
        length = step * rng.uniform(0.8, 1.6)
        notes.append((onset, onset + length, pitch + index * direction, velocity))
    return count * step


def _repeats(notes: _Notes, time: float, hand: _Hand) -> float:
    rng, first = hand.rng, hand.pitch()
    step = float(np.clip(hand.pace, 0.07, 0.35))
    second = first + int(rng.choice([0, 0, 1, 2, 3, 12]))  # a trill where it is another key
    velocity, count = rng.uniform(25, 110), int(rng.integers(3, 14))
    for index in range(count):
        onset = time + index * step * rng.uniform(0.96, 1.04)
        pitch = first if index % 2 == 0 else second
        length = step * rng.uniform(0.4, 0.95)
        notes.append((onset, onset + max(length, 0.03), pitch, velocity + rng.normal(0, 6)))
    return count * step


_FIGURES = (_chord, _chord, _chord, _octaves, _run, _repeats)
