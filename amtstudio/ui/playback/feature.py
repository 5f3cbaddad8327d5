"""Puts playback into a window: the bar below the notes, the menu, the keys."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.key_keeper import KeyKeeper
from amtstudio.ui.playback.actions import PlaybackActions
from amtstudio.ui.playback.cursor_follower import CursorFollower
from amtstudio.ui.playback.transport import TransportBar
from amtstudio.ui.shell import Shell


class Playback(QObject):
    """Lets the user play what the shell's player has loaded."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        controller = shell.playback
        self.actions = PlaybackActions(
            controller, CursorFollower(controller, shell.page), shell.page
        )
        self.transport = TransportBar(controller, self.actions)
        shell.page.add_below(self.transport)
        shell.installEventFilter(KeyKeeper(shell))
        self.actions.fill(shell.section("playback", "playback"))
        shell.keys_changed.connect(self.actions.refresh)  # the tips name the keys
        shell.begun.connect(controller.look_for_devices)
        controller.instruments.refused.connect(shell.show_error)
        controller.instruments.changed.connect(
            lambda name: shell.preferences.change(soundfont=name)
        )
        shell.preferences.changed.connect(
            lambda _before, after: controller.instruments.follow(after.soundfont)
        )
