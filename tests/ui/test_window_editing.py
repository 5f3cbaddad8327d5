"""Editing notes with the mouse and the keys."""

from __future__ import annotations

import pytest
from mouse import click, double_click, drag, in_lane, place, press_and_pull
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from amtstudio.session import NoteState, SessionNote
from amtstudio.symbolic import Note, Pedal
from amtstudio.ui.roll.gestures import Tool

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier
PX = 0.006  # seconds: two pixels of the view


@pytest.fixture
def roll(editing):
    return editing.page.roll


@pytest.fixture
def selected(editing):
    return lambda: set(editing.editor.selection.ids)


def note(project, key: int) -> Note:
    return project.notes[key].note


def test_clicks_select_with_control_also_several(editing, roll, qtbot, selected):
    heard = []
    roll.editing.notes.note_clicked.connect(heard.append)
    click(qtbot, roll, place(roll, 0.45, 60))
    assert selected() == {1}
    assert heard == [Note(0.2, 0.7, 60, 64, 0.9)]
    click(qtbot, roll, place(roll, 1.15, 64), CTRL)
    assert selected() == {1, 2}
    click(qtbot, roll, place(roll, 0.45, 60), SHIFT)
    assert selected() == {2}
    click(qtbot, roll, place(roll, 1.85, 72))  # the candidate
    assert selected() == {5}
    click(qtbot, roll, place(roll, 2.8, 30))
    assert selected() == set()


def test_selected_notes_are_seen(editing, roll):
    before = roll.grab().toImage()
    editing.editor.selection.set([1])
    assert roll.grab().toImage() != before
    editing.editor.selection.clear()
    assert roll.grab().toImage() == before


def test_a_rubber_band_selects_what_it_touches(editing, roll, qtbot, selected):
    drag(qtbot, roll, place(roll, 0.8, 61), place(roll, 1.5, 69))
    assert selected() == {2, 3}
    drag(qtbot, roll, place(roll, 1.75, 75), place(roll, 2.2, 58), SHIFT)
    assert selected() == {2, 3, 4, 5}
    qtbot.keyClick(editing, Qt.Key.Key_Escape)
    assert selected() == set()


def test_select_all_takes_what_sounds_and_within_the_marked_time_only_that(
    editing, qtbot, selected
):
    qtbot.keyClick(editing, Qt.Key.Key_A, CTRL)
    assert selected() == {1, 2, 3, 4}
    editing.page.time_selection.set(0.5, 1.0)
    qtbot.keyClick(editing, Qt.Key.Key_A, CTRL)
    assert selected() == {2, 3}


def test_a_drag_moves_the_selected_notes_in_time_and_pitch(editing, roll, qtbot, project):
    editing.editor.selection.set([2, 3])
    drag(qtbot, roll, place(roll, 1.2, 67), place(roll, 1.5, 65))
    assert note(project, 2).onset == pytest.approx(1.2, abs=PX)
    assert note(project, 2).pitch == 62
    assert note(project, 3).pitch == 65
    assert note(project, 3).duration == pytest.approx(0.7)
    assert project.notes[2].state is NoteState.EDITED
    assert project.notes[2].original == Note(0.9, 1.4, 64, 90, 0.4)
    assert project.undo_text == "Move 2 notes"
    shown = {
        int(key): n
        for key, n in zip(editing.document.notes.id, editing.document.notes, strict=True)
    }
    assert shown[2] == note(project, 2)


def test_a_drag_up_does_not_move_the_note_in_time(roll, qtbot, project):
    drag(qtbot, roll, place(roll, 0.45, 60), place(roll, 0.45, 62) + QPoint(2, 0))
    assert (note(project, 1).onset, note(project, 1).pitch) == (0.2, 62)


def test_a_drag_cannot_leave_the_recording_or_the_keys(roll, qtbot, project):
    drag(qtbot, roll, place(roll, 0.45, 60), place(roll, 0.05, 22))
    drag(qtbot, roll, place(roll, 0.3, note(project, 1).pitch), place(roll, 0.02, 21))
    assert note(project, 1).onset == 0.0
    assert note(project, 1).pitch == 21


def test_the_ends_of_a_note_can_be_dragged(roll, qtbot, project):
    drag(qtbot, roll, place(roll, 0.69, 60), place(roll, 1.09, 62))
    assert note(project, 1).offset == pytest.approx(1.1, abs=PX)
    assert (note(project, 1).onset, note(project, 1).pitch) == (0.2, 60)
    drag(qtbot, roll, place(roll, 0.21, 60), place(roll, 0.11, 60))
    assert note(project, 1).onset == pytest.approx(0.1, abs=PX)
    # Past its other end it stops.
    drag(qtbot, roll, place(roll, 1.09, 60), place(roll, 0.05, 60))
    assert note(project, 1).duration == pytest.approx(0.01)


