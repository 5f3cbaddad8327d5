"""Reading a recording anywhere, at the output's rate, in little memory."""

from __future__ import annotations

import tracemalloc

import av
import numpy as np
import pytest
import soundfile

from amtstudio.audio import read_mono
from amtstudio.errors import BadAudioError, InputNotFoundError
from amtstudio.playback import OriginalAudio
from amtstudio.playback import original as original_module


def write(path, samples, rate):
    soundfile.write(path, samples, rate)
    return path


def write_mp3(path, samples, rate):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            (samples[np.newaxis] * 32767).astype(np.int16), format="s16", layout="mono"
        )
        frame.sample_rate = rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def noise(rng):
    return (0.1 * rng.standard_normal(7 * 44_100)).astype(np.float32)


@pytest.mark.parametrize("rate", [44_100, 48_000, 16_000])
@pytest.mark.parametrize("name", ["a.wav", "a.flac", "a.mp3"])
def test_any_place_gives_the_samples_of_the_whole(name, rate, noise, tmp_path):
    writer = write_mp3 if name.endswith("mp3") else write
    path = writer(tmp_path / name, noise, 44_100)
    whole = read_mono(path, sample_rate=rate)
    for start in (5 * rate + 123, 17, 3 * rate - 1, 6 * rate + 777):
        out = OriginalAudio(path, sample_rate=rate).read(start, rate // 3)
        np.testing.assert_allclose(out, whole[start : start + rate // 3], atol=2e-5)


def test_beyond_either_end_there_is_silence(noise, tmp_path):
    path = write(tmp_path / "a.wav", noise[:50_000], 44_100)
    original = OriginalAudio(path, sample_rate=44_100)
    whole = read_mono(path, sample_rate=44_100)
    np.testing.assert_array_equal(original.read(-100, 300), np.r_[np.zeros(100), whole[:200]])
    np.testing.assert_array_equal(original.read(49_900, 300), np.r_[whole[49_900:], np.zeros(200)])
    assert not original.read(10**9, 50).any()
    assert original.n_samples == 50_000
    assert not OriginalAudio(path, sample_rate=44_100).read(10**9, 50).any()


def test_jumping_to_and_fro_opens_the_file_no_more_than_needed(noise, tmp_path, monkeypatch):
    opened = []
    stream = original_module.stream_mono
    monkeypatch.setattr(
        original_module,
        "stream_mono",
        lambda *args, **options: opened.append(options["start"]) or stream(*args, **options),
    )
    path = write(tmp_path / "a.wav", noise, 44_100)
    original = OriginalAudio(path, sample_rate=44_100)
    for _ in range(20):  # a loop
        original.read(4 * 44_100, 60_000)
        original.read(2 * 44_100, 60_000)
    assert len(opened) == 2


def test_memory_is_bounded(tmp_path):
    rate = 8_000
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", rate, 1) as file:
        for _ in range(20):
            file.write(np.full(30 * rate, 0.1, dtype=np.float32))
    original = OriginalAudio(path, sample_rate=rate)
    tracemalloc.start()
    for start in range(0, 600 * rate, rate // 2):
        original.read(start, rate // 2)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Two minutes are kept, of ten: 3.8 MB of float32.
    assert peak < 6e6


def test_a_file_that_cannot_be_used_is_refused_when_it_is_opened(tmp_path):
    with pytest.raises(InputNotFoundError, match=r"gone\.wav"):
        OriginalAudio(tmp_path / "gone.wav", sample_rate=44_100)
    (tmp_path / "text.wav").write_text("no sound", encoding="utf-8")
    with pytest.raises(BadAudioError, match=r"text\.wav cannot be read as audio"):
        OriginalAudio(tmp_path / "text.wav", sample_rate=44_100)


def test_a_file_that_vanishes_later_is_reported(noise, tmp_path):
    path = write(tmp_path / "a.wav", noise, 44_100)
    original = OriginalAudio(path, sample_rate=44_100)
    path.unlink()
    with pytest.raises(InputNotFoundError, match=r"a\.wav"):
        original.read(0, 10)
