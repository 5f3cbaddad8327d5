"""How notes are laid out for the mouse: on the keys of the roll, or in the rows of the drums."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import ClassVar, Protocol

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF

from amtstudio.symbolic import Note, NoteTable, TrackKind
from amtstudio.ui.drum_rows import Rows
from amtstudio.ui.editor import HIGHEST_PITCH, LOWEST_PITCH
from amtstudio.ui.roll.note_item import HALF_HEIGHT
from amtstudio.ui.roll.selection_item import note_rect

EDGE_PX = 6.0  # how near to its end a note is caught by that end
_EDGE_SHARE = 0.3  # of a short note: its middle can be caught too
_GRAB_PX = 3.0


class Grip(Enum):
    """By what a note is held."""

    BODY = "body"
    ONSET = "onset"
    OFFSET = "offset"


class NotePlane(Protocol):
    """Where notes of one kind are; tables are in order and hold that kind alone.

    ``has_length`` says whether the length of notes is shown and can be edited.
    """

    kind: ClassVar[TrackKind]
    has_length: ClassVar[bool]

    def pitch_at(self, y: float) -> int:
        """The nearest that a note can have."""

    def place_at(self, table: NoteTable, time: float, y: float, per_px: float) -> int | None:
        """Where in the table the note at these coordinates is; ``per_px``: seconds to a pixel."""

    def grip(self, note: Note, time: float, per_px: float) -> Grip:
        """By what a note is held there."""

    def rect(self, note: Note, *, seconds: tuple[float, float], pitch: int) -> QRectF:
        """The drawing of a note that moves to another onset and offset, and another pitch."""

    def ids_within(self, table: NoteTable, band: QRectF) -> list[int]:
        """Those that a band touches."""


class KeyPlane:
    """A row for each key, as high as a semitone."""

    kind: ClassVar[TrackKind] = TrackKind.PITCHED
    has_length: ClassVar[bool] = True

    def pitch_at(self, y: float) -> int:
        return min(max(round(y), LOWEST_PITCH), HIGHEST_PITCH)

    def place_at(self, table: NoteTable, time: float, y: float, per_px: float) -> int | None:
        return table.place_at(time, round(y), tolerance=_GRAB_PX * per_px)

    def grip(self, note: Note, time: float, per_px: float) -> Grip:
        reach = min(EDGE_PX * per_px, _EDGE_SHARE * note.duration)
        if time > note.offset - reach:
            return Grip.OFFSET
        return Grip.ONSET if time < note.onset + reach else Grip.BODY

    def rect(self, note: Note, *, seconds: tuple[float, float], pitch: int) -> QRectF:  # noqa: ARG002
        return note_rect(*seconds, pitch)

    def ids_within(self, table: NoteTable, band: QRectF) -> list[int]:
        low, high = band.top() - HALF_HEIGHT, band.bottom() + HALF_HEIGHT
        return table.ids_within(band.left(), band.right(), low, high)


class DrumPlane:
    """A row for each drum; a hit is a mark at its onset, taller the louder it is.

    Parameters
    ----------
    mark_width : callable
        Gives the width of a mark in seconds, as the view is now.
    """

    kind: ClassVar[TrackKind] = TrackKind.DRUMS
    has_length: ClassVar[bool] = False

    def __init__(self, mark_width: Callable[[], float]) -> None:
        self.rows: Rows = ()
        self._mark_width = mark_width

    def pitch_at(self, y: float) -> int:
        return self.rows[min(max(round(y), 0), len(self.rows) - 1)]

    def place_at(self, table: NoteTable, time: float, y: float, per_px: float) -> int | None:
        if not 0 <= round(y) < len(self.rows):
            return None
        width, reach = self._mark_width(), _GRAB_PX * per_px
        first, end = np.searchsorted(table.onset, [time - width - reach, time + reach]).tolist()
        here = first + np.flatnonzero(table.pitch[first:end] == self.pitch_at(y))
        if not len(here):
            return None
        nearest = np.argmin(np.abs(table.onset[here] + width / 2.0 - time))
        return int(here[nearest])

    def grip(self, note: Note, time: float, per_px: float) -> Grip:  # noqa: ARG002
        return Grip.BODY

    def rect(self, note: Note, *, seconds: tuple[float, float], pitch: int) -> QRectF:
        height = float(mark_heights(np.array([note.velocity]))[0])
        bottom = self.rows.index(pitch) - HALF_HEIGHT
        return QRectF(seconds[0], bottom, self._mark_width(), height)

    def ids_within(self, table: NoteTable, band: QRectF) -> list[int]:
        onset, width = table.onset, self._mark_width()
        first, end = np.searchsorted(onset, [band.left() - width, band.right()]).tolist()
        touched = [
            pitch
            for row, pitch in enumerate(self.rows)
            if band.top() <= row + HALF_HEIGHT and row - HALF_HEIGHT <= band.bottom()
        ]
        is_inside = np.isin(table.pitch[first:end], touched) & (table.id[first:end] > 0)
        found: list[int] = table.id[first:end][is_inside].tolist()
        return found


def mark_heights(velocity: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """The height of the marks of hits, in rows: even the softest are visible."""
    heights: npt.NDArray[np.float64] = np.interp(velocity, [0, 127], [0.25, 0.84])
    return heights
