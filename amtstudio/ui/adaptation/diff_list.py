"""The changes as a list to step through, and the legend of their colours."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from amtstudio.symbolic import Note
from amtstudio.ui.adaptation.diff_item import DiffColours, draw_change
from amtstudio.ui.adaptation.parts import row_of, text_label
from amtstudio.ui.pitch_names import clock, pitch_name
from amtstudio.ui.theme import theme_of
from amtstudio.workbench.adaptation.note_diff import Difference, Kind, NoteDiff

_SWATCH = QSize(30, 16)


class DiffList(QTreeWidget):
    """``chosen`` says which change to go to."""

    chosen = Signal(object)  # Difference

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._changes: tuple[Difference, ...] = ()
        self.setAccessibleName(self.tr("Changes"))
        self.setHeaderLabels([self.tr("Time"), self.tr("Key"), self.tr("Change")])
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        header = self.header()
        for column in (0, 1):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(self._tell)

    def set_diff(self, diff: NoteDiff) -> None:
        self.clear()
        self._changes = diff.changes
        rows = []
        for change in diff.changes:
            name = pitch_name(change.note.pitch)
            rows.append(QTreeWidgetItem([clock(change.onset, 2), name, self._text(change)]))
        self.addTopLevelItems(rows)

    @property
    def current(self) -> Difference | None:
        item = self.currentItem()
        return None if item is None else self._changes[self.indexOfTopLevelItem(item)]

    def step(self, by: int) -> None:
        """Go to the next change, or the one before; around the ends."""
        count = self.topLevelItemCount()
        if not count:
            return
        item = self.currentItem()
        place = -1 if item is None and by > 0 else 0 if item is None else self._place(item)
        wanted = self.topLevelItem((place + by) % count)
        if wanted is not None:
            self.setCurrentItem(wanted)

    def _place(self, item: QTreeWidgetItem) -> int:
        return self.indexOfTopLevelItem(item)

    def _tell(self) -> None:
        if self.current is not None:
            self.chosen.emit(self.current)

    def _text(self, change: Difference) -> str:
        if change.kind is Kind.ADDED:
            return self.tr("added")
        if change.kind is Kind.REMOVED:
            return self.tr("removed")
        assert change.before is not None
        assert change.after is not None
        if change.before.pitch != change.after.pitch:
            return self.tr("was {key}").format(key=pitch_name(change.before.pitch))
        shift = 1e3 * (change.after.onset - change.before.onset)
        if shift > 0:
            return self.tr("moved, {ms} ms later").format(ms=round(shift))
        return self.tr("moved, {ms} ms earlier").format(ms=round(-shift))


class _Swatch(QWidget):
    """How one kind of change is drawn."""

    def __init__(self, kind: Kind | None) -> None:
        super().__init__()
        self._kind = kind
        self.setFixedSize(_SWATCH)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        theme = theme_of(self.palette())
        colours = DiffColours.of(theme)
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.background)
        if self._kind is None:
            painter.fillRect(QRectF(4, 4, 22, 8), colours.same)
            return
        # As in the view, where a unit is a second or a semitone.
        painter.translate(0.0, 16.0)
        painter.scale(10.0, -9.5)
        old, new = Note(0.4, 2.2, 1), Note(0.9, 2.7, 1)
        change = {
            Kind.ADDED: Difference(Kind.ADDED, None, old),
            Kind.REMOVED: Difference(Kind.REMOVED, old, None),
            Kind.MOVED: Difference(Kind.MOVED, old, new),
        }[self._kind]
        draw_change(painter, change, colours, theme)


def legend(parent: QWidget) -> QWidget:
    """All kinds of changes, with their names."""
    parts: list[QWidget] = []
    for kind, text in (
        (Kind.ADDED, parent.tr("added")),
        (Kind.REMOVED, parent.tr("removed")),
        (Kind.MOVED, parent.tr("moved: the outline shows where it was")),
        (None, parent.tr("the same in both")),
    ):
        label = text_label(text)
        label.setWordWrap(False)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        parts += [_Swatch(kind), label]
    return row_of(*parts)
