"""Mouse gestures on the pedal presses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt

from amtstudio.symbolic import Pedal
from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.lane_drags import LaneDrags
from amtstudio.ui.roll.note_planes import EDGE_PX, Grip
from amtstudio.ui.roll.pedal_item import PedalItem

_SHORTEST_S = 0.02
_EDGE_SHARE = 0.3


@dataclass(slots=True)
class _Drag:
    item: PedalItem
    editor: Editor
    origin: float  # seconds
    pedal: Pedal | None  # None: a new press is drawn
    grip: Grip = Grip.BODY
    wanted: tuple[float, float] = (0.0, 0.0)

    def pull(self, point: QPointF) -> None:
        onset, offset = self.wanted = self._span(point.x())
        self.item.set_ghost(QRectF(onset, 0.2, offset - onset, 0.6))

    def drop(self) -> None:
        if self.pedal is None:
            self.editor.add_pedal(*self.wanted)
        else:
            self.editor.change_pedal(self.pedal, *self.wanted)

    def clear(self) -> None:
        self.item.set_ghost(None)

    def _span(self, time: float) -> tuple[float, float]:
        pedal, shift = self.pedal, time - self.origin
        if pedal is None:
            begin, end = sorted((max(self.origin, 0.0), max(time, 0.0)))
            return begin, max(end, begin + _SHORTEST_S)
        if self.grip is Grip.ONSET:
            return min(max(pedal.onset + shift, 0.0), pedal.offset - _SHORTEST_S), pedal.offset
        if self.grip is Grip.OFFSET:
            return pedal.onset, max(pedal.offset + shift, pedal.onset + _SHORTEST_S)
        shift = max(shift, -pedal.onset)
        return pedal.onset + shift, pedal.offset + shift


class PedalGestures(LaneDrags):
    """Click: select. Drag: move a press, or one of its ends, or draw one where there is none."""

    def __init__(self, box: pg.ViewBox, item: PedalItem, editor: Editor) -> None:
        super().__init__(box, editor, self._taken)
        self._item = item
        editor.state_changed.connect(self._show_selected)

    def hit(self, time: float) -> tuple[Pedal, Grip] | None:
        document = self._editor.document
        pedals = () if document is None else document.pedals
        reach = EDGE_PX * self.units_per_px()[0]
        for pedal in pedals:
            if pedal.onset - reach / 2 <= time <= pedal.offset + reach / 2:
                inside = min(reach, _EDGE_SHARE * (pedal.offset - pedal.onset))
                if time > pedal.offset - inside:
                    return pedal, Grip.OFFSET
                return pedal, Grip.ONSET if time < pedal.onset + inside else Grip.BODY
        return None

    def click(self, event: Any) -> bool:
        if event.button() != Qt.MouseButton.LeftButton or not self._editor.can_edit:
            return False
        hit = self.hit(self._box.mapSceneToView(event.scenePos()).x())
        self._editor.selection.clear()
        self._editor.select_pedal(None if hit is None else hit[0])
        return True

    def _taken(self, point: QPointF) -> _Drag:
        hit = self.hit(point.x())
        if hit is None:
            return _Drag(self._item, self._editor, point.x(), None)
        self._editor.selection.clear()
        self._editor.select_pedal(hit[0])
        return _Drag(self._item, self._editor, point.x(), *hit)

    def _show_selected(self) -> None:
        self._item.set_selected(self._editor.pedal)
