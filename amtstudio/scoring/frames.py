"""Agreement of two piano rolls drawn from notes."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.scoring.matching import NoteArrays
from amtstudio.scoring.scores import PRF

CELL_S = 0.01  # seconds: the hop of MIREX multi-pitch evaluation
_N_PITCHES = 128


def frame_scores(reference: NoteArrays, estimate: NoteArrays) -> PRF:
    """Precision, recall and F1 over cells of 10 ms and one semitone.

    A cell counts as sounding where a note of its pitch sounds at its middle. Notes of the same
    pitch that overlap fill a cell once. What lies before time 0 is cut off.
    """
    n_columns = _last_column(reference, estimate)
    ref_roll, est_roll = _piano_roll(reference, n_columns), _piano_roll(estimate, n_columns)
    return PRF.from_counts(
        int(np.count_nonzero(ref_roll & est_roll)),
        int(np.count_nonzero(ref_roll)),
        int(np.count_nonzero(est_roll)),
    )


def _last_column(*parts: NoteArrays) -> int:
    ends = [part.intervals[:, 1].max() for part in parts if len(part)]
    return max(0, int(np.ceil(max(ends, default=0.0) / CELL_S)) + 1)


def _piano_roll(notes: NoteArrays, n_columns: int) -> npt.NDArray[np.bool_]:
    roll = np.zeros((n_columns, _N_PITCHES), dtype=bool)
    # The first cell whose middle is not before t: ceil(t / cell - 1/2). Rounded first, because
    # 0.345 / 0.01 is not quite 34.5 and would put equal times into different cells.
    columns = np.ceil(np.round(notes.intervals / CELL_S - 0.5, 6)).astype(int).clip(0, n_columns)
    for (first, end), pitch in zip(columns, notes.pitches, strict=True):
        roll[first:end, pitch] = True
    return roll
