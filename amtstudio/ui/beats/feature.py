"""Beats and bars in the window: their menu, and beats that are dragged in the ruler."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.beats.editing import BeatEditing
from amtstudio.ui.beats.menu import BeatMenu
from amtstudio.ui.shell import Shell


class Beats(QObject):
    """Has beats found and corrected."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.editing = BeatEditing(shell.queue.engine, shell.pool, shell.playback, shell)
        self.editing.said.connect(shell.say)
        self.editing.failed.connect(shell.show_error)
        shell.page.roll.beat_moved.connect(self.editing.move_beat)
        shell.follow_document(self.editing.set_document)
        self.menu = BeatMenu(shell, self.editing)
