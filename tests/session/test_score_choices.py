"""What the user says of the key and the tuning: kept, undone, and written in the score."""

from __future__ import annotations

import sqlite3

import pytest

from amtstudio.formats import dump_transcription
from amtstudio.formats.engraving_process import _to_plain
from amtstudio.notation import NotationSettings, arrange
from amtstudio.session import Document
from amtstudio.symbolic import NO_CHOICES, Note, ScoreChoices, Track, Transcription
from amtstudio.symbolic.keys import KEYS, Key

GUITAR = Track("guitar", 25)
DROP_D = (38, 45, 50, 55, 59, 64)
FLAT = Key(-5, "major")
CHOICES = ScoreChoices(FLAT, DROP_D, capo=2)


def document():
    document = Document.create()
    notes = [Note(0.5 * i, 0.5 * i + 0.4, 61 + (5 * i) % 12, track=GUITAR) for i in range(24)]
    document.replace_transcription(Transcription(notes, duration=12.0), settings=None)
    return document


def test_choices_are_undone_kept_and_survive_another_transcription(tmp_path):
    with document() as project:
        assert project.score_choices == NO_CHOICES
        assert not project.has_decisions
        project.set_score_choices(ScoreChoices(FLAT))
        assert project.undo_text == "Change the key"
        assert project.has_decisions
        project.set_score_choices(CHOICES)
        assert project.undo_text == "Change tuning or capo"
        project.undo()
        assert project.score_choices == ScoreChoices(FLAT)
        project.redo()
        again = Transcription([Note(1.0, 2.0, 60, track=GUITAR)], duration=12.0)
        project.replace_transcription(again, settings=None)
        project.save_as(tmp_path / "song.amts")
    with Document.open(tmp_path / "song.amts") as project:
        assert project.score_choices == project.transcription().score_choices == CHOICES
        for _ in range(3):
            project.undo()
        assert project.score_choices == NO_CHOICES


def test_they_count_before_the_settings_of_all_scores():
    with document() as project:
        project.set_score_choices(CHOICES)
        settings = NotationSettings(tablature=True, guitar=(40, 45, 50, 55, 59, 64))
        transcription = project.transcription()
        (part,) = arrange(transcription, settings).parts
        assert (part.fifths, part.mode, part.tuning, part.capo) == (-5, "major", DROP_D, 2)
        assert {note.spelling.alter for note in part.notes} <= {-2, -1, 0}
        assert b"<fifths>-5</fifths>" in dump_transcription(transcription, "musicxml")
        # What is engraved in a process of its own is told of them as well.
        told = NotationSettings.of_text(_to_plain(transcription, settings)["settings"])
        assert told == settings.with_choices(CHOICES)
        assert told.key == FLAT


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.name)
def test_any_notes_can_be_written_in_any_key(key):
    notes = [Note(0.25 * i, 0.25 * i + 0.2, 40 + (7 * i) % 48) for i in range(96)]
    transcription = Transcription(notes, score_choices=ScoreChoices(key))
    names = [note.spelling for part in arrange(transcription).parts for note in part.notes]
    assert all(abs(name.alter) <= 2 for name in names)
    assert b"<fifths>" in dump_transcription(transcription, "musicxml")


@pytest.mark.parametrize(
    "said",
    [
        {"key": [9, "major"], "guitar": None, "bass": None, "capo": None},
        {"key": None, "guitar": [1], "bass": None, "capo": None},
        {"key": None, "guitar": None, "bass": None, "capo": 99},
        {"key": None},
    ],
)
def test_what_cannot_be_said_of_a_score_is_reported_as_damage(tmp_path, said):
    import json  # noqa: PLC0415

    from amtstudio.session.rows import sealed  # noqa: PLC0415

    path = tmp_path / "song.amts"
    with document() as project:
        project.set_score_choices(CHOICES)
        project.save_as(path)
    connection = sqlite3.connect(path, isolation_level=None)
    key, value, checksum = sealed(("score_choices", json.dumps(said)))
    connection.execute(
        "UPDATE property SET value = ?, checksum = ? WHERE key = ?", (value, checksum, key)
    )
    connection.close()
    with Document.open(path) as project:
        assert project.is_read_only
        assert project.problems
        assert project.score_choices == NO_CHOICES
