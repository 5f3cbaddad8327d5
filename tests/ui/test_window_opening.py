"""From a dropped file to notes on the screen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import soundfile
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from queue_rows import Row
from studio import Studio

from amtstudio.decoding import decode
from amtstudio.engine import load_transcriber
from amtstudio.ui.queue import State
from amtstudio.workbench import transcribing


def mime_of(*paths) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def drag_over(window, data: QMimeData) -> bool:
    """Whether the window takes it. Qt sends a drop only to where a drag has entered before."""
    event = QDragEnterEvent(
        QPoint(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(window, event)
    return event.isAccepted()


def drop(window, data: QMimeData) -> None:
    assert drag_over(window, data)
    event = QDropEvent(
        QPointF(300, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, event)


def test_a_dropped_file_becomes_the_notes_that_the_engine_finds(
    window, finish, recording, model_file
):
    drop(window, mime_of(recording))
    finish()

    document = window.document
    expected = load_transcriber(model_file, device="cpu").transcribe_file(recording).transcription
    assert document.path == recording
    assert len(expected.notes) > 3
    assert document.transcription == replace(expected, asked_model=str(model_file))
    assert window.page.isVisible()
    assert "notes" in Row(window.queue_panel, window.item).status
    assert window.windowTitle().startswith(recording.name)


def test_a_dropped_file_is_decoded_once_whatever_listens(qtbot, recording, openings, monkeypatch):
    decoded_with = []

    def counted(activations, settings):
        decoded_with.append(settings)
        return decode(activations, settings)

    monkeypatch.setattr(transcribing, "decode", counted)
    window = Studio(transcribing.Engine(device="cpu"))
    qtbot.addWidget(window)
    window.show()
    drop(window, mime_of(recording))
    qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)

    document = window.document
    assert document.plan is not None
    assert document.is_transcribed
    assert document.picture_complete
    assert document.instruments is not None
    assert document.project is not None
    assert document.project.audio.duration == 3.0
    assert openings == [recording]
    assert not window.queue.recordings.is_open(window.item)
    # The notes came of the listening; once more for the candidates, which take another threshold.
    assert len(decoded_with) == 1
    assert decoded_with[0] != document.settings
    # As decoding what is kept gives them, but for the tracks, which go by what is heard.
    decoded = decode(document.activations, document.settings)[0]
    heard = document.notes.of_kind(document.activations.kind)
    assert len(heard) >= 1, document.plan
    for column in ("onset", "offset", "pitch", "velocity"):
        np.testing.assert_array_equal(
            getattr(heard, column), getattr(decoded, column), err_msg=str(document.plan)
        )
    window.close()


def test_the_spectrogram_shows_what_is_played(window, finish, tmp_path):
    times = np.arange(32000) / 16000
    soundfile.write(tmp_path / "a4.wav", 0.5 * np.sin(2 * np.pi * 440.0 * times), 16000)
    window.open_paths([tmp_path / "a4.wav"])
    finish()

    document = window.document
    column = document.spectrogram.columns(0, 30, 31)[:, 0]
    assert document.spectrogram.n_columns == 63
    assert column.argmax() == 3 * (69 - 21) + 1
    assert np.abs(document.envelope.values).max() == np.float32(0.5)


def test_the_overlay_shows_only_while_files_are_dragged_over_the_window(window, recording):
    assert drag_over(window, mime_of(recording))
    assert window._overlay.isVisible()

    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window._overlay.isVisible()

    text = QMimeData()
    text.setText("no file")
    assert not drag_over(window, text)
    assert not window._overlay.isVisible()


def test_a_dropped_folder_brings_its_recordings_and_nothing_else(window, finish, tmp_path):
    folder = tmp_path / "drop me"
    (folder / "inside").mkdir(parents=True)
    silence = np.zeros(8000, dtype=np.float32)
    for name in ("b.wav", "inside/a.FLAC"):
        soundfile.write(folder / name, silence, 16000)
    (folder / "notes.txt").write_text("no recording")
    drop(window, mime_of(folder))
    finish()

    assert [item.document.name for item in window.queue.items] == ["b.wav", "a.FLAC"]
    assert all(item.state is State.DONE for item in window.queue.items)


def test_a_dropped_folder_is_searched_by_the_rule_for_all_folders(window, finish, tmp_path):
    for name in ("a/TAKE.WAV", "b/._TAKE.WAV"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        soundfile.write(tmp_path / name, [0.0] * 16000, 16000, format="WAV")
    (tmp_path / "b" / "link").symlink_to(tmp_path / "a", target_is_directory=True)
    (tmp_path / "b" / "Etude No.1").write_bytes((tmp_path / "a" / "TAKE.WAV").read_bytes())
    drop(window, mime_of(tmp_path / "b"))
    finish()
    assert [item.document.name for item in window.queue.items] == ["Etude No.1", "TAKE.WAV"]


def test_a_folder_without_recordings_is_said_so(window, qtbot, tmp_path):
    (tmp_path / "empty").mkdir()
    drop(window, mime_of(tmp_path / "empty"))

    qtbot.waitUntil(lambda: "no recording" in window.statusBar().currentMessage())
    assert window.empty_page.isVisible()


def test_the_window_opens_empty_and_returns_to_that_when_the_last_row_goes(
    window, finish, recording
):
    assert window.empty_page.isVisible()
    assert not any(dock.isVisible() for dock in window.docks)

    window.open_paths([recording])
    finish()
    # One of two that share a place is behind the other.
    assert all(dock.toggleViewAction().isChecked() for dock in window.docks)

    Row(window.queue_panel, window.item).press("Remove")
    assert window.empty_page.isVisible()
    assert not any(dock.isVisible() for dock in window.docks)


def test_opened_files_are_offered_again_in_the_next_window(window, finish, recording, qtbot):
    from studio import Studio  # noqa: PLC0415

    window.open_paths([recording])
    finish()
    window.close()

    other = Studio(window.queue.engine)
    qtbot.addWidget(other)
    actions = other.opening_feature.recent_menu.actions()
    assert [action.toolTip() for action in actions] == [str(recording)]


def test_only_the_first_half_minute_where_that_was_asked_for(window, finish, long_recording):
    window.opening_feature.only_start.setChecked(True)
    window.open_paths([long_recording])
    finish()

    assert window.document.transcription.duration == 30.0
    assert max(note.onset for note in window.document.notes) < 30.0
    assert window.document.duration == 600.0  # the rest can be seen, and dimmed
    assert "last transcribed: 0:00 to 0:30" in window.page.info_label.text()
