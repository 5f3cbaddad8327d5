"""Draws the picture of a recording for a window beside the studio window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.thread_priority import Urgency
from amtstudio.workbench.recording_picture import PicturePart, draw_recording


class PictureWork(QObject):
    """Draws the picture of a document's recording into it, beside more urgent work."""

    def __init__(self, pool: JobPool, document: Document) -> None:
        super().__init__(document)
        self._document = document
        self._job: Job | None = Job(partial(_draw, document.path), urgency=Urgency.BESIDES)
        self._job.signals.part.connect(self._take)
        self._job.signals.finished.connect(self._end)
        self._job.signals.failed.connect(self._end)
        pool.start(self._job)

    @property
    def is_done(self) -> bool:
        return self._job is None

    def cancel(self) -> None:
        """Nothing more comes."""
        if self._job is not None:
            self._job.signals.disconnect(self)
            self._job.cancel()
        self._job = None

    def _take(self, part: object) -> None:
        if isinstance(part, PicturePart):
            self._document.add_picture(part)

    def _end(self, _result: object = None) -> None:
        self._job = None
        self._document.end_picture()


def _draw(
    path: Path,
    *,
    on_part: Callable[[object], None],
    is_cancelled: Callable[[], bool],
    **_callbacks: object,
) -> None:
    """The work of a job."""
    draw_recording(path, on_part=on_part, is_cancelled=is_cancelled)
