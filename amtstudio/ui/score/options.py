"""How the score is written: a button with a menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox, QToolButton, QWidget

from amtstudio.notation import NotationSettings
from amtstudio.notation.tablature import BASSES, GUITARS, tuning_of
from amtstudio.symbolic.score_choices import Tuning
from amtstudio.ui.calls import without_arguments
from amtstudio.ui.key_menu import KeyMenu
from amtstudio.ui.pitch_names import pitch_name

_CAPOS = 9  # frets offered


class ScoreOptions(QToolButton):
    """Changes the ``NotationSettings``; the choices of tablature wait for tablature.

    Of these, the key and the tuning may be said of one recording.
    """

    changed = Signal(object)  # NotationSettings
    for_new_wanted = Signal()  # the tuning and the capo are for new recordings as well

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.settings = NotationSettings()
        self.setText(self.tr("Options"))
        self.setAutoRaise(True)
        self.setToolTip(self.tr("How the score is written, here and in exported scores"))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self)
        self.switches = self._add_switches(menu)
        menu.addSeparator()
        self.keys = KeyMenu(self.tr("&Key"), menu)
        self.keys.chosen.connect(partial(self._change, "key"))
        menu.addMenu(self.keys)
        frets = [(self.tr("None"), 0)]
        frets += [(self.tr("Fret {fret}").format(fret=fret), fret) for fret in range(1, _CAPOS + 1)]
        guitar, bass, capo = (
            menu.addMenu(text)
            for text in (self.tr("&Guitar Tuning"), self.tr("Ba&ss Tuning"), self.tr("&Capo"))
        )
        self._for_tablature = (guitar, bass, capo)
        self.choices = {
            "guitar": self._add_tunings(guitar, "guitar", GUITARS),
            "bass": self._add_tunings(bass, "bass", BASSES),
            "capo": self._add_choices(capo, "capo", frets),
        }
        self.for_new = menu.addAction(self.tr("Use This Tuning for &New Recordings"))
        self.for_new.setToolTip(
            self.tr("And the capo; also for recordings for which you have not chosen any")
        )
        self.for_new.triggered.connect(without_arguments(self.for_new_wanted.emit))
        menu.setToolTipsVisible(True)
        self.setMenu(menu)
        self._show()

    def set_settings(self, settings: NotationSettings) -> None:
        """Take these, as if they had been chosen."""
        is_new = settings != self.settings
        self.show_settings(settings)  # also an entry that was chosen again
        if is_new:
            self.changed.emit(settings)

    def show_settings(self, settings: NotationSettings) -> None:
        """Show these, without telling of them."""
        self.settings = settings
        self._show()

    def _show(self) -> None:
        self.keys.show_key(self.settings.key)
        for name, action in self.switches.items():
            action.setChecked(getattr(self.settings, name))
        for name, actions in self.choices.items():
            for value, action in actions.items():
                action.setChecked(value == getattr(self.settings, name))
        for menu in self._for_tablature:
            menu.setEnabled(self.settings.tablature)

    def _change(self, name: str, value: object) -> None:
        changed: dict[str, Any] = {name: value}
        self.set_settings(replace(self.settings, **changed))

    def _take_switch(self, name: str) -> None:
        self._change(name, self.switches[name].isChecked())

    # -- entries ----------------------------------------------------------------------------------

    def _add_switches(self, menu: QMenu) -> dict[str, QAction]:
        switches: dict[str, QAction] = {}
        for name, text, tip in (
            ("triplets", self.tr("&Triplets"), self.tr("Beats may divide into three")),
            (
                "swing",
                self.tr("Swing as &Even Notes"),
                self.tr("Swung eighths are written as even eighths, with “Swing” at the beginning"),
            ),
            ("dynamics", self.tr("&Dynamics"), self.tr("From piano to forte, by the velocities")),
            ("pedal", self.tr("&Pedal"), self.tr("Where the sustain pedal is pressed")),
            (
                "tablature",
                self.tr("Ta&blature"),
                self.tr("Guitars and basses as strings and frets"),
            ),
        ):
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setToolTip(tip)
            action.triggered.connect(without_arguments(partial(self._take_switch, name)))
            switches[name] = action
        return switches

    def _add_choices(
        self, menu: QMenu, name: str, choices: Iterable[tuple[str, object]]
    ) -> dict[object, QAction]:
        """An entry for each value that a setting may have."""
        actions: dict[object, QAction] = {}
        for text, value in choices:
            action = actions[value] = menu.addAction(text)
            action.setCheckable(True)
            action.triggered.connect(without_arguments(partial(self._change, name, value)))
        return actions

    def _add_tunings(
        self, menu: QMenu, name: str, tunings: Mapping[str, Tuning]
    ) -> dict[object, QAction]:
        choices: list[tuple[str, object]] = [(self.tr("Automatic: By the Notes"), ())]
        choices += [
            (f"{tuning_name(known)}: {strings_text(strings)}", strings)
            for known, strings in tunings.items()
        ]
        actions = self._add_choices(menu, name, choices)
        menu.addSeparator()
        ask = partial(self._ask_tuning, name, tunings)
        menu.addAction(self.tr("&Other…")).triggered.connect(without_arguments(ask))
        return actions

    def _ask_tuning(self, name: str, tunings: Mapping[str, Tuning]) -> None:
        example = strings_text(tunings["standard"])
        title = self.tr("Tuning")
        text, is_given = QInputDialog.getText(
            self,
            title,
            self.tr("Open strings, the lowest first:"),
            text=strings_text(getattr(self.settings, name)) or example,
        )
        if not is_given:
            return
        try:
            tuning = tuning_of(text, tunings)
        except ValueError:
            wrong = self.tr(
                "“{text}” is not a tuning. Name each open string with its octave, the lowest"
                " first, such as {strings}."
            )
            QMessageBox.warning(self, title, wrong.format(text=text, strings=example))
        else:
            self._change(name, tuning)


def tuning_name(name: str) -> str:
    """The name of a tuning of ``notation.tablature``, as people say it."""
    names = {
        "standard": QCoreApplication.translate("tunings", "Standard"),
        "half step down": QCoreApplication.translate("tunings", "Half Step Down"),
        "drop d": QCoreApplication.translate("tunings", "Drop D"),
        "whole step down": QCoreApplication.translate("tunings", "Whole Step Down"),
        "drop c": QCoreApplication.translate("tunings", "Drop C"),
        "open d": QCoreApplication.translate("tunings", "Open D"),
        "open g": QCoreApplication.translate("tunings", "Open G"),
        "dadgad": QCoreApplication.translate("tunings", "DADGAD"),
        "five strings": QCoreApplication.translate("tunings", "Five Strings"),
        "six strings": QCoreApplication.translate("tunings", "Six Strings"),
        "seven strings": QCoreApplication.translate("tunings", "Seven Strings"),
        "eight strings": QCoreApplication.translate("tunings", "Eight Strings"),
    }
    return names[name]


def strings_text(strings: Tuning) -> str:
    return " ".join(pitch_name(pitch) for pitch in strings)
