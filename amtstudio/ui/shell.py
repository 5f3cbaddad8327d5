"""What the parts of a window may ask of it: they know this, and not how the window is made."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow

from amtstudio.ui.beats.editing import Beats
from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.editor import Editor
from amtstudio.ui.export.actions import ExportActions
from amtstudio.ui.instruments.feature import InstrumentParts
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.opening.files import Opening
from amtstudio.ui.opening.project_actions import ProjectActions
from amtstudio.ui.playback.actions import PlaybackActions
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.transcribe.actions import TranscribeActions
from amtstudio.ui.transcribe.model_loading import ModelLoader
from amtstudio.ui.view.notes_panel import NotesPanel


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

    # What the user may ask for.
    discard_take: Callable[[], None]
    set_midi_bars: Callable[[bool], None]
    set_quantising: Callable[[float], None]
    set_appearance: Callable[[str], None]
    show_preferences: Callable[[], None]
    toggle_full_screen: Callable[[], None]
    show_keys: Callable[[], None]
    show_guide: Callable[[], None]
    show_report: Callable[[], None]
    show_shortcuts: Callable[[], None]
    show_about: Callable[[], None]
    show_logs: Callable[[], None]
    show_error: Callable[[Exception], None]

    _item: QueueItem | None = None

    @property
    def item(self) -> QueueItem | None:
        """What is shown."""
        return self._item

    @property
    def document(self) -> Document | None:
        return None if self._item is None else self._item.document
