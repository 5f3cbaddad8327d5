"""How the mouse and the wheel move the view."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGraphicsSceneWheelEvent

from amtstudio.ui.roll.pyramid_item import HIGHEST_EDGE, LOWEST_EDGE

_SCROLL_SHARE = 0.12  # of the view, for a notch of the wheel
_ZOOM = 1.25  # for a notch
SHORTEST_VIEW_S = 0.1
_NARROWEST_VIEW = 6.0  # semitones
_EMPTY_VIEW_S = 10.0


class Gestures(Protocol):
    """Handlers of clicks and drags before they move the view."""

    def click(self, event: Any) -> bool: ...

    def drag(self, event: Any) -> bool: ...


class RollViewBox(pg.ViewBox):
    """Wheel: time. With Shift: pitch. With Ctrl: zoom at the pointer. Drag: both.

    Attributes
    ----------
    gestures : Gestures, or None
        Is asked first what a click or drag of the left button means.
    on_alt_wheel : callable, or None
        Gets the notches of the wheel while Alt is held.
    """

    def __init__(self, *, moves_pitch: bool = True) -> None:
        super().__init__(enableMenu=False)
        self._moves_pitch = moves_pitch
        self.gestures: Gestures | None = None
        self.on_alt_wheel: Callable[[float], object] | None = None
        self.duration = _EMPTY_VIEW_S
        self.setMouseEnabled(x=True, y=moves_pitch)
        self.setDefaultPadding(0.0)
        self.disableAutoRange()
        if moves_pitch:
            self.setYRange(LOWEST_EDGE, HIGHEST_EDGE, padding=0.0)
        self.set_duration(_EMPTY_VIEW_S)

    def set_duration(self, seconds: float) -> None:
        """Keep the view within the recording."""
        self.duration = max(seconds, SHORTEST_VIEW_S)
        limits: dict[str, float] = {
            "xMin": 0.0,
            "xMax": self.duration,
            "minXRange": SHORTEST_VIEW_S,
            "maxXRange": self.duration,
        }
        if self._moves_pitch:
            limits |= {
                "yMin": LOWEST_EDGE,
                "yMax": HIGHEST_EDGE,
                "minYRange": _NARROWEST_VIEW,
                "maxYRange": HIGHEST_EDGE - LOWEST_EDGE,
            }
        self.setLimits(**limits)

    def scroll(self, axis: int, share: float) -> None:
        """Move the view by a share of its length, as far as the recording goes."""
        low, high = self.viewRange()[axis]
        lowest, highest = (0.0, self.duration) if axis == 0 else (LOWEST_EDGE, HIGHEST_EDGE)
        shift = min(max((high - low) * share, lowest - low), highest - high)
        self._show(axis, low + shift, high + shift)

    def zoom(self, axis: int, factor: float, centre: float | None = None) -> None:
        """Show ``factor`` times as much; ``centre`` stays where it is."""
        low, high = self.viewRange()[axis]
        centre = (low + high) / 2.0 if centre is None else min(max(centre, low), high)
        lowest, highest = (0.0, self.duration) if axis == 0 else (LOWEST_EDGE, HIGHEST_EDGE)
        shortest = min(SHORTEST_VIEW_S if axis == 0 else _NARROWEST_VIEW, highest - lowest)
        length = min(max((high - low) * factor, shortest), highest - lowest)
        begin = centre - (centre - low) * length / max(high - low, 1e-9)
        begin = min(max(begin, lowest), highest - length)
        self._show(axis, begin, begin + length)

    def wheelEvent(self, event: QGraphicsSceneWheelEvent, axis: int | None = None) -> None:  # noqa: N802
        modifiers = event.modifiers()
        notches = event.delta() / 120.0
        # With Alt some systems turn the wheel sideways.
        if modifiers & Qt.KeyboardModifier.AltModifier and self.on_alt_wheel is not None:
            self.on_alt_wheel(notches)
            event.accept()
            return
        is_sideways = event.orientation() == Qt.Orientation.Horizontal
        wants_pitch = bool(modifiers & Qt.KeyboardModifier.ShiftModifier) or axis == 1
        moved = 1 if wants_pitch and self._moves_pitch and not is_sideways else 0
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            position = self.mapToView(event.pos())
            centre = position.x() if moved == 0 else position.y()
            self.zoom(moved, _ZOOM**-notches, centre if axis is None else None)
        else:
            # Down the wheel is on in time, and down in pitch.
            self.scroll(moved, (notches if moved == 1 else -notches) * _SCROLL_SHARE)
        event.accept()

    def mouseDragEvent(self, event: Any, axis: int | None = None) -> None:  # noqa: N802
        if event.button() == Qt.MouseButton.RightButton:
            event.ignore()
            return
        if axis is None and self.gestures is not None and self.gestures.drag(event):
            event.accept()
            return
        super().mouseDragEvent(event, axis)

    def mouseClickEvent(self, event: Any) -> None:  # noqa: N802
        if self.gestures is not None and self.gestures.click(event):
            event.accept()
            return
        super().mouseClickEvent(event)

    def _show(self, axis: int, low: float, high: float) -> None:
        if axis == 0:
            self.setXRange(low, high, padding=0.0)
        else:
            self.setYRange(low, high, padding=0.0)
