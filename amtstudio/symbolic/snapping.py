"""Lines that edits are drawn to: beats, and equal parts of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.symbolic.tempo import TempoMap

Doubles = npt.NDArray[np.float64]

_SAME_S = 1e-6
_ON_IT = 1e-6  # of a beat: anything this near to a line is on it


@dataclass(frozen=True, slots=True)
class BeatGrid:
    """Beats, and the lines that divide each into equal parts.

    Attributes
    ----------
    tempo : TempoMap
        Before its first beat and after its last the lines go on evenly.
    parts : tuple of int
        Into how many parts a beat falls: ``(4,)`` for quarters of beats, ``(4, 3)`` for these and
        triplets beside them.

    Raises
    ------
    ValueError
        If there are no parts, or one is not 1 to 16.
    """

    tempo: TempoMap
    parts: tuple[int, ...] = (4,)

    def __post_init__(self) -> None:
        if not self.parts or not all(1 <= part <= 16 for part in self.parts):
            raise ValueError(f"parts must be 1 to 16, got {self.parts}")

    def nearest(self, second: float) -> float:
        """The line nearest to a time; before 0 there is none to go to."""
        beat, within, places = self._place(second)
        at = float(places[int(np.abs(places - within).argmin())])
        nearest = self._seconds(beat + at)
        return max(nearest, 0.0) if nearest > -_SAME_S else self.after(nearest)

    def after(self, second: float) -> float:
        """The first line that is later."""
        beat, within, places = self._place(second)
        later = places[places > within + _ON_IT]
        at = self._seconds(beat + (float(later[0]) if len(later) else 1.0 + self._step))
        return max(at, 0.0) if at > -_SAME_S else self.after(at)

    def before(self, second: float) -> float:
        """The last line that is earlier; 0 where there is none."""
        beat, within, places = self._place(second)
        earlier = places[places < within - _ON_IT]
        return max(self._seconds(beat + (float(earlier[-1]) if len(earlier) else -self._step)), 0.0)

    def between(self, start: float, end: float) -> Doubles:
        """The lines that divide beats, without the beats themselves; seconds, sorted."""
        first, last = np.floor(self.tempo.to_beats([start, end])).astype(np.int64).tolist()
        inner = self._places()[1:-1]
        beats = (np.arange(first, last + 1)[:, None] + inner).ravel()
        seconds = self.tempo.to_seconds(beats)
        inside: Doubles = seconds[(seconds >= start) & (seconds <= end)]
        return inside

    @property
    def _step(self) -> float:
        """From a beat to the line beside it, in beats."""
        return 1.0 / max(self.parts)

    def _places(self) -> Doubles:
        """Lines within a beat, from 0 to 1."""
        return np.unique(np.concatenate([np.arange(part + 1) / part for part in self.parts]))

    def _place(self, second: float) -> tuple[int, float, Doubles]:
        """The number of the beat, the place within it, and the lines there."""
        position = float(self.tempo.to_beats(second))
        beat = int(np.floor(position))
        return beat, position - beat, self._places()

    def _seconds(self, beats: float) -> float:
        return float(self.tempo.to_seconds(beats))
