"""A score is engraved beside the window, which stays alive, and can be stopped."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox, QProgressDialog, QPushButton

from amtstudio import session
from amtstudio.formats import dump_transcription
from amtstudio.formats.engraving_process import EngravingFailedError
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Note, NoteTable, TempoMap, Transcription

pytest.importorskip("verovio", reason="needs the extra score")


@pytest.fixture
def show(window, finish, recording, monkeypatch, tmp_path):
    """A recording with so many notes, that will be exported as ``out``."""

    def shown(count):
        project = session.Document.create(session.AudioReference.read(recording))
        notes = NoteTable.of(
            Note(0.1 * n, 0.1 * n + 0.1, 48 + (5 * n) % 30, 60 + n % 40) for n in range(count)
        )
        n_beats = max(8, count // 4)
        tempo = TempoMap(np.arange(n_beats) * 0.4, np.arange(n_beats) % 4 == 0)
        project.replace_transcription(
            Transcription(notes, duration=n_beats * 0.4, file=recording.name, tempo=tempo)
        )
        window.show_item(window.queue.add_project(project))
        finish()
        monkeypatch.setattr(window.exporter, "ask_path", lambda _, name: tmp_path / f"out.{name}")
        return window

    return shown


@pytest.mark.parametrize("name", ["pdf", "svg", "mei"])
def test_it_is_written_as_the_score_is_shown(show, name, tmp_path, qtbot):
    pytest.importorskip("reportlab", reason="needs the extra score")
    window = show(40)
    window.exporter.notation = NotationSettings(dynamics=False)
    window.exports.export(name)
    qtbot.waitUntil(lambda: f"out.{name}" in window.statusBar().currentMessage(), timeout=60_000)
    wanted = dump_transcription(
        window.document.transcription, name, notation=NotationSettings(dynamics=False)
    )
    date = rb'isodate="[^"]*"'  # MEI says when it was written, to the second
    written = (tmp_path / f"out.{name}").read_bytes()
    assert re.sub(date, b"", written) == re.sub(date, b"", wanted)


def test_the_window_lives_on_and_cancel_stops_it_at_once(show, tmp_path, qtbot):
    window = show(10_000)
    beats = []
    clock = QTimer(window)
    clock.timeout.connect(lambda: beats.append(time.monotonic()))
    clock.start(20)
    window.exports.export("svg")
    qtbot.waitUntil(lambda: any(map(QProgressDialog.isVisible, dialogs(window))), timeout=60_000)
    began = len(beats)
    qtbot.wait(500)
    assert len(beats) - began > 5  # engraving lasts longer than this
    (dialog,) = dialogs(window)
    assert "out.svg" in dialog.labelText()
    asked = time.monotonic()
    dialog.findChild(QPushButton).click()
    qtbot.waitUntil(lambda: window.pool.is_idle, timeout=60_000)
    assert time.monotonic() - asked < 20.0  # a second, on a machine that is not busy
    qtbot.waitUntil(lambda: not any(map(QProgressDialog.isVisible, dialogs(window))))
    assert not list(tmp_path.glob("*.svg"))
    assert not list(tmp_path.glob(".amtstudio-*"))


def dialogs(window):
    return window.findChildren(QProgressDialog)


def test_a_file_is_replaced_only_after_a_yes(show, tmp_path, qtbot, monkeypatch):
    window = show(8)
    (tmp_path / "out.svg").write_bytes(b"precious")
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Cancel)
    window.exports.export("svg")
    assert window.pool.is_idle
    assert (tmp_path / "out.svg").read_bytes() == b"precious"
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Yes)
    window.exports.export("svg")
    qtbot.waitUntil(lambda: "out.svg" in window.statusBar().currentMessage(), timeout=60_000)
    assert b"<svg" in (tmp_path / "out.svg").read_bytes()


def test_an_engraver_that_fails_is_told_with_what_to_do(show, tmp_path, qtbot, monkeypatch):
    window = show(8)
    told = []
    window.exports.all.failed.disconnect(window.show_error)
    window.exports.all.failed.connect(told.append)
    monkeypatch.setattr("sys.executable", "/bin/false")
    window.exports.export("svg")
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert isinstance(told[0], EngravingFailedError)
    assert "MusicXML" in told[0].hint
    assert not (tmp_path / "out.svg").exists()