def test_the_pointer_tells_what_a_drag_would_do(editing, roll):
    gestures = roll.editing.notes
    assert gestures.cursor_at(0.45, 60) == Qt.CursorShape.SizeAllCursor
    assert gestures.cursor_at(0.695, 60) == Qt.CursorShape.SizeHorCursor
    assert gestures.cursor_at(0.45, 40) == Qt.CursorShape.ArrowCursor
    editing.edit_menu.tools[Tool.DRAW].trigger()
    assert gestures.cursor_at(0.45, 40) == Qt.CursorShape.CrossCursor
    editing.edit_menu.tools[Tool.NAVIGATE].trigger()
    assert gestures.cursor_at(0.45, 60) == Qt.CursorShape.OpenHandCursor


def test_escape_lets_go_of_what_is_dragged(editing, roll, qtbot, project):
    start, end = place(roll, 0.45, 60), place(roll, 1.0, 70)
    press_and_pull(qtbot, roll, start, end)
    assert len(roll.selected.ghosts) == 1
    qtbot.keyClick(editing, Qt.Key.Key_Escape)
    assert roll.selected.ghosts == ()
    qtbot.mouseRelease(roll.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert note(project, 1).pitch == 60
    assert project.undo_text is None
    assert roll.visible_range == pytest.approx((0.0, 3.0))


def test_a_double_click_adds_a_note_and_a_drag_with_the_pencil_draws_one(
    editing, roll, qtbot, project, selected
):
    double_click(qtbot, roll, place(roll, 2.2, 50))
    (key,) = selected()
    assert note(project, key).onset == pytest.approx(2.2, abs=PX)
    assert (note(project, key).pitch, project.notes[key].state) == (50, NoteState.ADDED)

    qtbot.keyClick(editing, Qt.Key.Key_3)
    drag(qtbot, roll, place(roll, 1.0, 40), place(roll, 1.6, 43))
    (drawn,) = selected()
    assert note(project, drawn).pitch == 40
    assert note(project, drawn).onset == pytest.approx(1.0, abs=PX)
    assert note(project, drawn).offset == pytest.approx(1.6, abs=PX)


def test_with_the_first_tool_a_drag_moves_the_view(editing, roll, qtbot, project):
    roll.show_range(0.0, 1.0)
    qtbot.keyClick(editing, Qt.Key.Key_1)
    drag(qtbot, roll, place(roll, 0.45, 60), place(roll, 0.25, 60))
    assert roll.visible_range == pytest.approx((0.2, 1.2), abs=PX)
    assert project.undo_text is None


def test_the_middle_button_moves_the_view_whatever_the_tool(roll, qtbot, project):
    roll.show_range(0.0, 1.0)
    start, end = place(roll, 0.45, 60), place(roll, 0.25, 60)
    drag(qtbot, roll, start, end, button=Qt.MouseButton.MiddleButton)
    assert roll.visible_range == pytest.approx((0.2, 1.2), abs=PX)
    assert note(project, 1).onset == 0.2


@pytest.mark.parametrize(
    ("key", "modifiers", "expected", "text"),
    [
        (Qt.Key.Key_Up, CTRL, Note(0.2, 0.7, 72, 64), "Octave up a note"),
        (Qt.Key.Key_Down, CTRL, Note(0.2, 0.7, 48, 64), "Octave down a note"),
        (Qt.Key.Key_Up, SHIFT, Note(0.2, 0.7, 61, 64), "Move a note"),
        (Qt.Key.Key_Right, ALT, Note(0.21, 0.71, 60, 64), "Move a note"),
        (Qt.Key.Key_Left, ALT, Note(0.19, 0.69, 60, 64), "Move a note"),
        (Qt.Key.Key_Right, ALT | SHIFT, Note(0.2, 0.71, 60, 64), "Resize a note"),
        (Qt.Key.Key_Up, ALT, Note(0.2, 0.7, 60, 69), "Change velocity of a note"),
        (Qt.Key.Key_Down, ALT, Note(0.2, 0.7, 60, 59), "Change velocity of a note"),
    ],
)
def test_keys_change_the_selected_note(editing, qtbot, project, key, modifiers, expected, text):
    editing.editor.selection.set([1])
    qtbot.keyClick(editing, key, modifiers)
    found = note(project, 1)
    assert (found.onset, found.offset) == pytest.approx((expected.onset, expected.offset))
    assert (found.pitch, found.velocity) == (expected.pitch, expected.velocity)
    assert project.undo_text == text


def test_the_arrows_repitch_while_notes_are_selected_and_zoom_otherwise(
    editing, roll, qtbot, project
):
    editing.editor.selection.set([1])
    qtbot.keyClick(roll, Qt.Key.Key_Up)
    assert note(project, 1).pitch == 61
    assert roll.visible_range == pytest.approx((0.0, 3.0))
    editing.editor.selection.clear()
    qtbot.keyClick(roll, Qt.Key.Key_Up)
    assert note(project, 1).pitch == 61
    assert roll.visible_range[1] - roll.visible_range[0] == pytest.approx(2.4)


def test_the_wheel_with_alt_changes_the_velocity(editing, roll, project):
    editing.editor.selection.set([1, 2])
    middle = QPointF(roll.viewport().rect().center())
    event = QWheelEvent(
        middle,
        roll.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(120, 0),  # Qt turns the wheel sideways while Alt is held
        Qt.MouseButton.NoButton,
        ALT,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(roll.viewport(), event)
    assert (note(project, 1).velocity, note(project, 2).velocity) == (69, 95)
    assert roll.visible_range == pytest.approx((0.0, 3.0))


def test_split_merge_and_delete(editing, roll, qtbot, project, selected):
    click(qtbot, roll, place(roll, 0.35, 60))
    qtbot.keyClick(editing, Qt.Key.Key_Slash)
    assert note(project, 1).offset == pytest.approx(0.35, abs=PX)
    second = max(project.notes)
    assert (note(project, second).offset, note(project, second).pitch) == (0.7, 60)

    assert selected() == {1, second}  # so merging takes it back
    qtbot.keyClick(editing, Qt.Key.Key_Backslash)
    assert (note(project, 1).onset, note(project, 1).offset) == (0.2, 0.7)
    assert second not in project.notes
    assert selected() == {1}

    qtbot.keyClick(editing, Qt.Key.Key_Delete)
    assert project.notes[1].state is NoteState.REJECTED
    assert selected() == set()
    assert 1 not in editing.document.notes.id


def test_what_the_notes_do_not_allow_is_said_and_changes_nothing(editing, qtbot, project):
    editing.editor.selection.set([1, 2])
    qtbot.keyClick(editing, Qt.Key.Key_Backslash)
    assert "same pitch" in editing.statusBar().currentMessage()
    editing.editor.selection.clear()
    qtbot.keyClick(editing, Qt.Key.Key_Delete)
    assert "Select notes first" in editing.statusBar().currentMessage()
    assert project.undo_text is None


def test_every_edit_is_undone_and_done_again(editing, qtbot, project):
    menu = editing.edit_menu
    before = editing.document.notes
    assert menu.undo.text() == "&Undo"
    assert not menu.undo.isEnabled()
    qtbot.keyClick(editing, Qt.Key.Key_Z, CTRL)
    assert editing.document.notes == before
    editing.editor.selection.set([1, 2])
    editing.editor.shift_octave(1)
    editing.editor.delete()
    after = editing.document.notes
    assert menu.undo.text() == "&Undo: Delete 2 notes"

    qtbot.keyClick(editing, Qt.Key.Key_Z, CTRL)
    qtbot.keyClick(editing, Qt.Key.Key_Z, CTRL)
    assert editing.document.notes == before
    assert menu.redo.text() == "&Redo: Octave up 2 notes"
    qtbot.keyClick(editing, Qt.Key.Key_Y, CTRL)
    qtbot.keyClick(editing, Qt.Key.Key_Z, CTRL | SHIFT)
    assert editing.document.notes == after
    assert not menu.redo.isEnabled()
    assert project.redo_text is None


def test_doubtful_notes_are_found_one_after_another_and_decided_on(
    editing, roll, qtbot, project, selected
):
    roll.show_range(0.0, 0.8)
    qtbot.keyClick(editing, Qt.Key.Key_N)
    assert selected() == {2}
    assert roll.visible_range[0] < 0.9 < roll.visible_range[1]
    assert "E4" in editing.statusBar().currentMessage()
    assert "40 % sure" in editing.statusBar().currentMessage()
    qtbot.keyClick(editing, Qt.Key.Key_Y)
    assert project.notes[2].state is NoteState.ACCEPTED
    qtbot.keyClick(editing, Qt.Key.Key_N)
    assert selected() == {5}
    qtbot.keyClick(editing, Qt.Key.Key_Delete)
    assert project.notes[5].state is NoteState.REJECTED
    assert len(editing.document.candidates) == 0
    qtbot.keyClick(editing, Qt.Key.Key_N)
    assert "No doubtful note after" in editing.statusBar().currentMessage()


def test_the_doubtful_note_before(editing, qtbot, selected):
    qtbot.keyClick(editing, Qt.Key.Key_N, SHIFT)
    assert selected() == {5}
    qtbot.keyClick(editing, Qt.Key.Key_N, SHIFT)
    assert selected() == {2}


def test_an_accepted_candidate_sounds(editing, qtbot, project):
    editing.editor.selection.set([5])
    qtbot.keyClick(editing, Qt.Key.Key_Y)
    assert 5 in editing.document.notes.id
    assert len(editing.document.candidates) == 0
    assert Note(1.8, 1.95, 72, 30, 0.3) in editing.document.transcription.notes


def test_a_passage_is_accepted_shown_and_withdrawn(editing, roll, qtbot, project):
    qtbot.keyClick(editing, Qt.Key.Key_Y, SHIFT)
    assert "Mark the time" in editing.statusBar().currentMessage()
    editing.page.time_selection.set(0.8, 1.7)
    before = roll.grab().toImage()
    qtbot.keyClick(editing, Qt.Key.Key_Y, SHIFT)
    assert [(p.onset, p.offset) for p in project.passages] == [(0.8, 1.7)]
    assert roll.grab().toImage() != before
    qtbot.keyClick(editing, Qt.Key.Key_Y, SHIFT | CTRL)
    assert project.passages == ()
    assert roll.grab().toImage() == before


def test_edits_become_labels_with_their_provenance(editing, qtbot, project):
    editing.editor.selection.set([1])
    qtbot.keyClick(editing, Qt.Key.Key_Up, CTRL)
    editing.editor.selection.set([5])
    qtbot.keyClick(editing, Qt.Key.Key_Y)
    editing.editor.add_note(48, 2.6, 2.9)
    editing.page.time_selection.set(1.9, 2.55)
    editing.editor.accept_passage()

    labels = project.labels()
    told = {(entry.note.pitch, entry.state.value) for entry in labels.notes}
    assert told == {(72, "edited"), (72, "accepted"), (48, "added"), (60, "model")}
    assert labels.rejected == (Note(0.2, 0.7, 60, 64, 0.9),)
    assert labels.model == "piano"
    assert labels.audio.path == editing.document.path
    edited = next(e for e in labels.notes if e.state is NoteState.EDITED)
    assert edited == SessionNote(
        1, Note(0.2, 0.7, 72, 64, 1.0), NoteState.EDITED, Note(0.2, 0.7, 60, 64, 0.9)
    )


def test_presses_of_the_pedal_are_drawn_moved_resized_and_deleted(editing, roll, qtbot, project):
    drag(qtbot, roll, in_lane(roll, 1.0), in_lane(roll, 1.2))
    (moved,) = project.pedals
    assert (moved.onset, moved.offset) == pytest.approx((0.7, 1.7), abs=PX)
    drag(qtbot, roll, in_lane(roll, 1.695), in_lane(roll, 1.995))
    assert project.pedals[0].offset == pytest.approx(2.0, abs=2 * PX)
    drag(qtbot, roll, in_lane(roll, 2.3), in_lane(roll, 2.6))
    assert len(project.pedals) == 2
    assert editing.document.pedals == project.pedals

    click(qtbot, roll, in_lane(roll, 1.0))
    assert editing.editor.pedal == project.pedals[0]
    qtbot.keyClick(editing, Qt.Key.Key_Delete)
    assert len(project.pedals) == 1
    for _ in range(4):
        qtbot.keyClick(editing, Qt.Key.Key_Z, CTRL)
    assert project.pedals == (Pedal(0.5, 1.5),)


def test_nothing_is_edited_before_it_is_transcribed(window, finish, long_recording, qtbot):
    window.open_paths([long_recording])
    window.queue.pause(window.item)
    assert not window.edit_menu.undo.isEnabled()
    window.editor.add_note(60, 1.0)
    assert "once they are transcribed" in window.statusBar().currentMessage()
    window.queue.cancel(window.item)
    finish()


def test_many_notes_at_once_are_edited_beside_the_thread_of_the_window(editing, qtbot, project):
    for start in range(500):
        project.add(Note(1.0 + start * 0.003, 1.1 + start * 0.003, 80))
    editing.document._show_all()
    editing.editor.select_all()
    editing.editor.shift_octave(1)
    assert editing.document.edits.is_busy
    qtbot.waitUntil(lambda: editing.document.is_settled)
    assert (editing.document.notes.pitch >= 72).all()
    editing.editor.undo()
    # Whoever needs the project waits for the end.
    assert editing.document.project.notes[1].note.pitch == 60
    assert editing.document.notes.pitch.min() == 60
