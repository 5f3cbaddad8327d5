"""Counts what of the chosen recordings is corrected, in what is open and in project files."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from amtstudio import session
from amtstudio.ui.adaptation.corrected import of_documents
from amtstudio.ui.adaptation.recordings import Recordings
from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job
from amtstudio.ui.queue import QueueItem
from amtstudio.workbench.adaptation.corrected import Corrected, of_files

if TYPE_CHECKING:
    from amtstudio.ui.shell import Shell

_GATHER_MS = 800  # of edits, before they are counted again


class CorrectionCount(QObject):
    """Tells ``recordings`` what is corrected; follows edits while ``panel`` is seen."""

    def __init__(self, window: Shell, recordings: Recordings, panel: QWidget) -> None:
        super().__init__(window)
        self._window, self._recordings, self._panel = window, recordings, panel
        self._search: Job | None = None
        self._in_files: list[Corrected] = []
        self._gathering = QTimer(self, singleShot=True, interval=_GATHER_MS)
        self._gathering.timeout.connect(self.count)
        window.queue.added.connect(self._watch)

    @property
    def is_idle(self) -> bool:
        return self._search is None

    def count(self) -> None:
        """Look again."""
        self._show()
        is_open = {project.resolve() for project in self.open_projects()}
        recent = map(Path, reversed(self._window.preferences.settings.recent_files))
        chosen = dict.fromkeys(self._recordings.projects)
        # In the order in which one overrules another: what was opened last, what was chosen.
        files = [
            path
            for path in (*(path for path in dict.fromkeys(recent) if path not in chosen), *chosen)
            if path.suffix.lower() == session.SUFFIX and path.resolve() not in is_open
        ]
        if self._search is None and files and self._recordings.entries:
            self._search = Job(partial(of_files, files))
            self._search.signals.finished.connect(self._take)
            self._search.signals.failed.connect(self._end)
            self._search.signals.cancelled.connect(self._end)
            self._window.pool.start(self._search)

    def documents(self) -> list[Document]:
        """What is open."""
        return [item.document for item in self._window.queue.items]

    def open_projects(self) -> dict[Path, Path]:
        """The recordings of the projects that are open, and thus locked."""
        found = {}
        for document in self.documents():
            project = document.project
            if project is not None:
                found[project.path] = document.path.absolute()
        return found

    def _take(self, found: list[Corrected]) -> None:
        self._in_files = found
        self._end()
        self._show()

    def _end(self, _error: Exception | None = None) -> None:
        self._search = None

    def _show(self) -> None:
        # What is open counts, whatever an older file of it says.
        is_open = {project.resolve() for project in self.open_projects()}
        in_files = [entry for entry in self._in_files if entry.project.resolve() not in is_open]
        self._recordings.set_corrected([*in_files, *of_documents(self.documents())])

    def _watch(self, item: QueueItem) -> None:
        item.document.project_changed.connect(self._gather)

    def _gather(self) -> None:
        if self._recordings.entries and self._panel.isVisible():
            self._gathering.start()
