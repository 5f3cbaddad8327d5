"""Recordings of the list, shown by the instruments that are heard in them."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QModelIndex, Qt
from queue_rows import Row

from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.ui.transcribe.queue_panel import QueuePanel


def heard(*names: str) -> InstrumentActivity:
    classes = ("guitar", "piano", "voice")
    present = np.isin(classes, names).astype(float)
    return InstrumentActivity(
        classes=classes,
        onsets=np.arange(2),
        offsets=np.arange(2) + 1,
        scores=np.tile(present, (2, 1)),
        attention=np.full((2, 3), 0.5),
        track_scores=present,
        thresholds=np.full(3, 0.5),
        duration=2.0,
    )


@pytest.fixture
def panel(window, finish, recording) -> QueuePanel:
    """Three transcribed recordings, of which nobody knows who plays."""
    paths = [recording.with_name(f"{name}.wav") for name in "abc"]
    for path in paths:
        path.write_bytes(recording.read_bytes())
    window.open_paths(paths)
    finish()
    for item in window.queue.items:
        item.document.set_instruments(None)
    return window.queue_panel


def names(panel) -> str:
    """The rows that are shown."""
    items = panel._queue.items
    return "".join(i.document.path.stem for i in items if not Row(panel, i).box.isEmpty())


def choose(panel, name: str | None) -> None:
    panel.filter.setCurrentIndex(panel.filter.findData(name))


def test_only_recordings_with_the_instrument_are_shown(panel, qtbot):
    first, second, third = panel._queue.items
    assert panel.filter.isHidden()
    first.document.set_instruments(heard("piano"))
    assert panel.filter.isHidden()  # one recording is no choice
    second.document.set_instruments(heard("guitar", "piano"))
    texts = [panel.filter.itemText(place) for place in range(panel.filter.count())]
    assert texts == ["All recordings", "With guitar (1)", "With piano (2)"]
    assert panel.filter.isVisibleTo(panel)
    assert names(panel) == "abc"
    choose(panel, "piano")
    assert names(panel) == "ab"
    choose(panel, "guitar")
    assert names(panel) == "b"
    third.document.set_instruments(heard("guitar"))
    assert names(panel) == "bc"
    panel.view.setCurrentIndex(Row(panel, second).index)
    qtbot.keyClick(panel.view, Qt.Key.Key_Up)
    assert panel.view.currentIndex() == Row(panel, second).index  # there is no row above it
    choose(panel, None)
    assert names(panel) == "abc"


def test_what_is_opened_is_shown_and_a_choice_that_is_gone_is_none(panel, recording, finish):
    window = panel.window()
    first, second, _ = panel._queue.items
    first.document.set_instruments(heard("piano"))
    second.document.set_instruments(heard("guitar"))
    choose(panel, "guitar")
    assert names(panel) == "b"
    window.open_paths([recording])
    assert len(names(panel)) > 1
    finish()
    choose(panel, "guitar")
    second.document.set_instruments(heard("piano"))
    assert panel.filter.currentIndex() == 0
    assert panel.filter.findData("guitar") == -1


def test_a_hidden_row_goes_with_the_row_above_it_when_another_is_dragged(panel):
    first, second, third = panel._queue.items
    first.document.set_instruments(heard("piano"))
    second.document.set_instruments(heard("guitar"))
    third.document.set_instruments(heard("piano"))
    choose(panel, "piano")
    # Below the last row that is shown.
    assert panel.view.model().moveRow(QModelIndex(), 0, QModelIndex(), 3)
    assert panel._queue.items == [second, third, first]
