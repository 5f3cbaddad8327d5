"""The key of a piece, and the names of its pitches."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.notation.score import Spelling
from amtstudio.symbolic.keys import Key

Doubles = npt.NDArray[np.float64]

# How well a pitch class fits a key, from the tonic up: Temperley, "What's Key for Key?" (1999).
_MAJOR = np.array([5.0, 2.0, 3.5, 2.0, 4.5, 4.0, 2.0, 4.5, 2.0, 3.5, 1.5, 4.0])
_MINOR = np.array([5.0, 2.0, 3.5, 4.5, 2.0, 4.0, 2.0, 4.5, 3.5, 2.0, 1.5, 4.0])
# Sharps of the major key on each pitch class; of six sharps and six flats the flats.
_FIFTHS = (0, -5, 2, -3, 4, -1, -6, 1, -4, 3, -2, 5)
_STEPS = "CDEFGAB"
_NATURAL = np.array([0, 2, 4, 5, 7, 9, 11])
# How many steps above the tonic a pitch class is named, of the chromatic scale in harmony.
_STEPS_ABOVE = np.array([0, 1, 1, 2, 2, 3, 3, 4, 5, 5, 6, 6])
# How many notes before and after one count as its context: Meredith, "The ps13 pitch spelling
# algorithm" (2006), found 33 and 23.
_BEFORE, _AFTER = 33, 23
_MOST_SIGNS = 2  # before a note


def key_of(pitch: npt.NDArray[np.int64], weight: Doubles) -> Key:
    """The key whose profile is most like how long each pitch class sounds; C major for no notes."""
    chroma = np.bincount(pitch % 12, weights=weight, minlength=12)
    if not chroma.any() or np.ptp(chroma) == 0.0:
        return Key(0, "major")
    scores = {
        (mode, tonic): float(np.corrcoef(chroma, np.roll(profile, tonic))[0, 1])
        for mode, profile in (("major", _MAJOR), ("minor", _MINOR))
        for tonic in range(12)
    }
    mode, tonic = max(scores, key=lambda key: scores[key])
    return Key(_FIFTHS[tonic if mode == "major" else (tonic + 3) % 12], mode)


def spelled(pitch: npt.NDArray[np.int64], key: Key) -> list[Spelling]:
    """Name pitches, shape (n_notes,), in the order in which they are played.

    Each pitch class near a note votes, weighted by its frequency, for the name that the note would
    have if it were the tonic (the first stage of ps13); the tonics are named after ``key``.
    """
    chroma = pitch % 12
    step_of_key, class_of_key = key.tonic
    tonics = np.arange(12)
    # Named so that the key's tonic keeps its name.
    tonic_steps = (step_of_key - _STEPS_ABOVE[(class_of_key - tonics) % 12]) % 7
    one_hot = np.eye(12, dtype=np.int64)[chroma]
    total = np.concatenate([np.zeros((1, 12), np.int64), np.cumsum(one_hot, axis=0)])
    at = np.arange(len(pitch))
    near = total[np.minimum(at + _AFTER, len(pitch))] - total[np.maximum(at - _BEFORE, 0)]
    steps = (tonic_steps[None] + _STEPS_ABOVE[(chroma[:, None] - tonics[None]) % 12]) % 7
    votes = np.zeros((len(pitch), 7))
    np.add.at(votes, (at[:, None], steps), near)
    return [_named(int(p), int(step)) for p, step in zip(pitch, votes.argmax(axis=1), strict=True)]


def _named(pitch: int, step: int) -> Spelling:
    alter = (pitch - int(_NATURAL[step]) + 6) % 12 - 6
    if abs(alter) > _MOST_SIGNS:  # in a key that the user has chosen, far from the music's own
        step = (step + (1 if alter > 0 else -1)) % 7
        alter = (pitch - int(_NATURAL[step]) + 6) % 12 - 6
    octave = (pitch - alter) // 12 - 1
    return Spelling(_STEPS[step], alter, octave)
