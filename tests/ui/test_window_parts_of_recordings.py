"""Transcribing a part of a recording."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDialogButtonBox, QPushButton

from amtstudio.decoding import decode
from amtstudio.engine import load_transcriber
from amtstudio.ui.document import Document
from amtstudio.ui.queue import State
from amtstudio.ui.transcribe.part_dialog import PartDialog
from amtstudio.ui.transcribe.time_box import TimeBox, seconds_of


def within(notes, begin: float, end: float) -> list:
    return [note for note in notes if begin <= note.onset < end]


def test_a_part_gives_the_notes_that_the_engine_finds_in_it(window, finish, recording, model_file):
    window.open_paths([recording])
    finish()
    whole = window.document.notes
    window.queue.transcribe_part(window.item, 1.0, 2.0)
    finish()

    transcriber = load_transcriber(model_file, device="cpu")
    expected = transcriber.transcribe_file(recording, start=1.0, end=2.0).transcription
    shown = window.document.transcription.notes
    # At the edges a note that the rest has already, up to 50 ms away, is not taken twice.
    assert within(shown, 1.06, 1.94) == within(expected.notes, 1.06, 1.94)
    assert within(shown, 0.0, 1.0) == within(whole, 0.0, 1.0)  # the rest stays as it was
    assert within(shown, 2.0, 9.0) == within(whole, 2.0, 9.0)
    assert len(within(shown, 1.06, 1.94)) > 0
    assert window.document.duration == 3.0
    assert window.page.roll.span_shade.isVisible()

    window.queue.transcribe_part(window.item, 0.0, None)
    finish()
    assert window.document.notes == whole
    assert not window.page.roll.span_shade.isVisible()


def test_thresholds_and_overlays_work_on_a_part(window, finish, recording):
    window.open_paths([recording])
    window.queue.transcribe_part(window.item, 1.0, 2.5)
    finish()
    window.notes_panel.sliders["onset_threshold"].slider.setValue(70)
    finish()

    document = window.document
    settings = dataclasses.replace(document.default_settings, onset_threshold=0.7)
    assert document.notes == tuple(decode(document.activations, settings)[0])
    grid = document.activations.grid
    assert window.page.roll.activations.x() == pytest.approx(
        document.activations.first_frame * grid.hop_length / grid.sample_rate
    )
    assert window.page.roll.activations.x() == pytest.approx(1.0, abs=0.05)
    window.notes_panel.head_boxes["frame"].setChecked(True)
    note = max(document.notes, key=lambda note: note.confidence)
    assert window.page.roll.hover_at(note.onset, note.pitch).activations["onset"] > 0.5


def test_a_part_of_what_is_at_work_begins_after_the_cancel(window, qtbot, finish, long_recording):
    window.open_paths([long_recording])
    item = window.item
    qtbot.waitUntil(lambda: item.done_s > 0.0, timeout=60_000)
    window.queue.transcribe_part(item, 20.0, 25.0)
    finish()

    assert item.state is State.DONE
    assert window.document.transcription.duration == 25.0
    assert min(note.onset for note in window.document.notes) > 19.9
    assert window.page.roll.visible_range == pytest.approx((20.0, 25.0))


@pytest.fixture
def dialog(qtbot, recording):
    document = Document(recording)
    document._duration_read = 100.0
    dialog = PartDialog(document, view=(40.0, 60.0), selection=(12.5, 20.0))
    qtbot.addWidget(dialog)
    return dialog


def press(dialog: PartDialog, text: str) -> None:
    (button,) = (
        button
        for button in dialog.findChildren(QPushButton)
        if button.text().replace("&", "") == text
    )
    button.click()


def test_the_dialog_begins_with_the_marked_part_and_offers_others(dialog):
    assert dialog.span == (12.5, 20.0)
    press(dialog, "What the view shows")
    assert dialog.span == (40.0, 60.0)
    press(dialog, "First 30 seconds")
    assert dialog.span == (0.0, 30.0)
    press(dialog, "All")
    assert dialog.span == (0.0, None)
    press(dialog, "The marked part")
    assert dialog.span == (12.5, 20.0)


def test_the_dialog_takes_typed_times_and_refuses_a_part_without_length(dialog, qtbot):
    ok = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    for box, text in ((dialog.begin_box, "1:05.5"), (dialog.end_box, "70")):
        box.selectAll()
        qtbot.keyClicks(box, text)
        qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert dialog.span == (65.5, 70.0)
    assert ok.isEnabled()

    dialog.end_box.setValue(65.5)
    assert not ok.isEnabled()
    assert dialog.message_label.text() == "The end must come after the start."


def test_times_are_read_as_people_write_them(qtbot):
    texts = ("75", " 1:15 ", "0:01:15,5", "1:00:00", "2.", "1:75")
    assert [seconds_of(text) for text in texts] == [75.0, 75.0, 75.5, 3600.0, 2.0, 135.0]
    assert [seconds_of(text) for text in ("", "1:", "a", "1:2:3:4", "-1", "9999999")] == [None] * 6
    box = TimeBox("From")
    qtbot.addWidget(box)
    assert box.validate("1:", 2)[0] == QValidator.State.Intermediate
    assert box.validate("1:x", 3)[0] == QValidator.State.Invalid
    assert box.textFromValue(3725.25) == "1:02:05.25"


def test_a_stretch_that_is_none_is_refused(recording):
    document = Document(recording)
    with pytest.raises(ValueError, match=r"need 0 <= start < end, got 2\.0 and 1\.0"):
        document.set_span(2.0, 1.0)
