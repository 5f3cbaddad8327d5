"""What the mouse does to the velocities of the notes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt

from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.velocity_item import HIGHEST, VelocityItem

_REACH_PX = 6.0  # how near the pointer has to be to the head of a stem
LOWEST = 1


@dataclass(slots=True)
class _Drag:
    """``held``: the velocities, by id, of notes that go up and down together; None: a line."""

    origin: QPointF
    held: dict[int, int] | None
    last: QPointF
    wanted: dict[int, int] = field(default_factory=dict)


class VelocityGestures(QObject):
    """Click: select. Drag the head of a stem: louder or softer, with all that is selected.

    Drag elsewhere: a line along which every note that it passes is made as loud as it is high. An
    edit is one step of undo however many notes it changes.
    """

    def __init__(self, box: pg.ViewBox, item: VelocityItem, editor: Editor) -> None:
        super().__init__(editor)
        self._box = box
        self._item = item
        self._editor = editor
        self._drag: _Drag | None = None
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

    def drag(self, event: Any) -> bool:
        if event.isStart():
            self._begin(event)
        if self._drag is None:
            return False
        point = self._box.mapSceneToView(event.scenePos())
        if self._drag.held is None:
            self._draw_line(self._drag, point)
        else:
            by = round(point.y() - self._drag.origin.y())
            self._drag.wanted = {key: limited(was + by) for key, was in self._drag.held.items()}
        self._item.set_wanted(self._drag.wanted)
        if event.isFinish():
            wanted = self._drag.wanted
            self.cancel()
            self._editor.set_velocities(wanted)
        return True

    def cancel(self) -> bool:
        """Let go of what is dragged, unchanged; whether there was anything."""
        if self._drag is None:
            return False
        self._drag = None
        self._item.set_wanted({})
        return True

    def _begin(self, event: Any) -> None:
        self._drag = None
        if event.button() != Qt.MouseButton.LeftButton or not self._editor.can_edit:
            return
        document = self._editor.document
        assert document is not None
        document.settle()
        point = self._box.mapSceneToView(event.buttonDownScenePos())
        key = self.hit(point)
        held = None
        if key is not None:
            if key not in self._editor.selection:
                self._editor.selection.set([key])
            # Candidates may be selected as well, but they have no stems.
            places = document.notes.indices_of(self._editor.selection.ids)
            ids, velocities = document.notes.ids[places], document.notes.velocity[places]
            held = dict(zip(ids.tolist(), velocities.tolist(), strict=True))
        self._drag = _Drag(point, held, point)

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

    def _units_per_px(self) -> tuple[float, float]:
        """Seconds across, and velocities up, in a pixel."""
        (start, end), (low, high) = self._box.viewRange()
        width, height = max(float(self._box.width()), 1.0), max(float(self._box.height()), 1.0)
        return float(end - start) / width, float(high - low) / height


def limited(velocity: int) -> int:
    """The nearest velocity that MIDI knows for a note that sounds."""
    return min(max(velocity, LOWEST), HIGHEST)
