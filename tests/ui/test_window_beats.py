"""Bars and beats in the window."""

from __future__ import annotations

import io
import time
from pathlib import Path

import mido
import numpy as np
import pytest
from mouse import double_click, drag, place
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QInputDialog

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.formats import read_midi
from amtstudio.symbolic import Meter, Note, TempoMap, Transcription


def played(n_bars=16, gap=0.55):
    notes = []
    for beat in range(4 * n_bars):
        start = 0.4 + gap * beat
        root = (0, 5, 7, 0)[beat // 4 % 4]
        pitches = (36, 60, 64, 67) if beat % 4 == 0 else (60, 64, 67)
        notes += [Note(start, start + 0.4, pitch + root, 80) for pitch in pitches]
    return notes


@pytest.fixture
def window_with_beats(window, finish, recording):
    """A project of 16 bars in four, with beats at 0.4 s and every 0.55 s."""
    project = session.Document.create(session.AudioReference.read(recording))
    project.replace_transcription(
        Transcription(
            played(),
            duration=36.0,
            file=recording.name,
            model="piano",
            tempo=TempoMap(0.4 + 0.55 * np.arange(64), np.arange(64) % 4 == 0),
        ),
        settings=DecodingSettings(),
    )
    window.show_item(window.queue.add_project(project))
    finish()
    return window


def tempo_of(window):
    return window.document.project.tempo


def test_beats_are_found_kept_and_undone(window_with_beats, finish):
    window = window_with_beats
    window.beats.remove()
    assert tempo_of(window) is None
    window.beats.find()
    finish()
    found = tempo_of(window)
    assert found.tempo == pytest.approx(60 / 0.55, rel=0.02)
    assert found == window.document.tempo
    assert window.editor.undo_text == "Find Beats"
    window.editor.undo()
    assert tempo_of(window) is None
    window.editor.undo()
    assert tempo_of(window) is not None
    path = window.document.project.path
    window.document.project.save()
    with_copy = path.with_name("copy.amts")
    window.document.project.write_copy(with_copy)
    with session.Document.open(with_copy) as copy:
        assert copy.tempo == window.document.tempo


def test_each_entry_of_the_menu_is_a_step(window_with_beats):
    window = window_with_beats
    beats = window.beats
    before = tempo_of(window)
    for step, check in (
        (beats.halve, lambda t: t.tempo == pytest.approx(before.tempo / 2)),
        (beats.double, lambda t: t.tempo == pytest.approx(before.tempo * 2)),
        (lambda: beats.set_meter(Meter.parse("6/8")), lambda t: str(t.meter) == "6/8"),
        (lambda: beats.begin_bar_at(1.0), lambda t: 0.95 in np.round(t.downbeats, 3)),
        (lambda: beats.begin_bars_from(9.2), lambda t: t.meters[:6] == [4, 4, 4, 4, 4, 4]),
        (lambda: beats.begin_bars_from(9.8), lambda t: t.meters[:6] == [4, 4, 4, 4, 1, 4]),
        (lambda: beats.set_meter_from(Meter(3), 9.2), lambda t: t.meters[:6] == [4] * 4 + [3] * 2),
        (lambda: beats.move_nearest(1.0), lambda t: 1.0 in t.beats),
        (lambda: beats.add_beat(1.2), lambda t: len(t.beats) == 65),
        (lambda: beats.remove_nearest(1.0), lambda t: len(t.beats) == 63),
        (lambda: beats.set_steady(100.0, 0.5), lambda t: t.tempo == pytest.approx(100.0)),
    ):
        step()
        assert check(tempo_of(window))
        window.editor.undo()
        assert tempo_of(window) == before


def test_a_time_signature_of_other_beats_is_for_the_whole_piece(window_with_beats, monkeypatch):
    window = window_with_beats
    before = tempo_of(window)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("6/8", True))
    window.beat_menu._ask_meter_from()
    assert "6/8 has beats of another kind" in window.statusBar().currentMessage()
    assert tempo_of(window) == before


def test_finding_beats_tells_how_far_it_is_and_can_be_stopped(window_with_beats, finish, qtbot):
    window = window_with_beats
    before = tempo_of(window)
    said = []
    window.beats.said.connect(said.append)
    window.beat_menu.find.trigger()
    assert window.beat_menu.find.text() == "Stop &Finding Beats"
    finish()
    assert any(text.startswith("Finding beats… ") for text in said)
    qtbot.waitUntil(lambda: window.beat_menu.find.text() == "&Find Beats")  # told by a signal
    window.editor.undo()
    window.beat_menu.find.trigger()
    window.beat_menu.find.trigger()
    finish()
    assert said[-1] == "Stopped: the beats are as they were."
    assert tempo_of(window) == before


