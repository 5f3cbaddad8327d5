"""Thresholds, candidates, the read-out, export."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from amtstudio.decoding import decode
from amtstudio.formats import FORMATS, read_transcription
from amtstudio.ui.exporting import Exporter
from amtstudio.ui.roll.axes import SIDE_WIDTH
from amtstudio.ui.roll.note_colours import ColourBy


@pytest.fixture
def opened(window, finish, recording):
    window.open_paths([recording])
    finish()
    return window


def as_floats(notes):
    return [(note.onset, note.pitch, note.velocity) for note in notes]


def test_moving_the_onset_threshold_decodes_the_kept_activations_again(opened, finish):
    document = opened.document
    before = document.notes
    opened.notes_panel.sliders["onset_threshold"].slider.setValue(75)
    finish()

    settings = dataclasses.replace(document.default_settings, onset_threshold=0.75)
    expected, _ = decode(document.activations, settings)
    assert document.notes == tuple(expected)
    assert len(expected) < len(before)

    opened.notes_panel.reset_button.click()
    finish()
    assert document.notes == before
    assert opened.notes_panel.sliders["onset_threshold"].slider.value() == 40


def test_many_moves_at_once_end_with_the_last(opened, finish):
    document = opened.document
    for value in (20, 80, 30, 70, 60):
        opened.notes_panel.sliders["onset_threshold"].slider.setValue(value)
    finish()

    settings = dataclasses.replace(document.default_settings, onset_threshold=0.6)
    assert document.notes == tuple(decode(document.activations, settings)[0])


def test_a_minimum_length_leaves_short_notes_out(opened, finish):
    opened.notes_panel.sliders["drop_shorter_than_s"].slider.setValue(150)
    finish()

    assert len(opened.document.notes) > 0
    assert opened.document.notes.offset.min() > 0
    assert all(note.duration >= 0.15 for note in opened.document.notes)


def test_candidates_are_what_a_lower_threshold_would_find_in_addition(opened, finish):
    document = opened.document
    low = dataclasses.replace(document.settings, onset_threshold=0.2)
    found = as_floats(decode(document.activations, low)[0])
    notes, candidates = as_floats(document.notes), as_floats(document.candidates)

    assert candidates
    assert sorted({*notes, *candidates}) == sorted(set(found))
    assert not set(notes) & set(candidates)

    opened.notes_panel.sliders["onset_threshold"].slider.setValue(20)
    finish()
    assert as_floats(document.notes) == found
    assert len(document.candidates) == 0


def test_a_threshold_moved_while_the_work_goes_on_holds_for_the_result(
    window, finish, qtbot, recording
):
    window.open_paths([recording])
    window.notes_panel.sliders["onset_threshold"].slider.setValue(70)
    finish()

    document = window.document
    settings = dataclasses.replace(document.default_settings, onset_threshold=0.7)
    assert document.notes == tuple(decode(document.activations, settings)[0])


def test_the_read_out_tells_the_note_under_the_pointer(opened):
    note = max(opened.document.notes, key=lambda note: note.duration)
    roll = opened.page.roll
    middle = (note.onset + note.offset) / 2.0
    hover = roll.hover_at(middle, note.pitch + 0.2)

    assert hover.note == note
    assert not hover.is_candidate
    assert set(hover.activations) == {"onset", "frame", "offset"}
    scene = roll.box.mapViewToScene(QPointF(middle, note.pitch))
    roll._hover(scene)
    text = opened.page.read_out.text()
    assert f"({note.pitch})" in text
    assert f"velocity {note.velocity}" in text
    assert f"confidence {round(100 * note.confidence)} %" in text


def test_overlays_can_be_switched_on_once_there_are_activations(window, finish, recording):
    boxes = window.notes_panel.head_boxes
    window.open_paths([recording])
    assert not any(box.isEnabled() for box in boxes.values())
    finish()
    before = window.page.roll.grab().toImage()
    boxes["frame"].setChecked(True)
    overlaid = window.page.roll.grab().toImage()
    boxes["frame"].setChecked(False)

    assert overlaid != before
    assert window.page.roll.grab().toImage() == before


def test_colours_follow_confidence_where_that_is_chosen(opened):
    before = opened.page.roll.grab().toImage()
    opened.notes_panel.colour_box.setCurrentIndex(1)

    assert opened.notes_panel.colour_box.currentData() is ColourBy.CONFIDENCE
    assert opened.page.roll.grab().toImage() != before


def wheel(roll, modifiers, *, notches: int = 1) -> None:
    middle = QPointF(roll.viewport().rect().center())
    event = QWheelEvent(
        middle,
        roll.viewport().mapToGlobal(middle),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(roll.viewport(), event)


def test_wheel_keys_and_overview_move_the_view(opened, qtbot):
    roll = opened.page.roll
    roll.show_range(1.0, 2.0)
    wheel(roll, Qt.KeyboardModifier.NoModifier, notches=-1)
    assert roll.visible_range == pytest.approx((1.12, 2.12))

    wheel(roll, Qt.KeyboardModifier.ControlModifier)
    start, end = roll.visible_range
    assert end - start == pytest.approx(0.8)
    wheel(roll, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert roll.box.viewRange()[1][1] - roll.box.viewRange()[1][0] == pytest.approx(88 * 0.8)

    qtbot.keyClick(opened, Qt.Key.Key_F)
    assert roll.visible_range == pytest.approx((0.0, 3.0))
    assert roll.box.viewRange()[1] == pytest.approx([20.5, 108.5])
    roll.show_range(0.0, 1.0)
    qtbot.keyClick(opened, Qt.Key.Key_End)
    assert roll.visible_range == pytest.approx((2.0, 3.0))
    qtbot.keyClick(opened, Qt.Key.Key_Home)
    assert roll.visible_range == pytest.approx((0.0, 1.0))

    overview = opened.page.overview
    qtbot.mouseClick(
        overview,
        Qt.MouseButton.LeftButton,
        pos=QPoint(SIDE_WIDTH + (overview.width() - SIDE_WIDTH) // 2, 20),
    )
    assert roll.visible_range == pytest.approx((1.0, 2.0), abs=0.01)


def answer(monkeypatch, path, *, overwrite: bool | None = None) -> list[str]:
    """Let the file dialog name ``path``, and the question be answered; returns what was asked."""
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_options: (str(path), ""))

    def question(_parent, _title, text, *_args):
        asked.append(text)
        button = QMessageBox.StandardButton
        return button.Yes if overwrite else button.Cancel

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


@pytest.mark.parametrize("name", ["midi", "csv", "json", "jsonl"])
def test_exported_notes_can_be_read_back(opened, monkeypatch, tmp_path, name):
    suffix = {"midi": ".mid"}.get(name, f".{name}")
    answer(monkeypatch, tmp_path / "out")
    opened.exporter.ask_and_export(opened.document, name)

    read = read_transcription(tmp_path / f"out{suffix}")
    # By key first: rounded to the tick of a file, notes of a chord may come in another order.
    found = sorted((note.pitch, note.onset, note.velocity) for note in read.notes)
    expected = sorted((note.pitch, note.onset, note.velocity) for note in opened.document.notes)
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-3)
    assert "Saved" in opened.statusBar().currentMessage()


def test_the_export_menu_offers_every_format(opened, monkeypatch):
    offered = {action.whatsThis(): action for action in opened.findChildren(QAction)}
    whole, tracks = [], []
    monkeypatch.setattr(opened.exporter, "ask_and_export", lambda _, name: whole.append(name))
    monkeypatch.setattr(
        opened.exporter, "ask_and_export_tracks", lambda _, name: tracks.append(name)
    )
    for entry in FORMATS.values():
        offered[f"Export {entry.label}"].trigger()
        offered[f"Export {entry.label}, a file for each track"].trigger()
    assert whole == tracks == list(FORMATS)


def test_a_format_whose_package_is_missing_says_so_before_a_name_is_asked(opened, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: pytest.fail("asked"))
    failures = []
    exporter = Exporter(opened)
    exporter.failed.connect(failures.append)
    exporter.ask_and_export(opened.document, "pdf")
    (failure,) = failures
    assert "verovio" in failure.cause
    assert "pip install" in failure.hint


def test_a_file_is_not_overwritten_without_a_yes(opened, monkeypatch, tmp_path):
    (tmp_path / "out.mid").write_bytes(b"precious")
    asked = answer(monkeypatch, tmp_path / "out.mid", overwrite=False)
    opened.page.handle.click()
    assert asked == ["out.mid already exists. Replace it?"]
    assert (tmp_path / "out.mid").read_bytes() == b"precious"

    answer(monkeypatch, tmp_path / "out.mid", overwrite=True)
    opened.page.handle.click()
    assert len(read_transcription(tmp_path / "out.mid").notes) == len(opened.document.notes)


def test_an_export_that_fails_is_told(opened, monkeypatch, tmp_path, qtbot):
    answer(monkeypatch, tmp_path / "no such folder" / "out.mid")
    shown = []
    opened.exporter.failed.disconnect()
    opened.exporter.failed.connect(shown.append)
    opened.exporter.ask_and_export(opened.document, "midi")

    assert "no such folder" in str(shown[0])


def test_the_midi_that_is_dragged_out_bears_the_name_of_the_recording(opened, recording):
    (url,) = opened.page.handle.mime_data().urls()
    path = type(recording)(url.toLocalFile())

    assert path.name == f"{recording.stem}.mid"
    assert len(read_transcription(path).notes) == len(opened.document.notes)
    opened.close()
    assert not path.exists()


def test_the_picture_of_the_view_is_saved(opened, monkeypatch, tmp_path):
    answer(monkeypatch, tmp_path / "view.png")
    opened.exports.export_picture()

    assert (tmp_path / "view.png").read_bytes().startswith(b"\x89PNG")
