"""Dark or light: as the system, also when that changes, or as the user wants it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from amtstudio.ui import theme

_SCHEMES = {
    "system": Qt.ColorScheme.Unknown,
    "light": Qt.ColorScheme.Light,
    "dark": Qt.ColorScheme.Dark,
}


class Appearance(QObject):
    """Keeps the palette of the program in step with the choice and with the system."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.name = "system"
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._follow)

    def set(self, name: str) -> None:
        """``system``, ``light`` or ``dark``."""
        if name != self.name:
            self.name = name
            theme.set_appearance(_SCHEMES[name])

    def _follow(self, scheme: Qt.ColorScheme) -> None:
        """The system has changed. Qt exchanges its palette as a rule, and not everywhere."""
        if self.name == "system":
            theme.show_scheme(scheme)
