"""Melody line only, key range and scale in the panel of notes."""

from __future__ import annotations

import pytest

from amtstudio.symbolic.note_filter import NoteFilter, Scale


@pytest.fixture
def box(editing):
    return editing.notes_panel.filter_box


def choose(combo, data) -> None:
    combo.setCurrentIndex(combo.findData(data))


def pitches(window) -> list[int]:
    return window.document.notes.pitch.tolist()


def test_notes_outside_of_the_range_are_hidden_and_stay_in_the_project(editing, box, project):
    choose(box.lowest_box, 64)
    assert pitches(editing) == [64, 67]
    assert editing.notes_panel.count_label.text() == "2 notes, 1 candidate, 2 hidden"
    assert [note.pitch for note in editing.document.transcription.notes] == [64, 67]
    assert len(project.transcription().notes) == 4
    choose(box.lowest_box, 21)
    assert pitches(editing) == [60, 64, 67, 60]
    assert editing.document.filter == NoteFilter()


def test_notes_outside_of_the_scale_are_hidden_from_view_and_selection(editing, box, qtbot):
    choose(box.root_box, 0)
    choose(box.kind_box, "minor")
    assert editing.document.filter == NoteFilter(scale=Scale(0, "minor"))
    assert pitches(editing) == [60, 67, 60]
    editing.editor.select_all()
    assert set(editing.editor.selection.ids) == {1, 3, 4}
    assert editing.page.roll.hover_at(1.0, 64.0).note is None
    choose(box.root_box, None)
    assert not box.kind_box.isEnabled()
    assert len(pitches(editing)) == 4


def test_edits_are_followed_while_notes_are_hidden(editing, box, project):
    choose(box.lowest_box, 64)
    editing.editor.selection.set([2])
    editing.editor.shift_octave(-1)
    assert pitches(editing) == [67]
    assert project.notes[2].note.pitch == 52
    editing.editor.undo()
    assert pitches(editing) == [64, 67]


def test_a_lowest_key_above_the_highest_takes_it_along(editing, box):
    choose(box.highest_box, 64)
    choose(box.lowest_box, 67)
    assert editing.document.filter == NoteFilter(67, 67)
    assert box.highest_box.currentData() == 67


def test_the_next_doubtful_note_is_none_that_is_hidden(editing, box):
    choose(box.lowest_box, 72)
    editing.editor.next_doubtful()
    assert set(editing.editor.selection.ids) == {5}  # the candidate; 2 is hidden


@pytest.fixture
def opened(window, recording, finish):
    window.opening.open_paths([recording])
    finish()
    return window


def test_the_switch_decodes_one_note_at_a_time_and_can_be_undone(opened, finish):
    before = opened.document.notes
    assert any(before.offset[:-1] > before.onset[1:])
    switch = opened.notes_panel.switches["melody_only"]
    switch.setChecked(True)
    finish()
    notes = opened.document.notes
    assert 0 < len(notes) < len(before)
    assert all(notes.offset[:-1] <= notes.onset[1:])
    # What is not of the line can be taken in by hand.
    assert set(before.pitch.tolist()) <= set(notes.pitch) | set(opened.document.candidates.pitch)
    assert opened.document.project.source.settings.melody_only
    opened.editor.undo()
    finish()
    assert opened.document.notes == before
    assert not switch.isChecked()
    switch.setChecked(True)
    opened.notes_panel.reset_button.click()
    finish()
    assert not switch.isChecked()
