"""The menu that says how scores are written."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QInputDialog, QMessageBox

from amtstudio.notation import NotationSettings
from amtstudio.notation.tablature import BASSES, GUITARS
from amtstudio.ui.score.options import ScoreOptions, tuning_name


@pytest.fixture
def options(qtbot):
    options = ScoreOptions()
    qtbot.addWidget(options)
    options.told = []
    options.changed.connect(options.told.append)
    return options


def checked(options, name):
    return [value for value, action in options.choices[name].items() if action.isChecked()]


def test_a_tuning_and_a_capo_are_chosen_once_there_is_tablature(options):
    guitar, _, capo = options._for_tablature
    assert not guitar.isEnabled()
    options.switches["tablature"].trigger()
    assert guitar.isEnabled()
    assert capo.isEnabled()
    assert checked(options, "guitar") == [()]
    options.choices["guitar"][GUITARS["drop d"]].trigger()
    options.choices["capo"][2].trigger()
    wanted = NotationSettings(tablature=True, guitar=GUITARS["drop d"], capo=2)
    assert options.settings == options.told[-1] == wanted
    assert checked(options, "guitar") == [GUITARS["drop d"]]
    options.choices["capo"][2].trigger()  # again: it stays ticked, and there is nothing to tell
    assert checked(options, "capo") == [2]
    assert len(options.told) == 3
    options.set_settings(NotationSettings())
    assert checked(options, "bass") == [()]
    assert not guitar.isEnabled()


def test_strings_of_ones_own_and_what_is_none(options, monkeypatch):
    answers = iter(["C2 G2 C3 G3 C4 E4", "nothing", "E1 A1"])
    asked, warned = [], []

    def ask(*_, text):
        asked.append(text)
        return next(answers), True

    monkeypatch.setattr(QInputDialog, "getText", ask)
    monkeypatch.setattr(QMessageBox, "warning", lambda *told: warned.append(told[2]))
    *_, other = options._for_tablature[0].actions()
    other.trigger()
    assert options.settings.guitar == (36, 43, 48, 55, 60, 64)
    assert checked(options, "guitar") == []
    other.trigger()
    *_, other_bass = options._for_tablature[1].actions()
    other_bass.trigger()
    assert asked == ["E2 A2 D3 G3 B3 E4", "C2 G2 C3 G3 C4 E4", "E1 A1 D2 G2"]
    assert options.settings.guitar == (36, 43, 48, 55, 60, 64)
    assert options.settings.bass == ()
    assert "“nothing” is not a tuning" in warned[0]
    assert "such as E1 A1 D2 G2" in warned[1]


def test_every_tuning_has_a_name():
    assert all(tuning_name(name) for name in (*GUITARS, *BASSES))
