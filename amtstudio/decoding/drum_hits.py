"""Activations of the network for drums to hits."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from amtstudio.decoding.activations import Probs
from amtstudio.decoding.onsets import Peaks, check_probs, peak_onsets, peak_velocities
from amtstudio.features import FrameGrid
from amtstudio.symbolic.drums import DRUMS, DrumHit

HALF_WIDTH = 2  # frames: two strokes on a drum are 30 ms apart at least
DEFAULT_THRESHOLD = 0.4


def decode_drum_hits(
    onset_probs: Probs,
    velocity: Probs,
    grid: FrameGrid,
    *,
    thresholds: Mapping[str, float] | None = None,
    drums: tuple[str, ...] = DRUMS,
) -> list[DrumHit]:
    """Find the hits: the peaks of each drum's onset activation.

    A peak is scored and timed by the largest value and both neighbours, as those of notes are
    (``onsets.peak_onsets``), so that times are finer than a frame.

    Parameters
    ----------
    onset_probs : np.ndarray, shape (n_frames, len(drums))
        Probability in [0, 1] that a drum is struck in this frame.
    velocity : np.ndarray, shape (n_frames, len(drums))
        MIDI velocity / 127, in [0, 1].
    grid : FrameGrid
        Of these frames.
    thresholds : mapping of str to float, optional
        Lowest score that counts, in (0, 1], for each drum, and under ``onset`` for those without
        one; by default 0.4.
    drums : tuple of str
        Names of the columns.

    Returns
    -------
    list of DrumHit
        Sorted by time; ``confidence`` is the score. Times are within the frames.

    Raises
    ------
    ValueError
        If the arrays have other shapes, leave [0, 1], or a threshold leaves (0, 1].
    """
    peaks = drum_peaks(onset_probs, thresholds=thresholds, drums=drums)
    if velocity.shape != onset_probs.shape:
        raise ValueError(f"velocity must be {onset_probs.shape}, got {velocity.shape}")
    check_probs("velocity", velocity)
    velocities = peak_velocities(onset_probs, velocity, peaks)
    hits = [
        DrumHit(max(grid.to_seconds(float(position)), 0.0), drums[drum], int(midi), float(score))
        for position, drum, midi, score in zip(
            peaks.position, peaks.pitch, velocities, peaks.score, strict=True
        )
    ]
    return sorted(hits)


def drum_peaks(
    onset_probs: Probs,
    *,
    thresholds: Mapping[str, float] | None = None,
    drums: tuple[str, ...] = DRUMS,
) -> Peaks:
    """The peaks that are hits; parameters and errors as ``decode_drum_hits``."""
    check_probs("onset_probs", onset_probs)
    if onset_probs.shape[1] != len(drums):
        raise ValueError(f"onset_probs must have {len(drums)} columns, got {onset_probs.shape[1]}")
    limits = _limits(thresholds or {}, drums)
    peaks = peak_onsets(onset_probs, threshold=float(limits.min()), half_width=HALF_WIDTH)
    kept = peaks.score >= limits[peaks.pitch]
    return Peaks(
        peaks.frame[kept],
        peaks.pitch[kept],
        peaks.neighbour[kept],
        peaks.position[kept],
        peaks.score[kept],
    )


def _limits(thresholds: Mapping[str, float], drums: tuple[str, ...]) -> Probs:
    fallback = thresholds.get("onset", DEFAULT_THRESHOLD)
    limits = np.array([thresholds.get(drum, fallback) for drum in drums], dtype=np.float32)
    if not np.all((limits > 0.0) & (limits <= 1.0)):
        raise ValueError(f"thresholds must lie in (0, 1], got {dict(thresholds)}")
    return limits


class LiveDrumDecoder:
    """The same peaks while the music plays: a hit is told one frame after its largest value.

    ``decode_drum_hits`` looks at two frames on either side; here the second one after the peak is
    not waited for, and a drum is silent for ``HALF_WIDTH`` frames after a hit instead.

    Parameters
    ----------
    grid : FrameGrid
    thresholds, drums
        As for ``decode_drum_hits``.
    """

    def __init__(
        self,
        grid: FrameGrid,
        *,
        thresholds: Mapping[str, float] | None = None,
        drums: tuple[str, ...] = DRUMS,
    ) -> None:
        self._grid, self._drums = grid, drums
        self._limits = _limits(thresholds or {}, drums)
        self._onsets = np.zeros((2, len(drums)), dtype=np.float32)  # the last two frames
        self._velocities = np.zeros((2, len(drums)), dtype=np.float32)
        self._n_frames = 0
        self._blocked_until = np.zeros(len(drums), dtype=np.int64)

    def push(self, onset_probs: Probs, velocity: Probs) -> list[DrumHit]:
        """Take the next frames, each (n_frames, len(drums)); return what there is to tell.

        Raises
        ------
        ValueError
            If the arrays have other shapes or leave [0, 1].
        """
        check_probs("onset_probs", onset_probs)
        check_probs("velocity", velocity)
        if onset_probs.shape != velocity.shape or onset_probs.shape[1] != len(self._drums):
            raise ValueError(
                f"need two arrays of {len(self._drums)} columns and one length, got "
                f"{onset_probs.shape} and {velocity.shape}"
            )
        hits: list[DrumHit] = []
        for onset_row, velocity_row in zip(onset_probs, velocity, strict=True):
            hits += self._next(onset_row, velocity_row)
        return hits

    def _next(self, onset: Probs, velocity: Probs) -> list[DrumHit]:
        before, peak = self._onsets
        score = np.minimum(before + peak + onset, 1.0)
        frame = self._n_frames - 1  # of the peak
        found = (peak > before) & (peak >= onset) & (score >= self._limits)
        found &= frame >= self._blocked_until
        hits = []
        for drum in np.flatnonzero(found):
            total = before[drum] + peak[drum] + onset[drum]
            position = frame + float((onset[drum] - before[drum]) / total)
            values = np.array(
                [self._velocities[0, drum], self._velocities[1, drum], velocity[drum]]
            )
            weights = np.array([before[drum], peak[drum], onset[drum]])
            # The frame beside the peak that has the other part of the hit, as offline.
            weights[0 if onset[drum] >= before[drum] else 2] = 0.0
            midi = round(float((values * weights).sum() / weights.sum()) * 127.0)
            hits.append(
                DrumHit(
                    max(self._grid.to_seconds(position), 0.0),
                    self._drums[drum],
                    min(max(midi, 1), 127),
                    float(score[drum]),
                )
            )
            self._blocked_until[drum] = frame + HALF_WIDTH + 1
        self._onsets = np.stack([peak, onset])
        self._velocities = np.stack([self._velocities[1], velocity])
        self._n_frames += 1
        return hits
