"""The chosen recordings as a list: name, length, and whether each can be used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from amtstudio.ui.adaptation.recordings import Recordings
from amtstudio.ui.adaptation.words import length_text, objection_text
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.workbench.adaptation.chosen import Chosen

_NAME, _LENGTH, _STATE = range(3)
_PATH = Qt.ItemDataRole.UserRole
_LEAST_HEIGHT, _MOST_ROWS = 88, 9


class RecordingList(QTreeWidget):
    """Delete takes what is selected off the list."""

    chosen_changed = Signal()

    def __init__(self, recordings: Recordings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recordings = recordings
        self._rows: dict[Path, QTreeWidgetItem] = {}
        self.setAccessibleName(self.tr("Recordings to learn from"))
        self.setHeaderLabels([self.tr("Recording"), self.tr("Length"), self.tr("State")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMinimumHeight(_LEAST_HEIGHT)
        # What is dropped here goes to the panel.
        self.setAcceptDrops(False)
        self.viewport().setAcceptDrops(False)
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(40)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Stretch)
        for column in (_LENGTH, _STATE):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.itemSelectionChanged.connect(self.chosen_changed)
        recordings.changed.connect(self.refresh)
        self.refresh()

    @property
    def selected(self) -> list[Path]:
        return [Path(item.data(_NAME, _PATH)) for item in self.selectedItems()]

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(80, _LEAST_HEIGHT)

    def sizeHint(self) -> QSize:  # noqa: N802
        rows = min(max(self.topLevelItemCount(), 3), _MOST_ROWS)
        height = rows * max(self.sizeHintForRow(0), 20) + self.header().sizeHint().height()
        return QSize(240, height + 2 * self.frameWidth() + 2)

    def remove_selected(self) -> None:
        self._recordings.remove(self.selected)

    def event(self, event: QEvent) -> bool:
        # The window has a shortcut on this key.
        is_override = event.type() == QEvent.Type.ShortcutOverride
        if is_override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Delete:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() == Qt.Key.Key_Delete:
            self.remove_selected()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Show what is known by now; rows that stay keep their selection."""
        entries = self._recordings.entries
        total = self._recordings.total
        wanted = {entry.path for entry in entries}
        for path in [path for path in self._rows if path not in wanted]:
            self.takeTopLevelItem(self.indexOfTopLevelItem(self._rows.pop(path)))
        for entry in entries:
            if entry.path not in self._rows:
                row = self._rows[entry.path] = QTreeWidgetItem()
                row.setData(_NAME, _PATH, str(entry.path))
                self.addTopLevelItem(row)
            is_too_much = entry.path in total.too_much
            self._fill(self._rows[entry.path], entry, is_too_much=is_too_much)
        self.updateGeometry()

    def _fill(self, row: QTreeWidgetItem, entry: Chosen, *, is_too_much: bool) -> None:
        short, state, reason = self._state(entry, is_too_much=is_too_much)
        row.setText(_NAME, entry.path.name)
        row.setText(_LENGTH, clock(entry.seconds) if entry.seconds else "")
        row.setText(_STATE, short)
        parts = (str(entry.path), state, reason, self._corrected(entry), self._score(entry))
        tip = "\n".join(part for part in parts if part)
        for column in (_NAME, _LENGTH, _STATE):
            row.setToolTip(column, tip)
            colour = self.palette().placeholderText() if not entry.is_usable else None
            row.setData(column, Qt.ItemDataRole.ForegroundRole, colour)
        row.setTextAlignment(_LENGTH, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.setData(
            _STATE,
            Qt.ItemDataRole.AccessibleTextRole,
            f"{state}. {reason}" if reason else state,
        )

    def _state(self, entry: Chosen, *, is_too_much: bool) -> tuple[str, str, str]:
        """In short, in words, and why."""
        left_out = self.tr("left out")
        if reason := objection_text(entry):
            return left_out, left_out, reason
        if is_too_much:
            reason = self.tr("Two hours are enough; this recording is not needed.")
            return left_out, left_out, reason
        if entry.looked is None or not entry.looked.was_heard:
            return "…", self.tr("not checked yet"), ""
        if entry.score is not None:
            return self.tr("✓ score"), self.tr("can be used"), ""
        if entry.keyboard is not None:
            return self.tr("✓ keyboard"), self.tr("can be used"), ""
        return "✓", self.tr("can be used"), ""

    def _score(self, entry: Chosen) -> str:
        known = entry.score or entry.keyboard
        return "" if known is None else self.tr("Its notes: {score}").format(score=known.name)

    def _corrected(self, entry: Chosen) -> str:
        if entry.corrected is None:
            return ""
        return self.tr("{length} of it corrected, and {notes}").format(
            length=length_text(entry.corrected.seconds),
            notes=counted(entry.corrected.n_notes, "%n single note", "%n single notes"),
        )
