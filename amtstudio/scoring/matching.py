"""Which estimated note is which reference note: mir_eval's matching, one pitch at a time."""

from __future__ import annotations

import mir_eval
import numpy as np
import numpy.typing as npt

from amtstudio.decoding.tidying import median_cents
from amtstudio.symbolic import NoteTable

Floats = npt.NDArray[np.float64]
Indices = npt.NDArray[np.intp]
Pitches = tuple[Floats, Floats]  # of the reference and of the estimate: MIDI numbers, fractional

VELOCITY_TOLERANCE = 0.1  # mir_eval's, in units of the reference's velocity range


def intervals_of(notes: NoteTable, *, lag: float = 0.0) -> Floats:
    """Onset and offset as mir_eval takes them, shape (n, 2), in seconds, earlier by ``lag``."""
    return np.column_stack([notes.onset, notes.offset]) - lag


def match_notes(
    reference: NoteTable,
    estimate: NoteTable,
    *,
    onset_tolerance: float = 0.05,
    offset_ratio: float | None = None,
    lag: float = 0.0,
    pitches: Pitches | None = None,
) -> Indices:
    """Match as many notes as possible with ``mir_eval.transcription.match_notes``.

    On keys, pitches are whole semitones and the pitch tolerance is half of one, so no pair crosses
    from one pitch to another: matching every pitch by itself finds as many pairs as matching all at
    once, without comparing each note of a long piece to every other one. Where ``pitches`` are
    between keys, notes are matched stretch by stretch, cut where no note begins for as long as the
    tolerance.

    Parameters
    ----------
    reference, estimate : NoteTable
    onset_tolerance : float, seconds
    offset_ratio : float, optional
        Share of the reference's duration by which the offset may be out (50 ms always may).
        None: the offset is ignored.
    lag : float, seconds
        By how much the estimate is late: this is subtracted from its times first.
    pitches : pair of np.ndarray, shapes (n_reference,) and (n_estimate,)
        Where the notes sound, within 50 cents of which they match. None: on their keys.

    Returns
    -------
    np.ndarray, shape (n_matched, 2)
        Index of the reference note and of the estimated note of each pair.
    """
    pairs: list[Indices] = []
    ref_intervals, est_intervals = intervals_of(reference), intervals_of(estimate, lag=lag)
    if pitches is None:
        pitches = reference.pitch.astype(np.float64), estimate.pitch.astype(np.float64)
        groups = pitches
    else:
        groups = _stretches(ref_intervals[:, 0], est_intervals[:, 0], onset_tolerance)
    for group in np.intersect1d(*groups):
        ref_at, est_at = (np.flatnonzero(one == group) for one in groups)
        matched = mir_eval.transcription.match_notes(
            ref_intervals[ref_at],
            mir_eval.util.midi_to_hz(pitches[0][ref_at]),
            est_intervals[est_at],
            mir_eval.util.midi_to_hz(pitches[1][est_at]),
            onset_tolerance=onset_tolerance,
            offset_ratio=offset_ratio,
        )
        if matched:
            indices = np.array(matched, np.intp)
            pairs.append(np.column_stack([ref_at[indices[:, 0]], est_at[indices[:, 1]]]))
    return np.concatenate(pairs) if pairs else np.empty((0, 2), np.intp)


def pitches_of(
    reference: NoteTable, estimate: NoteTable, *, estimate_cents: float = 0.0
) -> Pitches:
    """Where notes sound: their keys and the medians of their bends.

    ``estimate_cents`` is what 0 cents of the estimate stand for.
    """
    return (
        reference.pitch + median_cents(reference) / 100.0,
        estimate.pitch + (median_cents(estimate) + estimate_cents) / 100.0,
    )


def _stretches(reference: Floats, estimate: Floats, tolerance: float) -> tuple[Floats, Floats]:
    """The stretch of each onset; stretches are farther apart than the tolerance."""
    onsets = np.sort(np.concatenate([reference, estimate]))
    # mir_eval rounds distances to ten thousandths.
    begins = onsets[1:][np.diff(onsets) > tolerance + 1e-3]
    one, other = (np.searchsorted(begins, times, "right") for times in (reference, estimate))
    return one.astype(np.float64), other.astype(np.float64)


def velocities_within(reference: NoteTable, estimate: NoteTable, pairs: Indices) -> int:
    """The number of matched notes with correct velocity, by mir_eval's rule.

    Reference velocities are scaled to [0, 1] by the range of all of the reference's notes; the
    straight line that takes the matched estimated velocities closest to them (least squares)
    rescales the estimate; then they may differ by less than 0.1. The rule is that of
    ``mir_eval.transcription_velocity.match_notes``, which cannot be called for one pitch at a
    time because the line is that of the whole piece.
    """
    if len(pairs) == 0:
        return 0
    lowest = reference.velocity.min()
    velocity_range = max(1.0, float(reference.velocity.max() - lowest))
    wanted = (reference.velocity[pairs[:, 0]] - lowest) / velocity_range
    found = estimate.velocity[pairs[:, 1]].astype(np.float64)
    basis = np.column_stack([found, np.ones_like(found)])
    line = np.linalg.lstsq(basis, wanted, rcond=None)[0]
    return int(np.count_nonzero(np.abs(basis @ line - wanted) < VELOCITY_TOLERANCE))
