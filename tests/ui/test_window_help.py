"""Guide, report, keys that the user changes, and the menus of the right button."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu

from amtstudio.resources import resource_path
from amtstudio.settings import load_settings
from amtstudio.ui.customizing.shortcut_dialog import ShortcutDialog, command_name
from amtstudio.ui.help.guide import Guide, guide_path
from amtstudio.ui.help.problem_report import ProblemReport


def test_f1_opens_the_guide_which_needs_no_network(window, qtbot):
    window.activateWindow()
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_F1)
    (guide,) = window.findChildren(Guide)
    assert "Your first minute" in guide.browser.toPlainText()
    guide.close()


@pytest.mark.parametrize(
    "path", sorted(resource_path("guide").glob("*.html")), ids=lambda p: p.name
)
def test_guides_load_nothing_and_have_the_same_sections(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"https?:|<img|<script|<link", text)
    english = guide_path("xx").read_text(encoding="utf-8")
    assert text.count("<h2>") == english.count("<h2>")


def test_a_report_holds_the_log_and_not_the_home_folder(qtbot, monkeypatch, tmp_path):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "window.log").write_text(f"first\nopened {tmp_path}/home/music/a.wav\n")
    report = ProblemReport("CPU: no GPU", None)
    qtbot.addWidget(report)
    report.copy_button.click()
    text = QGuiApplication.clipboard().text()
    assert "computes on: CPU: no GPU" in text
    assert "opened ~/music/a.wav" in text
    assert "PySide6" in text
    logging.getLogger("amtstudio").handlers.clear()


def test_a_key_is_changed_kept_and_restored(window, qtbot):
    shortcuts = window.menus.shortcuts
    dialog = ShortcutDialog(shortcuts, window)
    qtbot.addWidget(dialog)
    dialog.changed.connect(window.customizing.keep_shortcuts)
    fit = window.viewing.fit
    dialog.choose(fit)
    dialog.key_edit.setKeySequence(QKeySequence("N"))  # of the next doubtful note
    dialog.set_button.click()
    assert "Next Doubtful Note" in dialog.said.text()
    assert fit.shortcut() == QKeySequence("F")
    dialog.key_edit.setKeySequence(QKeySequence("Ctrl+Alt+F"))
    dialog.set_button.click()
    assert fit.shortcut() == QKeySequence("Ctrl+Alt+F")
    window.preferences.save()
    assert load_settings().shortcuts == ("F -> Ctrl+Alt+F",)
    dialog.none_button.click()
    assert fit.shortcut().isEmpty()
    shortcuts.apply(load_settings().shortcuts)
    assert fit.shortcut() == QKeySequence("Ctrl+Alt+F")
    dialog.all_button.click()
    assert fit.shortcut() == QKeySequence("F")
    assert window.preferences.settings.shortcuts == ()
    dialog.search.setText("doubtful")
    shown = [row for row in dialog._rows.values() if not row.isHidden()]
    assert len(shown) == 2


def test_a_default_key_that_another_entry_has_by_now_stays_with_that(window, qtbot):
    shortcuts, fit = window.menus.shortcuts, window.viewing.fit
    dialog = ShortcutDialog(shortcuts, window)
    qtbot.addWidget(dialog)
    other = next(action for action in shortcuts.actions if action is not fit)
    for action, key in ((fit, "Ctrl+Alt+F"), (other, "F")):
        dialog.choose(action)
        dialog.key_edit.setKeySequence(QKeySequence(key))
        dialog.set_button.click()
    dialog.choose(fit)
    dialog.default_button.click()
    assert command_name(other) in dialog.said.text()
    assert fit.shortcut() == QKeySequence("Ctrl+Alt+F")
    dialog.all_button.click()
    assert (fit.shortcut(), shortcuts.changed()) == (QKeySequence("F"), ())


def test_a_kept_key_that_a_later_version_gives_to_another_entry_stays_the_users(window):
    shortcuts, fit = window.menus.shortcuts, window.viewing.fit
    other, third = [action for action in shortcuts.actions if action is not fit][:2]
    names = [shortcuts.default(action)[0].toString() for action in (other, third)]
    shortcuts.apply([f"{name} -> F" for name in names])
    having = [action for action in shortcuts.actions if QKeySequence("F") in action.shortcuts()]
    assert having == [other]
    shortcuts.apply(())
    assert fit.shortcut() == QKeySequence("F")


def test_every_entry_has_another_first_key(window):
    names = [window.menus.shortcuts.default(a)[0] for a in window.menus.shortcuts.actions]
    assert len({name.toString() for name in names}) == len(names)


def entries(menu: QMenu) -> list[str]:
    return [command_name(action) for action in menu.actions() if not action.isSeparator()]


def test_the_right_button_shows_what_can_be_done_with_a_note(editing, qtbot):
    roll = editing.page.roll
    menu = editing.roll_menu
    place = roll.box.mapViewToScene(QPointF(0.4, 60.0))
    found = entries(menu.menu_at(place))
    assert editing.editor.selection.ids == {1}
    assert found[:2] == ["Play from Here", "Delete"]
    assert {"Split at the Pointer", "Move to Track", "Accept", "Fit All"} <= set(found)
    editing.editor.select_none()
    empty = roll.box.mapViewToScene(QPointF(2.8, 90.0))
    found = entries(menu.menu_at(empty))
    assert "Delete" not in found
    assert "Select All" in found


def test_the_menu_opens_where_the_right_button_is_pressed(editing, qtbot):
    roll = editing.page.roll
    place = roll.mapFromScene(roll.box.mapViewToScene(QPointF(0.4, 60.0)))
    event = QContextMenuEvent(
        QContextMenuEvent.Reason.Mouse, place, roll.viewport().mapToGlobal(place)
    )
    QApplication.sendEvent(roll.viewport(), event)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, QMenu)
    assert "Delete" in entries(popup)
    popup.close()


def test_the_empty_page_leads_back_to_what_was_open(window, qtbot, tmp_path, recording, finish):
    window.preferences.remember_file(tmp_path / "sonata & fugue.wav")
    (button,) = window.empty_page._recent._buttons
    assert button.isVisible()
    assert button.accessibleName() == "sonata & fugue.wav"
    window.preferences.remember_file(recording)
    window.empty_page._recent._buttons[0].click()
    finish()
    assert window.document.path == recording
    assert not window.empty_page._unsaved.isVisible()


def test_a_question_mark_explains_each_threshold(editing):
    panel = editing.notes_panel
    assert len(panel.sliders) >= 3
    for slider in panel.sliders.values():
        assert slider.help_button.toolTip() == slider.toolTip()
        assert "Right:" in slider.toolTip()
