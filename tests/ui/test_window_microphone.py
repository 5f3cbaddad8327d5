"""The window on a real sound server: a microphone that hears what is played, and is unplugged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import soundfile
from scipy.signal import correlate

CHILD = Path(__file__).with_name("recording_child.py")


def test_a_take_from_a_microphone_that_is_unplugged_is_kept_and_transcribed(
    microphone, model_file, tmp_path
):
    rate = microphone.rate
    samples = np.random.default_rng(3).uniform(-0.4, 0.4, 2 * rate).astype(np.float32)
    song = tmp_path / "song.wav"
    soundfile.write(song, samples, rate, subtype="FLOAT")
    variables = {
        "AMTSTUDIO_DATA_DIR": str(tmp_path / "data"),
        "AMTSTUDIO_RECORDINGS_DIR": str(tmp_path / "takes"),
    }
    said: dict[str, str] = {}
    with subprocess.Popen(
        [sys.executable, CHILD, str(model_file)],
        stdout=subprocess.PIPE,
        text=True,
        env=microphone.environment | variables,
    ) as child:
        n_played = 0
        for line in child.stdout:
            kind, _, said[kind] = line.strip().partition(" ")
            if kind == "captured" and "ready" in said and not n_played:
                microphone.play(song)
                n_played += 1
                heard_at = float(said["captured"])
            elif kind == "captured" and n_played == 1 and float(said[kind]) > heard_at + 3.0:
                n_played += 1
                microphone.do("unplug")
    assert child.returncode == 0
    assert said["finished"].startswith("done: The device ")
    assert said["finished"].endswith("has gone; what was recorded is kept.")

    found, found_rate = soundfile.read(said["take"], dtype="float32", always_2d=True)
    assert found_rate == rate
    mono = found.mean(axis=1)
    begin = int(np.argmax(correlate(mono, samples, mode="valid", method="fft")))
    heard = mono[begin : begin + len(samples)]
    # In parts, so that a single lost block would be noticed.
    for first in range(0, len(samples), rate // 10):
        part = slice(first, first + rate // 10)
        assert np.corrcoef(heard[part], samples[part])[0, 1] > 0.99
