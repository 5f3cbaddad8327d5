"""Projects that former versions of the program wrote, stored here as they wrote them.

``format_2.amts`` has eleven steps, the last two of them undone; ``format_2.json`` has what that
version told of it at the start and after each step. ``format_3.amts`` was made by the models
``piano+drums``, of which it keeps what the first heard: two notes and a faint one, and three hits;
then a threshold was moved, which found the faint note, and that note was deleted.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from pathlib import Path

import pytest

from amtstudio.decoding import decode
from amtstudio.errors import ProjectError
from amtstudio.session import Document, NoteState
from amtstudio.session.schema import FORMAT_VERSION
from amtstudio.symbolic import PIANO, Note, Pedal, Track

PROJECTS = Path(__file__).parent / "projects"
STATES = json.loads((PROJECTS / "format_2.json").read_text())
LAST_DONE = 9
FORMAT_1 = ("DROP TABLE activation", "PRAGMA user_version = 1")  # it had no more than that


@pytest.fixture(params=[1, 2])
def path(request, tmp_path) -> Path:
    path = tmp_path / "old.amts"
    shutil.copyfile(PROJECTS / "format_2.amts", path)
    if request.param == 1:
        change(path, *FORMAT_1)
    return path


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def values(note: Note | None) -> list | None:
    if note is None:
        return None
    assert note.track == Track.named(note.track.name)
    assert note.bend == ()
    return [
        note.onset, note.offset, note.pitch, note.velocity, note.confidence, note.track.name,
    ]  # fmt: skip


def told(document: Document) -> dict:
    """What the former version told of a document in this state."""
    source, settings = document.source, document.source.settings
    return {
        "notes": [
            [entry.id, values(entry.note), entry.state.value, values(entry.original)]
            for _, entry in sorted(document.notes.items())
        ],
        "pedals": [[pedal.onset, pedal.offset] for pedal in document.pedals],
        "passages": [[p.onset, p.offset, p.model] for p in document.passages],
        "source": {
            "model": source.model,
            "profile": source.profile,
            "file": source.file,
            "duration": source.duration,
            "tuning_cents": source.tuning_cents,
            "metadata": dict(source.metadata),
            "onset_threshold": None if settings is None else settings.onset_threshold,
            "pedals_edited": source.pedals_edited,
        },
    }


def version_of(path: Path) -> int:
    connection = sqlite3.connect(path)
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


def test_a_former_project_opens_unchanged_and_goes_on_in_the_format_of_today(path):
    with Document.open(path) as document:
        assert document.problems == ()
        assert told(document) == STATES[LAST_DONE]
        assert document.view == '{"zoom": 3}'
        assert document.audio is not None
        assert document.audio.path == Path("/music/take.wav")
        key = document.add(Note(8.6, 8.9, 60, track=Track.named("guitar"), bend=((0.1, 40.0),)))
        document.add_pedal(Pedal(2.0, 3.5, Track.named("guitar")))  # of another track: by itself
    assert version_of(path) == FORMAT_VERSION
    with Document.open(path) as document:
        assert document.notes[key].note.bend == ((0.1, 40.0),)
        assert document.notes[key].state is NoteState.ADDED
        assert [pedal.track for pedal in document.pedals] == [PIANO, Track.named("guitar")]
        document.undo()
        document.undo()
        assert told(document) == STATES[LAST_DONE]


def test_every_step_of_a_former_project_is_undone_and_done_again(path):
    with Document.open(path) as document:
        for state in reversed(STATES[:LAST_DONE]):
            document.undo()
            assert told(document) == state
    with Document.open(path) as document:  # undone as it was closed
        for state in STATES[1:]:
            document.redo()
            assert told(document) == state
        assert document.redo_text is None


def test_a_former_project_keeps_what_the_model_heard(tmp_path):
    path = tmp_path / "old.amts"
    shutil.copyfile(PROJECTS / "format_2.amts", path)
    with Document.open(path) as document:
        (kept,) = document.activations.values()
        activations = kept.unpack()
        assert activations is not None
        assert activations.n_frames == 40


def pitches_and_onsets(notes) -> list[tuple[int, float]]:
    return [(note.pitch, round(note.onset, 2)) for note in notes]


def test_a_project_that_kept_one_of_two_models_opens_unchanged(tmp_path):
    path = tmp_path / "old.amts"
    shutil.copyfile(PROJECTS / "format_3.amts", path)
    hits, notes = [(36, 0.3), (36, 0.8), (36, 1.3)], [(51, 0.16), (55, 0.64), (58, 1.28)]
    with Document.open(path) as document:
        assert document.problems == ()
        assert document.source.models == ("piano", "drums")
        assert list(document.activations) == ["piano"]
        settings = document.source.settings_of("piano")
        assert settings is not None
        assert settings.onset_threshold == 0.3
        assert document.source.settings_of("drums") is None
        activations = document.activations["piano"].unpack()
        assert activations is not None
        assert pitches_and_onsets(decode(activations, settings)[0]) == notes
        sounding = pitches_and_onsets(document.transcription().notes)
        assert sounding == sorted([*hits, *notes[1:]], key=lambda note: note[1])
        document.undo()
        document.undo()
        assert document.undo_text is None
        sounding = pitches_and_onsets(document.transcription().notes)
        assert sounding == sorted([*hits, *notes[:2]], key=lambda note: note[1])
    assert version_of(path) == FORMAT_VERSION
    with Document.open(path) as document:
        document.redo()
        assert document.source.settings == settings
        assert list(document.activations) == ["piano"]


def test_a_damaged_former_project_is_read_as_far_as_it_can_be_and_stays_as_it_is(path):
    change(path, "UPDATE note SET velocity = 71 WHERE id = 2")
    before = path.read_bytes()
    with Document.open(path) as document:
        assert document.is_read_only
        assert any("1 of 10 notes cannot be read" in told for told in document.problems)
        assert document.pedals
    assert path.read_bytes() == before


def test_a_project_of_a_later_format_is_refused(path):
    change(path, f"PRAGMA user_version = {FORMAT_VERSION + 1}")
    with pytest.raises(ProjectError, match="made by a newer AMT Studio"):
        Document.open(path)


def test_a_project_of_format_4_is_of_today_once_it_was_written_to(tmp_path):
    """It has the same tables; since then notes may be dropped with their track."""
    path = tmp_path / "four.amts"
    with Document.create() as document:
        document.add(Note(0.5, 1.0, 60))
        document.save_as(path)
    change(path, "PRAGMA user_version = 4")
    with Document.open(path) as document:
        assert [entry.note.pitch for entry in document.notes.values()] == [60]
        document.add(Note(1.5, 2.0, 62))
    assert version_of(path) == FORMAT_VERSION == 5
