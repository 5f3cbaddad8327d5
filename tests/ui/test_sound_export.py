"""Saving the sound of the notes from the window."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog, QPushButton

from amtstudio.playback import render_transcription
from amtstudio.playback.wav_file import SAMPLE_RATE
from amtstudio.symbolic import Note, Transcription
from amtstudio.ui.document import Document
from amtstudio.workbench.transcribing import Transcribed

NOTES = tuple(Note(0.5 * i, 0.5 * i + 0.4, 50 + i % 30, 80) for i in range(10))


@pytest.fixture
def told(window):
    """What the window is told of the exports; no question is asked."""
    told = []
    window.exporter.failed.disconnect()
    window.exporter.failed.connect(told.append)
    window.exporter.saved.connect(told.append)
    return told


@pytest.fixture
def export(window, monkeypatch):
    """Export notes under the name that a dialog would give; returns the name it suggested."""

    def export(recording: Path, path: Path, notes=NOTES) -> str:
        suggested = []

        def answer(_parent, _title, suggestion, _filter, **_options):
            suggested.append(suggestion)
            return str(path), ""

        monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
        document = Document(recording, parent=window)
        document.finish(Transcribed(Transcription(notes)))
        window.exports.sound_exporter.ask_and_export(document)
        return suggested[0]

    return export


def test_the_notes_are_saved_as_sound(export, told, tmp_path, qtbot, window):
    suggested = export(tmp_path / "take.wav", tmp_path / "out")
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)

    assert suggested == str(tmp_path / "take (notes).wav")
    assert told == [tmp_path / "out.wav"]
    read, rate = soundfile.read(tmp_path / "out.wav", dtype="float32")
    np.testing.assert_allclose(
        read, render_transcription(Transcription(NOTES), rate), atol=2.0**-22
    )
    assert rate == SAMPLE_RATE
    assert "Saved" in window.statusBar().currentMessage()


def test_it_can_be_cancelled_and_leaves_nothing(export, told, tmp_path, qtbot, window):
    many = tuple(Note(0.1 * i, 0.1 * i + 3.0, 21 + i % 88, 80) for i in range(40_000))
    export(tmp_path / "take.wav", tmp_path / "out.wav", many)
    (dialog,) = window.findChildren(QProgressDialog)
    qtbot.waitUntil(lambda: dialog.isVisible() and dialog.value() > 0, timeout=60_000)
    dialog.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: window.pool.is_idle, timeout=60_000)
    qtbot.waitUntil(lambda: not window.findChildren(QProgressDialog))

    assert told == []
    assert list(tmp_path.glob("*.wav")) == []
    assert list(tmp_path.glob(".amtstudio-*")) == []


def test_the_recording_itself_is_never_written_over(export, told, tmp_path, monkeypatch):
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: QMessageBox.StandardButton.Yes)
    (tmp_path / "take.wav").write_bytes(b"precious")
    export(tmp_path / "take.wav", tmp_path / "take.wav")

    assert "take.wav is the recording itself" in str(told[0])
    assert (tmp_path / "take.wav").read_bytes() == b"precious"


def test_another_file_is_written_over_after_a_yes_only(export, told, tmp_path, monkeypatch, qtbot):
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: answers.pop(0))
    (tmp_path / "old.wav").write_bytes(b"precious")
    export(tmp_path / "take.wav", tmp_path / "old.wav")
    assert (tmp_path / "old.wav").read_bytes() == b"precious"
    export(tmp_path / "take.wav", tmp_path / "old.wav")
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert soundfile.info(tmp_path / "old.wav").frames > 0


def test_a_failure_is_told(export, told, tmp_path, qtbot):
    export(tmp_path / "take.wav", tmp_path / "no such folder" / "out.wav")
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert "no such folder" in str(told[0])
