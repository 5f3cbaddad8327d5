from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from random_edits import fingerprint

from amtstudio.errors import (
    CannotCreateOutputError,
    InputNotFoundError,
    OutputExistsError,
    ProjectLockedError,
    ProjectReadOnlyError,
)
from amtstudio.session import (
    AudioReference,
    Document,
    data_dir,
    find_recoverable,
    read_labels,
    recovery_dir,
)
from amtstudio.symbolic import Note

HOLD = """
import sys
from pathlib import Path
from amtstudio.session import Document
document = Document.open(Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def names(folder):
    return sorted(entry.name for entry in folder.iterdir())


@pytest.fixture
def held(document, tmp_path):
    """A project that another process has open."""
    path = tmp_path / "held.amts"
    document.save_as(path)
    document.close()
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "open\n"
        yield path
        process.stdin.close()
        assert process.wait(timeout=20) == 0


def test_a_new_document_lies_in_the_data_folder_until_it_is_saved(document, tmp_path):
    assert data_dir() == tmp_path / "data"
    recovery = document.path
    assert recovery.parent == recovery_dir()
    assert (document.is_recovery, document.name) == (True, "Untitled")
    document.save_as(tmp_path / "song.amts")
    assert (document.is_recovery, document.name) == (False, "song")
    assert names(recovery_dir()) == []
    document.delete([1])
    document.close()
    assert names(tmp_path) == ["data", "song.amts"]  # no log is left beside it


def test_every_edit_is_in_the_file_without_saving(document):
    document.delete([1])
    document.accept_passage(1.0, 2.0)
    document.set_view('{"zoom": 3}')
    content, path = document.content, document.path
    document.close()
    with Document.open(path) as reopened:
        assert reopened.content == content
        assert reopened.view == '{"zoom": 3}'
        assert reopened.undo_text == "Accept passage"


def test_a_commit_waits_for_the_disk(document):
    # Without it, an acknowledged edit could be lost when the power fails.
    (level,) = document._store._connection.execute("PRAGMA synchronous").fetchone()
    (mode,) = document._store._connection.execute("PRAGMA journal_mode").fetchone()
    assert (level, mode) == (2, "wal")  # FULL


def test_saving_folds_the_log_so_that_the_file_can_be_copied_while_open(document, tmp_path):
    document.save_as(tmp_path / "a.amts")
    document.delete([1])
    document.save()
    (tmp_path / "copy.amts").write_bytes((tmp_path / "a.amts").read_bytes())
    with Document.open(tmp_path / "copy.amts") as copy:
        assert fingerprint(copy) == fingerprint(document)


def test_save_as_asks_before_it_replaces_a_file(document, tmp_path):
    target = tmp_path / "old.amts"
    target.write_bytes(b"old")
    with pytest.raises(OutputExistsError, match=r"old\.amts already exists"):
        document.save_as(target)
    assert target.read_bytes() == b"old"
    assert document.is_recovery
    document.delete([1])
    document.save_as(target, overwrite=True)
    document.save_as(target)  # where it is already
    assert names(tmp_path) == ["data", "old.amts", "old.amts-wal"]


def test_save_as_leaves_the_former_project_as_it_was(document, tmp_path):
    document.save_as(tmp_path / "a.amts")
    before = fingerprint(document)
    document.save_as(tmp_path / "b.amts")
    document.delete([1])
    with Document.open(tmp_path / "a.amts") as former:
        assert fingerprint(former) == before


def test_an_old_log_is_not_played_into_a_file_that_takes_the_name(document, tmp_path):
    path = tmp_path / "a.amts"
    document.save_as(path)
    document.add(Note(1.0, 2.0, 100))
    log = (tmp_path / "a.amts-wal").read_bytes()
    document.close()
    path.unlink()
    (tmp_path / "a.amts-wal").write_bytes(log)
    with Document.create() as other:
        other.save_as(path)
    with Document.open(path) as reopened:
        assert not reopened.notes


def test_a_link_leads_to_the_file_and_its_log(document, tmp_path):
    (tmp_path / "real").mkdir()
    link = tmp_path / "link.amts"
    link.symlink_to(tmp_path / "real" / "a.amts")
    document.save_as(link)
    document.delete([1])
    assert names(tmp_path / "real") == ["a.amts", "a.amts-wal"]
    with pytest.raises(ProjectLockedError, match="already open"):
        Document.open(link)
    # What a killed process leaves: the last edit is in the log alone.
    for suffix in ("", "-wal"):
        copy = tmp_path / "real" / f"b.amts{suffix}"
        copy.write_bytes((tmp_path / "real" / f"a.amts{suffix}").read_bytes())
    link.unlink()
    link.symlink_to(tmp_path / "real" / "b.amts")
    labels = read_labels(link)
    with Document.open(link) as reopened:
        assert fingerprint(reopened) == fingerprint(document)
        assert reopened.labels() == labels
        assert len(labels.rejected) == 1


def test_a_large_step_can_be_taken_on_another_thread(document):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(document.shift_octave, [1, 2], 1).result()
    assert document.undo_text == "Octave up 2 notes"
    document.undo()
    assert document.notes[1].note.pitch == 60


def test_save_as_into_a_missing_folder_keeps_the_document(document, tmp_path):
    with pytest.raises(CannotCreateOutputError, match="no folder"):
        document.save_as(tmp_path / "none" / "a.amts")
    document.delete([1])
    assert document.is_recovery


def test_a_project_open_in_another_process_is_refused(held, tmp_path):
    before = held.read_bytes()
    with pytest.raises(ProjectLockedError, match=r"held\.amts is open in another") as caught:
        Document.open(held)
    assert caught.value.exit_code == 75
    with (
        Document.create() as other,
        pytest.raises(ProjectLockedError, match="open in another"),
    ):
        other.save_as(held, overwrite=True)
    assert held.read_bytes() == before
    assert names(tmp_path) == ["data", "held.amts", "held.amts-wal"]


def test_a_project_open_in_this_process_is_refused_and_stays_locked(document, tmp_path):
    path = tmp_path / "a.amts"
    document.save_as(path)
    with pytest.raises(ProjectLockedError, match="already open in this program"):
        Document.open(path)
    with (
        Document.create() as other,
        pytest.raises(ProjectLockedError, match="already open in this program"),
    ):
        other.save_as(path, overwrite=True)
    # The attempts must not have dropped the lock, as closing any descriptor of the file would.
    child = subprocess.run(
        [sys.executable, "-c", HOLD, path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "ProjectLockedError" in child.stderr
    document.delete([1])


def test_opening_what_is_not_there(tmp_path):
    with pytest.raises(InputNotFoundError, match="does not exist"):
        Document.open(tmp_path / "none.amts")
    with pytest.raises(InputNotFoundError, match="is not a file"):
        Document.open(tmp_path)


def test_documents_that_outlived_their_program_are_found(document, sound):
    with Document.create(AudioReference.read(sound)) as open_elsewhere:
        open_elsewhere.add(Note(0.0, 1.0, 60))
        document.close()
        (recovery_dir() / "garbage.amts").write_bytes(b"garbage")
        (found,) = find_recoverable()
        assert (found.path, found.n_notes, found.audio_name) == (document.path, 4, "")
    names_found = {entry.audio_name for entry in find_recoverable()}
    assert names_found == {"", "a.wav"}


def test_an_empty_document_leaves_nothing_and_a_discarded_one_neither(document):
    Document.create().close()
    assert len(names(recovery_dir())) == 2  # the document of the fixture and its log
    document.discard()
    assert names(recovery_dir()) == []
    with pytest.raises(ProjectReadOnlyError, match="It is closed"):
        document.delete([1])


def test_undo_texts_and_names_of_documents_with_a_recording(sound, tmp_path):
    with Document.create(AudioReference.read(sound)) as document:
        assert document.name == "a"
        assert document.undo_text is None
        assert document.redo_text is None
        assert not document.undo().inserted
        folder = tmp_path / "Ünïcode #1? 100%"
        folder.mkdir()
        document.save_as(folder / "a%20b?#.amts")
        assert document.name == "a%20b?#"
        path = document.path
    with Document.open(path) as reopened:
        assert reopened.audio == document.audio
