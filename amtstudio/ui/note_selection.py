"""Which notes are selected; the views and the edits share it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class NoteSelection(QObject):
    """The ids of the selected notes, as the project knows them."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids: frozenset[int] = frozenset()

    @property
    def ids(self) -> frozenset[int]:
        return self._ids

    def __len__(self) -> int:
        return len(self._ids)

    def __contains__(self, key: int) -> bool:
        return key in self._ids

    def set(self, ids: Iterable[int]) -> None:
        wanted = frozenset(ids)
        if wanted != self._ids:
            self._ids = wanted
            self.changed.emit()

    def add(self, ids: Iterable[int]) -> None:
        self.set(self._ids | set(ids))

    def toggle(self, key: int) -> None:
        self.set(self._ids ^ {key})

    def clear(self) -> None:
        self.set(())
