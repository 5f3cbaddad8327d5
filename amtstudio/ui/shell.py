"""What the parts of a window may ask of it: they know this, and not how the window is made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow

from amtstudio.ui.beats import Beats
from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.editor import Editor
from amtstudio.ui.export_actions import ExportActions
from amtstudio.ui.instrument_parts import InstrumentParts
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.model_loading import ModelLoader
from amtstudio.ui.notes_panel import NotesPanel
from amtstudio.ui.opening import Opening
from amtstudio.ui.playback_actions import PlaybackActions
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.project_actions import ProjectActions
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.transcribe_actions import TranscribeActions


class Shell(QMainWindow):
    """A window with its parts.

    A part that follows what is shown listens to ``item_shown``; one that works by itself puts into
    ``idle_checks`` whether it is at rest, and ends its work at ``closing``.
    """

    item_shown = Signal(object)  # QueueItem or None: the empty state
    closing = Signal()

    idle_checks: list[Callable[[], bool]]
    preferences: Preferences
    pool: JobPool
    queue: TranscriptionQueue
    page: DocumentPage
    editor: Editor
    beats: Beats
    notes_panel: NotesPanel
    exports: ExportActions
    opening: Opening
    project_actions: ProjectActions
    transcribe_actions: TranscribeActions
    instruments: InstrumentParts
    model_loader: ModelLoader
    playback: PlaybackController
    playback_actions: PlaybackActions
    recording: Recording
    docks: list[QDockWidget]
    table_dock: QDockWidget
    score_dock: QDockWidget

    _item: QueueItem | None = None

    @property
    def item(self) -> QueueItem | None:
        """What is shown."""
        return self._item

    @property
    def document(self) -> Document | None:
        return None if self._item is None else self._item.document

    def discard_take(self) -> None:
        raise NotImplementedError

    def set_midi_bars(self, wanted: bool) -> None:
        """Whether MIDI files have the bars of the music, or 120 beats a minute throughout."""
        raise NotImplementedError

    def set_appearance(self, name: str) -> None:
        """``system``, ``light`` or ``dark``."""
        raise NotImplementedError

    def show_preferences(self) -> None:
        raise NotImplementedError

    def toggle_full_screen(self) -> None:
        raise NotImplementedError

    def show_keys(self) -> None:
        raise NotImplementedError

    def show_guide(self) -> None:
        raise NotImplementedError

    def show_report(self) -> None:
        raise NotImplementedError

    def show_shortcuts(self) -> None:
        raise NotImplementedError

    def show_about(self) -> None:
        raise NotImplementedError

    def show_logs(self) -> None:
        raise NotImplementedError

    def show_error(self, error: Exception) -> None:
        raise NotImplementedError
