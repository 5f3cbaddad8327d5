"""A newcomer's first five minutes, by mouse and keyboard alone; a picture of every step.

The pictures lie in the folder that ``AMTSTUDIO_TEST_PICTURES`` names, or in one of the test's own.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from file_input import FileInput, microphones
from mouse import LEFT, NONE, click, double_click, drag, place
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QFileDialog, QLineEdit, QPushButton
from struck_tones import SAMPLE_RATE, struck_tones
from studio import Studio

from amtstudio.playback import ManualOutput, OutputDevice
from amtstudio.ui import theme
from amtstudio.ui.example import EXAMPLE
from amtstudio.ui.queue import State
from amtstudio.workbench.transcribing import Engine

PATIENCE_MS = 240_000  # a busy machine; the whole takes 25 s on a quiet one
RATE = 8000  # Hz
KEY = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Loudspeaker:
    """Plays into memory: a test hears nothing, and asks what would have been heard."""

    def __init__(self) -> None:
        self.outputs: list[ManualOutput] = []

    def devices(self, *, refresh):
        return [OutputDevice(0, "Speakers", "Test", RATE, 1, is_default=True)]

    def open(self, chosen):
        self.outputs.append(ManualOutput(sample_rate=RATE))
        return self.outputs[-1]


class Newcomer:
    """Has a mouse, a keyboard, eyes and a camera."""

    def __init__(self, qtbot, pictures: Path) -> None:
        self.qtbot = qtbot
        self.pictures = pictures
        self.n_pictures = 0
        self.sound = Loudspeaker()

    def start(self) -> Studio:
        self.window = Studio(Engine("piano", "cpu"), sound=self.sound)
        self.window.resize(1280, 768)
        self.window.show()
        self.window.activateWindow()
        self.window.recording.controller.devices.list_devices = microphones(1)
        self.window.begin()
        self.wait(lambda: self.window.is_settled)
        return self.window

    def wait(self, is_so) -> None:
        self.qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def press(self, key, modifiers=NONE) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.window, key, modifiers)

    def click_on(self, widget) -> None:
        assert widget.isVisible()
        assert widget.isEnabled()
        self.qtbot.mouseClick(widget, LEFT)

    def come_back(self) -> None:
        """What the window manager does when a dialog closes; a virtual display has none."""
        self.window.activateWindow()
        self.window.page.roll.setFocus()
        self.wait(self.window.isActiveWindow)

    def picture(self, what: str) -> None:
        self.n_pictures += 1
        path = self.pictures / f"{self.n_pictures:02} {what}.png"
        shown = QApplication.activeModalWidget() or self.window
        assert shown.grab().save(str(path))

    def drop(self, path: Path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, actions = Qt.MouseButton.LeftButton, Qt.DropAction.CopyAction
        middle = QPoint(400, 300)
        QApplication.sendEvent(
            self.window, QDragEnterEvent(middle, actions, data, buttons, Qt.KeyboardModifier(0))
        )
        self.picture("over the window")
        QApplication.sendEvent(
            self.window,
            QDropEvent(QPointF(middle), actions, data, buttons, Qt.KeyboardModifier(0)),
        )

    def type_into_dialog(self, text: str) -> None:
        """Answer the file dialog that the next key opens."""

        def answer() -> None:
            dialog = QApplication.activeModalWidget()
            assert isinstance(dialog, QFileDialog)
            (name,) = dialog.findChildren(QLineEdit, "fileNameEdit")
            assert Path(name.text()).suffix == ".mid"
            name.selectAll()
            self.qtbot.keyClicks(name, text)
            self.picture("save as")
            self.qtbot.keyClick(name, KEY.Key_Return)

        QTimer.singleShot(300, answer)


@pytest.fixture
def newcomer(qtbot, tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "takes"))
    # The system's own dialogs are no part of the program, and not there on a virtual display.
    monkeypatch.setattr(
        "amtstudio.ui.exporting.QFileDialog.getSaveFileName", _own_dialog, raising=True
    )
    pictures = Path(os.environ.get("AMTSTUDIO_TEST_PICTURES", tmp_path / "pictures"))
    pictures.mkdir(parents=True, exist_ok=True)
    newcomer = Newcomer(qtbot, pictures)
    yield newcomer
    newcomer.window.preferences.change(theme="system")
    newcomer.window.recording.close()
    newcomer.window.close()


def _own_dialog(parent, title, suggestion, name_filter, **_options):
    dialog = QFileDialog(parent, title, str(Path(suggestion).parent), name_filter)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.selectFile(suggestion)
    return (dialog.selectedFiles()[0] if dialog.exec() else "", name_filter)


def notes_of(path: Path) -> list[int]:
    found = mido.MidiFile(path)
    return sorted(m.note for m in found if m.type == "note_on" and m.velocity > 0)


def test_the_first_five_minutes(newcomer, tmp_path):
    # 0:30 An empty window that tells the ways in.
    window = newcomer.start()
    page = window.empty_page
    newcomer.picture("empty")
    ways = {button.text() for button in page.findChildren(QPushButton) if button.isVisible()}
    assert {"Open…", "Record…", "Try the example"} <= ways

    # 0:35 The example, without a download; notes while it computes, and Cancel within a second.
    newcomer.click_on(page.example_button)
    item = window.item
    newcomer.wait(lambda: len(item.document.notes) > 0)
    newcomer.picture("notes while it computes")
    if item.state is State.RUNNING:
        asked = time.monotonic()
        newcomer.click_on(window.page.cancel_button)
        newcomer.wait(lambda: item.state in (State.CANCELLED, State.DONE))
        assert time.monotonic() - asked < 20.0  # 0.1 s on a quiet machine
    newcomer.wait(lambda: window.is_settled)

    # 1:00 A file with an odd name.
    path = tmp_path / "Übung Nr. 3 (ganz langsam) #1.flac"
    audio, rate = soundfile.read(EXAMPLE, frames=8 * 44100, dtype="float32")
    soundfile.write(path, audio, rate)
    newcomer.drop(path)
    newcomer.wait(lambda: window.document.path == path and window.item.state is State.DONE)
    newcomer.wait(lambda: window.is_settled)
    document, roll, editor = window.document, window.page.roll, window.editor
    assert path.name in window.page.name_label.toolTip() + window.page.name_label.text()
    n_found = len(document.notes)
    assert n_found >= 3
    newcomer.picture("transcribed")

    # 1:30 Space plays; the slider at the bottom leads from the recording to its notes.
    newcomer.press(KEY.Key_Space)
    newcomer.wait(lambda: window.playback.is_playing)
    assert window.playback._player.wait_until_ready(1, 10.0)
    assert np.abs(newcomer.sound.outputs[-1].render(RATE)).max() > 0.0
    newcomer.press(KEY.Key_Space)
    newcomer.wait(lambda: not window.playback.is_playing)

    # 2:00 Too many notes: one slider, at once.
    slider = window.notes_panel.sliders["onset_threshold"].slider
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    before = len(document.notes)
    asked = time.monotonic()
    for _ in range(4):
        newcomer.press(KEY.Key_PageUp)
    newcomer.wait(lambda: len(document.notes) < before)
    assert time.monotonic() - asked < 20.0  # under 0.1 s on a quiet machine
    newcomer.picture("fewer notes")
    roll.setFocus()
    newcomer.wait(lambda: window.is_settled)
    while len(document.notes) != before:
        assert editor.undo_text is not None
        newcomer.press(KEY.Key_Z, CTRL)
        newcomer.wait(lambda: window.is_settled)

    # 2:30 Fix notes: select, move, split, merge, add, delete; each can be undone.
    note = max(document.notes, key=lambda n: n.duration)
    middle = (note.onset + note.offset) / 2
    at = place(roll, middle, note.pitch)
    click(newcomer.qtbot, roll, at)
    assert len(editor.selection) == 1
    newcomer.press(KEY.Key_Up, SHIFT)
    assert [n.pitch for n in map_selected(editor)] == [note.pitch + 1]
    newcomer.press(KEY.Key_Z, CTRL)
    drag(newcomer.qtbot, roll, at, place(roll, middle, note.pitch + 2))
    assert [n.pitch for n in map_selected(editor)] == [note.pitch + 2]
    newcomer.picture("a note is moved")
    newcomer.press(KEY.Key_Z, CTRL)
    assert [n.pitch for n in map_selected(editor)] == [note.pitch]
    newcomer.press(KEY.Key_Z, CTRL | SHIFT)
    newcomer.press(KEY.Key_Z, CTRL)
    newcomer.qtbot.mouseMove(roll.viewport(), at)
    newcomer.press(KEY.Key_Slash)
    assert len(document.notes) == before + 1
    newcomer.press(KEY.Key_Backslash)  # both halves are selected
    assert len(document.notes) == before
    double_click(newcomer.qtbot, roll, place(roll, middle, 100))
    assert len(document.notes) == before + 1
    newcomer.press(KEY.Key_Delete)
    assert len(document.notes) == before
    newcomer.press(KEY.Key_Z, CTRL)
    assert len(document.notes) == before + 1

    # 3:00 Where it is unsure, in words; yes to one.
    newcomer.press(KEY.Key_Escape)
    newcomer.press(KEY.Key_N)
    said = window.statusBar().currentMessage()
    assert "% sure. Y: keep it, Delete: remove it" in said
    newcomer.picture("a doubtful note")
    newcomer.press(KEY.Key_Y)
    assert len(editor.selection) == 1

    # 3:30 MIDI under the name of the recording.
    newcomer.type_into_dialog(str(tmp_path / "mine.mid"))
    newcomer.press(KEY.Key_E, CTRL)
    newcomer.wait((tmp_path / "mine.mid").exists)
    assert notes_of(tmp_path / "mine.mid") == sorted(n.pitch for n in document.notes)

    newcomer.come_back()

    # 4:00 A take: the notes as one plays, then the whole take.
    controller = window.recording.controller
    controller.open_stream = FileInput(struck_tones(4.0), SAMPLE_RATE, speed=8.0)
    newcomer.press(KEY.Key_R)
    newcomer.wait(lambda: controller.is_recording and controller.take.duration > 2.0)
    newcomer.picture("a take")
    newcomer.press(KEY.Key_R)
    newcomer.wait(lambda: len(window.queue.items) == 3 and window.is_settled)
    assert Path(window.document.path).parent == tmp_path / "takes"
    assert window.item.state is State.DONE

    # 4:30 Preferences where one looks for them; dark at once.
    newcomer.press(KEY.Key_Comma, CTRL)
    dialog = window.customizing.dialog
    newcomer.wait(lambda: dialog.isVisible() and window.is_settled)
    dialog.activateWindow()
    newcomer.wait(dialog.isActiveWindow)
    newcomer.qtbot.keyClick(dialog.theme_box, KEY.Key_End)
    assert window.preferences.settings.theme == "dark"
    newcomer.wait(lambda: theme.is_dark(window.palette()))
    newcomer.picture("dark")
    newcomer.click_on(dialog.buttons.button(QDialogButtonBox.StandardButton.Close))

    # 5:00 Closed and opened: the work is offered, and all of it is there.
    n_notes, undo = len(document.notes), document.project.undo_text
    window.close()
    window = newcomer.start()
    newcomer.wait(window.offer_banner.isVisible)
    newcomer.picture("the next day")
    newcomer.click_on(window.offer_banner.buttons[0])
    newcomer.wait(lambda: window.document is not None and window.is_settled)
    assert len(window.document.notes) == n_notes
    assert window.document.project.undo_text == undo
    newcomer.picture("all is there")
    assert newcomer.n_pictures >= 12


def map_selected(editor):
    return [entry.note for entry in editor.selected_entries()]
