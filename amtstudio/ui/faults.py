"""Faults of the program itself: they are logged and shown, and do not end it."""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal

logger = logging.getLogger("amtstudio.ui")


class FaultCatcher(QObject):
    """Passes uncaught exceptions to the code that shows them, each kind once.

    A fault in painting would come again with every frame.
    """

    caught = Signal(Exception)
    _crossed = Signal(Exception)  # from whatever thread to that of the window

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._seen: set[tuple[str, str]] = set()
        # Queued also on one thread: a box must not open in the midst of what failed.
        self._crossed.connect(self.caught, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        sys.excepthook = self.take
        threading.excepthook = lambda hint: self.take(
            hint.exc_type, hint.exc_value, hint.exc_traceback
        )

    def remove(self) -> None:
        sys.excepthook = sys.__excepthook__
        threading.excepthook = threading.__excepthook__

    def take(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not isinstance(error, Exception):  # Ctrl-C and the like
            sys.__excepthook__(kind, error or kind(), trace)
            return
        logger.error("bug in the program", exc_info=(kind, error, trace))
        sign = (kind.__name__, _place(trace))
        if sign not in self._seen:
            self._seen.add(sign)
            self._crossed.emit(error)


def _place(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
