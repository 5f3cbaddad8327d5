"""The lane of drums: what it shows, what the mouse does in it, and what stays out of the roll."""

from __future__ import annotations

from pathlib import Path

import mido
import pytest
from mouse import click, double_click, drag, place, press_and_pull
from PySide6.QtCore import QPoint, QPointF, Qt

from amtstudio import session
from amtstudio.decoding import DecodingSettings, DrumSettings
from amtstudio.formats import read_midi
from amtstudio.symbolic import Note, NoteState, Track, Transcription
from amtstudio.symbolic.drums import KIT
from amtstudio.ui.document import Document
from amtstudio.ui.edit.note_table import PITCH
from amtstudio.ui.roll.gestures import Tool
from amtstudio.ui.view.notes_panel import NotesPanel

DRUMS = Track.named("drums")
KICK, SNARE, SIDE_STICK, CLOSED, RIDE = 36, 38, 37, 42, 51
COWBELL = 56


@pytest.fixture
def project(recording):
    """Notes: 1 piano, 2 kick, 3 snare (doubtful), 4 closed hi-hat, 5 piano; 6 a candidate ride."""
    project = session.Document.create(session.AudioReference.read(recording))
    notes = (
        Note(0.2, 0.7, 60, 64, 0.9),
        Note(0.5, 0.6, KICK, 100, 0.9, DRUMS),
        Note(1.0, 1.1, SNARE, 40, 0.4, DRUMS),
        Note(1.5, 1.6, CLOSED, 127, 0.9, DRUMS),
        Note(2.0, 2.5, 38, 70, 0.8),
    )
    transcription = Transcription(notes, duration=3.0, file=recording.name, model="piano+drums")
    project.replace_transcription(
        transcription,
        candidates=[Note(2.2, 2.3, RIDE, 60, 0.3, DRUMS)],
        settings=DecodingSettings(),
    )
    yield project
    project.close()


@pytest.fixture
def roll(editing):
    roll = editing.page.roll
    assert roll.drums.box.isVisible()
    roll.show_range(0.0, 3.0)
    return roll


def at(roll, time: float, pitch: int):
    """On the mark of a hit at a time, in pixels of the view."""
    row = roll.drums.plane.rows.index(pitch)
    middle = time + roll.drums.hits.mark_width / 2.0
    return roll.mapFromScene(roll.drums.box.mapViewToScene(QPointF(middle, row)))


def note(project, key: int) -> Note:
    return project.notes[key].note


def selected(window) -> set[int]:
    return set(window.editor.selection.ids)


def test_hits_are_in_the_lane_and_not_in_the_roll(roll):
    assert roll.drums.plane.rows == KIT.pitches
    assert roll.hover_at(2.1, 38).note == Note(2.0, 2.5, 38, 70, 0.8)
    assert roll.hover_at(1.05, SNARE).note is None
    hover = roll.drums.hover_at(1.0, KIT.pitches.index(SNARE))
    assert (hover.note.velocity, hover.is_candidate) == (40, False)
    hover = roll.drums.hover_at(2.2, KIT.pitches.index(RIDE))
    assert (hover.note.velocity, hover.is_candidate) == (60, True)


def test_the_lane_leaves_half_of_the_view_to_the_notes(editing, roll, qtbot):
    for height in (800, 560, 1300):
        editing.resize(1200, height)
        qtbot.waitUntil(lambda height=height: editing.height() == height)
        qtbot.wait(1)
        assert roll.box.height() >= 0.48 * roll.height()
        assert roll.drums.box.height() > 30


def test_a_recording_without_drums_has_no_lane(window, recording, finish):
    project = session.Document.create(session.AudioReference.read(recording))
    transcription = Transcription((Note(0.2, 0.7, 60),), duration=3.0, model="piano")
    project.replace_transcription(transcription, settings=DecodingSettings())
    window.show_item(window.queue.add_project(project))
    finish()
    assert not window.page.roll.drums.box.isVisible()


def test_the_lane_folds_away_and_unfolds_for_a_doubtful_hit(editing, roll, qtbot):
    editing.viewing.drums.trigger()
    assert not roll.drums.box.isVisible()
    assert editing.preferences.settings.shows_drums is False
    qtbot.keyClick(editing, Qt.Key.Key_N)
    assert selected(editing) == {3}
    assert roll.drums.box.isVisible()
    assert "Snare" in editing.statusBar().currentMessage()


