"""Takes that a crash cut short: made whole, and offered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from amtstudio.ui.pitch_names import clock
from amtstudio.ui.wrapped_label import WrappedLabel
from amtstudio.workbench.takes.unfinished import RepairedTake


class OfferBar(QFrame):
    """Asks what to do with takes from a run that did not end as it should."""

    open_wanted = Signal(list)  # of Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._takes: Sequence[RepairedTake] = ()
        self.label = WrappedLabel()
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.open_button = QPushButton(self.tr("Open"))
        self.open_button.clicked.connect(self._open)
        self.dismiss_button = QPushButton(self.tr("Not now"))
        self.dismiss_button.clicked.connect(self._forget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(8)
        for widget in (self.label, self.open_button, self.dismiss_button):
            layout.addWidget(widget)
        self.hide()

    def offer(self, takes: Sequence[RepairedTake]) -> None:
        """Show itself, unless there is nothing to offer."""
        self._takes = takes
        if not takes:
            return
        first = takes[0]
        if len(takes) == 1:
            text = self.tr(
                "The program ended while recording {name} ({length}). What was played was saved in"
                " {folder}."
            ).format(
                name=first.take.path.name,
                length=clock(first.duration),
                folder=first.take.path.parent,
            )
        else:
            names = ", ".join(f"{take.take.path.name} ({clock(take.duration)})" for take in takes)
            text = self.tr(
                "The program ended while recording {names}. What was played was saved."
            ).format(names=names)
        self.label.setText(text)
        self.setAccessibleName(text)
        self.show()

    def _open(self) -> None:
        paths = [take.take.path for take in self._takes]
        self._forget()
        self.open_wanted.emit(paths)

    def _forget(self) -> None:
        for take in self._takes:
            take.take.forget()
        self._takes = ()
        self.hide()
