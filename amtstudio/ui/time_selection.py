"""The stretch of time that the user has marked, shared by all that works on a part."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

SHORTEST_S = 0.01  # what a hand can mark on purpose


class TimeSelection(QObject):
    """From ``begin`` to ``end`` in seconds, or nothing at all.

    The views show and move it; playing in a loop, exporting and transcribing a part read it.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._range: tuple[float, float] | None = None

    @property
    def range(self) -> tuple[float, float] | None:
        """``(begin, end)`` with ``begin < end``; None if nothing is marked."""
        return self._range

    @property
    def begin(self) -> float | None:
        return None if self._range is None else self._range[0]

    @property
    def end(self) -> float | None:
        return None if self._range is None else self._range[1]

    @property
    def is_empty(self) -> bool:
        return self._range is None

    def set(self, one: float, other: float, *, duration: float | None = None) -> None:
        """Mark the stretch between two times, in either order, and within the recording.

        Less than a hundredth of a second is nothing.
        """
        begin, end = max(min(one, other), 0.0), max(one, other)
        if duration is not None:
            end = min(end, duration)
        self._take((begin, end) if end - begin >= SHORTEST_S else None)

    def clear(self) -> None:
        self._take(None)

    def holds(self, time: float) -> bool:
        return self._range is not None and self._range[0] <= time < self._range[1]

    def _take(self, wanted: tuple[float, float] | None) -> None:
        if wanted != self._range:
            self._range = wanted
            self.changed.emit()
