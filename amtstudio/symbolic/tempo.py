"""Where the beats and bars of a piece are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class TempoMap:
    """Beats in time, and which of them begin a bar.

    Attributes
    ----------
    beats : np.ndarray, shape (n_beats,), seconds
        Two or more, each later than the one before. They may begin before 0.
    is_downbeat : np.ndarray of bool, shape (n_beats,)
        Whether a bar begins with the beat. What comes before the first of them is an upbeat.
    beat_unit : int
        The note value that is a beat: 4 for a quarter, 8 for an eighth.

    Raises
    ------
    ValueError
        If there are fewer than two beats, they do not follow one another in time, or the unit is
        not a power of two.
    """

    beats: Doubles
    is_downbeat: npt.NDArray[np.bool_]
    beat_unit: int = 4

    def __post_init__(self) -> None:
        for name, dtype in (("beats", np.float64), ("is_downbeat", np.bool_)):
            values = np.array(getattr(self, name), dtype)
            values.setflags(write=False)
            object.__setattr__(self, name, values)
        if self.beats.ndim != 1 or len(self.beats) < 2:
            raise ValueError(f"need two beats or more, got shape {self.beats.shape}")
        if not (np.isfinite(self.beats).all() and np.all(np.diff(self.beats) > 0)):
            raise ValueError("each beat must be later than the one before")
        if self.is_downbeat.shape != self.beats.shape:
            raise ValueError(
                f"is_downbeat must have shape {self.beats.shape}, got {self.is_downbeat.shape}"
            )
        if self.beat_unit < 1 or self.beat_unit & (self.beat_unit - 1):
            raise ValueError(f"beat_unit must be a power of two, got {self.beat_unit}")

    @classmethod
    def even(cls, tempo: float, *, n_beats: int = 2, meter: int = 4) -> TempoMap:
        """Beats from 0 on that are all alike: ``tempo`` a minute, ``meter`` to a bar."""
        if not tempo > 0:
            raise ValueError(f"tempo must be positive, got {tempo}")
        beats = 60.0 / tempo * np.arange(n_beats, dtype=np.float64)
        return cls(beats, np.arange(n_beats) % meter == 0)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TempoMap):
            return NotImplemented
        return (
            self.beat_unit == other.beat_unit
            and np.array_equal(self.beats, other.beats)
            and np.array_equal(self.is_downbeat, other.is_downbeat)
        )

    __hash__ = None  # type: ignore[assignment]  # as of an array

    @property
    def tempo(self) -> float:
        """Beats a minute, by the median distance of two beats."""
        return 60.0 / float(np.median(np.diff(self.beats)))

    @property
    def downbeats(self) -> Doubles:
        """Where the bars begin, in seconds."""
        return self.beats[self.is_downbeat]

    @property
    def meters(self) -> list[int]:
        """Beats of each bar that is whole, from one downbeat to the next."""
        counts: list[int] = np.diff(np.flatnonzero(self.is_downbeat)).tolist()
        return counts

    def to_beats(self, seconds: npt.ArrayLike) -> Doubles:
        """Position of times on the line of beats: 0 is the first beat, 1.5 half-way from 1 to 2.

        Before the first beat and after the last the line goes on evenly.
        """
        seconds = np.asarray(seconds, np.float64)
        index = self._clipped(np.searchsorted(self.beats, seconds, side="right") - 1)
        length = self.beats[index + 1] - self.beats[index]
        return np.asarray(index + (seconds - self.beats[index]) / length)

    def to_seconds(self, beats: npt.ArrayLike) -> Doubles:
        """The inverse of ``to_beats``."""
        beats = np.asarray(beats, np.float64)
        index = self._clipped(np.floor(beats).astype(np.int64))
        length = self.beats[index + 1] - self.beats[index]
        return np.asarray(self.beats[index] + (beats - index) * length)

    def _clipped(self, index: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
        clipped: npt.NDArray[np.integer] = np.clip(index, 0, len(self.beats) - 2)
        return clipped
