"""A recording that two models heard: each keeps its thresholds, and what it heard."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from amtstudio import session
from amtstudio.decoding import Activations, candidates_beyond, decode
from amtstudio.features import FrameGrid
from amtstudio.symbolic import Transcription
from amtstudio.symbolic.drums import KIT
from amtstudio.symbolic.heads import NOTE_HEADS, Head, HeadKind

PROJECTS = Path(__file__).parents[1] / "session" / "projects"


@pytest.fixture
def band(window, finish, recording):
    """Three notes and four hits, as two models have heard them; a fourth of each is faint."""
    grid = FrameGrid(16000, 160)
    kit = (Head("onset", HeadKind.EVENT, KIT), Head("velocity", HeadKind.VALUE, KIT, where="onset"))
    heard = {}
    for model, heads, pitches, decoder in (
        ("piano", NOTE_HEADS, [60, 64, 67, 72], "notes"),
        ("drums", kit, [36, 38, 36, 38], "drums"),
    ):
        values = {head.name: np.zeros(head.shape(300), np.float16) for head in heads}
        sure = (0.9, 0.9, 0.9, 0.25)
        for begin, pitch, prob in zip((50, 100, 150, 200), pitches, sure, strict=True):
            column = heads[0].axis.pitches.index(pitch)
            values["onset"][begin, column] = prob
            values["velocity"][begin, column] = 0.6
            if "frame" in values:
                values["frame"][begin : begin + 20, column] = 0.9
        heard[model] = Activations(heads, values, grid, decoder=decoder)
    settings = {name: window.queue.engine.settings("", model=name) for name in heard}
    notes = {name: decode(heard[name], settings[name])[0] for name in heard}
    low = {name: settings[name].lowered(settings[name], 0.3) for name in heard}
    candidates = {
        name: candidates_beyond(decode(heard[name], low[name])[0], notes[name]) for name in heard
    }
    project = session.Document.create(session.AudioReference.read(recording))
    project.replace_transcription(
        Transcription(
            notes["piano"].joined(notes["drums"]).in_order(),
            duration=3.0,
            file=recording.name,
            model="piano+drums",
        ),
        candidates=list(candidates["piano"].joined(candidates["drums"])),
        settings=settings,
        activations={name: session.KeptActivations.of(its) for name, its in heard.items()},
    )
    path = project.path.with_name("band.amts")
    project.save_as(path)
    project.close()
    window.open_paths([path])
    finish()
    return window


def names(table) -> list[tuple[int, bool]]:
    return sorted((note.pitch, note.track.is_drums) for note in table)


def test_each_of_two_models_has_its_thresholds_overlays_and_undo(band, finish):
    document, panel = band.document, band.notes_panel
    assert [part.model for part in document.parts] == ["piano", "drums"]
    assert panel.model_tabs.isVisible()
    assert [panel.model_tabs.tabText(index) for index in (0, 1)] == ["Pitched notes", "Drums"]
    assert "onset_threshold" in panel.sliders
    assert list(panel.head_boxes) == ["onset", "offset", "frame"]
    before = names(document.notes)
    assert before == [(36, True), (36, True), (38, True), (60, False), (64, False), (67, False)]

    panel.model_tabs.setCurrentIndex(1)
    assert "snare_threshold" in panel.sliders
    assert list(panel.head_boxes) == ["onset"]
    panel.sliders["snare_threshold"].slider.setValue(20)
    finish()
    with_hit = sorted([*before, (38, True)])
    assert names(document.notes) == with_hit
    panel.model_tabs.setCurrentIndex(0)
    panel.sliders["onset_threshold"].slider.setValue(20)
    panel.model_tabs.setCurrentIndex(1)
    panel.sliders["snare_threshold"].slider.setValue(95)  # before the notes are kept
    finish()
    kicks = [name for name in before if name != (38, True)]
    assert names(document.notes) == sorted([*kicks, (72, False)])
    assert (38, True) in names(document.candidates)

    band.editor.undo()
    finish()
    assert panel.sliders["snare_threshold"].slider.value() == 20
    assert names(document.notes) == sorted([*with_hit, (72, False)])
    band.editor.undo()
    finish()
    assert names(document.notes) == with_hit
    assert names(document.candidates) == [(72, False)]
    band.editor.undo()
    finish()
    assert names(document.notes) == before
    assert names(document.candidates) == [(38, True), (72, False)]
    panel.model_tabs.setCurrentIndex(0)
    assert panel.sliders["onset_threshold"].slider.value() > 20


def test_who_turns_to_a_lane_gets_its_thresholds_and_its_next_doubtful_note(band, finish, qtbot):
    document, roll, panel = band.document, band.page.roll, band.notes_panel
    roll.show_range(0.0, 3.0)
    empty = roll.mapFromScene(roll.drums.box.mapViewToScene(QPointF(2.5, 0.0)))
    qtbot.mouseClick(roll.viewport(), Qt.MouseButton.LeftButton, pos=empty)
    assert document.foreground.model == "drums"
    assert panel.model_tabs.currentIndex() == 1
    band.editor.next_doubtful()
    (found,) = band.editor.selected_entries()
    assert (found.note.pitch, found.note.track.is_drums) == (38, True)
    band.editor.next_doubtful()
    assert "drum hit" in band.statusBar().currentMessage()

    keyed = [note for note in document.notes if note.pitch == 64]
    band.editor.selection.set([document.notes.id[document.notes.pitch == 64][0]])
    assert len(keyed) == 1
    assert document.foreground.model == "piano"
    band.editor.selection.clear()
    band.editor.next_doubtful()
    (found,) = band.editor.selected_entries()
    assert (found.note.pitch, found.note.track.is_drums) == (72, False)


def test_the_pointer_tells_what_the_model_of_its_lane_heard(band):
    roll = band.page.roll
    hit = roll.drums.hover_at(0.5, roll.drums.plane.rows.index(36))
    assert hit.activations == {"onset": pytest.approx(0.9, abs=1e-3)}
    assert roll.hover_at(0.5, 60).activations["frame"] == pytest.approx(0.9, abs=1e-3)
    band.notes_panel.head_boxes["onset"].setChecked(True)
    assert roll.activations.isVisible()
    assert roll.drums.activations.isVisible()


def test_a_project_that_kept_only_the_first_model_says_what_is_missing(window, finish, tmp_path):
    path = tmp_path / "old.amts"
    shutil.copyfile(PROJECTS / "format_3.amts", path)
    window.open_paths([path])
    finish()
    document, panel = window.document, window.notes_panel
    assert names(document.notes) == [(36, True)] * 3 + [(55, False), (58, False)]
    assert panel.again_label.isHidden()
    panel.sliders["onset_threshold"].slider.setValue(50)
    finish()
    assert names(document.notes) == [(36, True)] * 3 + [(55, False)]
    panel.model_tabs.setCurrentIndex(1)
    assert not any(slider.isEnabled() for slider in panel.sliders.values())
    assert not panel.again_label.isHidden()


def test_thresholds_move_again_where_another_transcription_was_cancelled(band, finish):
    document, panel = band.document, band.notes_panel
    panel.model_tabs.setCurrentIndex(1)
    band.queue.retry(band.item)
    assert not panel.sliders["snare_threshold"].isEnabled()
    band.queue.cancel(band.item)
    finish()
    assert document.foreground.model == "drums"
    assert panel.sliders["snare_threshold"].isEnabled()
    panel.sliders["snare_threshold"].slider.setValue(20)
    finish()
    assert names(document.notes).count((38, True)) == 2


def test_a_threshold_that_comes_back_where_it_was_leaves_notes_that_can_be_edited(band, finish):
    document, slider = band.document, band.notes_panel.sliders["onset_threshold"].slider
    before, start = names(document.notes), slider.value()
    ids = sorted(document.notes.id.tolist())
    slider.setValue(95)  # one note at the most
    while names(document.notes) == before:
        QApplication.processEvents()
    slider.setValue(start)  # before the notes are kept
    finish()
    assert names(document.notes) == before
    assert sorted(document.notes.id.tolist()) == ids
    assert 0 not in document.candidates.id
    band.editor.select_all()
    assert len(band.editor.selected_entries()) == len(before)


def test_a_threshold_that_moves_on_while_notes_are_kept_stays_where_the_user_puts_it(band, finish):
    document, slider = band.document, band.notes_panel.sliders["onset_threshold"].slider
    slider.setValue(20)
    while (72, False) not in names(document.notes):
        QApplication.processEvents()
    slider.setValue(21)
    document.keep_preview()  # what rests is kept before the next notes are decoded
    assert slider.value() == 21
    finish()
    assert slider.value() == 21
    assert document.project.source.settings_of("piano").onset_threshold == pytest.approx(0.21)


def test_thresholds_that_cannot_be_written_go_back_to_what_is_on_the_disk(band, finish):
    document, slider = band.document, band.notes_panel.sliders["onset_threshold"].slider
    before, start = names(document.notes), slider.value()
    told: list[Exception] = []
    band.editor.failed.disconnect(band.show_error)
    band.editor.failed.connect(told.append)
    path = document.project.path
    aside = path.rename(path.with_name("aside.amts"))
    slider.setValue(20)
    finish()
    assert len(told) == 1
    assert slider.value() == start
    assert names(document.notes) == before
    assert 0 not in document.notes.id
    aside.rename(path)
    slider.setValue(20)
    finish()
    assert names(document.notes) == sorted([*before, (72, False)])
    assert len(told) == 1
