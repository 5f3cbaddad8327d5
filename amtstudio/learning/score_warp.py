"""Where in a recording each moment of a score is played, by dynamic time warping.

The model's activation of each key is compared with the score: that is closer to notes than a
chromagram. It runs on coarse frames, so ten minutes take a few megabytes; ``score_alignment`` finds
the notes themselves.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.decoding import Activations
from amtstudio.features import FrameGrid
from amtstudio.learning.targets import render_targets
from amtstudio.symbolic import NoteTable
from amtstudio.symbolic.heads import PIANO_KEYS

Doubles = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]

MOST_FRAMES = 2400  # of either side: 6 million cells, 30 MB
_LEAST_POOLED = 2  # frames of the model to a coarse one
_ONSET_WEIGHT = 2.0
_FADE = 0.6  # of an onset, from one coarse frame to the next
_DIAGONAL_WEIGHT = 1.5
_SILENCE = 0.1
_DOWN, _RIGHT, _BOTH = 0, 1, 2


def warp(notes: NoteTable, activations: Activations, seconds: float) -> tuple[Doubles, Doubles]:
    """A path through score and recording.

    Parameters
    ----------
    notes : NoteTable
        Of the score, at least one; times in any tempo.
    activations : Activations
        ``onset`` and ``frame`` of the whole recording.
    seconds : float
        Length of the recording.

    Returns
    -------
    score, recording : np.ndarray, shape (n_points,), seconds
        Both rise or stay from point to point.
    """
    begin, end = float(notes.onset.min()), float(notes.offset.max())
    n_frames = len(activations["onset"])
    pooled = max(_LEAST_POOLED, -(-n_frames // MOST_FRAMES))
    grid = activations.grid
    # The score at the tempo at which it fills the recording: then the path runs near the diagonal.
    stretch = seconds / max(end - begin, 1e-3)
    rows = np.column_stack(
        [
            (notes.onset - begin) * stretch,
            (notes.offset - begin) * stretch,
            notes.pitch,
            np.full(len(notes), 64.0),
        ]
    )
    drawn = render_targets(rows, np.zeros((0, 2)), grid, n_frames)
    asked = _features(drawn.onset, drawn.frame, pooled)
    heard = _features(
        activations["onset"].astype(np.float32), activations["frame"].astype(np.float32), pooled
    )
    path = _path(1.0 - asked @ heard.T)
    times = ((path + 0.5) * (pooled * _frame_s(grid))).astype(np.float64)
    return times[:, 0] / stretch + begin, times[:, 1]


def _frame_s(grid: FrameGrid) -> float:
    return grid.hop_length / grid.sample_rate


def _features(onset: Singles, frame: Singles, pooled: int) -> Singles:
    """Unit vectors of the onsets and sounds of each key, (n_coarse, 2 * n_keys + 1)."""
    n_coarse = -(-len(onset) // pooled)
    padding = ((0, n_coarse * pooled - len(onset)), (0, 0))
    shape = (n_coarse, pooled, len(PIANO_KEYS))
    struck = np.pad(onset, padding).reshape(shape).sum(axis=1).clip(0.0, 1.0)
    for at in range(1, n_coarse):
        struck[at] = np.maximum(struck[at], _FADE * struck[at - 1])
    sounding = np.pad(frame, padding).reshape(shape).mean(axis=1)
    silence = np.full((n_coarse, 1), _SILENCE, dtype=np.float32)
    rows = np.hstack([_ONSET_WEIGHT * struck, sounding, silence]).astype(np.float32)
    unit: Singles = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def _path(cost: Singles) -> npt.NDArray[np.int64]:
    """The cheapest path from corner to corner, (n_points, 2), one antidiagonal after the other."""
    n, m = cost.shape
    came = np.zeros((n, m), dtype=np.int8)
    former = np.full(n + 1, np.inf, dtype=np.float32)  # sums by row; the last one is a border
    before = former.copy()
    for diagonal in range(n + m - 1):
        first, last = max(0, diagonal - m + 1), min(n - 1, diagonal)
        row = np.arange(first, last + 1)
        own = cost[row, diagonal - row]
        choices = np.stack(
            [former[row - 1] + own, former[row] + own, before[row - 1] + _DIAGONAL_WEIGHT * own]
        )
        if diagonal == 0:
            choices[:] = own
        best = choices.argmin(axis=0)
        came[row, diagonal - row] = best
        current = np.full(n + 1, np.inf, dtype=np.float32)
        current[row] = choices[best, np.arange(len(row))]
        before, former = former, current
    points = [(n - 1, m - 1)]
    while points[-1] != (0, 0):
        i, j = points[-1]
        step = came[i, j]
        points.append((i - (step != _RIGHT), j - (step != _DOWN)))
    return np.array(points[::-1])
