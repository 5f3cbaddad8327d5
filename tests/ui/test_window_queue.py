"""The queue: errors, cancelling, pausing, order."""

from __future__ import annotations

import time

from PySide6.QtGui import QGuiApplication

from amtstudio.errors import BadAudioError, CheckpointError
from amtstudio.ui.main_window import MainWindow
from amtstudio.ui.queue import State
from amtstudio.ui.transcribing import Engine


def states(window) -> list[State]:
    return [item.state for item in window.queue.items]


def test_a_file_that_is_no_audio_fails_in_its_row_and_the_next_goes_on(
    window, finish, recording, tmp_path
):
    bad = tmp_path / "notes.mp3"
    bad.write_text("this is a letter")
    window.open_paths([bad, recording])
    finish()

    assert states(window) == [State.FAILED, State.DONE]
    row = window.queue_panel.row(window.queue.items[0])
    assert isinstance(window.queue.items[0].error, BadAudioError)
    assert row.status_label.text() == (
        "notes.mp3 cannot be read as audio. It is damaged, or no sound file at all."
    )
    row.copy_button.click()
    details = QGuiApplication.clipboard().text()
    assert "BadAudioError" in details
    assert str(bad) in details
    assert "PySide6" in details


def test_a_missing_model_is_said_in_the_row_and_on_the_badge(qtbot, recording, tmp_path):
    window = MainWindow(Engine(str(tmp_path / "none.safetensors"), "cpu"))
    qtbot.addWidget(window)
    window.load_model_soon()
    window.open_paths([recording])
    qtbot.waitUntil(lambda: window.queue.is_idle and window.pool.is_idle, timeout=20_000)

    assert isinstance(window.item.error, CheckpointError)
    assert "There is no model file" in window.queue_panel.row(window.item).status_label.text()
    qtbot.waitUntil(lambda: window.badge.text() == "No model")
    window.close()


def test_a_failed_row_can_be_tried_again(window, finish, recording):
    hidden = recording.with_suffix(".away")
    recording.rename(hidden)
    window.open_paths([recording])
    finish()
    assert states(window) == [State.FAILED]

    hidden.rename(recording)
    window.queue_panel.row(window.item).retry_button.click()
    window.show_item(window.item)
    finish()
    assert states(window) == [State.DONE]
    assert window.document.spectrogram.n_columns > 0


def test_cancelling_ends_the_work_soon(window, qtbot, finish, long_recording):
    window.open_paths([long_recording])
    qtbot.waitUntil(lambda: len(window.document.notes) > 0, timeout=30_000)
    started = time.monotonic()
    window.page.cancel_button.click()
    qtbot.waitUntil(lambda: window.item.state is State.CANCELLED, timeout=5_000)

    assert time.monotonic() - started < 2.0  # 1 s on a machine that does nothing else
    assert len(window.document.notes) > 0
    assert not window.document.is_transcribed
    assert not window.page.handle.isEnabled()
    finish()


def test_a_paused_row_stands_still_until_it_goes_on(window, qtbot, long_recording):
    window.open_paths([long_recording])
    item = window.item
    row = window.queue_panel.row(item)
    qtbot.waitUntil(lambda: item.done_s > 0.0, timeout=30_000)
    row.pause_button.click()
    assert item.state is State.PAUSED
    qtbot.waitUntil(lambda: not window.queue.is_drawing(item), timeout=60_000)
    held_at = item.done_s
    with qtbot.assertNotEmitted(item.document.notes_changed, wait=300):
        pass
    assert item.done_s == held_at

    row.pause_button.click()
    qtbot.waitUntil(lambda: item.done_s > held_at, timeout=20_000)
    window.queue.cancel(item)


def test_rows_that_wait_can_be_moved_held_and_cancelled(window, finish, long_recording, recording):
    copies = []
    for index in range(3):
        copy = recording.with_name(f"{index}.wav")
        copy.write_bytes(recording.read_bytes())
        copies.append(copy)
    window.open_paths([long_recording, *copies])
    running, first, second, third = window.queue.items
    assert states(window) == [State.RUNNING, State.WAITING, State.WAITING, State.WAITING]

    window.queue_panel.row(third).up_button.click()
    assert window.queue.items == [running, first, third, second]
    window.queue_panel.row(first).cancel_button.click()
    window.queue_panel.row(second).pause_button.click()
    window.queue.cancel(running)
    finish()
    assert states(window) == [State.CANCELLED, State.CANCELLED, State.DONE, State.HELD]

    window.queue_panel.row(second).pause_button.click()
    finish()
    assert second.state is State.DONE


def test_closing_stops_the_work_and_waits_for_it(window, qtbot, long_recording):
    window.open_paths([long_recording])
    qtbot.waitUntil(lambda: window.item.done_s > 0.0, timeout=30_000)

    window.close()

    assert window.pool.is_idle


def test_a_file_that_is_not_there_says_so(window, finish, tmp_path):
    window.open_paths([tmp_path / "gone.wav"])
    finish()

    assert states(window) == [State.FAILED]
    assert "gone.wav" in window.page.message_label.text()
