"""The real program in processes of its own: signals, streams, locale, rights."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cli_program import COMMAND_WITH_SIGINT, environment, run_in_shell, run_program

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and shell")


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"]
)
def test_a_signal_ends_it_without_a_trace(tmp_path, model_file, rng, number, code):
    recording = tmp_path / "long.wav"
    noise = (0.1 * rng.standard_normal(16000 * 60)).astype(np.float32)
    with soundfile.SoundFile(recording, "w", samplerate=16000, channels=1) as file:
        for _ in range(30):
            file.write(noise)
    old = tmp_path / "long.mid"
    old.write_bytes(b"precious")
    arguments = ["transcribe", str(recording), "--model", str(model_file), "--overwrite"]
    with subprocess.Popen(
        [*COMMAND_WITH_SIGINT, *arguments, "--json-progress", "--device", "cpu"],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stderr is not None
        for line in process.stderr:
            event = json.loads(line)
            if event["event"] == "progress" and event["done_s"] > 0:
                break
        process.send_signal(number)
        out, err = process.communicate(timeout=60)
    assert process.returncode == code
    assert out == b""
    *progress, last = [json.loads(line)["event"] for line in err.splitlines()]
    assert last == "stopped"
    assert set(progress) <= {"progress"}
    assert old.read_bytes() == b"precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["long.mid", "long.wav"]


def test_an_odd_name_without_home_in_the_c_locale(tmp_path, model_file, recording):
    name = os.fsencode(tmp_path) + b"/\xff\x1b[2J\xc3\xa9\n.wav"
    Path(os.fsdecode(name)).write_bytes(recording.read_bytes())
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "HOME": None, "USER": None}
    env["AMTSTUDIO_LOG_DIR"] = None
    done = run_program(["transcribe", name, "--model", model_file], env=env)
    assert done.returncode == 0, done.stderr
    assert Path(os.fsdecode(name[:-4] + b".mid")).read_bytes().startswith(b"MThd")
    assert done.stderr.count(b"\n") == 1
    assert b"\x1b" not in done.stderr
    assert rb"\xff\x1b[2J" in done.stderr


def test_output_that_fails(model_file, recording):
    arguments = ["transcribe", str(recording), "--model", str(model_file), "-o", "-", "-q"]
    full = run_in_shell([*arguments, "--format", "json"], ">/dev/full")
    assert full.returncode == 74
    assert full.stderr.startswith(b"amtstudio: ")
    assert full.stderr.count(b"\n") == 1
    assert b"No space left" in full.stderr
    # /dev/full passes for a stream; a closed one is known before the model is loaded.
    closed = run_in_shell([*arguments, "--format", "json"], ">&-")
    assert closed.returncode == 74
    assert b"standard output is closed" in closed.stderr


def test_both_streams_closed_and_a_file_to_write(model_file, recording):
    arguments = ["transcribe", str(recording), "--model", str(model_file)]
    done = run_in_shell(arguments, ">&- 2>&- <&-")
    assert done.returncode == 0
    assert recording.with_suffix(".mid").read_bytes().startswith(b"MThd")
