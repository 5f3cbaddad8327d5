from __future__ import annotations

import subprocess
import sys

import pytest
from random_edits import fingerprint

from amtstudio.session import Document
from amtstudio.symbolic import Note

pytest.importorskip("resource")  # POSIX

# A limit on the size of files stands in for the disk: the same error at the same calls, for real.
CHILD = """
import resource, sys
from pathlib import Path
from amtstudio.errors import OutputWriteError
from amtstudio.session import Document
from amtstudio.symbolic import Note

def limit(n_bytes):
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, resource.RLIM_INFINITY))

document = Document.open(Path(sys.argv[1]))
limit(200_000)
count = 0
try:
    while count < 5000:
        document.add(Note(count, count + 1, 60))
        count += 1
except OutputWriteError as error:
    cause = error.cause
before = dict(document.notes)
try:
    document.delete([1])
except OutputWriteError:
    pass
assert document.notes == before
limit(10_000)
try:
    document.save_as(Path(sys.argv[2]))
except OutputWriteError as error:
    saving = error.cause
limit(resource.RLIM_INFINITY)
document.add(Note(0.0, 1.0, 100))  # there is room again
print(count, "|", cause, "|", saving)
document.close()
"""


def test_a_full_disk_is_told_and_loses_nothing_that_was_acknowledged(document, tmp_path):
    path = tmp_path / "a.amts"
    document.save_as(path)
    before = len(document.notes)
    document.close()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, path, tmp_path / "b.amts"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == 0, child.stderr
    count, cause, saving = child.stdout.split(" | ")
    assert "Cannot write a.amts: the disk" in cause
    assert "Cannot write b.amts" in saving
    assert not (tmp_path / "b.amts").exists()
    with Document.open(path) as reopened:
        assert len(reopened.notes) == before + int(count) + 1
        assert 10 < int(count) < 5000
        reopened.undo()
        state = fingerprint(reopened)
        reopened.add(Note(1.0, 2.0, 3))
        reopened.undo()
        assert fingerprint(reopened) == state
