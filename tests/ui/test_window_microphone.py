"""The window on a real sound server: a microphone that hears what is played, and is unplugged."""

from __future__ import annotations

import ctypes.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from scipy.signal import correlate

CHILD = Path(__file__).with_name("recording_child.py")
RATE = 44100  # ALSA's default, so that nothing is resampled on the way


class SoundServer:
    """A PulseAudio of its own; what is played on it is what its microphone hears."""

    def __init__(self, script: Path, folder: Path) -> None:
        self._command = ["bash", str(script)]
        self._folder = str(folder)
        words = shlex.split(self.do("start"))
        self.variables = dict(word.split("=", 1) for word in words if "=" in word)

    def do(self, action: str) -> str:
        done = subprocess.run(
            [*self._command, action, self._folder],
            stdout=subprocess.PIPE,
            env={**os.environ, "VMIC_RATE": str(RATE)},
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    def play(self, path: Path) -> None:
        environment = {**os.environ, **self.variables}
        subprocess.run(["paplay", str(path)], env=environment, check=True, timeout=120)


@pytest.fixture
def server(shared: Path, tmp_path_factory) -> Iterator[SoundServer]:
    script = shared / "tools" / "virtual_mic.sh"
    if not script.is_file():
        pytest.skip("needs ../shared/tools/virtual_mic.sh")
    if not (shutil.which("pulseaudio") and shutil.which("pactl") and shutil.which("paplay")):
        pytest.skip("needs pulseaudio and pulseaudio-utils")
    if ctypes.util.find_library("portaudio") is None:
        pytest.skip("needs libportaudio2")
    server = SoundServer(script, tmp_path_factory.mktemp("sound"))
    try:
        yield server
    finally:
        server.do("stop")


def test_a_take_from_a_microphone_that_is_unplugged_is_kept_and_transcribed(
    server, model_file, tmp_path
):
    samples = np.random.default_rng(3).uniform(-0.4, 0.4, 2 * RATE).astype(np.float32)
    song = tmp_path / "song.wav"
    soundfile.write(song, samples, RATE, subtype="FLOAT")
    variables = {
        "AMTSTUDIO_DATA_DIR": str(tmp_path / "data"),
        "AMTSTUDIO_RECORDINGS_DIR": str(tmp_path / "takes"),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    said: dict[str, str] = {}
    with subprocess.Popen(
        [sys.executable, CHILD, str(model_file)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **server.variables, **variables},
    ) as child:
        n_played = 0
        for line in child.stdout:
            kind, _, said[kind] = line.strip().partition(" ")
            if kind == "captured" and "ready" in said and not n_played:
                server.play(song)
                n_played += 1
                heard_at = float(said["captured"])
            elif kind == "captured" and n_played == 1 and float(said[kind]) > heard_at + 3.0:
                n_played += 1
                server.do("unplug")
    assert child.returncode == 0
    assert said["finished"].startswith("done: The device ")
    assert said["finished"].endswith("has gone; what was recorded is kept.")

    found, rate = soundfile.read(said["take"], dtype="float32", always_2d=True)
    assert rate == RATE
    mono = found.mean(axis=1)
    begin = int(np.argmax(correlate(mono, samples, mode="valid", method="fft")))
    heard = mono[begin : begin + len(samples)]
    # In parts, so that a single lost block would be noticed.
    for first in range(0, len(samples), RATE // 10):
        part = slice(first, first + RATE // 10)
        assert np.corrcoef(heard[part], samples[part])[0, 1] > 0.99
