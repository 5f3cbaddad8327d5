from __future__ import annotations

import sqlite3
import zipfile

import numpy as np
import pytest
from random_edits import fingerprint, random_transcription

from amtstudio.errors import InputNotFoundError, ProjectError, ProjectReadOnlyError
from amtstudio.session import Document, find_recoverable, inspection, recovery_dir, schema
from amtstudio.session.rows import seal, sealed
from amtstudio.symbolic import Note, Transcription


@pytest.fixture
def project(document, tmp_path):
    """A closed project in order."""
    path = tmp_path / "a.amts"
    document.move([1], seconds=0.25)
    document.save_as(path)
    document.close()
    return path


def sql(path, *statements):
    connection = sqlite3.connect(path, isolation_level=None)
    for statement, *values in statements:
        connection.execute(statement, values)
    connection.close()


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


class Untouched:
    """Asserts that a file keeps its bytes and that none appears beside it."""

    def __init__(self, path):
        self._path = path

    def __enter__(self):
        self._before = self._path.read_bytes(), names(self._path.parent)

    def __exit__(self, *_):
        assert (self._path.read_bytes(), names(self._path.parent)) == self._before


def refuse(path, match):
    with Untouched(path), pytest.raises(ProjectError, match=match) as caught:
        Document.open(path)
    assert caught.value.exit_code == 65


# -- no project at all


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is empty"),
        (b"not a project", "is not a project of AMT Studio"),
        (b"\x00" * 5000, "is not a project"),
        (b"SQLite format 3\x00", "is not a project"),
        (b"SQLite format 3\x00" + bytes(52) + b"AMTS" + bytes(300), "is damaged"),
        (b"SQLite format 3\x00" + b"\xff" * 52 + b"AMTS" + b"\xff" * 9000, "is damaged"),
    ],
)
def test_garbage_is_refused(tmp_path, content, match):
    path = tmp_path / "a.amts"
    path.write_bytes(content)
    refuse(path, match)


def test_a_zip_and_a_foreign_database_are_refused(tmp_path):
    path = tmp_path / "a.amts"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("notes", "x" * 1000)
    refuse(path, "is not a project")
    path.unlink()
    sql(path, ["CREATE TABLE note (id INTEGER PRIMARY KEY)"])
    refuse(path, "is not a project")


def test_a_project_too_large_to_be_one_is_refused_unread(project):
    with project.open("r+b") as file:
        file.truncate(1 << 40)  # sparse
    with pytest.raises(ProjectError, match="too large"):
        Document.open(project)


# -- what its author planted


@pytest.mark.parametrize(
    "planted",
    [
        "CREATE TRIGGER t AFTER UPDATE ON property BEGIN DELETE FROM note; END",
        "CREATE VIEW v AS SELECT load_extension('x')",
        "CREATE INDEX i ON note (abs(pitch))",
        "CREATE TABLE other (x CHECK (length(randomblob(1000000000)) > 0))",
        "CREATE VIRTUAL TABLE f USING fts5(x)",
    ],
)
def test_parts_that_no_project_has_are_refused(project, planted):
    sql(project, [planted])
    refuse(project, "does not have the tables of a project")


def test_a_view_without_end_in_the_place_of_a_table_is_not_run(project):
    endless = (
        "CREATE VIEW note AS WITH RECURSIVE r(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"
        " SELECT x AS id FROM r"
    )
    sql(project, ["DROP TABLE note"], [endless])
    refuse(project, "does not have the tables")  # run, it would never end


def test_reading_that_does_not_end_is_stopped(project, monkeypatch):
    monkeypatch.setattr(inspection, "TIME_LIMIT", 0.0)
    monkeypatch.setattr(inspection, "_STEPS_BETWEEN_LOOKS", 1)
    refuse(project, "never ends")


def test_a_foreign_rollback_journal_is_not_played_into_the_project(project):
    journal = project.with_name("a.amts-journal")
    journal.write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(600))
    refuse(project, "does not belong to it")


# -- values that cannot be


def note_row(**values):
    row = {
        "id": 2,
        "onset": 1.0,
        "offset": 2.0,
        "pitch": 60,
        "velocity": 70,
        "confidence": 0.4,
        "track": "piano",
        "state": "model",
        "original": "",
        "bend": "",
    }
    return sealed(tuple({**row, **values}.values()))


