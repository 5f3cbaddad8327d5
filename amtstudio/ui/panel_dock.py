"""A panel beside the notes or below them."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QAbstractButton, QDockWidget, QWidget

from amtstudio.ui.icons import icon

_DRAWINGS = {"qt_dockwidget_floatbutton": "float", "qt_dockwidget_closebutton": "cancel"}


class PanelDock(QDockWidget):
    """Its buttons are in the colour of the text: those of Qt vanish on dark ground.

    ``name`` is what its place is kept under.
    """

    def __init__(self, title: str, name: str, content: QWidget, window: QWidget) -> None:
        super().__init__(title, window)
        self.setObjectName(name)
        self.setWidget(content)
        self.topLevelChanged.connect(self._draw_buttons)
        self._draw_buttons()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._draw_buttons()

    def _draw_buttons(self) -> None:
        for button in self.findChildren(QAbstractButton):
            if button.objectName() in _DRAWINGS:
                button.setIcon(icon(_DRAWINGS[button.objectName()], self.palette()))
