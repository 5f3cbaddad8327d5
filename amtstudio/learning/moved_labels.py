"""Labels of a stretch of sound, moved to where its notes are once it is resampled."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from amtstudio.learning.label_tracks import BEND

Labels = npt.NDArray[np.float32]
Positions = npt.NDArray[np.floating]

_EVENTS = ("onset", "offset")
_WHOLE = 0.98  # mass of an event of which no part was cut off


def moved_labels(
    labels: Mapping[str, Tensor], ratio: float, semitones: float, n_frames: int
) -> dict[str, Tensor]:
    """The labels for a sound that is ``ratio`` times as fast and ``semitones`` higher.

    Events are drawn again, shared between two frames, at their new times; how much of a frame
    sounds is interpolated. A note with a known bend is written on the next key where the shift
    takes it nearer to that; the others stay on theirs.

    Parameters
    ----------
    labels : mapping of Tensor, shape (n_source, n_columns)
        By head: ``onset`` and ``offset``, with a total of 1 for each event, ``frame`` in [0, 1],
        ``bend`` in semitones; NaN where nothing is known.
    ratio, semitones : float
    n_frames : int
        Frames of the result; frame ``i`` is what was at ``i * ratio``.

    Returns
    -------
    dict of Tensor, shape (n_frames, n_columns)
        NaN as well where there were no labels.
    """
    if ratio == 1.0 and semitones == 0.0:
        return {head: _padded(values, n_frames) for head, values in labels.items()}
    positions = np.arange(n_frames) * ratio
    moved: dict[str, Labels] = {}
    for head, values in labels.items():
        array = values.numpy()
        if head == BEND:
            moved[head] = _nearest(array, positions) + np.float32(semitones)
        elif head in _EVENTS:
            moved[head] = _events(array, positions, ratio)
        else:
            moved[head] = _interpolated(array, positions)
    if BEND in moved:
        _change_keys(moved, semitones)
    return {head: torch.from_numpy(array) for head, array in moved.items()}


def _padded(values: Tensor, n_frames: int) -> Tensor:
    missing = n_frames - len(values)
    return torch.nn.functional.pad(values, (0, 0, 0, max(missing, 0)), value=torch.nan)[:n_frames]


def _nearest(values: Labels, positions: Positions) -> Labels:
    frames = np.rint(positions).astype(int)
    moved = np.full((len(positions), values.shape[1]), np.nan, dtype=np.float32)
    inside = frames < len(values)
    moved[inside] = values[frames[inside]]
    return moved


def _interpolated(values: Labels, positions: Positions) -> Labels:
    """NaN where either of two neighbours is."""
    lower = np.floor(positions).astype(int)
    share = (positions - lower).astype(np.float32)[:, None]
    padded = np.pad(values, ((0, max(int(lower[-1]) + 2 - len(values), 0)), (0, 0)),
                    constant_values=np.nan)  # fmt: skip
    before, after = padded[lower], padded[lower + 1]
    between: Labels = np.where(share == 0.0, before, (1.0 - share) * before + share * after)
    return between


def _events(values: Labels, positions: Positions, ratio: float) -> Labels:
    known = ~np.isnan(_interpolated(values, positions))
    moved: Labels = np.where(known, np.float32(0.0), np.float32(np.nan))
    for column in np.flatnonzero(np.nanmax(values, axis=0, initial=0.0) > 0.0):
        for position, mass in _found(values[:, column]):
            first = int(np.floor(position / ratio))
            share = position / ratio - first
            for frame, part in ((first, 1.0 - share), (first + 1, share)):
                if not 0 <= frame < len(moved) or part == 0.0:
                    continue
                if mass < _WHOLE:  # where the rest of it is nobody knows
                    moved[frame, column] = np.nan
                else:
                    moved[frame, column] = max(np.nan_to_num(moved[frame, column]), part)
    return moved


def _found(column: Labels) -> Iterator[tuple[float, float]]:
    """The events of a column: where each is, in frames, and its mass, 1 if it is whole."""
    for first, end in _runs(np.nan_to_num(column) > 0.0):
        masses = column[first:end].astype(np.float64)
        count = max(round(float(masses.sum())), 1)
        # Events in neighbouring frames: each has an equal part, one after the other.
        sums = np.concatenate([[0.0], np.cumsum(masses)])
        borders = np.linspace(0.0, sums[-1], count + 1)
        for low, high in itertools.pairwise(borders):
            parts = np.clip(sums[1:], low, high) - np.clip(sums[:-1], low, high)
            yield first + float(parts @ np.arange(len(parts)) / parts.sum()), float(high - low)


def _change_keys(moved: dict[str, Labels], semitones: float) -> None:
    """Write notes on the key that they are nearest to, in all heads."""
    bends = moved[BEND].copy()
    n_frames, n_columns = bends.shape
    for column in np.flatnonzero(~np.isnan(bends).all(axis=0)):
        for first, end in _runs(~np.isnan(bends[:, column])):
            now = float(np.median(bends[first:end, column]))
            keys = round(now) - round(now - semitones)
            if keys == 0 or not 0 <= column + keys < n_columns:
                continue
            rows = slice(max(first - 1, 0), min(end + 1, n_frames))  # with both ends' shares
            for head, array in moved.items():
                own = array[rows, column].copy()
                there = array[rows, column + keys]
                if head == BEND:
                    array[rows, column + keys] = np.where(np.isnan(own), there, own - keys)
                    array[rows, column] = np.nan
                else:
                    array[rows, column + keys] = np.fmax(own, there)
                    array[rows, column] = np.where(np.isnan(own), own, 0.0)


def _runs(marked: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and end of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], marked, [False]]).astype(np.int8)))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
