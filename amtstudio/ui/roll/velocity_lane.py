"""The lane of velocities: a stem for each note."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject

from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.lane import ItemLane
from amtstudio.ui.roll.velocity_gestures import VelocityGestures
from amtstudio.ui.roll.velocity_item import HIGHEST, VelocityItem
from amtstudio.ui.time_selection import TimeSelection

_PIXELS = 56
_ROOM_ABOVE = 8  # the highest velocity, so that a whole head is seen


class VelocityLane(ItemLane):
    """The velocities of the notes."""

    def __init__(self, selection: TimeSelection, parent: QObject | None = None) -> None:
        self.item = VelocityItem()
        super().__init__(
            "velocities",
            QCoreApplication.translate("RollView", "Velocity"),
            self.item,
            selection,
            high=float(HIGHEST),
            room_above=_ROOM_ABOVE,
            pixels=_PIXELS,
            parent=parent,
        )

    def gestures(self, editor: Editor) -> VelocityGestures:
        return VelocityGestures(self.box, self.item, editor)

    def refresh(self) -> None:
        if self._document is not None:
            document = self._document
            self.item.set_notes(document.visible_notes, document.track_colours())
