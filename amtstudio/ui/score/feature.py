"""The score in the window: a panel below the notes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.notation import NotationSettings
from amtstudio.ui.score.panel import ScorePanel
from amtstudio.ui.shell import Shell


class Score(QObject):
    """Shows the notes as a score, and keeps how the user wants it written."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        panel = self.panel = ScorePanel(shell.editor, shell.playback, shell.pool)
        self.dock = shell.add_dock(
            self.tr("Score"), "score", panel, is_below=True, key="Ctrl+Shift+L"
        )
        panel.set_settings(NotationSettings.of_text(shell.preferences.settings.score))
        panel.settings_changed.connect(self._keep)
        panel.reveal_wanted.connect(shell.page.roll.reveal)
        shell.follow_document(panel.set_document)
        shell.idle_checks.append(lambda: panel.is_idle)

    def _keep(self, settings: NotationSettings) -> None:
        self._shell.preferences.change(score=settings.to_text())
