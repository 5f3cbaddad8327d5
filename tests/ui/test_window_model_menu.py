"""Transcribe > Model: the model of the next transcriptions, with those that ship."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMenu

from amtstudio.models import list_models
from amtstudio.ui.model_names import model_name
from amtstudio.ui.queue import State
from amtstudio.workbench.transcribing import AUTO

pytestmark = pytest.mark.skipif("melodic" not in list_models(), reason="needs the bundled models")


@pytest.fixture
def choose(window, finish):
    def choose(name):
        (menu,) = (menu for menu in window.findChildren(QMenu) if menu.title() == "&Model")
        (action,) = (action for action in menu.actions() if action.text() == model_name(name))
        action.trigger()
        finish()
        assert action.isChecked()
        if window.item is not None:
            assert window.item.state is State.DONE

    return choose


def test_it_is_taken_for_what_is_open_and_what_comes_next_until_it_is_automatic_again(
    window, choose, finish, recording, tmp_path
):
    window.open_paths([recording])
    finish()
    before = window.document.notes
    heard = []
    window.item.changed.connect(lambda: heard.append(window.item.state))

    choose("melodic")
    assert State.RUNNING in heard
    assert window.document.project.source.models == ("melodic",)
    assert window.document.notes != before
    assert window.preferences.settings.model == "melodic"
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    window.open_paths([other])
    finish()
    assert window.document.project.source.models == ("melodic",)

    heard.clear()
    choose(AUTO)
    assert window.preferences.settings.model == ""
    assert window.queue.engine.chooses
    planned = window.document.project.source.models
    assert planned
    # The first recording remembers what found its notes, and how to find them again.
    window.show_item(window.queue.items[0])
    finish()
    assert window.document.project.source.models == ("melodic",)
    assert window.document.parts[0].model == "melodic"


def test_a_choice_that_is_no_change_transcribes_nothing(window, choose, finish, recording):
    choose("melodic")  # nothing is open yet: it is for what comes
    window.open_paths([recording])
    finish()
    assert window.document.project.source.models == ("melodic",)
    states = []
    window.item.changed.connect(lambda: states.append(window.item.state))
    choose("melodic")
    assert State.RUNNING not in states
