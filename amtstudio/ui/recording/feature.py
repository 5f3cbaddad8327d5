"""Recording in the window: where its parts are shown, and what becomes of a take."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QMessageBox

from amtstudio.models import list_models
from amtstudio.profiles import model_while_playing
from amtstudio.settings import Settings
from amtstudio.ui.jobs import Job
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.recording.bar import RecordBar
from amtstudio.ui.recording.controller import FinishedTake, RecordingController
from amtstudio.ui.recording.discarding import TakeDiscarding
from amtstudio.ui.recording.offer import OfferBar
from amtstudio.ui.recording.page import RecordPage
from amtstudio.ui.recording.take_folder import TakeFolder
from amtstudio.ui.shell import Shell
from amtstudio.workbench.takes.unfinished import RepairedTake, repair_unfinished_takes
from amtstudio.workbench.transcribing import LIVE_MODELS

logger = logging.getLogger("amtstudio.ui")


class Recording(QObject):
    """Puts the recorder into a window.

    While a take is made, transcriptions wait: the sound and its notes come first.
    """

    failed = Signal(Exception)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._queue = shell.queue
        self._repair: Job | None = None
        self._page: RecordPage | None = None
        self.controller = RecordingController(shell.queue.engine, shell.pool, self)
        self.bar = RecordBar(self.controller)
        self.offer_bar = OfferBar()
        self.discarding = TakeDiscarding(shell.queue, shell.pool, self.take_folder, shell)
        for bar in (self.offer_bar, self.discarding.banner, self.bar):
            shell.add_bar(bar)
        self.bar.hide()
        self._connect()
        self._add_entries()
        self._restore(shell.preferences.settings)

    def _connect(self) -> None:
        shell, controller = self._shell, self.controller
        self.bar.close_wanted.connect(self.close_panel)
        self.bar.show_wanted.connect(self._show_take)
        self.offer_bar.open_wanted.connect(shell.open_wanted)
        controller.changed.connect(self._tell_availability)
        controller.about_to_begin.connect(self._choose_first_model)
        controller.began.connect(self._begin)
        controller.finished.connect(self._finish)
        controller.failed.connect(self._fail)
        controller.devices.about_to_rescan.connect(shell.playback.let_go)
        self.failed.connect(shell.show_error)
        self.take_folder.refused.connect(self.failed)
        self.take_folder.changed.connect(self._keep_folder)
        self.discarding.failed.connect(self.failed)
        self.discarding.open_wanted.connect(shell.open_wanted)
        shell.empty_page.record_wanted.connect(self.open_panel)
        shell.empty_page.look_again_wanted.connect(self.look_again)
        shell.item_shown.connect(self._follow_item)
        shell.row_menu_wanted.connect(self._add_to_row)
        shell.take_folder_wanted.connect(self.take_folder.choose)
        shell.preferences.changed.connect(self._follow)
        shell.close_checks.append(self.may_close)
        shell.closing.connect(self._keep_take)
        shell.keepers.append(self.remembered)
        shell.idle_checks += [
            lambda: self.is_idle,
            lambda: self.take_folder.is_idle,
            lambda: self.discarding.is_idle,
        ]
        if shell.preferences.keeps:
            shell.begun.connect(self.begin)

    def _add_entries(self) -> None:
        section, tr = self._shell.section("file", "record"), self.tr
        self.action = section.add(tr("Start or Stop &Recording"), self.toggle, "R", "Ctrl+Space")
        section.add(tr("Recor&der…"), self.open_panel, "Shift+R")
        self.discard_action = section.add(
            tr("Move the Ta&ke to the Trash…"), self._discard, needs=self._can_discard
        )

    @property
    def is_idle(self) -> bool:
        return self.controller.is_idle

    @property
    def take_folder(self) -> TakeFolder:
        return self.controller.take_folder

    @property
    def has_page(self) -> bool:
        """Whether there is a take to show in the place of the empty state."""
        return self._page is not None and self._page.take is not None

    @property
    def page(self) -> RecordPage:
        """Made with the first take: a quarter of the time that a window takes to build."""
        if self._page is None:
            self._page = RecordPage()
        return self._page

    def _leave_page(self) -> None:
        if self._page is not None:
            self._page.set_take(None)

    # -- from one run to the next -----------------------------------------------------------------

    def _restore(self, settings: Settings) -> None:
        self.take_folder.follow(settings.recordings_folder)
        self.controller.devices.choose(settings.input_device)
        self.controller.keyboards.choose(settings.midi_keyboard)
        if settings.live_model in list_models():
            self._queue.engine.first_live = settings.live_model

    def remembered(self, settings: Settings) -> Settings:
        """The settings with what was chosen here."""
        return replace(
            settings,
            input_device=self.controller.devices.chosen,
            midi_keyboard=self.controller.keyboards.chosen,
            live_model=self._queue.engine.first_live,
        )

    def _follow(self, _before: Settings, after: Settings) -> None:
        self.take_folder.follow(after.recordings_folder)

    def _keep_folder(self, name: str) -> None:
        self._shell.preferences.change(recordings_folder=name)

    def begin(self) -> None:
        """Look for microphones, and for takes that were cut short."""
        self.controller.look_for_devices()
        self._repair = Job(repair_unfinished_takes)
        self._repair.signals.finished.connect(self._offer)
        self._shell.pool.start(self._repair)

    def _offer(self, takes: Sequence[RepairedTake]) -> None:
        self.offer_bar.offer(takes)

    # -- wishes -----------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Record at once, or stop."""
        if self.is_idle and not self.controller.can_record:
            self.open_panel()  # it says why
            return
        self.controller.toggle()

    def open_panel(self) -> None:
        """Show the recorder, with the level of the input."""
        if self.is_idle and self.controller.devices.devices is None:
            self.controller.look_for_devices()
        self.bar.show()
        self.bar.record_button.setFocus()
        self.controller.arm()

    def look_again(self) -> None:
        """Look for microphones that were plugged in since."""
        self.controller.look_for_devices(rescan=True)

    def close_panel(self) -> None:
        self.controller.disarm()
        self.bar.hide()

    def may_close(self) -> bool:
        """Whether the window may be closed: asked while a take is made."""
        if self.is_idle:
            return True
        box = QMessageBox(self._shell)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(self.tr("Recording is in progress. Stop it and close?"))
        box.setInformativeText(self.tr("What was played so far is kept."))
        stop = box.addButton(self.tr("Stop and close"), QMessageBox.ButtonRole.AcceptRole)
        go_on = box.addButton(self.tr("Keep recording"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(go_on)
        box.setEscapeButton(go_on)
        box.exec()
        return box.clickedButton() is stop

    def close(self) -> Path | None:
        """End what runs; returns the take that was kept, if there is one."""
        self._leave_page()
        kept = self.controller.close()
        self._queue.release()
        return kept

    def _keep_take(self) -> None:
        if (take := self.close()) is not None:
            self._shell.preferences.remember_file(take)

    def _can_discard(self) -> bool:
        return self.discarding.can_discard(self._shell.item)

    def _discard(self) -> None:
        self.discarding.ask_and_discard(self._shell.item)

    def _add_to_row(self, item: QueueItem, menu: QMenu) -> None:
        if self.discarding.can_discard(item):
            menu.addAction(
                self.tr("Move the Take to the Trash…"),
                partial(self.discarding.ask_and_discard, item),
            )

    # -- answers ----------------------------------------------------------------------------------

    def _follow_item(self, item: QueueItem | None) -> None:
        self.bar.set_shows_take(item is None)

    def _show_take(self) -> None:
        """The take that is made, or what was there before it."""
        self._shell.stand_in(self.page if self.has_page else None)

    def _choose_first_model(self) -> None:
        """A take begins with the model of the recording that is open, if it was transcribed."""
        item = self._shell.item
        models = item.document.models if item is not None and item.document.is_transcribed else ()
        for model in (model_while_playing(name)[0] for name in models):
            if model in LIVE_MODELS:
                self._queue.engine.first_live = model
                return

    def _begin(self) -> None:
        self._queue.hold()
        self._shell.playback.set_recording(True)  # nothing plays meanwhile
        self.page.set_take(self.controller.take)
        self.bar.show()
        self._show_take()

    def _finish(self, finished: FinishedTake) -> None:
        self._end_take()
        self.discarding.add_take(finished.path)
        item = self._queue.add(finished.path)
        item.warnings += finished.warnings
        # Until the whole take is transcribed, the notes found live.
        item.document.set_candidates(finished.notes)
        self._shell.preferences.remember_file(item.document.path)
        self._shell.show_item(item)

    def _fail(self, error: Exception) -> None:
        logger.warning("recording: %s", error)
        self._end_take()
        self.failed.emit(error)

    def _end_take(self) -> None:
        had_page = self.has_page
        self._leave_page()
        self.bar.hide()
        self._queue.release()
        self._shell.playback.set_recording(False)
        if had_page:
            self._show_take()

    def _tell_availability(self) -> None:
        self._shell.empty_page.set_no_recording(self.controller.devices.reason)
