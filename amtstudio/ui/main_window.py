"""The window: puts the parts together and passes the user's wishes on to them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import (
    QByteArray,
    QEvent,
    QMimeData,
    QSize,
    Qt,
    QTimer,
    QUrl,
    SignalInstance,
)
from PySide6.QtGui import (
    QCloseEvent,
    QDesktopServices,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import (
    QDockWidget,
    QFileDialog,
    QMainWindow,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from amtstudio import session
from amtstudio.resources import resource_path
from amtstudio.settings import Settings
from amtstudio.ui.actions import Actions
from amtstudio.ui.banner import Banner
from amtstudio.ui.cursor_follower import CursorFollower
from amtstudio.ui.device_badge import DeviceBadge
from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.editor import Editor
from amtstudio.ui.empty_page import DropOverlay, EmptyPage
from amtstudio.ui.error_box import ErrorBox
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.failure import describe
from amtstudio.ui.help_dialogs import AboutDialog, KeySheet
from amtstudio.ui.instrument_finder import InstrumentFinder
from amtstudio.ui.instruments_panel import InstrumentsPanel
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.logs import log_folder
from amtstudio.ui.note_table import NoteTable
from amtstudio.ui.notes_panel import NotesPanel
from amtstudio.ui.part_dialog import SAMPLE_S, PartDialog
from amtstudio.ui.part_export import PartExport
from amtstudio.ui.playback_actions import PlaybackActions, SpaceKeeper
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.preference_effects import PreferenceEffects
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.project_banners import ProjectBanners
from amtstudio.ui.projects import Projects, is_project
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.ui.queue_panel import QueuePanel
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.sound_devices import MachineSound, SoundSystem
from amtstudio.ui.sound_export import SoundExporter
from amtstudio.ui.sound_files import SUFFIXES, find_recordings
from amtstudio.ui.transcribing import Engine, EngineInfo
from amtstudio.ui.transport import TransportBar

logger = logging.getLogger("amtstudio.ui")

_FIRST_SIZE = QSize(1320, 820)
_LIST_HEIGHT = 210
_MESSAGE_MS = 8000
EXAMPLE = resource_path("examples", "schumann_im_wunderschoenen.mp3")


class MainWindow(QMainWindow):
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
        self.preferences = Preferences(keeps=keeps_state, parent=self)
        self.pool = JobPool()
        self.queue = TranscriptionQueue(engine, self.pool, self)
        self.exporter = Exporter(self)
        self.projects = Projects(self.queue, self.pool, self)
        self.page = DocumentPage()
        self.editor = Editor(self.page.time_selection, self)
        self.page.roll.set_editor(self.editor)
        self.part_export = PartExport(self, self.exporter, self.page.time_selection)
        self.part_export.selected_ids = lambda: self.editor.selection.ids
        self.empty_page = EmptyPage()
        self.notes_panel = NotesPanel()
        self.queue_panel = QueuePanel(self.queue)
        self.instruments_panel = InstrumentsPanel()
        self.instrument_finder = InstrumentFinder(self.queue, self.pool, self)
        self.note_table = NoteTable(self.editor)
        self.badge = DeviceBadge()
        self._add_playback(sound or MachineSound())
        self.recording = Recording(self.queue, self.pool, self)
        self._item: QueueItem | None = None
        self.failures: list[tuple[str, Exception]] = []  # of projects, while no one looks
        self._scan: Job | None = None
        self._warm_up: Job | None = None
        self._has_shown = False
        self._lay_out()
        self.actions_ = Actions(self)
        self._banners = ProjectBanners(
            self.projects, self.page.banner, self.offer_banner, self.actions_.unsaved_menu
        )
        self._connect()
        self._restore()
        self._effects = PreferenceEffects(self)
        self.show_item(None)

    @property
    def item(self) -> QueueItem | None:
        return self._item

    @property
    def document(self) -> Document | None:
        return None if self._item is None else self._item.document

    @property
    def _settings(self) -> Settings:
        return self.preferences.settings

    @_settings.setter
    def _settings(self, settings: Settings) -> None:
        self.preferences.take(settings)

    @property
    def is_settled(self) -> bool:
        """Whether all that was asked for is done and on the screen."""
        return (
            self._scan is None
            and self.recording.is_idle
            and self.pool.is_idle
            and self.projects.is_idle
            and self.queue.is_idle
            and self.instrument_finder.is_idle
            and all(
                item.redecoder.is_settled
                and item.document.is_settled
                and not self.queue.is_drawing(item)
                for item in self.queue.items
            )
        )

    # -- layout -----------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        self.setWindowTitle("AMT Studio")
        self.setAcceptDrops(True)
        # The view of notes would take a drop for itself, and do nothing with it.
        self.page.roll.setAcceptDrops(False)
        self.page.roll.viewport().setAcceptDrops(False)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_page)
        self._stack.addWidget(self.page)
        self._stack.addWidget(self.recording.page)
        self.offer_banner = Banner(self.tr("Unsaved work"))
        centre = QWidget()
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.offer_banner)
        layout.addWidget(self.recording.wrap(self._stack), 1)
        self.setCentralWidget(centre)
        self.docks = [
            self._dock(self.tr("Notes and display"), "notes", self.notes_panel),
            self._dock(self.tr("Recordings"), "queue", self.queue_panel),
        ]
        if self.instrument_finder.is_available:
            self.docks.append(
                self._dock(self.tr("Instruments"), "instruments", self.instruments_panel)
            )
            self.tabifyDockWidget(self.docks[0], self.docks[2])
            self.docks[0].raise_()
        self.table_dock = self._dock(self.tr("Table of notes"), "table", self.note_table)
        self.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, self.table_dock)
        self.table_dock.hide()
        self.statusBar().addWidget(self.page.read_out, 1)
        self.statusBar().addPermanentWidget(self.badge)
        self._overlay = DropOverlay(self)
        self.resize(_FIRST_SIZE)
        self.resizeDocks(
            self.docks[:2],
            [_FIRST_SIZE.height() - _LIST_HEIGHT, _LIST_HEIGHT],
            Qt.Orientation.Vertical,
        )

    def _add_playback(self, sound: SoundSystem) -> None:
        self.playback = PlaybackController(
            self.pool,
            self.page.time_selection,
            sound,
            device=self._settings.output_device,
            volume=self._settings.volume,
            parent=self,
        )
        follower = CursorFollower(self.playback, self.page)
        self.playback_actions = PlaybackActions(self.playback, follower, self.page)
        self.transport = TransportBar(self.playback, self.playback_actions)
        self.page.add_below(self.transport)
        self.sound_exporter = SoundExporter(self.exporter, self.pool, self)
        self.installEventFilter(SpaceKeeper(self))

    def _dock(self, title: str, name: str, content: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self)
        dock.setObjectName(name)
        dock.setWidget(content)
        dock.setMinimumWidth(250)
        self.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock

    def _connect(self) -> None:
        roll, panel = self.page.roll, self.notes_panel
        self.empty_page.open_wanted.connect(self.ask_files)
        self.empty_page.record_wanted.connect(self.recording.open_panel)
        self.empty_page.look_again_wanted.connect(self.recording.look_again)
        self.recording.availability_changed.connect(self.empty_page.set_no_recording)
        self.recording.failed.connect(self.show_error)
        self.recording.is_on_changed.connect(self.playback.set_recording)
        self.recording.controller.devices.about_to_rescan.connect(self.playback.let_go)
        self.recording.open_wanted.connect(self.open_paths)
        self.recording.shown.connect(self._show_take)
        self.recording.take_added.connect(self._add_take)
        self.empty_page.example_wanted.connect(self.open_example)
        self.page.cancel_wanted.connect(self.cancel)
        self.page.time_selection.changed.connect(self._enable_actions)
        self.page.export_wanted.connect(self._export_midi)
        self.page.handle.failed.connect(self.show_error)
        self.exporter.failed.connect(self.show_error)
        self.badge.failed.connect(self.show_error)
        self.exporter.saved.connect(self._tell_saved)
        self.queue_panel.chosen.connect(self.show_item)
        self.queue.removed.connect(self._forget)
        self.projects.opened.connect(self.show_item)
        self.projects.saved.connect(self._tell_saved_project)
        self.projects.failed.connect(self._fail_project)
        self.editor.selection.changed.connect(self._enable_actions)
        self.editor.said.connect(self._say)
        self.editor.failed.connect(self.show_error)
        self.queue.engine_ready.connect(self.badge.set_info)
        self.instrument_finder.changed.connect(self._show_instruments)
        self.instruments_panel.passage_wanted.connect(self.page.show_passage)
        roll.range_changed.connect(self.instruments_panel.set_range)
        panel.colour_by_changed.connect(roll.notes.set_colour_by)
        panel.candidates_shown.connect(roll.candidates.setVisible)
        panel.heads_changed.connect(roll.activations.set_shown)
        panel.overlay_opacity_changed.connect(roll.activations.setOpacity)
        panel.brightness_changed.connect(roll.spectrogram.set_brightness)
        roll.activations.setOpacity(panel.opacity_slider.slider.value() / 100.0)

    # -- opening ----------------------------------------------------------------------------------

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Put files on the list, and those in folders; show the first of them."""
        if any(path.is_dir() for path in paths):
            self._scan = Job(_Scan(tuple(paths)))
            self._scan.signals.finished.connect(self._add_found)
            self._scan.signals.failed.connect(self._fail_scan)
            self.pool.start(self._scan)
        elif paths:
            self._add_paths(paths)

    def ask_project(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self,
            self.tr("Open a project"),
            self._last_folder(),
            self.tr("Projects (*{suffix});;All files (*)").format(suffix=session.SUFFIX),
        )
        if name:
            self._open_project(Path(name))

    def _open_project(self, path: Path) -> None:
        self._settings = self._settings.with_recent(path)

        self.projects.open(path)

    def save(self) -> None:
        if self.document is not None:
            self.projects.save(self.document)

    def save_as(self) -> None:
        if self.document is not None:
            self.projects.ask_and_save_as(self.document)

    def _tell_saved_project(self, path: Path) -> None:
        self._settings = self._settings.with_recent(path)

        self._tell_saved(path)

    def _fail_project(self, path: Path, error: Exception) -> None:
        if self.preferences.keeps:
            self.show_error(error)
        else:  # of a picture: told when the window is closed
            self.failures.append((str(path), error))

    def ask_files(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in (*SUFFIXES, session.SUFFIX))
        names, _ = QFileDialog.getOpenFileNames(
            self,
            self.tr("Open recordings"),
            self._last_folder(),
            self.tr("Recordings ({patterns});;All files (*)").format(patterns=patterns),
        )
        self.open_paths([Path(name) for name in names])

    def ask_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self.tr("Open a folder"), self._last_folder())
        if name:
            self.open_paths([Path(name)])

    def open_example(self) -> None:
        self.open_paths([EXAMPLE])

    def _last_folder(self) -> str:
        return (
            str(Path(self._settings.recent_files[0]).parent) if self._settings.recent_files else ""
        )

    def _fail_scan(self, error: Exception) -> None:
        self._scan = None
        self.show_error(error)

    def _add_found(self, paths: list[Path]) -> None:
        self._scan = None
        if paths:
            self._add_paths(paths)
        else:
            self.statusBar().showMessage(
                self.tr("There is no recording in that folder."), _MESSAGE_MS
            )

    def _add_paths(self, paths: Sequence[Path]) -> None:
        for path in paths:
            if is_project(path):
                self._open_project(path)
        paths = [path for path in paths if not is_project(path)]
        if not paths:
            return
        end = SAMPLE_S if self.actions_.only_start.isChecked() else None
        items = [self.queue.add(path, end=end) for path in paths]
        for path in reversed(paths):
            if path != EXAMPLE:
                self.remember(path)
        self.show_item(items[0])

    def remember(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        self._settings = self._settings.with_recent(path)
        self.fill_recent()

    def fill_recent(self) -> None:
        menu = self.actions_.recent_menu
        menu.clear()
        for name in self._settings.recent_files:
            action = menu.addAction(Path(name).name.replace("&", "&&"))
            action.setToolTip(name)
            action.triggered.connect(_Opener(self, Path(name)))
        menu.setEnabled(bool(self._settings.recent_files))

    # -- what is shown ----------------------------------------------------------------------------

    def show_item(self, item: QueueItem | None) -> None:
        """Show this recording; None: the empty state."""
        for signal, slot in self._item_signals():
            signal.disconnect(slot)
        self._item = item
        for signal, slot in self._item_signals():
            signal.connect(slot)
        if item is not None:
            self.queue.draw(item)
        self.page.set_item(item)
        self.playback.set_document(self.document)
        self.notes_panel.set_document(self.document)
        self.instruments_panel.set_document(self.document)
        self._show_instruments(item)
        self.editor.set_document(self.document)
        self._banners.set_document(self.document)
        self.note_table.set_document(self.document)
        self.queue_panel.set_chosen(item)
        self._stack.setCurrentWidget(self._page_without_item() if item is None else self.page)
        self.recording.bar.set_shows_take(item is None)
        has_shown = item is not None or (self.recording.has_page and bool(self.queue.items))
        if has_shown != self._has_shown:  # between the empty state and the other one
            self._settings = self._settings_now()
            self._has_shown = has_shown
            self._show_docks()
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

    def _page_without_item(self) -> QWidget:
        return self.recording.page if self.recording.has_page else self.empty_page

    def _show_take(self) -> None:
        """The take that is made, or what was there before it."""
        wants_take = self.recording.has_page or not self.queue.items
        self.show_item(None if wants_take else self._item or self.queue.items[-1])

    def _add_take(self, item: QueueItem) -> None:
        self.remember(item.document.path)
        self.show_item(item)

    def _show_docks(self) -> None:
        """None in the empty state; else those that the user has not closed."""
        if self._has_shown and self._settings.window_state:
            self.restoreState(_from_base64(self._settings.window_state))
            return
        for dock in self.docks:
            dock.setVisible(self._has_shown)
        if not self._has_shown:
            self.table_dock.hide()

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
        self.actions_.set_enabled(
            has_document=document is not None,
            has_notes=document is not None and document.is_transcribed,
            has_project=document is not None and document.edits is not None,
            has_range=document is not None and not self.page.time_selection.is_empty,
            has_selection=document is not None
            and document.is_transcribed
            and self.part_export.is_possible,
        )

    def _show_instruments(self, item: QueueItem | None) -> None:
        """The state of the search for instruments, and the hint that comes of it."""
        if item is not self._item:
            return
        finder = self.instrument_finder
        self.page.instrument_hint.set_mismatch(None if item is None else finder.mismatch(item))
        if item is None or item.document.instruments is not None:
            return
        error = finder.error(item)
        if error is not None:
            text = describe(error, subject=item.document.name).cause
        elif finder.is_listening_to(item):
            text = self.tr("Listening for instruments…")
        else:
            text = self.tr("Found when the notes are there.")
        self.instruments_panel.set_status(text)

    def _forget(self, item: QueueItem) -> None:
        if item is self._item:
            self.show_item(self.queue.items[0] if self.queue.items else None)
        item.deleteLater()

    # -- wishes of the user -----------------------------------------------------------------------

    def toggle_pause(self) -> None:
        if self._item is None:
            return
        if self._item.state in (State.PAUSED, State.HELD):
            self.queue.resume(self._item)
        else:
            self.queue.pause(self._item)

    def cancel(self) -> None:
        if self._item is not None:
            self.queue.cancel(self._item)

    def retry(self) -> None:
        if self._item is not None:
            self.queue.retry(self._item)

    def ask_part(self) -> None:
        """Ask which part of this recording to transcribe, and do it."""
        if self._item is None or self._item.document.duration <= 0.0:
            return
        dialog = PartDialog(
            self._item.document,
            view=self.page.roll.visible_range,
            selection=self.page.time_selection.range,
            parent=self,
        )
        if dialog.exec() == PartDialog.DialogCode.Accepted:
            self.queue.transcribe_part(self._item, *dialog.span)

    def transcribe_marked(self) -> None:
        """Transcribe the marked stretch and nothing else."""
        marked = self.page.time_selection.range
        if self._item is not None and marked is not None:
            self.queue.transcribe_part(self._item, *marked)

    def export_picture(self) -> None:
        if self.document is not None:
            self.exporter.ask_and_save_picture(self.page.roll.grab(), self.document)

    def export_sound(self) -> None:
        self.sound_exporter.ask_and_export(self.document)

    def export_part(self) -> None:
        self.part_export.ask(self.document)

    def _export_midi(self) -> None:
        self.exporter.ask_and_export(self.document, "midi")

    def _say(self, text: str) -> None:
        self.statusBar().showMessage(text, _MESSAGE_MS)

    def _tell_saved(self, path: Path) -> None:
        self.statusBar().showMessage(self.tr("Saved {path}").format(path=path), _MESSAGE_MS)

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

    def _restore(self) -> None:
        self.fill_recent()
        self.recording.restore(self._settings)
        if self._settings.window_geometry:
            self.restoreGeometry(_from_base64(self._settings.window_geometry))
        self._show_docks()

    def _settings_now(self) -> Settings:
        settings = replace(
            self._settings,
            window_geometry=_to_base64(self.saveGeometry()),
            output_device=self.playback.devices.wanted,
            volume=self.playback.volume,
        )
        settings = self.recording.remembered(settings)
        # The empty state hides the docks; that is not to be kept.
        if not self._has_shown:
            return settings
        return replace(settings, window_state=_to_base64(self.saveState()))

    def load_model_soon(self) -> None:
        """Load the model once the window is painted, so that the first drop finds it ready.

        And look what there is to play on.
        """
        QTimer.singleShot(0, self.load_model)
        QTimer.singleShot(0, self.playback.look_for_devices)
        if self.preferences.keeps:
            QTimer.singleShot(0, self.projects.look_for_recoverable)

    def load_model(self) -> None:
        self._warm_up = Job(_WarmUp(self.queue.engine))
        self._warm_up.signals.finished.connect(self._take_model)
        self._warm_up.signals.failed.connect(self._miss_model)
        self.pool.start(self._warm_up)

    def _take_model(self, info: EngineInfo) -> None:
        if self._warm_up is not None and self.sender() is self._warm_up.signals:
            self.badge.set_info(info)

    def _miss_model(self, error: Exception) -> None:
        # Of the device that was chosen before, nobody wants to know.
        if self._warm_up is not None and self.sender() is self._warm_up.signals:
            self.badge.set_error(error)

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
            self.remember(take)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if not self.recording.may_close():
            event.ignore()
            return
        self.end_recording()
        self._settings = self._settings_now()
        self.preferences.save()
        self.playback.let_go()
        self.queue.close(keeps_untouched=self.preferences.keeps)
        self.pool.close()
        self.page.handle.clean_up()
        event.accept()


class _Scan:
    """Looks for recordings in folders."""

    def __init__(self, paths: tuple[Path, ...]) -> None:
        self._paths = paths

    def __call__(self, *, is_cancelled: Callable[[], bool], **_callbacks: object) -> list[Path]:
        return find_recordings(self._paths, is_cancelled=is_cancelled)


class _WarmUp:
    """Imports torch and loads the model."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, **_callbacks: object) -> EngineInfo:
        return self._engine.info()


class _Opener:
    """Opens one recent file."""

    def __init__(self, window: MainWindow, path: Path) -> None:
        self._window = window
        self._path = path

    def __call__(self, _checked: bool = False) -> None:
        self._window.open_paths([self._path])


def _to_base64(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")


def _from_base64(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "replace"))


def _local_paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
