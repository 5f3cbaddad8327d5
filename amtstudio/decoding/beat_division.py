"""Whether beats are divided by two or by three."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.tempo import TempoMap

_TOLERANCE = 0.07  # of a beat
_FEWEST = 24  # onsets within beats; fewer say nothing
_MAJORITY = 2.0  # onsets at thirds for each one at a half or quarter


def is_in_threes(onsets: npt.ArrayLike, tempo: TempoMap) -> bool:
    """Whether what begins between beats begins at thirds of them, as in 6/8.

    Both thirds count for as much as the rarer of them: swung eighths leave the first one empty.

    Parameters
    ----------
    onsets : array of float, seconds
    tempo : TempoMap
    """
    places = tempo.to_beats(onsets) % 1.0

    def count(*shares: float) -> int:
        return sum(int(np.count_nonzero(np.abs(places - share) < _TOLERANCE)) for share in shares)

    thirds = 2 * min(count(1 / 3), count(2 / 3))
    halves = count(0.5) + count(0.25, 0.75)
    return thirds >= _FEWEST and thirds > _MAJORITY * halves
