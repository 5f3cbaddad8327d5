"""The notes as a table: for precise values, for sorting, and for screen readers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
    QTimer,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QHeaderView, QTableView, QWidget

from amtstudio.symbolic import NO_NOTES, NoteState, NoteTable
from amtstudio.symbolic.note_table import STATES
from amtstudio.symbolic.notes import Bend
from amtstudio.ui.document import Document
from amtstudio.ui.drum_rows import note_name, note_number
from amtstudio.ui.editor import Editor
from amtstudio.ui.pitch_names import signed

ONSET, OFFSET, PITCH, VELOCITY, CONFIDENCE, STATE, BEND = range(7)
_COLUMNS = ("onset", "offset", "pitch", "velocity", "confidence", "state", "bend")
_FIELDS = {ONSET: "onset", OFFSET: "offset", PITCH: "pitch", VELOCITY: "velocity"}
_Index = QModelIndex | QPersistentModelIndex
_NO_INDEX = QModelIndex()
_DISPLAY = Qt.ItemDataRole.DisplayRole


class NoteTableModel(QAbstractTableModel):
    """The notes and candidates of a document, a row each, in an order of the user's choice."""

    def __init__(self, editor: Editor) -> None:
        super().__init__(editor)
        self._editor = editor
        self._notes = NO_NOTES  # in the order of the rows
        self._sorted_by = (ONSET, Qt.SortOrder.AscendingOrder)

    def load(self, document: Document | None) -> None:
        """Take the notes as they are now."""
        self.beginResetModel()
        self._notes = NO_NOTES
        if document is not None:
            self._notes = document.notes.joined(document.candidates)
        self._sort()
        self.endResetModel()

    @property
    def ids(self) -> npt.NDArray[np.int64]:
        """Of the notes, by row; 0 for one that the project does not know yet."""
        return self._notes.id

    def rows_of(self, ids: frozenset[int]) -> list[int]:
        rows: list[int] = self._notes.places_of(ids).tolist()
        return rows

    # -- Qt's questions ---------------------------------------------------------------------------

    def rowCount(self, parent: _Index = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else len(self._notes)

    def columnCount(self, parent: _Index = _NO_INDEX) -> int:  # noqa: N802
        return 0 if parent.isValid() else BEND + 1

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY
    ) -> object:
        if role != _DISPLAY:
            return None
        if orientation == Qt.Orientation.Vertical:
            return section + 1
        return (
            self.tr("Onset (s)"),
            self.tr("Offset (s)"),
            self.tr("Pitch"),
            self.tr("Velocity"),
            self.tr("Confidence"),
            self.tr("State"),
            self.tr("Bend (cents)"),
        )[section]

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() != STATE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == _DISPLAY:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.EditRole:
            return self._text(index.row(), index.column())
        if role == Qt.ItemDataRole.AccessibleTextRole:
            header = self.headerData(index.column(), Qt.Orientation.Horizontal)
            return f"{header}: {self._text(index.row(), index.column())}"
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() in _FIELDS and self._editor.can_edit:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def _refusal(self, column: int) -> str:
        """Why a text cannot stand in a column, and what can."""
        return {
            PITCH: self.tr("“{text}” is not a valid pitch. Type a name such as F♯3, or 0 to 127."),
            VELOCITY: self.tr("“{text}” is not a valid velocity. Type a number from 1 to 127."),
            ONSET: self.tr("“{text}” is not a valid onset. Type seconds, such as 1.25."),
        }.get(column, self.tr("“{text}” is not a valid offset. Type seconds, such as 1.25."))

    def setData(  # noqa: N802
        self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        is_drum = self._notes[index.row()].track.is_drums
        parsed = _parsed(index.column(), str(value), is_drum=is_drum)
        if parsed is None:
            self._editor.said.emit(self._refusal(index.column()).format(text=value))
            return False
        if str(value).strip() == self._text(index.row(), index.column()):
            return True  # unchanged, except for digits that are not shown
        return self._editor.set_cells(
            int(self.ids[index.row()]), **{_FIELDS[index.column()]: parsed}
        )

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._sorted_by = (column, order)
        self.layoutAboutToBeChanged.emit()
        self._sort()
        self.layoutChanged.emit()

    # -- inside -----------------------------------------------------------------------------------

    def _text(self, row: int, column: int) -> str:
        note = self._notes[row]
        if column == CONFIDENCE:
            return f"{round(100 * note.confidence)} %"
        if column == STATE:
            return self._state_name(STATES[self._notes.state[row]])
        if column == BEND:
            return _bend_text(note.bend)
        return {
            ONSET: f"{note.onset:.3f}",
            OFFSET: f"{note.offset:.3f}",
            PITCH: note_name(note),
            VELOCITY: str(note.velocity),
        }[column]

    def _state_name(self, state: NoteState) -> str:
        return {
            NoteState.MODEL: self.tr("found"),
            NoteState.CANDIDATE: self.tr("candidate"),
            NoteState.ACCEPTED: self.tr("accepted"),
            NoteState.EDITED: self.tr("edited"),
            NoteState.ADDED: self.tr("added"),
            NoteState.REJECTED: self.tr("rejected"),
            NoteState.DROPPED: self.tr("deleted with its track"),
        }[state]

    def _sort(self) -> None:
        column, order = self._sorted_by
        notes = self._notes
        values = _widths(notes) if column == BEND else getattr(notes, _COLUMNS[column])
        if order == Qt.SortOrder.DescendingOrder:
            values = -values
        self._notes = notes.take(np.lexsort((notes.pitch, notes.onset, values)))


class NoteTableView(QTableView):
    """Shows the notes; what is selected here is selected in the view of notes, and back."""

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._document: Document | None = None
        self._is_stale = False
        self._follows = False  # while the selection comes from elsewhere
        self.notes = NoteTableModel(editor)
        self.setModel(self.notes)
        self.setSortingEnabled(True)
        self.sortByColumn(ONSET, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setAlternatingRowColors(True)
        self.setAccessibleName(self.tr("Table of notes"))
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)
        self.verticalHeader().setVisible(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.selectionModel().selectionChanged.connect(self._tell_selected)
        editor.selection.changed.connect(self._show_selected)

    def commitData(self, editor: QWidget) -> None:  # noqa: N802
        """The changed note fills the table again, which takes the field and its focus away."""
        super().commitData(editor)
        if QApplication.focusWidget() is None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.notes_changed.disconnect(self._refresh)
            self._document.candidates_changed.disconnect(self._refresh)
        self._document = document
        if document is not None:
            document.notes_changed.connect(self._refresh)
            document.candidates_changed.connect(self._refresh)
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._is_stale:
            self._refresh()
            QTimer.singleShot(0, self._show_selected)  # there is no height to scroll in yet

    def _refresh(self) -> None:
        # A hidden table costs nothing.
        self._is_stale = not self.isVisible()
        if self._is_stale:
            return
        current, scrolled = self.currentIndex(), self.verticalScrollBar().value()
        row, column = current.row(), current.column()
        self._follows = True
        self.notes.load(self._document)
        if 0 <= row < self.notes.rowCount():
            self.selectionModel().setCurrentIndex(
                self.notes.index(row, column), QItemSelectionModel.SelectionFlag.NoUpdate
            )
        self._follows = False
        self.verticalScrollBar().setValue(scrolled)
        self._show_selected()

    def _tell_selected(self) -> None:
        if self._follows:
            return
        rows = [index.row() for index in self.selectionModel().selectedRows()]
        self._follows = True
        self._editor.selection.set(key for key in self.notes.ids[rows].tolist() if key > 0)
        self._follows = False

    def _show_selected(self) -> None:
        if self._follows or self._is_stale:
            return
        rows = self.notes.rows_of(self._editor.selection.ids)
        last = self.notes.columnCount() - 1
        selection = QItemSelection()
        for first_row, last_row in _runs(rows):
            selection.select(self.notes.index(first_row, 0), self.notes.index(last_row, last))
        self._follows = True
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            self.scrollTo(self.notes.index(rows[0], 0))
        self._follows = False


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Rows that follow each other, as first and last."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


def _bend_text(bend: Bend) -> str:
    """The lowest and the highest that a note bends; nothing where it does not."""
    cents = [value for _, value in bend]
    if not cents:
        return ""
    low, high = signed(min(cents)), signed(max(cents))
    return low if low == high else f"{low} … {high}"


def _widths(notes: NoteTable) -> npt.NDArray[np.float64]:
    """The largest deviation of each note from its pitch, in cents."""
    widths = np.zeros(len(notes))
    if notes.bends is not None:
        which = np.repeat(np.arange(len(notes)), np.diff(notes.bends.bounds))
        np.maximum.at(widths, which, np.abs(notes.bends.cents))
    return widths


def _parsed(column: int, text: str, *, is_drum: bool) -> float | None:
    """The value that a text means; None if it means none."""
    text = text.strip()
    try:
        if column == PITCH:
            return note_number(text, is_drum=is_drum)
        if column == VELOCITY:
            velocity = int(text)
            return velocity if 1 <= velocity <= 127 else None
        seconds = float(text.replace(",", "."))
    except ValueError:
        return None
    return seconds if 0.0 <= seconds < float("inf") else None
