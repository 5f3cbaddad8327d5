"""The notes of a score, at the times at which they sound: labels for the price of one file.

A score says which notes there are, and a model finds when. So each note of the score is looked for
among the onsets that the model found at its pitch, including faint ones, near the time given by the
local tempo. Where score and sound disagree, no labels are made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import Activations, peak_onsets
from amtstudio.learning.request import Passage
from amtstudio.learning.score_warp import warp
from amtstudio.symbolic import Note, NoteTable
from amtstudio.symbolic.heads import PIANO_KEYS

Doubles = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]

_FAINTEST = 0.06  # score of an onset that confirms a note of the score
_REACHES_S = (0.7, 0.35, 0.2)  # about the expected moment, in one round after the other
_SNAP_S = 0.13
_TOGETHER_S = 0.05  # of the score: notes struck together
_AROUND = 5  # moments on either side by which one is made smooth
_WINDOW_S, _HOP_S = 8.0, 4.0  # by which it is judged where score and recording agree
_LEAST_MATCHED = 0.7
_FEWEST_NOTES = 4
_ORNAMENT_S, _ORNAMENT_KEYS = 0.4, 2  # about a note of the score
_SURE = 0.8  # onsets that the score does not have, and that may be there nevertheless
LEAST_FIT = 0.6  # of the notes of a score that have to be found
LEAST_COVERED = 0.5  # of a recording's seconds
# Of what is surely heard. A score of one hand (0.73 in a Chopin prelude) or of the melody (0.90)
# would teach that the rest is silence. Complete ones lack 0.08 at most for a piano, a guitar or a
# quartet, but up to 0.56 for a voice, whose overtones are taken for notes.
MOST_MISSING = 0.65
_FEWEST_SURE = 20  # of which a share says something


@dataclass(frozen=True, slots=True)
class Alignment:
    """The information from a score about a recording.

    Attributes
    ----------
    passages : tuple of Passage
        Stretches in which both agree; the note ends in them are not known.
    matched : float, in [0, 1]
        Share of the score's notes that were found where they should be.
    extra : float, in [0, 1]
        Share of the model's notes that are not in the score.
    covered : float, in [0, 1]
        Share of the recording that the passages cover.
    missing : float, in [0, 1]
        Share of the notes that the model surely heard in the passages that are not in the score; 0
        where it was sure of too few.
    """

    passages: tuple[Passage, ...]
    matched: float
    extra: float
    covered: float
    missing: float = 0.0

    @property
    def agrees(self) -> bool:
        """Whether it is what is played, or a part of it."""
        return self.matched >= LEAST_FIT and self.covered >= LEAST_COVERED

    @property
    def fits(self) -> bool:
        return self.agrees and self.missing <= MOST_MISSING


@dataclass(frozen=True, slots=True)
class _Heard:
    """Onsets, sorted by time: seconds, MIDI pitch, score in [0, 1]."""

    time: Doubles
    pitch: Indices
    score: Doubles


@dataclass(frozen=True, slots=True)
class _Played:
    """By note of the score when it is played, the onset that it is or -1, and if that is sure."""

    time: Doubles
    onset: Indices
    is_sure: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Labels:
    sure: list[Note]
    unsure: list[Note]
    extra: float


def align_score(notes: NoteTable, activations: Activations, *, onset_threshold: float) -> Alignment:
    """Align the notes of a score with a model's output on a recording of it.

    Parameters
    ----------
    notes : NoteTable
        As they are played, repeats and all; in any tempo. Those beyond the piano's keys are left
        out.
    activations : Activations
        ``onset`` and ``frame``, from the beginning of the recording.
    onset_threshold : float
        From which the model writes an onset down.

    Raises
    ------
    ValueError
        If the score has no notes.
    """
    inside = (notes.pitch >= PIANO_KEYS.lowest) & (notes.pitch <= PIANO_KEYS.highest)
    notes = notes.take(np.flatnonzero(inside)).in_order()
    if not len(notes):
        raise ValueError("the score has no notes")
    heard, seconds = _onsets(activations)
    in_score, in_recording = warp(notes, activations, seconds)
    moments = _moments(notes)
    expected = np.interp(notes.onset, *_rising(in_score, in_recording))
    for reach in _REACHES_S:
        expected = _followed(expected, moments, notes, heard, reach)
    played = _placed(expected, moments, _snapped(expected, notes.pitch, heard), heard)
    labels = _labels(notes, played, heard, onset_threshold)
    is_found = played.onset >= 0
    passages = tuple(
        Passage(
            start,
            end,
            _inside(labels.sure, start, end),
            _inside(labels.unsure, start, end),
            "onsets",
        )
        for start, end in _agreeing(played.time, is_found, seconds)
    )
    return Alignment(
        passages,
        matched=float(is_found.mean()),
        extra=labels.extra,
        covered=sum(passage.end - passage.start for passage in passages) / seconds,
        missing=_missing(played.onset, heard, passages),
    )


def _onsets(activations: Activations) -> tuple[_Heard, float]:
    grid = activations.grid
    peaks = peak_onsets(activations["onset"].astype(np.float32), threshold=_FAINTEST)
    seconds_per_frame = grid.hop_length / grid.sample_rate
    time = peaks.position * seconds_per_frame
    order = np.argsort(time, kind="stable")
    heard = _Heard(
        time[order],
        (peaks.pitch + PIANO_KEYS.lowest)[order],
        peaks.score.astype(np.float64)[order],
    )
    return heard, len(activations["onset"]) * seconds_per_frame


def _rising(x: Doubles, y: Doubles) -> tuple[Doubles, Doubles]:
    """A path as a function: the mean of ``y`` at each ``x``."""
    values, where = np.unique(x, return_inverse=True)
    return values, np.bincount(where, weights=y) / np.bincount(where)


def _moments(notes: NoteTable) -> Indices:
    """By note the number of its chord."""
    begins = np.diff(notes.onset, prepend=-np.inf) > _TOGETHER_S
    numbers: Indices = np.cumsum(begins) - 1
    return numbers


def _followed(
    expected: Doubles, moments: Indices, notes: NoteTable, heard: _Heard, reach: float
) -> Doubles:
    """The expected times, moved by the deviation of the surrounding chords."""
    n_moments = int(moments[-1]) + 1
    lags: list[list[tuple[float, float]]] = [[] for _ in range(n_moments)]
    for number, (time, pitch) in enumerate(zip(expected, notes.pitch, strict=True)):
        near = _near(heard, time, int(pitch), reach)
        if len(near):
            # Nearer and more confident ones first: a note struck again is found several times.
            weight = heard.score[near] * (1.0 - np.abs(heard.time[near] - time) / reach)
            best = near[int(weight.argmax())]
            lags[moments[number]].append((heard.time[best] - time, float(weight.max())))
    smooth = np.zeros(n_moments)
    starts = np.searchsorted(moments, np.arange(n_moments))
    for at in range(n_moments):
        around = range(max(at - _AROUND, 0), min(at + _AROUND + 1, n_moments))
        # Its own notes count most, but a single chord may be wrong.
        found = [
            (lag, weight / (1 + abs(other - at))) for other in around for lag, weight in lags[other]
        ]
        smooth[at] = _weighted_median(found)
    chord_times = np.maximum.accumulate(expected[starts] + smooth)
    moved: Doubles = chord_times[moments] + (notes.onset - notes.onset[starts][moments])
    return moved


def _weighted_median(found: list[tuple[float, float]]) -> float:
    if not found:
        return 0.0
    values, weights = np.array(sorted(found)).T
    middle = np.searchsorted(np.cumsum(weights), 0.5 * weights.sum())
    return float(values[min(int(middle), len(values) - 1)])


def _near(heard: _Heard, time: float, pitch: int, reach: float) -> Indices:
    low, high = np.searchsorted(heard.time, (time - reach, time + reach))
    near: Indices = np.flatnonzero(heard.pitch[low:high] == pitch) + low
    return near


def _snapped(expected: Doubles, pitches: npt.NDArray[np.int64], heard: _Heard) -> Indices:
    """For each note the onset that is it, or -1; each onset is one note at most."""
    found = np.full(len(expected), -1)
    offers = [
        (heard.score[at] * (1.0 - abs(heard.time[at] - time) / _SNAP_S), number, int(at))
        for number, (time, pitch) in enumerate(zip(expected, pitches, strict=True))
        for at in _near(heard, time, int(pitch), _SNAP_S)
    ]
    taken: set[int] = set()
    for _, number, at in sorted(offers, reverse=True):
        if found[number] < 0 and at not in taken:
            found[number] = at
            taken.add(at)
    return found


def _placed(expected: Doubles, moments: Indices, found: Indices, heard: _Heard) -> _Played:
    """The moment of each note: its own onset, or that of the chord that it is struck in.

    The notes of a chord that the model misses are what it has to learn most.
    """
    is_found = found >= 0
    times = np.where(is_found, heard.time[np.maximum(found, 0)], expected)
    is_sure = is_found.copy()
    for number in np.flatnonzero(~is_found):
        others = times[(moments == moments[number]) & is_found]
        if len(others):
            times[number], is_sure[number] = np.median(others), True
    return _Played(times, found, is_sure)


def _labels(notes: NoteTable, played: _Played, heard: _Heard, onset_threshold: float) -> _Labels:
    """Notes that are there, and what may be."""
    lengths = np.maximum(notes.offset - notes.onset, 0.05)
    rows = [
        Note(max(float(time), 0.0), max(float(time), 0.0) + float(length), int(pitch))
        for time, length, pitch in zip(played.time, lengths, notes.pitch, strict=True)
    ]
    written = np.flatnonzero(heard.score >= onset_threshold)
    others = np.setdiff1d(written, played.onset)
    unsure = [
        Note(float(heard.time[at]), float(heard.time[at]) + 0.1, int(heard.pitch[at]))
        for at in others
        if _may_be_there(at, heard, played.time, notes.pitch)
    ]
    unsure += [row for row, is_sure in zip(rows, played.is_sure, strict=True) if not is_sure]
    sure = [row for row, is_sure in zip(rows, played.is_sure, strict=True) if is_sure]
    return _Labels(sure, unsure, len(others) / max(len(written), 1))


def _missing(found: Indices, heard: _Heard, passages: tuple[Passage, ...]) -> float:
    is_inside = np.zeros(len(heard.time), bool)
    for passage in passages:
        is_inside |= (heard.time >= passage.start) & (heard.time < passage.end)
    sure = np.flatnonzero((heard.score >= _SURE) & is_inside)
    if len(sure) < _FEWEST_SURE:
        return 0.0
    return len(np.setdiff1d(sure, found)) / len(sure)


def _may_be_there(at: int, heard: _Heard, times: Doubles, pitches: npt.NDArray[np.int64]) -> bool:
    """Whether an onset that the score does not have may be an ornament, or played nevertheless."""
    near = np.abs(times - heard.time[at]) < _ORNAMENT_S
    keys = np.abs(pitches[near] - heard.pitch[at])
    return bool((keys <= _ORNAMENT_KEYS).any() or heard.score[at] >= _SURE)


def _inside(notes: list[Note], start: float, end: float) -> tuple[Note, ...]:
    return tuple(sorted((note for note in notes if start <= note.onset < end), key=_onset_of))


def _onset_of(note: Note) -> float:
    return note.onset


def _agreeing(
    times: Doubles, is_found: npt.NDArray[np.bool_], seconds: float
) -> list[tuple[float, float]]:
    """Stretches in which most notes of the score were found."""
    spans: list[tuple[float, float]] = []
    for start in np.arange(0.0, max(seconds - _HOP_S, _HOP_S), _HOP_S):
        end = min(start + _WINDOW_S, seconds)
        here = (times >= start) & (times < end)
        if here.sum() < _FEWEST_NOTES or is_found[here].mean() < _LEAST_MATCHED:
            continue
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], float(end))
        else:
            spans.append((float(start), float(end)))
    return spans
