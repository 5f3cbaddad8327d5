"""The score in the window: engraved when asked for, and in step with everything else."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
from PySide6.QtCore import QPointF, Qt

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.notation.tablature import GUITARS
from amtstudio.symbolic import NO_CHOICES, Note, ScoreChoices, TempoMap, Transcription
from amtstudio.symbolic.keys import Key
from amtstudio.ui.key_menu import KeyMenu

pytest.importorskip("verovio", reason="needs the extra score")


@pytest.fixture
def project(tmp_path):
    """A project of two minutes with beats."""
    recording = tmp_path / "walk.wav"
    soundfile.write(recording, np.zeros(120 * 8000), 8000)
    project = session.Document.create(session.AudioReference.read(recording))
    notes = [Note(0.5 * i, 0.5 * i + 0.45, 48 + (7 * i) % 30) for i in range(240)]
    beats = np.arange(241) * 0.5
    transcription = Transcription(
        notes,
        duration=120.0,
        file=recording.name,
        model="piano",
        tempo=TempoMap(beats, np.arange(241) % 4 == 0),
    )
    project.replace_transcription(transcription, settings=DecodingSettings())
    yield project
    project.close()


@pytest.fixture
def score(editing, finish):
    editing.score_dock.show()
    finish()
    return editing.score_panel


def test_it_is_closed_until_asked_for_and_costs_nothing(editing, finish):
    assert editing.score_dock.isHidden()
    assert editing.score_panel.view.sheets == []
    (action,) = [a for a in editing.menus.all if a.text() == "Score"]
    action.trigger()
    finish()
    assert editing.score_panel.view.sheets


def test_every_note_is_on_its_pages_in_the_order_of_time(score, editing):
    rows = [row for sheet in score.view.sheets for row in sheet.heads]
    assert sorted(rows) == list(range(len(editing.document.notes)))
    assert len(score.view.sheets) > 1
    assert score.page_label.text() == f"Page 1 of {len(score.view.sheets)}"


def test_a_click_on_a_note_selects_it_and_the_roll_shows_it(score, editing, qtbot):
    row = max(score.view.sheets[0].heads)
    score.view.reveal(row)
    place = score.view.point_of(row)
    qtbot.mouseClick(score.view.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    assert editing.editor.selection.ids == {int(editing.document.notes.id[row])}
    start, end = editing.page.roll.visible_range
    assert start <= editing.document.notes.onset[row] < end


def test_a_note_selected_in_the_roll_is_found_in_the_score(score, editing):
    row = max(score.view.sheets[-1].heads)
    editing.editor.selection.set([int(editing.document.notes.id[row])])
    assert score.view.page == len(score.view.sheets)
    place = score.view.point_of(row)
    assert score.view.viewport().rect().contains(place.toPoint())
    assert score.view.row_under(place) == row


def test_the_cursor_stands_at_what_is_played_and_turns_pages(score, editing):
    first = score.view.sheets[0]
    editing.playback.seek(2.0)
    x, top, bottom = first.cursor_at(2.0)
    assert x == pytest.approx(first.heads[4][0])
    assert top < bottom
    late = len(editing.document.notes) - 2
    score.view.set_time(float(editing.document.notes.onset[late]))
    assert score.view.page == len(score.view.sheets)


def test_options_change_the_score_here_and_in_files_and_are_kept(
    score, editing, finish, tmp_path, monkeypatch
):
    from amtstudio.ui.exporting import Exporter  # noqa: PLC0415

    shapes = [len(sheet.drawing.shapes) for sheet in score.view.sheets]
    score.options.switches["dynamics"].trigger()
    finish()
    assert [len(sheet.drawing.shapes) for sheet in score.view.sheets] != shapes
    path = tmp_path / "walk.musicxml"
    monkeypatch.setattr(Exporter, "ask_path", lambda *_: path)
    editing.exports.export("musicxml")
    assert b"<dynamics>" not in path.read_bytes()
    assert editing.preferences.settings.score == "triplets swing pedal"
    score.options.switches["dynamics"].trigger()
    path.unlink()
    editing.exports.export("musicxml")
    assert b"<dynamics>" in path.read_bytes()


def test_a_guitar_is_written_as_tablature(score, editing, finish):
    (track,) = editing.document.shown_tracks
    editing.editor.take(session.Document.set_program, track, 25)
    finish()
    fewer = {text.text for sheet in score.view.sheets for text in sheet.drawing.texts}
    score.options.switches["tablature"].trigger()
    finish()
    texts = {text.text for sheet in score.view.sheets for text in sheet.drawing.texts}
    assert texts - fewer >= {"0", "3"}  # frets
    assert score.settings.tablature


def test_a_tuning_is_of_the_project_and_of_new_ones_only_when_asked(score, editing, finish):
    (track,) = editing.document.shown_tracks
    editing.editor.take(session.Document.set_program, track, 25)
    options, project = score.options, editing.document.project
    options.switches["tablature"].trigger()
    assert not options.for_new.isEnabled()
    drop_d = GUITARS["drop d"]
    options.choices["guitar"][drop_d].trigger()
    options.choices["capo"][1].trigger()
    finish()
    assert project.score_choices == ScoreChoices(guitar=drop_d, capo=1)
    kept = editing.preferences.settings
    assert kept.score == "triplets swing dynamics pedal tablature"
    editing.editor.undo()
    finish()
    assert score.settings.guitar == drop_d
    assert score.settings.capo == 0
    assert options.choices["capo"][0].isChecked()
    options.for_new.trigger()
    assert "guitar=38-45-50-55-59-64" in editing.preferences.settings.score
    assert not options.for_new.isEnabled()
    editing.editor.undo()  # it is still that of new ones
    finish()
    assert project.score_choices == NO_CHOICES
    assert score.settings.guitar == drop_d


def test_the_key_is_chosen_beside_the_time_signature_or_above_the_pages(score, editing, finish):
    def signs():
        return len(score.view.sheets[0].drawing.shapes)

    before = signs()
    (beats,) = (menu for menu in editing.findChildren(KeyMenu) if menu is not score.options.keys)
    plain = Key(0, "major")  # the notes suggest five flats
    beats.actions_of[plain].trigger()
    finish()
    assert signs() != before
    assert score.options.keys.actions_of[plain].isChecked()
    score.options.keys.actions_of[Key(1, "minor")].trigger()
    finish()
    assert editing.document.project.score_choices == ScoreChoices(Key(1, "minor"))
    beats.aboutToShow.emit()
    assert beats.actions_of[Key(1, "minor")].isChecked()
    assert editing.editor.undo_text == "Change the key"
    editing.editor.undo()
    editing.editor.undo()
    finish()
    assert signs() == before
    assert score.settings.key is None


def test_a_note_goes_to_the_left_hand_in_the_engraved_score_and_back(score, editing, finish):
    row = 17  # the highest of the first page, in the right hand
    key = int(editing.document.notes.id[row])
    before = score.view.sheets[0].heads[row][1]
    editing.editor.selection.set([key])
    (action,) = [a for a in editing.menus.all if a.text() == "&Left Hand"]
    action.trigger()
    finish()
    assert editing.document.project.staff_places[key].hand == 2
    after = score.view.sheets[0].heads[row][1]
    assert after > before  # further down the page
    assert editing.editor.undo_text == "Left Hand"
    editing.editor.undo()
    finish()
    assert score.view.sheets[0].heads[row][1] == pytest.approx(before)


def test_pages_and_size(score, editing, finish, qtbot):
    assert not score.before.isEnabled()
    score.next.click()
    assert score.view.page == 2
    score.before.click()
    assert score.view.page == 1
    width = score.view.page_width
    score.larger.click()
    assert score.view.page_width == pytest.approx(1.25 * width, abs=1)
    score.view.viewport().repaint()
    finish()
    # Pictures of pages are painted on a thread of their own.
    qtbot.waitUntil(
        lambda: all(score.view.has_sharp(page) for page in score.view.visible_pages()),
        timeout=60_000,
    )
    score.smaller.click()
    assert score.view.page_width == width


def test_an_edit_is_engraved_anew(score, editing, finish, qtbot):
    before = len(editing.document.notes)
    editing.editor.selection.set([int(editing.document.notes.id[0])])
    editing.editor.delete()
    finish()
    rows = [row for sheet in score.view.sheets for row in sheet.heads]
    assert len(rows) == before - 1
    editing.score_dock.hide()
    editing.editor.undo()
    finish()
    assert sum(len(sheet.heads) for sheet in score.view.sheets) == before - 1  # nobody looks
    editing.score_dock.show()
    finish()
    assert sum(len(sheet.heads) for sheet in score.view.sheets) == before


def test_without_verovio_it_says_what_to_install(editing, finish, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    editing.score_dock.show()
    finish()
    assert 'pip install "amtstudio[score]"' in editing.score_panel.message.text()
    assert editing.score_panel.message.isVisible()


def test_a_click_beside_the_notes_changes_nothing(score, editing, qtbot):
    qtbot.mouseClick(score.view.viewport(), Qt.MouseButton.LeftButton, pos=QPointF(2, 2).toPoint())
    assert not editing.editor.selection.ids
