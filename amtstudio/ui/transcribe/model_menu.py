"""Chooses the model: of the recording that is shown, and of new ones."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from amtstudio.models import list_models
from amtstudio.ui.model_names import model_name
from amtstudio.ui.queue import QueueItem
from amtstudio.workbench.transcribing import AUTO, Engine

# Of the models that ship, those that find notes.
_TRANSCRIBE = ("piano", "piano_large", "melodic", "drums")

_WIDTH = 240  # pixels of a text in the button, at most: the longest name in any language

Choose = Callable[[QueueItem, str], object]


class ModelMenu(QObject):
    """The menu, and a button above the recording that opens it.

    A choice is for one recording, which is transcribed again. Another menu within this one has that
    for new recordings.
    """

    def __init__(
        self, menu: QMenu, engine: Engine, *, choose: Choose, keep: Callable[[str], object]
    ) -> None:
        super().__init__(menu)
        self._engine, self._choose, self._keep = engine, choose, keep
        self._item: QueueItem | None = None
        self.actions = add_models(menu, self._take)
        menu.addSeparator()
        new = menu.addMenu(self.tr("For &New Recordings"))
        self.actions_for_new = add_models(new, self._take_for_new)
        self.button = QToolButton()
        self.button.setMenu(menu)
        self.button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.button.setToolTip(
            self.tr(
                "Which model finds the notes of this recording; another one transcribes it again"
            )
        )
        self._show()

    def set_item(self, item: QueueItem | None) -> None:
        """Show the choice for this recording."""
        if self._item is not None:
            self._item.changed.disconnect(self._show)
            self._item.document.project_changed.disconnect(self._show)
        self._item = item
        if item is not None:
            item.changed.connect(self._show)
            item.document.project_changed.connect(self._show)
        self._show()

    def add_to_row(self, item: QueueItem, menu: QMenu) -> None:
        """Offer the same for a recording of the list."""
        actions = add_models(menu.addMenu(self.tr("Model")), partial(self._choose_for, item))
        _tick(actions, _chosen_for(item))

    def _take(self, name: str) -> None:
        if self._item is not None:
            self._choose_for(self._item, name)
        self._show()  # it may be refused

    def _choose_for(self, item: QueueItem, name: str) -> None:
        if name != _chosen_for(item):
            self._choose(item, name)

    def _take_for_new(self, name: str) -> None:
        self._engine.choose(name)
        self._keep("" if name == AUTO else name)
        self._show()

    def _show(self, *_: object) -> None:
        item = self._item
        chosen = "" if item is None else _chosen_for(item)
        for action in self.actions.values():
            action.setEnabled(item is not None)
        _tick(self.actions, chosen)
        _tick(self.actions_for_new, self._engine.choice)
        profile = "" if item is None else item.document.profile
        # One of the user's own is named by its file.
        name = f"“{profile}”" if profile else model_name(PurePath(chosen).stem)
        text = self.tr("Model: {name}").format(name=name)
        self.button.setAccessibleName(text)
        metrics = self.button.fontMetrics()
        self.button.setText(metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, _WIDTH))


def add_models(menu: QMenu, choose: Callable[[str], object]) -> dict[str, QAction]:
    """Add an entry for each model that ships, and one to have it chosen, by their names."""
    there = list_models()
    actions = {}
    for name in (AUTO, *(name for name in _TRANSCRIBE if name in there)):
        action = menu.addAction(model_name(name))
        action.setCheckable(True)
        action.triggered.connect(lambda _checked=False, name=name: choose(name))
        actions[name] = action
    return actions


def _chosen_for(item: QueueItem) -> str:
    """The model of a recording, or ``AUTO``; "": that of its profile."""
    document = item.document
    return "" if document.profile else document.model


def _tick(actions: dict[str, QAction], chosen: str) -> None:
    for name, action in actions.items():
        action.setChecked(name == chosen)
