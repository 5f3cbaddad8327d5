"""A source gives all its listeners what reading the file alone would, and opens it once."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import soundfile
from media_files import Media, beeps, write_media

from amtstudio.audio import AudioSource, opened, probe, read_mono
from amtstudio.errors import BadAudioError, InputNotFoundError

RATE = 22050


@pytest.fixture
def recording(tmp_path, rng):
    path = tmp_path / "a.wav"
    soundfile.write(path, (0.1 * rng.standard_normal((RATE * 12, 2))).astype("f4"), RATE, "FLOAT")
    return path


def whole(source, **options):
    return np.concatenate(list(source.stream_mono(**options)))


@pytest.mark.parametrize("in_memory", [1 << 12, 1 << 26])
def test_listeners_at_any_rate_hear_the_file_that_is_opened_once(recording, openings, in_memory):
    info = probe(recording)
    expected = [
        read_mono(recording, sample_rate=16000),
        read_mono(recording, sample_rate=RATE),
        read_mono(recording, sample_rate=16093, start=2.5, end=7.25),
    ]
    openings.clear()
    with AudioSource(recording, in_memory=in_memory) as source:
        found = [
            whole(source, sample_rate=16000),
            whole(source, sample_rate=RATE),
            whole(source, sample_rate=16093, start=2.5, end=7.25),
        ]
    assert openings == [recording]
    assert source.info == info
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_array_equal(one, other)


def test_nothing_is_decoded_that_nobody_has_asked_for(recording):
    with AudioSource(recording) as source:
        next(source.stream_mono(sample_rate=16000))
        assert source._end < 3 * RATE


def test_listeners_on_threads_take_turns(recording, openings):
    expected = {rate: read_mono(recording, sample_rate=rate) for rate in (8000, 16000, 44100)}
    openings.clear()
    found = {}
    with AudioSource(recording, in_memory=1 << 14) as source:
        threads = [
            threading.Thread(
                target=lambda rate=rate: found.update({rate: whole(source, sample_rate=rate)})
            )
            for rate in expected
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert openings == [recording]
    for rate, audio in expected.items():
        np.testing.assert_array_equal(found[rate], audio)


def test_what_cannot_be_kept_is_read_anew(recording, openings):
    expected = read_mono(recording, sample_rate=16000)
    openings.clear()
    with AudioSource(recording, most_kept=4 * RATE) as source:
        for _ in range(2):
            np.testing.assert_array_equal(whole(source, sample_rate=16000), expected)
    assert openings == [recording] * 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_costs_no_sound(recording, monkeypatch):
    expected = read_mono(recording, sample_rate=16000)
    with AudioSource(recording, in_memory=1 << 12) as source:
        stream = source.stream_mono(sample_rate=16000)
        begun = [next(stream)]
        source._kept.close()
        source._kept = Path("/dev/full").open("r+b", buffering=0)  # noqa: SIM115
        found = np.concatenate([*begun, *stream])
    np.testing.assert_array_equal(found, expected)


def test_who_still_listens_when_it_is_closed_hears_the_rest(recording):
    expected = read_mono(recording, sample_rate=16000)
    source = AudioSource(recording)
    stream = source.stream_mono(sample_rate=16000)
    begun = [next(stream)]
    source.close()
    np.testing.assert_array_equal(np.concatenate([*begun, *stream]), expected)


def test_what_lies_before_the_start_or_far_ahead_is_read_by_itself(tmp_path, rng, openings):
    path = tmp_path / "long.wav"
    soundfile.write(path, (0.1 * rng.standard_normal(8000 * 90)).astype("f4"), 8000, "FLOAT")
    expected = read_mono(path, sample_rate=8000)
    openings.clear()
    with AudioSource(path, start=5.0) as source:
        near = whole(source, sample_rate=8000, start=6.0, end=9.0)
        assert openings == [path]
        far = whole(source, sample_rate=8000, start=80.0)
        all_of_it = whole(source, sample_rate=8000)
    assert openings == [path] * 3
    np.testing.assert_array_equal(near, expected[48000:72000])
    np.testing.assert_array_equal(far, expected[640000:])
    np.testing.assert_array_equal(all_of_it, expected)


def test_each_listener_is_told_of_the_damage_that_it_comes_to(tmp_path):
    path = tmp_path / "a.mp3"
    write_media(path, Media(".mp3", "libmp3lame"), beeps(44100, duration=8.0))
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 3000] = b"\x00" * 3000
    path.write_bytes(bytes(data))
    alone = []
    expected = read_mono(path, sample_rate=16000, on_warning=alone.append)
    assert alone
    with AudioSource(path) as source:
        whole(source, sample_rate=16000)
        for end, told in ((None, alone), (1.0, [])):
            found = []
            audio = whole(source, sample_rate=16000, end=end, on_warning=found.append)
            assert found == told
            np.testing.assert_array_equal(audio, expected[: len(audio)])


def test_every_listener_meets_what_cannot_be_heard(tmp_path):
    samples = np.full(4 * RATE, 0.1, np.float32)
    samples[2 * RATE] = np.nan
    path = tmp_path / "a.wav"
    soundfile.write(path, samples, RATE, "FLOAT")
    with AudioSource(path) as source:
        assert len(whole(source, sample_rate=16000, end=1.5)) == 24000
        for _ in range(2):
            with pytest.raises(BadAudioError, match="not a number"):
                whole(source, sample_rate=16000)
        with pytest.raises(BadAudioError, match=r"ends before 9 s"):
            whole(source, sample_rate=16000, start=9.0)
    with pytest.raises(InputNotFoundError):
        AudioSource(tmp_path / "none.wav")


def test_a_path_is_opened_for_the_while_and_a_source_stays_open(recording, openings):
    with opened(recording) as source:
        assert opened(source).__enter__() is source
        whole(source, sample_rate=16000)
    assert openings == [recording]


@pytest.mark.parametrize(("level", "silent"), [(0.0, True), (1e-8, True), (3e-5, False)])
def test_a_silent_file_is_told_once_it_was_heard_to_its_end(tmp_path, rng, level, silent):
    path = tmp_path / "a.wav"
    sound = level * rng.standard_normal(RATE * 3)
    soundfile.write(path, sound.astype("f4"), RATE, "FLOAT")
    warnings: list[str] = []
    with AudioSource(path) as source:
        whole(source, sample_rate=16000, end=1.0, on_warning=warnings.append)
        assert (source.is_silent, warnings) == (False, [])
        whole(source, sample_rate=16000, on_warning=warnings.append)
        assert source.is_silent == silent
    told = ["a.wav is silent; check that it is the recording you meant"]
    assert warnings == (told if silent else [])


def test_a_constant_offset_is_silence_too(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, np.full(RATE * 3, 0.5, "f4"), RATE, "FLOAT")
    with AudioSource(path) as source:
        whole(source, sample_rate=16000)
        assert source.is_silent