def test_corrected_beats_stay_when_thresholds_move_and_notes_come_anew(window_with_beats):
    window = window_with_beats
    window.beats.move_nearest(1.0)
    corrected = tempo_of(window)
    project = window.document.project
    again = Transcription(played(8), duration=36.0, tempo=TempoMap.even(70.0))
    project.replace_transcription(again, settings=DecodingSettings())
    assert project.tempo == corrected
    project.replace_transcription(again, settings=DecodingSettings(), keep_corrections=False)
    assert project.tempo == again.tempo


def test_bars_are_on_the_ruler_and_can_be_hidden(window_with_beats):
    window = window_with_beats
    roll = window.page.roll
    with_bars = roll._ruler.maximumHeight()
    picture = roll.grab().toImage()
    window.beat_menu.shown.setChecked(False)
    assert roll._ruler.maximumHeight() < with_bars
    assert roll.grab().toImage() != picture
    window.beat_menu.shown.setChecked(True)
    window.beats.remove()
    assert roll._ruler.maximumHeight() < with_bars


def test_the_ruler_lies_below_the_notes_also_where_the_lanes_are_folded(window_with_beats):
    roll = window_with_beats.page.roll
    roll.leave_to_notes(10_000)  # no room for anything else
    assert not roll.lanes["pedal"].item.isVisible()
    left = roll.box.sceneBoundingRect().left()
    assert roll._time_axis.sceneBoundingRect().left() == pytest.approx(left)


def test_a_beat_is_dragged_along_the_ruler(qtbot, window_with_beats):
    window = window_with_beats
    roll = window.page.roll
    axis = roll._time_axis

    def on_ruler(second):
        x = roll.box.mapViewToScene(QPointF(second, 60.0)).x()
        y = axis.mapToScene(QPointF(0.0, 8.0)).y()
        return roll.mapFromScene(QPointF(x, y))

    second = float(tempo_of(window).beats[3])
    drag(qtbot, roll, on_ruler(second), on_ruler(second + 0.2))
    assert tempo_of(window).beats[3] == pytest.approx(second + 0.2, abs=0.05)
    assert window.page.time_selection.is_empty
    assert window.editor.undo_text == "Move a Beat"


@pytest.fixture
def gridded(window_with_beats, finish):
    """The grid of quarters of beats: lines each 0.1375 s."""
    window = window_with_beats
    finish()
    menu = window.beat_menu
    menu.grids["4"].trigger()
    menu.snap.trigger()
    assert window.preferences.settings.snaps
    return window


def in_parts(second):
    """Of a quarter of a beat."""
    return (second - 0.4) / 0.1375


def loose_note(window):
    """A note that is on no line, at 1.0 s, selected."""
    window.editor.add_note(72, 1.0, 1.3)
    (key,) = window.editor.selection.ids
    return lambda: window.document.project.notes[key].note


def test_with_the_grid_a_dragged_note_begins_on_a_line_and_is_put_back(qtbot, gridded):
    window, roll = gridded, gridded.page.roll
    note = loose_note(window)
    drag(qtbot, roll, place(roll, 1.15, 72), place(roll, 1.25, 72))
    assert in_parts(note().onset) == pytest.approx(5)  # nearest to 1.1
    assert note().offset - note().onset == pytest.approx(0.3)
    drag(qtbot, roll, place(roll, note().offset - 0.005, 72), place(roll, 1.6, 72))
    assert in_parts(note().offset) == pytest.approx(9)
    window.editor.undo()
    window.editor.undo()
    assert (note().onset, note().offset) == (1.0, 1.3)


def test_with_alt_held_or_a_drag_up_the_grid_is_left_alone(qtbot, gridded):
    window, roll = gridded, gridded.page.roll
    note = loose_note(window)
    drag(qtbot, roll, place(roll, 1.15, 72), place(roll, 1.15, 74))
    assert (note().onset, note().pitch) == (1.0, 74)
    drag(qtbot, roll, place(roll, 1.15, 74), place(roll, 1.2, 74), Qt.KeyboardModifier.AltModifier)
    assert note().onset == pytest.approx(1.05, abs=0.01)
    assert abs(in_parts(note().onset) - round(in_parts(note().onset))) > 0.05


