"""Chooses the model for new transcriptions: by the instruments detected, or a fixed one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from amtstudio.models import list_models
from amtstudio.ui.model_names import model_name
from amtstudio.workbench.transcribing import AUTO, Engine

_TRANSCRIBE = ("piano", "melodic", "drums")  # of the models that ship, those that find notes


class ModelMenu(QObject):
    """The menu, and the effect of a choice: it is kept, and the recording transcribed again."""

    def __init__(
        self,
        menu: QMenu,
        engine: Engine,
        *,
        keep: Callable[[str], object],
        transcribe_again: Callable[[], object],
    ) -> None:
        super().__init__(menu)
        self._engine, self._keep, self._transcribe_again = engine, keep, transcribe_again
        self.actions: dict[str, QAction] = {}
        group = QActionGroup(self)
        there = list_models()
        for name in (AUTO, *(name for name in _TRANSCRIBE if name in there)):
            action = menu.addAction(model_name(name))
            action.setCheckable(True)
            action.triggered.connect(lambda _checked=False, name=name: self.choose(name))
            group.addAction(action)
            self.actions[name] = action
        chosen = AUTO if engine.chooses else engine.model
        if chosen in self.actions:
            self.actions[chosen].setChecked(True)
        menu.setToolTip(
            self.tr("The model for new recordings, and for transcribing this one again")
        )

    def choose(self, name: str) -> None:
        """Use a model from now on, and transcribe the open recording with it."""
        if name == (AUTO if self._engine.chooses else self._engine.model):
            return
        self._engine.choose(name)
        self._keep("" if name == AUTO else name)
        self._transcribe_again()
