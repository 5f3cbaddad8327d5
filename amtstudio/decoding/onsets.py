"""Onset activation to onsets with a time finer than the frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Probs

Indices = npt.NDArray[np.intp]
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Peaks:
    """Peaks of an activation, sorted by frame and then by pitch index; arrays of equal length.

    Attributes
    ----------
    frame, pitch : np.ndarray of int
        Row and column of the largest value.
    neighbour : np.ndarray of int
        The row beside it that holds the other part of a peak between two frames; may lie one row
        outside of the activation, where the value counts as 0.
    position : np.ndarray, frames
        Centroid of the peak, within half a frame of ``frame``.
    score : np.ndarray, in [0, 1]
        Largest value and both neighbours together, at most 1.
    """

    frame: Indices
    pitch: Indices
    neighbour: Indices
    position: npt.NDArray[np.float64]
    score: FloatArray

    def between(self, first: int, end: int) -> Peaks:
        """Those with ``first <= frame < end``."""
        low, high = np.searchsorted(self.frame, (first, end))
        return Peaks(
            self.frame[low:high],
            self.pitch[low:high],
            self.neighbour[low:high],
            self.position[low:high],
            self.score[low:high],
        )


def peak_onsets(onset_probs: Probs, *, threshold: float = 0.5, half_width: int = 2) -> Peaks:
    """Find note onsets: the local maxima in time of the onset activation.

    The target that the models learn puts an onset at frame ``t + x`` (0 <= x < 1) as ``1 - x`` on
    frame ``t`` and ``x`` on frame ``t + 1``; where echo leaves the moment open, they share it
    between three frames and more. So the evidence for an onset is the sum of a maximum and both
    neighbours, and its time their centroid, which for an exact target is ``t + x``.

    Parameters
    ----------
    onset_probs : np.ndarray, shape (n_frames, n_pitches)
        Probability in [0, 1] that a note of this pitch starts in this frame.
    threshold : float
        Lowest score that counts as an onset.
    half_width : int, frames
        An onset must be the largest value within this distance on either side; of equal values
        the first counts.

    Returns
    -------
    Peaks

    Raises
    ------
    ValueError
        If ``onset_probs`` is not 2-D or leaves [0, 1] (logits need a sigmoid first).

    References
    ----------
    Böck, Krebs & Schedl, "Evaluating the Online Capabilities of Onset Detection Methods",
    ISMIR 2012, for the maximum within a width; here with a fixed threshold in place of the moving
    average, and with the score and the centroid over neighbouring frames.
    """
    check_probs("onset_probs", onset_probs)
    n_frames, n_pitches = onset_probs.shape
    # A maximum is at least a third of a score, so most cells can be skipped.
    cells = np.flatnonzero(onset_probs >= np.float32(threshold / 3))
    flat = onset_probs.reshape(-1)

    def value_at(frame_shift: int) -> FloatArray:
        """The values ``frame_shift`` rows on; -1 outside, less than any probability."""
        shifted = cells + frame_shift * n_pitches
        inside = (shifted >= 0) & (shifted < n_frames * n_pitches)
        values = flat[np.where(inside, shifted, 0)].astype(np.float32)
        values[~inside] = -1.0
        return values

    for shift in range(1, half_width + 1):
        peak = value_at(0)
        cells = cells[(peak > value_at(-shift)) & (peak >= value_at(shift))]
    peak = value_at(0)
    before = np.maximum(value_at(-1), 0.0)
    after = np.maximum(value_at(1), 0.0)
    total = before + peak + after
    score = onset_evidence(before, peak, after)
    is_onset = score >= np.float32(threshold)
    cells = cells[is_onset]
    before, after, total = before[is_onset], after[is_onset], total[is_onset]
    frame, pitch = np.divmod(cells, n_pitches)
    total = np.maximum(total, np.finfo(np.float32).tiny)
    return Peaks(
        frame=frame,
        pitch=pitch,
        neighbour=np.where(after >= before, frame + 1, frame - 1),
        position=frame + ((after - before) / total).astype(np.float64),
        score=score[is_onset],
    )


def onset_evidence(before: FloatArray, peak: FloatArray, after: FloatArray) -> FloatArray:
    """The evidence for an onset in a frame: its value plus those of both neighbours, at most 1.

    Arrays of one shape, in [0, 1]. ``peak_onsets`` decides by it, and so do the onset labels for
    training, so that labels match decoding.
    """
    total: FloatArray = before + peak + after
    return np.minimum(total, np.float32(1.0))


def peak_velocities(onset_probs: Probs, velocity: Probs, peaks: Peaks) -> npt.NDArray[np.int64]:
    """MIDI velocity, 1 to 127, of each peak: the mean over its two frames by their weight.

    ``velocity`` is MIDI / 127, of the shape of the ``onset_probs`` that the peaks are from.
    """
    neighbour = np.clip(peaks.neighbour, 0, len(onset_probs) - 1)
    weight = onset_probs[peaks.frame, peaks.pitch]
    other_weight = np.where(neighbour == peaks.neighbour, onset_probs[neighbour, peaks.pitch], 0.0)
    total = np.maximum(weight + other_weight, np.finfo(np.float32).tiny)
    value = (
        weight * velocity[peaks.frame, peaks.pitch]
        + other_weight * velocity[neighbour, peaks.pitch]
    ) / total
    midi: npt.NDArray[np.int64] = np.clip(np.rint(value * 127.0), 1, 127).astype(np.int64)
    return midi


def check_probs(name: str, probs: Probs) -> None:
    """Raise ``ValueError`` unless ``probs`` is (n_frames, n_pitches) within [0, 1]."""
    if probs.ndim != 2:
        raise ValueError(f"{name} must be (n_frames, n_pitches), got {probs.shape}")
    if probs.size and not (probs.min() >= 0.0 and probs.max() <= 1.0):  # also refuses NaN
        raise ValueError(f"{name} must lie in [0, 1]; apply a sigmoid to logits first")
