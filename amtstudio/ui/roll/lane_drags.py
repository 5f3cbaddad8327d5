"""Common code for drags in the lanes below the notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, Qt

from amtstudio.ui.editor import Editor


class LaneDrag(Protocol):
    """The object being dragged; points are in coordinates of the lane."""

    def pull(self, point: QPointF) -> None:
        """Show what would become of it."""

    def drop(self) -> None:
        """Make it so."""

    def clear(self) -> None:
        """Show nothing of it any more."""


class LaneDrags(QObject):
    """Takes something at the press, pulls it along, and edits when the button is released.

    ``take`` says what the button was pressed on.
    """

    def __init__(
        self, box: pg.ViewBox, editor: Editor, take: Callable[[QPointF], LaneDrag]
    ) -> None:
        super().__init__(editor)
        self._box = box
        self._editor = editor
        self._take = take
        self._held: LaneDrag | None = None

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
        held.pull(self._box.mapSceneToView(event.scenePos()))
        if event.isFinish():
            self.cancel()
            held.drop()
        return True

    def cancel(self) -> bool:
        """Let go of what is dragged, unchanged; whether there was anything."""
        held, self._held = self._held, None
        if held is not None:
            held.clear()
        return held is not None

    def units_per_px(self) -> tuple[float, float]:
        """Seconds across, and units of the lane up, in a pixel."""
        (start, end), (low, high) = self._box.viewRange()
        width, height = max(float(self._box.width()), 1.0), max(float(self._box.height()), 1.0)
        return float(end - start) / width, float(high - low) / height
