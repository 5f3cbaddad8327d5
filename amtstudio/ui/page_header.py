"""The row above a recording: its name in bold, something about it, something at the right."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from amtstudio.ui.elided_label import ElidedLabel

_NAME_SCALE = 1.15


class PageHeader(QWidget):
    """``about`` takes what the name leaves."""

    def __init__(self, about: QLabel, at_the_right: QWidget) -> None:
        super().__init__()
        self.name_label = ElidedLabel()
        font = self.name_label.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * _NAME_SCALE)
        self.name_label.setFont(font)
        layout = self._layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 7, 10, 7)
        layout.setSpacing(12)
        layout.addWidget(self.name_label)
        layout.addWidget(about, 1)
        layout.addWidget(at_the_right)

    def add(self, widget: QWidget) -> None:
        """Put something small beside what is at the right."""
        self._layout.insertWidget(self._layout.count() - 1, widget)