def test_a_click_selects_a_hit_and_a_drag_around_several(editing, roll, qtbot):
    click(qtbot, roll, at(roll, 1.0, SNARE))
    assert selected(editing) == {3}
    click(qtbot, roll, at(roll, 2.2, RIDE))
    assert selected(editing) == {6}
    click(qtbot, roll, at(roll, 0.2, CLOSED))
    assert selected(editing) == set()
    drag(qtbot, roll, at(roll, 0.3, SIDE_STICK), at(roll, 1.2, KICK))
    assert selected(editing) == {2, 3}


def test_the_name_of_a_drum_strikes_it(roll, qtbot):
    row = roll.drums.plane.rows.index(CLOSED)
    y = roll.mapFromScene(roll.drums.box.mapViewToScene(QPointF(0.0, row))).y()
    with qtbot.waitSignal(roll.drums.axis.pressed) as pressed:
        qtbot.mouseClick(roll.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, y))
    assert pressed.args == [CLOSED]


def test_a_drag_moves_a_hit_in_time_and_to_another_drum(editing, roll, qtbot, project):
    drag(qtbot, roll, at(roll, 1.0, SNARE), at(roll, 1.25, SIDE_STICK))
    moved = note(project, 3)
    assert (moved.pitch, moved.track, moved.velocity) == (SIDE_STICK, DRUMS, 40)
    assert moved.onset == pytest.approx(1.25, abs=0.01)
    assert moved.offset - moved.onset == pytest.approx(0.1)
    assert project.notes[3].state is NoteState.EDITED
    assert project.undo_text == "Move a note"
    project.undo()
    assert (note(project, 3).pitch, note(project, 3).onset) == (SNARE, 1.0)


def test_hits_move_by_rows_and_notes_that_are_selected_keep_their_keys(
    editing, roll, qtbot, project
):
    editing.editor.selection.set([1, 2, 3])
    drag(qtbot, roll, at(roll, 0.5, KICK), at(roll, 0.5, SNARE))
    assert [note(project, key).pitch for key in (1, 2, 3)] == [60, SNARE, SIDE_STICK]
    project.undo()
    assert [note(project, key).pitch for key in (1, 2, 3)] == [60, KICK, SNARE]


def test_keys_lead_to_the_drum_above_and_never_beyond_the_last(editing, roll, qtbot, project):
    editing.editor.selection.set([3])
    roll.setFocus()
    qtbot.keyClick(roll, Qt.Key.Key_Up)
    assert note(project, 3).pitch == SIDE_STICK
    for _ in range(20):
        qtbot.keyClick(roll, Qt.Key.Key_Up)
    assert note(project, 3).pitch == KIT.pitches[-1]
    editing.editor.shift_octave(1)
    assert note(project, 3).pitch == KIT.pitches[-1]


def test_with_notes_selected_as_well_a_step_is_a_semitone_of_theirs(editing, roll, project):
    editing.editor.selection.set([1, 3])
    editing.editor.move(steps=1)
    editing.editor.shift_octave(1)
    assert [note(project, key).pitch for key in (1, 3)] == [73, SNARE]


def test_hits_are_added_and_deleted_as_notes_are(editing, roll, qtbot, project):
    double_click(qtbot, roll, at(roll, 0.8, CLOSED))
    (added,) = selected(editing)
    assert (note(project, added).pitch, note(project, added).track) == (CLOSED, DRUMS)
    assert note(project, added).onset == pytest.approx(0.8, abs=0.03)
    project.undo()
    assert added not in project.notes
    editing.edit_menu.set_tool(Tool.DRAW)
    drag(qtbot, roll, at(roll, 2.6, KICK), at(roll, 2.8, SNARE))
    (drawn,) = selected(editing)
    assert note(project, drawn).pitch == SNARE
    assert note(project, drawn).onset == pytest.approx(2.8, abs=0.03)
    editing.editor.delete()
    assert drawn not in project.notes


