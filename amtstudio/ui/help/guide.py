"""The guide that ships with the program, in the language of the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from amtstudio.resources import resource_path
from amtstudio.ui.translation import current_language

_WIDTH, _HEIGHT = 720, 640


class Guide(QDialog):
    """Stays open beside the window, so that one can read and try."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Guide"))
        self.browser = QTextBrowser()
        self.browser.setAccessibleName(self.windowTitle())
        self.browser.setHtml(_read(guide_path(current_language())))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.browser)
        layout.addWidget(buttons)
        self.resize(_WIDTH, _HEIGHT)


def guide_path(language: str) -> Path:
    """The guide in a language, such as ``de``; English where there is none."""
    found = resource_path("guide", f"guide.{language}.html")
    return found if found.is_file() else resource_path("guide", "guide.en.html")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        return f"{path}: {error.strerror}"
