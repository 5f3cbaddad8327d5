"""Shows only the recordings of the list in which an instrument plays."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QWidget

from amtstudio.ui.calm_controls import ComboBox
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.queue import QueueItem, TranscriptionQueue

_FEWEST = 2  # recordings whose instruments are known; fewer need no choice


class QueueFilter(ComboBox):
    """A choice of the instruments detected in the list; hidden while there is none.

    A recording whose instruments are not known yet is shown only among all of them.
    """

    changed = Signal()  # which recordings are shown

    def __init__(self, queue: TranscriptionQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._chosen: str | None = None
        self.setAccessibleName(self.tr("Show recordings with"))
        self.setToolTip(self.tr("Show only the recordings in which this instrument is heard"))
        self.currentIndexChanged.connect(self._choose)
        self.refresh()

    def shows(self, item: QueueItem) -> bool:
        return self._chosen is None or self._chosen in _named(item)

    def reset(self) -> None:
        """Show all recordings, such as one that was just opened."""
        self.setCurrentIndex(0)

    def refresh(self) -> None:
        """Offer the instruments detected so far. A choice is kept while its instrument is there."""
        known = [_named(item) for item in self._queue.items if item.document.instruments]
        names = sorted({name for named in known for name in named}, key=instrument_name)
        former = self._chosen
        with QSignalBlocker(self):
            self.clear()
            self.addItem(self.tr("All recordings"), None)
            for name in names:
                count = sum(name in named for named in known)
                self.addItem(
                    self.tr("With {instrument} ({count})").format(
                        instrument=instrument_name(name), count=count
                    ),
                    name,
                )
            self.setCurrentIndex(max(self.findData(former), 0))
        self._chosen = self.currentData()
        self.setVisible(bool(names) and len(known) >= _FEWEST)
        self.changed.emit()

    def _choose(self) -> None:
        self._chosen = self.currentData()
        self.changed.emit()


def _named(item: QueueItem) -> list[str]:
    activity = item.document.instruments
    return [] if activity is None else activity.named()
