"""Mouse gestures on the velocities of the notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from amtstudio.session import Document as Project
from amtstudio.symbolic import NoteTable
from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.lane_drags import LaneDrags
from amtstudio.ui.roll.velocity_item import HIGHEST, VelocityItem

_REACH_PX = 6.0  # how near the pointer has to be to the head of a stem
LOWEST = 1


@dataclass(slots=True)
class _Change:
    """Velocities on their way, by id."""

    item: VelocityItem
    editor: Editor
    wanted: dict[int, int] = field(default_factory=dict, kw_only=True)

    def drop(self) -> None:
        if self.wanted:
            self.editor.take(Project.set_velocities, self.wanted)

    def clear(self) -> None:
        self.item.set_wanted({})


@dataclass(slots=True)
class _Shift(_Change):
    """Notes that go up and down together; ``before`` are their velocities, by id."""

    origin: float  # velocity
    before: dict[int, int]

    def pull(self, point: QPointF) -> None:
        by = round(point.y() - self.origin)
        self.wanted = {key: limited(was + by) for key, was in self.before.items()}
        self.item.set_wanted(self.wanted)


@dataclass(slots=True)
class _Line(_Change):
    """Draws a line: every note it passes gets the velocity at its height."""

    table: NoteTable
    reach: float  # seconds
    last: QPointF

    def pull(self, point: QPointF) -> None:
        # Between two places of the pointer the mouse may have passed many notes.
        left, right = sorted((self.last, point), key=lambda place: place.x())
        onsets = self.table.onset
        low, high = np.searchsorted(onsets, [left.x() - self.reach, right.x() + self.reach])
        passed = slice(int(low), int(high))
        heights = np.interp(onsets[passed], [left.x(), right.x()], [left.y(), right.y()])
        if left.x() == right.x():
            heights[:] = point.y()
        for key, height in zip(self.table.id[passed].tolist(), heights.tolist(), strict=True):
            if key > 0:
                self.wanted[key] = limited(round(height))
        self.last = point
        self.item.set_wanted(self.wanted)


class VelocityGestures(LaneDrags):
    """Click: select. Drag the head of a stem: louder or softer, with all that is selected.

    Drag elsewhere: draw a line; every note it passes gets the velocity at its height. An edit is
    one undo step however many notes it changes.
    """

    def __init__(self, box: pg.ViewBox, item: VelocityItem, editor: Editor) -> None:
        super().__init__(box, editor, self._taken)
        self._item = item
        editor.selection.changed.connect(lambda: item.set_selected(editor.selection.ids))

    def hit(self, point: QPointF) -> int | None:
        """The id of the note whose head is at these coordinates of the lane."""
        document = self._editor.document
        if document is None:
            return None
        table = document.visible_notes
        across, up = self.units_per_px()
        low, high = np.searchsorted(
            table.onset, [point.x() - _REACH_PX * across, point.x() + _REACH_PX * across]
        )
        if high <= low:
            return None
        far = np.hypot(
            (table.onset[low:high] - point.x()) / across,
            (table.velocity[low:high] - point.y()) / up,
        )
        nearest = int(np.argmin(far))
        key = int(table.id[low + nearest])
        return key if far[nearest] <= _REACH_PX and key > 0 else None

    def click(self, event: Any) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or self._editor.document is None:
            return False
        self._editor.document.settle()
        key = self.hit(self._box.mapSceneToView(event.scenePos()))
        self._editor.select_pedal(None)
        if key is None:
            self._editor.selection.clear()
        else:
            self._editor.selection.set([key])
        return True

    def _taken(self, point: QPointF) -> _Shift | _Line:
        document = self._editor.document
        assert document is not None  # else nothing could be edited
        document.settle()
        table = document.visible_notes
        key = self.hit(point)
        if key is None:
            reach = _REACH_PX / 2.0 * self.units_per_px()[0]
            return _Line(self._item, self._editor, table, reach, point)
        if key not in self._editor.selection:
            self._editor.selection.set([key])
        # Candidates may be selected as well, but they have no stems.
        places = table.places_of(self._editor.selection.ids)
        velocities = zip(table.id[places].tolist(), table.velocity[places].tolist(), strict=True)
        return _Shift(self._item, self._editor, point.y(), dict(velocities))


def limited(velocity: int) -> int:
    """The nearest MIDI velocity for a note that sounds."""
    return min(max(velocity, LOWEST), HIGHEST)
