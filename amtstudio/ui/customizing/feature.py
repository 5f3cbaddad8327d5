"""Preferences, keyboard shortcuts and the appearance, in the menus of the window."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup

from amtstudio.settings import Settings
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.customizing.appearance import Appearance
from amtstudio.ui.customizing.preferences_dialog import PreferencesDialog
from amtstudio.ui.customizing.shortcut_dialog import ShortcutDialog
from amtstudio.ui.jobs import Job
from amtstudio.ui.shell import Shell


class Customizing(QObject):
    """Lets the user change the preferences; each feature follows those that are its own."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self._preferences = shell.preferences
        self._appearance = Appearance(self)
        self._dialog: PreferencesDialog | None = None
        self._search: Job | None = None
        section = shell.section("edit", "preferences")
        section.add(self.tr("&Keyboard Shortcuts…"), self.show_shortcuts)
        preferences = section.add(self.tr("&Preferences…"), self.show_dialog, "Ctrl+,")
        preferences.setMenuRole(QAction.MenuRole.PreferencesRole)
        self._add_appearance()
        self._show_theme(self._preferences.settings.theme)
        self._preferences.changed.connect(self._follow)

    def _add_appearance(self) -> None:
        menu = self._shell.section("view", "appearance").add_menu(self.tr("&Appearance"))
        group = QActionGroup(self)
        self.appearance: dict[str, QAction] = {}
        for name, text in (
            ("system", self.tr("Follow &System")),
            ("light", self.tr("&Light")),
            ("dark", self.tr("&Dark")),
        ):
            action = menu.add(text, partial(self._preferences.change, theme=name), checkable=True)
            group.addAction(action)
            self.appearance[name] = action

    def show_dialog(self) -> None:
        """The window stays usable beside it: one sees at once what a change does."""
        if self._dialog is None:
            self._dialog = PreferencesDialog(self._preferences, parent=self._shell)
            self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._dialog.destroyed.connect(self._forget_dialog)
            self._dialog.take_folder_wanted.connect(self._shell.take_folder_wanted)
            self._dialog.soundfont_wanted.connect(self._shell.playback.instruments.choose)
            self._search = Job(without_arguments(self._shell.queue.engine.devices))  # imports torch
            self._search.signals.finished.connect(self._offer_devices)
            self._shell.pool.start(self._search)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @property
    def dialog(self) -> PreferencesDialog | None:
        return self._dialog

    def show_shortcuts(self) -> None:
        dialog = ShortcutDialog(self._shell.menus.shortcuts, self._shell)
        dialog.changed.connect(self.keep_shortcuts)
        dialog.exec()

    def keep_shortcuts(self) -> None:
        self._preferences.change(shortcuts=self._shell.menus.shortcuts.changed())
        self._shell.keys_changed.emit()

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _offer_devices(self, devices: list[tuple[str, str]]) -> None:
        if self._dialog is not None:
            self._dialog.add_devices(devices)

    def _follow(self, before: Settings, after: Settings) -> None:
        if before.theme != after.theme:
            self._show_theme(after.theme)

    def _show_theme(self, name: str) -> None:
        self._appearance.set(name)
        self.appearance[name].setChecked(True)
