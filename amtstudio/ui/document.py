"""The open recording, with signals for the views."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio import session
from amtstudio.ui.edit_session import EditSession
from amtstudio.workbench.open_recording import OpenRecording
from amtstudio.workbench.pictured_recording import What

_REST_MS = 400  # after the last move of a threshold, before the notes are kept


class Document(OpenRecording, QObject):
    """An ``OpenRecording`` whose changes are signals; ``edits`` keeps its project."""

    edits: EditSession | None

    info_changed = Signal()
    picture_changed = Signal()
    activations_changed = Signal()
    notes_changed = Signal()
    candidates_changed = Signal()
    beats_changed = Signal()
    settings_changed = Signal()  # of any of the models
    foreground_changed = Signal()
    recall_wanted = Signal()  # see ``wants_recall``
    filter_changed = Signal()
    instruments_changed = Signal()
    project_changed = Signal(object)  # session.Change: of the project on disk
    edit_failed = Signal(Exception)
    closing = Signal()  # the project is open for the last time

    def __init__(self, path: Path, *, parent: QObject | None = None) -> None:
        QObject.__init__(self, parent)
        OpenRecording.__init__(self, path)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._end_rest)

    def _tr(self, text: str) -> str:
        return self.tr(text)

    def _announce(self, what: What) -> None:
        getattr(self, f"{what}_changed").emit()

    def _announce_project(self, change: session.Change) -> None:
        self.project_changed.emit(change)

    def _announce_end(self) -> None:
        self.closing.emit()

    def _ask_for_recall(self) -> None:
        self.recall_wanted.emit()

    def _edits_of(self, project: session.Document) -> EditSession:
        edits = EditSession(project, self)
        edits.changed.connect(self._show_change)
        edits.ended.connect(self._show_kept)
        edits.failed.connect(self.edit_failed)
        return edits

    @property
    def _is_resting(self) -> bool:
        return self._rest.isActive()

    def _start_rest(self) -> None:
        self._rest.start()

    def _stop_rest(self) -> None:
        self._rest.stop()
