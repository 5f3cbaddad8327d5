"""Another transcription says what it replaces, and the first one is not undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox
from queue_rows import Row
from toy_models import save_toy_drums

from amtstudio.decoding import decode
from amtstudio.symbolic import Note
from amtstudio.ui.queue import State

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(window, finish, recording):
    window.open_paths([recording])
    finish()
    return window


def answer(monkeypatch, *, yes: bool) -> list[str]:
    asked = []

    def question(_parent, _title, text, *_args):
        asked.append(text)
        button = QMessageBox.StandardButton
        return button.Yes if yes else button.Cancel

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def action_of(window, text):
    return next(action for action in window.menus.all if action.text().replace("&", "") == text)


def test_undo_leaves_the_first_transcription_alone(opened, qtbot):
    before = opened.document.notes
    assert before
    qtbot.keyClick(opened, Qt.Key.Key_Z, CTRL)
    opened.editor.undo()
    assert opened.document.notes == before
    assert opened.document.is_transcribed
    key = int(opened.document.notes.id[0])
    opened.editor.selection.set([key])
    opened.editor.shift_octave(1)
    for _ in range(3):
        qtbot.keyClick(opened, Qt.Key.Key_Z, CTRL)
    assert opened.document.notes == before
    assert opened.edit_menu.redo.isEnabled()


def test_what_nobody_touched_is_transcribed_again_with_a_word(opened, finish, monkeypatch, qtbot):
    asked = answer(monkeypatch, yes=False)
    count = len(opened.document.notes)
    qtbot.keyClick(opened, Qt.Key.Key_R, CTRL)
    assert f"({count})" in opened.statusBar().currentMessage()
    assert "Undo" in opened.statusBar().currentMessage()
    finish()
    assert asked == []
    assert opened.item.state is State.DONE


def test_a_corrected_transcription_says_what_goes_and_asks(opened, finish, monkeypatch):
    document = opened.document
    first, second = document.notes.id.tolist()[:2]
    opened.editor.selection.set([first])
    opened.editor.shift_octave(1)
    opened.editor.selection.set([second])
    opened.editor.delete()
    project = document.project
    project.accept_passage(0.0, 0.05)
    sounding = sum(e.state.sounds and not e.state.is_users for e in project.notes.values())
    inside = sum(
        e.state.sounds and not e.state.is_users and e.note.onset < 0.05
        for e in project.notes.values()
    )
    before = document.notes
    asked = answer(monkeypatch, yes=False)
    Row(opened.queue_panel, opened.item).press("Transcribe again")
    finish()
    (text,) = asked
    assert f"Notes found by the model that will be replaced: {sounding - inside}." in text
    assert "stay as they are: 2." in text
    assert "passages that you accepted: 1." in text
    assert document.notes == before
    assert opened.item.state is State.DONE

    answer(monkeypatch, yes=True)
    runs = []
    opened.item.changed.connect(lambda: runs.append(opened.item.state))
    action_of(opened, "Transcribe Again").trigger()
    finish()
    assert State.RUNNING in runs
    assert opened.item.state is State.DONE


def test_a_part_says_only_what_lies_within_it(opened, finish, monkeypatch):
    document = opened.document
    opened.editor.add_note(30, 2.5, 2.9)
    asked = answer(monkeypatch, yes=False)
    project = document.project
    within = [e for e in project.notes.values() if 1.0 <= e.note.onset < 2.0]
    opened.page.time_selection.set(1.0, 2.0)
    opened.transcribe_actions.transcribe_marked()
    replaced = sum(e.state.sounds and not e.state.is_users for e in within)
    assert f"replaced: {replaced}." in asked[0]
    assert "stay as they are" not in asked[0]
    finish()


def test_another_transcription_is_undone_as_a_whole(editing, finish, monkeypatch):
    document = editing.document
    before = document.notes
    answer(monkeypatch, yes=True)
    editing.transcribe_actions.ask_and_retry()
    finish()
    assert document.notes != before
    editing.editor.undo()
    finish()
    assert document.notes == before
    editing.editor.undo()
    assert document.notes == before
    assert Note(0.2, 0.7, 60, 64, 0.9) in document.notes


def test_thresholds_of_notes_brought_back_move_what_their_own_model_heard(
    opened, finish, tmp_path, caplog
):
    document = opened.document
    before = document.notes
    drums = str(save_toy_drums(tmp_path / "toy-drums.safetensors"))
    opened.queue.transcribe_with(opened.item, "", model=drums)
    finish()
    assert document.settings.decoder == "toy_hits"
    opened.editor.undo()
    assert document.notes == before
    finish()
    opened.editor.redo()
    finish()
    opened.notes_panel.sliders["kick_threshold"].slider.setValue(99)
    finish()
    assert document.decoded_settings.value("kick_threshold") == 0.99
    opened.editor.undo()
    opened.editor.undo()
    finish()
    assert document.activations.decoder == "notes"
    opened.notes_panel.sliders["onset_threshold"].slider.setValue(20)
    finish()
    lower = replace(document.default_settings, onset_threshold=0.2)
    decoded = decode(document.activations, lower)[0]
    assert len(decoded) > len(before)
    np.testing.assert_array_equal(document.notes.onset, decoded.onset)
    opened.editor.undo()
    finish()
    assert document.notes == before
    assert not [record for record in caplog.records if record.exc_info]
