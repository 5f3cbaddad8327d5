"""Transcribing in the window: the list of recordings, the menu, the badge of the device."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from amtstudio.settings import Settings
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.shell import Shell
from amtstudio.ui.transcribe.actions import TranscribeActions
from amtstudio.ui.transcribe.device_badge import DeviceBadge
from amtstudio.ui.transcribe.model_loading import ModelLoader
from amtstudio.ui.transcribe.model_menu import ModelMenu
from amtstudio.ui.transcribe.queue_panel import QueuePanel

# Settings, and what decoding calls them.
_THRESHOLDS = {
    "onset_threshold": "onset_threshold",
    "frame_threshold": "frame_threshold",
    "minimum_duration_s": "drop_shorter_than_s",
}


class Transcribing(QObject):
    """Has recordings transcribed as the user and the preferences wish."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.badge = DeviceBadge()
        self.loader = ModelLoader(shell.queue.engine, shell.pool, self.badge, self)
        self.actions = TranscribeActions(shell.queue, shell.page)
        self.queue_panel = QueuePanel(shell.queue)
        self.dock = shell.add_dock(self.tr("Recordings"), "queue", self.queue_panel)
        shell.add_status(self.badge)
        self._add_entries()
        self._connect()
        self._set_thresholds(shell.preferences.settings)

    def _connect(self) -> None:
        shell, panel = self._shell, self.queue_panel
        self.badge.failed.connect(shell.show_error)
        self.badge.reason_changed.connect(self._tell_device)
        self._tell_device(self.badge.reason)
        self.actions.said.connect(shell.say)
        panel.view.chosen.connect(shell.show_item)
        panel.view.retry_wanted.connect(self.actions.ask_and_retry)
        panel.view.menu_wanted.connect(shell.row_menu_wanted)
        shell.row_menu_wanted.connect(self.model_menu.add_to_row)
        shell.row_menu_wanted.connect(self._add_tracks)
        shell.item_shown.connect(self.model_menu.set_item)
        shell.queue.engine_ready.connect(self.badge.set_info)
        shell.item_shown.connect(self.actions.set_item)
        shell.item_shown.connect(panel.set_chosen)
        shell.transcription_wanted.connect(self.actions.ask_and_transcribe_with)
        shell.begun.connect(self.loader.load)
        shell.preferences.changed.connect(self._follow)

    def _add_entries(self) -> None:
        shell, actions, tr = self._shell, self.actions, self.tr
        menu = shell.section("transcribe", "transcribe")
        for text, slot, key in (
            (tr("&Pause or Resume"), actions.toggle_pause, "Ctrl+P"),
            (tr("&Cancel"), actions.cancel, "Ctrl+."),
            (tr("Transcribe &Again"), actions.ask_and_retry, "Ctrl+R"),
        ):
            menu.add(text, slot, key, needs=shell.has_document)
        menu.add(tr("&Instruments…"), actions.ask_instruments, needs=shell.has_document)
        self.model_menu = ModelMenu(
            menu.add_menu(tr("&Model")).menu,
            shell.queue.engine,
            choose=actions.ask_and_use_model,
            keep=lambda name: shell.preferences.change(model=name),
        )
        shell.page.add_to_header(self.model_menu.button)
        menu.add(
            tr("Transcribe a Par&t…"), actions.ask_part, "Ctrl+Shift+R", needs=shell.has_document
        )
        menu.add(
            tr("Transcribe Only the &Marked Part"),
            actions.transcribe_marked,
            "Ctrl+Shift+M",
            needs=shell.has_range,
        )

    def _tell_device(self, reason: str) -> None:
        self._shell.device_text = reason

    def _add_tracks(self, item: QueueItem, menu: QMenu) -> None:
        info = item.document.info
        if info is None or not info.tracks:
            return
        tracks = menu.addMenu(self.tr("Sound Track"))
        for number, description in enumerate(info.tracks, start=1):
            action = tracks.addAction(f"{number}: {description}")
            action.setCheckable(True)
            action.setChecked(number == info.track)
            action.triggered.connect(partial(self._take_track, item, number))

    def _take_track(self, item: QueueItem, track: int, _checked: bool = False) -> None:
        self._shell.queue.transcribe_track(item, track)

    def _follow(self, before: Settings, after: Settings) -> None:
        self._set_thresholds(after)
        if before.device != after.device:
            self._shell.queue.engine.set_device(after.device)
            self.loader.load_anew()

    def _set_thresholds(self, settings: Settings) -> None:
        self._shell.queue.own_thresholds = {
            name: value
            for setting, name in _THRESHOLDS.items()
            if (value := getattr(settings, setting)) is not None
        }
