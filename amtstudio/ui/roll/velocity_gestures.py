"""What the mouse does to the velocities of the notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt

from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.lane_gestures import LaneGestures
from amtstudio.ui.roll.velocity_item import HIGHEST, VelocityItem

_REACH_PX = 6.0  # how near the pointer has to be to the head of a stem
LOWEST = 1


@dataclass(slots=True)
class _Drag:
    """``before``: velocities, by id, of notes that go up and down together; None: a line."""

    origin: QPointF
    before: dict[int, int] | None
    last: QPointF
    wanted: dict[int, int] = field(default_factory=dict)


class VelocityGestures(LaneGestures[_Drag]):
    """Click: select. Drag the head of a stem: louder or softer, with all that is selected.

    Drag elsewhere: a line along which every note that it passes is made as loud as it is high. An
    edit is one step of undo however many notes it changes.
    """

    def __init__(self, box: pg.ViewBox, item: VelocityItem, editor: Editor) -> None:
        super().__init__(box, editor)
        self._item = item
        editor.selection.changed.connect(lambda: item.set_selected(editor.selection.ids))

    def hit(self, point: QPointF) -> int | None:
        """The id of the note whose head is at these coordinates of the lane."""
        document = self._editor.document
        if document is None:
            return None
        arrays = document.notes
        across, up = self._units_per_px()
        low, high = np.searchsorted(
            arrays.onset, [point.x() - _REACH_PX * across, point.x() + _REACH_PX * across]
        )
        if high <= low:
            return None
        far = np.hypot(
            (arrays.onset[low:high] - point.x()) / across,
            (arrays.velocity[low:high] - point.y()) / up,
        )
        nearest = int(np.argmin(far))
        key = int(arrays.ids[low + nearest])
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

    def _take(self, point: QPointF) -> _Drag:
        document = self._editor.document
        assert document is not None  # else nothing could be edited
        document.settle()
        key = self.hit(point)
        if key is None:
            return _Drag(point, None, point)
        if key not in self._editor.selection:
            self._editor.selection.set([key])
        # Candidates may be selected as well, but they have no stems.
        places = document.notes.indices_of(self._editor.selection.ids)
        ids, velocities = document.notes.ids[places], document.notes.velocity[places]
        return _Drag(point, dict(zip(ids.tolist(), velocities.tolist(), strict=True)), point)

    def _pull(self, held: _Drag, point: QPointF) -> None:
        if held.before is None:
            self._draw_line(held, point)
        else:
            by = round(point.y() - held.origin.y())
            held.wanted = {key: limited(was + by) for key, was in held.before.items()}
        self._item.set_wanted(held.wanted)

    def _drop(self, held: _Drag) -> None:
        self._editor.set_velocities(held.wanted)

    def _clear(self) -> None:
        self._item.set_wanted({})

    def _draw_line(self, drag: _Drag, point: QPointF) -> None:
        """Between two places of the pointer the mouse may have passed many notes."""
        document = self._editor.document
        if document is None:
            return
        left, right = sorted((drag.last, point), key=lambda place: place.x())
        reach = _REACH_PX / 2.0 * self._units_per_px()[0]
        arrays = document.notes
        low, high = np.searchsorted(arrays.onset, [left.x() - reach, right.x() + reach])
        passed = slice(int(low), int(high))
        heights = np.interp(arrays.onset[passed], [left.x(), right.x()], [left.y(), right.y()])
        if left.x() == right.x():
            heights[:] = point.y()
        for key, height in zip(arrays.ids[passed].tolist(), heights.tolist(), strict=True):
            if key > 0:
                drag.wanted[key] = limited(round(height))
        drag.last = point


def limited(velocity: int) -> int:
    """The nearest velocity that MIDI knows for a note that sounds."""
    return min(max(velocity, LOWEST), HIGHEST)
