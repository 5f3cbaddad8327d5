"""The actions for a recording in the list, as buttons in its row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from amtstudio.ui.icons import icon

_MOST = 4


class Offer(NamedTuple):
    """One thing that can be done."""

    icon: str
    text: str
    do: Callable[[], object]


class RowButtons(QWidget):
    """Up to four buttons side by side; the last one stays in its place where there are fewer."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._offers: dict[QToolButton, Offer] = {}
        self._shown: tuple[object, ...] = ()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.all = [QToolButton() for _ in range(_MOST)]
        for button in self.all:
            button.setAutoRaise(True)
            button.clicked.connect(partial(self._do, button))
            layout.addWidget(button)

    @property
    def has_focus(self) -> bool:
        return any(button.hasFocus() for button in self.all)

    def set_offers(self, offers: Sequence[Offer], name: str, palette: QPalette) -> None:
        """``name`` is what they are about, for a screen reader."""
        self._offers = dict(zip(reversed(self.all), reversed(offers), strict=False))
        shown = (name, [offer[:2] for offer in offers], palette.cacheKey())
        if shown == self._shown:  # every change of a widget has it painted again
            return
        self._shown = shown
        for button in self.all:
            button.setVisible(button in self._offers)
        for button, offer in self._offers.items():
            button.setIcon(icon(offer.icon, palette))
            button.setToolTip(offer.text)
            button.setAccessibleName(f"{offer.text}: {name}")
        self.adjustSize()

    def _do(self, button: QToolButton) -> None:
        self._offers[button].do()
