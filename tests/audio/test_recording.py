import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import fake_input
import numpy as np
import pytest
import soundfile
from fake_input import BLOCK, RATE, FakeInput, noise

from amtstudio.audio import recording
from amtstudio.audio.recording import End, Recorder
from amtstudio.errors import AudioDeviceError, CannotCreateOutputError, OutputExistsError


def read(path):
    return soundfile.read(path, dtype="float32", always_2d=True)[0]


def wait_until(condition, timeout=10.0):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_stopped_take_holds_every_sample(tmp_path, channels):
    samples = noise(2.0, channels)
    recorder = Recorder(tmp_path / "take.wav", open_stream=FakeInput(samples))
    recorder.start()
    wait_until(lambda: recorder.duration == 2.0)
    take = recorder.stop()
    assert (take.end, take.message, take.duration) == (End.STOPPED, "", 2.0)
    assert (take.sample_rate, take.channels, take.n_gaps) == (RATE, channels, 0)
    np.testing.assert_array_equal(read(take.path), samples)
    assert recorder.stop() is take


def test_it_is_known_when_the_first_sample_was_heard(tmp_path):
    recorder = Recorder(tmp_path / "take.wav", open_stream=FakeInput(noise(0.5), paced=True))
    assert recorder.began == float("inf")
    before = time.monotonic()
    recorder.start()
    after = time.monotonic()
    wait_until(lambda: recorder.duration == 0.5)
    recorder.stop()
    # Whatever came late on the way: the earliest block tells.
    assert before - 0.001 <= recorder.began <= after + 0.1


def test_listeners_hear_the_mean_of_the_channels(tmp_path):
    samples, heard = noise(1.0, 2), []
    recorder = Recorder(
        tmp_path / "take.wav",
        open_stream=FakeInput(samples),
        on_block=lambda block, arrival: heard.append((block, arrival)),
    )
    recorder.start()
    wait_until(lambda: recorder.duration == 1.0)
    recorder.stop()
    mono = np.concatenate([block for block, _ in heard])
    np.testing.assert_allclose(mono, samples.mean(axis=1), atol=1e-7)
    assert len(heard) == RATE // BLOCK
    arrivals = [arrival for _, arrival in heard]
    assert arrivals == sorted(arrivals)


def test_a_listener_that_fails_does_not_end_the_take(tmp_path, caplog):
    def fail(block, arrival):
        raise RuntimeError("no ears")

    recorder = Recorder(tmp_path / "take.wav", open_stream=FakeInput(noise(1.0)), on_block=fail)
    recorder.start()
    wait_until(lambda: recorder.duration == 1.0)
    assert recorder.stop().duration == 1.0
    assert [record.exc_info[1].args for record in caplog.records] == [("no ears",)]


@pytest.mark.parametrize("says_finished", [True, False])
def test_a_device_that_goes_away_ends_the_take_and_nothing_is_lost(tmp_path, says_finished):
    samples = noise(0.5)
    stream = FakeInput(samples, says_finished=says_finished)
    recorder = Recorder(tmp_path / "take.wav", open_stream=stream)
    begin = time.monotonic()
    recorder.start()
    assert recorder.wait(10.0)
    assert says_finished or time.monotonic() - begin > recording.LOST_AFTER_S
    take = recorder.take
    assert take.end is End.DEVICE_LOST
    assert take.message == "the device fake microphone has gone; what was recorded is kept"
    assert stream.closed.is_set()
    np.testing.assert_array_equal(read(take.path), samples)


def test_clipping_and_levels_are_seen(tmp_path):
    samples = noise(1.0)
    recorder = Recorder(tmp_path / "take.wav", open_stream=FakeInput(samples))
    recorder.start()
    wait_until(lambda: recorder.duration == 1.0)
    assert recorder.level.peak_db == pytest.approx(-6.0, abs=0.2)
    assert not recorder.clipped
    assert recorder.seconds_left > 0.0
    assert not recorder.stop().clipped
    samples[3000] = 1.0
    recorder = Recorder(tmp_path / "loud.wav", open_stream=FakeInput(samples))
    recorder.start()
    wait_until(lambda: recorder.duration == 1.0)
    assert recorder.stop().clipped


def test_samples_that_are_no_numbers_become_harmless(tmp_path):
    samples = noise(0.1)
    samples[[10, 20, 30], 0] = np.nan, np.inf, -np.inf
    recorder = Recorder(tmp_path / "take.wav", open_stream=FakeInput(samples))
    recorder.start()
    wait_until(lambda: recorder.duration == pytest.approx(0.1))
    found = read(recorder.stop().path)
    np.testing.assert_allclose(found[[10, 20, 30], 0], [0.0, 1.0, -1.0], atol=1e-6)
    np.testing.assert_array_equal(found[31:], samples[31:])


def test_without_a_file_it_only_listens():
    recorder = Recorder(None, open_stream=FakeInput(noise(1.0)))
    recorder.start()
    wait_until(lambda: recorder.duration == 1.0)
    take = recorder.stop()
    assert (take.path, take.duration) == (None, 1.0)


def test_a_device_that_refuses_leaves_no_file(tmp_path):
    stream = FakeInput(noise(1.0), fails=AudioDeviceError("cannot record from it"))
    recorder = Recorder(tmp_path / "take.wav", open_stream=stream)
    with pytest.raises(AudioDeviceError, match="cannot record"):
        recorder.start()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_created(tmp_path):
    stream = FakeInput(noise(1.0))
    with pytest.raises(CannotCreateOutputError, match="No such file"):
        Recorder(tmp_path / "absent" / "take.wav", open_stream=stream)
    assert stream.closed.is_set()
    (tmp_path / "take.wav").write_bytes(b"mine")
    with pytest.raises(OutputExistsError, match=r"take\.wav already exists"):
        Recorder(tmp_path / "take.wav", open_stream=FakeInput(noise(1.0)))


def test_a_full_disk_ends_the_take_with_a_sentence_and_keeps_it(tmp_path):
    limit = 30_001  # bytes: 1.25 s, and a sample cut in two
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    samples = noise(3.0)
    recorder = Recorder(tmp_path / "take.wav", open_stream=FakeInput(samples))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, former[1]))
    try:
        recorder.start()
        assert recorder.wait(10.0)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
        signal.signal(signal.SIGXFSZ, ignored)
    take = recorder.take
    assert take.end is End.WRITE_FAILED
    assert take.message == "the recording ended: File too large; what came before is kept"
    found = read(take.path)
    assert len(found) == (limit - 80) // 3
    np.testing.assert_array_equal(found, samples[: len(found)])


@pytest.mark.parametrize("delay_s", [0.3, 1.37, 2.21])
def test_killed_while_recording_it_loses_less_than_a_second(tmp_path, delay_s):
    path = tmp_path / "take.wav"
    root = Path(__file__).resolve().parents[2]
    program = subprocess.Popen(
        [sys.executable, fake_input.__file__, str(path)],
        env={**os.environ, "PYTHONPATH": str(root)},
        stdout=subprocess.PIPE,
    )
    assert program.stdout.readline() == b"recording\n"
    begin = time.monotonic()
    time.sleep(delay_s)  # the moment of the accident, not a wait for something
    elapsed = time.monotonic() - begin
    program.kill()
    program.communicate()
    found = read(path)
    assert len(found) / RATE > elapsed - 1.0
    np.testing.assert_array_equal(found, noise(30.0)[: len(found)])
