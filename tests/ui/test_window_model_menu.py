"""Transcribe > Model: each recording has its own, which its project remembers."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu, QMessageBox

from amtstudio import session
from amtstudio.models import list_models
from amtstudio.ui.model_names import model_name
from amtstudio.ui.queue import State
from amtstudio.workbench.transcribing import AUTO

pytestmark = pytest.mark.skipif("melodic" not in list_models(), reason="needs the bundled models")


def entry(window, name, *, of_new=False):
    (menu,) = (menu for menu in window.findChildren(QMenu) if menu.title() == "&Model")
    if of_new:
        (menu,) = (action.menu() for action in menu.actions() if action.menu() is not None)
    (action,) = (action for action in menu.actions() if action.text() == model_name(name))
    return action


@pytest.fixture
def choose(window, finish):
    def choose(name, **of_new):
        action = entry(window, name, **of_new)
        action.trigger()
        finish()
        assert action.isChecked()
        if window.item is not None:
            assert window.item.state is State.DONE

    return choose


def models(window):
    return window.document.project.source.models


def test_a_model_for_new_recordings_leaves_that_of_open_ones_alone(
    window, choose, finish, recording, tmp_path
):
    choose("melodic", of_new=True)  # nothing is open yet
    window.open_paths([recording])
    finish()
    assert models(window) == ("melodic",)
    states = []
    window.item.changed.connect(lambda: states.append(window.item.state))
    choose(AUTO, of_new=True)
    choose("melodic")  # as it is
    assert State.RUNNING not in states
    assert window.preferences.settings.model == ""
    assert window.queue.engine.chooses
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    window.open_paths([other])
    finish()
    assert window.document.project.source.asked_model == AUTO
    assert entry(window, AUTO).isChecked()
    assert not entry(window, "melodic").isChecked()


def test_a_model_is_for_one_recording_and_its_project_remembers_it(
    window, choose, finish, recording, tmp_path
):
    choose("melodic", of_new=True)
    window.open_paths([recording])
    finish()
    before = window.document.notes
    choose("piano")
    assert models(window) == ("piano",)
    assert window.document.notes != before
    assert window.model_menu.button.text() == "Model: Piano"
    assert window.preferences.settings.model == "melodic"
    assert window.queue.engine.model == "melodic"

    path = tmp_path / "take.amts"
    window.document.project.save_as(path)
    window.queue.remove(window.item)
    window.open_paths([path])
    finish()
    assert entry(window, "piano").isChecked()
    window.queue.retry(window.item)
    finish()
    assert models(window) == ("piano",)
    # Undoing the choice undoes it for the next transcription as well.
    window.editor.undo()
    window.editor.undo()
    finish()
    assert models(window) == ("melodic",)
    assert entry(window, "melodic").isChecked()


def test_a_refused_choice_changes_nothing(window, choose, finish, recording, monkeypatch):
    choose("melodic", of_new=True)
    window.open_paths([recording])
    finish()
    window.editor.add_note(60, 0.5, 1.0)
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: QMessageBox.StandardButton.Cancel)
    entry(window, "piano").trigger()
    finish()
    assert window.document.model == "melodic"
    assert models(window) == ("melodic",)
    assert entry(window, "melodic").isChecked()
    assert not entry(window, "piano").isChecked()


def test_a_recording_that_waits_is_transcribed_by_the_model_of_its_row(
    window, choose, finish, recording, tmp_path
):
    choose("melodic", of_new=True)
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    window.queue.hold()
    first, second = window.queue.add(recording), window.queue.add(other)
    menu = QMenu()
    window.row_menu_wanted.emit(second, menu)
    (its,) = (action.menu() for action in menu.actions() if action.text() == "Model")
    (piano,) = (action for action in its.actions() if action.text() == "Piano")
    piano.trigger()
    assert second.state is State.WAITING
    window.queue.release()
    finish()
    assert first.document.project.source.models == ("melodic",)
    assert second.document.project.source.models == ("piano",)


def test_a_project_that_names_no_model_takes_that_of_new_recordings(editing, project):
    assert editing.model_menu.button.text() == "Model: tiny"  # not where its file is
    assert project.source.asked_model is None
    assert editing.document.model == editing.queue.engine.model
    with session.Document.create() as empty:
        assert empty.source.asked_model is None


def test_a_piano_is_heard_again_with_care(window, choose, finish, recording):
    window.open_paths([recording])
    finish()
    choose("piano_large")
    assert models(window) == ("piano_large",)
    assert window.document.is_by_piano_model
    assert window.document.may_have_pedal
    assert window.model_menu.button.text() == "Model: Piano, careful (slow)"
