"""The panel of tracks, and what it does to what is seen and heard."""

from __future__ import annotations

from pathlib import Path

import mido
import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.errors import AmtStudioError
from amtstudio.formats import read_midi
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Note, NoteTable, Pedal, TempoMap, Track, Transcription
from amtstudio.symbolic.note_filter import NoteFilter
from amtstudio.ui.roll.note_colours import ColourBy
from amtstudio.ui.theme import theme_of
from amtstudio.workbench.export_files import MidiOptions

PIANO, BASS, DRUMS = (Track.named(name) for name in ("piano", "bass", "drums"))


@pytest.fixture
def band(window, finish, recording):
    """The window with a piano, a bass and drums in it."""
    project = session.Document.create(session.AudioReference.read(recording))
    notes = (
        Note(0.2, 0.7, 60, 64, 0.9),
        Note(0.5, 0.9, 40, 90, 0.8, BASS),
        Note(0.9, 1.4, 64, 90, 0.4),
        Note(1.0, 1.05, 36, 90, 0.9, DRUMS),
    )
    transcription = Transcription(notes, (Pedal(0.5, 1.5),), duration=3.0, file=recording.name)
    project.replace_transcription(transcription, settings=DecodingSettings())
    window.show_item(window.queue.add_project(project))
    finish()
    window.docks[-1].raise_()
    return window


@pytest.fixture
def band_project(band):
    return band.document.edits.project


def row(panel, name):
    (found,) = panel.tree.findItems(name, Qt.MatchFlag.MatchExactly, 0)
    return found


def names(panel):
    return [panel.tree.topLevelItem(i).text(0) for i in range(panel.tree.topLevelItemCount())]


def entry(menu, *texts):
    for text in texts:
        menu.aboutToShow.emit()
        (action,) = [a for a in menu.actions() if a.text().replace("&", "") == text]
        menu = action.menu()
    return action


def test_each_track_has_a_row_with_what_plays_it(band):
    panel = band.tracks_panel
    assert names(panel) == ["bass", "drums", "piano"]
    assert [row(panel, name).text(4) for name in names(panel)] == [
        "Fingered Bass", "Drum kit", "Acoustic Grand Piano",
    ]  # fmt: skip
    assert "2 notes" in row(panel, "piano").toolTip(0)


def test_a_band_is_coloured_by_track_until_the_user_says_otherwise(band, project, finish):
    panel = band.notes_panel
    assert panel.colour_box.currentData() is ColourBy.INSTRUMENT
    band.show_item(band.queue.add_project(project))  # a piano alone
    finish()
    assert panel.colour_box.currentData() is ColourBy.VELOCITY
    band.show_item(band.queue.items[0])
    assert panel.colour_box.currentData() is ColourBy.INSTRUMENT
    assert band.preferences.settings.colour_by == "velocity"
    panel.colour_box.setCurrentIndex(panel.colour_box.findData(ColourBy.CONFIDENCE))
    assert band.preferences.settings.colour_by == "confidence"
    band.tracks_panel._editor.take(session.Document.rename_track, BASS, "Low")
    assert panel.colour_box.currentData() is ColourBy.CONFIDENCE


