"""The menus of a window: features put their entries into named sections of them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from amtstudio.ui.shortcuts import Shortcuts

Condition = Callable[[], bool]
_Key = QKeySequence | QKeySequence.StandardKey | Qt.Key | str

_LINE = ""
# Of every menu, from the top. A section that is in no list stands before the last line of its menu.
_SECTIONS: dict[str, tuple[str, ...]] = {
    "file": ("open", "record", "recent", _LINE, "project", _LINE, "export", _LINE, "close"),
    "edit": ("edit", _LINE, "preferences"),
    "view": ("zoom", "passages", _LINE, "panels", "tables", "lanes", _LINE, "appearance", "window"),
    "playback": ("playback",),
    "beats": ("beats",),
    "transcribe": ("transcribe", _LINE, "limit"),
    "adapt": ("adapt",),
    "help": ("guide", _LINE, "report", _LINE, "about"),
}


class Section:
    """A part of a menu, or a menu within one; ``menu`` is the one that it stands in."""

    def __init__(self, menus: Menus, menu: QMenu, listed: list[QAction] | None = None) -> None:
        self.menu = menu
        self.entries: list[QAction] = []
        self.listed = [] if listed is None else listed
        self._menus = menus

    def add(
        self,
        text: str,
        slot: Callable[[], object],
        *keys: _Key,
        needs: Condition | None = None,
        checkable: bool = False,
    ) -> QAction:
        """Add an entry that the user can give other keys.

        ``needs`` says when it can be chosen; it is called whenever something has changed.
        """
        action = QAction(text, self._menus.window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setCheckable(checkable)
        action.triggered.connect(lambda _checked=False: slot())
        self.put(action, needs=needs)
        return action

    def put(
        self, action: QAction, *, needs: Condition | None = None, is_listed: bool = True
    ) -> None:
        """Add an entry that was made elsewhere; ``is_listed``: on the sheet of keys."""
        self._insert(action)
        if is_listed:
            self.listed.append(action)
        if needs is not None:
            self._menus.require(action, needs)

    def add_menu(self, title: str) -> Section:
        """Add a menu within this one."""
        menu = QMenu(title, self.menu)
        self._insert(menu.menuAction())
        return Section(self._menus, menu, self.listed)

    def put_menu(self, menu: QMenu) -> None:
        """Add a menu that was made, and is filled, elsewhere."""
        self._insert(menu.menuAction())

    def add_line(self) -> None:
        line = QAction(self.menu)
        line.setSeparator(True)
        self._insert(line)

    def _insert(self, action: QAction) -> None:
        if (following := self._menus.following(self)) is None:
            self.menu.addAction(action)
        else:
            self.menu.insertAction(following, action)
        self.entries.append(action)
        self._menus.show(self.menu)


class Menus(QObject):
    """The menus of one window, those that have an entry.

    Attributes
    ----------
    shortcuts : Shortcuts
        The entries with keys, once ``finish`` was called.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self.window = window
        self.shortcuts = Shortcuts(())
        self._needs: dict[Condition, list[QAction]] = {}
        self._menus: dict[str, QMenu] = {}
        self._sections: dict[str, dict[str, Section]] = {}
        self._parts: dict[QMenu, list[Section | QAction]] = {}  # sections and lines, from the top
        tr = self.tr
        for name, title in {
            "file": tr("&File"),
            "edit": tr("&Edit"),
            "view": tr("&View"),
            "playback": tr("&Playback"),
            "beats": tr("&Beats"),
            "transcribe": tr("&Transcribe"),
            "adapt": tr("&Adapt"),
            "help": tr("&Help"),
        }.items():
            self._add(name, title)

    @property
    def all(self) -> list[QAction]:
        """The entries that may have keys, in the order of the menus."""
        return [action for actions in self.by_title.values() for action in actions]

    @property
    def by_title(self) -> dict[str, list[QAction]]:
        """The same by the titles of their menus."""
        return {
            self._menus[name].title(): [each for part in sections.values() for each in part.listed]
            for name, sections in self._sections.items()
        }

    def add_menu(self, name: str, title: str, *sections: str) -> None:
        """Add a menu before that of help, with these sections; an empty name is a line."""
        self._add(name, title, sections)
        self._sections["help"] = self._sections.pop("help")

    def section(self, menu: str, name: str) -> Section:
        """A section of a menu by their names; a new one gets a line above it."""
        sections, shown_in = self._sections[menu], self._menus[menu]
        if name not in sections:
            section = sections[name] = Section(self, shown_in)
            parts = self._parts[shown_in]
            lines = [place for place, part in enumerate(parts) if isinstance(part, QAction)]
            place = lines[-1] if lines else len(parts)
            before = parts[place] if lines else None
            line = shown_in.addSeparator()
            if isinstance(before, QAction):
                shown_in.insertAction(before, line)
            parts[place:place] = [line, section]
        return sections[name]

    def following(self, section: Section) -> QAction | None:
        """The entry before which one added to a section is inserted; None: it becomes the last."""
        parts = self._parts.get(section.menu, [])
        if section not in parts:
            return None
        for part in parts[parts.index(section) + 1 :]:
            if isinstance(part, QAction):
                return part
            if part.entries:
                return part.entries[0]
        return None

    def require(self, action: QAction, needs: Condition) -> None:
        """Enable an action only while this is so."""
        self._needs.setdefault(needs, []).append(action)

    def refresh(self) -> None:
        """Enable what can be done now."""
        for needs, actions in self._needs.items():
            is_so = needs()
            for action in actions:
                action.setEnabled(is_so)

    def show(self, menu: QMenu) -> None:
        """It has entries now."""
        if menu in self._menus.values():
            menu.menuAction().setVisible(True)

    def finish(self, changed_keys: tuple[str, ...]) -> None:
        """All entries are there: give them the keys that the user has chosen."""
        self.shortcuts = Shortcuts(self.all)
        self.shortcuts.apply(changed_keys)

    def _add(self, name: str, title: str, sections: tuple[str, ...] = ()) -> None:
        menu = QMenu(title, self.window)
        bar = self.window.menuBar()
        last = self._menus.get("help")
        bar.insertMenu(None if last is None else last.menuAction(), menu)  # type: ignore[arg-type]
        menu.menuAction().setVisible(False)
        self._menus[name] = menu
        made = self._sections[name] = {}
        parts = self._parts[menu] = []
        for section_name in sections or _SECTIONS[name]:
            if section_name == _LINE:
                parts.append(menu.addSeparator())
            else:
                section = made[section_name] = Section(self, menu)
                parts.append(section)
