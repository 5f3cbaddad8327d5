"""A MIDI keyboard beside the microphone: chosen, recorded along, remembered, missed."""

from __future__ import annotations

import loop_midi
import mido
import pytest
from file_input import FileInput, microphones
from struck_tones import SAMPLE_RATE, struck_tones

from amtstudio.audio.take_files import keyboard_file
from amtstudio.errors import AudioDeviceError
from amtstudio.formats import read_transcription
from amtstudio.settings import load_settings

LONG_MS = 120_000


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "takes"))


@pytest.fixture(autouse=True)
def _keyboard():
    former = mido.backend.name
    mido.set_backend("loop_midi")
    yield
    mido.set_backend(former)


@pytest.fixture
def controller(window):
    controller = window.recording.controller
    controller.open_stream = FileInput(struck_tones(4.0), SAMPLE_RATE)
    controller.devices.list_devices = microphones(1)
    return controller


def test_a_keyboard_is_chosen_beside_the_microphone_and_recorded_along(
    window, qtbot, controller, finish
):
    window.recording.open_panel()
    window.recording.look_again()
    bar = window.recording.bar
    qtbot.waitUntil(lambda: bar.keyboard_box.count() == 2, timeout=LONG_MS)
    assert bar.keyboard_box.itemText(0) == "No MIDI keyboard"
    bar.keyboard_box.setCurrentIndex(1)
    bar.keyboard_box.activated.emit(1)
    assert controller.keyboards.name == loop_midi.NAME
    window.recording.action.trigger()
    qtbot.waitUntil(
        lambda: controller.is_recording and controller.take.duration > 0.3, timeout=LONG_MS
    )
    assert not bar.keyboard_box.isEnabled()
    loop_midi.play(mido.Message("note_on", note=60, velocity=77))
    qtbot.waitUntil(
        lambda: "recorded, too: 1 key so far" in bar.hint_label.toolTip(), timeout=LONG_MS
    )
    window.recording.action.trigger()
    qtbot.waitUntil(lambda: controller.is_idle, timeout=LONG_MS)
    finish()
    assert loop_midi.OPEN == []
    (note,) = read_transcription(keyboard_file(window.document.path)).notes
    assert (note.pitch, note.velocity) == (60, 77)
    assert 0.2 < note.onset < note.offset <= window.document.duration + 0.1
    assert window.recording.remembered(load_settings()).midi_keyboard == loop_midi.NAME


def test_a_keyboard_that_cannot_be_reached_is_said_and_the_take_is_made(window, qtbot, controller):
    def fail():
        raise AudioDeviceError("MIDI keyboards need the library python-rtmidi", hint="install it")

    controller.keyboards.list_keyboards = fail
    controller.keyboards.choose("Stage piano")
    window.recording.open_panel()
    window.recording.look_again()
    box = window.recording.bar.keyboard_box
    qtbot.waitUntil(lambda: "python-rtmidi" in box.toolTip(), timeout=LONG_MS)
    assert "nstall it" in box.toolTip()
    assert not box.isEnabled()
    assert controller.keyboards.name == ""
    assert controller.keyboards.chosen == "Stage piano"  # kept for when it is back