@pytest.mark.parametrize(
    "values",
    [
        {"onset": float("inf")},
        {"onset": -1.0},
        {"offset": 1e300},
        {"offset": 0.5},
        {"onset": b"\x00" * 1_000_000},
        {"pitch": 2**62},
        {"pitch": 60.5},
        {"pitch": "sixty"},
        {"velocity": 0},
        {"confidence": 2.0},
        {"state": "divine"},
        {"track": b"piano"},
        {"track": "["},
        {"track": '["x",128,"pitched"]'},
        {"track": '["x",0,"sung"]'},
        {"bend": "[[0.5,1.0],[0.25,1.0]]"},
        {"bend": "[[0.5]]"},
        {"bend": "[[0.0,NaN]]"},
        {"bend": "[" * 100_000},
        {"bend": 3},
        {"original": "[" * 100_000},
        {"original": '[NaN,1.0,60,64,0.5,"piano"]'},
        {"original": '[1e999,1.0,60,64,0.5,"piano"]'},
        {"original": "{}"},
    ],
)
def test_an_impossible_note_is_left_out_and_told(project, values):
    row = note_row(**values)
    sql(project, [f"REPLACE INTO note VALUES ({','.join('?' * len(row))})", *row])
    with Untouched(project), Document.open(project) as document:
        assert document.is_read_only
        assert document.problems == ("1 of 5 notes cannot be read",)
        assert sorted(document.notes) == [1, 3, 4, 5]


def test_a_value_changed_behind_our_back_is_noticed(project):
    sql(project, ["UPDATE note SET velocity = 71 WHERE id = 2"])
    with Untouched(project), Document.open(project) as document:
        assert document.problems == ("1 of 5 notes cannot be read",)


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("DELETE FROM property WHERE key = 'source'", "the property 'source' cannot be read"),
        ("UPDATE property SET value = 'x' WHERE key = 'audio'", "1 of 5 properties cannot be read"),
        ("DELETE FROM journal WHERE seq = 1; ", "the history of edits is torn"),
        ("UPDATE journal SET command = '{}'", "2 of 2 steps of the history cannot be read"),
        ("UPDATE pedal SET onset = 0.6", "1 of 1 pedals cannot be read"),
        ("UPDATE note SET track = CAST(x'ff' AS TEXT) WHERE id = 2", "1 of 5 notes"),
    ],
)
def test_other_damage_is_told_and_the_notes_are_there(project, statement, problem):
    if "seq = 1" in statement:
        sql(project, ["UPDATE journal SET seq = seq + 5 WHERE seq = 1"])
        problem = "steps of the history"
    else:
        sql(project, [statement])
    with Untouched(project), Document.open(project) as document:
        assert document.is_read_only
        assert any(problem in told for told in document.problems)
        assert len(document.notes) >= 4


def test_a_history_that_does_not_fit_the_notes_is_refused_at_undo(project):
    command = '{"removed":[],"inserted":[[1,[0.0,1.0,3,64,0.9,"piano"],"model",0]]}'
    sql(
        project,
        ["DELETE FROM journal"],
        ["INSERT INTO journal VALUES (?, ?, ?, ?, ?)", *sealed((2, "Move", command, ""))],
    )
    with Document.open(project) as document:
        before = fingerprint(document)
        with pytest.raises(ProjectError, match="does not match the notes"):
            document.undo()
        assert fingerprint(document) == before


def test_a_step_without_sense_is_refused_at_undo(project):
    sql(
        project,
        ["DELETE FROM journal"],
        ["INSERT INTO journal VALUES (?, ?, ?, ?, ?)", *sealed((2, "Move", "[[[]]]", ""))],
    )
    with Document.open(project) as document, pytest.raises(ProjectError, match=r"'Move' .*damaged"):
        document.undo()


# -- opening for reading only


def test_a_damaged_document_can_be_read_and_saved_elsewhere_but_not_edited(project, tmp_path):
    sql(project, ["UPDATE note SET velocity = 71 WHERE id = 2"])
    with Untouched(project):
        document = Document.open(project)
        with pytest.raises(ProjectReadOnlyError, match="1 of 5 notes cannot be read") as caught:
            document.delete([3])
        with pytest.raises(ProjectReadOnlyError):
            document.undo()
        with pytest.raises(ProjectReadOnlyError):
            document.set_view("x")
    assert caught.value.exit_code == 77
    (tmp_path / "new").mkdir()
    with Untouched(project):
        document.save_as(tmp_path / "new" / "b.amts")
    document.delete([3])
    document.close()
    with Document.open(tmp_path / "new" / "b.amts") as rescued:
        assert sorted(rescued.notes) == [1, 3, 4, 5]
        assert not rescued.is_read_only


def test_a_newer_format_is_refused_with_a_sentence(project):
    sql(project, [f"PRAGMA user_version = {schema.FORMAT_VERSION + 1}"])
    refuse(project, "made by a newer AMT Studio .*update the program")


