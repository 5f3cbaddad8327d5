"""Parts of the window that can be looked at one by one."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractButton, QAbstractSlider, QComboBox, QTextBrowser
from studio import Studio

from amtstudio.audio import find_recordings
from amtstudio.errors import BadAudioError, Cancelled, ProjectError
from amtstudio.symbolic import Note, NoteTable
from amtstudio.ui import theme
from amtstudio.ui.failure import describe
from amtstudio.ui.help.dialogs import AboutDialog, KeySheet
from amtstudio.ui.jobs import Job, JobPool
from amtstudio.ui.pitch_names import clock, pitch_name
from amtstudio.ui.roll.axes import tick_times
from amtstudio.ui.roll.overview import note_mask
from amtstudio.ui.roll.pyramid_item import _over
from amtstudio.workbench.growing import GrowingPyramid
from amtstudio.workbench.transcribing import Engine

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pool():
    pool = JobPool()
    yield pool
    pool.close()


class Heard:
    """What a job says, in order."""

    def __init__(self, job: Job) -> None:
        self.words: list[str] = []
        for name in ("finished", "failed", "cancelled"):
            getattr(job.signals, name).connect(lambda *_, name=name: self.words.append(name))


def test_a_job_that_is_cancelled_says_so_and_nothing_else(qtbot, pool):
    def work(*, is_cancelled, **_):
        while not is_cancelled():
            time.sleep(0.001)
        raise Cancelled

    job = Job(work)
    heard = Heard(job)
    with qtbot.waitSignal(job.signals.cancelled):
        pool.start(job)
        job.cancel()
    qtbot.waitUntil(lambda: pool.is_idle)
    assert heard.words == ["cancelled"]


def test_a_job_that_fails_hands_on_its_error(qtbot, pool):
    def work(**_):
        raise BadAudioError("no sound")

    job = Job(work)
    heard = Heard(job)
    with qtbot.waitSignal(job.signals.failed) as failed:
        pool.start(job)
    assert failed.args[0].cause == "no sound"
    assert heard.words == ["failed"]


def test_a_paused_job_waits_and_can_be_cancelled(qtbot, pool):
    steps = []

    def work(*, is_cancelled, on_part, **_):
        while not is_cancelled():
            steps.append(1)
            on_part(len(steps))
            time.sleep(0.001)
        raise Cancelled

    job = Job(work)
    with qtbot.waitSignal(job.signals.part):
        pool.start(job)
    job.pause()
    job.cancel()
    qtbot.waitUntil(lambda: job.is_done)


def test_closing_the_pool_ends_paused_jobs_too(qtbot):
    def work(*, is_cancelled, on_part, **_):
        on_part(None)
        while not is_cancelled():
            time.sleep(0.001)
        raise Cancelled

    pool, job = JobPool(), Job(work)
    with qtbot.waitSignal(job.signals.part):
        pool.start(job)
    job.pause()
    pool.close()
    assert job.is_done


def test_pyramid_keeps_the_maximum_of_what_shares_a_column(rng):
    columns = rng.integers(0, 256, (2500, 3)).astype(np.uint8)
    pyramid = GrowingPyramid(3)
    for part in np.split(columns, [1, 2, 7, 1000, 1024, 2047]):
        pyramid.append(part)

    assert pyramid.n_columns == 2500
    np.testing.assert_array_equal(pyramid.columns(0, 0, 9999), columns.T)
    for level in range(1, pyramid.n_levels):
        width = 1 << level
        padded = np.pad(columns, ((0, -2500 % width), (0, 0))).reshape(-1, width, 3).max(axis=1)
        np.testing.assert_array_equal(pyramid.columns(level, 0, 9999), padded.T)
    assert [pyramid.level_for(share) for share in (0.3, 1.0, 2.0, 7.9, 1e9)] == [0, 0, 1, 2, 9]


def test_the_overview_marks_the_pixels_that_notes_cover():
    mask = note_mask(NoteTable.of([Note(0.0, 5.0, 108), Note(9.99, 10.0, 21)]), 10.0, 10, 4)
    expected = np.zeros((4, 10), dtype=bool)
    expected[0, :5] = True
    expected[3, 9] = True
    np.testing.assert_array_equal(mask, expected)


def test_times_pitches_and_ticks_are_written_as_people_do():
    assert [clock(61.04), clock(59.96), clock(59.96, 1), clock(3725.5, 2)] == [
        "1:01", "1:00", "1:00.0", "1:02:05.50",
    ]  # fmt: skip
    assert [pitch_name(pitch) for pitch in (21, 60, 61, 108)] == ["A0", "C4", "C♯4", "C8"]
    assert tick_times(0.0, 30.0, 900.0) == [0.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0]
    assert tick_times(599.0, 600.0, 180.0) == [599.0, 599.5, 600.0]


def test_errors_are_put_in_a_sentence_with_a_next_step():
    failure = describe(BadAudioError("the file is empty", hint="record it again"))
    assert (failure.cause, failure.next_step) == ("The file is empty.", "Record it again.")
    assert failure.exit_code == 65

    named = describe(ProjectError("empty.amts is empty (0 bytes)", hint="open a backup of it"))
    assert named.sentences == "empty.amts is empty (0 bytes). Open a backup of it."
    assert describe(ProjectError("no file: a.wav is gone")).cause == "No file: a.wav is gone."

    fault = describe(ZeroDivisionError("division by zero"))
    assert fault.cause == "Unexpected ZeroDivisionError: a bug in this program."
    assert fault.exit_code == 70
    assert "division by zero" in fault.details
    assert describe(MemoryError()).exit_code == 75
    assert describe(OSError(5, "Input/output error")).cause == "Input/output error."


def test_named_files_are_taken_as_they_are_and_each_once(tmp_path):
    (tmp_path / ".hidden").mkdir()
    for name in ("a.wav", ".hidden/b.wav", "c.txt"):
        (tmp_path / name).touch()
    odd = tmp_path / "c.txt"

    assert find_recordings([odd, tmp_path, tmp_path / "a.wav"]) == [odd, tmp_path / "a.wav"]
    with pytest.raises(Cancelled):
        find_recordings([tmp_path], is_cancelled=lambda: True)


def test_the_next_window_looks_like_the_last(window, finish, recording, qtbot):
    window.open_paths([recording])
    finish()
    window.resize(760, 500)
    window.docks[1].close()
    window.preferences.change(theme="dark")
    window.close()

    other = Studio(window.queue.engine)
    qtbot.addWidget(other)
    other.show()
    other.open_paths([recording])
    qtbot.waitUntil(lambda: other.is_settled, timeout=60_000)
    assert (other.width(), other.height()) == (760, 500)
    shown = [dock.toggleViewAction().isChecked() for dock in other.docks]
    assert shown[:2] == [True, False]
    assert other.customizing.appearance["dark"].isChecked()
    other.preferences.change(theme="system")
    other.close()


def test_damaged_settings_and_a_folder_that_cannot_be_written_do_no_harm(
    qtbot, tmp_path, monkeypatch, model_file, caplog
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("AMTSTUDIO_CONFIG_DIR", str(tmp_path / "file"))
    window = Studio(Engine(str(model_file)))
    qtbot.addWidget(window)
    window.close()

    assert "settings.json" in caplog.text


def test_dark_and_light_change_the_views(window, finish, recording, qtbot):
    window.open_paths([recording])
    finish()

    def lightness() -> int:
        image = window.page.roll.grab().toImage()
        return image.pixelColor(image.width() - 3, image.height() - 3).lightness()

    window.preferences.change(theme="dark")
    qtbot.waitUntil(lambda: lightness() < 60)
    window.preferences.change(theme="light")
    qtbot.waitUntil(lambda: lightness() > 200)
    window.preferences.change(theme="system")


def test_every_note_colour_stands_out_from_the_background():
    for colours in (theme._light(), theme._dark()):
        ground = colours.background.lightness()
        assert all(abs(colour.lightness() - ground) > 40 for colour in colours.notes)


def test_every_control_has_a_name_for_screen_readers(window, finish, recording):
    window.open_paths([recording])
    finish()
    controls = [
        control
        for kind in (QAbstractButton, QAbstractSlider, QComboBox)
        for control in window.findChildren(kind)
        if control.focusPolicy() != Qt.FocusPolicy.NoFocus and control.isVisible()
    ]

    assert len(controls) > 12
    for control in controls:
        text = control.text() if isinstance(control, QAbstractButton) else ""
        assert control.accessibleName() or text, control


def test_the_sheet_of_keys_lists_every_shortcut(window, qtbot):
    sheet = KeySheet(window.menus.by_title)
    qtbot.addWidget(sheet)
    text = sheet.findChild(QTextBrowser).toPlainText()

    for name in ("File", "Beats", "Open", "Ctrl+O", "Fit All", "Ctrl+E", "F2", "Ctrl + wheel"):
        assert name in text
    shortcuts = [key.toString() for action in window.menus.all for key in action.shortcuts()]
    assert len(shortcuts) == len(set(shortcuts))


def test_about_names_version_device_and_licences(window, qtbot):
    dialog = AboutDialog("CPU, because", window)
    qtbot.addWidget(dialog)
    texts = " ".join(browser.toPlainText() for browser in dialog.findChildren(QTextBrowser))

    assert "AMT Studio 0." in texts
    assert "CPU, because" in texts
    assert "LGPL" in texts


def test_nothing_heavy_is_imported_before_the_window_is_painted():
    code = """
