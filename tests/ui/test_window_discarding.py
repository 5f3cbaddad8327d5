"""Takes that are not wanted: to the trash, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
from PySide6.QtCore import QFile, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from struck_tones import SAMPLE_RATE, struck_tones

from amtstudio.audio.take_files import keyboard_file


@pytest.fixture(autouse=True)
def _own_trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "xdg").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "takes"))


@pytest.fixture
def told(window) -> list[Exception]:
    """What went wrong with takes, rather than a box that waits for an answer."""
    told: list[Exception] = []
    window.recording.failed.disconnect()
    window.recording.failed.connect(told.append)
    return told


@pytest.fixture
def take(window, finish, told, tmp_path: Path) -> Path:
    """A take of two seconds, transcribed."""
    path = tmp_path / "takes" / "Take 2026-11-03 14.05.09.wav"
    path.parent.mkdir()
    soundfile.write(path, struck_tones(2.0), SAMPLE_RATE)
    window.open_paths([path])
    finish()
    return path


def answer(button_text: str) -> list[str]:
    """Press this button of the question that comes; returns what it says."""
    said = []

    def reply() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        said.extend((box.text(), box.informativeText()))
        next(button for button in box.buttons() if button.text() == button_text).click()

    QTimer.singleShot(0, reply)
    return said


def discard(window) -> None:
    action = window.recording.discard_action
    assert action.isEnabled()
    action.trigger()


def test_a_take_goes_to_the_trash_only_after_the_answer(window, finish, take, tmp_path):
    said = answer("Keep it")
    discard(window)
    finish()
    assert "Take 2026-11-03 14.05.09.wav" in said[0]
    assert "Its notes are removed too" in said[1]
    assert take.exists()

    answer("Move to the trash")
    discard(window)
    finish()
    assert not take.exists()
    assert (tmp_path / "xdg" / "Trash" / "files" / take.name).is_file()
    assert window.queue.items == []
    assert window.empty_page.isVisible()
    assert take.name in window.recording.discarding.banner.label.text()


def test_a_take_comes_back_as_it_was(window, finish, take, tmp_path):
    data = take.read_bytes()
    notes = window.document.notes
    answer("Move to the trash")
    discard(window)
    finish()
    (button,) = window.recording.discarding.banner.buttons
    button.click()
    finish()
    assert take.read_bytes() == data
    assert window.document.path == take
    assert window.document.notes == notes
    assert not window.recording.discarding.banner.isVisible()
    assert [path for path in (tmp_path / "xdg" / "Trash").rglob("*") if path.is_file()] == []


def test_what_a_keyboard_played_goes_and_comes_back_with_its_take(window, finish, take):
    keyboard = keyboard_file(take)
    keyboard.write_bytes(b"MThd notes of the keyboard")
    answer("Move to the trash")
    discard(window)
    finish()
    assert not keyboard.exists()
    (button,) = window.recording.discarding.banner.buttons
    button.click()
    finish()
    assert keyboard.read_bytes() == b"MThd notes of the keyboard"


def test_edits_of_a_discarded_take_are_kept_and_come_back_with_it(window, finish, take):
    window.editor.add_note(30, 0.5, 0.9)
    project = window.document.project.path
    said = answer("Move to the trash")
    discard(window)
    finish()
    assert "Your edits to its notes are kept" in said[1]
    assert project.exists()
    window.recording.discarding.banner.buttons[0].click()
    finish()
    assert window.document.project.path == project
    assert (30, 0.5) in {(n.pitch, n.onset) for n in window.document.notes}
    assert window.document.path == take


def _trashing(menu: QMenu) -> list[QAction]:
    return [action for action in menu.actions() if "Trash" in action.text()]


def test_what_is_no_take_cannot_be_discarded(window, finish, recording):
    window.open_paths([recording])
    finish()
    action = window.recording.discard_action
    assert not action.isEnabled()
    menu = QMenu()
    window.row_menu_wanted.emit(window.item, menu)
    assert _trashing(menu) == []
    window.recording.discarding.ask_and_discard(window.item)
    assert recording.exists()


def test_the_row_of_a_take_offers_it(window, finish, take):
    menu = window.queue_panel.view.menu_of(window.item)
    (action,) = _trashing(menu)
    answer("Move to the trash")
    action.trigger()
    finish()
    assert not take.exists()


def test_a_trash_that_fails_is_told_and_the_take_stays(window, finish, take, told, monkeypatch):
    class Refusing(QFile):
        def moveToTrash(self) -> bool:  # noqa: N802
            return False

    monkeypatch.setattr("amtstudio.ui.recording.discarding.QFile", Refusing)
    answer("Move to the trash")
    discard(window)
    finish()
    assert "could not be moved to the trash" in str(told[0])
    assert take.exists()
    assert len(window.queue.items) == 1


def test_nothing_is_written_over_when_a_take_comes_back(window, finish, take, told):
    answer("Move to the trash")
    discard(window)
    finish()
    take.write_bytes(b"another")
    window.recording.discarding.banner.buttons[0].click()
    finish()
    assert "there is another file" in str(told[0])
    assert take.read_bytes() == b"another"
