"""Entries of menus, in groups that are enabled together."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

_Key = QKeySequence | QKeySequence.StandardKey | Qt.Key | str


class Menus:
    """The menus of one window.

    Attributes
    ----------
    all : list of QAction
    needs_document, needs_notes, needs_project : list of QAction
    needs_range, needs_selection, needs_take : list of QAction
        Those that are enabled only while there is such a thing.
    """

    def __init__(self, window: QMainWindow) -> None:
        self._bar = window.menuBar()
        self._parent = window
        self.all: list[QAction] = []
        self.needs_document: list[QAction] = []
        self.needs_notes: list[QAction] = []
        self.needs_project: list[QAction] = []
        self.needs_range: list[QAction] = []
        self.needs_selection: list[QAction] = []
        self.needs_take: list[QAction] = []

    def set_enabled(
        self,
        *,
        has_document: bool,
        has_notes: bool,
        has_project: bool,
        has_range: bool,
        has_selection: bool,
        has_take: bool,
    ) -> None:
        for action in self.needs_document:
            action.setEnabled(has_document)
        for action in self.needs_notes:
            action.setEnabled(has_notes)
        for action in self.needs_range:
            action.setEnabled(has_range)
        for action in self.needs_selection:
            action.setEnabled(has_selection)
        for action in self.needs_take:
            action.setEnabled(has_take)
        for action in self.needs_project:
            action.setEnabled(has_project)

    def menu(self, title: str) -> QMenu:
        return self._bar.addMenu(title)

    def add(
        self, menu: QMenu, text: str, slot: Callable[[], object], *keys: _Key, group: str = ""
    ) -> QAction:
        action = QAction(text, self._parent)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda _checked=False: slot())
        menu.addAction(action)
        self.all.append(action)
        groups = {
            "document": self.needs_document,
            "notes": self.needs_notes,
            "range": self.needs_range,
            "selection": self.needs_selection,
            "take": self.needs_take,
            "project": self.needs_project,
        }
        groups.get(group, []).append(action)
        return action
