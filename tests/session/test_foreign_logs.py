"""A log that a killed process left is played into its own file, and into no other."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from random_edits import fingerprint

from amtstudio.errors import ProjectError
from amtstudio.session import Document, read_labels
from amtstudio.session.log import has_foreign_log
from amtstudio.symbolic import Note

CHILD = Path(__file__).with_name("edit_and_die.py")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX signals")


def log_of(path):
    return path.with_name(path.name + "-wal")


def aside_of(path):
    return path.with_name(f"{path.stem} (edits set aside).amts-wal")


def edit_and_die(path, pitch, n_edits, rest_s=0.0):
    arguments = [str(value) for value in (path, pitch, n_edits, rest_s)]
    child = subprocess.run([sys.executable, CHILD, *arguments], check=False)
    assert child.returncode == -signal.SIGKILL
    assert log_of(path).stat().st_size > 0


def edit(path, pitch, n_edits=1):
    with Document.open(path) as document:
        for number in range(n_edits):
            document.add(Note(30.0 + number, 31.0 + number, pitch))
        return fingerprint(document)


def pitches(document, pitch):
    return sum(entry.note.pitch == pitch for entry in document.notes.values())


@pytest.fixture
def project(document, tmp_path):
    """Four notes and a candidate, saved and closed."""
    path = tmp_path / "songs" / "take.amts"
    path.parent.mkdir()
    document.save_as(path)
    document.close()
    return path


@pytest.fixture
def elsewhere(project, tmp_path):
    """The same project on another computer, with newer edits there, and its fingerprint."""
    path = tmp_path / "elsewhere" / "take.amts"
    path.parent.mkdir()
    shutil.copyfile(project, path)
    return path, edit(path, 40, 4)


def test_the_log_of_a_crash_is_played_into_its_own_file(project):
    edit_and_die(project, 99, 4)
    with Document.open(project) as document:
        assert (pitches(document, 99), document.problems) == (4, ())
    assert not aside_of(project).exists()
    edit_and_die(project, 98, 2, rest_s=1.2)  # of which one was brought into the file meanwhile
    with Document.open(project) as document:
        assert (pitches(document, 98), document.problems) == (2, ())


@pytest.mark.parametrize("rest_s", [0.0, 1.2])
def test_a_file_from_elsewhere_takes_no_harm_from_the_log_of_a_crash(project, elsewhere, rest_s):
    newer, state = elsewhere
    edit_and_die(project, 99, 3, rest_s)
    shutil.copyfile(newer, project)  # as a synchronised folder brings it
    log = log_of(project).read_bytes()
    labels = read_labels(project)  # looks, and touches nothing
    assert log_of(project).read_bytes() == log
    with Document.open(project) as document:
        assert fingerprint(document) == state
        assert not document.is_read_only
        assert document.labels() == labels
        (told,) = document.problems
        assert "edits set aside" in told
        document.add(Note(50.0, 51.0, 41))
        state = fingerprint(document)
    assert aside_of(project).read_bytes() == log
    with Document.open(project) as document:
        assert (fingerprint(document), document.problems) == (state, ())


def test_the_edits_that_were_put_aside_open_with_the_file_they_belong_to(
    project, elsewhere, tmp_path
):
    newer, _ = elsewhere
    edit_and_die(project, 99, 3)
    mine = tmp_path / "mine.amts"
    shutil.copyfile(project, mine)
    shutil.copyfile(newer, project)
    Document.open(project).close()
    shutil.copyfile(mine, project.with_name("take (edits set aside).amts"))
    with Document.open(project.with_name("take (edits set aside).amts")) as document:
        assert (pitches(document, 99), pitches(document, 40)) == (3, 0)


def test_a_second_log_does_not_take_the_place_of_the_first(project, elsewhere):
    newer, _ = elsewhere
    shutil.copyfile(project, own := project.with_name("own.amts"))
    for _ in range(2):
        shutil.copyfile(own, project)
        edit_and_die(project, 99, 1)
        shutil.copyfile(newer, project)
        Document.open(project).close()
    assert sorted(path.name for path in project.parent.glob("*-wal")) == [
        "take (edits set aside 2).amts-wal",
        "take (edits set aside).amts-wal",
    ]


def test_an_older_file_put_back_stays_as_it_is(project):
    backup = project.read_bytes()
    with Document.open(project) as document:
        state = fingerprint(document)
    edit(project, 50)
    edit_and_die(project, 99, 2)
    project.write_bytes(backup)
    with Document.open(project) as document:
        assert fingerprint(document) == state
        assert len(document.problems) == 1


def test_a_copy_of_an_open_file_holds_what_was_edited_before_the_last_moment(project, tmp_path):
    copy = tmp_path / "copy.amts"
    with Document.open(project) as document:
        document.add(Note(30.0, 31.0, 40))
        deadline = time.monotonic() + 60.0
        while log_of(project).stat().st_size and time.monotonic() < deadline:
            time.sleep(0.05)
        shutil.copyfile(project, copy)
        state = fingerprint(document)
        document.add(Note(32.0, 33.0, 41))
        shutil.copyfile(project, tmp_path / "second.amts")
    for path in (copy, tmp_path / "second.amts"):
        with Document.open(path) as opened:
            assert (fingerprint(opened), opened.problems) == (state, ())


def test_a_copy_made_while_open_and_edited_since_is_not_played_over(project, tmp_path):
    copy = tmp_path / "copy.amts"
    with Document.open(project) as document:
        document.add(Note(30.0, 31.0, 40))
        document.save()
        shutil.copyfile(project, copy)
    edit_and_die(project, 99, 2)
    state = edit(copy, 41)
    shutil.copyfile(copy, project)
    with Document.open(project) as document:
        assert fingerprint(document) == state
        assert len(document.problems) == 1


def test_edits_that_never_cease_reach_the_file_all_the_same(project):
    with Document.open(project) as document:
        began, size = time.monotonic(), project.stat().st_size
        while time.monotonic() < began + 6.0 and project.stat().st_size == size:
            document.add(Note(30.0, 31.0, 40))
            document.set_view("x" * 3000)
            time.sleep(0.05)
        assert project.stat().st_size > size


def test_a_log_without_its_file_is_kept_when_another_project_takes_the_name(project, document):
    edit_and_die(project, 99, 1)
    log = log_of(project).read_bytes()
    project.unlink()
    with Document.create() as other:
        other.save_as(project)
    assert aside_of(project).read_bytes() == log


def test_a_log_that_holds_nothing_is_not_worth_a_word(project, elsewhere):
    log_of(project).write_bytes(b"")
    assert not has_foreign_log(project)
    for rubbish in (b"\0" * 5000, b"not a log", b"\x37\x7f\x06\x82" + b"\xff" * 5000):
        log_of(project).write_bytes(rubbish)
        with Document.open(project) as document:
            assert document.problems == ()
    assert not aside_of(project).exists()


def test_what_is_left_of_shared_memory_harms_nothing(project, elsewhere):
    edit_and_die(project, 99, 2)
    project.with_name("take.amts-shm").write_bytes(b"\xa5" * 32768)
    with Document.open(project) as document:
        assert pitches(document, 99) == 2


def unmarked(path):
    """As a former version wrote it: without a state, and whoever opens it gives it none."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA schema_version=6")
    connection.close()


