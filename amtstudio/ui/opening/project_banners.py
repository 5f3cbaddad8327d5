"""Banners about projects: read-only, missing recording, unsaved work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from amtstudio.session import AudioStatus
from amtstudio.ui.banner import Banner
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.document import Document
from amtstudio.ui.plurals import counted
from amtstudio.ui.projects import Projects

_MOST_IN_MENU = 20

_Action = tuple[str, Callable[[], object]]


class ProjectBanners(QObject):
    """Keeps the banners in step with the document that is shown."""

    filled = Signal(list)  # of QAction: the menu of unsaved work

    def __init__(
        self, projects: Projects, page_banner: Banner, window_banner: Banner, menu: QMenu
    ) -> None:
        super().__init__(projects)
        self._projects = projects
        self._page_banner = page_banner
        self._window_banner = window_banner
        self._menu = menu
        self._document: Document | None = None
        self._offer_is_closed = False
        self._closed: WeakKeyDictionary[Document, set[str]] = WeakKeyDictionary()  # messages
        page_banner.closed.connect(self._close_message)
        window_banner.closed.connect(self._close_offer)
        projects.recoverable_found.connect(self._offer)
        self._fill_menu()

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.project_changed.disconnect(self._show)
        self._document = document
        if document is not None:
            document.project_changed.connect(self._show)
        self._show()

    def _show(self) -> None:
        """Show the first message on this document that the user has not closed."""
        closed = self._closed.get(self._document, set()) if self._document is not None else set()
        for text, actions in self._messages():
            if text not in closed:
                self._page_banner.show_text(text, actions)
                return
        self._page_banner.hide()

    def _messages(self) -> Iterator[tuple[str, Sequence[_Action]]]:
        document = self._document
        project = None if document is None else document.project
        if document is None or project is None:
            return
        if project.is_read_only:
            reason = project.read_only_reason.rstrip(".")
            yield (
                self.tr("This project is open for reading only. {reason}.").format(reason=reason),
                [(self.tr("Save a Copy…"), partial(self._projects.ask_and_save_as, document))],
            )
        elif project.problems:
            yield ". ".join(project.problems) + ".", []
        if project.audio is None:
            return
        if project.audio_status is AudioStatus.MISSING:
            yield (
                self.tr(
                    "The recording {name} is not where it was. The notes can be edited and"
                    " exported without it."
                ).format(name=project.audio.path.name),
                [(self.tr("Find It…"), partial(self._projects.ask_and_relink, document))],
            )
        elif project.audio_status is AudioStatus.CHANGED:
            path = project.audio.locate(project.path)[1]
            yield (
                self.tr(
                    "{name} is not the recording that these notes were made from: its content is"
                    " different. It is neither shown nor played here. The notes can be edited and"
                    " exported without it."
                ).format(name=path.name),
                [
                    (
                        self.tr("Find the Recording…"),
                        partial(self._projects.ask_and_relink, document),
                    ),
                    (
                        self.tr("Use This One…"),
                        partial(self._projects.relink, document, path),
                    ),
                    (
                        self.tr("Open It Separately"),
                        partial(self._projects.transcribe_other, path),
                    ),
                ],
            )

    def _close_message(self) -> None:
        if self._document is not None:
            closed = self._closed.setdefault(self._document, set())
            closed.add(self._page_banner.label.text())
            self._show()

    # -- unsaved work -----------------------------------------------------------------------------

    def _offer(self) -> None:
        self._fill_menu()
        found = self._projects.edited_recoverable
        if not found or self._offer_is_closed:
            self._window_banner.hide()
            return
        if len(found) == 1:
            text = self.tr(
                "Your edits to {name} from {day} are kept but not yet saved to a file."
            ).format(
                name=found[0].audio_name or self.tr("a recording"),
                day=f"{found[0].changed_at.astimezone():%Y-%m-%d %H:%M}",
            )
        else:
            text = self.tr(
                "Your edits to {count} recordings are kept but not yet saved to files."
            ).format(count=len(found))
        self._window_banner.show_text(text, [(self.tr("Open"), self._open_offered)])

    def _open_offered(self) -> None:
        self._projects.open_recoverable(self._projects.edited_recoverable)

    def _close_offer(self) -> None:
        self._offer_is_closed = True

    def _fill_menu(self) -> None:
        self._menu.clear()
        for found in self._projects.recoverable[:_MOST_IN_MENU]:
            name = found.audio_name or found.path.stem
            day = f"{found.changed_at.astimezone():%Y-%m-%d %H:%M}"
            action = self._menu.addAction(
                ", ".join(
                    (
                        name.replace("&", "&&"),
                        day,
                        counted(found.n_notes, "%n note", "%n notes"),
                    )
                )
            )
            action.triggered.connect(without_arguments(partial(self._projects.open, found.path)))
        self._menu.setEnabled(bool(self._projects.recoverable))
        self.filled.emit(self._menu.actions())