def test_what_is_below_the_roll_has_the_colours_of_its_tracks(band, qtbot):
    panel, document, roll = band.tracks_panel, band.document, band.page.roll
    band.resize(1200, 1200)
    qtbot.waitUntil(roll.velocities.box.isVisible)
    panel.choose(DRUMS)
    entry(panel.menu, "Colour", "Violet").trigger()
    row(panel, "bass").setCheckState(1, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: len(document.visible_notes) == 3)
    theme, colours = theme_of(band.palette()), document.track_colours()
    assert colours[DRUMS] == 6
    names_of = {track: theme.instruments[place].name() for track, place in colours.items()}
    assert names_of[DRUMS] in painted(roll, roll.drums)
    assert {names_of[PIANO], names_of[DRUMS]} <= painted(roll, roll.velocities)
    assert names_of[BASS] not in painted(roll, roll.velocities)
    box = band.notes_panel.colour_box
    box.setCurrentIndex(box.findData(ColourBy.VELOCITY))
    assert theme.notes[90 * len(theme.notes) // 127].name() in painted(roll, roll.velocities)


def painted(roll, lane) -> set[str]:
    """The colours in the picture of a lane."""
    place = roll.mapFromScene(lane.box.sceneBoundingRect()).boundingRect()
    image = roll.grab(place).toImage()
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_switches_hide_mute_and_solo(band, band_project, qtbot):
    panel, document = band.tracks_panel, band.document
    row(panel, "bass").setCheckState(1, Qt.CheckState.Unchecked)
    qtbot.waitUntil(lambda: len(document.visible_notes) == 3)
    assert len(document.notes) == len(document.audible_notes) == 4
    assert band.page.roll.hover_at(0.6, 40.0).note is None
    row(panel, "piano").setCheckState(2, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(document.audible_notes) == 2)
    row(panel, "drums").setCheckState(3, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: len(document.audible_notes) == 1)
    assert len(document.transcription.notes) == 4  # what is exported is whole
    for _ in range(3):
        band.editor.undo()
    assert len(document.visible_notes) == len(document.audible_notes) == 4
    assert row(panel, "bass").checkState(1) == Qt.CheckState.Checked


def test_candidates_go_with_their_track_and_come_back_with_it(band, band_project, qtbot):
    """The project keeps them on the tracks of models, also where the user has another name."""
    panel, document, roll = band.tracks_panel, band.document, band.page.roll
    band.editor.take(
        session.Document.replace_transcription,
        document.transcription,
        candidates=[Note(1.6, 1.9, 43, 80, 0.3, BASS), Note(1.6, 1.9, 67, 80, 0.3)],
    )
    band.editor.take(session.Document.rename_track, BASS, "Low")
    assert {note.pitch for note in document.visible_candidates} == {43, 67}
    assert roll.hover_at(1.7, 43.0).is_candidate
    for do in (
        lambda: row(panel, "Low").setCheckState(1, Qt.CheckState.Unchecked),
        lambda: (panel.choose(document.shown_tracks[0]), band.editor.delete_track(panel.chosen)),
    ):
        do()
        qtbot.waitUntil(lambda: len(document.visible_candidates) == 1)
        assert roll.hover_at(1.7, 43.0).note is None
        assert roll.hover_at(1.7, 67.0).is_candidate
        band.editor.undo()
        assert roll.hover_at(1.7, 43.0).is_candidate
        assert roll.hover_at(0.6, 40.0).note is not None


def test_a_track_is_renamed_in_its_row_and_keeps_pedal_and_colour(band, band_project, qtbot):
    panel, document = band.tracks_panel, band.document
    before = document.track_colours()[PIANO]
    row(panel, "piano").setText(0, "Grand")
    grand = Track("Grand")
    qtbot.waitUntil(lambda: grand in document.shown_tracks)
    assert names(panel) == ["bass", "drums", "Grand"]
    assert document.track_colours()[grand] == before
    assert {pedal.track for pedal in document.shown_pedals} == {grand}
    assert document.transcription.pedals[0].track == grand
    row(panel, "Grand").setText(0, "   ")  # no name: refused, and the row says what is
    qtbot.waitUntil(lambda: names(panel) == ["bass", "drums", "Grand"])


def test_a_moved_threshold_keeps_the_names(band, band_project, qtbot):
    document = band.document
    band.editor.take(session.Document.rename_track, PIANO, "Grand")
    heard = NoteTable.of([Note(0.2, 0.7, 60), Note(1.5, 1.9, 72)])
    document.preview_notes(heard, (), DecodingSettings(onset_threshold=0.2))
    assert {track.name for track in document.notes.playing()} == {"Grand"}
    document.keep_preview()
    document.edits.wait()
    assert {track.name for track in document.notes.playing()} == {"Grand"}
    assert {e.note.track for e in document.project.notes.values() if e.state.sounds} == {PIANO}


def test_the_menu_gives_another_sound_colour_and_merges(band, band_project):
    panel, document = band.tracks_panel, band.document
    panel.choose(BASS)
    entry(panel.menu, "Sound", "Brass", "Tuba").trigger()
    tuba = Track("bass", 58)
    assert tuba in document.shown_tracks
    panel.choose(tuba)
    entry(panel.menu, "Colour", "Violet").trigger()
    assert document.track_colours()[tuba] == 6
    panel.choose(tuba)
    assert [a.text() for a in entry(panel.menu, "Merge Into").menu().actions()] == ["piano"]
    entry(panel.menu, "Merge Into", "piano").trigger()
    assert names(panel) == ["drums", "piano"] or names(panel) == ["piano", "drums"]
    panel.choose(PIANO)
    entry(panel.menu, "Delete With Its Notes").trigger()
    assert names(panel) == ["drums"]
    for _ in range(4):
        band.editor.undo()
    assert names(panel) == ["bass", "drums", "piano"]


def test_selected_notes_go_to_another_track_and_to_one_of_their_own(band, band_project):
    panel, document = band.tracks_panel, band.document
    panel.choose(BASS)
    assert not panel.move_button.isEnabled()
    band.editor.selection.set(document.notes.of_track(PIANO).id.tolist()[:1])
    panel.move_button.click()
    assert len(document.notes.of_track(BASS)) == 2
    band.editor.selection.set(document.notes.of_track(BASS).id.tolist()[:1])
    entry(band.edit_menu.track_menu, "New Track").trigger()
    assert "bass 2" in names(panel)
    entry(band.edit_menu.track_menu, "piano").trigger()
    assert len(document.notes.of_track(PIANO)) == 2
    said = []
    band.editor.said.connect(said.append)
    entry(band.edit_menu.track_menu, "drums").trigger()
    assert "Drums and pitched notes" in said[-1]


def test_new_notes_come_on_the_chosen_track(band, band_project):
    panel, document = band.tracks_panel, band.document
    panel.choose(BASS)
    band.editor.add_note(45, 2.0)
    assert document.notes.of_track(BASS).pitch.tolist() == [40, 45]
    band.editor.selection.clear()
    panel.new_button.click()
    assert panel.chosen.name == "track 2"
    band.editor.add_note(50, 2.2)
    assert document.notes.of_track(Track("track 2")).pitch.tolist() == [50]


def test_a_click_in_the_list_leaves_the_editor_usable(band, qtbot):
    panel = band.tracks_panel
    box = panel.tree.visualItemRect(row(panel, "drums"))
    qtbot.mouseClick(
        panel.tree.viewport(), Qt.MouseButton.LeftButton, pos=box.center() - QPoint(60, 0)
    )
    assert panel.chosen == DRUMS
    band.editor.selection.clear()
    band.editor.add_note(70, 1.0)  # not a drum: on the track of most notes
    assert 70 in band.document.notes.of_track(PIANO).pitch


def test_each_track_is_exported_to_a_file_under_its_own_name(
    band, band_project, tmp_path, monkeypatch
):
    band.editor.take(session.Document.rename_track, BASS, "Low")
    monkeypatch.setattr(band.exporter, "ask_path", lambda *_: tmp_path / "song.mid")
    band.exports.export_tracks()
    files = sorted(path.name for path in tmp_path.glob("*.mid"))
    assert files == ["song (Low).mid", "song (drums).mid", "song (piano).mid"]
    asked = []
    monkeypatch.setattr(
        QMessageBox, "question", lambda *told: asked.append(told[2]) or QMessageBox.Cancel
    )
    (tmp_path / "song (drums).mid").write_bytes(b"mine")
    band.exports.export_tracks()
    (question,) = asked
    assert question.startswith("3 files already exist:\n")
    assert all(name in question for name in files)  # all that would be replaced, not one of them
    assert (tmp_path / "song (drums).mid").read_bytes() == b"mine"


def test_each_player_gets_a_score(band, band_project, tmp_path, monkeypatch, qtbot):
    band.editor.take(session.Document.set_program, BASS, 33)
    band.exporter.notation = NotationSettings(tablature=True)
    monkeypatch.setattr(band.exporter, "ask_path", lambda *_: tmp_path / "song.musicxml")
    band.exports.export_tracks("musicxml")
    tabs = {path.name: b"<sign>TAB" in path.read_bytes() for path in tmp_path.glob("song*")}
    assert tabs == {
        "song (bass).musicxml": True,
        "song (drums).musicxml": False,
        "song (piano).musicxml": False,
    }


def test_engraved_files_of_tracks_are_written_beside_the_window(band, tmp_path, monkeypatch, qtbot):
    pytest.importorskip("verovio")
    monkeypatch.setattr(band.exporter, "ask_path", lambda *_: tmp_path / "song.mei")
    monkeypatch.setattr(band.exporter, "confirm_overwrite", lambda *_: True)
    (tmp_path / "song (drums).mei").write_bytes(b"former")
    band.exports.export_tracks("mei")
    qtbot.waitUntil(lambda: str(tmp_path) in band.statusBar().currentMessage(), timeout=60_000)
    files = sorted(tmp_path.glob("song*"))
    assert [path.name for path in files] == [
        f"song ({name}).mei" for name in ("bass", "drums", "piano")
    ]
    assert all(b"<mei" in path.read_bytes() for path in files)


def test_one_track_is_saved_as_a_score(band, tmp_path, monkeypatch):
    path = tmp_path / "bass part.musicxml"
    monkeypatch.setattr(band.exporter, "ask_path", lambda *_: path)
    panel = band.tracks_panel
    panel.choose(BASS)
    panel.menu.aboutToShow.emit()
    (save,) = [action.menu() for action in panel.menu.actions() if action.text() == "Sa&ve as"]
    entry(save, "MusicXML…").trigger()
    assert path.read_bytes().count(b"<score-part ") == 1


def test_files_of_tracks_have_the_bars_only_where_they_are_wanted(
    band, band_project, tmp_path, monkeypatch
):
    beats = np.arange(12) * 0.6
    band.editor.take(
        session.Document.set_beats, TempoMap(beats, np.arange(12) % 3 == 0), text="Beats"
    )
    monkeypatch.setattr(band.exporter, "ask_path", lambda *_: tmp_path / "song.mid")
    tempos = {}
    for wanted in (True, False):
        band.exports.set_midi(MidiOptions(with_bars=wanted))
        band.exports.export_tracks()
        file = mido.MidiFile(tmp_path / "song (piano).mid")
        tempos[wanted] = [m.tempo for track in file.tracks for m in track if m.type == "set_tempo"]
        for path in tmp_path.glob("*.mid"):
            path.unlink()
    assert 600_000 in tempos[True]
    assert tempos[False] == [500_000]


def test_a_track_without_notes_is_not_dragged_and_that_is_said(band, band_project):
    (keys,) = [band.document.notes.of_track(BASS).id.tolist()]
    band.editor.take(session.Document.delete, keys)
    with pytest.raises(AmtStudioError, match="has no notes to drag"):
        band.page.handle.mime_data(BASS)


def test_what_is_heard_of_a_band_is_what_is_not_muted(band, band_project):
    band.editor.take(session.Document.mute_track, DRUMS, True)
    heard = band.document.audible_notes
    assert not np.any([track.is_drums for track in heard.playing()])


def test_files_contain_hidden_and_muted_tracks_and_that_is_said(
    band, band_project, tmp_path, monkeypatch
):
    band.editor.take(session.Document.hide_track, BASS, True)
    band.editor.take(session.Document.mute_track, DRUMS, True)
    header = band.tracks_panel.tree.headerItem()
    for column in (1, 2):
        assert "still contain" in header.toolTip(column)
    for kind in ("midi", "csv", "json", "musicxml"):
        path = tmp_path / f"band.{kind}"
        monkeypatch.setattr(
            QFileDialog, "getSaveFileName", lambda *_args, path=path, **_options: (str(path), "")
        )
        band.exports.export(kind)
        (written,) = tmp_path.glob(f"band.{kind}*")
        if kind == "midi":
            found = {track.name.lower() for track in read_midi(written).notes.playing()}
            assert {"bass", "drums", "piano"} <= found
        else:
            text = written.read_text().lower()
            assert "bass" in text
            assert "drum" in text


def test_the_next_doubtful_note_is_none_of_a_hidden_track(band, band_project):
    editor = band.editor
    editor.next_doubtful()
    (doubtful,) = editor.selected_entries()
    assert doubtful.note.track == PIANO
    editor.selection.clear()
    editor.take(session.Document.hide_track, PIANO, True)
    editor.next_doubtful()
    assert not len(editor.selection)


def test_a_refused_edit_is_said_in_sentences(band, band_project):
    said = []
    band.editor.said.connect(said.append)
    (key,) = band.document.notes.of_track(BASS).id.tolist()
    band_project.delete([key])
    assert not band.editor.set_cells(key, velocity=9)
    assert said[-1].endswith("Accept it first.")


def test_what_goes_out_of_sight_is_not_deleted_with_the_rest(band, band_project):
    editor, document = band.editor, band.document
    editor.select_all()
    editor.take(session.Document.hide_track, BASS, True)
    assert len(editor.selection) == 3
    document.set_filter(NoteFilter(lowest=62))
    assert len(editor.selection) == 2  # the note on 64, and the drum, which has no key
    editor.delete()
    document.set_filter(NoteFilter())
    editor.take(session.Document.hide_track, BASS, False)
    assert [note.pitch for note in document.notes] == [60, 40]


def test_a_track_is_dragged_out_of_its_row_as_a_midi_file(band, monkeypatch):
    panel, carried = band.tracks_panel, []
    monkeypatch.setattr(
        QDrag, "exec", lambda drag, *_: carried.append(drag.mimeData().urls()[0].toLocalFile())
    )
    name = panel.tree.visualItemRect(row(panel, "bass")).topLeft() + QPoint(30, 5)
    target = panel.tree.viewport()
    QTest.mousePress(target, Qt.MouseButton.LeftButton, pos=name)
    for step in (3, 30, 60):  # the first tells a drag from a click, Qt begins it with the next
        away = QPointF(name + QPoint(0, step))
        QApplication.sendEvent(
            target,
            QMouseEvent(
                QEvent.Type.MouseMove, away, target.mapToGlobal(away), Qt.MouseButton.NoButton,
                Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
            ),
        )  # fmt: skip
    QTest.mouseRelease(target, Qt.MouseButton.LeftButton, pos=name)
    (file,) = carried
    assert file.endswith(" (bass).mid")
    (note,) = read_midi(Path(file)).notes
    assert (note.track.name, note.pitch) == ("bass", 40)
    # The whole is dragged as before, and a track without notes carries nothing.
    whole = band.page.handle.mime_data().urls()[0].toLocalFile()
    assert len(read_midi(Path(whole)).notes) == 4
    empty = band.editor.add_track()
    assert not row(panel, empty.name).flags() & Qt.ItemFlag.ItemIsDragEnabled


def test_a_track_is_saved_as_midi_from_its_menu(band, monkeypatch, tmp_path):
    panel, asked = band.tracks_panel, []

    def answer(_window, _title, suggestion, *_filter, **_options):
        asked.append(Path(suggestion).name)
        return str(tmp_path / "low.mid"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    panel.choose(PIANO)
    entry(panel.menu, "Save as", "MIDI…").trigger()
    assert asked[0].endswith(" (piano).mid")
    saved = read_midi(tmp_path / "low.mid")
    assert [note.pitch for note in saved.notes] == [60, 64]
    assert len(saved.pedals) == 1
