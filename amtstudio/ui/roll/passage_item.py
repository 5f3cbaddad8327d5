"""The passages that the user has accepted, as a stripe along the upper edge."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from amtstudio.session import Passage
from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE
from amtstudio.ui.theme import Theme

_STRIPE_PX = 5.0
_SHADE_ALPHA = 22
_COLOUR = QColor("#009e73")  # Okabe and Ito's green


class PassageItem(pg.GraphicsObject):
    """A green stripe from the onset to the offset of each, and a faint shade below it."""

    def __init__(self) -> None:
        super().__init__()
        self._passages: tuple[Passage, ...] = ()

    def set_passages(self, passages: Sequence[Passage]) -> None:
        self.prepareGeometryChange()
        self._passages = tuple(passages)
        self.update()

    def set_theme(self, _theme: Theme) -> None:
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        end = self._passages[-1].offset if self._passages else 0.0
        return QRectF(0.0, LOWEST_EDGE, end, HIGHEST_EDGE - LOWEST_EDGE)

    def paint(
        self, painter: QPainter, _option: QStyleOptionGraphicsItem, _widget: QWidget | None = None
    ) -> None:
        view = self.getViewBox()
        if view is None or not self._passages:
            return
        low, high = view.viewRange()[1]
        stripe = _STRIPE_PX * (high - low) / max(float(view.height()), 1.0)
        shade = QColor(_COLOUR)
        shade.setAlpha(_SHADE_ALPHA)
        painter.setPen(Qt.PenStyle.NoPen)
        for passage in self._passages:
            length = passage.offset - passage.onset
            painter.fillRect(QRectF(passage.onset, low, length, high - low), shade)
            painter.fillRect(QRectF(passage.onset, high - stripe, length, stripe), _COLOUR)
