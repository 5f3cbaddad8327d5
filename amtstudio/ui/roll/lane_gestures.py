"""What drags in the lanes below the notes have in common."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt

from amtstudio.ui.editor import Editor

Held = TypeVar("Held")


class LaneGestures(QObject, Generic[Held]):
    """Takes something at the press, pulls it along, and edits when the button is released.

    ``Held`` is what a lane knows of what it has in hand.
    """

    def __init__(self, box: pg.ViewBox, editor: Editor) -> None:
        super().__init__(editor)
        self._box = box
        self._editor = editor
        self._held: Held | None = None

    def drag(self, event: Any) -> bool:
        """Whether the drag is ours; if not, it moves the view."""
        if event.isStart():
            is_left = event.button() == Qt.MouseButton.LeftButton
            self._held = None
            if is_left and self._editor.can_edit:
                self._held = self._take(self._box.mapSceneToView(event.buttonDownScenePos()))
        held = self._held
        if held is None:
            return False
        self._pull(held, self._box.mapSceneToView(event.scenePos()))
        if event.isFinish():
            self.cancel()
            self._drop(held)
        return True

    def cancel(self) -> bool:
        """Let go of what is dragged, unchanged; whether there was anything."""
        if self._held is None:
            return False
        self._held = None
        self._clear()
        return True

    def _take(self, point: QPointF) -> Held:
        """What the button was pressed on, in coordinates of the lane."""
        raise NotImplementedError

    def _pull(self, held: Held, point: QPointF) -> None:
        """Show what would become of it."""
        raise NotImplementedError

    def _drop(self, held: Held) -> None:
        """Make it so."""
        raise NotImplementedError

    def _clear(self) -> None:
        """Show nothing of it any more."""
        raise NotImplementedError

    def _units_per_px(self) -> tuple[float, float]:
        """Seconds across, and units of the lane up, in a pixel."""
        (start, end), (low, high) = self._box.viewRange()
        width, height = max(float(self._box.width()), 1.0), max(float(self._box.height()), 1.0)
        return float(end - start) / width, float(high - low) / height
