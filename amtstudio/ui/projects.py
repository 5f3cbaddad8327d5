"""Project files: opening, saving, finding the recording again, and what was not saved last time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from amtstudio import session
from amtstudio.audio import RECORDING_SUFFIXES, stem_of
from amtstudio.errors import AmtStudioError, ProjectError
from amtstudio.session import RecoverableDocument
from amtstudio.ui.document import Document
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.wait_dialog import WaitDialog
from amtstudio.workbench.project_work import find_recoverable, open_project, read_reference
from amtstudio.workbench.transcribing import Recalled, Suggest


def is_project(path: Path) -> bool:
    return path.suffix.lower() == session.SUFFIX


class Projects(QObject):
    """Opens and saves the projects of a window.

    Reading a project is done beside the thread of the window: it is looked through for damage. So
    are writing one under a new name, and reading a recording through.
    """

    opened = Signal(QueueItem)
    saved = Signal(object)  # Path
    failed = Signal(object, Exception)  # Path, what went wrong
    recoverable_found = Signal()

    def __init__(self, queue: TranscriptionQueue, pool: JobPool, window: QWidget) -> None:
        super().__init__(window)
        self._queue = queue
        self._pool = pool
        self._window = window
        self._opening: list[_Opening] = []
        self._relinking: list[_Relinking] = []
        self._n_waiting = 0  # projects that are being saved under a new name
        self._search: Job | None = None
        self.recoverable: list[RecoverableDocument] = []

    @property
    def is_idle(self) -> bool:
        return not (self._opening or self._relinking or self._n_waiting or self._search)

    # -- opening ----------------------------------------------------------------------------------

    def open(self, path: Path) -> None:
        """Open a project; one that is open already, or on its way, is shown."""
        if any(_is_same(opening.path, path) for opening in self._opening):
            return
        for item in self._queue.items:
            project = item.document.project
            if project is not None and _is_same(project.path, path):
                self.opened.emit(item)
                return
        opening = _Opening(path, self._queue.engine.suggested, self)
        self._opening.append(opening)
        opening.ended.connect(self._take_opened)
        self._pool.start(opening.job)

    def _take_opened(self, opening: _Opening) -> None:
        self._opening.remove(opening)
        opening.deleteLater()
        if opening.error is not None:
            self.failed.emit(opening.path, opening.error)
        elif opening.project is not None:
            self._set_recoverable(
                [found for found in self.recoverable if found.path != opening.project.path]
            )
            self.opened.emit(self._queue.add_project(opening.project, opening.recalled))

    # -- saving -----------------------------------------------------------------------------------

    def save(self, document: Document) -> None:
        """Bring the file in order; ask for a name if it has none."""
        document.settle()
        project = document.project
        if project is None:
            return
        if project.is_recovery or project.is_read_only:
            self.ask_and_save_as(document)
            return
        try:
            project.save()
        except AmtStudioError as error:
            self.failed.emit(project.path, error)
        else:
            self.saved.emit(project.path)

    def ask_and_save_as(self, document: Document) -> None:
        document.settle()
        project = document.project
        if project is None:
            return
        name, _ = QFileDialog.getSaveFileName(
            self._window,
            self.tr("Save the project"),
            str(self._suggestion(document, project)),
            self.tr("Projects (*{suffix})").format(suffix=session.SUFFIX),
            # It would ask about a name without the suffix: asked below, for the name with it.
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if not name:
            return
        path = Path(name)
        if not is_project(path):
            path = path.with_name(path.name + session.SUFFIX)
        if not path.exists() or _is_same(path, project.path) or self._confirm_overwrite(path):
            self._save_as(document, path)

    def _save_as(self, document: Document, path: Path) -> None:
        """Write the file beside the thread of the window: the disk may be far away."""
        assert document.edits is not None
        dialog = WaitDialog(self.tr("Saving {name}").format(name=path.name), self._window)
        self._n_waiting += 1

        def end(error: Exception | None) -> None:
            self._n_waiting -= 1
            dialog.end()
            if error is None:
                self.saved.emit(path)
            else:
                self.failed.emit(path, error)

        document.edits.run(lambda project: project.save_as(path, overwrite=True), end)

    def _suggestion(self, document: Document, project: session.Document) -> Path:
        if not project.is_recovery:
            return project.path.with_stem(f"{project.path.stem} copy")
        beside = document.path.with_name(f"{stem_of(document.path)}{session.SUFFIX}")
        return beside if beside.parent.is_dir() else Path.home() / beside.name

    def _confirm_overwrite(self, path: Path) -> bool:
        answer = QMessageBox.question(
            self._window,
            self.tr("Save the project"),
            self.tr("{name} already exists. Replace it?").format(name=path.name),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Yes

    # -- the recording ----------------------------------------------------------------------------

    def ask_and_relink(self, document: Document) -> None:
        """Let the user say where the recording of a project is now."""
        project = document.project
        if project is None:
            return
        patterns = " ".join(f"*{suffix}" for suffix in RECORDING_SUFFIXES)
        name, _ = QFileDialog.getOpenFileName(
            self._window,
            self.tr("Where is the recording?"),
            str(project.path.parent),
            self.tr("Recordings ({patterns});;All files (*)").format(patterns=patterns),
        )
        if name:
            self.relink(document, Path(name))

    def transcribe_other(self, path: Path) -> None:
        """Open the file that is in the place of a recording separately."""
        self.opened.emit(self._queue.add(path))

    def relink(self, document: Document, path: Path) -> None:
        """Take ``path`` for the recording; one with other bytes only after a question."""
        if document.project is not None:
            relinking = _Relinking(document, path, self._window)
            self._relinking.append(relinking)
            relinking.ended.connect(self._take_relinked)
            self._pool.start(relinking.job)

    def _take_relinked(self, relinking: _Relinking) -> None:
        self._relinking.remove(relinking)
        relinking.deleteLater()
        if relinking.error is not None:
            self.failed.emit(relinking.path, relinking.error)
        elif relinking.found is not None and relinking.document.project is not None:
            self._relink_to(relinking.document, relinking.found)

    def _relink_to(self, document: Document, found: session.AudioReference) -> None:
        project = document.project
        assert project is not None
        try:
            project.relink_to(found)
        except ProjectError as error:
            if not self._confirm_changed(error):
                return
            try:
                project.relink_to(found, accept_changed=True)
            except AmtStudioError as refused:
                self.failed.emit(found.path, refused)
                return
        except AmtStudioError as error:
            self.failed.emit(found.path, error)
            return
        self._take_recording(document)

    def _confirm_changed(self, error: ProjectError) -> bool:
        answer = QMessageBox.question(
            self._window,
            self.tr("Where is the recording?"),
            self.tr("{cause}: {hint}. Use it anyway, if its length fits?").format(
                cause=error.cause, hint=error.hint
            ),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Yes

    def _take_recording(self, document: Document) -> None:
        document.take_recording()
        for item in self._queue.items:
            if item.document is document:
                self._queue.draw(item)

    # -- what was not saved -----------------------------------------------------------------------

    def look_for_recoverable(self) -> None:
        """Look for documents of former runs that have no name yet."""
        self._search = Job(find_recoverable)
        self._search.signals.finished.connect(self._set_recoverable)
        self._search.signals.failed.connect(self._end_search)
        self._search.signals.cancelled.connect(self._end_search)
        self._pool.start(self._search)

    @property
    def edited_recoverable(self) -> list[RecoverableDocument]:
        """Those that hold work of the user's; the others are mere transcriptions."""
        return [found for found in self.recoverable if found.has_decisions]

    def open_recoverable(self, documents: Sequence[RecoverableDocument]) -> None:
        for found in documents:
            self.open(found.path)

    def _set_recoverable(self, found: list[RecoverableDocument]) -> None:
        self.recoverable = found
        self.recoverable_found.emit()
        self._end_search()

    def _end_search(self, _error: Exception | None = None) -> None:
        self._search = None


