"""What the mouse does to the presses of the pedal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QObject, QRectF, Qt

from amtstudio.symbolic import Pedal
from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.gestures import EDGE_PX, Grip
from amtstudio.ui.roll.pedal_item import PedalItem

_SHORTEST_S = 0.02
_EDGE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class _Drag:
    origin: float  # seconds
    pedal: Pedal | None  # None: a new press is drawn
    grip: Grip = Grip.BODY


class PedalGestures(QObject):
    """Click: select. Drag: move a press, or one of its ends, or draw one where there is none."""

    def __init__(self, box: pg.ViewBox, item: PedalItem, editor: Editor) -> None:
        super().__init__(editor)
        self._box = box
        self._item = item
        self._editor = editor
        self._drag: _Drag | None = None
        self._wanted = (0.0, 0.0)
        editor.state_changed.connect(self._show_selected)

    def hit(self, time: float) -> tuple[Pedal, Grip] | None:
        document = self._editor.document
        pedals = () if document is None else document.pedals
        reach = EDGE_PX * self._seconds_per_px()
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

    def drag(self, event: Any) -> bool:
        if event.isStart():
            self._begin(event)
        if self._drag is None:
            return False
        self._wanted = self._wanted_span(self._box.mapSceneToView(event.scenePos()).x())
        onset, offset = self._wanted
        self._item.set_ghost(QRectF(onset, 0.2, offset - onset, 0.6))
        if event.isFinish():
            self._finish()
        return True

    def cancel(self) -> bool:
        if self._drag is None:
            return False
        self._drag = None
        self._item.set_ghost(None)
        return True

    def _begin(self, event: Any) -> None:
        self._drag = None
        if event.button() != Qt.MouseButton.LeftButton or not self._editor.can_edit:
            return
        time = self._box.mapSceneToView(event.buttonDownScenePos()).x()
        hit = self.hit(time)
        self._drag = _Drag(time, None) if hit is None else _Drag(time, *hit)
        if hit is not None:
            self._editor.selection.clear()
            self._editor.select_pedal(hit[0])

    def _wanted_span(self, time: float) -> tuple[float, float]:
        assert self._drag is not None
        pedal, shift = self._drag.pedal, time - self._drag.origin
        if pedal is None:
            begin, end = sorted((max(self._drag.origin, 0.0), max(time, 0.0)))
            return begin, max(end, begin + _SHORTEST_S)
        if self._drag.grip is Grip.ONSET:
            return min(max(pedal.onset + shift, 0.0), pedal.offset - _SHORTEST_S), pedal.offset
        if self._drag.grip is Grip.OFFSET:
            return pedal.onset, max(pedal.offset + shift, pedal.onset + _SHORTEST_S)
        shift = max(shift, -pedal.onset)
        return pedal.onset + shift, pedal.offset + shift

    def _finish(self) -> None:
        drag, (onset, offset) = self._drag, self._wanted
        self.cancel()
        if drag is None:
            return
        if drag.pedal is None:
            self._editor.add_pedal(onset, offset)
        else:
            self._editor.change_pedal(drag.pedal, onset, offset)

    def _show_selected(self) -> None:
        self._item.set_selected(self._editor.pedal)

    def _seconds_per_px(self) -> float:
        start, end = self._box.viewRange()[0]
        return float(end - start) / max(float(self._box.width()), 1.0)
