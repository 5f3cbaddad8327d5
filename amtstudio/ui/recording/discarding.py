"""Takes that the user does not want: to the trash of the system, and back while that is offered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QFile, QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from amtstudio.audio.take_files import keyboard_file
from amtstudio.errors import InputUnreadableError
from amtstudio.ui.banner import Banner
from amtstudio.ui.jobs import Job, JobPool, Work
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.recording.take_folder import TakeFolder
from amtstudio.ui.wrapped_label import breakable
from amtstudio.workbench.takes.trash import Discarded, move_back


class TakeDiscarding(QObject):
    """Asks, moves the file to the trash, takes it off the list, and can take that back.

    Attributes
    ----------
    banner : Banner
        Offers to take it back.
    """

    failed = Signal(Exception)
    open_wanted = Signal(list)  # of Path: what was taken back

    def __init__(
        self, queue: TranscriptionQueue, pool: JobPool, folder: TakeFolder, window: QWidget
    ) -> None:
        super().__init__(window)
        self._queue = queue
        self._pool = pool
        self._folder = folder
        self._window = window
        self._job: Job | None = None
        self._item: QueueItem | None = None
        self._takes: set[Path] = set()
        self.banner = Banner(self.tr("Discarded take"))

    @property
    def is_idle(self) -> bool:
        return self._job is None

    def add_take(self, path: Path) -> None:
        """A take that was made in this window, wherever it is."""
        self._takes.add(path)

    def is_take(self, item: QueueItem) -> bool:
        """Whether it was apparently recorded with this program: nothing else is discarded."""
        path = item.document.path
        return path in self._takes or path.parent == self._folder.path

    def can_discard(self, item: QueueItem | None) -> bool:
        return item is not None and self.is_idle and not item.is_active and self.is_take(item)

    def ask_and_discard(self, item: QueueItem | None) -> None:
        if item is None or not self.can_discard(item):
            return
        document = item.document
        text = self.tr("Move the take {name} to the trash?").format(name=document.name)
        project = document.project
        if project is not None and not project.is_recovery:
            more = self.tr("The project {name} is kept, without its recording.").format(
                name=project.path.name
            )
        elif project is not None and project.has_decisions:
            more = self.tr("Your edits to its notes are kept: see File > Unsaved Projects.")
        else:
            more = self.tr("Its notes are removed too; they can be found again from the recording.")
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(breakable(text))
        box.setInformativeText(breakable(more))
        discard = box.addButton(self.tr("Move to the trash"), QMessageBox.ButtonRole.AcceptRole)
        keep = box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.exec()
        if box.clickedButton() is discard:
            self._discard(item)

    def _discard(self, item: QueueItem) -> None:
        if not self.can_discard(item):  # it was asked about for a while
            return
        item.document.settle()
        project = item.document.project
        keeps = project is not None and (not project.is_recovery or project.has_decisions)
        kept = project.path if project is not None and keeps else None
        self._item = item
        self._start(partial(_move_to_trash, item.document.path, kept), self._take)

    def _start(self, work: Work, slot: Callable[[Discarded], None]) -> None:
        self._job = Job(work)
        self._job.signals.finished.connect(slot)
        self._job.signals.failed.connect(self._fail)
        self._job.signals.cancelled.connect(self._end)
        self._pool.start(self._job)

    def _take(self, discarded: Discarded) -> None:
        item = self._item
        self._end()
        self._takes.discard(discarded.path)
        if item is not None and item in self._queue.items:
            self._queue.remove(item)
        text = self.tr("{name} was moved to the trash.").format(name=discarded.path.name)
        back = [(self.tr("Restore"), partial(self._take_back, discarded))]
        self.banner.show_text(text, back if discarded.trash_path is not None else [])

    def _take_back(self, discarded: Discarded) -> None:
        if self._job is not None:
            return
        self.banner.hide()
        self._start(partial(move_back, discarded), self._open)

    def _open(self, discarded: Discarded) -> None:
        self._end()
        self.add_take(discarded.path)
        project = discarded.project
        has_project = project is not None and project.exists()
        self.open_wanted.emit([project if has_project else discarded.path])

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._job, self._item = None, None


def _move_to_trash(path: Path, project: Path | None, **_callbacks: object) -> Discarded:
    discarded = _trashed(path, project)
    keyboard = keyboard_file(path)
    if not keyboard.is_file():
        return discarded
    # Where it cannot be moved it stays: the take is in the trash all the same.
    with contextlib.suppress(InputUnreadableError):
        return replace(discarded, keyboard=_trashed(keyboard, None))
    return discarded


def _trashed(path: Path, project: Path | None) -> Discarded:
    file = QFile(str(path))
    if not file.moveToTrash():
        raise InputUnreadableError(
            f"{path.name} could not be moved to the trash: {file.errorString()}",
            hint="it was not moved; show it in its folder and delete it there",
        )
    moved = Path(file.fileName())
    return Discarded(path, moved if moved != path and moved.is_file() else None, project)
