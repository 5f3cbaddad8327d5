"""The lane of the sustain pedal: a bar for each press."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject

from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.lane import ItemLane
from amtstudio.ui.roll.pedal_gestures import PedalGestures
from amtstudio.ui.roll.pedal_item import PedalItem
from amtstudio.ui.time_selection import TimeSelection

_PIXELS = 16


class PedalLane(ItemLane):
    """There where there may be presses."""

    def __init__(self, selection: TimeSelection, parent: QObject | None = None) -> None:
        self.item = PedalItem()
        super().__init__(
            "pedal",
            QCoreApplication.translate("RollView", "Pedal"),
            self.item,
            selection,
            pixels=_PIXELS,
            parent=parent,
        )

    def height(self, room: float) -> float:
        may_have_some = self._document is None or self._document.may_have_pedal
        return super().height(room) if may_have_some else 0.0

    def gestures(self, editor: Editor) -> PedalGestures:
        return PedalGestures(self.box, self.item, editor)

    def refresh(self) -> None:
        if self._document is not None:
            self.item.set_pedals(self._document.pedals)
