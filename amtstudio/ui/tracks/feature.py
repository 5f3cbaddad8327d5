"""The tracks in the window: a panel on the right."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.shell import Shell
from amtstudio.ui.tracks.panel import TracksPanel


class Tracks(QObject):
    """Shows the tracks of the document, and has single ones dragged and saved."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self.panel = TracksPanel(shell.editor)
        self.dock = shell.add_dock(self.tr("Tracks"), "tracks", self.panel, is_behind_first=True)
        self.panel.drag_wanted.connect(shell.page.handle.drag)
        self.panel.save_wanted.connect(shell.track_export_wanted)
        shell.follow_document(self.panel.set_document)
