"""Devices that are not what they say, on a sound system that does as it is told."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace

import fake_sound_system
import numpy as np
import pytest
import soundfile

from amtstudio.audio.input_devices import (
    find_input_device,
    list_input_devices,
    open_input_stream,
)
from amtstudio.audio.recording import Recorder
from amtstudio.errors import AudioDeviceError


@pytest.fixture
def sound_system(monkeypatch):
    """Called with devices, and the names of sound systems."""
    monkeypatch.setitem(sys.modules, "sounddevice", fake_sound_system)

    def set_up(*devices, systems=("Core Audio",)):
        text = json.dumps({"systems": systems, "devices": devices})
        monkeypatch.setenv("FAKE_SOUND_SYSTEM", text)

    return set_up


def opened(device=None):
    return open_input_stream(device, on_input=lambda *_: None, on_finished=lambda: None)


def recorded(path, seconds, device=None, *, until_said=False):
    """The take, what was said, and what was heard; with ``until_said`` as long as that takes."""
    said, heard = [], []
    recorder = Recorder(
        path,
        device=device,
        on_block=lambda block, _arrival: heard.append(block),
        on_remark=said.append,
    )
    recorder.start()
    begin = time.monotonic()
    while time.monotonic() - begin < seconds or (until_said and not said):
        assert time.monotonic() - begin < 30.0
        recorder.wait(0.05)
    if until_said:
        recorder.wait(1.0)
    take = recorder.stop()
    return take, said, np.concatenate(heard), recorder.sample_rate


def frequency(samples, rate):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * rate / len(samples)


def test_all_inputs_of_an_interface_are_recorded_and_the_one_in_use_is_heard(
    sound_system, tmp_path
):
    sound_system({"name": "Interface", "channels": 8, "sounding": [4]})
    take, said, heard, rate = recorded(tmp_path / "take.wav", 0.6)
    assert (take.channels, said) == (8, [])
    samples, _ = soundfile.read(take.path)
    peaks = np.abs(samples).max(axis=0)
    np.testing.assert_allclose(peaks, [0, 0, 0, 0, 0.1, 0, 0, 0], atol=1e-3)
    # As loud as it came in: empty inputs have no part in the mean.
    assert np.abs(heard).max() == pytest.approx(0.1, abs=2e-3)
    assert frequency(heard, rate) == pytest.approx(440.0, abs=3.0)


def test_chosen_inputs_alone_are_recorded(sound_system, tmp_path):
    sound_system({"name": "Interface", "channels": 6, "sounding": [2]})
    device = replace(find_input_device(), inputs=(3, 6))
    take, _, _, _ = recorded(tmp_path / "take.wav", 0.3, device)
    samples, _ = soundfile.read(take.path)
    np.testing.assert_allclose(np.abs(samples).max(axis=0), [0.1, 0.0], atol=1e-3)
    with pytest.raises(AudioDeviceError, match=r"has no input 7 \(its inputs are 1 to 6\)"):
        opened(replace(device, inputs=(7,)))


@pytest.mark.parametrize(
    ("rate", "rates", "taken"),
    [(44100, [48000, 16000], 48000), (48000, [44100], 44100), (192000, [16000], 16000)],
)
def test_a_refused_rate_is_replaced_by_one_that_is_taken(sound_system, rate, rates, taken):
    sound_system({"name": "USB mic", "channels": 1, "rate": rate, "rates": rates})
    assert opened().sample_rate == taken


@pytest.mark.parametrize(
    ("channels", "openings", "taken"), [(2, [1], 1), (1, [2], 2), (18, [1, 2], 2)]
)
def test_a_refused_number_of_channels_is_replaced(sound_system, channels, openings, taken):
    sound_system({"name": "mic", "channels": channels, "openings": openings, "rates": [44100]})
    stream = opened()
    assert (stream.channels, stream.sample_rate) == (taken, 44100)


def test_devices_that_stand_for_others_are_opened_in_stereo(sound_system):
    sound_system(
        {"name": "pulse", "channels": 32},
        {"name": "UMC404HD: USB Audio (hw:2,0)", "channels": 4},
        systems=["ALSA"],
    )
    assert opened(find_input_device("pulse")).channels == 2
    assert opened(find_input_device("UMC404HD")).channels == 4


def test_what_one_sound_system_refuses_is_taken_from_another(sound_system):
    taken = "Device unavailable [PaErrorCode -9985]"
    mic = {"name": "Microphone", "channels": 1}
    sound_system(mic | {"error": taken}, mic | {"system": 1}, systems=["Windows WASAPI", "MME"])
    assert opened(find_input_device("0")).sample_rate == 48000
    sound_system(mic | {"error": taken})
    with pytest.raises(
        AudioDeviceError, match=r"Core Audio: .*Device unavailable.*another program"
    ):
        opened()
    sound_system(mic | {"rates": []})
    with pytest.raises(AudioDeviceError, match=r"Invalid sample rate.*and 8000 Hz were tried") as e:
        opened()
    assert "another program" not in e.value.hint


def test_devices_of_one_name_are_told_apart(sound_system):
    mic = {"name": "Microphone (USB)", "channels": 1}
    sound_system(mic, mic | {"system": 1}, systems=["MME", "Windows WASAPI"])
    with pytest.raises(AudioDeviceError) as failure:
        find_input_device("Microphone (USB)")
    assert "0: Microphone (USB), MME; 1: Microphone (USB), Windows WASAPI" in failure.value.hint
    for name in ("Microphone (USB), Windows WASAPI", "microphone, wasapi", "1"):
        assert find_input_device(name).system == "Windows WASAPI"
    with pytest.raises(AudioDeviceError, match="no input device is called 'microphone, asio'"):
        find_input_device("microphone, asio")


def test_two_devices_of_one_name_and_system_are_numbered(sound_system):
    mic = {"name": "USB mic", "channels": 1}
    sound_system(mic, mic, {"name": "Line", "channels": 2})
    assert [device.name for device in list_input_devices()] == ["USB mic #1", "USB mic #2", "Line"]
    assert find_input_device("USB mic #2").index == 1
    with pytest.raises(AudioDeviceError, match="several input devices match"):
        find_input_device("USB mic")


@pytest.mark.parametrize(("stated", "given"), [(48000, 24000), (44100, 16000), (16000, 32000)])
def test_a_device_that_gives_another_rate_is_found_out(sound_system, tmp_path, stated, given):
    sound_system({"name": "Headset", "channels": 1, "rate": stated, "gives": given})
    take, said, heard, rate = recorded(tmp_path / "take.wav", 1.5, until_said=True)
    assert take.sample_rate == given
    assert len(said) == 1
    assert f"reports a sample rate of {stated} Hz, but delivers {given} Hz" in said[0]
    samples, file_rate = soundfile.read(take.path)
    assert file_rate == given
    assert take.duration == pytest.approx(len(samples) / given)
    assert frequency(samples, file_rate) == pytest.approx(440.0, abs=2.0)
    # Those who listen hear the right pitch from then on.
    assert rate == stated
    assert frequency(heard[-rate // 2 :], rate) == pytest.approx(440.0, abs=4.0)


def test_a_device_that_keeps_its_word_is_left_alone(sound_system, tmp_path):
    sound_system({"name": "mic", "channels": 2, "rate": 44100})
    take, said, _, _ = recorded(tmp_path / "take.wav", 2.0)
    assert (take.sample_rate, said) == (44100, [])