def test_keys_go_from_line_to_line(gridded):
    window = gridded
    note = loose_note(window)
    window.editor.nudge(1)
    assert in_parts(note().onset) == pytest.approx(5)
    window.editor.nudge(1)
    assert in_parts(note().onset) == pytest.approx(6)
    window.editor.nudge(-1)
    assert in_parts(note().onset) == pytest.approx(5)
    window.editor.stretch(1)
    assert in_parts(note().offset) == pytest.approx(8)
    window.beat_menu.snap.trigger()
    window.editor.nudge(1)
    assert note().onset == pytest.approx(0.4 + 5 * 0.1375 + 0.01)


def test_new_notes_lie_on_triplets_where_these_are_the_grid(qtbot, gridded):
    window, roll = gridded, gridded.page.roll
    window.beat_menu.grids["3"].trigger()
    before = set(window.document.project.notes)
    double_click(qtbot, roll, place(roll, 1.85, 90))
    (key,) = set(window.document.project.notes) - before
    note = window.document.project.notes[key].note
    third = 0.55 / 3
    assert (note.onset - 0.4) / third == pytest.approx(8)
    assert note.duration == pytest.approx(third)


def test_the_lines_of_the_grid_are_seen(gridded):
    roll = gridded.page.roll
    with_grid = roll.grab().toImage()
    gridded.beat_menu.snap.trigger()
    assert roll.grab().toImage() != with_grid


def test_midi_has_the_bars_or_not(window_with_beats):
    window = window_with_beats

    def tempos():
        url = window.page.handle.mime_data().urls()[0].toLocalFile()
        midi = mido.MidiFile(file=io.BytesIO(Path(url).read_bytes()))
        return [m.tempo for m in midi.tracks[0] if m.type == "set_tempo"]

    assert 550_000 in tempos()
    window.export_feature.midi_bars.setChecked(False)
    assert tempos() == [500_000]


def test_midi_is_quantised_as_far_as_one_likes_and_the_notes_stay(window_with_beats):
    window = window_with_beats
    window.editor.add_note(90, 1.0, 1.3)  # the nearest part of a beat is the beat at 0.95 s

    def note():
        url = window.page.handle.mime_data().urls()[0].toLocalFile()
        (found,) = [note for note in read_midi(Path(url)).notes if note.pitch == 90]
        return found

    def onset():
        return note().onset

    def end():
        return note().offset

    assert not window.export_feature.quantises_ends.isEnabled()

    assert onset() == pytest.approx(1.0, abs=1e-3)
    window.export_feature.quantising[100].trigger()
    assert onset() == pytest.approx(0.95, abs=1e-3)
    assert end() == pytest.approx(1.25, abs=1e-3)  # as long as it was
    window.export_feature.quantises_ends.trigger()
    assert (end() - 0.4) / 0.1375 == pytest.approx(7.0, abs=0.02)  # quarters of beats
    window.export_feature.quantises_ends.trigger()
    window.export_feature.quantising[50].trigger()
    assert onset() == pytest.approx(0.975, abs=1e-3)
    assert 1.0 in window.document.notes.onset
    window.export_feature.quantising[0].trigger()
    assert onset() == pytest.approx(1.0, abs=1e-3)


def test_taps_become_beats(window_with_beats, monkeypatch):
    window = window_with_beats
    window.beats.tap()
    assert "Start playing first" in window.statusBar().currentMessage()
    clock = iter([1.0, 1.6, 2.2, 2.8])
    playback = type(window.playback)
    monkeypatch.setattr(playback, "is_playing", property(lambda _: True))
    monkeypatch.setattr(playback, "position", property(lambda _: next(clock)))
    for _ in range(4):
        window.beats.tap()
    window.beats.take_taps()
    monkeypatch.undo()
    assert {1.0, 1.6, 2.2, 2.8} <= set(tempo_of(window).beats)
    assert window.editor.undo_text == "Tap Beats"


def test_without_beats_the_entries_are_off_and_say_why(window_with_beats):
    window = window_with_beats
    window.beats.remove()
    menu = window.beat_menu
    assert not any(action.isEnabled() for action in menu._needs_beats)
    assert all(action.isEnabled() for action in menu._needs_project)
    window.beats.halve()
    assert "Find Beats first" in window.statusBar().currentMessage()


def test_ten_minutes_take_two_seconds():
    from amtstudio.engine import BeatTracker  # noqa: PLC0415
    from amtstudio.symbolic import NoteTable  # noqa: PLC0415

    tracker = BeatTracker.load()
    notes = NoteTable.of(played(n_bars=272))
    began = time.process_time()
    assert tracker.track(notes) is not None
    assert time.process_time() - began < 4.0  # a slow machine may take twice as long
