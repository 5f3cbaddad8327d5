from __future__ import annotations

import os
import socket
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from amtstudio.audio import check_input, probe, read_mono
from amtstudio.errors import BadAudioError, InputNotFoundError, InputUnreadableError

NOBODY = 65534


@contextmanager
def as_nobody():
    """Root reads everything: become somebody else for the while."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if user == 0:
            os.seteuid(user)


@pytest.mark.parametrize("path", ["missing.wav", "no/such/folder.wav", "a\0b.wav", "x" * 300])
def test_what_is_not_there(path, tmp_path):
    with pytest.raises(InputNotFoundError, match="does not exist"):
        check_input(tmp_path / path)


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(InputNotFoundError, match="does not exist"):
        check_input(tmp_path / "file" / "take.wav")


def test_a_folder(tmp_path):
    with pytest.raises(InputNotFoundError, match="is a folder"):
        check_input(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.wav")
    with pytest.raises(InputNotFoundError, match="is a pipe"):
        check_input(tmp_path / "pipe.wav")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs /dev/zero")
def test_a_device():
    with pytest.raises(InputNotFoundError, match="is a device"):
        read_mono(Path("/dev/zero"), sample_rate=16000)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
def test_a_socket():
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as server:
        server.bind(f"{folder}/s.wav")
        with pytest.raises(InputNotFoundError, match="is a socket"):
            check_input(Path(folder) / "s.wav")


def test_an_empty_file(tmp_path):
    (tmp_path / "empty.wav").touch()
    for function in (check_input, probe):
        with pytest.raises(BadAudioError, match=r"empty\.wav is empty"):
            function(tmp_path / "empty.wav")


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs Unix permissions")
def test_a_file_that_may_not_be_read():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "secret.wav"
        path.write_bytes(b"RIFF")
        path.chmod(0)
        with as_nobody(), pytest.raises(InputUnreadableError, match="cannot be read"):
            check_input(path)


def test_control_characters_of_a_name_stay_out_of_the_message(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"^a\?\?\[31mb\.wav does not exist"):
        check_input(tmp_path / "a\n\x1b[31mb.wav")


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("https://example.org/song.mp3", "is an address, and nothing is downloaded"),
        ("file:///home/anna/song.mp3", "is an address"),
        ("song: live.mp3", "does not exist"),
    ],
)
def test_an_address_is_told_from_a_path(name, cause):
    with pytest.raises(InputNotFoundError, match=rf"song.*\.mp3 {cause} \("):
        check_input(Path(name))
