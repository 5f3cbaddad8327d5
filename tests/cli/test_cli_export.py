"""``amtstudio export``: the notes of projects, as they were edited."""

from __future__ import annotations

import json
import sqlite3

import numpy as np
import pytest

from amtstudio.cli import main
from amtstudio.formats import read_midi
from amtstudio.session import Document
from amtstudio.session.rows import sealed
from amtstudio.symbolic import Note, ScoreChoices, TempoMap, Track, Transcription
from amtstudio.symbolic.keys import Key
from amtstudio.symbolic.note_filter import NoteFilter

GUITAR, BASS = Track("guitar", 25), Track("bass", 33)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


@pytest.fixture
def project(folder):
    """Eight notes of a guitar, of which one is raised and one is deleted, and two of a bass."""
    path = folder / "song.amts"
    notes = [Note(0.5 * i, 0.5 * i + 0.4, 60 + i, track=GUITAR) for i in range(8)]
    notes += [Note(0.0, 1.9, 33, track=BASS), Note(2.0, 3.9, 36, track=BASS)]
    tempo = TempoMap(0.5 * np.arange(9), np.arange(9) % 4 == 0)
    with Document.create() as document:
        document.replace_transcription(
            Transcription(notes, duration=4.0, tempo=tempo, file="song.wav"), settings=None
        )
        first, second = (
            next(key for key, entry in document.notes.items() if entry.note.pitch == pitch)
            for pitch in (60, 61)
        )
        document.shift_octave([first], 1)
        document.delete([second])
        document.set_score_choices(ScoreChoices(Key(-5, "major")))
        document.save_as(path)
    return path


def export(*arguments):
    return main(["export", *map(str, arguments)])


def test_notes_are_written_as_they_were_edited_beside_the_project(project, capsys):
    before = project.read_bytes()
    assert export(project) == 0
    assert "song.mid: 9 notes, about 120 beats a minute" in capsys.readouterr().err
    pitches = sorted(note.pitch for note in read_midi(project.with_suffix(".mid")).notes)
    assert pitches == [33, 36, *range(62, 68), 72]
    assert project.read_bytes() == before
    assert export(project) == 73
    assert "already exists (use --overwrite" in capsys.readouterr().err
    assert export(project, "--skip-existing") == 0
    assert export(project, "--overwrite", "--lowest", "C4", "--beats", "off") == 0
    assert len(read_midi(project.with_suffix(".mid")).notes) == 7


def test_a_score_has_the_key_of_the_project_unless_another_is_named(project, folder):
    assert export(project, "-o", folder / "a.musicxml") == 0
    assert b"<fifths>-5</fifths>" in (folder / "a.musicxml").read_bytes()
    options = ("--key", "E minor", "--tablature", "--tuning", "drop D", "--split-tracks")
    assert export(project, "-o", folder / "b.musicxml", *options) == 0
    guitar = (folder / "b (guitar).musicxml").read_bytes()
    assert b"<fifths>1</fifths>" in guitar
    assert b"<sign>TAB</sign>" in guitar
    assert (folder / "b (bass).musicxml").is_file()


def test_a_range_of_the_project_leaves_notes_out_and_standard_output_gets_the_rest(project, capsys):
    with Document.open(project) as document:
        document.set_note_filter(NoteFilter(lowest=60))
    assert export(project, "-o", "-", "--format", "json") == 0
    assert len(json.loads(capsys.readouterr().out)["notes"]) == 7


def test_a_project_that_is_named_in_two_ways_is_written_once(project, folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    assert export("song.amts", "./song.amts", project, ".", "-o", "out/") == 0
    assert capsys.readouterr().err.count("wrote ") == 1


def test_where_no_notes_are_left_it_is_said_why(project, capsys):
    assert export(project, "--highest", "0") == 0
    assert "no notes were written (widen --lowest and --highest" in capsys.readouterr().err
    with Document.open(project) as document:
        document.set_note_filter(NoteFilter(lowest=120))
    assert export(project, "--overwrite") == 0
    assert "the project has no notes, or its range and scale leave none" in capsys.readouterr().err


def test_a_folder_of_projects_keeps_its_shape_and_a_bad_one_stops_no_other(project, folder, capsys):
    projects = folder / "projects"
    (projects / "old").mkdir(parents=True)
    (projects / "old" / "a.amts").write_bytes(project.read_bytes())
    (projects / "b.amts").write_bytes(b"nothing of the kind")
    assert export(projects, "-o", folder / "midi") == 1
    assert "b.amts" in capsys.readouterr().err
    assert len(read_midi(folder / "midi" / "old" / "a.mid").notes) == 9
    assert export(folder / "midi", "-o", folder / "out") == 66


def test_of_a_damaged_project_the_rest_is_written_with_a_word(project, capsys):
    connection = sqlite3.connect(project, isolation_level=None)
    rest = sealed(("score_choices", "nothing of the kind"))[1:]
    connection.execute(
        "UPDATE property SET value = ?, checksum = ? WHERE key = 'score_choices'", rest
    )
    connection.close()
    assert export(project) == 0
    told = capsys.readouterr().err
    assert "warning" in told
    assert "'score_choices'" in told
    assert len(read_midi(project.with_suffix(".mid")).notes) == 9


def test_each_command_names_the_other_for_what_it_cannot_read(project, folder, capsys):
    assert main(["transcribe", str(project), "--model", "no-such-model"]) == 65
    told = capsys.readouterr().err
    assert (
        f"song.amts is a project, not a recording (write its notes with: amtstudio export {project}"
        in told
    )
    assert not project.with_suffix(".mid").exists()
    recording = folder / "song.wav"
    recording.write_bytes(b"RIFF")
    assert export(recording) == 65
    assert "song.wav is not a project (.amts)" in capsys.readouterr().err
    assert export(folder / "none.amts") == 66
