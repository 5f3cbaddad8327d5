"""The settings while the window is open: one place to read and change them, kept soon after."""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from amtstudio.errors import AmtStudioError
from amtstudio.settings import Settings, load_settings, save_settings

logger = logging.getLogger("amtstudio.ui")

_SAVE_AFTER_MS = 400  # a slider that is dragged is saved once


class Preferences(QObject):
    """Holds the settings of one window.

    Parameters
    ----------
    keeps : bool
        Whether they are read from the user's file and written to it; else they are the defaults.
    """

    changed = Signal(Settings, Settings)  # before and after

    def __init__(self, *, keeps: bool = True, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keeps = keeps
        self._settings = load_settings() if keeps else Settings()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.save)

    @property
    def settings(self) -> Settings:
        return self._settings

    def change(self, **changes: Any) -> None:
        """Change settings by their names. Raises ``ValueError`` for bad values."""
        self.take(replace(self._settings, **changes))

    def take(self, settings: Settings) -> None:
        before, self._settings = self._settings, settings
        if settings != before:
            self._timer.start(_SAVE_AFTER_MS)
            self.changed.emit(before, settings)

    def remember_file(self, path: Path) -> None:
        """Put a file at the head of the recent ones."""
        self.take(self._settings.with_recent(path))

    def save(self) -> None:
        """Write them now. If it fails, that is only logged: closing a window must not fail."""
        self._timer.stop()
        if not self.keeps:
            return
        try:
            save_settings(self._settings)
        except AmtStudioError as error:
            logger.warning("%s", error)
