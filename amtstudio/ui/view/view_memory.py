"""The part of a recording that was in view, kept with its project and found again."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from PySide6.QtCore import QObject

from amtstudio.errors import AmtStudioError
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.shell import Shell
from amtstudio.ui.view.notes_panel import NotesPanel

logger = logging.getLogger("amtstudio.ui")

_VERSION = 1


@dataclass(frozen=True, slots=True)
class View:
    """The visible range and panels.

    Attributes
    ----------
    start, end : float, seconds
    low, high : float, MIDI pitches
    heads : tuple of str
        The activations overlaid on the spectrogram.
    panels : tuple of str
        Those around the view, by the names of their docks.
    """

    start: float
    end: float
    low: float
    high: float
    heads: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not all(map(math.isfinite, (self.start, self.end, self.low, self.high))):
            raise ValueError("a view must be finite")
        if not (0.0 <= self.start < self.end and self.low < self.high):
            raise ValueError(f"there is no view {self}")

    def to_json(self) -> str:
        return json.dumps({"version": _VERSION, **asdict(self)}, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> View | None:
        """The view of a project, which may come from anywhere; None if it is none of ours."""
        try:
            values = json.loads(text)
            if not isinstance(values, dict) or values.pop("version") != _VERSION:
                return None
            numbers = {name: float(values[name]) for name in ("start", "end", "low", "high")}
            return cls(**numbers, heads=_names(values, "heads"), panels=_names(values, "panels"))
        except (KeyError, OverflowError, RecursionError, TypeError, ValueError):
            return None


class ViewMemory(QObject):
    """Keeps the view of each item while another one is shown, and with its project at the end."""

    def __init__(self, shell: Shell, panel: NotesPanel) -> None:
        super().__init__(shell)
        self._shell = shell
        self._page = shell.page
        self._panel = panel
        self._item: QueueItem | None = None
        self._views: dict[QueueItem, View] = {}

    def leave(self) -> None:
        """Keep the view of the item that is shown, before another one is, or it is closed."""
        item = self._item
        if item is None:
            return
        try:
            view = self._views[item] = self._now()
        except ValueError:  # a window without a size yet
            return
        edits = item.document.edits
        # What is shown matters less than what is being written.
        if edits is None or edits.is_busy or edits.is_read_only:
            return
        text = view.to_json()
        try:
            if edits.project.view != text:
                edits.project.set_view(text)
        except AmtStudioError as error:
            logger.warning("the view is not kept: %s", error)

    def enter(self, item: QueueItem | None) -> None:
        """Show the item that is shown now as it was last time."""
        if self._item is not None:
            self._item.document.closing.disconnect(self.leave)
        self._item = item
        if item is None:
            return
        item.document.closing.connect(self.leave)
        known = self._views.get(item)
        if known is not None:
            self._show_range(known)
            return
        project = item.document.project
        kept = None if project is None else View.from_json(project.view)
        if kept is not None:
            self._show_range(kept)
            self._show_panels(kept)

    def forget(self, item: QueueItem) -> None:
        self._views.pop(item, None)

    def _now(self) -> View:
        start, end = self._page.roll.visible_range
        low, high = self._page.roll.box.viewRange()[1]
        return View(
            max(start, 0.0),
            end,
            low,
            high,
            tuple(sorted(self._panel.shown_heads)),
            self._shell.open_panels,
        )

    def _show_range(self, view: View) -> None:
        roll = self._page.roll
        end = min(view.end, roll.box.duration)
        if view.start < end:
            roll.show_range(view.start, end)
        roll.box.setYRange(view.low, view.high, padding=0.0)

    def _show_panels(self, view: View) -> None:
        self._panel.show_heads(frozenset(view.heads))
        self._shell.open_panels = view.panels


def _names(values: Mapping[str, object], key: str) -> tuple[str, ...]:
    names = values[key]
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"{key} must be names")
    return tuple(names)
