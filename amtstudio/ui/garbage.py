"""Python's cycles are collected on the thread of the window, and on no other."""

from __future__ import annotations

import gc
import time

from PySide6.QtCore import QCoreApplication, QObject, QTimer

_INTERVAL_MS = 100
# Looking through all objects takes a tenth of a second once torch is there: a frame that is seen.
_ALL_EVERY_S = 60.0


class GarbageCollector(QObject):
    """Does between events what Python would do anywhere.

    Python collects in whatever thread happens to allocate. In a thread that transcribes it would
    delete widgets and items of the window, which Qt only stands on the thread of the window.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._all_at = time.monotonic()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.collect)
        self._timer.start(_INTERVAL_MS)

    def collect(self) -> None:
        """Collect the oldest generation that is due by Python's own thresholds, if any is."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if counts[0] <= thresholds[0]:
            return
        due = 0
        while due < 2 and counts[due + 1] > thresholds[due + 1]:
            due += 1
        if due == 2:
            if time.monotonic() < self._all_at + _ALL_EVERY_S:
                due = 1
            else:
                self._all_at = time.monotonic()
        gc.collect(due)


def collect_on_this_thread() -> GarbageCollector:
    """Begin with it, once for the application, which has to exist."""
    app = QCoreApplication.instance()
    if app is None:
        raise RuntimeError("there is no application yet")
    known = app.findChild(GarbageCollector)
    return known or GarbageCollector(app)