def former_log(path):
    """The log of a process of a former version that was killed after it took the pedal away."""
    image = path.read_bytes()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("DELETE FROM pedal")
    log = log_of(path).read_bytes()
    connection.close()
    path.write_bytes(image)
    log_of(path).write_bytes(log)


def test_a_project_of_a_former_version_opens_with_its_log_and_is_marked(project):
    unmarked(project)
    former_log(project)
    with Document.open(project) as document:
        assert (document.problems, document.pedals) == ((), ())
    edit_and_die(project, 99, 2)
    with Document.open(project) as document:
        assert pitches(document, 99) == 2


def test_a_file_of_a_former_version_that_is_newer_than_the_log_is_left_alone(project):
    unmarked(project)
    former_log(project)
    os.utime(log_of(project), (1.0, 1.0))
    with Document.open(project) as document:
        assert (len(document.problems), len(document.pedals)) == (1, 1)


def test_a_file_of_a_former_version_takes_no_harm_from_a_log_of_this_one(project, elsewhere):
    newer, _ = elsewhere
    unmarked(newer)
    state = newer.read_bytes()
    edit_and_die(project, 99, 2)
    project.write_bytes(state)
    with Document.open(project) as document:
        assert (pitches(document, 99), pitches(document, 40)) == (0, 4)
        assert len(document.problems) == 1


@pytest.mark.parametrize("by_rename", [True, False])
def test_a_file_that_comes_while_the_project_is_open_is_not_written_to(
    project, elsewhere, by_rename, tmp_path
):
    newer, state = elsewhere
    document = Document.open(project)
    document.add(Note(30.0, 31.0, 99))
    if by_rename:
        shutil.copyfile(newer, project.with_name("new"))
        project.with_name("new").rename(project)
    else:
        project.write_bytes(newer.read_bytes())
    with pytest.raises(ProjectError, match=r"while it was open .*save it under a new name"):
        document.delete([1])
    document.save_as(tmp_path / "rescued.amts")
    document.add(Note(31.0, 32.0, 99))
    document.undo()
    document.close()
    with Document.open(project) as opened:
        assert fingerprint(opened) == state
    with Document.open(tmp_path / "rescued.amts") as opened:
        assert pitches(opened, 99) == 1
    assert aside_of(project).exists()


def test_a_mere_touch_of_an_open_file_is_no_reason_to_stop(project):
    with Document.open(project) as document:
        os.utime(project, (1.0, 1.0))
        document.add(Note(30.0, 31.0, 40))
        document.save()
        assert pitches(document, 40) == 1


def test_a_foreign_log_on_read_only_media_is_left_out(project, elsewhere):
    newer, state = elsewhere
    edit_and_die(project, 99, 2)
    shutil.copyfile(newer, project)
    project.chmod(0o444)
    with Document.open(project) as document:
        assert fingerprint(document) == state
        assert document.problems
