"""Bends in the view of notes: how they are seen, and what the mouse and the keys do to them."""

from __future__ import annotations

import mido
import numpy as np
import pytest
from mouse import click, double_click, drag, place, press_and_pull
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.symbolic import Note, Transcription
from amtstudio.symbolic.notes import bend_at
from amtstudio.ui.edit.note_table import BEND
from amtstudio.ui.roll.gestures import Tool

SLIDE = ((0.0, 0.0), (0.3, 0.0), (0.7, 200.0))
NOTES = (
    Note(0.5, 1.5, 60, 64, 0.9, bend=SLIDE),
    Note(1.6, 2.4, 64, 90, 0.9),
    Note(1.6, 2.4, 68, 90, 0.9, bend=((0.0, -40.0),)),
)


@pytest.fixture
def project(recording):
    project = session.Document.create(session.AudioReference.read(recording))
    transcription = Transcription(NOTES, (), 3.0, file=recording.name, model="melodic")
    project.replace_transcription(transcription, settings=DecodingSettings())
    yield project
    project.close()


@pytest.fixture
def roll(editing):
    roll = editing.page.roll
    roll.show_range(0.0, 3.0)
    roll.box.setYRange(55.0, 75.0, padding=0.0)
    return roll


@pytest.fixture
def bending(editing, roll):
    editing.edit_menu.set_tool(Tool.BEND)
    return roll


def bend(project, key: int):
    return project.notes[key].note.bend


