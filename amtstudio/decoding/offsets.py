"""Where a note stops sounding, from the frame activation."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Probs

Indices = npt.NDArray[np.intp]
Bools = npt.NDArray[np.bool_]


def ended_frames(frame_probs: Probs, *, threshold: float) -> Bools:
    """Mark the frames at which no note sounds: below the threshold, and the next frame as well.

    A dip of a single frame so ends no note.

    Parameters
    ----------
    frame_probs : np.ndarray, shape (n_frames, n_pitches)
        Probability in [0, 1] that a note of this pitch sounds.
    threshold : float

    Returns
    -------
    np.ndarray of bool, shape (n_frames, n_pitches)
        The frame after the last one counts as below the threshold.
    """
    below: Bools = frame_probs < np.float32(threshold)
    below[:-1] &= below[1:]
    return below


def first_marked(marked: Bools, frame: Indices, pitch: Indices) -> Indices:
    """The first marked frame of each pitch at or after each frame; ``n_frames`` where none is.

    Parameters
    ----------
    marked : np.ndarray of bool, shape (n_frames, n_pitches)
    frame, pitch : np.ndarray of int, shape (n_queries,)
        ``frame`` may lie beyond the last row.

    Returns
    -------
    np.ndarray of int, shape (n_queries,)
    """
    n_frames, n_pitches = marked.shape
    found = np.full(len(frame), n_frames, dtype=np.intp)
    inside = np.flatnonzero(frame < n_frames)
    if not len(inside):
        return found
    frame, pitch = frame[inside], pitch[inside]
    starts = marked.copy()
    starts[1:] &= ~marked[:-1]  # of each run of marks only the first: few enough to sort
    start_frame, start_pitch = np.divmod(np.flatnonzero(starts), n_pitches)
    keys = np.sort(start_pitch * (n_frames + 1) + start_frame)
    at = np.searchsorted(keys, pitch * (n_frames + 1) + frame)
    key = np.append(keys, n_pitches * (n_frames + 1))[at]
    next_start = np.where(key // (n_frames + 1) == pitch, key % (n_frames + 1), n_frames)
    found[inside] = np.where(marked[frame, pitch], frame, next_start)
    return found


def falling_position(
    before: npt.NDArray[np.float32], after: npt.NDArray[np.float32], threshold: float
) -> npt.NDArray[np.float64]:
    """Where a straight line from ``before`` to ``after``, one frame on, falls to the threshold.

    Parameters
    ----------
    before, after : np.ndarray, shape (n,), in [0, 1]
        ``before`` at or above the threshold, ``after`` below it.

    Returns
    -------
    np.ndarray, shape (n,), frames
        In [0, 1], from the frame of ``before``.
    """
    fall = np.maximum(before - after, np.finfo(np.float32).tiny).astype(np.float64)
    position: npt.NDArray[np.float64] = np.clip((before - threshold) / fall, 0.0, 1.0)
    return position
