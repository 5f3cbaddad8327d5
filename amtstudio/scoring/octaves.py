"""Octave errors, which cost those who correct notes the most."""

from __future__ import annotations

import numpy as np

from amtstudio.scoring.matching import Pitches, match_notes, pitches_of
from amtstudio.symbolic import NoteTable

_NEAR_S = 0.1
_OCTAVES = (12.0, 24.0)


def octave_error_share(
    reference: NoteTable, estimate: NoteTable, *, pitches: Pitches | None = None
) -> float:
    """Of all estimated notes, the share that is an octave or two off, in [0, 1].

    Such a note is none of the reference's, but one or two octaves away from a note that was not
    found and begins within 100 ms. ``pitches`` as for ``match_notes``.
    """
    if not len(reference) or not len(estimate):
        return 0.0
    pairs = match_notes(reference, estimate, onset_tolerance=_NEAR_S, pitches=pitches)
    ref_pitch, est_pitch = pitches or pitches_of(reference, estimate)
    missed = np.setdiff1d(np.arange(len(reference)), pairs[:, 0])
    errors = 0
    for index in np.setdiff1d(np.arange(len(estimate)), pairs[:, 1]).tolist():
        near = np.abs(reference.onset[missed] - estimate.onset[index]) < _NEAR_S
        apart = np.abs(est_pitch[index] - ref_pitch[missed][near])
        errors += bool(np.any(np.abs(apart[:, None] - _OCTAVES) < 0.5))
    return errors / len(estimate)
