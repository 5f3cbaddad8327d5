"""Projects in the window: opening, saving, thresholds, missing and damaged files, former runs."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sqlite3
import threading
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton
from studio import Studio
from test_window_opening import drop, mime_of

from amtstudio import session
from amtstudio.decoding import decode
from amtstudio.errors import Cancelled
from amtstudio.session import NoteState
from amtstudio.symbolic import Note
from amtstudio.ui.queue import State
from amtstudio.ui.wait_dialog import WaitDialog

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(window, finish, recording):
    window.open_paths([recording])
    finish()
    return window


def answer(monkeypatch, path, *, yes: bool = True) -> list[str]:
    """Let file dialogs name ``path``, and questions be answered; returns what was asked."""
    asked = []
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_args, **_options: (str(path), ""))

    def question(_parent, _title, text, *_args):
        asked.append(text)
        button = QMessageBox.StandardButton
        return button.Yes if yes else button.Cancel

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def errors_of(window, monkeypatch) -> list[Exception]:
    shown = []
    monkeypatch.setattr(window, "show_error", shown.append)
    return shown


def test_a_transcription_is_kept_in_a_project_from_the_start(opened):
    document, project = opened.document, opened.document.project
    assert project.is_recovery
    assert project.transcription() == document.transcription
    assert project.audio.path == document.path
    assert project.source.settings == document.settings
    candidates = [e.note for e in project.notes.values() if e.state is NoteState.CANDIDATE]
    assert sorted(candidates) == sorted(document.candidates)
    # Nothing of the user's yet: no mark, nothing to lose.
    assert not opened.isWindowModified()


def test_edits_survive_moved_thresholds_and_another_transcription(opened, finish):
    document, project = opened.document, opened.document.project
    victim, other = sorted(document.notes.id.tolist())[:2]
    heard = project.notes[victim].note
    opened.editor.selection.set([victim])
    opened.editor.shift_octave(1)
    opened.editor.selection.set([other])
    opened.editor.delete()
    gone = project.notes[other].original
    opened.editor.add_note(30, 0.5, 0.9)

    opened.notes_panel.sliders["onset_threshold"].slider.setValue(30)
    finish()
    settings = dataclasses.replace(document.default_settings, onset_threshold=0.3)
    decoded = decode(document.activations, settings)[0]
    shown = document.notes
    assert project.source.settings == settings
    assert project.undo_text == "Change Thresholds"
    kept = {(n.onset, n.pitch) for n in shown}
    assert (heard.onset, heard.pitch + 12) in kept
    assert (heard.onset, heard.pitch) not in kept
    assert (gone.onset, gone.pitch) not in kept
    assert (0.5, 30) in kept
    assert kept >= {(n.onset, n.pitch) for n in decoded} - {
        (heard.onset, heard.pitch),
        (gone.onset, gone.pitch),
    }
    assert (document.notes.id > 0).all()

    opened.editor.undo()
    assert document.settings == document.default_settings
    assert opened.notes_panel.sliders["onset_threshold"].slider.value() == 40
    finish()
    assert project.redo_text == "Change Thresholds"  # and nothing was decoded in its place

    opened.transcribe_actions.retry()
    finish()
    assert (0.5, 30) in {(n.onset, n.pitch) for n in document.notes}
    assert project.notes[victim].state is NoteState.EDITED


def test_an_edit_right_after_a_moved_threshold_finds_its_note(opened, qtbot):
    document = opened.document
    with qtbot.waitSignal(document.notes_changed):
        opened.notes_panel.sliders["onset_threshold"].slider.setValue(30)
    opened.editor.select_all()
    assert len(opened.editor.selection) == len(document.notes)
    opened.editor.selection.set([int(document.notes.id[0])])
    before = document.notes[0]
    opened.editor.shift_octave(1)
    assert document.project.notes[int(document.notes.id[0])].original == before


def test_save_asks_for_a_name_once_and_the_title_tells(
    editing, qtbot, finish, monkeypatch, tmp_path
):
    editing.editor.selection.set([1])
    editing.editor.shift_octave(1)
    assert editing.isWindowModified()
    asked = answer(monkeypatch, tmp_path / "my take")
    qtbot.keyClick(editing, Qt.Key.Key_S, CTRL)
    finish()
    path = tmp_path / "my take.amts"
    assert editing.document.project.path == path
    assert not editing.isWindowModified()
    assert editing.windowTitle() == "my take.amts[*] — AMT Studio"
    assert "Saved" in editing.statusBar().currentMessage()
    assert not list(session.recovery_dir().glob("*.amts"))
    assert asked == []

    monkeypatch.setattr(QFileDialog, "getSaveFileName", None)  # it does not ask again
    editing.editor.shift_octave(1)
    assert editing.isWindowModified()  # kept already, but not what was saved by hand
    qtbot.keyClick(editing, Qt.Key.Key_S, CTRL)
    assert not editing.isWindowModified()
    editing.close()
    with session.Document.open(path) as project:
        assert project.notes[1].note.pitch == 84
        assert project.undo_text == "Octave up a note"


def test_edits_since_the_last_save_can_be_taken_back_together_and_brought_back(
    editing, finish, monkeypatch, tmp_path
):
    revert = editing.opening_feature.revert
    editing.editor.selection.set([1])
    editing.editor.shift_octave(1)
    assert not revert.isEnabled()  # nothing was saved that one could go back to
    answer(monkeypatch, tmp_path / "take.amts")
    editing.project_actions.save()
    finish()
    assert not revert.isEnabled()
    editing.editor.shift_octave(-1)
    editing.editor.selection.set([2])
    editing.editor.delete()
    editing.editor.add_pedal(2.0, 2.5)
    assert editing.isWindowModified()
    revert.trigger()
    finish()
    assert [note.pitch for note in editing.document.notes] == [72, 64, 67, 60]
    assert len(editing.document.pedals) == 1
    assert not editing.isWindowModified()
    assert not revert.isEnabled()
    assert "Undo brings your edits back" in editing.statusBar().currentMessage()
    assert editing.edit_menu.undo.text() == "&Undo: Revert to Saved"
    editing.edit_menu.undo.trigger()
    finish()
    assert [note.pitch for note in editing.document.notes] == [60, 67, 60]
    assert len(editing.document.pedals) == 2
    assert editing.isWindowModified()
    assert revert.isEnabled()


def test_a_project_is_not_saved_over_a_file_without_a_yes(editing, monkeypatch, tmp_path):
    path = tmp_path / "other.amts"
    path.write_bytes(b"precious")
    asked = answer(monkeypatch, path, yes=False)
    editing.project_actions.save_as()
    assert asked == ["other.amts already exists. Replace it?"]
    assert path.read_bytes() == b"precious"
    assert editing.document.project.is_recovery


def test_a_save_that_fails_is_told_and_loses_nothing(editing, finish, monkeypatch, tmp_path):
    shown = errors_of(editing, monkeypatch)
    answer(monkeypatch, tmp_path / "no such folder" / "a.amts")
    editing.project_actions.save()
    finish()
    assert "no folder" in str(shown[0])
    assert editing.document.project.is_recovery
    assert editing.document.can_edit


def waiting(window) -> WaitDialog | None:
    """The dialog of what is under way, once it is seen."""
    shown = [dialog for dialog in window.findChildren(WaitDialog) if dialog.isVisible()]
    return shown[0] if shown else None


def test_the_window_goes_on_while_a_project_is_saved(editing, qtbot, finish, monkeypatch, tmp_path):
    path, may_go_on, save_as = tmp_path / "far.amts", threading.Event(), session.Document.save_as

    def slow(project, *args, **options) -> None:
        assert threading.current_thread() is not threading.main_thread()
        assert may_go_on.wait(60.0)
        save_as(project, *args, **options)

    monkeypatch.setattr(session.Document, "save_as", slow)
    answer(monkeypatch, path)
    editing.project_actions.save_as()  # returns at once
    assert not path.exists()
    qtbot.waitUntil(lambda: waiting(editing) is not None, timeout=60_000)
    dialog = waiting(editing)
    assert "far.amts" in dialog.labelText()
    dialog.reject()  # there is no stopping it
    assert dialog.isVisible()
    assert not editing.is_settled
    editing.grab()  # to paint the window asks nothing of the project
    may_go_on.set()
    finish()
    assert path.exists()
    assert waiting(editing) is None
    assert editing.windowTitle() == "far.amts[*] — AMT Studio"


@pytest.fixture
def saved(project, tmp_path):
    """A project with an edit, closed."""
    project.shift_octave([1], 1)
    project.save_as(tmp_path / "take.amts")
    project.close()
    return tmp_path / "take.amts"


def test_a_dropped_project_is_opened_with_its_edits_and_its_recording(window, finish, saved):
    drop(window, mime_of(saved))
    finish()
    assert window.windowTitle() == "take.amts[*] — AMT Studio"
    assert window.item.state is State.DONE
    assert 72 in window.document.notes.pitch
    assert window.document.spectrogram.n_columns > 0
    assert window.edit_menu.undo.text() == "&Undo: Octave up a note"
    assert not window.page.banner.isVisible()
    assert [a.toolTip() for a in window.opening_feature.recent_menu.actions()] == [str(saved)]
    # Dropped again it is shown, not opened twice.
    drop(window, mime_of(saved))
    finish()
    assert len(window.queue.items) == 1


def test_a_project_that_is_dropped_twice_at_once_is_opened_once(window, finish, saved):
    failed = []
    window.projects.failed.disconnect()
    window.projects.failed.connect(lambda *told: failed.append(told))
    window.open_paths([saved, saved])
    window.open_paths([saved])  # while it is being read
    finish()
    assert failed == []
    assert len(window.queue.items) == 1
    assert 72 in window.document.notes.pitch


def test_a_project_can_be_transcribed_again_and_keeps_the_edits(window, finish, saved):
    window.open_paths([saved])
    finish()
    assert window.document.activations is None
    panel = window.notes_panel
    assert not panel.sliders["onset_threshold"].isEnabled()
    assert panel.again_label.isVisible()
    window.transcribe_actions.retry()
    finish()
    assert panel.sliders["onset_threshold"].isEnabled()
    assert not panel.again_label.isVisible()
    assert window.item.state is State.DONE
    assert window.document.activations is not None
    assert window.document.project.notes[1].state is NoteState.EDITED
    assert (0.2, 72) in {(n.onset, n.pitch) for n in window.document.notes}
    assert window.document.project.undo_text == "Transcribe"


def test_a_project_whose_recording_is_missing_says_so_and_finds_it_again(
    window, finish, saved, recording, monkeypatch, tmp_path
):
    elsewhere = tmp_path / "elsewhere.wav"
    shutil.move(recording, elsewhere)
    window.open_paths([saved])
    finish()
    banner = window.page.banner
    assert banner.isVisible()
    assert f"{recording.name} is not where it was" in banner.label.text()
    assert window.page.roll.box.duration == pytest.approx(3.0)
    window.editor.selection.set([1])
    window.editor.shift_octave(-1)
    assert 60 in window.document.notes.pitch

    answer(monkeypatch, elsewhere)
    banner.buttons[0].click()
    finish()
    assert not banner.isVisible()
    assert window.document.path == elsewhere
    assert window.document.spectrogram.n_columns > 0


def test_a_message_that_was_closed_stays_closed_for_its_document(
    window, finish, saved, recording, monkeypatch, tmp_path
):
    shutil.move(recording, tmp_path / "elsewhere.wav")
    other = tmp_path / "other.amts"
    shutil.copyfile(saved, other)
    banner = window.page.banner
    window.open_paths([saved])
    finish()
    first = window.item
    banner._close.click()
    assert not banner.isVisible()
    window.editor.selection.set([1])
    window.editor.shift_octave(-1)
    assert not banner.isVisible()
    window.open_paths([other])
    finish()
    assert window.item is not first
    assert banner.isVisible()  # said of the other document
    window.show_item(first)
    assert not banner.isVisible()


def test_below_a_closed_message_is_the_next_one(window, finish, saved, recording):
    recording.unlink()
    with sqlite3.connect(saved) as connection:
        connection.execute("UPDATE note SET pitch = 61 WHERE id = 2")
    connection.close()
    window.open_paths([saved])
    finish()
    banner = window.page.banner
    assert "open for reading only" in banner.label.text()
    banner._close.click()
    assert banner.isVisible()
    assert "is not where it was" in banner.label.text()
    banner._close.click()
    assert not banner.isVisible()


def test_the_recording_can_be_found_after_the_message_was_closed(
    window, finish, saved, recording, monkeypatch, tmp_path
):
    elsewhere = tmp_path / "elsewhere.wav"
    shutil.move(recording, elsewhere)
    window.open_paths([saved])
    finish()
    window.page.banner._close.click()
    entry = window.opening_feature.find
    assert entry.isEnabled()
    answer(monkeypatch, elsewhere)
    entry.trigger()
    finish()
    assert window.document.path == elsewhere
    assert not entry.isEnabled()


def test_another_recording_is_not_taken_without_a_yes(
    window, finish, saved, recording, monkeypatch, tmp_path
):
    tagged = tmp_path / "tagged.wav"
    tagged.write_bytes(recording.read_bytes() + b"LIST\x04\x00\x00\x00INFO")
    recording.unlink()
    window.open_paths([saved])
    finish()
    asked = answer(monkeypatch, tagged, yes=False)
    window.projects.ask_and_relink(window.document)
    finish()
    assert "is not the recording that was transcribed: its bytes differ" in asked[0]
    assert window.page.banner.isVisible()
    answer(monkeypatch, tagged, yes=True)
    window.projects.ask_and_relink(window.document)
    finish()
    assert window.document.path == tagged


def test_looking_through_a_recording_can_be_stopped(
    window, qtbot, finish, saved, recording, monkeypatch, tmp_path
):
    elsewhere = tmp_path / "elsewhere.wav"
    shutil.move(recording, elsewhere)
    window.open_paths([saved])
    finish()

    def slow(path, *, on_progress, is_cancelled):
        on_progress(30.0, 100.0)
        while not is_cancelled():
            time.sleep(0.001)
        raise Cancelled

    monkeypatch.setattr(session.AudioReference, "read", slow)
    answer(monkeypatch, elsewhere)
    window.projects.ask_and_relink(window.document)
    qtbot.waitUntil(lambda: waiting(window) is not None, timeout=60_000)
    dialog = waiting(window)
    qtbot.waitUntil(lambda: dialog.value() == 300)
    dialog.findChild(QPushButton).click()
    finish()
    assert waiting(window) is None
    assert window.page.banner.isVisible()
    assert window.document.path != elsewhere


def test_a_damaged_project_is_open_for_reading_and_says_why(
    window, finish, saved, monkeypatch, tmp_path
):
    with sqlite3.connect(saved) as connection:
        connection.execute("UPDATE note SET pitch = 61 WHERE id = 2")
    connection.close()
    before = saved.read_bytes()
    window.open_paths([saved])
    finish()
    banner = window.page.banner
    assert "open for reading only" in banner.label.text()
    assert "1 of 5 notes cannot be read" in banner.label.text()
    assert len(window.document.notes) == 3
    assert not window.edit_menu.undo.isEnabled()
    window.editor.selection.set([1])
    window.editor.shift_octave(1)
    assert "for reading only" in window.statusBar().currentMessage()
    assert saved.read_bytes() == before

    answer(monkeypatch, tmp_path / "copy.amts")
    banner.buttons[0].click()
    finish()
    assert not banner.isVisible()
    assert window.document.can_edit
    window.editor.shift_octave(1)
    assert window.document.project.path == tmp_path / "copy.amts"
    assert 84 in window.document.notes.pitch


def test_what_is_no_project_is_told(window, finish, monkeypatch, tmp_path):
    shown = errors_of(window, monkeypatch)
    bad = tmp_path / "letter.amts"
    bad.write_text("Dear Clara")
    window.open_paths([bad])
    finish()
    assert "is not a project" in str(shown[0])
    assert window.item is None


def test_unsaved_work_of_a_former_run_is_offered_once(
    window, finish, project, qtbot, tmp_path, monkeypatch
):
    untouched = session.Document.create(project.audio)
    untouched.replace_transcription(project.transcription())
    untouched.close()
    project.shift_octave([1], 1)
    project.close()
    window.projects.look_for_recoverable()
    finish()
    assert window.offer_banner.isVisible()
    assert "are kept but not yet saved to" in window.offer_banner.label.text()
    # Both can be had from the menu, but only work of the user's is offered.
    assert len(window.opening_feature.unsaved_menu.actions()) == 2
    window.offer_banner.buttons[0].click()
    finish()
    assert not window.offer_banner.isVisible()
    assert len(window.queue.items) == 1
    assert 72 in window.document.notes.pitch
    assert window.isWindowModified()


def test_an_offer_that_was_closed_does_not_come_back(window, finish, project):
    project.shift_octave([1], 1)
    project.close()
    window.projects.look_for_recoverable()
    finish()
    window.offer_banner._close.click()
    window.projects.look_for_recoverable()
    finish()
    assert not window.offer_banner.isVisible()
    assert len(window.opening_feature.unsaved_menu.actions()) == 1


def test_closing_the_window_keeps_what_has_no_name_and_asks_nothing(
    editing, qtbot, finish, monkeypatch
):
    monkeypatch.setattr(QMessageBox, "exec", None)
    editing.editor.selection.set([1])
    editing.editor.shift_octave(1)
    editing.close()
    other = Studio(editing.queue.engine)
    qtbot.addWidget(other)
    other.projects.look_for_recoverable()
    qtbot.waitUntil(lambda: len(other.projects.recoverable) == 1)
    assert other.projects.edited_recoverable[0].n_notes == 4
    other.close()


def test_removing_a_row_leaves_the_work_and_takes_a_mere_transcription_away(
    editing, finish, recording
):
    editing.editor.add_note(40, 1.0)
    editing.open_paths([recording])
    finish()
    assert len(list(session.recovery_dir().glob("*.amts"))) == 2
    for item in list(editing.queue.items):
        editing.queue.remove(item)
    (kept,) = session.find_recoverable()
    assert kept.has_decisions


def test_old_mere_transcriptions_go_and_work_stays(project):
    project.add(Note(1.0, 2.0, 50))
    project.close()
    edited = project.path
    paths = []
    for number in range(4):
        with session.Document.create(project.audio) as document:
            document.replace_transcription(project.transcription())
            paths.append(document.path)
        # Not in the order of their names: the second is the oldest, then the fourth.
        changed = 1_000_000 + (30, 10, 40, 20)[number]
        os.utime(document.path, (changed, changed))
    os.utime(edited, (1, 1))  # older than all, and the user's
    session.remove_untouched(keep=2)
    assert {document.path for document in session.find_recoverable()} == {
        edited,
        paths[0],
        paths[2],
    }
    assert not any(paths[at].exists() for at in (1, 3))


def test_where_edits_cannot_be_kept_the_notes_are_shown_and_it_is_said(
    window, finish, recording, monkeypatch, tmp_path
):
    (tmp_path / "a file").write_text("no folder")
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "a file"))
    window.open_paths([recording])
    finish()
    assert len(window.document.notes) > 0
    assert "Edits cannot be kept" in window.page.message_label.text()
    assert not window.document.can_edit


def test_a_project_opened_again_moves_its_thresholds_and_shows_what_the_model_heard(
    opened, finish, tmp_path, monkeypatch
):
    document, path = opened.document, tmp_path / "kept.amts"
    answer(monkeypatch, path)
    opened.project_actions.save_as()
    finish()
    heard, shown = document.activations, document.notes
    opened.queue.remove(opened.item)

    opened.open_paths([path])
    finish()
    again, panel = opened.document, opened.notes_panel
    assert again is not document
    assert again.notes == shown
    assert again.project.redo_text is None  # opening it is not a step
    assert panel.sliders["onset_threshold"].isEnabled()
    assert not panel.again_label.isVisible()
    assert panel.head_boxes["onset"].isEnabled()
    for head, picture in document.pictures.items():
        assert again.pictures[head].n_columns == picture.n_columns

    panel.sliders["onset_threshold"].slider.setValue(25)
    finish()
    settings = dataclasses.replace(again.default_settings, onset_threshold=0.25)
    notes = decode(heard, settings)[0]
    places = {(n.onset, n.offset, n.pitch, n.velocity) for n in again.notes}
    assert len(notes) > len(shown)
    assert places == {(n.onset, n.offset, n.pitch, n.velocity) for n in notes}
    assert again.project.undo_text == "Change Thresholds"


def test_a_part_that_was_transcribed_stays_the_part_whose_thresholds_move(
    opened, finish, tmp_path, monkeypatch
):
    path, document = tmp_path / "part.amts", opened.document
    opened.queue.transcribe_part(opened.item, 1.0, 2.0)
    finish()
    before = [n for n in document.notes if n.onset < 1.0 or n.onset >= 2.0]
    assert before
    answer(monkeypatch, path)
    opened.project_actions.save_as()
    finish()
    opened.queue.remove(opened.item)

    opened.open_paths([path])
    finish()
    again = opened.document
    assert again.span == (1.0, 2.0)
    opened.notes_panel.sliders["onset_threshold"].slider.setValue(10)
    finish()
    after = [n for n in again.notes if n.onset < 1.0 or n.onset >= 2.0]
    assert after == before


def test_the_thresholds_of_a_project_that_may_not_change_stay_where_they_are(
    opened, finish, tmp_path, monkeypatch
):
    path = tmp_path / "held.amts"
    answer(monkeypatch, path)
    opened.project_actions.save_as()
    finish()
    opened.queue.remove(opened.item)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE note SET pitch = 61 WHERE id = 1")
    connection.close()
    opened.open_paths([path])
    finish()
    assert opened.document.project.is_read_only
    assert opened.document.activations is not None
    assert not opened.notes_panel.sliders["onset_threshold"].isEnabled()
    assert opened.notes_panel.head_boxes["frame"].isEnabled()
