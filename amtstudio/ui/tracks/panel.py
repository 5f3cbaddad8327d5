"""The tracks of a recording: names, which are visible and audible, and which notes are on them."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from amtstudio.formats import FORMATS
from amtstudio.session import Document as Project
from amtstudio.symbolic import Track
from amtstudio.symbolic.general_midi import PROGRAM_GROUPS
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.document import Document
from amtstudio.ui.editor import Editor
from amtstudio.ui.instrument_names import (
    player_name,
    program_group_name,
    program_name,
    track_name,
)
from amtstudio.ui.plurals import counted
from amtstudio.ui.theme import theme_of

_NAME, _SHOWN, _MUTED, _SOLO, _PLAYER = range(5)
_TRACK = Qt.ItemDataRole.UserRole
_SWATCH_PX = 12
_IN_GROUP = 8  # programs


class TracksPanel(QWidget):
    """A row for each track, with switches; what else can be done with one is in a menu."""

    drag_wanted = Signal(Track)  # as a MIDI file, now
    save_wanted = Signal(Track, str)  # in a format, by its name

    def __init__(self, editor: Editor, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._editor = editor
        self._document: Document | None = None
        self._is_filling = False
        self._filled_with: object = ()
        self.hint = QLabel(self.tr("Tracks appear after transcription."))
        self.hint.setWordWrap(True)
        self.tree = self._make_tree()
        self.menu_button = QPushButton(self.tr("Track"))
        self.menu_button.setToolTip(self.tr("Instrument, colour, merging and deleting"))
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill_menu)
        self.menu_button.setMenu(self.menu)
        self.new_button = QPushButton(self.tr("New"))
        self.new_button.setToolTip(self.tr("Add a track without notes"))
        self.new_button.clicked.connect(self.add_track)
        self.move_button = QPushButton(self.tr("Move selected notes here"))
        self.move_button.setToolTip(self.tr("Put the selected notes on the chosen track"))
        self.move_button.clicked.connect(self.move_selected)
        buttons = QHBoxLayout()
        buttons.addWidget(self.new_button)
        buttons.addWidget(self.menu_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.addWidget(self.hint)
        layout.addWidget(self.tree, 1)
        layout.addWidget(self.move_button)
        layout.addLayout(buttons)
        editor.state_changed.connect(self._enable)
        editor.selection.changed.connect(self._enable)
        self._show()

    def _make_tree(self) -> QTreeWidget:
        tree = _Rows()
        tree.drag_wanted.connect(self._drag)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        tree.setAccessibleName(self.tr("Tracks of the recording"))
        tree.setHeaderLabels(
            [self.tr("Track"), self.tr("Show"), self.tr("M"), self.tr("S"), self.tr("Sound")]
        )
        tree.headerItem().setToolTip(
            _SHOWN,
            self.tr("If unticked, the notes are hidden here; exported files still contain them."),
        )
        tree.headerItem().setToolTip(
            _MUTED,
            self.tr(
                "Mute. Exported files still contain the notes; only exported sound leaves them out."
            ),
        )
        tree.headerItem().setToolTip(_SOLO, self.tr("Solo: hear this track alone"))
        tree.setRootIsDecorated(False)
        tree.setUniformRowHeights(True)
        tree.setIconSize(QSize(_SWATCH_PX, _SWATCH_PX))
        tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_PLAYER, QHeaderView.ResizeMode.Stretch)
        for column in (_SHOWN, _MUTED, _SOLO):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_NAME, QHeaderView.ResizeMode.Interactive)
        header.resizeSection(_NAME, 84)
        header.setMinimumSectionSize(20)
        tree.itemChanged.connect(self._take_change)
        tree.currentItemChanged.connect(self._choose)
        tree.itemDoubleClicked.connect(self._edit_name)
        tree.customContextMenuRequested.connect(self._show_menu)
        return tree

    # -- document ---------------------------------------------------------------------------------

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.notes_changed.disconnect(self._show)
            self._document.project_changed.disconnect(self._show)
        self._document = document
        if document is not None:
            document.notes_changed.connect(self._show)
            document.project_changed.connect(self._show)
        self._show()

    @property
    def chosen(self) -> Track | None:
        """The track whose row is chosen."""
        row = self.tree.currentItem()
        return None if row is None else row.data(_NAME, _TRACK)

    def choose(self, track: Track) -> None:
        for place in range(self.tree.topLevelItemCount()):
            row = self.tree.topLevelItem(place)
            if row is not None and row.data(_NAME, _TRACK) == track:
                self.tree.setCurrentItem(row)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()

    def _show(self) -> None:
        """Fill the list where it is not what it was."""
        state = self._state()
        if state != self._filled_with:
            self._filled_with = state
            self._fill()
        self._enable()

    def _state(self) -> object:
        document = self._document
        if document is None:
            return None
        notes = document.notes
        counts = np.bincount(notes.track, minlength=len(notes.tracks)).tolist()
        return document.shown_tracks, document.tracks, counts, self._editor.can_edit

    def _fill(self) -> None:
        document = self._document
        tracks = () if document is None else document.shown_tracks
        chosen = self.chosen
        self._is_filling = True
        self.tree.clear()
        if document is not None:
            colours = document.track_colours()
            for track in tracks:
                self.tree.addTopLevelItem(self._row(document, track, colours[track]))
        self._is_filling = False
        self.tree.setVisible(bool(tracks))
        self.hint.setVisible(not tracks)
        if chosen is not None:
            self.choose(chosen)
        if self.tree.currentItem() is None and (first := self.tree.topLevelItem(0)) is not None:
            self.tree.setCurrentItem(first)

    def _row(self, document: Document, track: Track, colour: int) -> QTreeWidgetItem:
        look = document.tracks.look(track)
        name = track_name(track)
        row = QTreeWidgetItem([name, "", "", "", player_name(track)])
        row.setData(_NAME, _TRACK, track)
        row.setIcon(_NAME, _swatch(self._colour(colour)))
        n_notes = len(document.notes.of_track(track))
        told = [f"{name}, {counted(n_notes, '%n note', '%n notes')}"]
        if n_notes:
            told.append(self.tr("Drag this into a DAW or a folder, as MIDI"))
        row.setToolTip(_NAME, "\n".join(told))
        row.setToolTip(_PLAYER, player_name(track))
        flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if n_notes:
            flags |= Qt.ItemFlag.ItemIsDragEnabled
        if self._editor.can_edit:
            flags |= Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable
        row.setFlags(flags)
        for column, is_on, text in (
            (_SHOWN, not look.is_hidden, self.tr("Show the notes of {track}")),
            (_MUTED, look.is_muted, self.tr("Mute {track}")),
            (_SOLO, look.is_soloed, self.tr("Hear {track} alone")),
        ):
            row.setCheckState(column, Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
            row.setToolTip(column, text.format(track=name))
            row.setData(column, Qt.ItemDataRole.AccessibleTextRole, text.format(track=name))
        return row

    def _colour(self, place: int) -> QColor:
        colours = theme_of(self.palette()).instruments
        return colours[place % len(colours)]

    def _enable(self) -> None:
        can_edit = self._editor.can_edit
        has_track = self.chosen is not None
        self.new_button.setEnabled(can_edit)
        self.menu_button.setEnabled(can_edit and has_track)
        self.move_button.setEnabled(can_edit and has_track and len(self._editor.selection) > 0)

    # -- what the user does -----------------------------------------------------------------------

    def add_track(self) -> None:
        """Add a track, and let the user name it."""
        track = self._editor.add_track()
        if track is not None:
            self.choose(track)
            self.rename()

    def rename(self) -> None:
        row = self.tree.currentItem()
        if row is not None and self._editor.can_edit:
            self.tree.editItem(row, _NAME)

    def move_selected(self) -> None:
        if self.chosen is not None:
            self._editor.change(Project.move_to_track, self.chosen)

    def _edit_name(self, row: QTreeWidgetItem, column: int) -> None:
        if column == _NAME and self._editor.can_edit:
            self.tree.editItem(row, _NAME)

    def _choose(self) -> None:
        if not self._is_filling:
            self._editor.track = self.chosen
            self._enable()

    def _take_change(self, row: QTreeWidgetItem, column: int) -> None:
        if self._is_filling:
            return
        # Later: a step fills the list again, and Qt still works on the row that is changed.
        change = partial(self._change, row.data(_NAME, _TRACK), column, row.text(_NAME))
        is_on = row.checkState(column) == Qt.CheckState.Checked
        QTimer.singleShot(0, self, partial(change, is_on))

    def _change(self, track: Track, column: int, name: str, is_on: bool) -> None:
        if column == _NAME:
            is_new = name not in (track.name, track_name(track))
            if is_new and not self._editor.take(Project.rename_track, track, name):
                self._fill()
        elif column == _SHOWN:
            self._editor.take(Project.hide_track, track, not is_on)
        elif column == _MUTED:
            self._editor.take(Project.mute_track, track, is_on)
        elif column == _SOLO:
            self._editor.take(Project.solo_track, track, is_on)

    def _drag(self) -> None:
        if self.chosen is not None:
            self.drag_wanted.emit(self.chosen)

    def _show_menu(self, position: QPoint) -> None:
        if self.menu_button.isEnabled():
            self.menu.popup(self.tree.viewport().mapToGlobal(position))

    def _fill_menu(self) -> None:
        menu, editor, track = self.menu, self._editor, self.chosen
        menu.clear()
        if track is None or self._document is None:
            return
        menu.addAction(self.tr("&Rename")).triggered.connect(self.rename)
        self._add_programs(menu.addMenu(self.tr("&Sound")), track)
        self._add_colours(menu.addMenu(self.tr("&Colour")), track)
        select = menu.addAction(self.tr("Select Its &Notes"))
        select.triggered.connect(without_arguments(partial(editor.select_track, track)))
        save = menu.addMenu(self.tr("Sa&ve as"))
        save.setEnabled(len(self._document.notes.of_track(track)) > 0)
        for kind in FORMATS.values():
            wanted = partial(self.save_wanted.emit, track, kind.name)
            action = save.addAction(self.tr("{format}…").format(format=kind.label))
            action.triggered.connect(without_arguments(wanted))
        menu.addSeparator()
        others = [
            other
            for other in self._document.shown_tracks
            if other != track and other.kind is track.kind
        ]
        merge = menu.addMenu(self.tr("&Merge Into"))
        merge.setEnabled(bool(others))
        for other in others:
            action = merge.addAction(track_name(other).replace("&", "&&"))
            into = partial(editor.take, Project.merge_tracks, track, other)
            action.triggered.connect(without_arguments(into))
        delete = menu.addAction(self.tr("&Delete With Its Notes"))
        delete.triggered.connect(without_arguments(partial(editor.delete_track, track)))

    def _add_programs(self, menu: QMenu, track: Track) -> None:
        menu.setEnabled(not track.is_drums)
        for group in range(len(PROGRAM_GROUPS)):
            inside = menu.addMenu(program_group_name(group))
            for program in range(_IN_GROUP * group, _IN_GROUP * (group + 1)):
                action = inside.addAction(program_name(program))
                action.setCheckable(True)
                action.setChecked(program == track.program)
                choose = partial(self._editor.take, Project.set_program, track, program)
                action.triggered.connect(without_arguments(choose))

    def _add_colours(self, menu: QMenu, track: Track) -> None:
        names = (
            self.tr("Blue"), self.tr("Orange"), self.tr("Green"), self.tr("Pink"),
            self.tr("Yellow"), self.tr("Red"), self.tr("Violet"), self.tr("Grey"),
        )  # fmt: skip
        for place, name in enumerate(names):
            action = menu.addAction(_swatch(self._colour(place)), name)
            choose = partial(self._editor.take, Project.set_track_colour, track, place)
            action.triggered.connect(without_arguments(choose))


class _Rows(QTreeWidget):
    """Leaves a drag of a row to code that knows what it carries."""

    drag_wanted = Signal()

    def startDrag(self, _actions: Qt.DropAction) -> None:  # noqa: N802
        self.drag_wanted.emit()


def _swatch(colour: QColor) -> QIcon:
    picture = QPixmap(_SWATCH_PX, _SWATCH_PX)
    picture.fill(QGuiApplication.palette().base().color())  # a frame that a selected row shows
    painter = QPainter(picture)
    painter.fillRect(picture.rect().adjusted(1, 1, -1, -1), colour)
    painter.end()
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)  # Qt would tint it
    return icon
