"""Notes that only a lower threshold finds."""

from __future__ import annotations

import numpy as np

from amtstudio.symbolic import NoteState, NoteTable

_FEWEST_CAPPED = 1000  # so many candidates never are too many


def candidates_beyond(found: NoteTable, notes: NoteTable) -> NoteTable:
    """Those of ``found``, decoded at a lower threshold, that are not among ``notes``.

    The threshold does not move an onset, so that the same onset is the same note. Where a noisy
    recording has more of them than notes, the likeliest are taken.
    """
    beyond = found.take(~found.is_in(notes))
    most = max(len(notes), _FEWEST_CAPPED)
    if len(beyond) > most:
        limit = np.partition(beyond.confidence, -most)[-most]
        beyond = beyond.take(np.flatnonzero(beyond.confidence >= limit)[:most])
    return beyond.with_state(NoteState.CANDIDATE)
