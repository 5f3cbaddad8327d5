"""The sound device: on a virtual sound card, and on a machine that has none."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import correlate
from virtual_sound_card import read_recorded

from amtstudio.errors import AudioDeviceError
from amtstudio.playback import (
    DeviceOutput,
    device,
    playback_available,
    render_transcription,
)
from amtstudio.symbolic import Note, Transcription

ROOT = Path(__file__).resolve().parents[2]
PITCHES = (60, 62, 64, 65, 67, 69, 71, 72)
RATE = 48_000  # Hz
STEP = 0.3  # seconds from note to note

# Plays a scale through the default device, in a process of its own: PortAudio reads the
# environment of the virtual sound card once, when it is loaded.
PLAY_SCALE = """
import sys, threading
from amtstudio.playback import DeviceOutput, Player, output_devices, playback_available
from amtstudio.symbolic import Note
assert playback_available() == (True, ""), playback_available()
assert output_devices()[0].is_default
ended = threading.Event()
errors = []
def on_error(error):
    errors.append(str(error))
    ended.set()
output = DeviceOutput()
player = Player(output, on_end=ended.set, on_error=on_error)
onsets = [{step} * i for i in range(len({pitches}))]
player.load(None, [Note(t, t + 0.2, pitch, 100) for t, pitch in zip(onsets, {pitches})])
player.balance = 1.0
player.play()
assert ended.wait(60)
print(errors, player.n_late)
assert player.position > {step} * len({pitches}) or errors
player.close()
"""


def run(code, environment, **options):
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def best_lag(heard, expected):
    """Where ``expected`` lies in ``heard``, in samples, and how alike they are there (to 1)."""
    products = correlate(heard, expected, mode="valid")
    energy = correlate(np.square(heard), np.ones(len(expected)), mode="valid", method="fft")
    likeness = products / np.sqrt(np.maximum(energy, 1e-9) * np.sum(np.square(expected)))
    lag = int(np.argmax(likeness))
    return lag, float(likeness[lag])


@pytest.mark.shared
def test_a_scale_comes_out_of_the_sound_card(sound_card, tmp_path):
    recording = tmp_path / "heard.raw"
    with sound_card.recorded(recording, RATE):
        playing = run(PLAY_SCALE.format(pitches=PITCHES, step=STEP), sound_card.environment)
        told, complaint = playing.communicate(timeout=90)
    assert playing.returncode == 0, complaint
    assert told.split()[:2] == ["[]", "0"]

    heard = read_recorded(recording)
    notes = tuple(Note(STEP * i, STEP * i + 0.2, pitch, 100) for i, pitch in enumerate(PITCHES))
    played = render_transcription(Transcription(notes=notes), RATE)
    found = []
    for i in range(len(PITCHES)):
        begin = round(STEP * i * RATE)
        lag, likeness = best_lag(heard, played[begin : begin + round(0.2 * RATE)])
        found.append(((lag - begin) / RATE, likeness))
    lags, likenesses = np.array(found).T
    # The whole starts when the device does. Where the machine is too busy to run the sound card in
    # time, the card inserts silence: in a note, or so that all that follows comes later.
    assert np.sum(likenesses > 0.9) >= 6
    delays = np.diff(lags[likenesses > 0.9])
    assert np.all(delays > -2e-3)
    assert np.median(delays) < 2e-3


@pytest.mark.shared
def test_a_device_that_is_unplugged_stops_playing_with_a_sentence(sound_card):
    code = PLAY_SCALE.format(pitches=PITCHES * 8, step=STEP)
    # One word when the first samples are heard, so that the card is pulled out while it plays.
    code = code.replace(
        "assert ended.wait(60)",
        "while player.position < 0.2 and not ended.wait(0.02): pass\n"
        "print('heard', flush=True)\nassert ended.wait(60)",
    )
    playing = run(code, sound_card.environment)
    try:
        assert playing.stdout.readline() == "heard\n"
        sound_card.do("unplug")
        told, complaint = playing.communicate(timeout=30)
    finally:
        playing.kill()
    assert playing.returncode == 0, complaint
    assert "sound device" in told


def test_without_portaudio_the_reason_names_what_is_missing(monkeypatch, tmp_path):
    fake = tmp_path / "sounddevice.py"
    fake.write_text("raise OSError('PortAudio library not found')\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    available, reason = playback_available()
    assert not available
    assert "PortAudio library is missing" in reason
    assert "libportaudio2" in reason
    with pytest.raises(AudioDeviceError, match="PortAudio library is missing"):
        DeviceOutput()


def test_without_a_device_the_reason_says_so(monkeypatch):
    monkeypatch.setattr(device, "output_devices", list)
    assert playback_available() == (False, "No sound: this computer has no playback device")
    with pytest.raises(AudioDeviceError, match="no playback device"):
        DeviceOutput()


def test_a_device_that_refuses_is_reported(monkeypatch, tmp_path):
    code = """
        class PortAudioError(Exception): ...
        class OutputStream:
            def __init__(self, **options):
                raise PortAudioError("Invalid sample rate [PaErrorCode -9997]")
    """
    (tmp_path / "sounddevice.py").write_text(textwrap.dedent(code), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    chosen = device.OutputDevice(3, "USB DAC", "ALSA", 44_100, 2, is_default=False)
    with pytest.raises(AudioDeviceError, match="Cannot play on USB DAC: Invalid sample rate"):
        DeviceOutput(chosen).open(None, print)
