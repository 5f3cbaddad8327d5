from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from random_edits import fingerprint

from amtstudio.errors import CannotCreateOutputError, InputUnreadableError, ProjectReadOnlyError
from amtstudio.session import Document

NOBODY = 65534

pytestmark = pytest.mark.skipif(os.name != "posix", reason="POSIX permissions")


@contextlib.contextmanager
def ordinary_user():
    """Without the rights of root, for whom nothing is read-only."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def folder():
    # Not tmp_path: pytest lets nobody else into that.
    path = Path(tempfile.mkdtemp())
    path.chmod(0o755)
    yield path
    path.chmod(0o755)
    shutil.rmtree(path)


@pytest.fixture
def project(document, folder):
    path = folder / "a.amts"
    document.delete([2])
    document.save_as(path)
    state = fingerprint(document)
    document.close()
    path.chmod(0o444)
    return path, state


def opened_for_reading_only(path, state):
    before = path.read_bytes(), sorted(path.parent.iterdir())
    with ordinary_user(), Document.open(path) as document:
        assert document.is_read_only
        assert "cannot be written to" in document.read_only_reason
        assert document.problems == ()
        assert fingerprint(document) == state
        assert document.undo_text is None
        with pytest.raises(ProjectReadOnlyError, match="cannot be written to"):
            document.delete([1])
    assert (path.read_bytes(), sorted(path.parent.iterdir())) == before


def test_a_write_protected_file_opens_for_reading_only(project):
    opened_for_reading_only(*project)


def test_a_project_in_a_folder_of_read_only_media_opens_for_reading_only(project):
    path, state = project
    path.chmod(0o666)
    path.parent.chmod(0o555)
    opened_for_reading_only(path, state)


def test_edits_still_in_the_log_are_read_from_read_only_media(document, folder):
    document.save_as(folder / "open.amts")
    document.delete([1])
    state = fingerprint(document)
    # As a process that was killed leaves them.
    for suffix in ("", "-wal"):
        shutil.copyfile(folder / f"open.amts{suffix}", folder / f"a.amts{suffix}")
    (folder / "a.amts").chmod(0o444)
    folder.chmod(0o555)
    opened_for_reading_only(folder / "a.amts", state)


def test_what_may_not_be_read_is_told(project):
    path, _ = project
    path.chmod(0o000)
    with ordinary_user(), pytest.raises(InputUnreadableError, match="cannot be read"):
        Document.open(path)


def test_a_data_folder_that_cannot_be_written_to_is_told(folder, monkeypatch):
    folder.chmod(0o555)
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(folder / "data"))
    with ordinary_user(), pytest.raises(CannotCreateOutputError, match="no folder"):
        Document.create()
