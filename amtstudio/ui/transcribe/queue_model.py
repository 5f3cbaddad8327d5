"""The queue as a list of rows for a view."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from amtstudio.ui.failure import describe
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.ui.queue import QueueItem, State, TranscriptionQueue

_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_ROLE = Qt.ItemDataRole


class QueueModel(QAbstractListModel):
    """A row for each recording; a row that is moved is transcribed earlier or later."""

    def __init__(self, queue: TranscriptionQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = queue
        self._items: list[QueueItem] = []  # as announced to views
        self._told: dict[QueueItem, tuple[str, float | None]] = {}  # status, and share that is done
        queue.added.connect(self._add)
        queue.removed.connect(self._remove)
        queue.reordered.connect(self._reorder)

    def item(self, index: _Index) -> QueueItem:
        return self._items[index.row()]

    def index_of(self, item: QueueItem | None) -> QModelIndex:
        """The row of a recording; no valid index if it has none."""
        return self.index(self._items.index(item)) if item in self._items else QModelIndex()

    def status(self, item: QueueItem) -> str:
        """Its progress and remarks, in lines; the same until ``tell``."""
        if item not in self._told:
            self._told[item] = self._text(item), item.fraction
        return self._told[item][0]

    def tell(self, item: QueueItem) -> None:
        """Let views show its progress, if there is anything new."""
        index = self.index_of(item)
        if not index.isValid():
            return
        before, self._told[item] = self._told.get(item), (self._text(item), item.fraction)
        is_busy = item.is_active and item.fraction is None  # its bar moves by itself
        if is_busy or self._told[item] != before:
            self.dataChanged.emit(index, index)

    # -- Qt's questions ---------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = _ROLE.DisplayRole) -> object:
        item = self.item(index)
        if role == _ROLE.DisplayRole:
            return item.document.name
        if role == _ROLE.ToolTipRole:
            return str(item.document.path)
        if role == _ROLE.AccessibleTextRole:
            return f"{item.document.name}: {self.status(item)}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows are dropped between rows, never on one."""
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def supportedDropActions(self) -> Qt.DropAction:  # noqa: N802
        return Qt.DropAction.MoveAction

    def moveRows(  # noqa: N802
        self, _from: _Index, row: int, count: int, _to: _Index, before: int
    ) -> bool:
        if count != 1:
            return False
        self._queue.move_to(self._items[row], before - (before > row))
        return True

    # -- inside -----------------------------------------------------------------------------------

    def _add(self, item: QueueItem) -> None:
        self.beginInsertRows(QModelIndex(), len(self._items), len(self._items))
        self._items.append(item)
        self.endInsertRows()
        item.changed.connect(partial(self.tell, item))
        item.document.notes_changed.connect(partial(self.tell, item))

    def _remove(self, item: QueueItem) -> None:
        row = self._items.index(item)
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._items[row]
        self._told.pop(item, None)
        self.endRemoveRows()

    def _reorder(self) -> None:
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        moved = [self.item(index) for index in before]
        self._items = list(self._queue.items)
        self.changePersistentIndexList(before, [self.index_of(item) for item in moved])
        self.layoutChanged.emit()

    def _text(self, item: QueueItem) -> str:
        is_running = item.state is State.RUNNING
        text = self._running_text(item) if is_running else self._resting_text(item)
        return "\n".join([text, *item.warnings])

    def _resting_text(self, item: QueueItem) -> str:
        if item.state is State.DONE:
            n_notes = len(item.document.notes)
            return f"{counted(n_notes, '%n note', '%n notes')}, {clock(item.document.duration)}"
        if item.state is State.FAILED and item.error is not None:
            return describe(item.error, subject=str(item.document.path)).sentences
        return {
            State.WAITING: self.tr("Waiting"),
            State.HELD: self.tr("Paused before starting"),
            State.PAUSED: self.tr("Paused"),
            State.CANCELLED: self.tr("Cancelled"),
        }.get(item.state, "")

    def _running_text(self, item: QueueItem) -> str:
        if item.beats_share is not None:
            return self.tr("Finding beats… {percent} %").format(
                percent=round(100 * item.beats_share)
            )
        fraction, left = item.fraction, item.seconds_left
        if fraction is None or left is None:
            return self.tr("Getting ready…")
        return self.tr("{percent} %, {left} left").format(
            percent=round(100 * fraction), left=clock(max(1.0, left))
        )
