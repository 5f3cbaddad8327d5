"""Draws the picture of a recording for a window beside the studio window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from amtstudio.ui.recording_picture import draw_recording


class Drawing:
    """The work of a job."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(
        self,
        *,
        on_part: Callable[[object], None],
        is_cancelled: Callable[[], bool],
        **_callbacks: object,
    ) -> None:
        draw_recording(self._path, on_part=on_part, is_cancelled=is_cancelled)
