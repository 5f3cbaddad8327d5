"""Where the beats and bars of a piece are."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.meter import BEAT_UNITS, MOST_BEATS, Meter

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
        The note value that is a beat: 4 for a quarter, 8 for an eighth; up to 32.
    is_compound : bool
        Whether a beat is three of these values, as in 6/8.

    Raises
    ------
    ValueError
        If there are fewer than two beats, they do not follow one another in time, or no time
        signature has this unit.
    """

    beats: Doubles
    is_downbeat: npt.NDArray[np.bool_]
    beat_unit: int = 4
    is_compound: bool = False

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
        if self.beat_unit not in BEAT_UNITS:
            raise ValueError(
                f"beat_unit must be at most {BEAT_UNITS[-1]} and a power of two,"
                f" got {self.beat_unit}"
            )

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
            and self.is_compound == other.is_compound
            and np.array_equal(self.beats, other.beats)
            and np.array_equal(self.is_downbeat, other.is_downbeat)
        )

    __hash__ = None  # type: ignore[assignment]  # as of an array

    @property
    def tempo(self) -> float:
        """Beats a minute: the median over stretches of up to eight beats.

        Of single distances the median would be led by where beats are a few milliseconds off.
        """
        span = min(8, max(1, len(self.beats) // 8))
        return 60.0 * span / float(np.median(self.beats[span:] - self.beats[:-span]))

    @property
    def downbeats(self) -> Doubles:
        """Where the bars begin, in seconds."""
        return self.beats[self.is_downbeat]

    @property
    def meters(self) -> list[int]:
        """Beats of each bar that is whole, from one downbeat to the next."""
        counts: list[int] = np.diff(np.flatnonzero(self.is_downbeat)).tolist()
        return counts

    @property
    def meter(self) -> Meter | None:
        """The meter of most bars; None where no bar is whole."""
        counts = [count for count in self.meters if count <= MOST_BEATS]
        if not counts:
            return None
        return self.meter_of(int(np.bincount(counts).argmax()))

    def meter_of(self, n_beats: int) -> Meter:
        """That of a bar with so many beats of this kind."""
        return Meter(n_beats, self.beat_unit, self.is_compound)

    def places(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """For each beat, the number of its bar, and its place in the bar, both from 1.

        The beats of an upbeat are in bar 0, and their places count towards the first bar line.
        """
        index = np.arange(len(self.beats), dtype=np.int64)
        starts = np.flatnonzero(self.is_downbeat)
        bar = np.cumsum(self.is_downbeat, dtype=np.int64)
        if not len(starts):
            return bar, index + 1
        meter = self.meter
        n_upbeat = int(starts[0])
        usual = n_upbeat if meter is None else max(meter.n_beats, n_upbeat)
        start_of = np.where(bar > 0, starts[np.maximum(bar - 1, 0)], n_upbeat - usual)
        return bar, index - start_of + 1

    def shifted(self, seconds: float) -> TempoMap:
        """The same beats, so much later."""
        return replace(self, beats=self.beats + seconds) if seconds else self

    def to_beats(self, seconds: npt.ArrayLike) -> Doubles:
        """Position of times on the line of beats: 0 is the first beat, 1.5 half-way from 1 to 2.

        Before the first beat and after the last, it is extrapolated at a constant tempo.
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
