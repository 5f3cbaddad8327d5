"""Exports in the window: the entries of the menu, and what the preferences say of them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from amtstudio.formats import DRUM_MAPS, FORMATS, GENERAL_MIDI
from amtstudio.notation import NotationSettings
from amtstudio.settings import Settings
from amtstudio.ui.export.actions import ExportActions
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.menus import Section
from amtstudio.ui.queue import QueueItem
from amtstudio.ui.shell import Shell
from amtstudio.workbench.export_files import MidiOptions


class Exports(QObject):
    """Writes what is shown, or all that is open, and what rows of the lists ask for."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        self._shell = shell
        self.exporter = Exporter(shell)
        self.actions = ExportActions(self.exporter, shell.page, shell.editor, shell.pool, shell)
        self.actions.all.documents = lambda: [item.document for item in shell.queue.items]
        self.actions.sound_exporter.instruments = shell.playback.instruments
        for part in (self.exporter, self.actions.all):
            part.failed.connect(shell.show_error)
            part.saved.connect(shell.say_saved)
        shell.track_export_wanted.connect(self.actions.export_track)
        shell.row_menu_wanted.connect(self._add_to_row)
        section = shell.section("file", "export")
        self._add_entries(section.add_menu(self.tr("&Export")))
        section.add(
            self.tr("Export A&ll…"), self.actions.export_all, "Ctrl+Alt+E", needs=shell.has_document
        )
        self._follow(shell.preferences.settings, shell.preferences.settings)
        shell.preferences.changed.connect(self._follow)

    def _add_entries(self, menu: Section) -> None:
        shell, actions, tr = self._shell, self.actions, self.tr
        for entry in FORMATS.values():
            menu.add(
                tr("{format}…").format(format=entry.label),
                partial(actions.export, entry.name),
                *(("Ctrl+E",) if entry.name == "midi" else ()),
                needs=shell.has_notes,
            ).setWhatsThis(tr("Export {format}").format(format=entry.label))
        menu.add(tr("&Sound of the Notes…"), actions.export_sound, needs=shell.has_notes)
        menu.add(tr("&Picture of the View…"), actions.export_picture, needs=shell.has_document)
        menu.add_line()
        tracks = menu.add_menu(tr("A &File for Each Track"))
        for entry in FORMATS.values():
            each = partial(actions.export_tracks, entry.name)
            tracks.add(
                tr("{format}…").format(format=entry.label), each, needs=shell.has_notes
            ).setWhatsThis(tr("Export {format}, a file for each track").format(format=entry.label))
        self.part = menu.add(
            tr("&Selection…"), actions.export_part, "Ctrl+Shift+E", needs=self._has_selection
        )
        self.part.setWhatsThis(tr("Export Selection"))
        menu.add_line()
        self.midi_bars = menu.add(tr("&Bars and Tempo in MIDI"), lambda: None, checkable=True)
        self.midi_bars.setToolTip(
            tr("If unticked, MIDI files have a fixed tempo of 120 beats per minute")
        )
        self.midi_bars.toggled.connect(lambda wanted: shell.preferences.change(midi_bars=wanted))
        self.midi_bends = menu.add(tr("Pitch Be&nds in MIDI"), lambda: None, checkable=True)
        self.midi_bends.setToolTip(
            tr("If unticked, no note in MIDI files bends, and each track has one channel")
        )
        self.midi_bends.toggled.connect(lambda wanted: shell.preferences.change(midi_bends=wanted))
        self._add_quantising(menu.add_menu(tr("&Quantize MIDI")))

    def _add_quantising(self, menu: Section) -> None:
        tr = self.tr
        group = QActionGroup(self)
        self.quantising: dict[int, QAction] = {}
        for percent, text in (
            (0, tr("&Off: As It Was Played")),
            (50, tr("&Halfway to the Grid")),
            (75, tr("&Most of the Way")),
            (100, tr("&Exactly on the Grid")),
        ):
            slot = partial(self._shell.preferences.change, midi_quantizing=percent)
            action = menu.add(text, slot, checkable=True)
            group.addAction(action)
            self.quantising[percent] = action
        menu.add_line()
        self.quantises_ends = menu.add(tr("Also the E&nds of Notes"), lambda: None, checkable=True)
        self.quantises_ends.setToolTip(tr("If unticked, each note keeps the length it was played"))
        self.quantises_ends.toggled.connect(
            lambda wanted: self._shell.preferences.change(midi_quantizes_ends=wanted)
        )

    def _has_selection(self) -> bool:
        return self._shell.has_notes() and self.actions.has_selection

    def _add_to_row(self, item: QueueItem, menu: QMenu) -> None:
        if item.document.is_transcribed:
            export = menu.addAction(self.tr("Export MIDI…"))
            export.triggered.connect(partial(self._export_row, item))
        if sum(other.document.is_transcribed for other in self._shell.queue.items) > 1:
            menu.addAction(self.tr("Export All…"), self.actions.export_all)

    def _export_row(self, item: QueueItem, _checked: bool = False) -> None:
        self.actions.export_midi_of(item.document)

    def _follow(self, _before: Settings, after: Settings) -> None:
        # A map of a later version may not be known here.
        known = after.drum_map if after.drum_map in DRUM_MAPS else GENERAL_MIDI
        options = MidiOptions(
            after.midi_quantizing / 100,
            after.midi_bars,
            after.midi_bends,
            known,
            after.midi_quantizes_ends,
        )
        self.actions.set_midi(options)
        self.exporter.notation = NotationSettings.of_text(after.score)
        self.midi_bars.setChecked(after.midi_bars)
        self.midi_bends.setChecked(after.midi_bends)
        self.quantising[after.midi_quantizing].setChecked(True)
        self.quantises_ends.setChecked(after.midi_quantizes_ends)
        self.quantises_ends.setEnabled(after.midi_quantizing > 0)
