"""The table of notes: values, sorting, cells, and the selection it shares."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt

from amtstudio.symbolic import Note
from amtstudio.symbolic.pitches import pitch_of
from amtstudio.ui.edit.note_table import (
    CONFIDENCE,
    OFFSET,
    ONSET,
    PITCH,
    STATE,
    VELOCITY,
    NoteTableView,
)


@pytest.fixture
def table(editing) -> NoteTableView:
    editing.table_dock.show()
    return editing.note_table


def row(table, number: int) -> list[str]:
    return [str(table.notes.index(number, column).data()) for column in range(STATE + 1)]


def column(table, number: int) -> list[str]:
    return [table.notes.index(line, number).data() for line in range(table.notes.rowCount())]


def enter(table, line: int, number: int, text: str) -> bool:
    return table.notes.setData(table.notes.index(line, number), text)


def test_each_note_and_candidate_has_a_row(table):
    assert table.notes.rowCount() == 5
    assert row(table, 0) == ["0.200", "0.700", "C4", "64", "90 %", "found"]
    assert row(table, 3) == ["1.800", "1.950", "C5", "30", "30 %", "candidate"]


def test_a_click_on_a_header_sorts(table):
    table.sortByColumn(CONFIDENCE, Qt.SortOrder.AscendingOrder)
    assert column(table, CONFIDENCE) == ["30 %", "40 %", "80 %", "90 %", "95 %"]
    table.sortByColumn(VELOCITY, Qt.SortOrder.DescendingOrder)
    assert column(table, VELOCITY) == ["100", "90", "70", "64", "30"]
    table.sortByColumn(STATE, Qt.SortOrder.DescendingOrder)
    assert column(table, STATE)[0] == "candidate"


def test_the_selection_is_that_of_the_view(table, editing):
    editing.editor.selection.set([2, 5])
    selected = [index.row() for index in table.selectionModel().selectedRows()]
    assert sorted(table.notes.ids[selected].tolist()) == [2, 5]

    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.notes.index(0, 0), flags.ClearAndSelect | flags.Rows)
    assert set(editing.editor.selection.ids) == {1}
    # It is not lost when the order or the notes change.
    table.sortByColumn(PITCH, Qt.SortOrder.DescendingOrder)
    editing.editor.shift_octave(1)
    selected = [index.row() for index in table.selectionModel().selectedRows()]
    assert table.notes.ids[selected].tolist() == [1]


def test_cells_change_the_note(table, project):
    assert enter(table, 0, VELOCITY, "101")
    assert enter(table, 0, PITCH, "f#3")
    assert enter(table, 0, OFFSET, "0,8")
    assert enter(table, 0, ONSET, "0.25")
    found = project.notes[1].note
    assert (found.onset, found.offset) == pytest.approx((0.25, 0.8))
    assert (found.pitch, found.velocity) == (54, 101)
    assert row(table, 0) == ["0.250", "0.800", "F♯3", "101", "100 %", "edited"]
    assert project.notes[1].original == Note(0.2, 0.7, 60, 64, 0.9)


@pytest.mark.parametrize(
    ("number", "text", "said"),
    [
        (VELOCITY, "128", "is not a valid velocity."),
        (VELOCITY, "loud", "is not a valid velocity."),
        (PITCH, "H4", "is not a valid pitch."),
        (ONSET, "-1", "is not a valid onset."),
        (ONSET, "0.9", "or end before it begins"),  # after its end
    ],
)
def test_a_cell_that_makes_no_sense_is_refused(table, editing, project, number, text, said):
    assert not enter(table, 0, number, text)
    assert said in editing.statusBar().currentMessage()
    assert project.notes[1].note == Note(0.2, 0.7, 60, 64, 0.9)


def test_leaving_a_cell_as_it_is_changes_nothing(table, project):
    assert enter(table, 1, ONSET, "0.900")
    assert project.undo_text is None


def test_what_is_heard_cannot_be_typed(table):
    editable = Qt.ItemFlag.ItemIsEditable
    assert table.notes.index(0, ONSET).flags() & editable
    assert not table.notes.index(0, CONFIDENCE).flags() & editable
    assert not table.notes.index(0, STATE).flags() & editable


def test_a_table_that_was_closed_shows_what_changed_meanwhile(table, editing):
    editing.table_dock.hide()
    editing.editor.selection.set([1])
    editing.editor.shift_octave(1)
    assert column(table, PITCH)[0] == "C4"
    editing.table_dock.show()
    assert column(table, PITCH)[0] == "C5"


@pytest.mark.parametrize(
    ("text", "pitch"),
    [("C4", 60), ("a4", 69), ("F#3", 54), ("F♯3", 54), ("Gb3", 54), ("C-1", 0), ("60", 60)],
)
def test_names_of_pitches(text, pitch):
    assert pitch_of(text) == pitch


@pytest.mark.parametrize("text", ["", "H2", "128", "G#9", "4C"])
def test_what_is_no_pitch(text):
    with pytest.raises(ValueError, match="no pitch"):
        pitch_of(text)
