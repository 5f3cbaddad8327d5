"""Arrays that grow along the time axis while a recording is read, with coarser copies to draw."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Levels = npt.NDArray[np.uint8]

_FIRST_CAPACITY = 1024  # columns


class GrowingPyramid:
    """Columns of levels, and the same at half, a quarter, ... of the columns, by their maximum.

    A maximum and not a mean: a short note must not fade where minutes share a few pixels.

    Parameters
    ----------
    n_rows : int
    n_levels : int
        How many sizes there are; 1 is the full one alone.
    """

    def __init__(self, n_rows: int, *, n_levels: int = 10) -> None:
        self.n_rows = n_rows
        self.n_columns = 0
        self._levels = [
            np.zeros((n_rows, max(1, _FIRST_CAPACITY >> level)), dtype=np.uint8)
            for level in range(n_levels)
        ]

    @property
    def n_levels(self) -> int:
        return len(self._levels)

    def append(self, columns: Levels) -> None:
        """Add columns, shape (n_columns, n_rows): time first, as everywhere."""
        first, end = self.n_columns, self.n_columns + len(columns)
        if not len(columns):
            return
        self._reserve(end)
        self._levels[0][:, first:end] = columns.T
        self.n_columns = end
        for level in range(1, self.n_levels):
            first, end = first // 2, -(-end // 2)
            finer = self._levels[level - 1]
            # The row behind the last may be unused yet, and then is 0.
            self._levels[level][:, first:end] = np.maximum(
                finer[:, 2 * first : 2 * end : 2], finer[:, 2 * first + 1 : 2 * end : 2]
            )

    def level_for(self, columns_per_pixel: float) -> int:
        """The coarsest level that still has a column for every pixel."""
        if columns_per_pixel <= 1.0:
            return 0
        return min(int(np.log2(columns_per_pixel)), self.n_levels - 1)

    def columns(self, level: int, first: int, end: int) -> Levels:
        """Columns of a level, shape (n_rows, n): rows first, as an image has them."""
        last = -(-self.n_columns >> level) if level == 0 else -(-self.n_columns // (1 << level))
        return self._levels[level][:, max(first, 0) : min(end, last)]

    def _reserve(self, n_columns: int) -> None:
        capacity = self._levels[0].shape[1]
        if n_columns + 1 < capacity:
            return
        # A power of two: every level then has room for the partner of its last column.
        capacity = 1 << (n_columns + 1).bit_length()
        for level, values in enumerate(self._levels):
            larger = np.zeros((self.n_rows, max(2, capacity >> level)), dtype=np.uint8)
            larger[:, : values.shape[1]] = values
            self._levels[level] = larger


class GrowingEnvelope:
    """Smallest and largest sample of each hop of a recording, for its waveform."""

    def __init__(self, hop_length: int, sample_rate: int) -> None:
        self.seconds_per_column = hop_length / sample_rate
        self._parts: list[npt.NDArray[np.float32]] = []
        self._joined = np.zeros((0, 2), dtype=np.float32)

    def append(self, extremes: npt.NDArray[np.float32]) -> None:
        """Add (n_hops, 2): minimum and maximum of each hop, full scale 1."""
        self._parts.append(extremes)

    @property
    def values(self) -> npt.NDArray[np.float32]:
        if self._parts:
            self._joined = np.concatenate((self._joined, *self._parts))
            self._parts = []
        return self._joined