def test_an_older_format_is_upgraded(project, monkeypatch):
    version = schema.FORMAT_VERSION
    now, later = schema.schema_of(version), version + 1
    tables = {version: now, later: {**now, "extra": "CREATE TABLE extra (x INTEGER)"}}
    monkeypatch.setattr(schema, "FORMAT_VERSION", later)
    monkeypatch.setattr(schema, "schema_of", tables.get)
    monkeypatch.setitem(
        schema.UPGRADES, version, lambda connection: connection.execute(tables[later]["extra"])
    )
    with Document.open(project) as document:
        assert len(document.notes) == 5
        document.delete([2])
    connection = sqlite3.connect(project)
    assert connection.execute("PRAGMA user_version").fetchone() == (later,)
    assert connection.execute("SELECT count(*) FROM extra").fetchone() == (0,)
    connection.close()


# -- bytes lost or flipped


@pytest.fixture
def large(tmp_path, rng):
    """Several pages of notes, closed, and its fingerprint."""
    path = tmp_path / "large" / "a.amts"
    path.parent.mkdir()
    with Document.create() as document:
        document.replace_transcription(random_transcription(rng, 600))
        document.delete([3])
        document.save_as(path)
        return path, fingerprint(document)


def open_whatever(path):
    """The fingerprint of a project that opens in order, "damaged" or "refused"."""
    with Untouched(path):
        try:
            document = Document.open(path)
        except ProjectError:
            return "refused"
        if document.is_read_only:
            assert document.problems
            return "damaged"
        result = fingerprint(document)
        document.close()
        return result


@pytest.mark.parametrize("part", [0.01, 0.3, 0.5, 0.8, 0.99])
def test_a_truncated_project_is_never_taken_for_whole(large, part):
    path, _ = large
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * part)])
    assert open_whatever(path) in ("damaged", "refused")


def test_flipped_bits_never_pass_for_notes(large):
    path, whole = large
    data = path.read_bytes()
    rng = np.random.default_rng(5)
    outcomes = []
    for _ in range(60):
        damaged = bytearray(data)
        for place in rng.integers(0, len(data), size=rng.integers(1, 4)):
            damaged[place] ^= 1 << int(rng.integers(8))
        path.write_bytes(damaged)
        outcomes.append(open_whatever(path))
    assert set(outcomes) <= {"damaged", "refused", whole}
    assert outcomes.count("damaged") > 30


def test_of_a_torn_table_both_sides_of_the_damage_are_read(large):
    path, _ = large
    data = path.read_bytes()
    page_size = int.from_bytes(data[16:18], "big")
    pages = [data[place : place + page_size] for place in range(0, len(data), page_size)]
    leaves = [n for n, page in enumerate(pages) if page[0] == 0x0D and page.count(b"model") > 20]
    pages[leaves[3]] = bytes(page_size)
    path.write_bytes(b"".join(pages))
    with Untouched(path):
        document = Document.open(path)
    ids = sorted(document.notes)
    assert document.is_read_only
    assert 400 < len(ids) < 600
    assert (ids[0], ids[-1]) == (1, 600)


def test_a_log_that_does_not_fit_hides_no_good_save(document, tmp_path):
    path = tmp_path / "good" / "a.amts"
    path.parent.mkdir()
    document.save_as(path)
    good = fingerprint(document)
    image = path.read_bytes()
    document.replace_transcription(Transcription(tuple(Note(i, i + 1, 60) for i in range(300))))
    log = bytearray(path.with_name("a.amts-wal").read_bytes())
    document.close()
    other = tmp_path / "other" / "a.amts"
    other.parent.mkdir()
    other.write_bytes(image)
    # A log with its first frame gone is not a log: the last good state opens.
    log[40] ^= 1
    other.with_name("a.amts-wal").write_bytes(log)
    with Document.open(other) as reopened:
        assert fingerprint(reopened) == good


def test_a_damaged_recovery_file_does_not_hide_the_others(document):
    (recovery_dir() / "b.amts").write_bytes(b"SQLite format 3\x00" + bytes(52) + b"AMTS" * 99)
    document.close()
    assert [entry.path for entry in find_recoverable()] == [document.path]


def test_a_name_that_no_file_can_have(tmp_path):
    with pytest.raises(InputNotFoundError, match="does not exist"):
        Document.open(tmp_path / "a\x00b.amts")


def test_the_seal_depends_on_every_value():
    assert len({seal(1, 2.0), seal(2.0, 1), seal(1, 2), seal(1, "2.0"), seal(1, b"2.0")}) == 5
