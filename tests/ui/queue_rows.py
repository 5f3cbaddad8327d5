"""A row of the list of recordings, as tests read it and use the mouse on it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from amtstudio.ui.queue import QueueItem
from amtstudio.ui.transcribe.queue_panel import QueuePanel

_TEXT = Qt.ItemDataRole.AccessibleTextRole


class Row:
    def __init__(self, panel: QueuePanel, item: QueueItem) -> None:
        self._view = panel.view
        self._item = item

    @property
    def index(self):
        return self._view.index_of(self._item)

    @property
    def box(self) -> QRect:
        """Where it is in the part of the list that is shown; empty: it is filtered out."""
        self._view.executeDelayedItemsLayout()
        return self._view.visualRect(self.index)

    @property
    def status(self) -> str:
        return self.index.data(_TEXT).removeprefix(f"{self._item.document.name}: ")

    @property
    def buttons(self) -> list[QToolButton]:
        """Those that show while the pointer is on it."""
        self._view.scrollTo(self.index)
        QTest.mouseMove(self._view.viewport(), self.box.bottomLeft() + QPoint(20, -4))
        return [button for button in self._view.buttons.all if button.isVisible()]

    def press(self, text: str) -> None:
        """The button whose text begins like this."""
        (button,) = [button for button in self.buttons if button.toolTip().startswith(text)]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def click(self) -> None:
        QTest.mouseClick(
            self._view.viewport(), Qt.MouseButton.LeftButton, pos=self.box.topLeft() + QPoint(20, 9)
        )
