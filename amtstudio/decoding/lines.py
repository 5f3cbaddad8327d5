"""Lines of notes: how many usually sound together, and which note belongs to which line."""

from __future__ import annotations

from functools import cache
from itertools import permutations

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Indices = npt.NDArray[np.int64]

MOST_LINES = 5
_OFTEN = 0.25  # share of the notes that have as many others beside them
_INSIDE, _INSIDE_S = 0.6, 0.15  # of a note: where to look for what else sounds
_FARTHEST = 24  # notes further on in the order of onsets do not sound together with one
_TOGETHER_S = 0.05
_ROUNDS = 2
_MEMORY_S = 2.0  # after which a line's last pitch says little of its next
_NEAR_S = 4.0
_BUSY = 8.0  # semitones that a line which still sounds is taken to be farther away
_USUAL = 0.5  # notes that a line's mean pitch weighs against those near by


def notes_together(onset: Doubles, offset: Doubles) -> tuple[Indices, Indices]:
    """Pairs of notes that sound together for half of the shorter or longer.

    Parameters
    ----------
    onset, offset : np.ndarray, shape (n_notes,)
        Seconds; sorted by onset.

    Returns
    -------
    first, second : np.ndarray of int, shape (n_pairs,)
        ``first < second``.
    """
    length = np.minimum(offset - onset, 1.0)
    found: list[tuple[Indices, Indices]] = []
    for further in range(1, min(_FARTHEST + 1, len(onset))):
        first = np.arange(len(onset) - further)
        second = first + further
        shared = np.minimum(offset[first], offset[second]) - onset[second]
        enough = 0.5 * np.minimum(length[first], length[second])
        both = (shared > enough) & (shared > 0.06)
        found.append((first[both], second[both]))
    if not found:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return (
        np.concatenate([first for first, _ in found]),
        np.concatenate([second for _, second in found]),
    )


def usual_lines(onset: Doubles, offset: Doubles) -> int:
    """How many notes sound together for at least a quarter of the notes, 1 to ``MOST_LINES``."""
    counts, _ = _counts(onset, offset)
    lines = 1
    while lines < MOST_LINES and np.mean(counts > lines) >= _OFTEN:
        lines += 1
    return lines


@cache
def _ways(n_notes: int, n_lines: int) -> Indices:
    """All ways to give so many notes a line each, shape (n_ways, n_notes); at most 120."""
    # Trying them all takes less time than importing scipy.optimize for it.
    return np.array(list(permutations(range(n_lines), n_notes)), np.int64)


def split_lines(onset: Doubles, offset: Doubles, pitch: Doubles, n_lines: int) -> Indices:
    """The line of each note, 0 the highest: by where each line is and where it went last.

    Parameters
    ----------
    onset, offset, pitch : np.ndarray, shape (n_notes,)
        Seconds, sorted by onset, and MIDI pitches.
    n_lines : int
    """
    line = np.zeros(len(onset), np.int64)
    if n_lines < 2 or not len(onset):
        return line
    usual = _registers(onset, offset, pitch, n_lines)
    groups = np.split(np.arange(len(onset)), np.flatnonzero(np.diff(onset) > _TOGETHER_S) + 1)
    times = np.array([onset[group[0]] for group in groups])
    near = np.tile(usual, (len(groups), 1))
    for _ in range(_ROUNDS):
        last, end = usual.copy(), np.full(n_lines, -10.0)
        for number, group in enumerate(groups):
            highest_first = group[np.argsort(-pitch[group], kind="stable")]
            for begin in range(0, len(group), n_lines):
                now = highest_first[begin : begin + n_lines]
                weight = 0.5 * np.exp(-np.maximum(times[number] - end, 0.0) / _MEMORY_S)
                expected = weight * last + (1.0 - weight) * near[number]
                length = np.maximum(offset[now] - onset[now], 0.05)
                still = (end - onset[now, None] - 0.05) / length[:, None]
                cost = np.abs(pitch[now, None] - expected) + _BUSY * np.clip(still, 0.0, 1.0)
                ways = _ways(len(now), n_lines)
                columns = ways[cost[np.arange(len(now)), ways].sum(axis=1).argmin()]
                line[now] = columns
                last[columns] = pitch[now]
                end[columns] = np.maximum(end[columns], offset[now])
        for number in range(n_lines):
            near[:, number] = local_pitch(onset, pitch, line == number, times, near[:, number])
    return line


def local_pitch(
    onset: Doubles, pitch: Doubles, of_line: npt.NDArray[np.bool_], at: Doubles, usual: Doubles
) -> Doubles:
    """The mean pitch of a line around some instants; ``usual`` where it has no notes.

    Parameters
    ----------
    onset, pitch : np.ndarray, shape (n_notes,)
    of_line : np.ndarray of bool, shape (n_notes,)
    at, usual : np.ndarray, shape (n_instants,)
    """
    if not of_line.any():
        return usual
    first = min(onset[0], at.min())
    seconds = (onset[of_line] - first).astype(np.int64)
    wanted = (at - first).astype(np.int64)
    n_seconds = int(max(seconds.max(), wanted.max())) + 1
    reach = int(3 * _NEAR_S)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / _NEAR_S) ** 2)
    counts = np.bincount(seconds, minlength=n_seconds)
    sums = np.bincount(seconds, pitch[of_line], minlength=n_seconds)
    around, summed = (
        np.convolve(np.pad(values, reach), kernel, mode="valid")[wanted]
        for values in (counts, sums)
    )
    mean = float(pitch[of_line].mean())
    found: Doubles = (summed + _USUAL * mean) / (around + _USUAL)
    return found


def _counts(onset: Doubles, offset: Doubles) -> tuple[Indices, Doubles]:
    """Of each note how many sound a little into it, itself included, and when that is."""
    at = onset + np.minimum(_INSIDE * (offset - onset), _INSIDE_S)
    begun = np.searchsorted(onset, at, side="right")
    over = np.searchsorted(np.sort(offset), at, side="right")
    return begun - over, at


def _registers(onset: Doubles, offset: Doubles, pitch: Doubles, n_lines: int) -> Doubles:
    """The position of each line: the median of the highest, second, ... of as many."""
    counts, at = _counts(onset, offset)
    rows = []
    for note in np.flatnonzero(counts == n_lines):
        begin, end = max(0, note - 2 * _FARTHEST), note + _FARTHEST
        sounding = (onset[begin:end] <= at[note]) & (offset[begin:end] > at[note])
        pitches = np.sort(pitch[begin:end][sounding])[::-1]
        if len(pitches) == n_lines:
            rows.append(pitches)
    if rows:
        medians: Doubles = np.median(np.array(rows), axis=0)
        return medians
    quantiles: Doubles = np.quantile(pitch, 1.0 - (np.arange(n_lines) + 0.5) / n_lines)
    return quantiles
