"""The window without its features, and what these may ask of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QTabBar, QWidget

from amtstudio.settings import Settings
from amtstudio.symbolic import Track
from amtstudio.ui.banner import Banner
from amtstudio.ui.document import Document
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.editor import Editor
from amtstudio.ui.empty_page import DropOverlay, EmptyPage
from amtstudio.ui.error_box import ErrorBox
from amtstudio.ui.failure import describe
from amtstudio.ui.garbage import collect_on_this_thread
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.menus import Menus, Section
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.projects import Projects
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.roll.lane import Lane
from amtstudio.ui.roll_menu import RollMenu
from amtstudio.ui.sound_devices import MachineSound, SoundSystem
from amtstudio.ui.window_layout import WindowLayout
from amtstudio.workbench.transcribing import Engine

_MESSAGE_MS = 8000

T = TypeVar("T")


class Shell(QMainWindow):
    """Shows recordings, one at a time, and has places for what features bring.

    A feature is a class that is constructed with the shell; see ``MainWindow``. It adds its entries
    with ``section``, its panels with ``add_dock``, its lanes with ``add_lane``, its bars and
    banners with ``add_bar`` and ``banner``. It follows what is shown by ``item_shown`` and the
    settings by ``preferences.changed``. It knows no other feature: requests to another feature are
    signals here, to which the feature that can do it is connected; without one, nothing happens.

    Parameters
    ----------
    engine : Engine
    keeps_state : bool
        Whether it looks as it did in the last run, and is remembered for the next.
    sound : SoundSystem, optional
        What is played on; by default the devices of this machine.

    Attributes
    ----------
    preferences : Preferences
    pool : JobPool
        Runs what takes time, beside the thread of the window.
    queue : TranscriptionQueue
        The recordings that are open.
    projects : Projects
    page : DocumentPage
        With the roll, the overview, the strip of instruments and the handle to drag MIDI by.
    empty_page : EmptyPage
        What is there before anything is open.
    editor : Editor
        Edits the notes of the document that is shown.
    playback : PlaybackController
        Plays the document that is shown.
    menus : Menus
    roll_menu : RollMenu
        Of the right mouse button over the notes.
    idle_checks : list of callables
        Each says whether a feature has nothing left to do.
    close_checks : list of callables
        Each says whether the window may close, and may ask the user.
    keepers : list of callables
        Each takes the settings, and returns them with what is to be found again in the next run.
    device_text : str
        On what the models compute, and why.
    failures : list of (file, error)
        What went wrong with projects while no one looked.
    """

    item_leaving = Signal()  # another item is about to be shown
    item_shown = Signal(object)  # QueueItem or None: the empty state
    begun = Signal()  # the window is painted: what may take a while can be looked for
    closing = Signal()  # for good: end what runs
    full_screen_changed = Signal(bool)

    # What features want of one another.
    open_wanted = Signal(list)  # of Path: files and folders
    transcription_wanted = Signal(QueueItem, str)  # again, by a personal profile; "": without
    instruments_wanted = Signal(QueueItem, str)  # listened for again, by a profile
    track_export_wanted = Signal(Track, str)  # in a format, by its name
    take_folder_wanted = Signal(str)  # for takes; empty: the usual one
    row_menu_wanted = Signal(QueueItem, QMenu)  # of a row of the list: add to it what you can do
    keys_changed = Signal()  # the user has given other keys to entries

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
        self._item: QueueItem | None = None
        self._features: list[object] = []
        self._lane_entries: dict[str, QAction] = {}
        self._asks = True
        self.close_checks: list[Callable[[], bool]] = []
        self.keepers: list[Callable[[Settings], Settings]] = []
        self.device_text = ""
        self.failures: list[tuple[str, Exception]] = []
        self.preferences = Preferences(keeps=keeps_state, parent=self)
        settings = self.preferences.settings
        self.pool = JobPool()
        self.queue = TranscriptionQueue(engine, self.pool, self)
        self.projects = Projects(self.queue, self.pool, self)
        self.page = DocumentPage()
        self.empty_page = EmptyPage()
        self.editor = Editor(self.page.time_selection, self)
        self.page.roll.set_editor(self.editor)
        self.playback = PlaybackController(
            self.pool,
            self.page.time_selection,
            sound or MachineSound(),
            device=settings.output_device,
            soundfont=settings.soundfont,
            volume=settings.volume,
            parent=self,
        )
        self.idle_checks: list[Callable[[], bool]] = [
            lambda: self.pool.is_idle,
            lambda: self.projects.is_idle,
            lambda: self.queue.is_idle,
            lambda: self.playback.instruments.is_idle,
        ]
        self.menus = Menus(self)
        self.roll_menu = RollMenu(self.page.roll, self.editor)
        self.setWindowTitle("AMT Studio")
        self.setAcceptDrops(True)
        self._layout = WindowLayout(self, self.page, self.empty_page)
        self.statusBar().addWidget(self.page.read_out, 1)
        self._overlay = DropOverlay(self)
        self._connect()

    def _connect(self) -> None:
        for part in (self.page.handle, self.editor):
            part.failed.connect(self.show_error)
        self.editor.said.connect(self.say)
        self.editor.selection.changed.connect(self.menus.refresh)
        self.page.time_selection.changed.connect(self.menus.refresh)
        self.page.roll.lane_wanted.connect(self._unfold)
        self.queue.removed.connect(self._forget)
        self.projects.opened.connect(self.show_item)
        self.projects.saved.connect(self._show_saved)
        self.item_shown.connect(self.page.set_item)
        self.follow_document(self.playback.set_document)
        self.follow_document(self.editor.set_document)
        self.closing.connect(self.playback.let_go)
        self.keepers.append(self._keep_playback)

    def _keep_playback(self, settings: Settings) -> Settings:
        playback = self.playback
        return replace(settings, output_device=playback.devices.wanted, volume=playback.volume)

    # -- features ---------------------------------------------------------------------------------

    def install(self, feature: Callable[[Shell], T]) -> T:
        """Let a feature put its parts into the window."""
        made = feature(self)
        self._features.append(made)
        return made

    def finish(self) -> None:
        """All features are there."""
        section = self.section("file", "close")
        section.add(self.tr("&Close"), self.close, QKeySequence.StandardKey.Close)
        section.add(self.tr("&Quit"), self.close, "Ctrl+Q").setMenuRole(QAction.MenuRole.QuitRole)
        settings = self.preferences.settings
        self.menus.finish(settings.shortcuts)
        self._layout.set_first_size()
        self._layout.restore(settings)
        self.show_item(None)

    def feature(self, kind: type[T]) -> T:
        """The feature of this class. Raises ``LookupError`` if the window does not have it."""
        for feature in self._features:
            if isinstance(feature, kind):
                return feature
        raise LookupError(f"the window has no {kind.__name__}")

    def section(self, menu: str, name: str) -> Section:
        """Where entries of a menu go; see ``menus`` for the names."""
        return self.menus.section(menu, name)

    def add_dock(
        self,
        title: str,
        name: str,
        content: QWidget,
        *,
        is_behind_first: bool = False,
        is_below: bool = False,
        key: str = "",
    ) -> QDockWidget:
        """Add a panel and its entry in the menu.

        Parameters
        ----------
        name : str
            Under which its place is kept from one run to the next.
        is_behind_first : bool
            As a tab behind the first panel, rather than below the others.
        is_below : bool
            Below the notes, and hidden at first, rather than on the right.
        key : str
            Shows and hides it.
        """
        if is_below:
            dock = self._layout.add_below(title, name, content)
        else:
            dock = self._layout.add_dock(title, name, content, is_behind_first=is_behind_first)
        action = dock.toggleViewAction()
        if key:
            action.setShortcut(QKeySequence(key))
        self.section("view", "tables" if is_below else "panels").put(action, is_listed=bool(key))
        return dock

    def add_lane(self, lane: Lane, text: str) -> QAction:
        """Put a lane beneath the notes; ``text`` is that of the entry that shows and hides it."""
        self.page.roll.add_lane(lane)
        return self.add_lane_entry(lane.name, text)

    def add_lane_entry(self, name: str, text: str) -> QAction:
        """Add an entry that shows and hides a lane that the roll has already."""
        roll = self.page.roll
        action = self.section("view", "lanes").add(text, lambda: None, checkable=True)
        action.setChecked(roll.lanes[name].is_wanted)
        action.toggled.connect(partial(roll.show_lane, name))
        self._lane_entries[name] = action
        return action

    def _unfold(self, name: str) -> None:
        if name in self._lane_entries:
            self._lane_entries[name].setChecked(True)

    def add_bar(self, bar: QWidget, *, is_on_top: bool = False) -> None:
        """Put a bar above the page: below those that are there, or on top of them."""
        self._layout.add_bar(bar, is_on_top=is_on_top)

    def banner(self, name: str, *, is_on_top: bool = False) -> Banner:
        """A banner above the page, by the name that a screen reader says."""
        banner = Banner(name)
        self.add_bar(banner, is_on_top=is_on_top)
        return banner

    def add_status(self, widget: QWidget) -> None:
        """Put something small into the status bar, always in sight."""
        self.statusBar().addPermanentWidget(widget)

    def follow_document(self, set_document: Callable[[Document | None], object]) -> None:
        """Tell a part which document is shown, whenever another one is."""
        self.item_shown.connect(lambda item: set_document(None if item is None else item.document))

    @property
    def docks(self) -> list[QDockWidget]:
        """The panels on the right."""
        return self._layout.docks

    @property
    def open_panels(self) -> tuple[str, ...]:
        """The names of the panels that the user has not closed."""
        return self._layout.open_panels

    @open_panels.setter
    def open_panels(self, names: tuple[str, ...]) -> None:
        self._layout.open_panels = names

    # -- what is said -----------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Say something in the status bar, for a while."""
        self.statusBar().showMessage(text, _MESSAGE_MS)

    def say_saved(self, path: Path) -> None:
        self.say(self.tr("Saved {path}").format(path=path))

    def show_error(self, error: Exception) -> None:
        """Show what went wrong, and what can be done."""
        ErrorBox(describe(error), self).exec()

    def fail_project(self, path: Path, error: Exception) -> None:
        """Show what went wrong; when taking a picture, it is reported once the window is closed."""
        if self.preferences.keeps:
            self.show_error(error)
        else:
            self.failures.append((str(path), error))

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def item(self) -> QueueItem | None:
        """The item that is shown."""
        return self._item

    @property
    def document(self) -> Document | None:
        return None if self._item is None else self._item.document

    def has_document(self) -> bool:
        return self._item is not None

    def has_notes(self) -> bool:
        return self._item is not None and self._item.document.is_transcribed

    def has_project(self) -> bool:
        return self._item is not None and self._item.document.edits is not None

    def has_range(self) -> bool:
        """Whether a stretch of time is marked."""
        return self._item is not None and not self.page.time_selection.is_empty

    @property
    def is_settled(self) -> bool:
        """Whether all requests are done and on the screen."""
        return all(is_idle() for is_idle in self.idle_checks) and all(
            item.redecoder.is_settled
            and item.document.is_settled
            and not self.queue.is_drawing(item)
            for item in self.queue.items
        )

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Put files on the list, and those in folders; show the first of them."""
        self.open_wanted.emit(list(paths))

    def show_item(self, item: QueueItem | None) -> None:
        """Show this recording; None: the empty state, or the page that stands in for it."""
        for signal, slot in self._item_signals():
            signal.disconnect(slot)
        self.item_leaving.emit()
        self._item = item
        for signal, slot in self._item_signals():
            signal.connect(slot)
        if item is not None:
            self.queue.draw(item)
        self.page.read_out.setVisible(item is not None)
        self._layout.show_page(has_item=item is not None)
        has_shown = item is not None or (self._layout.has_stand_in and bool(self.queue.items))
        if has_shown != self._layout.has_shown:
            self.preferences.take(self._remembered())
            self._layout.show_docks(has_shown, self.preferences.settings)
        self.item_shown.emit(item)
        self._show_title()
        self.menus.refresh()
        if item is not None:
            self.page.roll.setFocus()

    def stand_in(self, page: QWidget | None) -> None:
        """Show a page in place of the empty state, such as a take; None: the empty state again.

        It is shown at once; with None, what was there before it.
        """
        self._layout.set_stand_in(page)
        is_empty = page is not None or not self.queue.items
        self.show_item(None if is_empty else self._item or self.queue.items[-1])

    def _item_signals(self) -> list[tuple[SignalInstance, Callable[..., object]]]:
        if self._item is None:
            return []
        return [
            (self._item.changed, self.menus.refresh),
            (self._item.document.notes_changed, self.menus.refresh),
            (self._item.document.project_changed, self._show_saved),
        ]

    def _show_saved(self) -> None:
        """Whether there are changes since the project was saved, and where."""
        self._show_title()
        self.menus.refresh()

    def _show_title(self) -> None:
        document = self.document
        self.setWindowModified(document is not None and document.is_unsaved)
        title = "AMT Studio" if document is None else f"{document.title}[*] — AMT Studio"
        self.setWindowTitle(title)

    def _forget(self, item: QueueItem) -> None:
        if item is self._item:
            self.show_item(self.queue.items[0] if self.queue.items else None)
        item.deleteLater()

    # -- as a window ------------------------------------------------------------------------------

    def come_forward(self, paths: Sequence[Path] = ()) -> None:
        """Another start of the program: open its files here."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()
        self.open_paths(paths)

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

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show):
            # Qt leaves an empty bar where tabbed docks are hidden.
            direct = Qt.FindChildOption.FindDirectChildrenOnly
            for bar in self.findChildren(QTabBar, options=direct):
                policy = Qt.FocusPolicy.TabFocus if bar.count() else Qt.FocusPolicy.NoFocus
                bar.setFocusPolicy(policy)
        return done

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.WindowStateChange:
            self.full_screen_changed.emit(self.isFullScreen())
        super().changeEvent(event)

    # -- from one run to the next -----------------------------------------------------------------

    def begin(self) -> None:
        """Once the window is painted, let features look for what they need: models, devices."""
        QTimer.singleShot(0, self.begun.emit)

    def close_unasked(self) -> None:
        """Close whatever is going on, keep what it has made, and ask nothing."""
        self._asks = False
        self.close()

    def _remembered(self) -> Settings:
        """The settings with what is to be found again in the next run."""
        settings = self.preferences.settings
        for keep in (*self.keepers, self._layout.remembered):
            settings = keep(settings)
        return settings

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        if self._asks and not all(may_close() for may_close in self.close_checks):
            event.ignore()
            return
        self.closing.emit()
        self.preferences.take(self._remembered())
        self.preferences.save()
        self.queue.close(keeps_untouched=self.preferences.keeps)
        self.pool.close()
        self.page.handle.clean_up()
        event.accept()


def _local_paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
