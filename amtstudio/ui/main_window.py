"""The window: puts the parts together and passes the user's wishes on to them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, QUrl, SignalInstance
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QTabBar, QWidget

from amtstudio.notation import NotationSettings
from amtstudio.settings import Settings
from amtstudio.ui.actions import Actions
from amtstudio.ui.adaptation.feature import Adaptation
from amtstudio.ui.beats.editing import Beats
from amtstudio.ui.customizing.effects import PreferenceEffects
from amtstudio.ui.customizing.shortcut_dialog import ShortcutDialog
from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.edit.note_table import NoteTableView
from amtstudio.ui.editor import Editor
from amtstudio.ui.empty_page import DropOverlay, EmptyPage
from amtstudio.ui.error_box import ErrorBox
from amtstudio.ui.export.actions import ExportActions
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.failure import describe
from amtstudio.ui.garbage import collect_on_this_thread
from amtstudio.ui.help.dialogs import AboutDialog, KeySheet
from amtstudio.ui.help.guide import Guide
from amtstudio.ui.help.problem_report import ProblemReport
from amtstudio.ui.instruments.feature import InstrumentParts
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.logs import log_folder
from amtstudio.ui.opening.files import Opening, RecentFiles
from amtstudio.ui.opening.project_actions import ProjectActions
from amtstudio.ui.opening.unfinished_jobs import UnfinishedJobs
from amtstudio.ui.playback.feature import PlaybackParts
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.projects import Projects
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.score.panel import ScorePanel
from amtstudio.ui.shell import Shell
from amtstudio.ui.sound_devices import MachineSound, SoundSystem
from amtstudio.ui.tracks.panel import TracksPanel
from amtstudio.ui.transcribe.actions import TranscribeActions
from amtstudio.ui.transcribe.device_badge import DeviceBadge
from amtstudio.ui.transcribe.model_loading import ModelLoader
from amtstudio.ui.transcribe.queue_panel import QueuePanel
from amtstudio.ui.transcribing import Engine
from amtstudio.ui.view.notes_panel import NotesPanel
from amtstudio.ui.view.view_memory import ViewMemory
from amtstudio.ui.window_layout import WindowLayout

logger = logging.getLogger("amtstudio.ui")

_MESSAGE_MS = 8000


class MainWindow(Shell):
    """The studio window.

    Parameters
    ----------
    engine : Engine
    keeps_state : bool
        Whether it looks as it did in the last run, and is remembered for the next.
    sound : SoundSystem, optional
        What is played on; by default the devices of this machine.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        keeps_state: bool = True,
        sound: SoundSystem | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        collect_on_this_thread()
        self.idle_checks = []
        self.preferences = Preferences(keeps=keeps_state, parent=self)
        self.pool = JobPool()
        self.queue = TranscriptionQueue(engine, self.pool, self)
        self.page = DocumentPage()
        self.empty_page = EmptyPage()
        self.badge = DeviceBadge()
        self.editor = Editor(self.page.time_selection, self)
        self.page.roll.set_editor(self.editor)
        self.notes_panel = NotesPanel()
        self.queue_panel = QueuePanel(self.queue)
        self.note_table = NoteTableView(self.editor)
        self.tracks_panel = TracksPanel(self.editor)
        self._add_controllers(engine, sound or MachineSound())
        self._lay_out()
        self.actions_ = Actions(self, add_adapt_menu=self.adaptation.add_menu)
        self._recent_files = RecentFiles(self.actions_.recent_menu, self.opening, self.preferences)
        self._recent_files.filled.connect(self.empty_page.set_recent)
        self._recent_files.fill()
        self.project_actions.unsaved_found.connect(self.empty_page.set_unsaved)
        self.project_actions.add_banners(
            self.page.banner, self.offer_banner, self.actions_.unsaved_menu
        )
        self._connect_parts()
        self._connect_view()
        self.recording.restore(self._settings)
        self._layout.restore(self._settings)
        self._effects = PreferenceEffects(self, self.actions_)
        self.show_item(None)

    def _add_controllers(self, engine: Engine, sound: SoundSystem) -> None:
        """Make what works behind the widgets: each knows only the parts that it is given."""
        self.exporter = Exporter(self)
        self.exports = ExportActions(self.exporter, self.page, self.editor, self.pool, self)
        self.exports.all.documents = self._documents
        self.exports.serve(self.tracks_panel)
        self.projects = Projects(self.queue, self.pool, self)
        self.opening = Opening(self.queue, self.projects, self.preferences, self.pool, self)
        self.project_actions = ProjectActions(
            self.projects, self.opening, is_looked_at=self.preferences.keeps
        )
        self.transcribe_actions = TranscribeActions(self.queue, self.page)
        self.instruments = InstrumentParts(self.queue, self.pool, self.page)
        self.instrument_finder = self.instruments.finder
        self.instruments_panel = self.instruments.panel
        self.model_loader = ModelLoader(engine, self.pool, self.badge, self)
        self._playback_parts = PlaybackParts(self, self.page, self.pool, sound, self._settings)
        self.playback = self._playback_parts.controller
        self.playback_actions = self._playback_parts.actions
        self.transport = self._playback_parts.transport
        self.beats = Beats(engine, self.pool, self.playback, self)
        self.page.roll.beat_moved.connect(self.beats.move_beat)
        self.recording = Recording(self.queue, self.pool, self)
        self.adaptation = Adaptation(self)
        self.score_panel = ScorePanel(self.editor, self.playback, self.pool)

    @property
    def failures(self) -> list[tuple[str, Exception]]:
        """What went wrong with projects while no one looked: (file, error)."""
        return self.project_actions.failures

    @property
    def _settings(self) -> Settings:
        return self.preferences.settings

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked for is done and on the screen."""
        return all(is_idle() for is_idle in self.idle_checks) and all(
            item.redecoder.is_settled
            and item.document.is_settled
            and not self.queue.is_drawing(item)
            for item in self.queue.items
        )

    def _documents(self) -> list[Document]:
        return [item.document for item in self.queue.items]

    # -- layout -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowTitle("AMT Studio")
        self.setAcceptDrops(True)
        layout = self._layout = WindowLayout(self, self.page, self.empty_page, self.recording)
        layout.add_dock(self.tr("Notes"), "notes", self.notes_panel)
        layout.add_dock(self.tr("Recordings"), "queue", self.queue_panel)
        if self.instruments.finder.is_available:
            layout.add_dock(
                self.tr("Instruments"), "instruments", self.instruments.panel, is_behind_first=True
            )
        layout.add_dock(self.tr("Tracks"), "tracks", self.tracks_panel, is_behind_first=True)
        layout.add_table(self.tr("Table of Notes"), self.note_table)
        layout.add_score(self.tr("Score"), self.score_panel)
        self.docks, self.table_dock = layout.docks, layout.table_dock
        self.score_dock = layout.score_dock
        self.adaptation.place()
        self.offer_banner, self.jobs_banner = layout.offer_banner, layout.jobs_banner
        self.unfinished_jobs: UnfinishedJobs | None = None
        if self.preferences.keeps:
            self.unfinished_jobs = UnfinishedJobs(
                self.queue, self.projects, self.pool, self.jobs_banner
            )
            self.unfinished_jobs.shown.connect(self.show_item)
        self._views = ViewMemory(self.page, self.notes_panel, layout)
        self.statusBar().addWidget(self.page.read_out, 1)
        self.statusBar().addPermanentWidget(self.badge)
        self._overlay = DropOverlay(self)
        layout.set_first_size()

    def _connect_parts(self) -> None:
        for part in (self.recording, self.opening, self.project_actions, self.exporter):
            part.failed.connect(self.show_error)
        for handler in (self.page.handle, self.badge, self.editor):
            handler.failed.connect(self.show_error)
        self.empty_page.open_wanted.connect(self.opening.ask_files)
        self.empty_page.example_wanted.connect(self.opening.open_example)
        self.recording.serve(self.empty_page)
        self._playback_parts.give_way_to(self.recording)
        self.playback.instruments.refused.connect(self.show_error)
        self.exports.sound_exporter.instruments = self.playback.instruments
        self.recording.open_wanted.connect(self.open_paths)
        self.recording.shown.connect(self._show_take)
        self.recording.take_added.connect(self._add_take)
        self.opening.shown.connect(self.show_item)
        self.opening.said.connect(self._say)
        self.projects.opened.connect(self.show_item)
        self.project_actions.saved.connect(self._tell_saved)
        self.exporter.saved.connect(self._tell_saved)
        self.queue_panel.chosen.connect(self.show_item)
        self.queue_panel.retry_wanted.connect(self.transcribe_actions.ask_and_retry)
        self.transcribe_actions.said.connect(self._say)
        self.queue.removed.connect(self._forget)
        self.queue_panel.serve_takes(self.recording.discarding)
        self.queue_panel.export_wanted.connect(self.exports.export_midi_of)
        self.queue_panel.export_all_wanted.connect(self.exports.export_all)
        self.page.instrument_strip.chosen.connect(self.instruments.panel.choose)
        self.exports.all.failed.connect(self.show_error)
        self.exports.all.saved.connect(self._tell_saved)
        self.queue.engine_ready.connect(self.badge.set_info)
        self.editor.said.connect(self._say)
        self.beats.said.connect(self._say)
        self.beats.failed.connect(self.show_error)
        self.editor.selection.changed.connect(self._enable_actions)
        self.page.time_selection.changed.connect(self._enable_actions)
        self.closing.connect(self.playback.let_go)
        self.idle_checks += [
            lambda: self.opening.is_idle,
            lambda: self.recording.is_idle,
            lambda: self.recording.take_folder.is_idle,
            lambda: self.playback.instruments.is_idle,
            lambda: self.recording.discarding.is_idle,
            lambda: self.pool.is_idle,
            lambda: self.projects.is_idle,
            lambda: self.queue.is_idle,
            lambda: self.instruments.finder.is_idle,
            lambda: self.score_panel.is_idle,
            lambda: self.unfinished_jobs is None or self.unfinished_jobs.is_idle,
        ]

    def _connect_view(self) -> None:
        roll, panel = self.page.roll, self.notes_panel
        panel.colour_by_changed.connect(roll.set_colour_by)
        panel.candidates_shown.connect(roll.show_candidates)
        panel.contours_shown.connect(roll.contours.setVisible)
        panel.heads_changed.connect(roll.show_heads)
        panel.overlay_opacity_changed.connect(roll.set_overlay_opacity)
        panel.brightness_changed.connect(roll.spectrogram.set_brightness)
        roll.set_overlay_opacity(panel.opacity_slider.slider.value() / 100.0)
        self.item_shown.connect(self.page.set_item)
        self.item_shown.connect(self.transcribe_actions.set_item)
        self.item_shown.connect(self.instruments.set_item)
        self.score_panel.reveal_wanted.connect(roll.reveal)
        self.score_panel.settings_changed.connect(self._set_notation)
        self.score_panel.set_settings(NotationSettings.of_text(self.preferences.settings.score))
        for part in (
            self.playback,
            panel,
            self.editor,
            self.project_actions,
            self.note_table,
            self.tracks_panel,
            self.beats,
            self.score_panel,
        ):
            self.item_shown.connect(_DocumentOf(part.set_document))
        self.item_shown.connect(self.queue_panel.set_chosen)

    # -- opening ----------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Put files on the list, and those in folders; show the first of them."""
        self.opening.open_paths(paths)

    # -- what is shown ----------------------------------------------------------------------------

    def show_item(self, item: QueueItem | None) -> None:
        """Show this recording; None: the empty state."""
        for signal, slot in self._item_signals():
            signal.disconnect(slot)
        if self.preferences.keeps:  # a picture leaves a project as it was
            self._views.leave()
        self._item = item
        for signal, slot in self._item_signals():
            signal.connect(slot)
        if item is not None:
            self.queue.draw(item)
        self.item_shown.emit(item)
        self._layout.show_page(has_item=item is not None)
        has_shown = item is not None or (self.recording.has_page and bool(self.queue.items))
        if has_shown != self._layout.has_shown:
            self.preferences.take(self._remembered())
            self._layout.show_docks(has_shown, self._settings)
        if self.preferences.keeps:
            self._views.enter(item)
        self.page.read_out.setVisible(item is not None)
        self._show_title()
        self._enable_actions()
        if item is not None:
            self.page.roll.setFocus()

    def _show_title(self) -> None:
        document = self.document
        self.setWindowModified(document is not None and document.is_unsaved)
        title = "AMT Studio" if document is None else f"{document.title}[*] — AMT Studio"
        self.setWindowTitle(title)

    def _show_take(self) -> None:
        """The take that is made, or what was there before it."""
        wants_take = self.recording.has_page or not self.queue.items
        self.show_item(None if wants_take else self._item or self.queue.items[-1])

    def _add_take(self, item: QueueItem) -> None:
        self.opening.remember(item.document.path)
        self.show_item(item)

    def _item_signals(self) -> list[tuple[SignalInstance, Callable[..., object]]]:
        if self._item is None:
            return []
        return [
            (self._item.changed, self._enable_actions),
            (self._item.document.notes_changed, self._enable_actions),
            (self._item.document.project_changed, self._show_title),
        ]

    def _enable_actions(self) -> None:
        document = self.document
        has_notes = document is not None and document.is_transcribed
        self.actions_.set_enabled(
            has_document=document is not None,
            has_notes=has_notes,
            has_project=document is not None and document.edits is not None,
            has_range=document is not None and not self.page.time_selection.is_empty,
            has_selection=has_notes and self.exports.has_selection,
            has_take=self.recording.discarding.can_discard(self._item),
        )

    def discard_take(self) -> None:
        self.recording.discarding.ask_and_discard(self._item)

    def _forget(self, item: QueueItem) -> None:
        if item is self._item:
            self.show_item(self.queue.items[0] if self.queue.items else None)
        self._views.forget(item)
        item.deleteLater()

    # -- wishes of the user -----------------------------------------------------------------------

    def _say(self, text: str) -> None:
        self.statusBar().showMessage(text, _MESSAGE_MS)

    def _tell_saved(self, path: Path) -> None:
        self._say(self.tr("Saved {path}").format(path=path))

    def set_quantising(self, strength: float) -> None:
        """How far onsets in MIDI files are drawn to the grid of the beats, 0 to 1."""
        self.exporter.quantising = self.page.handle.quantising = strength
        self.preferences.change(midi_quantizing=round(100 * strength))

    def set_midi_bars(self, wanted: bool) -> None:
        """Whether MIDI files have the bars of the music, or 120 beats a minute throughout."""
        self.exporter.with_bars = self.page.handle.with_bars = wanted
        self.preferences.change(midi_bars=wanted)

    def _set_notation(self, settings: NotationSettings) -> None:
        self.exporter.notation = settings
        self.preferences.change(score=settings.to_text())

    def set_appearance(self, name: str) -> None:
        """``system``, ``light`` or ``dark``."""
        self.preferences.change(theme=name)

    def show_preferences(self) -> None:
        self._effects.show_dialog()

    def come_forward(self, paths: Sequence[Path] = ()) -> None:
        """Another start of the program: open its files here."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.open_paths(paths)

    def toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_keys(self) -> None:
        KeySheet(self.actions_.all, self).exec()

    def show_guide(self) -> None:
        guide = Guide(self)
        guide.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        guide.show()

    def show_report(self) -> None:
        ProblemReport(self.badge.reason, self).exec()

    def show_shortcuts(self) -> None:
        dialog = ShortcutDialog(self.actions_.shortcuts, self)
        dialog.changed.connect(self._keep_shortcuts)
        dialog.exec()

    def _keep_shortcuts(self) -> None:
        self.preferences.change(shortcuts=self.actions_.shortcuts.changed())
        self.playback_actions.refresh()  # the tips name the keys

    def show_about(self) -> None:
        AboutDialog(self.badge.reason, self).exec()

    def show_logs(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_folder())))

    def show_error(self, error: Exception) -> None:
        ErrorBox(describe(error), self).exec()

    # -- drag and drop ----------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        # What comes from the window itself is the MIDI on its way to another program.
        if event.source() is None and _local_paths(event.mimeData()):
            event.acceptProposedAction()
            self._overlay.cover()

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802
        self._overlay.hide()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        self._overlay.hide()
        event.acceptProposedAction()
        self.open_paths(_local_paths(event.mimeData()))

    # -- from one run to the next -----------------------------------------------------------------

    def _remembered(self) -> Settings:
        """The settings with what is to be found again in the next run."""
        settings = self._settings
        for part in (self._playback_parts, self.recording, self._layout):
            settings = part.remembered(settings)
        return settings

    def load_model_soon(self) -> None:
        """Load the model once the window is painted, so that the first drop finds it ready.

        And look what there is to play on.
        """
        QTimer.singleShot(0, self.model_loader.load)
        QTimer.singleShot(0, self.playback.look_for_devices)
        if self.preferences.keeps:
            QTimer.singleShot(0, self.projects.look_for_recoverable)
        if self.unfinished_jobs is not None:
            QTimer.singleShot(0, self.unfinished_jobs.look)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            # Qt leaves an empty bar where docks that lie on one another are hidden.
            direct = Qt.FindChildOption.FindDirectChildrenOnly
            for bar in self.findChildren(QTabBar, options=direct):
                policy = Qt.FocusPolicy.TabFocus if bar.count() else Qt.FocusPolicy.NoFocus
                bar.setFocusPolicy(policy)
        return done

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.WindowStateChange and hasattr(self, "actions_"):
            self.actions_.full_screen.setChecked(self.isFullScreen())
        super().changeEvent(event)

    def end_recording(self) -> None:
        """Keep the take that is being made, and ask nothing."""
        if (take := self.recording.close()) is not None:
            self.opening.remember(take)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if not self.recording.may_close():
            event.ignore()
            return
        self.end_recording()
        self.preferences.take(self._remembered())
        self.preferences.save()
        self.closing.emit()
        if self.unfinished_jobs is not None:
            self.unfinished_jobs.close()
        self.queue.close(keeps_untouched=self.preferences.keeps)
        self.pool.close()
        self.page.handle.clean_up()
        event.accept()


class _DocumentOf:
    """Tells a part which document an item has."""

    def __init__(self, set_document: Callable[[Document | None], object]) -> None:
        self._set_document = set_document

    def __call__(self, item: QueueItem | None) -> None:
        self._set_document(None if item is None else item.document)


def _local_paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
