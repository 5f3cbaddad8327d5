"""Score an estimate against a reference, with mir_eval as the judge."""

from __future__ import annotations

from functools import partial

import numpy as np

from amtstudio.scoring.frames import frame_scores
from amtstudio.scoring.matching import (
    Indices,
    Pitches,
    match_notes,
    pitches_of,
    velocities_within,
)
from amtstudio.scoring.octaves import octave_error_share
from amtstudio.scoring.scores import PRF, PieceScores
from amtstudio.symbolic import NoteTable, Transcription

ONSET_TOLERANCE_S = 0.05
# Twice the tolerance: labels of distant microphones run early by up to 36 ms, and the notes must
# still be found with their usual scatter about that.
WIDE_TOLERANCE_S = 0.1
OFFSET_RATIO = 0.2


def score_notes(
    reference: Transcription, estimate: Transcription, *, estimate_cents: float = 0.0
) -> PieceScores:
    """Compare the notes of an estimate with those of the reference.

    The *aligned* scores forgive a constant lag between labels and audio: notes are matched by
    pitch and onset within 100 ms (offsets ignored), the median of (estimated onset - reference
    onset) over the matched notes is subtracted from all onsets and offsets of the estimate, and
    the result is matched again within 50 ms. Only that one number per piece is taken from the
    reference. If nothing matches within 100 ms, nothing is shifted.

    Where the reference bends, or has pitches between keys, notes match within 50 cents of where
    they sound: at the median of their bends. Else they match by their keys, as a singer's notes
    are written. Frames are compared by keys.

    Instruments and pedals are ignored. Two notes of one pitch may overlap.

    Parameters
    ----------
    reference, estimate : Transcription
    estimate_cents : float
        The reference of the estimate's 0 cents, if it was transcribed with its own tuning.
    """
    ref, est = reference.notes, estimate.notes
    pitches = None
    if ref.bends is not None:
        pitches = pitches_of(ref, est, estimate_cents=estimate_cents)
    match = partial(match_notes, ref, est, pitches=pitches)
    wide = match(onset_tolerance=WIDE_TOLERANCE_S)
    deviation = _median_deviation(ref, est, wide)
    pairs = match(onset_tolerance=ONSET_TOLERANCE_S)
    pairs_aligned = match(onset_tolerance=ONSET_TOLERANCE_S, lag=deviation)
    wide_aligned = match(onset_tolerance=WIDE_TOLERANCE_S, lag=deviation)
    offset, offset_velocity = _offset_scores(ref, est, pitches)
    offset_aligned, offset_velocity_aligned = _offset_scores(ref, est, pitches, lag=deviation)
    n_velocities = velocities_within(ref, est, pairs_aligned)
    return PieceScores(
        note=PRF.from_counts(len(pairs), len(ref), len(est)),
        note_aligned=PRF.from_counts(len(pairs_aligned), len(ref), len(est)),
        note_100ms=PRF.from_counts(len(wide), len(ref), len(est)),
        note_offset=offset,
        note_offset_aligned=offset_aligned,
        note_offset_velocity=offset_velocity,
        note_offset_velocity_aligned=offset_velocity_aligned,
        frame=frame_scores(ref, est),
        frame_aligned=frame_scores(ref, est, lag=deviation),
        velocity_within=n_velocities / max(1, len(pairs_aligned)),
        median_deviation_ms=1000.0 * deviation,
        n_reference=len(ref),
        n_estimate=len(est),
        note_aligned_100ms=PRF.from_counts(len(wide_aligned), len(ref), len(est)),
        octave_errors=octave_error_share(ref, est, pitches=pitches),
    )


def _offset_scores(
    ref: NoteTable, est: NoteTable, pitches: Pitches | None, *, lag: float = 0.0
) -> tuple[PRF, PRF]:
    """Scores with offsets, without and with velocities."""
    pairs = match_notes(
        ref,
        est,
        onset_tolerance=ONSET_TOLERANCE_S,
        offset_ratio=OFFSET_RATIO,
        lag=lag,
        pitches=pitches,
    )
    n_right = velocities_within(ref, est, pairs)
    return (
        PRF.from_counts(len(pairs), len(ref), len(est)),
        PRF.from_counts(n_right, len(ref), len(est)),
    )


def _median_deviation(ref: NoteTable, est: NoteTable, pairs: Indices) -> float:
    """Median of (estimated - reference onset) over matched notes, in seconds; 0 if none."""
    if len(pairs) == 0:
        return 0.0
    return float(np.median(est.onset[pairs[:, 1]] - ref.onset[pairs[:, 0]]))
