"""The menu of the right mouse button in the roll."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.roll_view import RollView


class RollMenu:
    """Shows what can be done with the note under the pointer, or where there is none.

    Attributes
    ----------
    for_notes : list of QAction, QMenu or None
        Entries of the window's menus that are about the selected notes; None is a line between.
    for_view : list of QAction, QMenu or None
        Those that stand there wherever the pointer is.
    """

    def __init__(self, roll: RollView, editor: Editor) -> None:
        self._roll = roll
        self._editor = editor
        self.for_notes: list[QAction | QMenu | None] = []
        self.for_view: list[QAction | QMenu | None] = []
        roll.menu_wanted.connect(self._show)

    def menu_at(self, position: QPointF) -> QMenu:
        """The menu for a place of the scene; selects the note there, if it was not."""
        key = self._roll.key_under(position)
        if key is not None and key not in self._editor.selection:
            self._editor.selection.set([key])
        hover = self._roll.hover_under(position)
        has_notes = len(self._editor.selection) > 0
        menu = QMenu(self._roll)
        if hover is not None:
            play = menu.addAction(self._roll.tr("&Play from Here"))
            play.triggered.connect(partial(self._play_from, hover.time))
            menu.addSeparator()
        for entry in (*(self.for_notes if has_notes else ()), None, *self.for_view):
            if entry is None:
                menu.addSeparator()
            elif isinstance(entry, QMenu):
                menu.addMenu(entry)
            else:
                menu.addAction(entry)
        return menu

    def _play_from(self, time: float, _checked: bool = False) -> None:
        self._roll.ruler_clicked.emit(time)

    def _show(self, position: QPointF, global_position: QPoint) -> None:
        menu = self.menu_at(position)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(global_position)