import sys
from amtstudio.ui.app import make_app
from amtstudio.ui.main_window import MainWindow
from amtstudio.workbench.transcribing import Engine

def painted():  # as in the program, the window goes before the interpreter does
    app = make_app()
    window = MainWindow(Engine())
    window.show()
    app.processEvents()
    window.grab()
    window.close()

painted()
print(sorted({"torch", "scipy", "mir_eval"} & set(sys.modules)))
"""
    assert run(code).stdout.strip() == "[]"


def test_calls_into_qt_leave_python_whole():
    # With PySide6 6.12.0 on Python 3.11 this aborts: each call drops a reference of None.
    code = """
from PySide6.QtCore import QCoreApplication
app = QCoreApplication([])
for _ in range(40_000):
    app.processEvents()
print("alive")
"""
    assert run(code).stdout.strip() == "alive"


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )


def test_overlays_lie_on_one_another():
    lower, upper = theme.overlay_lut(QColor(0, 0, 255)), theme.overlay_lut(QColor(255, 0, 0))
    bottom = lower[np.array([[255, 255, 255]], dtype=np.uint8)]
    top = upper[np.array([[0, 128, 255]], dtype=np.uint8)]

    assert [hex(pixel) for pixel in _over(top, bottom)[0]] == [
        "0xff0000ff", "0xff80007f", "0xffff0000",
    ]  # fmt: skip
