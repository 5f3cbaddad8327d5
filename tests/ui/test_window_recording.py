"""From the button to the transcribed take, and what may come in between."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from file_input import FileInput, microphones
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from struck_tones import SAMPLE_RATE, struck_tones
from studio import Studio

from amtstudio.engine import load_transcriber
from amtstudio.session.take_marks import find_unfinished_takes, marks_folder
from amtstudio.settings import load_settings
from amtstudio.ui.document import Document
from amtstudio.ui.queue import State
from amtstudio.workbench.recording_picture import draw_recording
from amtstudio.workbench.takes import listeners
from amtstudio.workbench.takes.live_notes import LiveNotes
from amtstudio.workbench.transcribing import Engine

CHILD = Path(__file__).with_name("recording_child.py")
LONG_MS = 120_000


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "takes"))


def in_24_bits(samples: np.ndarray) -> np.ndarray:
    return (np.rint(samples.astype(np.float64) * 2**23) / 2**23).astype(np.float32)


def plug(window: Studio, source: FileInput, n_devices: int = 2) -> FileInput:
    """Give the window microphones that hear ``source``."""
    controller = window.recording.controller
    controller.open_stream = source
    controller.devices.list_devices = microphones(n_devices)
    return source


def heard(seconds: float = 4.0, **options) -> FileInput:
    return FileInput(struck_tones(seconds), SAMPLE_RATE, **{"speed": 8.0, **options})


@pytest.fixture
def controller(window):
    return window.recording.controller


@pytest.fixture
def record(window, qtbot, controller):
    """Record until so many seconds are in the file."""

    def record(seconds: float) -> None:
        window.recording.action.trigger()
        qtbot.waitUntil(
            lambda: controller.is_recording and controller.take.duration >= seconds,
            timeout=LONG_MS,
        )

    return record


@pytest.fixture
def stop(window, qtbot, controller, finish):
    """Stop, and wait for the transcription of the whole."""

    def stop() -> None:
        window.recording.action.trigger()
        qtbot.waitUntil(lambda: controller.is_idle, timeout=LONG_MS)
        finish()

    return stop


def test_a_take_is_written_shown_and_transcribed(
    window, record, stop, controller, model_file, tmp_path
):
    source = plug(window, heard(4.0))
    record(4.2)
    assert window.recording.page.isVisible()
    assert window.recording.bar.record_button.text() == "Stop"
    assert not window.recording.bar.device_box.isEnabled()
    stop()

    assert window.page.isVisible()
    assert not window.recording.bar.isVisible()
    assert window.item.state is State.DONE
    path = window.document.path
    assert path.parent == tmp_path / "takes"
    assert path.name.startswith("Take 20")
    samples, rate = soundfile.read(path, dtype="float32")
    assert rate == SAMPLE_RATE
    np.testing.assert_array_equal(samples[: len(source.samples)], in_24_bits(source.samples))
    expected = load_transcriber(model_file, device="cpu").transcribe_file(path).transcription
    assert len(expected.notes) > 3
    # In the window a transcription remembers the model that was asked for.
    assert window.document.transcription == replace(expected, asked_model=str(model_file))
    assert list(marks_folder().iterdir()) == []
    assert source.n_open == 0
    assert [action.text() for action in window.opening_feature.recent_menu.actions()] == [path.name]


def test_live_notes_are_those_of_the_engine_and_stay_until_the_whole_is_transcribed(
    window, qtbot, controller, record, model_file
):
    source = heard(4.0)
    # Never so far behind that the engine leaves out steps: then the notes depend on the sound only.
    source.may_go_on = lambda: (
        controller.take is not None
        and controller.take.live is not None
        and source.delivered_s - controller.take.live.heard_s < 0.5 * listeners.MAX_LAG_S
    )
    plug(window, source)
    record(3.5)
    take = controller.take
    qtbot.waitUntil(lambda: take.notes.n_confirmed > 3, timeout=LONG_MS)
    window.recording.page.show_now()
    layer = window.recording.page.roll.layer
    shown = sum(len(item._table) for item in layer.items if item is not layer.provisional)
    assert shown == take.notes.n_confirmed
    controller.stop()
    qtbot.waitUntil(lambda: controller.is_idle, timeout=LONG_MS)
    candidates = window.document.candidates

    live = load_transcriber(model_file, device="cpu").live(sample_rate=SAMPLE_RATE)
    expected = LiveNotes()
    expected.take(live.feed(source.samples[: 3 * SAMPLE_RATE]))
    onsets = {(note.onset, note.pitch) for note in [*expected.ended, *expected.sounding(3.0)]}
    assert len(onsets) > 3
    # Those of the last moment may have been confirmed with what came later.
    assert {key for key in onsets if key[0] < 2.5} == {
        (note.onset, note.pitch)
        for note in [*candidates, *window.document.notes]
        if note.onset < 2.5 and note in candidates
    }


def test_the_picture_grows_and_is_that_of_the_file(window, record, qtbot, controller, stop):
    plug(window, heard(3.0))
    record(3.0)
    document = controller.take.document
    qtbot.waitUntil(lambda: document.spectrogram.n_columns > 80, timeout=LONG_MS)
    growing = document.spectrogram.columns(0, 0, 80).copy()
    extremes = document.envelope.values[:80].copy()
    stop()
    drawn = Document(window.document.path)
    draw_recording(drawn.path, on_part=drawn.add_picture, is_cancelled=lambda: False)
    # Rounding to 24 bits is the only difference.
    file_columns = drawn.spectrogram.columns(0, 0, 80).astype(int)
    is_heard = file_columns > 60
    assert np.abs(growing.astype(int) - file_columns)[is_heard].max() <= 1
    np.testing.assert_allclose(extremes, drawn.envelope.values[:80], atol=1e-6)


def test_a_device_that_goes_away_ends_the_take_with_a_message(window, qtbot, controller, finish):
    source = plug(window, heard(2.0, goes_away=True))
    window.recording.toggle()
    qtbot.waitUntil(lambda: len(window.queue.items) == 1, timeout=LONG_MS)
    finish()
    assert controller.is_idle
    assert window.item.state is State.DONE
    told = "The device piano microphone has gone; what was recorded is kept."
    assert told in window.page.message_label.text()
    samples, _ = soundfile.read(window.document.path, dtype="float32")
    np.testing.assert_array_equal(samples, in_24_bits(source.samples))


def test_without_a_microphone_the_buttons_are_disabled_and_say_why(window, qtbot, controller):
    plug(window, heard(), n_devices=0)
    window.recording.begin()
    qtbot.waitUntil(lambda: controller.devices.devices == [])
    reason = "There is no microphone. Plug one in, then look for it again."
    assert not window.empty_page.record_button.isEnabled()
    assert window.empty_page._no_recording.text() == reason
    window.recording.action.trigger()
    bar = window.recording.bar
    assert bar.isVisible()
    assert not bar.record_button.isEnabled()
    assert bar.hint_label.text() == reason
    assert controller.is_idle

    plug(window, heard(), n_devices=1)
    assert bar.refresh_button.isEnabled()
    window.empty_page.look_again_button.click()
    qtbot.waitUntil(bar.record_button.isEnabled)
    assert not window.empty_page.look_again_button.isVisible()
    assert window.empty_page.record_button.isEnabled()
    assert [bar.device_box.itemText(row) for row in range(2)] == [
        "System default: mic 0",
        "mic 0 (Test)",
    ]


def test_the_level_is_seen_before_anything_is_kept(window, qtbot, controller, tmp_path):
    source = plug(window, heard(60.0))
    window.empty_page.record_button.click()
    bar = window.recording.bar
    qtbot.waitUntil(lambda: bar.level_bar.held_db > -50.0, timeout=LONG_MS)
    assert source.n_open == 1
    assert not (tmp_path / "takes").exists()
    bar.close_button.click()
    qtbot.waitUntil(lambda: source.n_open == 0)
    assert not bar.isVisible()


def test_the_chosen_device_is_recorded_and_remembered(window, qtbot, controller, record, stop):
    source = plug(window, heard())
    window.recording.open_panel()
    qtbot.waitUntil(lambda: source.n_open == 1, timeout=LONG_MS)
    box = window.recording.bar.device_box
    qtbot.waitUntil(lambda: box.count() == 3)
    row = box.findText("mic 1 (Test)")
    box.setCurrentIndex(row)
    box.activated.emit(row)
    record(0.2)
    assert [device and device.name for device in source.opened][-1] == "mic 1"
    stop()
    window.close()
    assert load_settings().input_device == "mic 1 (Test)"
    second = Studio(window.queue.engine)
    qtbot.addWidget(second)
    assert second.recording.controller.devices.chosen == "mic 1 (Test)"
    second.close()


def test_too_loud_and_silent_inputs_are_told(window, qtbot, controller, record, stop):
    loud = np.zeros(5 * SAMPLE_RATE)
    loud[100:200] = 1.5
    plug(window, FileInput(loud, SAMPLE_RATE, speed=8.0))
    record(4.0)
    bar = window.recording.bar
    qtbot.waitUntil(lambda: "gain" in bar.hint_label.text())
    qtbot.waitUntil(lambda: "silence" in bar.hint_label.text())
    assert "gain" in bar.hint_label.text()
    assert bar.level_bar.is_clipped
    stop()
    assert "The input was too loud at times" in window.page.message_label.text()


def test_other_transcriptions_wait_for_the_take(window, qtbot, long_recording, record, finish):
    plug(window, heard())
    window.open_paths([long_recording])
    other = window.item
    qtbot.waitUntil(lambda: other.done_s > 0.0, timeout=LONG_MS)
    record(0.5)
    assert window.recording.page.isVisible()
    assert other.state is State.PAUSED
    window.show_item(other)
    assert window.page.isVisible()
    assert window.recording.bar.show_button.isVisible()
    window.recording.bar.show_button.click()
    assert window.recording.page.isVisible()
    window.recording.toggle()
    qtbot.waitUntil(lambda: len(window.queue.items) == 2, timeout=LONG_MS)
    assert other.state is State.RUNNING
    window.queue.cancel(other)
    finish()
    assert window.queue.items[1].state is State.DONE


def test_what_cannot_be_kept_up_with_is_left_out_and_the_take_is_whole(
    window, qtbot, controller, record, stop, monkeypatch
):
    monkeypatch.setattr(listeners, "MAX_BACKLOG_S", 2.0)
    # Faster than any machine can listen: while the model is loaded, minutes go by.
    source = plug(window, heard(40.0, speed=1000.0))
    source.may_go_on = lambda: source.delivered_s < 40.0
    record(40.0)
    take = controller.take
    qtbot.waitUntil(lambda: bool(take.gaps), timeout=LONG_MS)
    begin, end = take.gaps[0]
    assert end - begin > 2.0
    stop()
    samples, _ = soundfile.read(window.document.path, dtype="float32")
    np.testing.assert_array_equal(samples, in_24_bits(source.samples))


def test_without_a_model_the_take_is_recorded_all_the_same(qtbot, tmp_path):
    window = Studio(Engine(str(tmp_path / "none.safetensors"), "cpu"))
    qtbot.addWidget(window)
    window.show()
    plug(window, heard(2.0))
    controller = window.recording.controller
    window.recording.toggle()
    qtbot.waitUntil(
        lambda: "There is no model file" in window.recording.bar.hint_label.text(), timeout=LONG_MS
    )
    qtbot.waitUntil(lambda: controller.take.duration > 1.0, timeout=LONG_MS)
    controller.stop()
    qtbot.waitUntil(lambda: controller.is_idle and window.queue.is_idle, timeout=LONG_MS)
    assert window.item.state is State.FAILED
    assert soundfile.info(window.document.path).duration > 1.0
    window.close()


def test_a_folder_that_cannot_be_made_is_told(window, qtbot, controller, tmp_path, monkeypatch):
    told = []
    monkeypatch.setattr(window, "show_error", told.append)
    window.recording.failed.disconnect()
    window.recording.failed.connect(told.append)
    (tmp_path / "file").write_bytes(b"")
    controller.take_folder.follow(str(tmp_path / "file" / "takes"))
    plug(window, heard())
    window.recording.toggle()
    qtbot.waitUntil(lambda: bool(told), timeout=LONG_MS)
    assert "cannot create the folder" in str(told[0])
    assert controller.is_idle
    assert window.empty_page.isVisible()
    assert list(marks_folder().glob("*")) == []


@pytest.mark.parametrize("answer", ["Keep recording", "Stop and close"])
def test_closing_the_window_while_it_records_asks(window, qtbot, controller, record, answer):
    plug(window, heard(30.0))
    record(1.0)

    def reply() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(button for button in box.buttons() if button.text() == answer).click()

    QTimer.singleShot(50, reply)
    path = controller.take.document.path
    is_closed = window.close()
    assert is_closed == (answer == "Stop and close")
    assert controller.is_idle == is_closed
    if not is_closed:
        controller.close()
    assert soundfile.info(path).duration >= 1.0
    assert find_unfinished_takes() == []
    if is_closed:
        assert load_settings().recent_files == (str(path),)


def test_a_killed_window_offers_the_take_to_the_next_one(window, qtbot, finish, model_file):
    child = subprocess.Popen(
        [sys.executable, CHILD, str(model_file), "file"],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    said = {}
    with child:
        for line in child.stdout:
            if not line.endswith("\n"):  # not said to its end
                break
            kind, _, said[kind] = line.strip().partition(" ")
            if kind == "captured" and "ready" in said and float(said[kind]) > 2.0:
                child.kill()  # and then what was said before
    captured, path = float(said["captured"]), said["take"]

    before = soundfile.info(path).duration  # readable as it is
    assert before > 0.0
    window.recording.begin()
    offer = window.recording.offer_bar
    qtbot.waitUntil(offer.isVisible, timeout=LONG_MS)
    assert Path(path).name in offer.label.text()
    assert soundfile.info(path).duration >= max(before, captured - 1.0)
    offer.open_button.click()
    assert not offer.isVisible()
    finish()
    assert window.document.path == Path(path)
    assert window.item.state is State.DONE
    assert find_unfinished_takes() == []


def test_the_keys_of_the_view_work_on_the_take(window, qtbot, record, stop):
    plug(window, heard(20.0, speed=4.0))
    record(1.0)
    page = window.recording.page
    page.roll.setFocus()
    start, end = page.roll.visible_range
    qtbot.keyClick(page.roll, Qt.Key.Key_Up)
    narrower = page.roll.visible_range
    assert narrower[1] - narrower[0] < end - start
    assert page.follow_box.isChecked()
    page.follow_box.click()
    assert not page.roll.follows
    qtbot.keyClick(page.roll, Qt.Key.Key_C)
    assert page.follow_box.isChecked()
    stop()
