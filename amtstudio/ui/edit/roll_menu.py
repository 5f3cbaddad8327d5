"""The menus of the right mouse button in the roll and on the strip of instruments."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.roll_view import RollView


class RollMenu:
    """Shows what can be done with the note under the pointer, or where there is none.

    Parameters
    ----------
    for_notes, for_view : sequence of QAction or None
        Entries of the window's menus; None is a line between them.
    """

    def __init__(
        self,
        roll: RollView,
        editor: Editor,
        *,
        for_notes: Sequence[QAction | QMenu | None],
        for_view: Sequence[QAction | QMenu | None],
    ) -> None:
        self._roll = roll
        self._editor = editor
        self._for_notes = for_notes
        self._for_view = for_view
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
        for entry in (*(self._for_notes if has_notes else ()), None, *self._for_view):
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
