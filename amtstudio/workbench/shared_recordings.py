"""The recordings that are listened to, each opened once for all who do."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from pathlib import Path

from amtstudio.audio import AudioSource

MOST_OPEN = 4  # what is kept of the one opened longest ago is given back


class SharedRecordings:
    """Opens a recording for its first user, and shares it with the others.

    Call it from worker threads: a file may take its time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._places: OrderedDict[Hashable, _Place] = OrderedDict()

    def open(self, key: Hashable, path: Path, *, start: float = 0.0) -> AudioSource:
        """The recording of ``key``; ``start``, in seconds, is where decoding begins if it does now.

        A file that was replaced since is opened again. Raises as ``AudioSource``.
        """
        with self._lock:
            place = self._places.setdefault(key, _Place())
            self._places.move_to_end(key)
            surplus = list(self._places)[:-MOST_OPEN]
            given_up = [self._places.pop(other) for other in surplus]
        for other in given_up:
            other.close()
        return place.open(path, start)

    def let_go(self, key: Hashable) -> None:
        """Give back what is kept of the recording, if it is open."""
        with self._lock:
            place = self._places.pop(key, None)
        if place is not None:
            place.close()

    def is_open(self, key: Hashable) -> bool:
        with self._lock:
            return key in self._places

    def close(self) -> None:
        with self._lock:
            places = list(self._places.values())
            self._places.clear()
        for place in places:
            place.close()


class _Place:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._source: AudioSource | None = None
        self._look: tuple[Path, int, int] | None = None

    def open(self, path: Path, start: float) -> AudioSource:
        with self._lock:
            look = _look_at(path)
            if self._source is None or look != self._look:
                self._close()
                self._source, self._look = AudioSource(path, start=start), look
            return self._source

    def close(self) -> None:
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._source is not None:
            self._source.close()
        self._source = None


def _look_at(path: Path) -> tuple[Path, int, int] | None:
    """The identity of a file; None if it cannot be inspected."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return path, status.st_size, status.st_mtime_ns
