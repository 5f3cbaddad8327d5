"""Pitch contours of many notes in one piece of memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.notes import Bend, cut_bend


@dataclass(frozen=True, eq=False)
class Contours:
    """A ragged table: the points of note ``i`` are those from ``bounds[i]`` to ``bounds[i + 1]``.

    Attributes
    ----------
    bounds : np.ndarray of int, shape (n_notes + 1,)
    seconds : np.ndarray, shape (n_points,)
        From the onset of the note; they grow within each note.
    cents : np.ndarray, shape (n_points,)
        Against the pitch of the note.

    Raises
    ------
    ValueError
        If the bounds do not divide the points, times of a note do not grow from 0 on, or a value
        is not finite.
    """

    bounds: npt.NDArray[np.int64]
    seconds: npt.NDArray[np.float64]
    cents: npt.NDArray[np.float64]

    def __post_init__(self) -> None:
        lengths = np.diff(self.bounds)
        n_points = len(self.seconds)
        if self.bounds[0] != 0 or self.bounds[-1] != n_points or np.any(lengths < 0):
            raise ValueError(f"bounds must grow from 0 to {n_points}, got {self.bounds}")
        if self.cents.shape != (n_points,):
            raise ValueError(f"cents must have shape {(n_points,)}, got {self.cents.shape}")
        grows = np.diff(self.seconds, prepend=-1.0) > 0.0
        grows[self.bounds[:-1][lengths > 0]] = True  # the first point of each note
        finite = np.isfinite(self.seconds) & np.isfinite(self.cents)
        if not np.all(grows & finite & (self.seconds >= 0.0)):
            raise ValueError("need seconds that grow from 0 within each note, and finite cents")

    @classmethod
    def of(cls, bends: Sequence[Bend]) -> Contours:
        bounds = np.cumsum([0, *map(len, bends)], dtype=np.int64)
        points = np.array([point for bend in bends for point in bend], np.float64).reshape(-1, 2)
        return cls(bounds, points[:, 0], points[:, 1])

    @classmethod
    def none(cls, n_notes: int) -> Contours:
        """Those of notes that do not bend."""
        return cls(np.zeros(n_notes + 1, np.int64), np.zeros(0), np.zeros(0))

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, index: int) -> Bend:
        index = range(len(self))[index]
        part = slice(int(self.bounds[index]), int(self.bounds[index + 1]))
        return tuple(zip(self.seconds[part].tolist(), self.cents[part].tolist(), strict=True))

    def take(self, places: npt.NDArray[np.integer]) -> Contours:
        """Those of some notes, in the order of ``places``."""
        first = self.bounds[:-1][places]
        lengths = np.diff(self.bounds)[places]
        bounds = np.concatenate(([0], np.cumsum(lengths)))
        points = np.repeat(first - bounds[:-1], lengths) + np.arange(bounds[-1])
        return Contours(bounds, self.seconds[points], self.cents[points])

    def joined(self, *others: Contours) -> Contours:
        parts = (self, *others)
        lengths = np.concatenate([np.diff(part.bounds) for part in parts])
        return Contours(
            np.concatenate(([0], np.cumsum(lengths))),
            np.concatenate([part.seconds for part in parts]),
            np.concatenate([part.cents for part in parts]),
        )

    def until(self, durations: npt.NDArray[np.float64]) -> Contours:
        """What lies within the new duration, in seconds, of each note."""
        last = np.zeros(len(self))
        bends = np.flatnonzero(np.diff(self.bounds))
        last[bends] = self.seconds[self.bounds[1:][bends] - 1]
        if not np.any(last > durations):
            return self
        ends = enumerate(durations.tolist())
        return Contours.of([cut_bend(self[place], 0.0, end) for place, end in ends])
