"""All recordings of the list are written at once, and nothing is written over."""

from __future__ import annotations

import mido
import pytest
from PySide6.QtWidgets import QDialogButtonBox

from amtstudio import session
from amtstudio.notation import NotationSettings
from amtstudio.symbolic import Note, NoteTable, Transcription
from amtstudio.ui.export.export_all import ExportAllDialog
from amtstudio.workbench.export_files import file_names, free_paths


@pytest.fixture
def three(window, finish, recording):
    """Three recordings on the list, with one, two and three notes."""
    for count in (1, 2, 3):
        project = session.Document.create(session.AudioReference.read(recording))
        notes = NoteTable.of(Note(0.5 * n, 0.5 * n + 0.4, 60 + n) for n in range(count))
        project.replace_transcription(
            Transcription(notes, (), duration=3.0, file=recording.name, model="piano")
        )
        window.show_item(window.queue.add_project(project))
    finish()
    return window


def n_notes(path) -> int:
    return sum(m.type == "note_on" and m.velocity > 0 for m in mido.MidiFile(path))


def test_the_list_is_written_and_nothing_over(three, qtbot, tmp_path, recording):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "02 take.mid").write_bytes(b"mine")
    documents = three.exports.all.documents()
    dialog = ExportAllDialog(documents, three)
    qtbot.addWidget(dialog)
    save = dialog.buttons.button(QDialogButtonBox.StandardButton.Save)
    dialog.folder_edit.setText(str(tmp_path / "nowhere"))
    assert not save.isEnabled()
    assert "does not exist" in dialog.example_label.text()
    dialog.folder_edit.setText(str(folder))
    dialog.name_edit.setText("a/b")
    assert not save.isEnabled()
    dialog.name_edit.setText("{number} take")
    assert save.isEnabled()
    assert dialog.example_label.text().startswith("3 recordings will be written to 01 take.mid")
    three.exports.all.start(dialog.outputs(), dialog.format_name, folder)
    qtbot.waitUntil(lambda: str(folder) in three.statusBar().currentMessage(), timeout=60_000)
    assert (folder / "02 take.mid").read_bytes() == b"mine"
    assert [n_notes(folder / f"{name}.mid") for name in ("01 take", "02 take (2)", "03 take")] == [
        1,
        2,
        3,
    ]


def test_scores_of_all_are_written_as_the_score_is_shown(three, qtbot, tmp_path):
    written = []
    for number, wanted in enumerate((True, False)):
        three.exporter.notation = NotationSettings(dynamics=wanted)
        folder = tmp_path / str(number)
        folder.mkdir()
        dialog = ExportAllDialog(three.exports.all.documents(), three)
        qtbot.addWidget(dialog)
        dialog.folder_edit.setText(str(folder))
        dialog.name_edit.setText("{number}")
        dialog.format_box.setCurrentIndex(dialog.format_box.findData("musicxml"))
        three.exports.all.start(dialog.outputs(), dialog.format_name, folder)
        qtbot.waitUntil(lambda: str(folder) in three.statusBar().currentMessage(), timeout=60_000)  # noqa: B023
        written.append((folder / "03.musicxml").read_bytes())
    assert [b"<dynamics>" in data for data in written] == [True, False]


@pytest.fixture
def told(three):
    """What would have been shown as an error."""
    errors = []
    three.exports.all.failed.disconnect(three.show_error)
    three.exports.all.failed.connect(errors.append)
    return errors


def test_a_file_that_cannot_be_written_is_told_and_the_others_are_there(
    three, told, qtbot, tmp_path
):
    dialog = ExportAllDialog(three.exports.all.documents(), three)
    qtbot.addWidget(dialog)
    dialog.folder_edit.setText(str(tmp_path))
    dialog.name_edit.setText("{number}")
    outputs = dialog.outputs()
    outputs[1].path.write_text("came between")
    three.exports.all.start(outputs, "midi", tmp_path)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert "1 file could not be written: 02.mid" in told[0].cause
    assert n_notes(tmp_path / "01.mid") == 1
    assert n_notes(tmp_path / "03.mid") == 3


def test_names_from_a_template(tmp_path):
    assert file_names(" {name}-{number} ", ["a", "b"]) == ["a-01", "b-02"]
    (tmp_path / "a.mid").touch()
    paths = free_paths(tmp_path, ["a", "b", "B"], ".mid")
    assert [path.name for path in paths] == ["a (2).mid", "b.mid", "B (2).mid"]
    assert file_names("{number} {name}", ["{number}", "a{name}"]) == ["01 {number}", "02 a{name}"]


def test_a_name_that_is_too_long_is_told_when_it_is_written(three, told, qtbot, tmp_path):
    dialog = ExportAllDialog(three.exports.all.documents(), three)
    qtbot.addWidget(dialog)
    dialog.folder_edit.setText(str(tmp_path))
    dialog.name_edit.setText("é" * 126)
    three.exports.all.start(dialog.outputs(), "midi", tmp_path)
    qtbot.waitUntil(lambda: bool(told), timeout=60_000)
    assert "3 files could not be written" in told[0].cause