class _Opening(QObject):
    """One project on its way."""

    ended = Signal(object)

    def __init__(self, path: Path, suggest: Suggest, parent: QObject) -> None:
        super().__init__(parent)
        self.path = path
        self.project: session.Document | None = None
        self.recalled: Recalled | None = None
        self.error: Exception | None = None
        self.job = Job(partial(open_project, path, suggest))
        self.job.signals.finished.connect(self._take)
        self.job.signals.failed.connect(self._fail)
        self.job.signals.cancelled.connect(self._end)

    def _take(self, opened: tuple[session.Document, Recalled | None]) -> None:
        self.project, self.recalled = opened
        self._end()

    def _fail(self, error: Exception) -> None:
        self.error = error
        self._end()

    def _end(self) -> None:
        self.ended.emit(self)


class _Relinking(QObject):
    """One recording that is read through, to see whether it is the one that was transcribed."""

    ended = Signal(object)

    def __init__(self, document: Document, path: Path, window: QWidget) -> None:
        super().__init__(window)
        self.document = document
        self.path = path
        self.found: session.AudioReference | None = None
        self.error: Exception | None = None
        self.job = Job(partial(read_reference, path))
        self._dialog = WaitDialog(
            self.tr("Checking whether {name} is the recording").format(name=path.name),
            window,
            cancel=self.job.cancel,
        )
        self.job.signals.progressed.connect(self._dialog.set_progress)
        self.job.signals.finished.connect(self._take)
        self.job.signals.failed.connect(self._fail)
        self.job.signals.cancelled.connect(self._end)

    def _take(self, found: session.AudioReference) -> None:
        self.found = found
        self._end()

    def _fail(self, error: Exception) -> None:
        self.error = error
        self._end()

    def _end(self) -> None:
        self._dialog.end()
        self.ended.emit(self)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return one == other
