"""``amtstudio listen`` on a virtual microphone, and on a machine that has none."""

from __future__ import annotations

import ctypes.util
import json
import os
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cli_program import COMMAND, environment, run_program
from scipy.signal import correlate
from virtual_sound_card import VirtualSoundCard

from amtstudio.cli.console import Console
from amtstudio.cli.kept_take import kept_until_written

RATE = 44100  # that of the microphone


class Listening:
    """A running ``amtstudio listen`` that records."""

    def __init__(self, microphone: VirtualSoundCard, model: Path, *arguments: str | Path) -> None:
        options = ["--model", str(model), "--device", "cpu", "--jsonl", *map(str, arguments)]
        self.program = subprocess.Popen(
            [*COMMAND, "listen", *options],
            env=environment(microphone.variables),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def wait_until_recording(self, take: Path, *, more: int = 10_000) -> None:
        """Until ``more`` bytes of sound have come into the file."""
        before = take.stat().st_size if take.is_file() else 0
        tick = threading.Event()
        for _ in range(6000):
            assert self.program.poll() is None, self.program.stderr.read().decode()
            if take.is_file() and take.stat().st_size > before + more:
                return
            tick.wait(0.01)
        raise AssertionError("nothing was recorded")

    def end(self) -> tuple[int, str, str]:
        out, err = self.program.communicate(timeout=60)
        return self.program.returncode, out.decode(), err.decode()


def noise_file(path: Path, seconds: float) -> np.ndarray:
    samples = np.random.default_rng(8).uniform(-0.4, 0.4, round(seconds * RATE))
    samples = samples.astype(np.float32)
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    return samples


def test_a_played_file_is_recorded_whole(microphone, model_file, tmp_path):
    take, song, notes = tmp_path / "take.wav", tmp_path / "song.wav", tmp_path / "take.json"
    played = noise_file(song, 1.5)
    listening = Listening(microphone, model_file, "--record", take, "-o", notes)
    listening.wait_until_recording(take)
    microphone.play(song)
    # What was played last is still on its way through the sound server.
    listening.wait_until_recording(take, more=RATE * 3)
    listening.program.terminate()
    code, out, err = listening.end()
    assert (code, "warning" in err) == (0, False), err
    assert f"wrote {notes}" in err
    assert all(json.loads(line)["emitted_s"] >= 0.0 for line in out.splitlines())
    found, rate = soundfile.read(take, dtype="float32", always_2d=True)
    assert rate == RATE
    mono = found.mean(axis=1)
    begin = int(np.argmax(correlate(mono, played, mode="valid", method="fft")))
    heard = mono[begin : begin + len(played)]
    # In parts, so that a single lost block would be noticed.
    for first in range(0, len(played), RATE // 10):
        part = slice(first, first + RATE // 10)
        assert np.corrcoef(heard[part], played[part])[0, 1] > 0.99


def test_a_device_that_is_unplugged_leaves_the_take(microphone, model_file, tmp_path):
    take, notes = tmp_path / "take.wav", tmp_path / "take.mid"
    listening = Listening(microphone, model_file, "--record", take, "-o", notes)
    listening.wait_until_recording(take)
    microphone.do("unplug")
    code, _, err = listening.end()
    assert code == 66
    assert "has gone; what was recorded is kept" in err
    assert soundfile.info(take).duration > 0.03
    assert notes.is_file()


def test_a_take_that_is_killed_can_be_read(microphone, model_file, tmp_path):
    take = tmp_path / "take.wav"
    listening = Listening(microphone, model_file, "--record", take, "--input", "pulse")
    listening.wait_until_recording(take)
    n_bytes = take.stat().st_size
    listening.program.kill()
    listening.end()
    info = soundfile.info(take)
    assert info.frames > n_bytes / (3 * info.channels) - info.samplerate


def test_devices_are_listed_and_found_by_part_of_their_name(microphone):
    env = environment(microphone.variables)
    listed = subprocess.run(
        [*COMMAND, "listen", "--list-inputs"], env=env, capture_output=True, text=True, check=True
    )
    first, *others = listed.stdout.splitlines()
    assert first.startswith("* ")
    assert any("pulse (ALSA" in line for line in others)
    absent = run_program(["listen", "--input", "theremin"], env=microphone.variables)
    assert absent.returncode == 66
    assert b"no input device is called 'theremin' (there are " in absent.stderr


def test_without_a_device_it_says_so():
    if ctypes.util.find_library("portaudio") is None:
        pytest.skip("needs libportaudio2")
    listed = run_program(["listen", "--list-inputs"])
    assert listed.returncode == 0
    if listed.stdout:
        pytest.skip("this machine has an input device")
    said = [line for line in listed.stderr.splitlines() if line.startswith(b"amtstudio: ")]
    assert said[0] == b"amtstudio: no recording device was found"
    assert all(b"MIDI keyboards" in line for line in said[1:])
    done = run_program(["listen"])
    assert done.returncode == 66
    assert b"no recording device was found (is a microphone plugged in?)" in done.stderr


@pytest.fixture
def sound_system(tmp_path):
    """The environment of a program that finds these devices instead of real ones."""
    module = Path(__file__).parents[1] / "audio" / "fake_sound_system.py"
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "sounddevice.py").write_bytes(module.read_bytes())

    def variables(*devices: dict) -> dict[str, str]:
        text = json.dumps({"systems": ["Core Audio"], "devices": devices})
        path = f"{tmp_path / 'modules'}{os.pathsep}{Path(__file__).parents[2]}"
        return {"FAKE_SOUND_SYSTEM": text, "PYTHONPATH": path}

    return variables


def test_inputs_beyond_two_and_another_rate(sound_system, model_file, tmp_path):
    variables = sound_system(
        {"name": "Interface", "channels": 6, "sounding": [3], "rate": 44100, "rates": [48000]}
    )
    options = ["--model", model_file, "--device", "cpu", "--seconds", "0.5", "--record"]
    for name, channels, peaks in (
        ("all.wav", [], [0, 0, 0, 0.1, 0, 0]),
        ("two.wav", ["--channels", "4,1"], [0.1, 0]),
    ):
        done = run_program(["listen", *options, tmp_path / name, *channels], env=variables)
        assert done.returncode == 0, done.stderr
        samples, rate = soundfile.read(tmp_path / name)
        assert rate == 48000
        np.testing.assert_allclose(np.abs(samples).max(axis=0), peaks, atol=1e-3)
    done = run_program(["listen", *options, tmp_path / "x.wav", "--channels", "7"], env=variables)
    assert done.returncode == 66
    assert b"Interface has no input 7 (its inputs are 1 to 6)" in done.stderr
    done = run_program(["listen", "--channels", "first"], env=variables)
    assert done.returncode == 2
    assert b"first is not a list of inputs such as 3 or 1,2" in done.stderr


def test_a_device_that_gives_half_of_its_rate(sound_system, model_file, tmp_path):
    variables = sound_system({"name": "Headset", "channels": 1, "gives": 24000})
    take = tmp_path / "take.wav"
    options = ["--model", model_file, "--device", "cpu", "--seconds", "4", "--record", take]
    done = run_program(["listen", *options], env=variables)
    assert done.returncode == 0
    assert b"Headset reports a sample rate of 48000 Hz, but delivers 24000 Hz" in done.stderr
    assert soundfile.info(take).samplerate == 24000


def test_a_take_whose_notes_cannot_be_written_is_kept(sound_system, model_file, tmp_path):
    takes, notes = tmp_path / "takes", tmp_path / "notes" / "evening.mid"
    notes.parent.mkdir()
    variables = sound_system({"name": "Interface", "channels": 1})
    options = ["--model", model_file, "--device", "cpu", "--seconds", "2", "-o", notes]
    program = subprocess.Popen(
        [*COMMAND, "listen", *options],
        env=environment({**variables, "AMTSTUDIO_RECORDINGS_DIR": str(takes)}),
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "listening to Interface" in program.stderr.readline()
    notes.write_bytes(b"another program's")
    said = program.communicate(timeout=60)[1]
    assert program.returncode == 73
    assert notes.read_bytes() == b"another program's"
    (take,) = takes.iterdir()
    assert f"the recording of the take is kept in {take}" in said
    assert soundfile.info(take).duration > 1.8
    assert f"{notes.name} already exists" in said


@pytest.mark.parametrize("fails", [False, True])
def test_a_take_that_was_written_leaves_no_recording(tmp_path, monkeypatch, capsys, fails):
    takes = tmp_path / "takes"
    monkeypatch.setenv("AMTSTUDIO_RECORDINGS_DIR", str(takes))
    with suppress(OSError), kept_until_written(Console()) as path:
        if fails:
            raise OSError  # before anything was recorded
        path.write_bytes(b"RIFF")
    assert not path.parent.exists()
    assert not takes.exists()
    assert capsys.readouterr().err == ""
