"""Which of the threads of the window come first where there are fewer cores than work."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from enum import Enum

from PySide6.QtCore import QThread

# Seconds that a thread may keep the interpreter while another waits for it; Python's own choice is
# five times as long, and a frame that asks for it a few times would be late.
SWITCH_INTERVAL_S = 0.001


class Urgency(Enum):
    """How soon work has to be done; the values are Qt's priority and the added niceness."""

    AT_ONCE = (QThread.Priority.InheritPriority, 0)  # someone waits for it
    STEADY = (QThread.Priority.LowPriority, 1)  # it takes its time, beside the window
    BESIDES = (QThread.Priority.LowestPriority, 3)  # and this must not slow that down

    @property
    def priority(self) -> QThread.Priority:
        return self.value[0]

    @property
    def niceness(self) -> int:
        return self.value[1]


def settle_this_thread(urgency: Urgency) -> None:
    """Permanently yield to more urgent threads of the process: call it on a dedicated thread.

    Qt sets priorities on Windows and macOS only. On Linux threads have a niceness of their own,
    and those that torch starts later on this one inherit it.
    """
    if sys.platform.startswith("linux") and urgency.niceness:
        with contextlib.suppress(OSError):
            of_window = os.getpriority(os.PRIO_PROCESS, os.getpid())  # that of the first thread
            niceness = of_window + urgency.niceness
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
