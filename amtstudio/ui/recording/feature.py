"""Recording in the window: where its parts are shown, and what becomes of a take."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QMessageBox, QVBoxLayout, QWidget

from amtstudio.settings import Settings
from amtstudio.ui.empty_page import EmptyPage
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.queue import QueueItem, TranscriptionQueue
from amtstudio.ui.recording.bar import RecordBar
from amtstudio.ui.recording.controller import FinishedTake, RecordingController
from amtstudio.ui.recording.discarding import TakeDiscarding
from amtstudio.ui.recording.offer import OfferBar, RepairedTake, repair_unfinished_takes
from amtstudio.ui.recording.page import RecordPage
from amtstudio.ui.recording.take_folder import TakeFolder

logger = logging.getLogger("amtstudio.ui")


class Recording(QObject):
    """Puts the recorder into a window.

    While a take is made, transcriptions wait: the sound and its notes come first.
    """

    shown = Signal()  # the take is to be in view
    take_added = Signal(QueueItem)
    failed = Signal(Exception)
    open_wanted = Signal(list)  # of Path
    is_on_changed = Signal(bool)  # whether a take is made
    availability_changed = Signal(str)  # why nothing can be recorded; empty: it can

    def __init__(self, queue: TranscriptionQueue, pool: JobPool, window: QWidget) -> None:
        super().__init__(window)
        self._queue = queue
        self._pool = pool
        self._window = window
        self._repair: Job | None = None
        self.controller = RecordingController(queue.engine, pool, self)
        self.bar = RecordBar(self.controller)
        self.offer_bar = OfferBar()
        self._page: RecordPage | None = None
        self.bar.hide()
        self.bar.close_wanted.connect(self.close_panel)
        self.bar.show_wanted.connect(self.shown)
        self.offer_bar.open_wanted.connect(self.open_wanted)
        self.controller.changed.connect(self._tell_availability)
        self.controller.began.connect(self._begin)
        self.controller.finished.connect(self._finish)
        self.controller.failed.connect(self._fail)
        self.take_folder.refused.connect(self.failed)
        self.discarding = TakeDiscarding(queue, pool, self.take_folder, window)
        self.discarding.failed.connect(self.failed)
        self.discarding.open_wanted.connect(self.open_wanted)

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

    def wrap(self, content: QWidget) -> QWidget:
        """``content`` with the bars of the recorder above it."""
        widget = QWidget()
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.offer_bar, self.discarding.banner, self.bar):
            layout.addWidget(part)
        layout.addWidget(content, 1)
        return widget

    def serve(self, empty_page: EmptyPage) -> None:
        """Answer what is asked for there, and tell there why it cannot be."""
        empty_page.record_wanted.connect(self.open_panel)
        empty_page.look_again_wanted.connect(self.look_again)
        self.availability_changed.connect(empty_page.set_no_recording)

    # -- from one run to the next -----------------------------------------------------------------

    def begin_soon(self) -> None:
        """Once the window is painted: look for microphones, and for takes that were cut short."""
        QTimer.singleShot(0, self._begin_looking)

    def restore(self, settings: Settings) -> None:
        self.take_folder.follow(settings.recordings_folder)
        self.controller.devices.choose(settings.input_device)
        self.controller.keyboards.choose(settings.midi_keyboard)

    def remembered(self, settings: Settings) -> Settings:
        """The settings with what was chosen here."""
        return replace(
            settings,
            input_device=self.controller.devices.chosen,
            midi_keyboard=self.controller.keyboards.chosen,
        )

    def _begin_looking(self) -> None:
        self.controller.look_for_devices()
        self._repair = Job(repair_unfinished_takes)
        self._repair.signals.finished.connect(self._offer)
        self._pool.start(self._repair)

    def _offer(self, takes: Sequence[RepairedTake]) -> None:
        self.offer_bar.offer(takes)

    # -- wishes -----------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Record at once, or stop."""
        if self.is_idle and not self.controller.can_record:
            self.open_panel()  # it tells why
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
        box = QMessageBox(self._window)
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

    # -- answers ----------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._queue.hold()
        self.is_on_changed.emit(True)
        self.page.set_take(self.controller.take)
        self.bar.show()
        self.shown.emit()

    def _finish(self, finished: FinishedTake) -> None:
        self._end_take()
        self.discarding.add_take(finished.path)
        item = self._queue.add(finished.path)
        item.warnings += finished.warnings
        # Until the whole is transcribed, what was heard meanwhile.
        item.document.set_candidates(finished.notes)
        self.take_added.emit(item)

    def _fail(self, error: Exception) -> None:
        logger.warning("recording: %s", error)
        self._end_take()
        self.failed.emit(error)

    def _end_take(self) -> None:
        had_page = self.has_page
        self._leave_page()
        self.bar.hide()
        self._queue.release()
        self.is_on_changed.emit(False)
        if had_page:
            self.shown.emit()

    def _tell_availability(self) -> None:
        self.availability_changed.emit(self.controller.devices.reason)
