"""The panel *My instrument*: one page for where the run is, and one for the profiles."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from amtstudio.ui.adaptation.controller import AdaptationController, State
from amtstudio.ui.adaptation.profile_list import ProfileList
from amtstudio.ui.adaptation.result_page import ResultPage
from amtstudio.ui.adaptation.run_page import RunPage
from amtstudio.ui.adaptation.setup_page import SetupPage
from amtstudio.ui.adaptation.stopped_page import StoppedPage

_NARROWEST, _WIDTH = 200, 320


class AdaptationPanel(QTabWidget):
    """Recordings may be dropped on it."""

    dropped = Signal(list)  # of Path
    shown = Signal()

    def __init__(
        self,
        controller: AdaptationController,
        setup: SetupPage,
        profiles: ProfileList,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self.setup = setup
        self.run = RunPage(controller)
        self.stopped = StoppedPage(controller)
        self.result = ResultPage(controller)
        self.profiles = profiles
        self._pages: tuple[QWidget, ...] = (self.setup, self.run, self.stopped, self.result)
        holder = QWidget()
        layout = QVBoxLayout(holder)
        layout.setContentsMargins(0, 0, 0, 0)
        for page in self._pages:
            layout.addWidget(page)
        self._learning = _scrolling(holder)
        self._contents = (holder, profiles)
        self.setDocumentMode(True)
        self.setAccessibleName(self.tr("My instrument"))
        self.addTab(self._learning, self.tr("Learn"))
        self.addTab(_scrolling(profiles), self.tr("Profiles"))
        self.setAcceptDrops(True)
        controller.changed.connect(self.refresh)
        self.refresh()

    @property
    def page(self) -> QWidget:
        """The page for where the run is."""
        if self._controller.is_on:
            return self.run
        return {
            State.STOPPED: self.stopped,
            State.FAILED: self.stopped,
            State.DONE: self.result,
        }.get(self._controller.state, self.setup)

    def refresh(self) -> None:
        wanted = self.page
        for page in self._pages:
            page.setVisible(page is wanted)

    def show_learning(self) -> None:
        self.setCurrentIndex(0)

    def show_profiles(self) -> None:
        self.setCurrentIndex(1)

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(_WIDTH, 560)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        # The pages cannot be scrolled sideways: what does not fit would be cut off.
        bar = self._learning.verticalScrollBar().sizeHint().width()
        content = max(part.minimumSizeHint().width() for part in self._contents)
        return QSize(max(_NARROWEST, content + bar), 120)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        self.shown.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if event.source() is None and self._controller.is_idle and _paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        event.acceptProposedAction()
        self.show_learning()
        self.dropped.emit(_paths(event.mimeData()))


def _scrolling(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


def _paths(data: QMimeData) -> list[Path]:
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
