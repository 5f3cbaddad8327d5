"""Another recording in the place of the one that was transcribed, and edits that were put aside."""

from __future__ import annotations

import os
import shutil

import pytest
import soundfile
from PySide6.QtWidgets import QFileDialog
from struck_tones import SAMPLE_RATE, struck_tones

from amtstudio import session
from amtstudio.symbolic import Note
from amtstudio.ui.queue import State


@pytest.fixture
def saved(project, tmp_path):
    path = tmp_path / "songs" / "song.amts"
    path.parent.mkdir()
    project.save_as(path)
    project.close()
    return path


def put_another_in_place(recording):
    """The same length and size, and another content."""
    size = recording.stat().st_size
    soundfile.write(recording, struck_tones(3.0)[::-1], SAMPLE_RATE)
    assert recording.stat().st_size == size
    os.utime(recording, (1e9, 1e9))


def test_another_recording_is_said_and_neither_shown_nor_played(
    window, finish, saved, recording, monkeypatch, tmp_path
):
    shutil.copyfile(recording, tmp_path / "original.wav")
    put_another_in_place(recording)
    window.open_paths([saved])
    finish()
    banner = window.page.banner
    assert banner.isVisible()
    assert f"{recording.name} is not the recording" in banner.label.text()
    document = window.document
    assert document.spectrogram.n_columns == 0
    assert window.playback.audio is None
    assert document.instruments is None
    window.editor.selection.set([1])
    window.editor.shift_octave(1)
    before = document.notes

    window.transcribe_actions.retry()  # would put notes of another piece into the project
    finish()
    assert window.item.state is State.FAILED
    assert "is not the recording" in str(window.item.error)
    assert document.notes == before

    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_, **__: (str(tmp_path / "original.wav"), "")
    )
    banner.buttons[0].click()
    finish()
    assert not banner.isVisible()
    assert document.spectrogram.n_columns > 0
    assert window.playback.audio == tmp_path / "original.wav"


def test_another_recording_can_be_opened_by_itself(window, finish, saved, recording):
    put_another_in_place(recording)
    window.open_paths([saved])
    finish()
    window.page.banner.buttons[2].click()
    finish()
    assert len(window.queue.items) == 2
    assert window.document.path == recording
    assert window.document.project.is_recovery
    assert window.document.is_transcribed


def test_a_touched_recording_is_taken_without_a_word(window, finish, saved, recording):
    os.utime(recording, (1e9, 1e9))
    window.open_paths([saved])
    finish()
    assert not window.page.banner.isVisible()
    assert window.document.spectrogram.n_columns > 0
    assert not window.isWindowModified()


def test_edits_that_were_put_aside_are_said_once(window, finish, saved, tmp_path):
    mine, newer = tmp_path / "mine.amts", tmp_path / "newer.amts"
    for copy in (mine, newer):
        shutil.copyfile(saved, copy)
    with session.Document.open(mine) as document:
        document.add(Note(1.0, 2.0, 50))
        log = mine.with_name("mine.amts-wal").read_bytes()
    with session.Document.open(newer) as document:
        document.add(Note(1.0, 2.0, 51))
    shutil.copyfile(newer, saved)
    saved.with_name("song.amts-wal").write_bytes(log)
    window.open_paths([saved])
    finish()
    banner = window.page.banner
    assert "belong to another state of it" in banner.label.text()
    assert "song (edits set aside).amts-wal" in banner.label.text()
    assert 51 in window.document.notes.pitch
    assert 50 not in window.document.notes.pitch
    assert window.document.can_edit
    banner._close.click()
    assert not banner.isVisible()
    window.editor.selection.set([1])
    window.editor.shift_octave(1)
    assert not banner.isVisible()
