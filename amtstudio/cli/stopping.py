"""Ctrl-C and its kin: stop at the next safe point, leaving no half-written file."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from amtstudio.errors import Cancelled

_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class StopRequest:
    """Whether, and by which signal, the program was asked to stop."""

    def __init__(self) -> None:
        self._signal_number: int | None = None

    @property
    def exit_code(self) -> int:
        return 128 + (self._signal_number or signal.SIGINT)

    def is_requested(self) -> bool:
        return self._signal_number is not None

    def raise_if_requested(self) -> None:
        """Raises ``Cancelled`` once a signal has come."""
        if self.is_requested():
            raise Cancelled

    @contextmanager
    def on_signals(self) -> Iterator[None]:
        """Listen to the signals that ask a program to stop, while in this context.

        The first is only recorded, for the work to check. A second one raises ``Cancelled``
        immediately, in case the work hangs on a slow disk.
        """
        former = {}
        for number in _SIGNALS:
            # A program started under nohup, or in the background of a script, has it ignored.
            if signal.getsignal(number) is not signal.SIG_IGN:
                former[number] = signal.signal(number, self._note)
        try:
            yield
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)

    def _note(self, number: int, _frame: FrameType | None) -> None:
        is_second = self.is_requested()
        self._signal_number = number
        if is_second:
            raise Cancelled
