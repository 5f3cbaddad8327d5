"""The plainest music there is: chords on the beats, a bass, broken chords; at any usual tempo."""

from __future__ import annotations

import numpy as np

from training.beats.pieces import BeatPiece, Doubles

_SECONDS = 60.0
_CHORDS = ((0, 4, 7), (5, 9, 12), (7, 11, 14), (9, 12, 16), (2, 5, 9), (4, 7, 11))
_SLOWEST, _FASTEST = 58.0, 165.0  # beats a minute


def plain_piece(rng: np.random.Generator) -> BeatPiece:
    """A minute of an accompaniment, as a beginner or an arranger writes it, with its beats.

    Written music seldom is that plain, and without it a network takes even chords on every beat for
    halves of slower ones.
    """
    meter = int(rng.choice((2, 3, 4), p=(0.15, 0.25, 0.6)))
    gap = 60.0 / float(np.exp(rng.uniform(np.log(_SLOWEST), np.log(_FASTEST))))
    n_beats = int(_SECONDS / gap) // meter * meter
    beats: Doubles = 0.5 + gap * np.arange(n_beats, dtype=np.float64)
    root = int(rng.integers(43, 55))
    chords = [_CHORDS[int(rng.integers(len(_CHORDS)))] for _ in range(n_beats // meter)]
    manner = str(rng.choice(("blocks", "bass and chords", "broken", "melody")))
    rows: list[tuple[float, float, float, float]] = []
    for number, beat in enumerate(beats.tolist()):
        chord = [root + 12 + step for step in chords[number // meter]]
        is_first = number % meter == 0
        loud = 84.0 if is_first else 72.0
        bass = root - 12 + chords[number // meter][0]
        if is_first or (manner == "melody" and rng.random() < 0.3):
            rows.append((beat, beat + 0.9 * gap, bass, loud))
        if manner == "blocks" or (manner == "bass and chords" and not is_first):
            rows += [(beat, beat + 0.8 * gap, pitch, loud) for pitch in chord]
        elif manner == "broken":
            parts = 2 if gap < 0.45 else 4
            for part in range(parts):
                start = beat + gap * part / parts
                rows.append((start, start + gap / parts, chord[(0, 2, 1, 2)[part]], loud - 8))
        elif manner == "melody":
            count = int(rng.choice((1, 1, 2)))
            for part in range(count):
                start = beat + gap * part / count
                pitch = root + 24 + int(rng.choice((0, 2, 4, 5, 7, 9, 11)))
                rows.append((start, start + 0.9 * gap / count, pitch, loud))
    notes: Doubles = np.array(sorted((*row, 0.0) for row in rows))
    return BeatPiece(
        "plain",
        "plain",
        "train",
        notes,
        beats,
        np.arange(n_beats) % meter == 0,
        is_played=False,
        is_sure=np.ones(n_beats, dtype=bool),
    )
