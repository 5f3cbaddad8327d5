"""Lets the user say that an instrument plays in a stretch, or does not."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from amtstudio.session import Document as Project
from amtstudio.symbolic.instrument_tags import InstrumentTag
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.instrument_names import instrument_name
from amtstudio.ui.instruments.panel import InstrumentsPanel
from amtstudio.ui.pitch_names import clock
from amtstudio.ui.shell import Shell


class Tagging(QObject):
    """The entries for it: in the menu of edits, in that of the strip, and in that of the panel.

    They concern the instrument that is chosen in the panel, and the marked time; where none is
    marked, the whole recording.
    """

    def __init__(self, shell: Shell, panel: InstrumentsPanel) -> None:
        super().__init__(shell)
        self._shell, self._page, self._panel = shell, shell.page, panel
        section = shell.section("edit", "instruments").add_menu(self.tr("&Chosen Instrument"))
        tr = self.tr
        self.heard = section.add(
            tr("Is &Heard Here"), partial(self._say, is_heard=True), needs=self._can_say
        )
        self.not_heard = section.add(
            tr("Is &Not Heard Here"), partial(self._say, is_heard=False), needs=self._can_say
        )
        self.as_found = section.add(tr("As &Detected"), self._withdraw, needs=self._can_withdraw)
        panel.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        panel.tree.addActions([self.heard, self.not_heard, self.as_found])
        panel.tree.currentItemChanged.connect(without_arguments(shell.menus.refresh))
        self._page.instrument_strip.customContextMenuRequested.connect(self._show_menu)

    def strip_menu(self, place: QPoint) -> QMenu:
        """The menu for a place of the strip, whose instrument is the chosen one."""
        strip = self._page.instrument_strip
        menu = QMenu(strip)
        menu.addActions([self.heard, self.not_heard])
        tag = strip.tag_at(place.x(), place.y())
        menu.addAction(self.as_found if tag is None else self._withdrawal(tag, menu))
        menu.addSeparator()
        menu.addActions(strip.actions())
        return menu

    def _withdrawal(self, tag: InstrumentTag, menu: QMenu) -> QAction:
        """As the entry, for the tag under the pointer."""
        action = QAction(self.as_found.text(), menu)
        action.setEnabled(self._can_withdraw())
        action.triggered.connect(without_arguments(partial(self._take_back, tag)))
        return action

    def _show_menu(self, place: QPoint) -> None:
        menu = self.strip_menu(place)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._page.instrument_strip.mapToGlobal(place))

    def _can_say(self) -> bool:
        document = self._shell.document
        return document is not None and document.can_edit and self._panel.chosen_class is not None

    def _can_withdraw(self) -> bool:
        document, name = self._shell.document, self._panel.chosen_class
        return self._can_say() and any(
            tag.instrument == name for tag in (document.instrument_tags if document else ())
        )

    def _span(self) -> tuple[float, float]:
        """The marked time, or the whole recording."""
        document, marked = self._shell.document, self._page.time_selection.range
        if marked is not None or document is None:
            return marked or (0.0, 0.0)
        return 0.0, document.duration

    def _say(self, *, is_heard: bool) -> None:
        name, (onset, offset) = self._panel.chosen_class, self._span()
        editor = self._shell.editor
        if name is None or not editor.take(
            Project.tag_instrument, name, onset, offset, is_heard=is_heard
        ):
            return
        if self._page.time_selection.is_empty:
            text = (
                self.tr("You marked {name} as heard in the whole recording.")
                if is_heard
                else self.tr("You marked {name} as not heard in the whole recording.")
            )
        else:
            text = (
                self.tr("You marked {name} as heard from {begin} to {end}.")
                if is_heard
                else self.tr("You marked {name} as not heard from {begin} to {end}.")
            )
        self._shell.say(
            text.format(name=instrument_name(name), begin=clock(onset, 1), end=clock(offset, 1))
        )

    def _withdraw(self) -> None:
        """In the marked time; if none is marked, all tags of the instrument."""
        name, document = self._panel.chosen_class, self._shell.document
        if name is None or document is None:
            return
        said = [tag for tag in document.instrument_tags if tag.instrument == name]
        if not said:
            return
        onset, offset = self._span()
        if self._page.time_selection.is_empty:
            offset = max(offset, said[-1].offset)
        self._shell.editor.take(Project.withdraw_instrument_tags, name, onset, offset)

    def _take_back(self, tag: InstrumentTag) -> None:
        self._shell.editor.take(
            Project.withdraw_instrument_tags, tag.instrument, tag.onset, tag.offset
        )
