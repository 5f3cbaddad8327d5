"""Lets the window follow the preferences, and the preferences what is set in the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt

from amtstudio.formats import DRUM_MAPS, GENERAL_MIDI
from amtstudio.settings import Settings
from amtstudio.ui.customizing.appearance import Appearance
from amtstudio.ui.customizing.preferences_dialog import PreferencesDialog
from amtstudio.ui.jobs import Job
from amtstudio.ui.roll.note_item import ColourBy
from amtstudio.ui.transcribing import Engine

if TYPE_CHECKING:
    from amtstudio.ui.actions import Actions
    from amtstudio.ui.shell import Shell

# Settings, and what decoding calls them.
_THRESHOLDS = {
    "onset_threshold": "onset_threshold",
    "frame_threshold": "frame_threshold",
    "minimum_duration_s": "drop_shorter_than_s",
}


class PreferenceEffects(QObject):
    """One for each window."""

    def __init__(self, window: Shell, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._actions = actions
        self._appearance = Appearance(self)
        self._dialog: PreferencesDialog | None = None
        self._search: Job | None = None
        self._preferences = window.preferences
        panel = window.notes_panel
        panel.colour_by_chosen.connect(self._keep_colours)
        panel.candidates_shown.connect(self._keep_candidates)
        panel.contours_shown.connect(self._keep_bends)
        actions.velocities.setChecked(window.preferences.settings.shows_velocities)
        window.page.roll.show_velocities(window.preferences.settings.shows_velocities)
        actions.velocities.toggled.connect(self._keep_velocities)
        actions.drums.setChecked(window.preferences.settings.shows_drums)
        window.page.roll.show_drums(window.preferences.settings.shows_drums)
        actions.drums.toggled.connect(self._keep_drums)
        actions.instrument_strip.setChecked(window.preferences.settings.shows_instruments)
        window.page.instrument_strip.set_wanted(window.preferences.settings.shows_instruments)
        actions.instrument_strip.toggled.connect(self._keep_instruments)
        actions.midi_bars.setChecked(window.preferences.settings.midi_bars)
        actions.quantising[window.preferences.settings.midi_quantizing].trigger()
        window.recording.take_folder.changed.connect(self._keep_take_folder)
        window.playback.instruments.changed.connect(self._keep_soundfont)
        self._apply_all(self._preferences.settings)
        self._preferences.changed.connect(self._apply)

    def show_dialog(self) -> None:
        """The window stays usable beside it: one sees at once what a change does."""
        if self._dialog is None:
            self._dialog = PreferencesDialog(self._preferences, parent=self._window)
            self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            self._dialog.destroyed.connect(self._forget_dialog)
            self._dialog.take_folder_wanted.connect(self._window.recording.take_folder.choose)
            self._dialog.soundfont_wanted.connect(self._window.playback.instruments.choose)
            self._search = Job(_DeviceSearch(self._window.queue.engine))
            self._search.signals.finished.connect(self._offer_devices)
            self._window.pool.start(self._search)
        self._dialog.show()
        self._dialog.raise_()
        self._dialog.activateWindow()

    @property
    def dialog(self) -> PreferencesDialog | None:
        return self._dialog

    def _forget_dialog(self) -> None:
        self._dialog = None

    def _offer_devices(self, devices: list[tuple[str, str]]) -> None:
        if self._dialog is not None:
            self._dialog.add_devices(devices)

    # -- from the preferences to the window -------------------------------------------------------

    def _apply_all(self, settings: Settings) -> None:
        self._show_theme(settings.theme)
        self._show_notes(settings)
        self._set_thresholds(settings)
        self._set_drum_map(settings)

    def _apply(self, before: Settings, after: Settings) -> None:
        if before.theme != after.theme:
            self._show_theme(after.theme)
        self._show_notes(after)
        self._set_thresholds(after)
        self._set_drum_map(after)
        self._window.recording.take_folder.follow(after.recordings_folder)
        self._window.playback.instruments.follow(after.soundfont)
        if before.device != after.device:
            self._window.queue.engine.set_device(after.device)
            self._window.model_loader.load_anew()

    def _show_theme(self, name: str) -> None:
        self._appearance.set(name)
        self._actions.appearance[name].setChecked(True)

    def _show_notes(self, settings: Settings) -> None:
        panel = self._window.notes_panel
        panel.prefer_colours(ColourBy(settings.colour_by))
        panel.candidate_box.setChecked(settings.shows_candidates)
        panel.contour_box.setChecked(settings.shows_bends)
        self._actions.velocities.setChecked(settings.shows_velocities)
        self._actions.drums.setChecked(settings.shows_drums)
        self._actions.instrument_strip.setChecked(settings.shows_instruments)

    def _set_thresholds(self, settings: Settings) -> None:
        self._window.queue.own_thresholds = {
            name: value
            for setting, name in _THRESHOLDS.items()
            if (value := getattr(settings, setting)) is not None
        }

    def _set_drum_map(self, settings: Settings) -> None:
        # A map of a later version may not be known here.
        known = settings.drum_map if settings.drum_map in DRUM_MAPS else GENERAL_MIDI
        self._window.exports.set_drum_map(known)

    # -- from the window to the preferences -------------------------------------------------------

    def _keep_colours(self, colour_by: ColourBy) -> None:
        self._preferences.change(colour_by=colour_by.value)

    def _keep_take_folder(self, name: str) -> None:
        self._preferences.change(recordings_folder=name)

    def _keep_soundfont(self, name: str) -> None:
        self._preferences.change(soundfont=name)

    def _keep_candidates(self, are_shown: bool) -> None:
        self._preferences.change(shows_candidates=are_shown)

    def _keep_bends(self, are_shown: bool) -> None:
        self._preferences.change(shows_bends=are_shown)

    def _keep_velocities(self, are_shown: bool) -> None:
        self._preferences.change(shows_velocities=are_shown)

    def _keep_drums(self, are_shown: bool) -> None:
        self._preferences.change(shows_drums=are_shown)

    def _keep_instruments(self, are_shown: bool) -> None:
        self._preferences.change(shows_instruments=are_shown)


class _DeviceSearch:
    """Asks torch, which is imported for it if it was not yet."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, **_callbacks: Callable[..., object]) -> list[tuple[str, str]]:
        return self._engine.devices()
