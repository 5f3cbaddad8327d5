"""What the window does with the project of the document that it shows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from amtstudio.ui.banner import Banner
from amtstudio.ui.document import Document
from amtstudio.ui.opening.files import Opening
from amtstudio.ui.opening.project_banners import ProjectBanners
from amtstudio.ui.projects import Projects


class ProjectActions(QObject):
    """Saves the document that is shown, and says what there is to say about projects.

    Attributes
    ----------
    failures : list of (file, error)
        Of projects, while no one looks.
    """

    saved = Signal(object)  # Path
    failed = Signal(Exception)
    unsaved_found = Signal(list)  # of QAction: one for each piece of unsaved work

    def __init__(self, projects: Projects, opening: Opening, *, is_looked_at: bool) -> None:
        super().__init__(projects)
        self._projects = projects
        self._opening = opening
        self._is_looked_at = is_looked_at
        self._document: Document | None = None
        self._banners: ProjectBanners | None = None
        self.failures: list[tuple[str, Exception]] = []
        projects.saved.connect(self._tell_saved)
        projects.failed.connect(self._fail)

    def add_banners(self, page_banner: Banner, window_banner: Banner, unsaved_menu: QMenu) -> None:
        """Say it here."""
        self._banners = ProjectBanners(self._projects, page_banner, window_banner, unsaved_menu)
        self._banners.filled.connect(self.unsaved_found)

    def set_document(self, document: Document | None) -> None:
        self._document = document
        if self._banners is not None:
            self._banners.set_document(document)

    def save(self) -> None:
        if self._document is not None:
            self._projects.save(self._document)

    def save_as(self) -> None:
        if self._document is not None:
            self._projects.ask_and_save_as(self._document)

    def _tell_saved(self, path: Path) -> None:
        self._opening.remember(path)
        self.saved.emit(path)

    def _fail(self, path: Path, error: Exception) -> None:
        if self._is_looked_at:
            self.failed.emit(error)
        else:  # of a picture: told when the window is closed
            self.failures.append((str(path), error))
