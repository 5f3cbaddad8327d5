"""A take in the window is heard by the model that suits what is played."""

from __future__ import annotations

import pytest
from file_input import FileInput, microphones
from played_takes import RATE, played_drums
from studio import Studio

from amtstudio.settings import load_settings
from amtstudio.workbench.transcribing import AUTO, Engine

LONG_MS = 300_000
SECONDS = 7.0


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "takes"))


@pytest.fixture
def window(qtbot):
    window = Studio(Engine(AUTO, "cpu"))
    qtbot.addWidget(window, before_close_func=lambda window: window.recording.close())
    window.resize(1200, 800)
    window.show()
    audio, _ = played_drums(SECONDS)
    controller = window.recording.controller
    controller.open_stream = FileInput(audio, RATE)
    controller.devices.list_devices = microphones()
    yield window
    window.close()


def begin(window, qtbot):
    window.recording.action.trigger()
    controller = window.recording.controller
    qtbot.waitUntil(lambda: controller.is_recording and controller.take.is_ready, timeout=LONG_MS)
    return controller.take


def end(window, qtbot):
    window.recording.action.trigger()
    qtbot.waitUntil(lambda: window.recording.controller.is_idle, timeout=LONG_MS)


def test_a_drummer_sees_hits_after_some_seconds_and_at_once_in_the_next_take(window, qtbot):
    take, bar = begin(window, qtbot), window.recording.bar
    assert take.model == "piano"
    assert bar.model_box.isVisible()
    qtbot.waitUntil(lambda: bar.model_box.currentText() == "Automatic: Piano", timeout=LONG_MS)
    qtbot.waitUntil(lambda: take.model == "drums", timeout=LONG_MS)
    qtbot.waitUntil(lambda: bar.model_box.currentText() == "Automatic: Drums", timeout=LONG_MS)
    hint = "Notes since 0:00 are from the model “Drums”, which suits what is heard: "
    qtbot.waitUntil(lambda: hint in bar.hint_label.text(), timeout=LONG_MS)
    lane = window.recording.page.roll.drums.box
    qtbot.waitUntil(lane.isVisible, timeout=LONG_MS)  # drawn with the next picture of the take
    # The first seconds were heard again: what was found there as a piano's has gone.
    qtbot.waitUntil(lambda: take.notes.n_confirmed > 10, timeout=LONG_MS)
    found = [*take.notes.ended, *take.notes.sounding(take.duration)]
    assert all(note.track.is_drums for note in found)
    assert min(note.onset for note in found) < 1.0
    end(window, qtbot)

    take = begin(window, qtbot)
    assert take.model == "drums"
    assert take.notes.has_drums
    end(window, qtbot)
    window.close()
    assert load_settings().live_model == "drums"


def test_the_user_chooses_the_model_that_hears(window, qtbot):
    take, box = begin(window, qtbot), window.recording.bar.model_box
    row = box.findData("melodic")
    box.setCurrentIndex(row)
    box.activated.emit(row)
    qtbot.waitUntil(lambda: take.model == "melodic", timeout=LONG_MS)
    qtbot.waitUntil(lambda: box.currentText() == "Any pitched instrument", timeout=LONG_MS)
    end(window, qtbot)
    assert not box.isVisible()


def test_a_model_that_was_chosen_beforehand_stays(window, qtbot):
    window.queue.engine.choose("piano")
    take = begin(window, qtbot)
    assert not take.plans
    assert not window.recording.bar.model_box.isVisible()
    end(window, qtbot)


def test_after_a_recording_of_the_careful_model_the_piano_hears_first(window, qtbot, recording):
    engine = window.queue.engine
    engine.choose("piano_large")
    window.open_paths([recording])
    qtbot.waitUntil(lambda: window.is_settled, timeout=LONG_MS)
    assert window.document.models == ("piano_large",)
    engine.choose(AUTO)
    engine.first_live = "drums"
    take = begin(window, qtbot)
    assert take.model == "piano"
    end(window, qtbot)
