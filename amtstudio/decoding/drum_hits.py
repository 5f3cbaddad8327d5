"""Activations of the network for drums to hits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.decoding.activations import Probs
from amtstudio.decoding.drum_patterns import PatternWeights, by_patterns
from amtstudio.decoding.onsets import Peaks, check_probs, peak_onsets, peak_velocities
from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS, DrumHit

HALF_WIDTH = 2  # frames: two strokes on a drum are 30 ms apart at least
DEFAULT_THRESHOLD = 0.4


@dataclass(frozen=True, slots=True)
class FoundHits:
    """Hits by frame and then by drum; arrays of equal length.

    Attributes
    ----------
    frame, drum : np.ndarray of int
        Row and column of the largest value.
    position : np.ndarray, frames
        When, finer than a frame, as ``onsets.peak_onsets`` tells.
    velocity : np.ndarray of int
        MIDI, 1 to 127.
    score : np.ndarray, in [0, 1]
    """

    frame: npt.NDArray[np.intp]
    drum: npt.NDArray[np.intp]
    position: npt.NDArray[np.float64]
    velocity: npt.NDArray[np.int64]
    score: npt.NDArray[np.float32]

    def take(self, which: slice | npt.NDArray[np.bool_]) -> FoundHits:
        return FoundHits(
            self.frame[which],
            self.drum[which],
            self.position[which],
            self.velocity[which],
            self.score[which],
        )

    def between(self, first: int, end: int) -> FoundHits:
        """Those with ``first <= frame < end``."""
        low, high = np.searchsorted(self.frame, (first, end))
        return self.take(slice(int(low), int(high)))


def find_hits(
    onset_probs: Probs,
    velocity: Probs,
    thresholds: Sequence[float],
    *,
    half_width: int = HALF_WIDTH,
) -> FoundHits:
    """The peaks of each drum's onset activation that reach its threshold.

    Parameters
    ----------
    onset_probs : np.ndarray, shape (n_frames, n_drums)
        Probability in [0, 1] that a drum is struck in this frame.
    velocity : np.ndarray, shape (n_frames, n_drums)
        MIDI velocity / 127, in [0, 1].
    thresholds : sequence of float
        Lowest score that counts, for each drum.
    half_width : int, frames
        As of ``onsets.peak_onsets``.

    Raises
    ------
    ValueError
        If the arrays have other shapes or leave [0, 1].
    """
    check_probs("onset_probs", onset_probs)
    check_probs("velocity", velocity)
    if onset_probs.shape[1] != len(thresholds):
        raise ValueError(
            f"onset_probs must have {len(thresholds)} columns, got {onset_probs.shape[1]}"
        )
    if velocity.shape != onset_probs.shape:
        raise ValueError(f"velocity must be {onset_probs.shape}, got {velocity.shape}")
    limits = np.asarray(thresholds, dtype=np.float32)
    peaks = peak_onsets(onset_probs, threshold=float(limits.min()), half_width=half_width)
    kept = peaks.score >= limits[peaks.pitch]
    peaks = Peaks(
        peaks.frame[kept],
        peaks.pitch[kept],
        peaks.neighbour[kept],
        peaks.position[kept],
        peaks.score[kept],
    )
    return FoundHits(
        peaks.frame,
        peaks.pitch,
        peaks.position,
        peak_velocities(onset_probs, velocity, peaks),
        peaks.score,
    )


def decode_drum_hits(
    onset_probs: Probs,
    velocity: Probs,
    grid: FrameGrid,
    *,
    thresholds: Mapping[str, float] | None = None,
    patterns: PatternWeights | None = None,
) -> list[DrumHit]:
    """The hits of a whole recording.

    Parameters
    ----------
    onset_probs, velocity : np.ndarray, shape (n_frames, 10)
        As for ``find_hits``, columns as in ``DRUMS``.
    grid : FrameGrid
        Of these frames.
    thresholds : mapping of str to float, optional
        Lowest score that counts, in (0, 1], for each drum, and under ``onset`` for those without
        one; by default 0.4.
    patterns : PatternWeights, optional
        How what repeats changes the scores.

    Returns
    -------
    list of DrumHit
        Sorted by time; ``confidence`` is the score. Times are within the frames.

    Raises
    ------
    ValueError
        If the arrays have other shapes, leave [0, 1], or a threshold leaves (0, 1].
    """
    if patterns is not None:
        check_probs("onset_probs", onset_probs)
        onset_probs = by_patterns(onset_probs, grid.sample_rate / grid.hop_length, patterns)
    hits = find_hits(onset_probs, velocity, thresholds_of(thresholds or {}))
    columns = (hits.position, hits.drum, hits.velocity, hits.score)
    return sorted(
        DrumHit(max(grid.to_seconds(float(position)), 0.0), DRUMS[drum], int(midi), float(score))
        for position, drum, midi, score in zip(*columns, strict=True)
    )


def thresholds_of(values: Mapping[str, float]) -> tuple[float, ...]:
    """For each of ``DRUMS`` its threshold, or what is under ``onset``, or 0.4.

    Raises ``ValueError`` if one leaves (0, 1].
    """
    common = values.get("onset", DEFAULT_THRESHOLD)
    thresholds = tuple(values.get(drum, common) for drum in DRUMS)
    if not all(0.0 < threshold <= 1.0 for threshold in thresholds):
        raise ValueError(f"thresholds must lie in (0, 1], got {dict(values)}")
    return thresholds
