"""The menu of beats and bars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QInputDialog

from amtstudio.session import Document as Project
from amtstudio.symbolic import Meter
from amtstudio.symbolic.keys import Key
from amtstudio.ui.beats.editing import BeatEditing
from amtstudio.ui.key_menu import KeyMenu
from amtstudio.ui.shell import Shell

_METERS = ("2/4", "3/4", "4/4", "6/8")
_USUAL_TEMPO, _LOWEST_TEMPO, _HIGHEST_TEMPO = 120.0, 15.0, 400.0


class BeatMenu(QObject):
    """Fills the menu; what needs beats is enabled while there are any."""

    def __init__(self, shell: Shell, beats: BeatEditing) -> None:
        super().__init__(shell)
        self._section, self._beats = shell.section("beats", "beats"), beats
        self._roll, self._playback = shell.page.roll, shell.playback
        self._editor, self._preferences = shell.editor, shell.preferences
        self._window = shell
        self._needs_project: list[QAction] = []
        self._needs_beats: list[QAction] = []
        tr = self.tr
        self.find = self._add(tr("&Find Beats"), beats.find, "Ctrl+B", without_beats=True)
        self._add(tr("Find Beats &Near a Tempo…"), self._ask_near, without_beats=True)
        self._add(tr("&Tap Beats While Playing"), beats.tap, "T", without_beats=True)
        self._section.add_line()
        for text, slot, key in (
            (tr("&Bar Begins Here"), beats.begin_bar_at, "D"),
            (tr("Bars &Counted From Here On"), beats.begin_bars_from, "Ctrl+D"),
            (tr("&Move the Nearest Beat Here"), beats.move_nearest, "Shift+D"),
            (tr("&Add a Beat Here"), beats.add_beat, ""),
            (tr("R&emove the Nearest Beat"), beats.remove_nearest, ""),
        ):
            self._add(text, partial(self._at_pointer, slot), key)
        self._section.add_line()
        self._add(tr("&Half Tempo"), beats.halve)
        self._add(tr("&Double Tempo"), beats.double)
        meters = self._section.add_menu(tr("Time &Signature"))
        for name in _METERS:
            action = meters.add(name, partial(beats.set_meter, Meter.parse(name)))
            self._needs_beats.append(action)
        self._needs_beats.append(meters.add(tr("&Other…"), self._ask_meter))
        from_here = meters.add(tr("&From Here On…"), self._ask_meter_from)
        from_here.setToolTip(tr("For a piece whose time signature changes: bars before stay"))
        self._needs_beats.append(from_here)
        self.keys = KeyMenu(tr("&Key"), shell)
        self.keys.aboutToShow.connect(self._show_key)
        self.keys.chosen.connect(self._set_key)
        self._section.put_menu(self.keys)
        self._add(tr("Fi&xed Tempo…"), self._ask_steady, without_beats=True)
        self._add(tr("&Remove Bars and Beats"), beats.remove)
        self._section.add_line()
        self.shown = self._section.add(tr("Sho&w Bars and Beats"), lambda: None, checkable=True)
        self.shown.setChecked(True)
        self.shown.toggled.connect(self._roll.show_bars)
        self._add_grid()
        beats.changed.connect(self._refresh)
        self._refresh()

    def _add_grid(self) -> None:
        tr = self.tr
        settings = self._preferences.settings
        self.snap = self._section.add(tr("Snap to the &Grid"), self._set_grid, "G", checkable=True)
        self.snap.setChecked(settings.snaps)
        self.snap.setToolTip(
            tr("Notes that you move or draw begin on grid lines; hold Alt to place them freely")
        )
        self._needs_beats.append(self.snap)
        menu = self._section.add_menu(tr("Gr&id"))
        group = QActionGroup(self)
        self.grids: dict[str, QAction] = {}
        for name, text in (
            ("1", tr("&Beats")),
            ("2", tr("&Halves of Beats")),
            ("3", tr("&Triplets")),
            ("4", tr("&Quarters of Beats")),
            ("4+3", tr("Quarters of Beats &and Triplets")),
            ("6", tr("&Sixths of Beats")),
            ("8", tr("&Eighths of Beats")),
        ):
            action = menu.add(text, self._set_grid, checkable=True)
            action.setChecked(name == settings.grid)
            group.addAction(action)
            self.grids[name] = action
        self._needs_beats += self.grids.values()
        self._set_grid()

    def _set_grid(self) -> None:
        name = next(name for name, action in self.grids.items() if action.isChecked())
        self._preferences.change(snaps=self.snap.isChecked(), grid=name)
        parts = tuple(int(part) for part in name.split("+")) if self.snap.isChecked() else None
        self._editor.snap_parts = parts
        self._roll.show_beat_parts(parts)

    def _add(
        self, text: str, slot: Callable[[], object], key: str = "", *, without_beats: bool = False
    ) -> QAction:
        action = self._section.add(text, slot, *((key,) if key else ()))
        (self._needs_project if without_beats else self._needs_beats).append(action)
        return action

    def _refresh(self) -> None:
        self.find.setText(
            self.tr("Stop &Finding Beats") if self._beats.is_finding else self.tr("&Find Beats")
        )
        can_edit = self._beats.can_edit
        for action in (*self._needs_project, self.keys.menuAction()):
            action.setEnabled(can_edit)
        for action in self._needs_beats:
            action.setEnabled(can_edit and self._beats.tempo is not None)

    def _show_key(self) -> None:
        document = self._beats.document
        if document is not None and document.project is not None:
            self.keys.show_key(document.project.score_choices.key)

    def _set_key(self, key: Key | None) -> None:
        document = self._beats.document
        if document is None or document.project is None:
            return
        choices = replace(document.project.score_choices, key=key)
        self._editor.take(Project.set_score_choices, choices)

    @property
    def _here(self) -> float:
        """Where the pointer is over the notes, or else the cursor."""
        pointer = self._roll.pointer
        return self._playback.position if pointer is None else pointer[0]

    def _at_pointer(self, edit: Callable[[float], object]) -> None:
        edit(self._here)

    def _ask_near(self) -> None:
        tempo = self._ask_tempo(self.tr("Find Beats Near a Tempo"))
        if tempo is not None:
            self._beats.find(tempo)

    def _ask_steady(self) -> None:
        here = self._here
        tempo = self._ask_tempo(self.tr("Fixed Tempo"))
        if tempo is not None:
            self._beats.set_steady(tempo, here)

    def _ask_tempo(self, title: str) -> float | None:
        known = self._beats.tempo
        value, is_chosen = QInputDialog.getDouble(
            self._window,
            title,
            self.tr("Beats per minute"),
            _USUAL_TEMPO if known is None else round(known.tempo, 2),
            _LOWEST_TEMPO,
            _HIGHEST_TEMPO,
            2,
        )
        return value if is_chosen else None

    def _ask_meter(self) -> None:
        meter = self._asked_meter(self.tr("Time Signature"), self.tr("Such as 5/4 or 12/8"))
        if meter is not None:
            self._beats.set_meter(meter)

    def _ask_meter_from(self) -> None:
        here = self._here
        meter = self._asked_meter(
            self.tr("Time Signature From Here On"), self.tr("Such as 3/4; the bars before stay")
        )
        if meter is not None:
            self._beats.set_meter_from(meter, here)

    def _asked_meter(self, title: str, example: str) -> Meter | None:
        text, is_chosen = QInputDialog.getText(self._window, title, example)
        if not is_chosen:
            return None
        try:
            return Meter.parse(text)
        except ValueError:
            self._beats.said.emit(
                self.tr("“{text}” is not a time signature; write one such as 5/4.").format(
                    text=text
                )
            )
            return None
