from __future__ import annotations

import os
import subprocess
import sys

import pytest

from amtstudio.errors import (
    BadFileError,
    InputNotFoundError,
    InputUnreadableError,
    OutputExistsError,
)
from amtstudio.formats import FORMATS, read_transcription, write_transcription
from amtstudio.formats.input_file import read_input
from amtstudio.symbolic import Note, Transcription

TRANSCRIPTION = Transcription(notes=(Note(0.5, 1.0, 60, 90),), duration=1.0)


@pytest.mark.parametrize("name", ["midi", "json", "jsonl", "csv"])
def test_what_is_written_is_read_by_its_suffix(tmp_path, name):
    path = tmp_path / f"Take{FORMATS[name].suffix.upper()}"
    write_transcription(TRANSCRIPTION, path, format_name=name)
    assert read_transcription(path).notes == TRANSCRIPTION.notes
    assert path.read_bytes() == FORMATS[name].dumps(TRANSCRIPTION)
    with pytest.raises(OutputExistsError, match="already exists"):
        write_transcription(TRANSCRIPTION, path, format_name=name)
    write_transcription(Transcription(), path, format_name=name, overwrite=True)
    assert read_transcription(path).notes == ()


def test_unknown_format(tmp_path):
    with pytest.raises(ValueError, match=r"format must be one of midi, .* got 'wav'"):
        write_transcription(TRANSCRIPTION, tmp_path / "a.wav", format_name="wav")


def test_unknown_suffix(tmp_path):
    with pytest.raises(
        BadFileError, match=r"a\.wav has an unsupported file type \(known are \.mid"
    ):
        read_transcription(tmp_path / "a.wav")


def test_importing_the_formats_loads_no_midi_library():
    code = "import sys, amtstudio.formats; print(*{'mido', 'pretty_midi'} & set(sys.modules))"
    child = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert child.stdout.strip() == ""


def test_read_input_has_a_limit(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"x" * 100)
    assert read_input(path, max_bytes=100) == b"x" * 100
    with pytest.raises(BadFileError, match="is larger than"):
        read_input(path, max_bytes=99)


@pytest.mark.skipif(os.name != "posix", reason="POSIX files")
def test_a_pipe_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "a.mid")
    with pytest.raises(InputNotFoundError, match=r"a\.mid is not a regular file"):
        read_transcription(tmp_path / "a.mid")


@pytest.mark.parametrize("name", ["gone.mid", "a\0b.mid", "x" * 300 + ".mid"])
def test_names_of_no_file(tmp_path, name):
    with pytest.raises((InputNotFoundError, BadFileError), match=r"no file|Cannot read"):
        read_transcription(tmp_path / name)


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything"
)
def test_a_file_of_another_user(tmp_path):
    path = tmp_path / "a.mid"
    path.touch(mode=0o000)
    with pytest.raises(InputUnreadableError, match=r"No permission to read a\.mid"):
        read_transcription(path)
