"""The user says who plays: at once from what was heard, or by transcribing again."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtWidgets import QMessageBox

from amtstudio import session
from amtstudio.decoding import Activations, DecodingSettings, decode
from amtstudio.errors import Cancelled
from amtstudio.features import FrameGrid
from amtstudio.models.melodic import MELODIC_HEADS
from amtstudio.symbolic import Note, NoteTable, Track, Transcription
from amtstudio.symbolic.families import FAMILIES
from amtstudio.symbolic.instruments import InstrumentActivity
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.ui.queue import State
from amtstudio.ui.transcribe.instruments_dialog import InstrumentsDialog
from amtstudio.workbench.transcribing import recall

DRUMS = Track.named("drums")
GRID = FrameGrid(16_000, 320)  # 20 ms
LOW, HIGH = 36, 72


def activations():
    """Two voices of six notes each, of which the model does not know who plays them."""
    n_frames = 150
    values = {head.name: np.zeros(head.shape(n_frames), np.float32) for head in MELODIC_HEADS}
    for number in range(6):
        for pitch in (LOW, HIGH):
            begin = 5 + 20 * number
            values["onset"][begin, pitch - 21] = 0.95
            values["frame"][begin : begin + 14, pitch - 21] = 0.95
            values["velocity"][begin, pitch - 21] = 0.6
    values["bend"][:] = 0.5
    values["family"][:] = 1.0 / len(FAMILIES)
    return Activations(MELODIC_HEADS, values, GRID)


@pytest.fixture
def band(window, finish, recording):
    settings = DecodingSettings()
    heard = activations()
    notes, _ = decode(heard, settings)
    assert len(notes) == 12
    hit = NoteTable.of([Note(0.5, 0.55, 36, track=DRUMS)])
    project = session.Document.create(session.AudioReference.read(recording))
    transcription = Transcription(
        notes.joined(hit), duration=3.0, file=recording.name, model="melodic+drums"
    )
    project.replace_transcription(
        transcription,
        settings=settings,
        activations=session.KeptActivations.of(heard, start=0.0, end=None),
    )
    window.show_item(window.queue.add_project(project))
    finish()
    window.document.recall(recall(project, window.queue.engine.suggested))
    finish()
    return window


def names(document):
    return {track.name: len(document.notes.of_track(track)) for track in document.notes.playing()}


def test_ticks_are_set_by_what_was_heard(band, qtbot):
    dialog = InstrumentsDialog(band.document)
    qtbot.addWidget(dialog)
    assert dialog.instruments == ()
    assert dialog.boxes["drums"].isChecked()
    assert not dialog.boxes["violin"].isChecked()
    dialog.chosen_button.setChecked(True)
    dialog.boxes["drums"].setChecked(False)
    ok = dialog.buttons.buttons()[0]
    assert not ok.isEnabled()
    for name in ("bass", "violin"):
        dialog.boxes[name].setChecked(True)
    assert ok.isEnabled()
    assert dialog.instruments == ("bass", "violin")
    assert "immediately" in dialog.hint.text()
    dialog.boxes["piano"].setChecked(True)
    dialog.boxes["bass"].setChecked(False)
    dialog.boxes["violin"].setChecked(False)
    assert "transcribed again" in dialog.hint.text()  # that is for the piano's own model


def test_chosen_instruments_part_the_notes_at_once_and_undo_brings_them_back(band, finish):
    document = band.document
    before = names(document)
    band.transcribe_actions.take_instruments(band.item, ("bass", "violin", "drums"))
    finish()
    assert names(document) == {"bass": 6, "violin": 6, "drums": 1}
    assert document.notes.of_track(Track.named("bass")).pitch.tolist() == [LOW] * 6
    band.transcribe_actions.take_instruments(band.item, ("flute",))
    finish()
    assert names(document) == {"flute": 12}
    assert document.asked_instruments == ("flute",)
    band.editor.undo()
    finish()
    assert document.asked_instruments == ("bass", "violin", "drums")
    band.editor.undo()
    finish()
    assert names(document) == before
    assert document.asked_instruments == ()  # and so it is when it is transcribed again


def test_a_choice_stays_when_thresholds_move_and_after_reopening(band, finish, tmp_path):
    document = band.document
    band.transcribe_actions.take_instruments(band.item, ("cello", "drums"))
    finish()
    document.change_settings(frame_threshold=0.45)
    finish()
    assert names(document) == {"cello": 12, "drums": 1}
    project = document.project
    project.save_as(tmp_path / "band.amts")
    kept = project.transcription()
    assert kept.metadata["instruments heard"] == "only cello"
    assert document.players.is_given


def test_what_was_not_heard_is_transcribed_again(band, finish, monkeypatch):
    asked = []
    monkeypatch.setattr(band.transcribe_actions, "ask_and_retry", asked.append)
    band.transcribe_actions.take_instruments(band.item, ("piano",))
    band.transcribe_actions.take_instruments(band.item, ())
    assert asked == [band.item, band.item]
    assert band.document.asked_instruments == ()


def test_candidates_outside_of_the_range_outlast_a_choice_of_instruments(band, finish):
    document = band.document
    low, high = Note(2.6, 2.7, LOW + 1), Note(2.6, 2.7, HIGH + 1)
    document.project.replace_transcription(
        document.transcription, candidates=[low, high], settings=document.settings
    )
    document.edits.undo()
    document.edits.redo()
    document.set_filter(NoteFilter(lowest=60))
    assert [note.pitch for note in document.candidates] == [high.pitch]
    document.part_among(("bass", "violin"))
    document.edits.wait()
    document.set_filter(NoteFilter())
    assert [note.pitch for note in document.candidates] == [low.pitch, high.pitch]


def test_before_there_are_notes_the_ticks_are_those_of_the_detector(window, recording, qtbot):
    document = window.queue.add(recording).document
    window.queue.cancel(window.queue.items[0])
    classes = ("banjo", "cymbals", "piano")
    document.set_instruments(
        InstrumentActivity(
            classes,
            [0.0],
            [1.0],
            [[0.1, 0.9, 0.8]],
            np.ones((1, 3)),
            [0.1, 0.9, 0.8],
            [0.5] * 3,
            1.0,
        )
    )
    dialog = InstrumentsDialog(document)
    qtbot.addWidget(dialog)
    ticked = {name for name, box in dialog.boxes.items() if box.isChecked()}
    assert ticked == {"drums", "piano"}
    assert "If that has already begun" in dialog.hint.text()


def test_a_choice_during_the_run_begins_it_again(window, qtbot, finish, recording, monkeypatch):
    asked = []

    def transcribe(*_args, instruments, is_cancelled, **_options):
        asked.append(instruments)
        while not is_cancelled():
            time.sleep(0.005)
        raise Cancelled

    monkeypatch.setattr("amtstudio.ui.queue.transcribe_checked", transcribe)
    window.open_paths([recording])
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=60_000)
    for instruments in ((), ("guitar",), ("guitar",)):
        window.transcribe_actions.take_instruments(window.item, instruments)
        qtbot.waitUntil(lambda: window.item.state is State.RUNNING, timeout=60_000)
    qtbot.waitUntil(lambda: len(asked) > 1, timeout=60_000)
    window.queue.cancel(window.item)
    finish()
    assert asked == [(), ("guitar",)]


def test_who_declines_another_run_keeps_the_instruments_of_before(band, finish, monkeypatch):
    key = int(band.document.notes.id[0])
    band.editor.take(session.Document.shift_octave, [key], 1)
    monkeypatch.setattr(QMessageBox, "question", lambda *_args: QMessageBox.StandardButton.Cancel)
    band.transcribe_actions.take_instruments(band.item, ("piano",))
    assert band.item.state is State.DONE
    assert band.document.asked_instruments == ()
