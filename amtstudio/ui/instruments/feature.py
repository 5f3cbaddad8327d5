"""Puts the instruments into a window: the search, the panel, the strip and the hint."""

from __future__ import annotations

from PySide6.QtCore import QObject

from amtstudio.decoding.suitability import mismatch_beside_tags
from amtstudio.settings import Settings
from amtstudio.ui.failure import describe
from amtstudio.ui.instruments.finder import InstrumentFinder
from amtstudio.ui.instruments.panel import InstrumentsPanel
from amtstudio.ui.instruments.tagging import Tagging
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.shell import Shell


class Instruments(QObject):
    """Keeps the panel, the strip and the hint of the page in step with what was found.

    Without an instrument model there is neither a panel nor a menu entry.
    """

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._page = shell.page
        self._item: QueueItem | None = None
        self.panel = InstrumentsPanel()
        self.finder = InstrumentFinder(shell.queue, shell.pool, self)
        self.finder.profile = shell.preferences.settings.instrument_profile
        self.finder.changed.connect(self._show)
        shell.instruments_wanted.connect(self.finder.find_again)
        self.panel.passage_wanted.connect(shell.page.show_passage)
        shell.page.roll.range_changed.connect(self.panel.set_range)
        shell.page.instrument_strip.chosen.connect(self.panel.choose)
        shell.idle_checks.append(lambda: self.finder.is_idle)
        if self.finder.is_available:
            shell.add_dock(self.tr("Instruments"), "instruments", self.panel, is_behind_first=True)
            self._add_passages()
            self.tagging = Tagging(shell, self.panel)
        self._add_strip()
        shell.item_shown.connect(self._set_item)

    def _add_passages(self) -> None:
        section, tr = self._shell.section("view", "passages"), self.tr
        for text, slot, key in (
            (tr("&Next Passage of This Instrument"), self.panel.go_next, "Ctrl+J"),
            (tr("Pre&vious Passage of This Instrument"), self.panel.go_before, "Ctrl+Shift+J"),
        ):
            action = section.add(text, slot, key, needs=self._shell.has_notes)
            self._page.instrument_strip.addAction(action)

    def _add_strip(self) -> None:
        strip, preferences = self._page.instrument_strip, self._shell.preferences
        self.strip_shown = self._shell.section("view", "lanes").add(
            self.tr("&Instruments Above the Notes"), lambda: None, checkable=True
        )
        self.strip_shown.setVisible(self.finder.is_available)
        self.strip_shown.setChecked(preferences.settings.shows_instruments)
        strip.set_wanted(preferences.settings.shows_instruments)
        strip.addAction(self.strip_shown)
        self.strip_shown.toggled.connect(strip.set_wanted)
        self.strip_shown.toggled.connect(
            lambda are_shown: preferences.change(shows_instruments=are_shown)
        )
        preferences.changed.connect(self._follow)

    def _follow(self, _before: Settings, after: Settings) -> None:
        self.finder.profile = after.instrument_profile
        self.strip_shown.setChecked(after.shows_instruments)

    def _set_item(self, item: QueueItem | None) -> None:
        if self._item is not None:
            self._item.document.instruments_changed.disconnect(self._refresh)
        self._item = item
        if item is not None:
            item.document.instruments_changed.connect(self._refresh)
        self.panel.set_document(None if item is None else item.document)
        self._show(item)

    def _refresh(self) -> None:
        self._show(self._item)
        self._shell.menus.refresh()

    def _show(self, item: QueueItem | None) -> None:
        """The state of the search for instruments, and the hint that comes of it."""
        if item is not self._item:
            return
        finder = self.finder
        mismatch = None
        if item is not None and item.document.is_by_piano_model:
            tags = item.document.instrument_tags
            mismatch = mismatch_beside_tags(finder.mismatch(item), tags)
        self._page.instrument_hint.set_mismatch(mismatch)
        if item is None or item.document.instruments is not None:
            return
        error = finder.error(item)
        if error is not None:
            text = describe(error, subject=item.document.name).cause
        elif finder.is_listening_to(item):
            text = self.tr("Listening for instruments…")
        else:
            text = self.tr("Available after transcription.")
        self.panel.set_status(text)
