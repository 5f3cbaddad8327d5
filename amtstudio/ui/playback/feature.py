"""Puts playback into a window: what plays, the bar below the notes, the keys."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from amtstudio.settings import Settings
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.jobs import JobPool
from amtstudio.ui.key_keeper import KeyKeeper
from amtstudio.ui.playback.actions import PlaybackActions
from amtstudio.ui.playback.cursor_follower import CursorFollower
from amtstudio.ui.playback.transport import TransportBar
from amtstudio.ui.playback_controller import PlaybackController
from amtstudio.ui.recording.feature import Recording
from amtstudio.ui.sound_devices import SoundSystem


class PlaybackParts(QObject):
    """Makes the parts of the playback and connects them with one another."""

    def __init__(
        self,
        window: QMainWindow,
        page: DocumentPage,
        pool: JobPool,
        sound: SoundSystem,
        settings: Settings,
    ) -> None:
        super().__init__(window)
        self.controller = PlaybackController(
            pool,
            page.time_selection,
            sound,
            device=settings.output_device,
            soundfont=settings.soundfont,
            volume=settings.volume,
            parent=window,
        )
        follower = CursorFollower(self.controller, page)
        self.actions = PlaybackActions(self.controller, follower, page)
        self.transport = TransportBar(self.controller, self.actions)
        page.add_below(self.transport)
        window.installEventFilter(KeyKeeper(window))

    def give_way_to(self, recording: Recording) -> None:
        """While a take is made, nothing plays; nor while the sound system looks around."""
        recording.is_on_changed.connect(self.controller.set_recording)
        recording.controller.devices.about_to_rescan.connect(self.controller.let_go)

    def remembered(self, settings: Settings) -> Settings:
        """The settings with what was chosen here."""
        controller = self.controller
        return replace(settings, output_device=controller.devices.wanted, volume=controller.volume)
