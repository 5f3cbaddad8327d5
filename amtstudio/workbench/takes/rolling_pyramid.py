"""The picture of a recording that may go on for hours, in memory that hardly grows."""

from __future__ import annotations

import numpy as np

from amtstudio.workbench.growing import GrowingPyramid, Levels

KEPT_COLUMNS = 9600  # five minutes at 32 ms
_N_FINE = 3  # levels of which only the newest part is kept
_WIDTH = 1 << _N_FINE  # columns that share one of what is kept of the rest


class RollingPyramid(GrowingPyramid):
    """Keeps the newest columns as they are, and all of them at an eighth and less.

    An hour takes some 10 MB instead of 60. Older parts can still be scrolled back to, but are
    coarser when zoomed in.

    Parameters
    ----------
    n_rows : int
    n_levels : int
    kept : int
        So many columns at least are kept in full.
    """

    def __init__(self, n_rows: int, *, n_levels: int = 10, kept: int = KEPT_COLUMNS) -> None:
        super().__init__(n_rows, n_levels=n_levels)
        self._kept = kept
        self._coarse = GrowingPyramid(n_rows, n_levels=n_levels - _N_FINE)
        self._recent = GrowingPyramid(n_rows, n_levels=_N_FINE)
        self._recent_start = 0  # column, a multiple of the width
        self._waiting: Levels = np.zeros((0, n_rows), dtype=np.uint8)  # for a coarse column

    def append(self, columns: Levels) -> None:
        """Add columns, shape (n_columns, n_rows)."""
        self.n_columns += len(columns)
        self._recent.append(columns)
        waiting = np.concatenate((self._waiting, columns))
        n_whole = len(waiting) // _WIDTH
        self._coarse.append(_joined(waiting[: n_whole * _WIDTH]))
        self._waiting = waiting[n_whole * _WIDTH :]
        if self._recent.n_columns > 2 * self._kept + _WIDTH:
            self._forget()

    def columns(self, level: int, first: int, end: int) -> Levels:
        """Columns of a level, shape (n_rows, n)."""
        last = -(-self.n_columns // (1 << level))
        first, end = max(first, 0), min(end, last)
        if level >= _N_FINE:
            return self._coarse_columns(level - _N_FINE, first, end)
        start = self._recent_start >> level
        recent = self._recent.columns(level, max(first - start, 0), max(end - start, 0))
        if first >= start:
            return recent
        widths = _N_FINE - level
        begin, stop = first >> widths, -(-min(end, start) >> widths)
        older = np.repeat(self._coarse.columns(0, begin, stop), 1 << widths, axis=1)
        older = older[:, first - (begin << widths) : min(end, start) - (begin << widths)]
        return np.concatenate((older, recent), axis=1)

    def _coarse_columns(self, level: int, first: int, end: int) -> Levels:
        found = self._coarse.columns(level, first, end)
        if not len(self._waiting) or found.shape[1] >= end - first:
            return found
        newest = self._waiting.max(axis=0)[:, None]
        return np.concatenate((found, newest), axis=1)

    def _forget(self) -> None:
        n_dropped = (self._recent.n_columns - self._kept) // _WIDTH * _WIDTH
        kept = self._recent.columns(0, n_dropped, self._recent.n_columns).T
        self._recent = GrowingPyramid(self.n_rows, n_levels=_N_FINE)
        self._recent.append(kept)
        self._recent_start += n_dropped


def _joined(columns: Levels) -> Levels:
    """The maximum of each so many columns."""
    joined: Levels = columns.reshape(-1, _WIDTH, columns.shape[1]).max(axis=1)
    return joined
