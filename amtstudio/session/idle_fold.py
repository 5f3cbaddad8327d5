"""Brings the log of a project into its file whenever the user rests for a moment."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from amtstudio.errors import AmtStudioError

logger = logging.getLogger("amtstudio.session")

REST_S = 0.7  # after the last edit
LONGEST_S = 4.0  # after the first one: edits that never cease are brought in too


class IdleFold:
    """Calls ``fold`` on a separate thread, a moment after edits, until it is closed.

    An edit is safe in the log; but a copy of the file alone, as people and synchronised folders
    make them, holds only what was brought into it.
    """

    def __init__(self, fold: Callable[[], None]) -> None:
        self._fold = fold
        self._changed = threading.Condition()
        self._due: float | None = None  # by the monotonic clock; None: nothing to do
        self._latest = 0.0
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def touch(self) -> None:
        """There was an edit."""
        now = time.monotonic()
        with self._changed:
            if self._due is None:
                self._latest = now + LONGEST_S
            self._due = min(now + REST_S, self._latest)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="fold", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """End, once what is being folded is done. ``fold`` must not be kept out meanwhile."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._wait_until_due():
            try:
                self._fold()
            except AmtStudioError as error:
                # The edits are in the log. The next edit tries again, and so does closing.
                logger.warning("the log was not brought into the project: %s", error)

    def _wait_until_due(self) -> bool:
        with self._changed:
            while not self._is_closed:
                now = time.monotonic()
                if self._due is not None and now >= self._due:
                    self._due = None
                    return True
                self._changed.wait(None if self._due is None else self._due - now)
            return False
