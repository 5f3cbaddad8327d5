"""Menus and shortcuts: every entry does something, and the F2 sheet lists them all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from amtstudio.formats import FORMATS
from amtstudio.ui.beats.menu import BeatMenu
from amtstudio.ui.edit.menu import EditMenu
from amtstudio.ui.edit.roll_menu import RollMenu
from amtstudio.ui.menus import Menus
from amtstudio.ui.shell import Shell
from amtstudio.ui.shortcuts import Shortcuts
from amtstudio.ui.transcribe.model_menu import ModelMenu

_SCROLL_SHARE = 0.125
_PAGE_SHARE = 0.9
_ZOOM = 1.25


class Actions(Menus):
    """The entries of all menus of one window.

    ``add_adapt_menu`` puts one of another part into its place among them.
    """

    def __init__(self, window: Shell, *, add_adapt_menu: Callable[[Menus], None]) -> None:
        super().__init__(window)
        self._window = window
        self._add_file_menu()
        self.edit_menu = EditMenu(self, window.editor, window.page.roll)
        self._add_preferences(self.edit_menu.menu)
        self._add_view_menu()
        self.edit_menu.drums_wanted.connect(partial(self.drums.setChecked, True))
        self._add_playback_menu()
        self.beat_menu = BeatMenu(
            self,
            window.beats,
            roll=window.page.roll,
            playback=window.playback,
            editor=window.editor,
            preferences=window.preferences,
            window=window,
        )
        self._add_transcribe_menu()
        add_adapt_menu(self)
        self._add_help_menu()
        self.shortcuts = Shortcuts(self.all)
        self.shortcuts.apply(window.preferences.settings.shortcuts)
        edit = self.edit_menu
        self.roll_menu = RollMenu(
            window.page.roll,
            window.editor,
            for_notes=edit.for_notes,
            for_view=[*edit.for_view, edit.select_all, None, self.zoom_in, self.zoom_out, self.fit],
        )
        window.page.instrument_strip.addAction(self.instrument_strip)

    def _add_file_menu(self) -> None:
        window, tr = self._window, self._window.tr
        menu = self.menu(tr("&File"))
        self.add(menu, tr("&Open…"), window.opening.ask_files, QKeySequence.StandardKey.Open)
        self.add(menu, tr("Open &Folder…"), window.opening.ask_folder, "Ctrl+Shift+O")
        self.record = self.add(
            menu, tr("Start or Stop &Recording"), window.recording.toggle, "R", "Ctrl+Space"
        )
        self.add(menu, tr("Recor&der…"), window.recording.open_panel, "Shift+R")
        self.add(menu, tr("Move the Ta&ke to the Trash…"), window.discard_take, group="take")
        self.recent_menu = menu.addMenu(tr("Open &Recent"))
        self.add(menu, tr("Open the &Example"), window.opening.open_example)
        menu.addSeparator()
        self.add(menu, tr("Open &Project…"), window.opening.ask_project)
        self.unsaved_menu = menu.addMenu(tr("&Unsaved Projects"))
        save = self.add(
            menu,
            tr("&Save"),
            window.project_actions.save,
            QKeySequence.StandardKey.Save,
            group="project",
        )
        save.setToolTip(
            tr("Edits are kept as you make them; saving gives the project a name and a place")
        )
        self.add(
            menu, tr("Save &As…"), window.project_actions.save_as, "Ctrl+Shift+S", group="project"
        )
        menu.addSeparator()
        export = menu.addMenu(tr("&Export"))
        exports = window.exports
        for entry in FORMATS.values():
            self.add(
                export,
                tr("{format}…").format(format=entry.label),
                partial(exports.export, entry.name),
                *(("Ctrl+E",) if entry.name == "midi" else ()),
                group="notes",
            ).setWhatsThis(tr("Export {format}").format(format=entry.label))
        self.add(export, tr("&Sound of the Notes…"), exports.export_sound, group="notes")
        self.add(export, tr("&Picture of the View…"), exports.export_picture, group="document")
        export.addSeparator()
        self.add(export, tr("A &File for Each Track…"), exports.export_tracks, group="notes")
        part = self.add(
            export, tr("&Selection…"), exports.export_part, "Ctrl+Shift+E", group="selection"
        )
        part.setWhatsThis(tr("Export Selection"))
        export.addSeparator()
        self.midi_bars = self.add(export, tr("&Bars and Tempo in MIDI"), lambda: None)
        self.midi_bars.setCheckable(True)
        self.midi_bars.setChecked(True)
        self.midi_bars.setToolTip(tr("Otherwise MIDI has a fixed 120 beats per minute"))
        self.midi_bars.toggled.connect(window.set_midi_bars)
        self._add_quantising(export.addMenu(tr("&Quantize MIDI")))
        self.add(menu, tr("Export A&ll…"), exports.export_all, "Ctrl+Alt+E", group="document")
        menu.addSeparator()
        self.add(menu, tr("&Close"), window.close, QKeySequence.StandardKey.Close)
        quit_action = self.add(menu, tr("&Quit"), window.close, "Ctrl+Q")
        quit_action.setMenuRole(QAction.MenuRole.QuitRole)

    def _add_quantising(self, menu: QMenu) -> None:
        window, tr = self._window, self._window.tr
        group = QActionGroup(window)
        self.quantising: dict[int, QAction] = {}
        for percent, text in (
            (0, tr("&Off: As It Was Played")),
            (50, tr("&Halfway to the Grid")),
            (75, tr("&Most of the Way")),
            (100, tr("&Exactly on the Grid")),
        ):
            slot = partial(window.set_quantising, percent / 100)
            action = self.add(menu, text, slot)
            action.setCheckable(True)
            action.setChecked(percent == 0)
            group.addAction(action)
            self.quantising[percent] = action

    def _add_preferences(self, menu: QMenu) -> None:
        menu.addSeparator()
        window = self._window
        self.add(menu, window.tr("&Keyboard Shortcuts…"), window.show_shortcuts)
        preferences = self.add(menu, window.tr("&Preferences…"), window.show_preferences, "Ctrl+,")
        preferences.setMenuRole(QAction.MenuRole.PreferencesRole)

    def _add_view_menu(self) -> None:
        window, tr = self._window, self._window.tr
        box = window.page.roll.box
        menu = self.menu(tr("&View"))
        actions = []
        for text, slot, keys in (
            (tr("Zoom &In"), lambda: box.zoom(0, 1 / _ZOOM), ("Up", "Ctrl++")),
            (tr("Zoom &Out"), lambda: box.zoom(0, _ZOOM), ("Down", "Ctrl+-")),
            (tr("&Fit All"), window.page.roll.fit, ("F",)),
            (tr("Scroll &Left"), lambda: box.scroll(0, -_SCROLL_SHARE), ("Ctrl+Left",)),
            (tr("Scroll &Right"), lambda: box.scroll(0, _SCROLL_SHARE), ("Ctrl+Right",)),
            (tr("Page Left"), lambda: box.scroll(0, -_PAGE_SHARE), ("PgUp",)),
            (tr("Page Right"), lambda: box.scroll(0, _PAGE_SHARE), ("PgDown",)),
            (tr("To the &End"), lambda: box.scroll(0, 1e9), ("End",)),
        ):
            actions.append(self.add(menu, text, slot, *keys, group="document"))
        self.zoom_in, self.zoom_out, self.fit = actions[:3]
        if window.instruments.finder.is_available:
            self._add_passages(menu)
        menu.addSeparator()
        for dock in window.docks:
            menu.addAction(dock.toggleViewAction())
        table = window.table_dock.toggleViewAction()
        table.setShortcut(QKeySequence("Ctrl+L"))
        score = window.score_dock.toggleViewAction()
        score.setShortcut(QKeySequence("Ctrl+Shift+L"))
        for action in (table, score):
            menu.addAction(action)
            self.all.append(action)
        self.velocities = self.add(menu, tr("Velocities &Below the Notes"), lambda: None)
        self.velocities.setCheckable(True)
        self.velocities.toggled.connect(window.page.roll.show_velocities)
        self.drums = self.add(menu, tr("&Drums Below the Notes"), lambda: None)
        self.drums.setCheckable(True)
        self.drums.toggled.connect(window.page.roll.show_drums)
        self.instrument_strip = self.add(menu, tr("&Instruments Above the Notes"), lambda: None)
        self.instrument_strip.setCheckable(True)
        self.instrument_strip.setVisible(window.instruments.finder.is_available)
        self.instrument_strip.toggled.connect(window.page.instrument_strip.set_wanted)
        menu.addSeparator()
        self._add_appearance(menu.addMenu(tr("&Appearance")))
        self.full_screen = self.add(
            menu, tr("F&ull Screen"), window.toggle_full_screen, QKeySequence("F11")
        )
        self.full_screen.setCheckable(True)

    def _add_passages(self, menu: QMenu) -> None:
        tr, panel = self._window.tr, self._window.instruments.panel
        for text, slot, key in (
            (tr("&Next Passage of This Instrument"), panel.go_next, "Ctrl+J"),
            (tr("Pre&vious Passage of This Instrument"), panel.go_before, "Ctrl+Shift+J"),
        ):
            action = self.add(menu, text, slot, key, group="notes")
            self._window.page.instrument_strip.addAction(action)

    def _add_appearance(self, menu: QMenu) -> None:
        window, tr = self._window, self._window.tr
        group = QActionGroup(window)
        self.appearance: dict[str, QAction] = {}
        for name, text in (
            ("system", tr("Follow &System")),
            ("light", tr("&Light")),
            ("dark", tr("&Dark")),
        ):
            action = self.add(menu, text, lambda name=name: window.set_appearance(name))  # type: ignore[misc]
            action.setCheckable(True)
            group.addAction(action)
            self.appearance[name] = action

    def _add_playback_menu(self) -> None:
        playback = self._window.playback_actions
        playback.fill(self.menu(self._window.tr("&Playback")))
        self.all += playback.all

    def _add_transcribe_menu(self) -> None:
        window, tr = self._window, self._window.tr
        transcribe = window.transcribe_actions
        menu = self.menu(tr("&Transcribe"))
        self.add(menu, tr("&Pause or Resume"), transcribe.toggle_pause, "Ctrl+P", group="document")
        self.add(menu, tr("&Cancel"), transcribe.cancel, "Ctrl+.", group="document")
        self.add(
            menu, tr("Transcribe &Again"), transcribe.ask_and_retry, "Ctrl+R", group="document"
        )
        self.add(menu, tr("&Instruments…"), transcribe.ask_instruments, group="document")
        self.model_menu = ModelMenu(
            menu.addMenu(tr("&Model")),
            self._window.queue.engine,
            keep=lambda name: self._window.preferences.change(model=name),
            transcribe_again=transcribe.ask_and_retry,
        )
        self.add(
            menu, tr("Transcribe a Par&t…"), transcribe.ask_part, "Ctrl+Shift+R", group="document"
        )
        self.add(
            menu,
            tr("Transcribe Only the &Marked Part"),
            transcribe.transcribe_marked,
            "Ctrl+Shift+M",
            group="range",
        )
        menu.addSeparator()
        self.only_start = self.add(
            menu, tr("Limit New Files to the &First 30 Seconds"), lambda: None
        )
        self.only_start.setCheckable(True)
        self.only_start.toggled.connect(window.opening.set_only_start)

    def _add_help_menu(self) -> None:
        window, tr = self._window, self._window.tr
        menu = self.menu(tr("&Help"))
        self.add(menu, tr("&Guide"), window.show_guide, QKeySequence.StandardKey.HelpContents)
        self.add(menu, tr("&Keyboard and Mouse"), window.show_keys, "F2")
        menu.addSeparator()
        self.add(menu, tr("&Report a Problem…"), window.show_report)
        self.add(menu, tr("Show &Logs"), window.show_logs)
        menu.addSeparator()
        about = self.add(menu, tr("&About AMT Studio"), window.show_about)
        about.setMenuRole(QAction.MenuRole.AboutRole)