def pixels(roll) -> np.ndarray:
    image = roll.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    data = np.frombuffer(image.constBits(), np.uint8)
    return data.reshape(image.height(), image.bytesPerLine() // 4, 4)[:, : image.width(), :3].copy()


def is_changed(before, after, roll, time: float, pitch: float) -> bool:
    """Whether the two pictures differ within some pixels of a place."""
    at = place(roll, time, pitch)
    part = np.s_[at.y() - 3 : at.y() + 4, at.x() - 3 : at.x() + 4]
    return bool(np.any(before[part] != after[part]))


def test_a_line_is_as_high_as_the_note_sounds(editing, roll):
    seen = pixels(roll)
    editing.notes_panel.contour_box.setChecked(False)
    bare = pixels(roll)
    assert is_changed(bare, seen, roll, 0.6, 60.0)
    assert is_changed(bare, seen, roll, 1.0, 61.0)  # half way up
    assert is_changed(bare, seen, roll, 1.4, 62.0)  # and level behind the last point
    assert is_changed(bare, seen, roll, 2.0, 67.6)
    assert not is_changed(bare, seen, roll, 1.4, 60.0)
    assert not is_changed(bare, seen, roll, 2.0, 64.0)  # that note is straight
    assert editing.preferences.settings.shows_bends is False


def test_where_keys_are_too_small_there_are_no_lines(editing, roll):
    roll.resize(roll.width(), 250)
    roll.fit()
    seen = pixels(roll)
    roll.contours.hide()
    assert np.array_equal(pixels(roll), seen)


def test_cents_are_told_under_the_pointer_and_in_the_table(editing, roll):
    editing.page.roll.hovered.emit(roll.hover_at(1.0, 60.0))
    assert "bend +0 to +200 cents, +100 here" in editing.page.read_out.text()
    editing.table_dock.show()
    table = editing.note_table.notes
    texts = [table.index(row, BEND).data() for row in range(table.rowCount())]
    assert texts == ["+0 … +200", "", "\N{MINUS SIGN}40"]
    editing.note_table.sortByColumn(BEND, Qt.SortOrder.DescendingOrder)
    assert table.index(0, BEND).data() == "+0 … +200"


def test_keys_flatten_shift_and_scale_what_is_selected(editing, roll, qtbot, project):
    editing.editor.selection.set([1, 2])
    qtbot.keyClick(editing, Qt.Key.Key_PageUp, Qt.KeyboardModifier.ShiftModifier)
    assert bend(project, 1) == tuple((second, cents + 10.0) for second, cents in SLIDE)
    assert bend(project, 2) == ((0.0, 10.0),)
    qtbot.keyClick(editing, Qt.Key.Key_B)
    assert (bend(project, 1), bend(project, 2)) == ((), ())
    project.undo()
    project.undo()
    qtbot.keyClick(editing, Qt.Key.Key_B, Qt.KeyboardModifier.ShiftModifier)
    width = np.ptp([cents for _, cents in bend(project, 1)])
    assert width == pytest.approx(250.0, abs=0.2)
    assert bend(project, 2) == ()


def test_a_drag_shifts_the_bends_of_all_selected_notes(editing, bending, qtbot, project):
    editing.editor.selection.set([1, 2])
    drag(qtbot, bending, place(bending, 0.65, 60.0), place(bending, 0.65, 60.5))
    assert bend(project, 1)[0][1] == pytest.approx(50.0, abs=6.0)
    assert bend(project, 1)[2][1] == pytest.approx(250.0, abs=6.0)
    assert bend(project, 2)[0][1] == bend(project, 1)[0][1]
    assert project.notes[1].note.pitch == 60
    project.undo()
    assert (bend(project, 1), bend(project, 2)) == (SLIDE, ())


def test_a_point_is_dragged_between_its_neighbours(bending, qtbot, project):
    drag(qtbot, bending, place(bending, 0.8, 60.0), place(bending, 2.5, 60.4))
    moved = bend(project, 1)
    assert moved[0] == SLIDE[0]
    assert moved[1][0] < SLIDE[2][0]  # not past the next one
    assert moved[1][1] == pytest.approx(40.0, abs=6.0)
    assert moved[2] == SLIDE[2]


def test_a_double_click_adds_a_point_and_takes_it_away(bending, qtbot, project):
    double_click(qtbot, bending, place(bending, 2.0, 64.3))
    added = bend(project, 2)
    assert len(added) == 3
    assert bend_at(added, 0.4) == pytest.approx(30.0, abs=6.0)
    assert added[0] == (0.0, 0.0)
    click(qtbot, bending, place(bending, 0.2, 70.0))
    double_click(qtbot, bending, place(bending, 2.0, 64.3))
    assert bend(project, 2) == ()


def test_escape_lets_go_of_a_bend(editing, bending, qtbot, project):
    press_and_pull(qtbot, bending, place(bending, 0.65, 60.0), place(bending, 0.65, 61.0))
    assert bending.contours.wanted
    qtbot.keyClick(editing, Qt.Key.Key_Escape)
    assert not bending.contours.wanted
    qtbot.mouseRelease(bending.viewport(), Qt.MouseButton.LeftButton)
    assert bend(project, 1) == SLIDE


def test_elsewhere_the_tool_draws_a_frame(editing, bending, qtbot):
    drag(qtbot, bending, place(bending, 0.3, 58.0), place(bending, 2.6, 70.0))
    assert set(editing.editor.selection.ids) == {1, 2, 3}


def test_the_pointer_finds_a_line_far_from_its_key(editing, bending):
    hit = editing.page.roll.editing.bends.hit(1.35, 62.0)
    assert (hit.key, hit.point) == (1, None)
    assert editing.page.roll.editing.bends.hit(1.35, 63.0) is None
    assert bending.box.mapViewToScene(QPointF(1.35, 62.0)).y() > 0


def test_midi_is_dragged_and_saved_without_bends_where_none_are_wanted(
    editing, project, tmp_path, monkeypatch
):
    monkeypatch.setattr(editing.exporter, "ask_path", lambda *_: tmp_path / "out.mid")
    entry = editing.export_feature.midi_bends

    def wheels(path) -> int:
        return sum(m.type == "pitchwheel" for track in mido.MidiFile(path).tracks for m in track)

    def dragged() -> str:
        return editing.page.handle.mime_data().urls()[0].toLocalFile()

    assert entry.isChecked()
    assert wheels(dragged()) > 5
    entry.trigger()
    assert wheels(dragged()) == 0
    editing.exports.export_midi()
    assert wheels(tmp_path / "out.mid") == 0
    assert project.notes[1].note.bend == SLIDE  # the notes themselves stay as they are
    (tmp_path / "out.mid").unlink()
    entry.trigger()
    editing.exports.export_midi()
    assert wheels(tmp_path / "out.mid") > 5
