"""The panel My instrument with real runs, in processes of their own, of the shipped model."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from pathlib import Path

import pytest
import soundfile
from piano_takes import noise_take, piano_takes
from PySide6.QtCore import Qt
from studio import Studio

from amtstudio.learning import process
from amtstudio.learning.drums.clips import drum_excerpt
from amtstudio.learning.run_folder import run_path
from amtstudio.models import find_model
from amtstudio.profiles import has_profile, list_profiles
from amtstudio.settings import load_settings
from amtstudio.ui.adaptation.controller import State
from amtstudio.ui.adaptation.words import headline, objection_text
from amtstudio.ui.sound_devices import NoSound
from amtstudio.workbench.transcribing import Engine

PATIENCE_MS = 600_000  # on a machine that is busy with everything else


@pytest.fixture(autouse=True)
def _process_finds_the_package(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))


@pytest.fixture
def make_window(qtbot, tmp_path, monkeypatch):
    """Studio windows with the shipped model; none leaves a run behind."""
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(tmp_path / "takes"))
    windows = []

    def make():
        window = Studio(Engine("piano", "cpu"), sound=NoSound())
        qtbot.addWidget(window)
        window.resize(1300, 900)
        window.show()
        windows.append(window)
        return window

    left = []
    yield make
    for window in windows:
        left.append(window.adaptation.controller._process)
        window.close()
    for run in left:
        if run is not None and run.has_begun_here:
            run.stop()
            run.wait(300)


@pytest.fixture
def window(make_window):
    return make_window()


def choose(qtbot, window, paths):
    """Let the panel look at recordings, all of them."""
    adaptation = window.adaptation
    adaptation.show_learning()
    adaptation.add(list(paths))
    qtbot.waitUntil(lambda: len(adaptation.recordings.entries) >= len(paths), timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: adaptation.is_idle, timeout=PATIENCE_MS)


def unheard(qtbot, window, paths):
    """Have the panel read no more than the headers."""
    adaptation = window.adaptation
    adaptation.show_learning()
    adaptation.recordings._what_comes_first = lambda: "something else"
    adaptation.add(list(paths))
    entries = adaptation.recordings
    qtbot.waitUntil(
        lambda: len(entries.entries) == len(paths) and all(e.looked for e in entries.entries),
        timeout=PATIENCE_MS,
    )


def begin(qtbot, window):
    setup = window.adaptation.setup
    assert setup.start_button.isEnabled()
    qtbot.mouseClick(setup.start_button, Qt.MouseButton.LeftButton)


def wait_for(qtbot, window, *states):
    controller = window.adaptation.controller
    qtbot.waitUntil(lambda: controller.state in states, timeout=PATIENCE_MS)


def process_id(name):
    import json  # noqa: PLC0415

    return json.loads((run_path(name) / "process.json").read_text())["pid"]


def test_a_flat_piano_is_learned_kept_and_used(qtbot, window, tmp_path, monkeypatch):
    script = Path(__file__).with_name("adapt_with_little.py")
    monkeypatch.setattr(process, "_program", lambda: [sys.executable, str(script)])
    takes = piano_takes(tmp_path, cents=-8.0, seconds=8.0)
    shipped = find_model("piano").read_bytes()
    choose(qtbot, window, [*takes, noise_take(tmp_path)])
    adaptation = window.adaptation
    page, controller = adaptation.panel.result, adaptation.controller
    by_name = {entry.path.name: entry for entry in adaptation.recordings.entries}
    assert by_name["Aufnahme 0.wav"].is_usable
    assert "hardly any notes" in objection_text(by_name["Rauschen.wav"])
    assert "This recording" in adaptation.setup.reason_label.text()
    assert adaptation.setup.name == "My instrument"
    begin(qtbot, window)
    assert adaptation.panel.page is adaptation.panel.run
    wait_for(qtbot, window, State.DONE, State.FAILED, State.STOPPED)
    assert controller.state is State.DONE, controller.error
    assert controller.report.adopted, controller.report.reasons
    assert find_model("piano").read_bytes() == shipped
    assert page.title.text() == headline(controller.report)
    assert "cents flat" in page.tuning_label.text()
    assert {"Steadiness", "On other recordings"} <= {figure.name for figure in page.figures}
    assert page.reason_label.text().startswith("Steadier")
    assert "Aufnahme 1.wav" in page.trained_label.text()
    assert "Rauschen" not in page.trained_label.text()
    qtbot.waitUntil(
        lambda: adaptation.profiles.view.names == ["My instrument"], timeout=PATIENCE_MS
    )

    page.keep_button.click()
    assert adaptation.panel.page is adaptation.setup
    assert window.preferences.settings.profile == "My instrument"
    assert adaptation.setup.name == "My instrument 2"
    window.open_paths([takes[0]])
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)
    document = window.document
    assert document.transcription.profile == document.profile == "My instrument"
    assert "transcribed with “My instrument”" in window.page.info_label.text()
    adaptation.profiles.view.choose("")
    adaptation.profiles.view.use_button.click()
    qtbot.waitUntil(lambda: window.is_settled, timeout=PATIENCE_MS)
    assert document.transcription.profile is None
    assert document.profile == ""
    window.preferences.save()
    assert load_settings().profile == "My instrument"


def test_noise_is_refused_with_its_reason_and_no_way_around(qtbot, window, tmp_path):
    adaptation = window.adaptation
    unheard(qtbot, window, [noise_take(tmp_path), noise_take(tmp_path, "Regen.wav", 9.0)])
    begin(qtbot, window)
    wait_for(qtbot, window, State.DONE, State.FAILED)
    page = adaptation.panel.result
    assert not adaptation.controller.report.adopted
    assert page.title.text() == "No improvement found. Your model is unchanged"
    assert "hardly any notes" in page.reason_label.text()
    assert page.close_button.isVisible()
    for control in (page.keep_button, page.discard_button, page.compare_button, page.default_box):
        assert not control.isVisible()
    assert list_profiles() == ([], [])
    page.close_button.click()
    assert adaptation.panel.page is adaptation.setup
    assert not (run_path("My instrument") / "window").exists()


def test_takes_of_drums_are_for_the_model_of_drums(qtbot, window, tmp_path):
    adaptation = window.adaptation
    adaptation.show_learning()
    box = adaptation.setup.model_box
    box.setCurrentIndex(box.findData("drums"))
    assert adaptation.setup.model == "drums"
    assert "drum lane" in adaptation.setup.limits.text()
    drums = tmp_path / "drums.wav"
    soundfile.write(drums, drum_excerpt(2603, 12.0, 32000).audio, 32000)
    choose(qtbot, window, [drums, *piano_takes(tmp_path, count=1)])
    refused = {entry.path.name: objection_text(entry) for entry in adaptation.recordings.entries}
    assert refused.pop("drums.wav") == ""
    assert all(refused.values())


def test_a_run_waits_for_a_transcription_and_for_the_user(qtbot, window, tmp_path):
    takes = piano_takes(tmp_path, cents=-8.0, seconds=30.0)
    long = piano_takes(tmp_path / "long", count=1, seconds=60.0)[0]
    adaptation, controller = window.adaptation, window.adaptation.controller
    unheard(qtbot, window, takes)
    begin(qtbot, window)
    qtbot.waitUntil(lambda: controller.story.stage == "listening", timeout=PATIENCE_MS)
    window.open_paths([long])
    qtbot.waitUntil(lambda: controller.story.is_paused, timeout=PATIENCE_MS)
    assert "transcribed" in controller.waits_for
    assert adaptation.panel.run.wait_label.text() == controller.waits_for
    window.transcribe_actions.cancel()
    qtbot.waitUntil(lambda: not controller.story.is_paused, timeout=PATIENCE_MS)
    adaptation.panel.run.pause_button.click()
    qtbot.waitUntil(lambda: controller.story.is_paused, timeout=PATIENCE_MS)
    assert adaptation.panel.run.stage_label.text() == "Paused"
    adaptation.panel.run.stop_button.click()
    wait_for(qtbot, window, State.STOPPED)
    assert controller.asked.can_go_on
    adaptation.panel.stopped.discard_button.click()
    assert controller.is_idle
    assert not run_path("My instrument").exists()


def test_a_killed_run_is_offered_by_the_next_window_and_goes_on(qtbot, make_window, tmp_path):
    takes = piano_takes(tmp_path, cents=-8.0, seconds=30.0)
    first = make_window()
    unheard(qtbot, first, takes)
    begin(qtbot, first)
    story = first.adaptation.controller.story
    qtbot.waitUntil(lambda: story.stage == "listening", timeout=PATIENCE_MS)
    os.kill(process_id("My instrument"), signal.SIGKILL)
    wait_for(qtbot, first, State.STOPPED)
    first.close()
    second = make_window()
    second.adaptation.begin()
    qtbot.waitUntil(second.adaptation.banner.isVisible, timeout=PATIENCE_MS)
    assert "interrupted" in second.adaptation.banner.label.text()
    go_on, _discard = second.adaptation.banner.buttons
    go_on.click()
    controller = second.adaptation.controller
    wait_for(qtbot, second, State.RUNNING)
    assert not second.adaptation.banner.isVisible()
    assert controller.asked.request.recordings == tuple(takes)
    # And again: a window that is closed may take it along.
    second.preferences.change(adapts_in_background=False)
    started = controller._process
    second.close()
    assert started.wait(300) in (130, 143, -signal.SIGTERM)
    assert second.adaptation.controller.asked.can_go_on
    assert not has_profile("My instrument")


def test_a_run_outlives_its_window_and_its_result_waits(qtbot, make_window, tmp_path):
    first = make_window()
    unheard(qtbot, first, [noise_take(tmp_path)])
    begin(qtbot, first)
    wait_for(qtbot, first, State.RUNNING)
    started = first.adaptation.controller._process
    first.close()
    assert started.is_running()
    second = make_window()
    second.adaptation.begin()
    qtbot.waitUntil(lambda: second.adaptation.controller.asked is not None, timeout=PATIENCE_MS)
    wait_for(qtbot, second, State.DONE)
    assert second.adaptation.controller.was_found
    assert "no improvement" in second.adaptation.banner.label.text().lower()
    second.adaptation.banner.buttons[0].click()
    assert second.adaptation.panel.result.isVisible()
    assert started.wait(60) == 0


def test_what_the_process_says_of_an_error_is_shown_with_a_next_step(qtbot, window, tmp_path):
    take = noise_take(tmp_path)
    adaptation = window.adaptation
    unheard(qtbot, window, [take])
    take.unlink()
    begin(qtbot, window)
    wait_for(qtbot, window, State.FAILED)
    page = adaptation.panel.stopped
    assert "Rauschen.wav" in page.text.text()
    assert "Your model was not changed." in page.next_label.text()
    page.discard_button.click()
    assert adaptation.controller.is_idle
    with contextlib.suppress(FileNotFoundError):
        assert list(run_path("My instrument").iterdir()) == []
