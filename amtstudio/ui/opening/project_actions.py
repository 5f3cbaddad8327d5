"""The window's actions on the project of the document that it shows."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from amtstudio.session import AudioStatus
from amtstudio.ui.banner import Banner
from amtstudio.ui.document import Document
from amtstudio.ui.opening.project_banners import ProjectBanners
from amtstudio.ui.projects import Projects


class ProjectActions(QObject):
    """Saves the document that is shown, and says what there is to say about projects."""

    said = Signal(str)
    unsaved_found = Signal(list)  # of QAction: one for each piece of unsaved work

    def __init__(self, projects: Projects) -> None:
        super().__init__(projects)
        self._projects = projects
        self._document: Document | None = None
        self._banners: ProjectBanners | None = None

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

    def can_revert(self) -> bool:
        return self._document is not None and self._document.can_revert

    def revert(self) -> None:
        """Go back to what was last saved or opened, which can be undone."""
        document = self._document
        if document is not None and document.can_revert and document.edits is not None:
            document.settle()
            document.edits.revert()
            self.said.emit(
                self.tr("The project is as it was last saved. Undo brings your edits back.")
            )

    def lacks_recording(self) -> bool:
        """Whether the recording is not where it was, or another file is in its place."""
        project = None if self._document is None else self._document.project
        lacking = (AudioStatus.MISSING, AudioStatus.CHANGED)
        return project is not None and project.audio_status in lacking

    def find_recording(self) -> None:
        if self._document is not None:
            self._projects.ask_and_relink(self._document)

    def save_as(self) -> None:
        if self._document is not None:
            self._projects.ask_and_save_as(self._document)
