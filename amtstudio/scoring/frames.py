"""Agreement of two piano rolls drawn from notes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.scoring.matching import Floats, intervals_of
from amtstudio.scoring.scores import PRF
from amtstudio.symbolic import NoteTable

CELL_S = 0.01  # seconds: the hop of MIREX multi-pitch evaluation
_N_PITCHES = 128


def frame_scores(reference: NoteTable, estimate: NoteTable, *, lag: float = 0.0) -> PRF:
    """Precision, recall and F1 over cells of 10 ms and one semitone.

    A cell counts as sounding where a note of its pitch sounds at its middle. Notes of the same
    pitch that overlap fill a cell once. Anything before time 0 is cut off. ``lag``, in seconds, is
    subtracted from the times of the estimate first.
    """
    ref_times, est_times = intervals_of(reference), intervals_of(estimate, lag=lag)
    last = max(float(times.max(initial=0.0)) for times in (ref_times, est_times))
    n_columns = int(np.ceil(last / CELL_S)) + 1
    ref_roll = _piano_roll(ref_times, reference.pitch, n_columns)
    est_roll = _piano_roll(est_times, estimate.pitch, n_columns)
    return PRF.from_counts(
        int(np.count_nonzero(ref_roll & est_roll)),
        int(np.count_nonzero(ref_roll)),
        int(np.count_nonzero(est_roll)),
    )


def _piano_roll(
    intervals: Floats, pitches: npt.NDArray[np.int64], n_columns: int
) -> npt.NDArray[np.bool_]:
    roll = np.zeros((n_columns, _N_PITCHES), dtype=bool)
    # The first cell whose middle is not before t: ceil(t / cell - 1/2). Rounded first, because
    # 0.345 / 0.01 is not quite 34.5 and would put equal times into different cells.
    columns = np.ceil(np.round(intervals / CELL_S - 0.5, 6)).astype(int).clip(0, n_columns)
    for (first, end), pitch in zip(columns, pitches, strict=True):
        roll[first:end, pitch] = True
    return roll
