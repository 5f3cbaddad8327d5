"""Export of a selection, names of exported files, and pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from amtstudio.formats import read_transcription
from amtstudio.symbolic.parts import part_of
from amtstudio.ui.export.part_export import Part, PartExportDialog


@pytest.fixture
def opened(window, finish, recording):
    window.open_paths([recording])
    finish()
    return window


@pytest.fixture
def answers(monkeypatch, tmp_path):
    """The dialogs are answered: the format as set here, the name as suggested in ``tmp_path``."""
    given = {"format": "midi", "from_zero": True, "name": None, "suggested": []}

    def accept(dialog):
        if isinstance(dialog, PartExportDialog):
            dialog.format_box.setCurrentIndex(dialog.format_box.findData(given["format"]))
            dialog.zero_box.setChecked(given["from_zero"])
        return QDialog.DialogCode.Accepted

    def name(_parent, _title, suggestion, *_args, **_options):
        given["suggested"].append(suggestion)
        return str(given["name"] or tmp_path / suggestion.rpartition("/")[2]), ""

    monkeypatch.setattr(PartExportDialog, "exec", accept)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", name)
    return given


@pytest.mark.parametrize("kind", ["midi", "csv", "json", "jsonl"])
@pytest.mark.parametrize("from_zero", [True, False])
def test_the_marked_stretch_is_exported(opened, answers, tmp_path, kind, from_zero):
    answers |= {"format": kind, "from_zero": from_zero, "name": tmp_path / "part"}
    opened.page.time_selection.set(0.8, 2.0)
    opened.exports.export_part()

    (path,) = tmp_path.glob("part.*")
    found = read_transcription(path).notes
    expected = part_of(opened.document.transcription, 0.8, 2.0, from_zero=from_zero).notes
    assert 0 < len(expected) < len(opened.document.notes)
    assert sorted((note.pitch, note.velocity) for note in found) == sorted(
        (note.pitch, note.velocity) for note in expected
    )
    assert min(note.onset for note in found) == pytest.approx(
        min(note.onset for note in expected), abs=1e-3
    )


def test_selected_notes_are_exported_alone_or_within_the_stretch(opened):
    document = opened.document
    document.settle()
    ids = document.notes.id.tolist()
    chosen = frozenset((ids[0], ids[-1]))
    alone = Part(None, chosen).of(document, from_zero=False)
    assert [note.pitch for note in alone.notes] == [
        document.notes.pitch[0],
        document.notes.pitch[-1],
    ]
    last = document.notes[-1]
    both = Part((last.onset - 0.01, last.onset + 0.5), chosen).of(document, from_zero=True)
    assert [note.pitch for note in both.notes] == [last.pitch]
    assert both.notes[0].onset == pytest.approx(0.01)
    gone = Part(None, frozenset((10**9,))).of(document, from_zero=True)
    assert gone.notes == ()


def test_the_entry_is_there_only_while_something_is_selected(opened):
    action = opened.export_feature.part
    assert not action.isEnabled()
    opened.page.time_selection.set(0.5, 1.0)
    assert action.isEnabled()
    opened.page.time_selection.clear()
    assert not action.isEnabled()
    opened.exports.export_part()  # and its key then does nothing


def test_the_dialog_tells_how_much_it_is_and_offers_nothing_empty(opened, qtbot):
    dialog = PartExportDialog(opened.document, Part((0.0, 3.0), frozenset()))
    qtbot.addWidget(dialog)
    n_notes = len(opened.document.notes)
    assert dialog.count_label.text() == f"{n_notes} notes, 0:00.00 to 0:03.00"
    save = dialog.buttons.button(dialog.buttons.StandardButton.Save)
    assert save.isEnabled()
    last = float(opened.document.notes.onset[-1])
    empty = PartExportDialog(opened.document, Part((last + 0.01, last + 0.02), frozenset()))
    qtbot.addWidget(empty)
    assert not empty.buttons.button(empty.buttons.StandardButton.Save).isEnabled()


def test_the_name_that_is_suggested_tells_the_part(opened, answers, recording):
    opened.page.time_selection.set(0.5, 2.0)
    opened.exports.export_part()
    assert answers["suggested"] == [
        str(recording.with_name(f"{recording.stem} (0.00.5-0.02.0).mid"))
    ]


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Op. 28 No. 4", "Op. 28 No. 4.mid"),
        ("a.midi", "a.midi"),
        ("b.MID", "b.MID"),
        ("c", "c.mid"),
    ],
)
def test_a_dot_in_a_name_is_no_suffix(opened, answers, tmp_path, typed, written):
    answers["name"] = tmp_path / typed
    opened.exporter.ask_and_export(opened.document, "midi")
    assert len(read_transcription(tmp_path / written).notes) == len(opened.document.notes)


def test_what_stands_behind_a_point_stays_in_the_names_that_are_suggested(
    window, finish, recording, answers, monkeypatch
):
    plain = recording.with_name("Etude No.1")
    recording.rename(plain)
    window.open_paths([plain])
    finish()

    def refuse(_parent, _title, suggestion, *_args, **_options):
        answers["suggested"].append(suggestion)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", refuse)
    window.exporter.ask_and_export(window.document, "midi")
    window.exporter.ask_and_save_picture(window.page.grab(), window.document)
    window.page.time_selection.set(0.5, 2.0)
    window.exports.export_part()
    window.projects.ask_and_save_as(window.document)
    assert [Path(name).name for name in answers["suggested"]] == [
        "Etude No.1.mid",
        "Etude No.1.png",
        "Etude No.1 (0.00.5-0.02.0).mid",
        "Etude No.1.amts",
    ]


def test_no_export_replaces_a_file_without_a_question(opened, answers, monkeypatch, tmp_path):
    asked = []

    def question(_parent, _title, text, *_args):
        asked.append(text)
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "question", question)
    opened.page.time_selection.set(0.0, 2.0)
    for suffix in ("mid", "csv", "json", "jsonl", "png"):
        path = tmp_path / f"old.{suffix}"
        path.write_bytes(b"precious")
        answers["name"] = path
        if suffix == "png":
            opened.exports.export_picture()
        else:
            answers["format"] = {"mid": "midi"}.get(suffix, suffix)
            opened.exporter.ask_and_export(opened.document, answers["format"])
            opened.exports.export_part()
        assert path.read_bytes() == b"precious"
    assert len(asked) == 9


def test_the_picture_is_that_of_the_view(opened, answers, tmp_path):
    answers["name"] = tmp_path / "view.png"
    opened.exports.export_picture()
    assert QImage(str(tmp_path / "view.png")) == opened.page.roll.grab().toImage().convertToFormat(
        QImage(str(tmp_path / "view.png")).format()
    )


@pytest.mark.parametrize(
    ("kind", "typed", "written"),
    [
        ("midi", "part.wav", "part.wav.mid"),  # never under the name of a recording
        ("midi", "part.json", "part.json.mid"),
        ("midi", "part.MIDI", "part.MIDI"),
        ("musicxml", "part.xml", "part.xml"),
        ("csv", "Op. 28 No. 4", "Op. 28 No. 4.csv"),
    ],
)
def test_a_file_ends_as_its_format_does(opened, answers, tmp_path, kind, typed, written):
    answers |= {"name": tmp_path / "out" / typed}
    (tmp_path / "out").mkdir()
    opened.exports.export(kind)
    assert [path.name for path in (tmp_path / "out").iterdir()] == [written]
