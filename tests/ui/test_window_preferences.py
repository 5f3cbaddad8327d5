"""Preferences: they hold at once, and in the next window."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QFileDialog
from queue_rows import Row
from studio import Studio

from amtstudio.settings import Settings, load_settings, save_settings
from amtstudio.ui import theme
from amtstudio.ui.cleaning import clean_up_soon
from amtstudio.ui.preferences import Preferences
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.workbench.export_files import MidiOptions
from amtstudio.workbench.transcribing import Engine


@pytest.fixture
def dialog(window, finish):
    window.customizing.show_dialog()
    finish()  # the search for devices
    yield window.customizing.dialog
    window.preferences.change(theme="system")


def choose(box, data) -> None:
    """As a user does: by the index, with the signal that a choice sends."""
    index = box.findData(data)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def test_what_is_set_is_kept_at_once(dialog, qtbot):
    choose(dialog.theme_box, "dark")
    choose(dialog.colour_box, "confidence")
    dialog.onset_box.setValue(31)
    dialog.length_box.setValue(40)
    dialog.candidates_box.setChecked(False)
    dialog.single_box.setChecked(False)

    wanted = Settings(
        theme="dark",
        colour_by="confidence",
        onset_threshold=0.31,
        minimum_duration_s=0.04,
        shows_candidates=False,
        single_instance=False,
    )
    qtbot.waitUntil(lambda: load_settings() == wanted)


def test_the_dialog_fits_a_low_screen(dialog, qtbot):
    dialog._fit(QSize(960, 500))  # 1920 x 1080 at twice the size, without the panel of a desktop
    assert dialog.height() <= 460
    assert dialog.buttons.geometry().bottom() <= dialog.height()
    dialog.single_box.setFocus()
    qtbot.keyClick(dialog.single_box, Qt.Key.Key_Tab)  # scrolls to what it leads to
    assert dialog.language_box.hasFocus()
    lowest = dialog.language_box.mapTo(dialog, dialog.language_box.rect().bottomLeft())
    assert 0 < lowest.y() < dialog.buttons.y()
    dialog._fit(QSize(1920, 1080))
    highest = dialog.device_box.mapTo(dialog, dialog.device_box.rect().topLeft())
    lowest = dialog.forget_button.mapTo(dialog, dialog.forget_button.rect().bottomLeft())
    assert 0 < highest.y() < lowest.y() < dialog.buttons.y()


def test_how_midi_is_written_is_kept_for_the_next_window(window, finish, qtbot, model_file):
    window.export_feature.midi_bars.setChecked(False)
    window.export_feature.midi_bends.setChecked(False)
    window.export_feature.quantising[75].trigger()
    window.close()
    assert load_settings().midi_quantizing == 75
    later = Studio(Engine(str(model_file), "cpu"))
    qtbot.addWidget(later)
    assert later.export_feature.quantising[75].isChecked()
    assert not later.export_feature.midi_bars.isChecked()
    assert not later.export_feature.midi_bends.isChecked()
    for writer in (later.exporter, later.page.handle):
        assert writer.midi == MidiOptions(0.75, with_bars=False, with_bends=False)


def test_the_window_follows_the_dialog_and_the_dialog_the_window(dialog, window, qtbot):
    choose(dialog.theme_box, "dark")
    qtbot.waitUntil(lambda: theme.is_dark(window.palette()))
    assert window.customizing.appearance["dark"].isChecked()
    choose(dialog.colour_box, "confidence")
    assert window.page.roll.notes._colours.by is ColourBy.CONFIDENCE
    dialog.candidates_box.setChecked(False)
    assert not window.page.roll.candidates.isVisible()

    window.preferences.change(theme="light")
    assert dialog.theme_box.currentData() == "light"
    window.notes_panel.colour_box.setCurrentIndex(0)
    assert dialog.colour_box.currentData() == "velocity"
    window.notes_panel.candidate_box.setChecked(True)
    assert dialog.candidates_box.isChecked()


def test_thresholds_hold_for_what_is_opened_next(dialog, window, finish, recording):
    dialog.onset_box.setValue(70)
    dialog.length_box.setValue(80)
    window.open_paths([recording])
    finish()

    document = window.document
    assert document.settings.onset_threshold == 0.7
    assert document.settings.drop_shorter_than_s == 0.08
    assert document.settings.frame_threshold == document.default_settings.frame_threshold
    assert all(note.duration >= 0.08 for note in document.notes)
    assert window.notes_panel.sliders["onset_threshold"].slider.value() == 70
    window.notes_panel.reset_button.click()  # the model's own are still known
    assert document.settings.onset_threshold == 0.4

    dialog.onset_box.setValue(dialog.onset_box.minimum())
    assert window.preferences.settings.onset_threshold is None
    assert dialog.onset_box.text() == "recommended value"


def test_another_device_is_taken_at_once_and_a_missing_one_is_told(dialog, window, qtbot):
    window.model_loader.load()
    qtbot.waitUntil(lambda: "CPU" in window.badge.text(), timeout=60_000)
    dialog.add_devices([("cuda:7", "Imaginary GPU")])
    choose(dialog.device_box, "cuda:7")
    qtbot.waitUntil(lambda: window.badge.text() == "No model", timeout=60_000)
    assert "cuda:7 is not available" in window.badge.reason
    shown = []
    window.badge.failed.disconnect()
    window.badge.failed.connect(shown.append)
    window.badge.click()
    assert "cuda:7" in str(shown[0])

    choose(dialog.device_box, "cpu")
    qtbot.waitUntil(lambda: "CPU" in window.badge.text(), timeout=60_000)


def test_the_defaults_are_restored_and_recent_files_kept(dialog, window, recording, finish):
    window.open_paths([recording])
    dialog.onset_box.setValue(70)
    choose(dialog.theme_box, "dark")
    dialog.reset_button.click()
    left = window.preferences.settings
    assert (left.onset_threshold, left.theme) == (None, "system")
    assert left.recent_files == (str(recording),)
    assert dialog.theme_box.currentData() == "system"

    dialog.forget_button.click()
    assert not window.opening_feature.recent_menu.isEnabled()
    assert window.preferences.settings.recent_files == ()
    finish()


def test_what_was_set_holds_in_the_next_window(qtbot, window):
    save_settings(Settings(colour_by="instrument", shows_candidates=False, theme="dark"))
    other = Studio(window.queue.engine)
    qtbot.addWidget(other)
    assert other.notes_panel.colour_box.currentData() is ColourBy.INSTRUMENT
    assert other.page.roll.notes._colours.by is ColourBy.INSTRUMENT
    assert not other.page.roll.candidates.isVisible()
    qtbot.waitUntil(lambda: theme.is_dark(other.palette()))
    other.preferences.change(theme="system")


def test_a_window_for_a_picture_keeps_nothing(tmp_path):
    preferences = Preferences(keeps=False)
    preferences.change(theme="dark")
    preferences.save()
    assert not (tmp_path / "config").exists()


def test_bad_values_are_refused():
    preferences = Preferences(keeps=False)
    with pytest.raises(ValueError, match="colour_by: Invalid enum value 'taste'"):
        preferences.change(colour_by="taste")
    with pytest.raises(ValueError, match="single_instance: Expected `bool`"):
        preferences.change(single_instance="no")


def shows_dark(window) -> bool:
    image = window.page.roll.grab().toImage()
    return image.pixelColor(image.width() - 3, image.height() - 3).lightness() < 100


def test_the_window_follows_the_system_while_it_is_open(window, finish, recording, qtbot):
    window.open_paths([recording])
    finish()
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)  # as the desktop says it
    qtbot.waitUntil(lambda: shows_dark(window))
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Light)
    qtbot.waitUntil(lambda: not shows_dark(window))

    window.preferences.change(theme="light")
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    assert not shows_dark(window)  # the user has chosen
    window.preferences.change(theme="system")


def test_icons_and_pictures_follow_a_new_palette(window, finish, recording, qtbot):
    window.open_paths([recording])
    finish()
    row = Row(window.queue_panel, window.item)
    view = window.queue_panel.view

    def is_light(button) -> bool:
        image = button.icon().pixmap(16, 16).toImage()
        colours = [
            image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())
        ]
        return max(colours, key=QColor.alpha).lightness() > 128

    before = QGuiApplication.palette()
    try:
        for wants_dark in (True, False):
            QGuiApplication.setPalette(theme._own_palette(dark=wants_dark))
            qtbot.waitUntil(lambda: theme.is_dark(view.palette()) == wants_dark)  # noqa: B023
            assert [is_light(button) for button in row.buttons] == [wants_dark] * 2
            assert is_light(window.page.handle) == wants_dark
    finally:
        QGuiApplication.setPalette(before)
        QGuiApplication.setPalette(QPalette())


def test_what_a_killed_program_left_is_cleaned_up_at_the_next_start(window, qtbot, tmp_path):
    beside = tmp_path / "music"
    beside.mkdir()
    left = beside / ".amtstudio-0123456789abcdef.tmp"
    left.write_bytes(b"half")
    os.utime(left, (0, 0))
    window.preferences.change(recent_files=(str(beside / "song.wav"),))
    clean_up_soon(window)
    qtbot.waitUntil(lambda: not left.exists())


def test_takes_go_to_the_folder_that_was_chosen(
    dialog, window, finish, tmp_path, monkeypatch, qtbot
):
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "usual"))
    controller, wanted = window.recording.controller, tmp_path / "Takes of mine"
    answers = [str(wanted)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: answers[0])
    dialog.folder_button.click()
    finish()
    assert controller.folder == wanted
    assert dialog.folder_label.text() == str(wanted)
    qtbot.waitUntil(lambda: load_settings().recordings_folder == str(wanted))

    told = []
    window.recording.failed.disconnect()
    window.recording.failed.connect(told.append)
    (tmp_path / "file").write_bytes(b"")
    answers[0] = str(tmp_path / "file")
    window.recording.bar._choose_folder()  # the other way to choose one
    finish()
    assert [f"takes cannot be written to {tmp_path / 'file'}" in str(error) for error in told] == [
        True
    ]
    assert controller.folder == wanted

    answers[0] = str(tmp_path)
    window.recording.bar._choose_folder()
    finish()
    assert dialog.folder_label.text() == str(tmp_path)
    dialog.usual_folder_button.click()
    finish()
    assert controller.folder == tmp_path / "usual"
    assert dialog.folder_label.text() == str(tmp_path / "usual")
    assert not dialog.usual_folder_button.isEnabled()


def test_the_next_window_records_to_the_folder_that_was_chosen(qtbot, window, tmp_path):
    save_settings(Settings(recordings_folder=str(tmp_path / "mine")))
    other = Studio(window.queue.engine)
    qtbot.addWidget(other)
    assert other.recording.controller.folder == tmp_path / "mine"
    other.close()
    assert load_settings().recordings_folder == str(tmp_path / "mine")
