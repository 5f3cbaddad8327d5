"""A threshold for each drum, after a model has learned from a drummer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import mir_eval
import numpy as np
import numpy.typing as npt

from amtstudio.decoding import DrumSettings
from amtstudio.decoding.drum_hits import DEFAULT_THRESHOLD, find_hits
from amtstudio.decoding.drum_patterns import by_patterns
from amtstudio.learning.hearing import Heard
from amtstudio.learning.request import UNSURE_S, Passage
from amtstudio.symbolic import Note
from amtstudio.symbolic.drums import DRUMS, GENERAL_MIDI_KEYS

Reference = Sequence[Note]
Times = npt.NDArray[np.float64]
_GRID = np.round(np.arange(0.1, 0.91, 0.05), 2)
_NEAR_BEST = 0.005  # of F1: of what is as good as the best, the middle one
_LEAST_GAIN = 0.01  # of F1: a threshold is moved for a reason
_TOLERANCE_S = 0.05
_KNOWN_WEIGHT = 2.0  # of a hit that the user knows, against one that was rehearsed
_TAUGHT_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class KnownHits:
    """A model's output on a recording, and the known passages that may be learned from."""

    heard: Heard
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class _Strokes:
    """One drum in one stretch: when it is struck, and the onsets found, with their scores."""

    truth: Times
    times: Times
    scores: npt.NDArray[np.float32]
    weight: float


def retuned_drum_thresholds(
    labelled: Sequence[tuple[Heard, Reference]],
    taught: Sequence[tuple[Heard, Reference]],
    known: Sequence[KnownHits],
    current: Mapping[str, float],
) -> dict[str, float]:
    """The threshold of each drum that serves rehearsed drumming and the user's alike.

    Parameters
    ----------
    labelled : sequence of (Heard, notes)
        Rehearsed drumming with its truth.
    taught : sequence of (Heard, notes)
        The user's recordings for tuning, with the teacher's notes.
    known : sequence of KnownHits
    current : mapping of str to float
        As in a model's card.

    Returns
    -------
    dict of str to float
        For every drum the threshold with the highest F1 over all of them, weighted; as it was
        where that gains less than 0.01.
    """
    thresholds = {}
    for number, drum in enumerate(DRUMS):
        strokes = [_of(number, heard, notes, 1.0) for heard, notes in labelled]
        strokes += [_of(number, heard, notes, _TAUGHT_WEIGHT) for heard, notes in taught]
        for entry in known:
            strokes += [_within(number, entry.heard, passage) for passage in entry.passages]
        former = current.get(drum, current.get("onset", DEFAULT_THRESHOLD))
        thresholds[drum] = _best(strokes, former)
    return thresholds


def _of(
    number: int,
    heard: Heard,
    notes: Reference,
    weight: float,
) -> _Strokes:
    activations, grid = heard.activations, heard.activations.grid
    onset = activations["onset"].astype(np.float32)
    if isinstance(heard.settings, DrumSettings):
        onset = by_patterns(onset, grid.sample_rate / grid.hop_length, heard.settings.patterns)
    onset = onset[:, number : number + 1]
    hits = find_hits(onset, np.zeros_like(onset), [float(_GRID[0])])
    times = hits.position * grid.hop_length / grid.sample_rate
    key = GENERAL_MIDI_KEYS[DRUMS[number]]
    truth = np.array([note.onset for note in notes if note.pitch == key], dtype=np.float64)
    return _Strokes(np.sort(truth), times, hits.score, weight)


def _within(number: int, heard: Heard, passage: Passage) -> _Strokes:
    """Those in a known passage, without what may or may not be there."""
    found = _of(number, heard, passage.notes, _KNOWN_WEIGHT)
    key = GENERAL_MIDI_KEYS[DRUMS[number]]
    inside = (found.times >= passage.start) & (found.times < passage.end)
    for note in passage.unsure:
        if note.pitch == key:
            inside &= np.abs(found.times - note.onset) >= UNSURE_S
    truth = found.truth[(found.truth >= passage.start) & (found.truth < passage.end)]
    return _Strokes(truth, found.times[inside], found.scores[inside], _KNOWN_WEIGHT)


def _best(strokes: Sequence[_Strokes], current: float) -> float:
    candidates = np.unique(np.append(_GRID, round(current, 3)))
    f1 = np.array([_f1(strokes, float(threshold)) for threshold in candidates])
    now = float(f1[np.searchsorted(candidates, round(current, 3))])
    near = np.flatnonzero(f1 >= f1.max() - _NEAR_BEST)
    if f1.max() < now + _LEAST_GAIN:
        return current
    return float(candidates[near[len(near) // 2]])


def _matches(truth: Times, times: Times) -> int:
    if not len(truth) or not len(times):
        return 0
    return len(mir_eval.util.match_events(truth, np.sort(times), _TOLERANCE_S))


def _f1(strokes: Sequence[_Strokes], threshold: float) -> float:
    """1 where there is neither a stroke nor a detection."""
    matched = total = 0.0
    for entry in strokes:
        times = entry.times[entry.scores >= np.float32(threshold)]
        matched += entry.weight * _matches(entry.truth, times)
        total += entry.weight * (len(entry.truth) + len(times))
    return 2.0 * matched / total if total else 1.0