def test_the_velocity_of_hits_is_changed(editing, roll, project):
    editing.editor.selection.set([2, 3])
    roll.drums.box.on_alt_wheel(2.0)
    assert [note(project, key).velocity for key in (2, 3)] == [110, 50]
    project.undo()
    assert [note(project, key).velocity for key in (2, 3)] == [100, 40]


def test_loud_hits_are_drawn_higher_and_selected_ones_otherwise(editing, roll):
    plane = roll.drums.plane
    soft, loud = (
        plane.rect(Note(1.0, 1.1, SNARE, velocity), seconds=(1.0, 1.1), pitch=SNARE).height()
        for velocity in (20, 120)
    )
    assert loud > 1.5 * soft
    before = roll.grab().toImage()
    editing.editor.selection.set([2])
    assert roll.grab().toImage() != before


def test_escape_lets_go_of_a_hit(editing, roll, qtbot, project):
    press_and_pull(qtbot, roll, at(roll, 1.0, SNARE), at(roll, 1.5, KICK))
    assert len(roll.drums.selection.ghosts) == 1
    qtbot.keyClick(editing, Qt.Key.Key_Escape)
    assert not roll.drums.selection.ghosts
    qtbot.mouseRelease(roll.viewport(), Qt.MouseButton.LeftButton)
    assert note(project, 3).onset == 1.0


def test_a_drum_beside_the_usual_ones_gets_a_row_of_its_own(editing, roll):
    editing.editor.set_cells(3, pitch=COWBELL)
    assert roll.drums.plane.rows == (*KIT.pitches, COWBELL)
    assert roll.drums.hover_at(1.0, len(KIT.pitches)).pitch == COWBELL
    editing.editor.undo()
    assert roll.drums.plane.rows == KIT.pitches


def test_the_table_names_drums_and_takes_their_names(editing, project):
    editing.table_dock.show()
    table = editing.note_table.notes
    table.load(editing.document)
    row = table.ids.tolist().index(3)
    index = table.index(row, PITCH)
    assert table.data(index) == "Snare"
    assert table.data(table.index(table.ids.tolist().index(5), PITCH)) == "D2"
    assert table.setData(index, "ride")
    assert note(project, 3).pitch == RIDE
    assert not table.setData(table.index(table.ids.tolist().index(3), PITCH), "C4")


def test_each_drum_has_a_threshold_by_its_name(qtbot, recording):
    panel = NotesPanel()
    qtbot.addWidget(panel)
    document = Document(recording)
    document.expect(DrumSettings())
    panel.set_document(document)
    slider = panel.sliders["hihat_closed_threshold"].slider
    assert slider.accessibleName() == "Closed hi-hat"
    assert len(panel.sliders) == len(KIT)
    slider.setValue(80)
    assert document.settings.value("hihat_closed_threshold") == 0.8


def test_candidates_that_are_hidden_cannot_be_taken(editing, roll, qtbot):
    editing.notes_panel.candidate_box.setChecked(False)
    click(qtbot, roll, at(roll, 2.2, RIDE))
    assert selected(editing) == set()


def test_a_click_on_the_keys_where_hits_were_adds_no_hit(editing, roll, qtbot, project):
    double_click(qtbot, roll, place(roll, 1.05, SNARE))
    (added,) = selected(editing)
    assert not note(project, added).track.is_drums


def test_the_preferences_choose_the_numbers_of_drums_in_midi(editing):
    editing.customizing.show_dialog()
    box = editing.customizing.dialog.drum_map_box
    assert box.currentText() == "General MIDI"
    box.setCurrentIndex(box.findData("roland"))
    box.activated.emit(box.currentIndex())
    assert editing.preferences.settings.drum_map == "roland"
    editing.editor.set_cells(3, pitch=50)  # the high tom
    path = Path(editing.page.handle.mime_data().urls()[0].toLocalFile())
    events = [event for event in mido.MidiFile(path) if event.type == "note_on"]
    assert {event.note for event in events if event.channel == 9} == {KICK, 48, CLOSED}
    # Read back, it is the same drum.
    notes = read_midi(path).notes
    assert {note.pitch for note in notes if note.track.is_drums} == {KICK, 50, CLOSED}
    assert editing.exporter.midi.drum_map == "roland"
    editing.preferences.change(drum_map="of a later version")
    assert editing.exporter.midi.drum_map == "gm"
