"""Editing in the window: its menu, what the right mouse button offers, the table of notes."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.ui.edit.menu import EditMenu
from amtstudio.ui.edit.note_table import NoteTableView
from amtstudio.ui.shell import Shell


class Editing(QObject):
    """Lets the user edit the notes by keys, menus and a table; the roll itself edits by mouse."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        roll, editor = shell.page.roll, shell.editor
        self.menu = EditMenu(shell.section("edit", "edit"), editor, roll)
        shell.roll_menu.for_notes += self.menu.for_notes
        shell.roll_menu.for_view += [*self.menu.for_view, self.menu.select_all]
        self.table = NoteTableView(editor)
        self.table_dock = shell.add_dock(
            self.tr("Table of Notes"), "table", self.table, is_below=True, key="Ctrl+L"
        )
        shell.follow_document(self.table.set_document)
