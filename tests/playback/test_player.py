"""The transport, played into an output that hands the samples back."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest
import soundfile

from amtstudio.errors import AudioDeviceError
from amtstudio.playback import ManualOutput, Player, VirtualOutput
from amtstudio.playback.mixer import RAMP
from amtstudio.symbolic import Note

RATE = 8000  # Hz: quick to make, and enough for what is asked here
BLOCK = 512


class Heard:
    """Collects what a player reports."""

    def __init__(self):
        self.ended = threading.Event()
        self.failed = threading.Event()
        self.errors = []

    def on_error(self, error):
        self.errors.append(error)
        self.failed.set()


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def output():
    return ManualOutput(sample_rate=RATE)


@pytest.fixture
def player(output, heard):
    player = Player(output, on_end=heard.ended.set, on_error=heard.on_error)
    yield player
    player.close()


@pytest.fixture
def render(output, player):
    """Hear the next samples, once all that was asked for before is done."""

    def render(n_samples):
        assert player.wait_until_ready(1, 10.0)
        return output.render(n_samples)

    return render


def noise(rng, seconds):
    return (0.2 * rng.standard_normal(round(seconds * RATE))).astype(np.float32)


def sine(frequency, seconds):
    return (0.5 * np.sin(2 * np.pi * frequency * np.arange(seconds * RATE) / RATE)).astype("f4")


def write(path, samples):
    soundfile.write(path, samples, RATE, subtype="FLOAT")
    return path


def frequency_of(samples):
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return np.argmax(spectrum) * RATE / len(samples)


def start(render, player):
    """Play; the first samples, which are faded in, are thrown away."""
    player.play()
    return render(BLOCK)


def test_the_recording_is_played_sample_by_sample_and_ends(tmp_path, rng, render, player, heard):
    audio = noise(rng, 2.0)
    player.load(write(tmp_path / "a.wav", audio))
    player.play()
    out = render(len(audio) + BLOCK)

    np.testing.assert_allclose(out[BLOCK : len(audio)], audio[BLOCK:], atol=1e-6)
    assert not out[len(audio) :].any()
    assert heard.ended.wait(60)
    assert not player.is_playing
    assert player.position == pytest.approx(2.0)
    assert player.duration == pytest.approx(2.0)
    assert player.n_late == 0


def test_play_after_the_end_begins_anew(tmp_path, rng, render, player, heard):
    audio = noise(rng, 0.5)
    player.load(write(tmp_path / "a.wav", audio))
    player.play()
    render(len(audio) + BLOCK)
    assert heard.ended.wait(60)
    player.play()
    out = render(2 * BLOCK)
    np.testing.assert_allclose(out[BLOCK:], audio[BLOCK : 2 * BLOCK], atol=1e-6)


def test_a_seek_is_exact_to_the_sample(tmp_path, rng, render, player):
    audio = noise(rng, 5.0)
    player.load(write(tmp_path / "a.wav", audio))
    for place in (12_345, 7, 33_333):
        player.seek(place / RATE)
        assert player.position == pytest.approx(place / RATE)
        start(render, player)
        out = render(BLOCK)
        np.testing.assert_allclose(out, audio[place + BLOCK : place + 2 * BLOCK], atol=1e-6)
        assert player.position == pytest.approx((place + 2 * BLOCK) / RATE)


def test_a_seek_while_playing_fades_over_instead_of_jumping(tmp_path, render, player):
    audio = sine(100, 4)
    player.load(write(tmp_path / "a.wav", audio))
    start(render, player)
    out = [render(BLOCK)]
    player.seek(2.0 + 0.005)  # half a period off
    out.append(render(BLOCK))
    jump = np.abs(np.diff(np.concatenate(out))).max()
    assert jump < 1.6 * np.abs(np.diff(audio)).max()


def test_pause_keeps_the_place_and_gives_silence(tmp_path, rng, render, player):
    audio = noise(rng, 3.0)
    player.load(write(tmp_path / "a.wav", audio))
    start(render, player)
    player.pause()
    assert render(BLOCK).any()  # fading out
    assert not render(4 * BLOCK).any()
    assert player.position == pytest.approx(2 * BLOCK / RATE)
    player.play()
    out = render(BLOCK)
    expected = audio[2 * BLOCK : 3 * BLOCK]
    np.testing.assert_allclose(out[RAMP:], expected[RAMP:], atol=1e-6)


def test_stop_goes_back_to_the_beginning(tmp_path, rng, render, player):
    player.load(write(tmp_path / "a.wav", noise(rng, 3.0)))
    start(render, player)
    player.stop()
    render(BLOCK)
    assert not player.is_playing
    assert player.position == 0.0


def test_the_seam_of_a_loop_has_no_click_and_the_loop_keeps_its_length(tmp_path, render, player):
    audio = sine(100, 3)
    begin, end = 0.5, 1.0025  # a quarter of a period more than whole ones
    player.load(write(tmp_path / "a.wav", audio))
    player.set_loop(begin, end)
    player.seek(begin)
    start(render, player)
    n_round = round((end - begin) * RATE)
    out = render(4 * n_round)

    assert np.abs(np.diff(out)).max() < 1.6 * np.abs(np.diff(audio)).max()
    np.testing.assert_allclose(out[:n_round], out[n_round : 2 * n_round], atol=1e-6)
    assert player.is_playing
    assert begin <= player.position < end


def test_position_follows_the_loop(tmp_path, rng, render, player):
    player.load(write(tmp_path / "a.wav", noise(rng, 3.0)))
    player.set_loop(0.5, 1.0)
    player.seek(0.75)
    player.play()
    render(RATE // 2)  # to the end, and half a loop on
    assert player.position == pytest.approx(0.75)
    player.clear_loop()
    render(RATE)
    assert player.position == pytest.approx(1.75)


def test_a_loop_set_behind_the_cursor_brings_it_back(tmp_path, rng, render, player):
    audio = noise(rng, 3.0)
    player.load(write(tmp_path / "a.wav", audio))
    player.seek(2.0)
    start(render, player)
    player.set_loop(0.25, 0.75)
    render(BLOCK)
    assert 0.25 <= player.position <= 0.5


def test_half_speed_keeps_the_pitch_and_takes_twice_as_long(tmp_path, render, player, heard):
    player.load(write(tmp_path / "a.wav", sine(440, 2)))
    player.speed = 0.5
    start(render, player)
    out = render(3 * RATE)
    assert frequency_of(out) == pytest.approx(440, abs=1)
    assert player.position == pytest.approx((3 * RATE + BLOCK) / RATE / 2, abs=1e-4)
    assert not heard.ended.is_set()
    render(RATE)
    assert heard.ended.wait(60)


def test_a_change_of_speed_goes_on_where_it_was(tmp_path, render, player):
    ramp = np.linspace(0.0, 0.9, 4 * RATE, dtype=np.float32)  # its value tells the place
    player.load(write(tmp_path / "a.wav", ramp))
    player.speed = 0.999  # through the stretcher, and yet known sample for sample
    start(render, player)
    render(RATE)
    before = player.position
    player.speed = 1.0
    out = render(BLOCK)
    assert player.position == pytest.approx(before + BLOCK / RATE, abs=2e-3)
    assert out[-1] == pytest.approx(player.position * 0.9 / 4, abs=2e-3)


def test_other_notes_are_taken_without_a_break(tmp_path, rng, render, player):
    audio = noise(rng, 3.0)
    player.load(write(tmp_path / "a.wav", audio))
    start(render, player)
    first = render(3 * BLOCK)
    player.set_notes([Note(0.1, 0.5, 60)])
    out = np.concatenate([first, render(3 * BLOCK)])
    # The recording is heard through the change: two equal sounds fade over into each other.
    np.testing.assert_allclose(out, audio[BLOCK : 7 * BLOCK], atol=1e-5)


@pytest.mark.parametrize("balance", [0.0, 0.3, 0.5, 1.0])
def test_the_crossfade_keeps_the_power(balance, player):
    player.balance = balance
    assert float(np.square(player._mixer.gains).sum()) == pytest.approx(1.0)


def test_balance_chooses_between_recording_and_notes(tmp_path, render, player):
    player.load(write(tmp_path / "a.wav", sine(1000, 3)), [Note(0.0, 2.5, 69, 100)])
    player.balance = 1.0
    start(render, player)
    assert frequency_of(render(RATE)) == pytest.approx(440, abs=3)
    player.balance = 0.0
    render(BLOCK)
    assert frequency_of(render(RATE)) == pytest.approx(1000, abs=3)


def test_volume_glides_to_its_new_value(tmp_path, render, player):
    player.load(write(tmp_path / "a.wav", sine(100, 3)))
    start(render, player)
    player.volume = 0.25
    changing, after = render(BLOCK), render(RATE)
    assert np.abs(np.diff(changing)).max() < 0.06
    assert np.abs(after).max() == pytest.approx(0.125, rel=0.01)


def test_notes_alone_are_played_too(render, player, heard):
    player.load(None, [Note(0.25, 0.75, 69, 100)])
    player.balance = 1.0
    player.play()
    out = render(2 * RATE)
    assert frequency_of(out[RATE // 4 : RATE // 4 + 4000]) == pytest.approx(440, abs=3)
    assert heard.ended.wait(60)


def test_a_clicked_note_sounds_while_nothing_plays(render, player):
    player.play_note(69, 100)
    assert player.wait_until_ready(1, 5.0)
    out = render(RATE // 2)
    assert frequency_of(out) == pytest.approx(440, abs=3)
    assert not player.is_playing
    assert player.position == 0.0


def test_playing_nothing_ends_at_once(render, player, heard):
    player.play()
    assert player.wait_until_ready(1, 5.0)
    assert heard.ended.wait(60)
    assert not render(BLOCK).any()


def test_a_missing_recording_is_reported_and_playing_stops(tmp_path, render, player, heard):
    player.load(tmp_path / "gone.wav")
    player.play()
    assert heard.failed.wait(60)
    assert "gone.wav" in str(heard.errors[0])
    assert player.wait_until_ready(1, 5.0)
    assert not player.is_playing
    assert not render(BLOCK).any()


def test_a_recording_can_be_loaded_after_one_that_failed(tmp_path, rng, render, player, heard):
    audio = noise(rng, 1.0)
    player.load(tmp_path / "gone.wav")
    assert heard.failed.wait(60)
    player.load(write(tmp_path / "a.wav", audio))
    start(render, player)
    np.testing.assert_allclose(render(BLOCK), audio[BLOCK : 2 * BLOCK], atol=1e-6)


def test_a_device_that_vanishes_stops_playing_with_a_sentence(
    tmp_path, rng, output, render, player, heard
):
    player.load(write(tmp_path / "a.wav", noise(rng, 3.0)))
    start(render, player)
    place = player.position
    output.lose("The sound device was unplugged")
    assert heard.failed.wait(60)
    assert str(heard.errors[0]) == "The sound device was unplugged"
    assert isinstance(heard.errors[0], AudioDeviceError)
    assert not player.is_playing
    assert not output.is_open
    assert player.position == pytest.approx(place)
    start(render, player)  # and it can go on, once there is a device again
    assert render(BLOCK).any()


class RefusingOutput(ManualOutput):
    def open(self, source, on_lost):
        raise AudioDeviceError("No sound: this computer has no playback device")


def test_an_output_that_cannot_be_opened_is_reported(heard):
    player = Player(RefusingOutput(sample_rate=RATE), on_error=heard.on_error)
    player.load(None, [Note(0.0, 1.0, 60)])
    player.play()
    assert heard.failed.wait(60)
    assert "no playback device" in str(heard.errors[0])
    assert not player.is_playing
    player.close()


class DeadOutput(ManualOutput):
    """Opens, and then never asks for a sample: a device whose driver hangs."""

    is_realtime = True


def test_a_device_that_stops_asking_is_given_up(monkeypatch, heard):
    monkeypatch.setattr("amtstudio.playback.connection.FIRST_PULL_S", 0.05)
    player = Player(DeadOutput(sample_rate=RATE), on_error=heard.on_error)
    player.load(None, [Note(0.0, 1.0, 60)])
    player.play()
    assert heard.failed.wait(60)
    assert "stopped taking sound" in str(heard.errors[0])
    player.close()


def test_an_output_that_nobody_needs_is_closed(monkeypatch, tmp_path, rng, output, render, player):
    monkeypatch.setattr("amtstudio.playback.connection.IDLE_S", 0.05)
    player.load(write(tmp_path / "a.wav", noise(rng, 1.0)))
    start(render, player)
    player.pause()
    deadline = time.monotonic() + 30.0
    while output.is_open and time.monotonic() < deadline:
        player.wait_until_ready(1, 0.01)
        threading.Event().wait(0.01)
    assert not output.is_open


def test_without_a_device_the_cursor_runs_at_the_pace_of_the_clock(heard):
    player = Player(VirtualOutput(sample_rate=RATE), on_end=heard.ended.set)
    player.load(None, [Note(0.0, 0.3, 100)])
    player.play()
    began = time.monotonic()
    places = []
    while not places or (places[-1] < 0.3 and time.monotonic() - began < 10):
        places.append(player.position)
        threading.Event().wait(0.005)
    assert time.monotonic() - began > 0.25
    assert places == sorted(places)
    assert len(set(places)) > 10
    player.close()
    player.close()


@pytest.mark.parametrize("speed", [0.4, 1.1, float("nan")])
def test_a_speed_beyond_half_and_full_is_refused(speed, player):
    with pytest.raises(ValueError, match="speed must be"):
        player.speed = speed


def test_volume_balance_and_loop_are_checked(player):
    with pytest.raises(ValueError, match="volume"):
        player.volume = 1.5
    with pytest.raises(ValueError, match="balance"):
        player.balance = -0.1
    with pytest.raises(ValueError, match="begin < end"):
        player.set_loop(2.0, 1.0)
