"""Which of several recordings that were opened together is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from amtstudio.ui.queue import QueueItem, State
from amtstudio.ui.shell import Shell


class FirstGood(QObject):
    """Shows the first of them, or the next one where that cannot be transcribed.

    Once the user looks at another recording, they stay there.
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._items: list[QueueItem] = []
        self._shown: QueueItem | None = None

    def follow(self, items: Sequence[QueueItem]) -> None:
        self._items = list(items)
        for item in items:
            item.changed.connect(self._look)
        self._show(self._items[0])

    def _show(self, item: QueueItem) -> None:
        self._shown = item
        self._shell.show_item(item)

    def _look(self) -> None:
        if not self._items or self._shown is None:
            return
        if self._shell.item is not self._shown:
            self._items = []
        elif self._shown.state is State.FAILED:
            there = [item for item in self._items if item in self._shell.queue.items]
            good = (item for item in there if item.state is not State.FAILED)
            if (item := next(good, None)) is not None:
                self._show(item)
                return
            self._items = []
            self._show(there[0])  # all failed, perhaps for one reason
        elif self._shown.state is State.DONE:
            self._items = []
