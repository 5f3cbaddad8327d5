"""How notes are displayed: the panel of thresholds and colours, the menu, the part in view."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from amtstudio.settings import Settings
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.ui.shell import Shell
from amtstudio.ui.view.notes_panel import NotesPanel
from amtstudio.ui.view.view_memory import ViewMemory

_SCROLL_SHARE = 0.125
_PAGE_SHARE = 0.9
_ZOOM = 1.25


class Viewing(QObject):
    """Keeps the roll, the menu and the preferences in step."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.panel = NotesPanel()
        self.dock = shell.add_dock(self.tr("Notes"), "notes", self.panel)
        self._views = ViewMemory(shell, self.panel)
        self._add_entries()
        self._add_lanes()
        self._connect()
        self._show(shell.preferences.settings)
        shell.follow_document(self.panel.set_document)
        if shell.preferences.keeps:  # a picture leaves a project as it was
            shell.item_leaving.connect(self._views.leave)
            shell.item_shown.connect(self._views.enter)
        shell.queue.removed.connect(self._views.forget)

    def _connect(self) -> None:
        shell, panel = self._shell, self.panel
        roll, change = shell.page.roll, shell.preferences.change
        panel.colour_by_changed.connect(roll.set_colour_by)
        panel.candidates_shown.connect(roll.show_candidates)
        panel.contours_shown.connect(roll.contours.setVisible)
        panel.heads_changed.connect(roll.show_heads)
        panel.overlay_opacity_changed.connect(roll.set_overlay_opacity)
        panel.brightness_changed.connect(roll.spectrogram.set_brightness)
        roll.set_overlay_opacity(panel.opacity_slider.slider.value() / 100.0)
        panel.colour_by_chosen.connect(lambda by: change(colour_by=by.value))
        panel.candidates_shown.connect(lambda are_shown: change(shows_candidates=are_shown))
        panel.contours_shown.connect(lambda are_shown: change(shows_bends=are_shown))
        shell.preferences.changed.connect(lambda _before, after: self._show(after))

    def _add_entries(self) -> None:
        shell, tr = self._shell, self.tr
        roll, box = shell.page.roll, shell.page.roll.box
        entries: list[tuple[str, Callable[[], object], tuple[str, ...]]] = [
            (tr("Zoom &In"), lambda: box.zoom(0, 1 / _ZOOM), ("Up", "Ctrl++")),
            (tr("Zoom &Out"), lambda: box.zoom(0, _ZOOM), ("Down", "Ctrl+-")),
            (tr("&Fit All"), roll.fit, ("F",)),
            (tr("Scroll &Left"), lambda: box.scroll(0, -_SCROLL_SHARE), ("Ctrl+Left",)),
            (tr("Scroll &Right"), lambda: box.scroll(0, _SCROLL_SHARE), ("Ctrl+Right",)),
            (tr("Page Left"), lambda: box.scroll(0, -_PAGE_SHARE), ("PgUp",)),
            (tr("Page Right"), lambda: box.scroll(0, _PAGE_SHARE), ("PgDown",)),
            (tr("To the &End"), lambda: box.scroll(0, 1e9), ("End",)),
        ]
        section = shell.section("view", "zoom")
        actions = [
            section.add(text, slot, *keys, needs=shell.has_document) for text, slot, keys in entries
        ]
        zoom_in, zoom_out, self.fit = actions[:3]
        shell.roll_menu.for_view += [None, zoom_in, zoom_out, self.fit]
        self.full_screen = shell.section("view", "window").add(
            tr("F&ull Screen"), self._toggle_full_screen, "F11", checkable=True
        )
        shell.full_screen_changed.connect(self.full_screen.setChecked)

    def _add_lanes(self) -> None:
        shell, change = self._shell, self._shell.preferences.change
        self.velocities = shell.add_lane_entry("velocities", self.tr("Velocities &Below the Notes"))
        self.drums = shell.add_lane_entry("drums", self.tr("&Drums Below the Notes"))
        self._show_lanes(shell.preferences.settings)
        self.velocities.toggled.connect(lambda wanted: change(shows_velocities=wanted))
        self.drums.toggled.connect(lambda wanted: change(shows_drums=wanted))

    def _show_lanes(self, settings: Settings) -> None:
        self.velocities.setChecked(settings.shows_velocities)
        self.drums.setChecked(settings.shows_drums)

    def _show(self, settings: Settings) -> None:
        self.panel.prefer_colours(ColourBy(settings.colour_by))
        self.panel.candidate_box.setChecked(settings.shows_candidates)
        self.panel.contour_box.setChecked(settings.shows_bends)
        self._show_lanes(settings)

    def _toggle_full_screen(self) -> None:
        shell = self._shell
        shell.setWindowState(shell.windowState() ^ Qt.WindowState.WindowFullScreen)
