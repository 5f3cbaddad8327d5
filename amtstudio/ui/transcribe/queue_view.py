"""The rows of the list of recordings, as the mouse and the keys reach them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QDesktopServices,
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPalette,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QListView, QMenu, QWidget

from amtstudio.ui.failure import describe
from amtstudio.ui.icons import icon
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue
from amtstudio.ui.transcribe.queue_delegate import QueueDelegate, head_of
from amtstudio.ui.transcribe.queue_model import QueueModel
from amtstudio.ui.transcribe.row_buttons import Offer, RowButtons

_Index = QModelIndex | QPersistentModelIndex
_Flag = QItemSelectionModel.SelectionFlag
_SCROLL_PX = 20  # for a line, three of which are a notch of the wheel


class QueueView(QListView):
    """A click on a row shows its recording; rows are moved with the mouse, or Alt and the arrows.

    The selected row is the one whose recording is shown; the current one is where the keys are.
    What can be done with a recording stands in the row below the pointer, else in the current one.
    """

    chosen = Signal(QueueItem)
    retry_wanted = Signal(QueueItem)
    menu_wanted = Signal(QueueItem, QMenu)  # more may be added to its end

    def __init__(self, queue: TranscriptionQueue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._model = QueueModel(queue, self)
        self._delegate = QueueDelegate(self._model, self)
        self._pointed = QPersistentModelIndex()  # the row below the pointer
        self.buttons = RowButtons(self.viewport())
        self.setModel(self._model)
        self.setItemDelegate(self._delegate)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(_SCROLL_PX)
        self.verticalScrollBar().rangeChanged.connect(self._show_whole)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QListView.DragDropMode.InternalMove)
        self.setMouseTracking(True)
        self.entered.connect(self._point_at)
        self.viewportEntered.connect(self._point_at)

    def index_of(self, item: QueueItem | None) -> QModelIndex:
        """The row of a recording; no valid index if it has none."""
        return self._model.index_of(item)

    def refresh(self, item: QueueItem) -> None:
        """Show how far it is now."""
        self._model.tell(item)

    def set_chosen(self, item: QueueItem | None) -> None:
        """Mark the row of the recording that is shown."""
        index = self._model.index_of(item)
        self.selectionModel().select(index, _Flag.ClearAndSelect)
        self.setCurrentIndex(index)

    def show_only(self, is_shown: Callable[[QueueItem], bool]) -> None:
        for row in range(self._model.rowCount()):
            self.setRowHidden(row, not is_shown(self._model.item(self._model.index(row))))

    def menu_of(self, item: QueueItem) -> QMenu:
        """The actions for a recording."""
        menu = QMenu(self)
        for offer in self._offers(item):
            menu.addAction(icon(offer.icon, self.palette()), offer.text, offer.do)
        menu.addSeparator()
        menu.addAction(self.tr("Show in folder"), partial(_show_folder, item))
        self.menu_wanted.emit(item, menu)
        return menu

    def _offers(self, item: QueueItem) -> list[Offer]:
        queue, tr = self._queue, self.tr
        pause = Offer(
            "pause", tr("Pause; the recordings after it wait"), partial(queue.pause, item)
        )
        resume = Offer("resume", tr("Resume"), partial(queue.resume, item))
        cancel = Offer("cancel", tr("Cancel"), partial(queue.cancel, item))
        if item.is_active:
            return [pause if item.state is State.RUNNING else resume, cancel]
        if item.state in (State.WAITING, State.HELD):
            up = Offer("up", tr("Earlier"), partial(queue.move, item, -1))
            down = Offer("down", tr("Later"), partial(queue.move, item, 1))
            moves = [up] * (item is not queue.items[0]) + [down] * (item is not queue.items[-1])
            return [*moves, pause if item.state is State.WAITING else resume, cancel]
        retry = Offer("retry", tr("Transcribe again"), partial(self.retry_wanted.emit, item))
        copy = Offer("copy", tr("Copy details"), partial(_copy_details, item))
        remove = Offer("cancel", tr("Remove from the list"), partial(queue.remove, item))
        return [retry, *[copy] * (item.error is not None), remove]

    # -- where things are -------------------------------------------------------------------------

    def dataChanged(  # noqa: N802
        self, first: _Index, last: _Index, roles: Sequence[int] = ()
    ) -> None:
        if self._delegate.measure(self._model.item(first)):
            super().dataChanged(first, last, roles)
        else:  # QListView would lay all rows out again, at each step of the progress
            super(QListView, self).dataChanged(first, last, roles)
        self._place_buttons()

    def updateGeometries(self) -> None:  # noqa: N802
        super().updateGeometries()
        self._place_buttons()

    def currentChanged(self, current: _Index, previous: _Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self._place_buttons()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.model() is not None:
            self._place_buttons()
        elif event.type() == QEvent.Type.FontChange and self.model() is not None:
            self._lay_out()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._lay_out()
        for index in self.selectedIndexes():
            self.scrollTo(index)

    def _lay_out(self) -> None:
        """Texts may take another number of lines."""
        self._delegate.measure_all()
        self.scheduleDelayedItemsLayout()

    def _show_whole(self) -> None:
        """Keep the chosen row from being cut off where rows grow, unless it was scrolled away."""
        for index in self.selectedIndexes():
            if self.visualRect(index).intersects(self.viewport().rect()):
                self.scrollTo(index)

    def _point_at(self, index: QModelIndex | None = None) -> None:
        self._pointed = QPersistentModelIndex(index or QModelIndex())
        self._place_buttons()

    def _place_buttons(self) -> None:
        is_pointed = self._pointed.isValid() and not self.buttons.has_focus
        index: _Index = self._pointed if is_pointed else self.currentIndex()
        rect = self.visualRect(index)
        self.buttons.setVisible(not rect.isEmpty())
        if not rect.isEmpty():
            item = self._model.item(index)
            self.buttons.set_offers(self._offers(item), item.document.name, self.palette())
            head = head_of(rect)
            place = self.buttons.rect()
            place.moveCenter(head.center())
            place.moveRight(head.right())
            self.buttons.move(place.topLeft())
        if self._delegate.set_buttons(index.row(), self.buttons.width()):
            self.viewport().update()

    # -- what the user does -----------------------------------------------------------------------

    def selectionCommand(  # noqa: N802
        self, _index: _Index, _event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        return _Flag.NoUpdate  # it follows what is shown

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.chosen.emit(self._model.item(index))

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        super().leaveEvent(event)
        self._point_at()

    def focusNextPrevChild(self, is_next: bool) -> bool:  # noqa: N802
        self._point_at()  # Tab leads to the buttons of the current row
        return super().focusNextPrevChild(is_next)

    def event(self, event: QEvent) -> bool:
        # The window has shortcuts on some of these keys.
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and self._action_of(cast("QKeyEvent", event)) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        action = self._action_of(event)
        if action is None:
            super().keyPressEvent(event)
        else:
            action()

    def _action_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        """Handles keys, except those that every list handles."""
        if not self.currentIndex().isValid():
            return None
        key, item = Qt.Key, self._model.item(self.currentIndex())
        if event.modifiers() & Qt.KeyboardModifier.AltModifier:
            steps = {key.Key_Up: -1, key.Key_Down: 1}
            step = steps.get(Qt.Key(event.key()))
            return None if step is None else partial(self._queue.move, item, step)
        return {
            key.Key_Return: partial(self.chosen.emit, item),
            key.Key_Enter: partial(self.chosen.emit, item),
            key.Key_Space: partial(self.chosen.emit, item),
            key.Key_Delete: partial(self._queue.remove_or_cancel, item),
        }.get(Qt.Key(event.key()))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if not index.isValid():
            return
        at_row = self.viewport().mapToGlobal(self.visualRect(index).center())
        menu = self.menu_of(self._model.item(index))
        menu.exec(at_row if by_key else event.globalPos())
        menu.deleteLater()


def _show_folder(item: QueueItem) -> None:
    folder = item.document.path.absolute().parent
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _copy_details(item: QueueItem) -> None:
    if item.error is not None:
        failure = describe(item.error, subject=str(item.document.path))
        QGuiApplication.clipboard().setText(failure.details)
