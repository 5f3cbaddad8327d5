"""The parts of a strip beneath the notes, and the usual one: an item with a name beside it."""

from __future__ import annotations

from typing import Protocol

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal, SignalInstance

from amtstudio.ui.document import Document
from amtstudio.ui.editor import Editor
from amtstudio.ui.roll.axes import LaneLabel
from amtstudio.ui.roll.roll_view_box import Gestures, RollViewBox
from amtstudio.ui.roll.time_range_item import TimeRangeItem
from amtstudio.ui.theme import Theme
from amtstudio.ui.time_selection import TimeSelection


class LaneGestures(Gestures, Protocol):
    """What the mouse does in a lane; ``cancel`` returns whether there was anything to cancel."""

    def cancel(self) -> bool: ...


class ThemedItem(Protocol):
    """An item of a view, in the colours of a theme."""

    def set_theme(self, theme: Theme) -> None: ...


class Lane(Protocol):
    """A strip beneath the notes, on their axis of time; ``RollView.add_lane`` takes it in.

    Attributes
    ----------
    name : str
        By which it is shown, hidden and looked up.
    axis : AxisItem
        Shown at its left.
    box : RollViewBox
        Seconds horizontally, any unit vertically; contains the lane's items.
    is_wanted : bool
        Whether the user wants to see it.
    height_changed : Signal
        Its preferred height may have changed.
    """

    name: str
    axis: pg.AxisItem
    box: RollViewBox
    is_wanted: bool
    height_changed: SignalInstance

    @property
    def least(self) -> float:
        """Pixels for which the lanes below it fold away."""

    def height(self, room: float) -> float:
        """How many of these pixels it uses now; 0: it is folded away."""

    def gestures(self, editor: Editor) -> LaneGestures | None:
        """Its mouse gestures once notes can be edited; None: the mouse moves the view."""

    def set_document(self, document: Document | None) -> None:
        """Show another one, and follow its changes."""

    def set_duration(self, seconds: float) -> None:
        """Of the recording."""

    def set_theme(self, theme: Theme) -> None: ...


class ItemLane(QObject):
    """A lane with one item, as high as it always is; where there is less room, it folds away.

    Parameters
    ----------
    item : GraphicsObject
        With ``set_theme``; paints from ``low`` to ``high``.
    pixels : float
        How high it is.
    room_above : float
        In the units of ``high``, so that what is at the top is seen whole.
    """

    height_changed = Signal()

    def __init__(
        self,
        name: str,
        label: str,
        item: ThemedItem,
        selection: TimeSelection,
        *,
        low: float = 0.0,
        high: float = 1.0,
        room_above: float = 0.0,
        pixels: float = 40.0,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = name
        self.axis = LaneLabel(label)
        self.box = RollViewBox(moves_pitch=False)
        self.is_wanted = True
        self.least = 0.0
        self._pixels = pixels
        self._document: Document | None = None
        band = TimeRangeItem(selection, low, high)
        self._parts: tuple[ThemedItem, ...] = (band, item, self.axis)
        for part in (band, item):
            self.box.addItem(part, ignoreBounds=True)
        self.box.setYRange(low, high + room_above, padding=0.0)

    def height(self, room: float) -> float:
        return self._pixels if self.is_wanted and room >= self._pixels else 0.0

    def gestures(self, editor: Editor) -> LaneGestures | None:  # noqa: ARG002
        return None

    def set_document(self, document: Document | None) -> None:
        if self._document is not None:
            self._document.notes_changed.disconnect(self.refresh)
        self._document = document
        if document is not None:
            document.notes_changed.connect(self.refresh)
            self.refresh()

    def refresh(self) -> None:
        """The notes of the document have changed."""

    def set_duration(self, seconds: float) -> None:
        self.box.set_duration(seconds)

    def set_theme(self, theme: Theme) -> None:
        for part in self._parts:
            part.set_theme(theme)
