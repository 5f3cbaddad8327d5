"""Opening: files and folders that the user drops or chooses, the example, and the recent ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from amtstudio import session
from amtstudio.audio import MOST_IN_FOLDER, RECORDING_SUFFIXES
from amtstudio.settings import Settings
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.example import EXAMPLE
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.projects import Projects, is_project
from amtstudio.ui.queue import SAMPLE_S, TranscriptionQueue
from amtstudio.workbench.file_search import FoundFiles, find_files


class Opener(QObject):
    """Puts recordings on the list of a window, and has projects opened.

    Attributes
    ----------
    only_start : bool
        Whether only the first seconds of what is opened next are transcribed.
    """

    opened = Signal(list)  # of QueueItem: those that were opened together
    said = Signal(str)
    failed = Signal(Exception)

    def __init__(
        self,
        queue: TranscriptionQueue,
        projects: Projects,
        preferences: Preferences,
        pool: JobPool,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._queue = queue
        self._projects = projects
        self._preferences = preferences
        self._pool = pool
        self._window = window
        self._scan: Job | None = None
        self.only_start = False

    @property
    def is_idle(self) -> bool:
        return self._scan is None

    @property
    def last_folder(self) -> str:
        """Where the dialogs begin; empty: wherever the system likes."""
        recent = self._preferences.settings.recent_files
        return str(Path(recent[0]).parent) if recent else ""

    def set_only_start(self, only_start: bool) -> None:
        self.only_start = only_start

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Put files on the list, and those in folders; show the first of them."""
        if any(path.is_dir() for path in paths):
            self._scan = Job(partial(find_files, tuple(paths)))
            self._scan.signals.finished.connect(self._add_found)
            self._scan.signals.failed.connect(self._fail_scan)
            self._pool.start(self._scan)
        elif paths:
            self._add_paths(paths)

    def ask_files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in (*RECORDING_SUFFIXES, session.SUFFIX))
        names, _ = QFileDialog.getOpenFileNames(
            self._window,
            self.tr("Open recordings"),
            self.last_folder,
            self.tr("Recordings ({patterns});;All files (*)").format(patterns=patterns),
        )
        self.open_paths([Path(name) for name in names])

    def ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(
            self._window, self.tr("Open a folder"), self.last_folder
        )
        if name:
            self.open_paths([Path(name)])

    def ask_project(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Open a project"),
            self.last_folder,
            self.tr("Projects (*{suffix});;All files (*)").format(suffix=session.SUFFIX),
        )
        if name:
            self._open_project(Path(name))

    def open_example(self) -> None:
        self.open_paths([EXAMPLE])

    def _fail_scan(self, error: Exception) -> None:
        self._scan = None
        self.failed.emit(error)

    def _add_found(self, found: FoundFiles) -> None:
        self._scan = None
        if found.paths:
            self._add_paths(found.paths)
        if found.unreadable:
            self.said.emit(
                self.tr("The folder {name} was skipped: access denied.").format(
                    name=found.unreadable[0].name
                )
            )
        elif not found.paths:
            self.said.emit(self.tr("That folder contains no recordings."))
        elif len(found.paths) >= MOST_IN_FOLDER:
            self.said.emit(
                self.tr("Only the first {count} recordings of a folder are added.").format(
                    count=MOST_IN_FOLDER
                )
            )

    def _add_paths(self, paths: Sequence[Path]) -> None:
        for path in paths:
            if is_project(path):
                self._open_project(path)
        paths = [path for path in paths if not is_project(path)]
        if not paths:
            return
        end = SAMPLE_S if self.only_start else None
        items = [self._queue.add(path, end=end) for path in paths]
        for path in reversed(paths):
            if path != EXAMPLE:
                self._preferences.remember_file(path)
        self.opened.emit(items)

    def _open_project(self, path: Path) -> None:
        self._preferences.remember_file(path)
        self._projects.open(path)


class RecentFiles(QObject):
    """Keeps a menu of the files opened last in step with the preferences."""

    filled = Signal(list)  # of QAction

    def __init__(self, menu: QMenu, opener: Opener, preferences: Preferences) -> None:
        super().__init__(opener)
        self._menu = menu
        self._opener = opener
        self._preferences = preferences
        preferences.changed.connect(self._follow)
        self.fill()

    def fill(self) -> None:
        self._fill(self._preferences.settings)

    def _follow(self, before: Settings, after: Settings) -> None:
        if before.recent_files != after.recent_files:
            self._fill(after)

    def _fill(self, settings: Settings) -> None:
        self._menu.clear()
        for name in settings.recent_files:
            action = self._menu.addAction(Path(name).name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(
                without_arguments(partial(self._opener.open_paths, [Path(name)]))
            )
        self._menu.setEnabled(bool(settings.recent_files))
        self.filled.emit(self._menu.actions())
