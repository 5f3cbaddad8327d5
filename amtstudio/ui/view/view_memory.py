"""The part of a recording that was in view, kept with its project and found again."""

from __future__ import annotations

import logging

from PySide6.QtCore import QObject

from amtstudio.errors import AmtStudioError
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.shell import Shell
from amtstudio.ui.view.notes_panel import NotesPanel
from amtstudio.workbench.view_range import View

logger = logging.getLogger("amtstudio.ui")


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
