"""What is left of a take when the program ends in the midst of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from amtstudio.session.take_marks import TakeMark, find_unfinished_takes, marks_folder

CRASHING = """
import os, sys
from pathlib import Path
from amtstudio.session.take_marks import TakeMark
mark = TakeMark(Path(sys.argv[1]))
os._exit(1)
"""


def crash_while_recording(path) -> None:
    done = subprocess.run([sys.executable, "-c", CRASHING, str(path)], check=False)
    assert done.returncode == 1


def test_a_take_is_found_once_its_program_has_crashed(tmp_path):
    take = tmp_path / "Übung #1.wav"
    take.write_bytes(b"sound")
    crash_while_recording(take)
    (found,) = find_unfinished_takes()
    assert found.path == take
    assert find_unfinished_takes() == [found]
    found.forget()
    assert find_unfinished_takes() == []
    assert take.read_bytes() == b"sound"


def test_a_take_that_is_being_recorded_is_not_unfinished(tmp_path):
    take = tmp_path / "take.wav"
    take.write_bytes(b"sound")
    mark = TakeMark(take)
    assert find_unfinished_takes() == []
    assert len(list(marks_folder().iterdir())) == 1
    mark.remove()
    assert list(marks_folder().iterdir()) == []
    assert find_unfinished_takes() == []


def test_marks_of_takes_that_are_gone_and_broken_marks_are_cleared(tmp_path):
    crash_while_recording(tmp_path / "never.wav")
    (marks_folder() / "cut.take").write_bytes(b"")
    assert find_unfinished_takes() == []
    assert list(marks_folder().iterdir()) == []


def test_without_a_folder_for_it_there_is_no_mark(tmp_path, monkeypatch):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "file"))
    with pytest.raises(OSError, match="file"):
        TakeMark(tmp_path / "take.wav")
    assert find_unfinished_takes() == []
