"""The queue: errors, cancelling, pausing, order."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from queue_rows import Row
from struck_tones import SAMPLE_RATE, struck_tones
from studio import Studio

from amtstudio.errors import BadAudioError, CheckpointError
from amtstudio.ui.queue import State
from amtstudio.workbench.transcribing import Engine


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
    row = Row(window.queue_panel, window.queue.items[0])
    assert isinstance(window.queue.items[0].error, BadAudioError)
    assert row.status == (
        "notes.mp3 cannot be read as audio. It is damaged, or not a sound file; check whether"
        " another program can play it."
    )
    row.press("Copy details")
    details = QGuiApplication.clipboard().text()
    assert "BadAudioError" in details
    assert str(bad) in details
    assert "PySide6" in details


def test_of_several_the_first_that_is_a_recording_is_shown(window, finish, recording, tmp_path):
    bad, worse = tmp_path / "notes.mp3", tmp_path / "empty.wav"
    bad.write_text("this is a letter")
    worse.touch()
    window.open_paths([bad, worse, recording])
    finish()
    assert window.document.path == recording
    # Where the user has gone themselves, they stay: here to what failed.
    window.show_item(window.queue.items[0])
    window.queue.retry(window.queue.items[0])
    finish()
    assert window.document.path == bad
    window.open_paths([worse, bad])
    finish()
    assert window.document.path == worse
    assert window.item is window.queue.items[3]


def test_a_missing_model_is_said_in_the_row_and_on_the_badge(qtbot, recording, tmp_path):
    window = Studio(Engine(str(tmp_path / "none.safetensors"), "cpu"))
    qtbot.addWidget(window)
    window.model_loader.load()
    window.open_paths([recording])
    qtbot.waitUntil(lambda: window.queue.is_idle and window.pool.is_idle, timeout=60_000)

    assert isinstance(window.item.error, CheckpointError)
    assert "There is no model file" in Row(window.queue_panel, window.item).status
    qtbot.waitUntil(lambda: window.badge.text() == "No model")
    window.close()


def test_a_failed_row_can_be_tried_again(window, finish, recording):
    hidden = recording.with_suffix(".away")
    recording.rename(hidden)
    window.open_paths([recording])
    finish()
    assert states(window) == [State.FAILED]

    hidden.rename(recording)
    Row(window.queue_panel, window.item).press("Transcribe again")
    window.show_item(window.item)
    finish()
    assert states(window) == [State.DONE]
    assert window.document.spectrogram.n_columns > 0


def test_cancelling_ends_the_work_soon(window, qtbot, finish, long_recording):
    window.open_paths([long_recording])
    qtbot.waitUntil(lambda: len(window.document.notes) > 0, timeout=60_000)
    window.page.cancel_button.click()
    qtbot.waitUntil(lambda: window.item.state is State.CANCELLED, timeout=60_000)

    assert window.item.fraction < 0.5  # it did not go on to the end
    assert len(window.document.notes) > 0
    assert not window.document.is_transcribed
    assert not window.page.handle.isEnabled()
    finish()


def test_a_paused_row_stands_still_until_it_goes_on(window, qtbot, long_recording):
    window.open_paths([long_recording])
    item = window.item
    row = Row(window.queue_panel, item)
    qtbot.waitUntil(lambda: item.done_s > 0.0, timeout=60_000)
    row.press("Pause")
    assert item.state is State.PAUSED
    qtbot.waitUntil(lambda: not window.queue.is_drawing(item), timeout=60_000)
    held_at = item.done_s
    with qtbot.assertNotEmitted(item.document.notes_changed, wait=300):
        pass
    assert item.done_s == held_at

    row.press("Resume")
    qtbot.waitUntil(lambda: item.done_s > held_at, timeout=60_000)
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

    Row(window.queue_panel, third).press("Earlier")
    assert window.queue.items == [running, first, third, second]
    Row(window.queue_panel, first).press("Cancel")
    Row(window.queue_panel, second).press("Pause")
    window.queue.cancel(running)
    finish()
    assert states(window) == [State.CANCELLED, State.CANCELLED, State.DONE, State.HELD]

    Row(window.queue_panel, second).press("Resume")
    finish()
    assert second.state is State.DONE


def test_closing_stops_the_work_and_waits_for_it(window, qtbot, long_recording):
    window.open_paths([long_recording])
    qtbot.waitUntil(lambda: window.item.done_s > 0.0, timeout=60_000)

    window.close()

    assert window.pool.is_idle


def test_a_file_that_is_not_there_says_so(window, finish, tmp_path):
    window.open_paths([tmp_path / "gone.wav"])
    finish()

    assert states(window) == [State.FAILED]
    assert "gone.wav" in window.page.message_label.text()


@pytest.fixture
def four_rows(window, long_recording, recording):
    """One at work, three that wait."""
    names = [recording.with_name(f"{index}.wav") for index in range(3)]
    for name in names:
        name.write_bytes(recording.read_bytes())
    window.open_paths([long_recording, *names])
    yield window
    for item in window.queue.items:
        window.queue.cancel(item)


def order(window) -> list[str]:
    return [item.document.path.stem for item in window.queue.items]


def shown_order(window) -> list[str]:
    panel = window.queue_panel
    rows = sorted((Row(panel, i).box.top(), i.document.path.stem) for i in window.queue.items)
    return [name for _, name in rows]


def test_a_row_is_moved_to_another_place(four_rows):
    """As Qt asks for it when a row is dropped; the mouse itself is in test_real_drag_and_drop."""
    window, rows = four_rows, four_rows.queue_panel.view.model()
    assert rows.moveRow(QModelIndex(), 3, QModelIndex(), 1)
    assert order(window) == shown_order(window) == ["long", "2", "0", "1"]
    assert rows.moveRow(QModelIndex(), 1, QModelIndex(), 4)
    assert order(window) == shown_order(window) == ["long", "0", "1", "2"]
    assert rows.flags(rows.index(0)) & Qt.ItemFlag.ItemIsDragEnabled
    assert not rows.flags(rows.index(0)) & Qt.ItemFlag.ItemIsDropEnabled


def test_the_row_of_what_is_shown_is_never_cut_off(four_rows, qtbot):
    window, item = four_rows, four_rows.queue.items[3]
    window.show_item(item)
    row, view = Row(window.queue_panel, item), window.queue_panel.view
    before = row.box.height()
    item.warnings.append("One thing.\nAnother.\nAnd a third.")
    item.changed.emit()
    assert row.box.height() > before + 20
    qtbot.waitUntil(lambda: view.viewport().rect().contains(row.box))


def test_a_click_moves_no_row(four_rows):
    window = four_rows
    Row(window.queue_panel, window.queue.items[3]).click()
    assert order(window) == ["long", "0", "1", "2"]
    assert window.item is window.queue.items[3]


def test_buttons_are_those_of_the_row_below_the_pointer_or_of_the_keys(four_rows, qtbot):
    window, view = four_rows, four_rows.queue_panel.view
    running, first, *_, last = window.queue.items
    rows = {item: Row(window.queue_panel, item) for item in window.queue.items}

    def texts(item) -> list[str]:
        return [button.toolTip().split(";")[0] for button in rows[item].buttons]

    assert texts(running) == ["Pause", "Cancel"]
    assert texts(first) == ["Earlier", "Later", "Pause", "Cancel"]
    assert texts(last) == ["Earlier", "Pause", "Cancel"]
    assert rows[last].box.contains(view.buttons.geometry())
    view.setFocus()
    view.setCurrentIndex(rows[running].index)
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Tab)
    assert rows[first].box.contains(view.buttons.geometry())
    assert window.focusWidget().accessibleName() == "Earlier: 0.wav"


def test_rows_are_walked_moved_and_removed_with_keys(four_rows, qtbot):
    window, rows = four_rows, four_rows.queue_panel.view
    second = window.queue.items[2]
    view = window.page.roll.visible_range
    rows.setFocus()
    rows.setCurrentIndex(rows.index_of(second))
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert order(window) == ["long", "1", "0", "2"]
    qtbot.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert order(window) == ["long", "0", "2", "1"]

    qtbot.keyClick(rows, Qt.Key.Key_Up)
    assert rows.currentIndex() == rows.index_of(window.queue.items[2])
    assert window.item is window.queue.items[0]  # only looked at
    qtbot.keyClick(rows, Qt.Key.Key_Return)
    assert window.item is window.queue.items[2]
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert second.state is State.CANCELLED
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    assert order(window) == ["long", "0", "2"]
    assert window.page.roll.visible_range == view  # Up and Down zoom elsewhere


def test_the_row_says_that_beats_are_found(window, recording, finish):
    window.open_paths([recording])
    row, told = Row(window.queue_panel, window.item), []
    window.item.changed.connect(lambda: told.append(row.status))
    finish()
    beats = [text for text in told if text.startswith("Finding beats…")]
    assert beats
    assert not told[0].startswith("Finding")
    assert "note" in row.status
    window.queue.retry(window.item)
    assert not row.status.startswith("Finding")
    finish()


def test_the_time_left_goes_down_while_it_works(window, qtbot, long_recording):
    window.open_paths([long_recording])
    item, row = window.item, Row(window.queue_panel, window.item)
    qtbot.waitUntil(lambda: item.done_s > 0.0, timeout=60_000)
    window.queue_panel.view.refresh(item)
    # It goes by the clock: little is done yet, so each moment between two readings adds many.
    before, status, after = item.seconds_left, row.status, item.seconds_left
    assert before > 0.0
    minutes, seconds = re.search(r"(\d+):(\d\d) left$", status).groups()
    shown = 60 * int(minutes) + int(seconds)
    assert max(1, round(before)) <= shown <= max(1, round(after))
    share = item.done_s / item.total_s
    assert row.status.startswith(f"{round(100 * share)} %")
    window.queue.cancel(item)


def test_another_sound_track_takes_the_place_of_the_first(window, finish, tmp_path):
    path = tmp_path / "two.mkv"
    write_tracks(path, 0.5 * struck_tones(3.0)[::-1], struck_tones(3.0))
    window.open_paths([path])
    finish()
    (item,) = window.queue.items
    assert "track 1 is used" in Row(window.queue_panel, item).status

    menu = window.queue_panel.view.menu_of(item)
    (tracks,) = [action.menu() for action in menu.actions() if action.text() == "Sound Track"]
    assert [action.isChecked() for action in tracks.actions()] == [True, False]
    tracks.actions()[1].trigger()
    finish()

    (other,) = window.queue.items
    assert other is not item
    assert window.item is other
    assert other.state is State.DONE
    assert other.document.info.track == 2
    assert other.document.project.audio.track == 2


def write_tracks(path, *tracks):
    import av  # noqa: PLC0415

    with av.open(str(path), "w") as container:
        streams = [
            container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="mono") for _ in tracks
        ]
        for stream, samples in zip(streams, tracks, strict=True):
            block = np.round(samples * 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "s16", "mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
