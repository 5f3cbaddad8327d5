"""Exceptions as lines, codes and log files."""

from __future__ import annotations

import errno
import os

import pytest

from amtstudio.cli.console import Console
from amtstudio.cli.failures import joint_exit_code, report
from amtstudio.errors import AmtStudioError, BadAudioError


@pytest.mark.parametrize(
    ("codes", "expected"),
    [([0], 0), ([0, 0], 0), ([65], 65), ([66, 66], 66), ([0, 65], 1), ([65, 66], 1)],
)
def test_joint_exit_code(codes, expected):
    assert joint_exit_code(codes) == expected


def test_every_error_of_the_program_has_its_own_code(capsys):
    for error_class in AmtStudioError.__subclasses__():
        assert report(Console(), error_class("c", hint="h"), file="f") == error_class.exit_code
        assert capsys.readouterr().err == "amtstudio: f: c (h)\n"
    assert BadAudioError.exit_code == 65


def test_the_system_s_own_errors(capsys):
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "x")
    assert report(Console(), full, file="f") == 74
    assert report(Console(), MemoryError(), file="f") == 75
    first, second = capsys.readouterr().err.splitlines()
    assert first == "amtstudio: f: x: No space left on device"
    assert "not enough memory" in second


def _raise_bug() -> None:
    raise KeyError("a bug \udcff")


def test_a_bug_leaves_a_log_and_no_traceback(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AMTSTUDIO_LOG_DIR", str(tmp_path / "logs"))
    with pytest.raises(KeyError) as caught:
        _raise_bug()
    assert report(Console(), caught.value, file="f.wav") == 70
    (log,) = (tmp_path / "logs").iterdir()
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert f"details are in {log}" in err
    assert "Traceback" not in err
    text = log.read_text()
    assert "Traceback" in text
    assert "_raise_bug" in text


def test_a_log_folder_that_cannot_be_used_is_survived(tmp_path, monkeypatch, capsys):
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("AMTSTUDIO_LOG_DIR", str(tmp_path / "file"))
    assert report(Console(), KeyError("a bug")) == 70
    assert "no folder for a log file could be written to" in capsys.readouterr().err


def test_without_a_usable_home_the_log_goes_to_the_temporary_folder(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("AMTSTUDIO_LOG_DIR", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setenv("HOME", "/proc/nowhere")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert report(Console(), KeyError("a bug")) == 70
    (log,) = tmp_path.iterdir()
    assert str(log) in capsys.readouterr().err
