"""Where the parts of the window stand, and how they stood when it was last closed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QByteArray, QObject, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from amtstudio.settings import Settings
from amtstudio.ui.document_page import DocumentPage
from amtstudio.ui.panel_dock import PanelDock

_FIRST_SIZE = QSize(1320, 820)
_LIST_HEIGHT = 210


class WindowLayout(QObject):
    """The pages in the middle of a window, and the panels around them.

    Attributes
    ----------
    docks : list of QDockWidget
        Those that stand on the right, unless the user has closed them.
    docks_below : list of QDockWidget
        Below the notes, and hidden at first.
    has_shown : bool
        Whether the panels are there: not in the empty state.
    """

    def __init__(self, window: QMainWindow, page: DocumentPage, empty_page: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._page = page
        self._empty_page = empty_page
        self._stand_in: QWidget | None = None
        self.has_shown = False
        self.docks: list[QDockWidget] = []
        self.docks_below: list[QDockWidget] = []
        self._over_one_another: list[QDockWidget] = []
        self._stack = QStackedWidget()
        self._stack.addWidget(empty_page)
        self._stack.addWidget(page)
        # The view of notes would take a drop for itself, and do nothing with it.
        page.roll.setAcceptDrops(False)
        page.roll.viewport().setAcceptDrops(False)
        centre = QWidget()
        layout = self._centre = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._stack, 1)
        window.setCentralWidget(centre)

    def add_bar(self, bar: QWidget, *, is_on_top: bool = False) -> None:
        """Put a bar above the page: below those that are there, or on top of them."""
        self._centre.insertWidget(0 if is_on_top else self._centre.count() - 1, bar)

    # -- panels -----------------------------------------------------------------------------------

    def add_dock(
        self, title: str, name: str, content: QWidget, *, is_behind_first: bool = False
    ) -> QDockWidget:
        """Put a panel on the right; ``name`` is what its place is kept under.

        ``is_behind_first``: as a tab behind the first panel, rather than below the others.
        """
        dock = self._make_dock(title, name, content)
        self.docks.append(dock)
        if is_behind_first and len(self.docks) > 1:
            self._window.tabifyDockWidget(self.docks[0], dock)
            self.docks[0].raise_()
        else:
            self._over_one_another.append(dock)
        return dock

    def add_below(self, title: str, name: str, content: QWidget) -> QDockWidget:
        """Put a panel below the notes, as a tab beside others there; hidden at first."""
        dock = self._make_dock(title, name, content)
        self._window.addDockWidget(Qt.DockWidgetArea.BottomDockWidgetArea, dock)
        dock.hide()
        if self.docks_below:
            self._window.tabifyDockWidget(self.docks_below[0], dock)
        self.docks_below.append(dock)
        return dock

    def _make_dock(self, title: str, name: str, content: QWidget) -> QDockWidget:
        dock = PanelDock(title, name, content, self._window)
        dock.setMinimumWidth(250)
        self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        return dock

    def set_first_size(self) -> None:
        """The default, if the user's preference is not known."""
        self._window.resize(_FIRST_SIZE)
        if len(self._over_one_another) == 2:
            self._window.resizeDocks(
                self._over_one_another,
                [_FIRST_SIZE.height() - _LIST_HEIGHT, _LIST_HEIGHT],
                Qt.Orientation.Vertical,
            )

    # -- what is shown ----------------------------------------------------------------------------

    @property
    def has_stand_in(self) -> bool:
        """Whether a page stands in for the empty state."""
        return self._stand_in is not None

    def set_stand_in(self, page: QWidget | None) -> None:
        """Let a page stand in for the empty state, from when that is shown next."""
        self._stand_in = page
        if page is not None and self._stack.indexOf(page) < 0:
            self._stack.addWidget(page)

    def show_page(self, *, has_item: bool) -> None:
        """Show the page of a recording, or the one that stands in for it, or the empty state."""
        self._stack.setCurrentWidget(self._page if has_item else self._stand_in or self._empty_page)

    def show_docks(self, wanted: bool, settings: Settings) -> None:
        """Show those that the user has not closed, or in the empty state none."""
        self.has_shown = wanted
        if wanted and settings.window_state:
            self._window.restoreState(_from_base64(settings.window_state))
            return
        for dock in self.docks:
            dock.setVisible(wanted)
        if not wanted:
            for dock in self.docks_below:
                dock.hide()

    @property
    def open_panels(self) -> tuple[str, ...]:
        """The names of the panels that the user has not closed."""
        docks = [*self.docks, *self.docks_below]
        return tuple(dock.objectName() for dock in docks if not dock.isHidden())

    @open_panels.setter
    def open_panels(self, names: tuple[str, ...]) -> None:
        for dock in (*self.docks, *self.docks_below):
            dock.setVisible(dock.objectName() in names)

    # -- from one run to the next -----------------------------------------------------------------

    def restore(self, settings: Settings) -> None:
        if settings.window_geometry:
            self._window.restoreGeometry(_from_base64(settings.window_geometry))
        self.show_docks(self.has_shown, settings)

    def remembered(self, settings: Settings) -> Settings:
        """The settings with the place of the window and its panels."""
        settings = replace(settings, window_geometry=_to_base64(self._window.saveGeometry()))
        # The empty state hides the docks; that is not to be kept.
        if not self.has_shown:
            return settings
        return replace(settings, window_state=_to_base64(self._window.saveState()))


def _to_base64(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode("ascii")


def _from_base64(text: str) -> QByteArray:
    return QByteArray.fromBase64(text.encode("ascii", "replace"))
