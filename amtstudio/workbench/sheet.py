"""An engraved page, and where its notes are."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.formats.drawing import Drawing
from amtstudio.formats.musicxml import row_of_id

HEAD_WIDTH, HEAD_HEIGHT = 250.0, 180.0  # of a note, in units of the drawing
_NEAR = 260.0  # how far from a head a click may be


@dataclass(frozen=True, eq=False)
class Sheet:
    """One page: its drawing, and where its notes are.

    ``seconds`` are where on the recording what is written begins, for each row.
    """

    drawing: Drawing
    seconds: tuple[float, ...]

    def __post_init__(self) -> None:
        heads = {
            row: place
            for element, place in self.drawing.heads.items()
            if "-" not in element and (row := row_of_id(element)) is not None
        }
        object.__setattr__(self, "heads", heads)
        object.__setattr__(self, "lines", self._make_lines())

    heads: dict[int, tuple[float, float]] = None  # type: ignore[assignment]  # set above
    lines: list[Line] = None  # type: ignore[assignment]

    def row_at(self, x: float, y: float) -> int | None:
        """The note whose head is at a place, in units of the drawing."""
        best, nearest = None, _NEAR**2
        for row, (left, middle) in self.heads.items():
            away = (left + HEAD_WIDTH / 2 - x) ** 2 + (middle - y) ** 2
            if away < nearest:
                best, nearest = row, away
        return best

    def cursor_at(self, seconds: float) -> tuple[float, float, float] | None:
        """x, top and bottom of the cursor at a time; None: it is on no line of this page."""
        for line in self.lines:
            if line.seconds[0] <= seconds < line.end:
                x = float(np.interp(seconds, [*line.seconds, line.end], [*line.x, line.right]))
                return x, line.top, line.bottom
        return None

    def _make_lines(self) -> list[Line]:
        lines = []
        tops = self.drawing.systems
        for place, (top, bottom) in enumerate(tops):
            above = -np.inf if place == 0 else (tops[place - 1][1] + top) / 2.0
            below = np.inf if place + 1 == len(tops) else (bottom + tops[place + 1][0]) / 2.0
            moments: dict[float, float] = {}
            for row, (left, middle) in self.heads.items():
                if above <= middle < below and row < len(self.seconds):
                    at = self.seconds[row]
                    moments[at] = min(left, moments.get(at, np.inf))
            if moments:
                seconds = np.array(sorted(moments))
                x = np.maximum.accumulate(np.array([moments[at] for at in seconds.tolist()]))
                lines.append(Line(top, bottom, seconds, x, self.drawing.width * 0.97))
        for line, following in itertools.pairwise(lines):
            line.end = float(following.seconds[0])
        return lines


@dataclass(slots=True)
class Line:
    """A line of music: when its notes begin, growing, and where they are."""

    top: float
    bottom: float
    seconds: npt.NDArray[np.float64]
    x: npt.NDArray[np.float64]
    right: float
    end: float = np.inf
