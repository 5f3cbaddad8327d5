"""Progress of the work on one file, shown as a bar or written as JSON."""

from __future__ import annotations

import os
import time
from types import TracebackType
from typing import Protocol, Self, TextIO

from amtstudio.cli.console import Console, printable

_EVENT_INTERVAL_S = 0.2
_LONGEST_NAME = 24  # characters: the bar and the time left need the rest of 80 columns
_USUAL_COLUMNS = 80
_ROWS = 20  # there is one bar at a time, so any number does
_BAR = "{desc} {percentage:3.0f}% |{bar}| {elapsed} elapsed, {remaining} left"


class _Bar(Protocol):
    n: float
    total: float | None

    def update(self, amount: float) -> object: ...
    def refresh(self) -> object: ...
    def clear(self) -> object: ...
    def close(self) -> object: ...


class FileProgress:
    """Progress of one file; a context, so that the bar is removed however the work ends."""

    def __init__(self, console: Console, file: str) -> None:
        self._console = console
        self._file = file
        self._started = time.monotonic()
        self._last_event = float("-inf")
        self._bar: _Bar | None = None

    def __enter__(self) -> Self:
        if self._console.shows_bar:
            self._bar = _make_bar(self._console, self._file)
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self, done_s: float, total_s: float | None) -> None:
        """Seconds of the recording that are done, of those there are (None: not known)."""
        if self._bar is not None:
            self._bar.total = total_s
            self._bar.update(done_s - self._bar.n)
        if self._console.as_json:
            self._tell(done_s, total_s)

    def warn(self, text: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        self._console.warning(text, file=self._file)
        if self._bar is not None:
            self._bar.refresh()

    def _tell(self, done_s: float, total_s: float | None) -> None:
        now = time.monotonic()
        is_last = total_s is not None and done_s >= total_s
        if not is_last and now - self._last_event < _EVENT_INTERVAL_S:
            return
        self._last_event = now
        eta_s = None
        if total_s is not None and done_s > 0.0:
            eta_s = round(max(0.0, (now - self._started) * (total_s - done_s) / done_s), 1)
        self._console.event(
            "progress",
            file=self._file,
            done_s=round(done_s, 3),
            total_s=None if total_s is None else round(total_s, 3),
            eta_s=eta_s,
        )


def _make_bar(console: Console, file: str) -> _Bar:
    import tqdm  # noqa: PLC0415 - only on a terminal

    # Its monitor thread is for loops that stall; this bar is updated with every segment.
    tqdm.tqdm.monitor_interval = 0
    name = printable(file)
    if len(name) > _LONGEST_NAME:
        name = f"...{name[3 - _LONGEST_NAME :]}"
    bar: _Bar = tqdm.tqdm(
        file=console.stream,
        desc=name,
        bar_format=_BAR,
        leave=False,
        ncols=_columns(console.stream),
        nrows=_ROWS,
    )
    return bar


def _columns(terminal: TextIO) -> int:
    try:
        columns = os.get_terminal_size(terminal.fileno()).columns
    except (OSError, ValueError):
        columns = 0
    # A terminal that a program made may say that it has none; tqdm would then show nothing.
    return columns or _USUAL_COLUMNS
