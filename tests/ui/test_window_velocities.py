"""The lane of velocities: what it shows, and what the mouse does in it."""

from __future__ import annotations

import numpy as np
import pytest
from mouse import click, drag, in_velocities, press_and_pull
from PySide6.QtCore import Qt

from amtstudio.symbolic import Note
from amtstudio.ui.roll.velocity_item import loudest

STEP = 3  # velocities in a pixel of the lane, and the rounding of two


@pytest.fixture
def roll(editing):
    roll = editing.page.roll
    assert roll.lanes["velocities"].box.isVisible()
    return roll


def velocity(project, key: int) -> int:
    return project.notes[key].note.velocity


def head(project, roll, key: int):
    note: Note = project.notes[key].note
    return in_velocities(roll, note.onset, note.velocity)


def at(project, roll, key: int, height: float):
    return in_velocities(roll, project.notes[key].note.onset, height)


def test_a_click_on_a_head_selects_its_note(editing, roll, qtbot, project):
    click(qtbot, roll, head(project, roll, 1))
    assert set(editing.editor.selection.ids) == {1}
    click(qtbot, roll, in_velocities(roll, 0.9, 120))
    assert not set(editing.editor.selection.ids)


def test_selected_notes_are_seen_in_the_lane(editing, roll):
    before = roll.grab().toImage()
    roll.lanes["velocities"].item.set_selected([1])
    assert roll.grab().toImage() != before


def test_of_many_notes_in_a_pixel_the_loudest_is_seen():
    rng = np.random.default_rng(5)
    columns, velocities = np.sort(rng.integers(0, 50, 5000)), rng.integers(1, 128, 5000)
    seen = loudest(columns, velocities, np.arange(5000))
    assert columns[seen].tolist() == list(range(50))
    assert velocities[seen].tolist() == [velocities[columns == at].max() for at in range(50)]
    few = np.arange(0, 5000, 10)
    assert loudest(columns, velocities, few).tolist() == few.tolist()


def test_a_head_is_dragged_louder_in_one_step_of_undo(editing, roll, qtbot, project):
    was = velocity(project, 1)
    drag(qtbot, roll, head(project, roll, 1), at(project, roll, 1, was + 40))
    assert velocity(project, 1) == pytest.approx(was + 40, abs=STEP)
    project.undo()
    assert velocity(project, 1) == was


def test_what_is_selected_goes_up_and_down_together(editing, roll, qtbot, project):
    editing.editor.selection.set([1, 2, 5])  # the last is a candidate, and has no stem
    before = [velocity(project, key) for key in (1, 2)]
    drag(qtbot, roll, head(project, roll, 1), at(project, roll, 1, before[0] - 30))
    by = velocity(project, 1) - before[0]
    assert by == pytest.approx(-30, abs=STEP)
    assert velocity(project, 2) == before[1] + by
    assert set(editing.editor.selection.ids) == {1, 2, 5}


def test_no_velocity_leaves_the_range_of_midi(editing, roll, qtbot, project):
    drag(qtbot, roll, head(project, roll, 1), at(project, roll, 1, 134))
    assert velocity(project, 1) == 127
    drag(qtbot, roll, head(project, roll, 1), at(project, roll, 1, -10))
    assert velocity(project, 1) == 1


def test_a_line_sets_every_note_that_it_passes(editing, roll, qtbot, project):
    keys = [1, 2, 3]
    onsets = [project.notes[key].note.onset for key in keys]
    start, end = min(onsets) - 0.05, max(onsets) + 0.05
    drag(qtbot, roll, in_velocities(roll, start, 110), in_velocities(roll, end, 110))
    assert [velocity(project, key) for key in keys] == pytest.approx([110] * 3, abs=STEP)
    project.undo()
    assert 110 not in {velocity(project, key) for key in keys}


def test_escape_lets_go_and_changes_nothing(editing, roll, qtbot, project):
    was = velocity(project, 1)
    press_and_pull(qtbot, roll, head(project, roll, 1), at(project, roll, 1, 120))
    assert roll.lanes["velocities"].item.wanted[1] == pytest.approx(120, abs=STEP)
    qtbot.keyClick(editing, Qt.Key.Key_Escape)
    assert not roll.lanes["velocities"].item.wanted
    qtbot.mouseRelease(roll.viewport(), Qt.MouseButton.LeftButton)
    assert velocity(project, 1) == was


def test_the_lane_can_be_hidden_and_stays_so(editing, roll, qtbot):
    editing.viewing.velocities.trigger()
    assert not roll.lanes["velocities"].box.isVisible()
    assert editing.preferences.settings.shows_velocities is False
    editing.viewing.velocities.trigger()
    assert roll.lanes["velocities"].box.isVisible()
