"""The agreement between student and teacher over the time of learning."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QWidget

from amtstudio.ui.theme import Theme, theme_of
from amtstudio.workbench.adaptation.story import Story

_HEIGHT = 130
_PER_CENT = 100.0
_LEAST_SPAN = 4.0  # per cent: a smaller one would make much of nothing


class ScoreCurve(pg.PlotWidget):
    """Faint points for each step, and a line for the trend."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._n_shown = -1
        self.setMenuEnabled(False)
        self.setMouseEnabled(x=False, y=False)
        self.hideButtons()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(_HEIGHT)
        self.setLabel("left", self.tr("agreement, %"))
        self.setLabel("bottom", self.tr("minutes of learning"))
        self._points = pg.ScatterPlotItem(size=4, pxMode=True)
        self._line = pg.PlotCurveItem()
        self.addItem(self._points)
        self.addItem(self._line)
        self.setAccessibleName(self.tr("Agreement with the teacher"))
        self._apply(theme_of(self.palette()))

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        return QSize(60, _HEIGHT)

    def show_story(self, story: Story, minutes: float) -> None:
        """Show how far a run of so many minutes is."""
        if len(story.points) == self._n_shown:
            return
        self._n_shown = len(story.points)
        places = [minutes * place for place, _ in story.points]
        raw = [_PER_CENT * value for _, value in story.points]
        even = [_PER_CENT * value for _, value in story.smooth]
        self._points.setData(places, raw)
        self._line.setData(places, even)
        self.setXRange(0.0, max(minutes * story.fraction * 1.05, 0.05), padding=0.0)
        if even:
            middle = 0.5 * (min(even) + max(even))
            half = max(0.7 * (max(even) - min(even)), 0.5 * _LEAST_SPAN)
            self.setYRange(middle - half, min(middle + half, _PER_CENT), padding=0.05)
            self.setAccessibleDescription(
                self.tr("{first} % at first, {last} % now").format(
                    first=f"{even[0]:.1f}", last=f"{even[-1]:.1f}"
                )
            )

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_line"):
            self._apply(theme_of(self.palette()))
        super().changeEvent(event)

    def _apply(self, theme: Theme) -> None:
        self.setBackground(None)
        faint = QColor(theme.accent)
        faint.setAlpha(90)
        self._points.setPen(None)
        self._points.setBrush(faint)
        self._line.setPen(QPen(theme.accent, 0))
        pen = pg.mkPen(theme.accent, width=2)
        self._line.setPen(pen)
        for name in ("left", "bottom"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(theme.faint_text))
            axis.setTextPen(pg.mkPen(theme.faint_text))
            axis.setStyle(tickLength=3)
