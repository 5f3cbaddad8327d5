"""The instruments of a recording with their levels, and the way to the next passage of each."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from amtstudio.symbolic.instruments import InstrumentActivity, Passage
from amtstudio.ui.document import Document
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.plurals import counted
from amtstudio.ui.theme import theme_of
from amtstudio.ui.wrapped_label import WrappedLabel

_NAME, _LEVEL, _HEARD = range(3)
_SCORE = Qt.ItemDataRole.UserRole
_PER_CENT = 100
_FIGURES_PX = 40.0
_SAME_S = 0.5  # a passage that begins this near to where one is, is the one that one is at


class InstrumentsPanel(QWidget):
    """A row for each class, those that are named first and in bold.

    ``passage_wanted`` says which passage of the chosen class to go to: the next or the previous one
    from ``position``, wrapping around.
    """

    passage_wanted = Signal(float, float)  # onset, offset

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self.position = 0.0  # seconds, of the middle of the view
        self.status = WrappedLabel(self.tr("Available after transcription."))
        self.tree = self._make_tree()
        self.before = QPushButton(self.tr("Previous passage"))
        self.next = QPushButton(self.tr("Next passage"))
        self.before.setToolTip(self.tr("Go to where this instrument was last heard"))
        self.next.setToolTip(self.tr("Go to where this instrument is heard next"))
        self.before.clicked.connect(self.go_before)
        self.next.clicked.connect(self.go_next)
        buttons = QHBoxLayout()
        buttons.addWidget(self.before)
        buttons.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.status)
        layout.addWidget(self.tree, 1)
        layout.addLayout(buttons)
        self._show()

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(self.tr("Instruments of the recording"))
        tree.setHeaderLabels([self.tr("Instrument"), self.tr("Sure"), self.tr("Duration")])
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setItemDelegateForColumn(_LEVEL, _LevelDelegate(tree))
        header = tree.header()
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_LEVEL, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_HEARD, QHeaderView.ResizeMode.ResizeToContents)
        header.setStretchLastSection(False)
        tree.currentItemChanged.connect(self._enable)
        tree.itemActivated.connect(self.go_next)
        return tree

    @property
    def chosen_class(self) -> str | None:
        row = self.tree.currentItem()
        return None if row is None else str(row.data(_NAME, _SCORE))

    def choose(self, name: str) -> None:
        """Choose the row of a class."""
        for place in range(self.tree.topLevelItemCount()):
            row = self.tree.topLevelItem(place)
            if row is not None and row.data(_NAME, _SCORE) == name:
                self.tree.setCurrentItem(row)

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.instruments_changed.disconnect(self._show)
        self._document = document
        if document is not None:
            document.instruments_changed.connect(self._show)
        self._show(keeps_choice=False)

    def set_range(self, start: float, end: float) -> None:
        """The range of the main view, in seconds."""
        self.position = (start + end) / 2.0

    def set_status(self, text: str) -> None:
        """Shown in place of the list while there is none."""
        self.status.setText(text)

    def go_next(self) -> None:
        self._go(lambda passage: passage.onset > self.position + _SAME_S, last=False)

    def go_before(self) -> None:
        self._go(lambda passage: passage.offset < self.position - _SAME_S, last=True)

    def _go(self, fits: Callable[[Passage], bool], *, last: bool) -> None:
        passages = self._passages()
        if not passages:
            return
        found = [passage for passage in passages if fits(passage)] or passages
        passage = found[-1] if last else found[0]
        self.passage_wanted.emit(passage.onset, passage.offset)

    def _passages(self) -> list[Passage]:
        activity, name = self._activity, self.chosen_class
        return [] if activity is None or name is None else activity.passages(name)

    @property
    def _activity(self) -> InstrumentActivity | None:
        activity = None if self._document is None else self._document.instruments
        return activity if activity is not None and activity.n_instances else None

    def _show(self, *, keeps_choice: bool = True) -> None:
        activity, chosen = self._activity, self.chosen_class if keeps_choice else None
        self.tree.clear()
        self.tree.setVisible(activity is not None)
        self.before.setVisible(activity is not None)
        self.next.setVisible(activity is not None)
        self.status.setVisible(activity is None or not activity.named())
        if activity is not None:
            self.set_status(self.tr("No instrument detected reliably."))
            named = activity.named()
            scores = dict(zip(activity.classes, activity.track_scores.tolist(), strict=True))
            for name in sorted(scores, key=lambda name: (name not in named, -scores[name])):
                self.tree.addTopLevelItem(self._row(activity, name, is_named=name in named))
            if (first := self.tree.topLevelItem(0)) is not None:
                self.tree.setCurrentItem(first)
            if chosen is not None:
                self.choose(chosen)
        self._enable()

    def _row(self, activity: InstrumentActivity, name: str, *, is_named: bool) -> QTreeWidgetItem:
        score = float(activity.track_scores[activity.index(name)])
        passages = activity.passages(name)
        heard = sum(passage.offset - passage.onset for passage in passages)
        shown = instrument_name(name)
        tags = () if self._document is None else self._document.instrument_tags
        if any(tag.instrument == name for tag in tags):
            shown = self.tr("{name} (marked by you)").format(name=shown)
        row = QTreeWidgetItem([shown, "", clock(heard) if heard else ""])
        row.setData(_NAME, _SCORE, name)
        row.setData(_LEVEL, _SCORE, score)
        row.setData(
            _LEVEL,
            Qt.ItemDataRole.AccessibleTextRole,
            self.tr("{score} %").format(score=round(_PER_CENT * score)),
        )
        font = row.font(_NAME)
        font.setBold(is_named)
        row.setFont(_NAME, font)
        row.setToolTip(
            _NAME,
            self.tr(
                "Right-click to mark it as heard or not heard, in the selected time or, if none is"
                " selected, in the whole recording"
            ),
        )
        row.setToolTip(
            _LEVEL,
            self.tr("{score} % sure that it is in this recording").format(
                score=round(_PER_CENT * score)
            ),
        )
        row.setToolTip(
            _HEARD,
            counted(len(passages), "For how long, in %n passage", "For how long, in %n passages"),
        )
        return row

    def _enable(self) -> None:
        has_passage = bool(self._passages())
        self.before.setEnabled(has_passage)
        self.next.setEnabled(has_passage)


class _LevelDelegate(QStyledItemDelegate):
    """A bar as long as the score, and the score in figures."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().paint(painter, option, index)
        score = float(index.data(_SCORE) or 0.0)
        area = QRectF(option.rect).adjusted(4, 0, -4, 0)
        theme = theme_of(option.palette)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        track = QRectF(
            area.left(), area.center().y() - 3, max(area.width() - _FIGURES_PX, 4.0), 6.0
        )
        bar = QRectF(track.left(), track.top(), track.width() * score, track.height())
        painter.save()
        painter.fillRect(track, theme.line)
        # The colour of a chosen row may be that of the bar.
        chosen = option.palette.highlightedText().color()
        painter.fillRect(bar, chosen if is_chosen else theme.instruments[0])
        painter.setPen(chosen if is_chosen else theme.text)
        painter.drawText(
            area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{score:.0%}"
        )
        painter.restore()
