"""Odd and damaged files, and the way of the blocks; the formats are in test_decode_formats."""

from __future__ import annotations

import gc
import os
import re
import sqlite3
import struct
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile
from media_files import BEEP_TIMES, Media, beeps, found_times, write_media

from amtstudio.audio import probe, read_mono, stream_mono
from amtstudio.errors import AmtStudioError, BadAudioError
from amtstudio.formats import FORMATS, dump_transcription
from amtstudio.symbolic import Note, NoteTable, Transcription

RATE = 44100


@pytest.fixture
def noise(rng):
    return (rng.standard_normal(RATE * 4) * 0.1).clip(-1, 1).astype(np.float32)


def write_wav(path, samples, rate=RATE, subtype="FLOAT"):
    soundfile.write(path, samples, rate, subtype=subtype)
    return path


def read_with_warnings(path, **options):
    warnings: list[str] = []
    audio = read_mono(path, sample_rate=RATE, on_warning=warnings.append, **options)
    return audio, warnings


# -- the way of the blocks -------------------------------------------------------------------------
def test_blocks_have_the_length_asked_for_and_join_to_the_whole(tmp_path, noise):
    path = write_wav(tmp_path / "a.wav", noise)
    blocks = list(stream_mono(path, sample_rate=16000, block_seconds=0.3))
    assert {len(block) for block in blocks[:-1]} == {4800}
    assert 0 < len(blocks[-1]) <= 4800
    assert all(block.dtype == np.float32 for block in blocks)
    np.testing.assert_array_equal(np.concatenate(blocks), read_mono(path, sample_rate=16000))


def test_mixdown_is_the_mean_of_the_channels(tmp_path, rng):
    samples = (rng.standard_normal((RATE, 8)) * 0.1).astype(np.float32)
    path = write_wav(tmp_path / "a.wav", samples)
    np.testing.assert_allclose(
        read_mono(path, sample_rate=RATE), samples.mean(axis=1, dtype=float), atol=1e-7
    )


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s32le", "pcm_s64le", "pcm_f64le"])
def test_every_kind_of_sample_has_the_same_full_scale(tmp_path, codec):
    samples = np.tile(np.float32([[-1.0, -1.0], [0.5, 0.5], [0.0, 0.0]]), (200, 1))
    write_media(tmp_path / "a.nut", Media(".nut", codec), samples)
    audio = read_mono(tmp_path / "a.nut", sample_rate=RATE)
    np.testing.assert_allclose(audio, samples[:, 0], atol=2**-7)


def test_positions_rise_to_the_end(tmp_path, noise):
    path = write_wav(tmp_path / "a.wav", noise)
    positions: list[float] = []
    for _ in stream_mono(path, sample_rate=16000, start=1.0, on_position=positions.append):
        pass
    assert positions == sorted(positions)
    assert positions[-1] == pytest.approx(4.0)
    assert positions[0] > 1.0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files by /proc")
@pytest.mark.parametrize("name", ["a.wav", "a.mp3"])
def test_closing_the_generator_closes_the_file(tmp_path, name):
    write_media(
        tmp_path / name,
        Media(name[1:], "libmp3lame" if name == "a.mp3" else "pcm_s16le"),
        beeps(RATE),
    )

    def is_open():
        return any(link.resolve() == tmp_path / name for link in Path("/proc/self/fd").iterdir())

    blocks = stream_mono(tmp_path / name, sample_rate=16000, block_seconds=0.1)
    assert not is_open()
    next(blocks)
    assert is_open()
    blocks.close()
    assert not is_open()


def test_arguments_out_of_range(tmp_path):
    path = tmp_path / "never_opened.wav"
    with pytest.raises(ValueError, match="sample_rate must be"):
        stream_mono(path, sample_rate=0)
    with pytest.raises(ValueError, match="start must be"):
        stream_mono(path, sample_rate=RATE, start=-1.0)
    with pytest.raises(ValueError, match="end must be later than start"):
        stream_mono(path, sample_rate=RATE, start=2.0, end=2.0)
    with pytest.raises(ValueError, match="block_seconds must"):
        stream_mono(path, sample_rate=RATE, block_seconds=0.0)


@pytest.mark.parametrize(("suffix", "codec"), [(".wav", "pcm_s16le"), (".mp3", "libmp3lame")])
def test_a_start_beyond_the_end(tmp_path, suffix, codec):
    write_media(tmp_path / f"a{suffix}", Media(suffix, codec), beeps(RATE))
    with pytest.raises(BadAudioError, match=r"ends before 7 s.*3\.0 s long"):
        read_mono(tmp_path / f"a{suffix}", sample_rate=RATE, start=7.0)


def test_tags(tmp_path):
    with soundfile.SoundFile(tmp_path / "a.flac", "w", RATE, 1) as file:
        file.title, file.artist = "Träumerei", "Clara"
        file.write(np.zeros(100))
    assert probe(tmp_path / "a.flac").tags == {"title": "Träumerei", "artist": "Clara"}


# -- little, loud, fast and many -------------------------------------------------------------------
def test_one_sample_is_audio(tmp_path):
    path = write_wav(tmp_path / "a.wav", np.float32([0.5]))
    np.testing.assert_array_equal(read_mono(path, sample_rate=RATE), np.float32([0.5]))
    assert len(read_mono(path, sample_rate=16000)) == 1


def test_silence_is_audio(tmp_path):
    path = write_wav(tmp_path / "a.wav", np.zeros(RATE, np.float32))
    np.testing.assert_array_equal(read_mono(path, sample_rate=16000), np.zeros(16000))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_no_number_is_named(tmp_path, noise, value):
    samples = np.stack([noise, noise], axis=1)
    samples[RATE * 2, 1] = value
    path = write_wav(tmp_path / "a.wav", samples)
    with pytest.raises(BadAudioError, match=r"\(infinite or not a number\) at 2\.000 s"):
        read_mono(path, sample_rate=16000)
    assert len(read_mono(path, sample_rate=16000, end=1.9)) == 30400


def test_channels_whose_sum_overflows(tmp_path):
    path = write_wav(tmp_path / "a.wav", np.full((10, 8), 3e38, np.float32))
    np.testing.assert_allclose(read_mono(path, sample_rate=RATE), 3e38, rtol=1e-6)


@pytest.mark.parametrize(
    ("n_channels", "rate", "match"),
    [
        (65, 44100, "has 65 channels, and at most 64"),
        (1, 999, "sample rate of 999 Hz"),
        (1, 768_001, "sample rate of 768001 Hz"),
    ],
)
def test_headers_beyond_the_limits(tmp_path, n_channels, rate, match):
    path = write_wav(tmp_path / "a.wav", np.zeros((10, n_channels), np.float32), rate)
    for function in (probe, lambda path: read_mono(path, sample_rate=16000)):
        with pytest.raises(BadAudioError, match=match):
            function(path)


@pytest.mark.parametrize(("n_channels", "rate"), [(64, 44100), (8, 192_000), (1, 768_000)])
def test_headers_at_the_limits(tmp_path, n_channels, rate):
    samples = np.full((rate // 10, n_channels), 0.25, np.float32)
    path = write_wav(tmp_path / "a.wav", samples, rate)
    audio = read_mono(path, sample_rate=16000)
    np.testing.assert_allclose(audio[400:1200], 0.25, atol=1e-4)
    assert len(audio) == 1600


# -- no audio --------------------------------------------------------------------------------------
@pytest.mark.parametrize("suffix", [".wav", ".aiff", ".au", ".caf", ".w64"])
def test_a_header_without_samples(tmp_path, suffix):
    path = write_wav(tmp_path / f"a{suffix}", np.zeros(0), subtype="PCM_16")
    with pytest.raises(BadAudioError, match="contains no audio"):
        read_mono(path, sample_rate=16000)


def test_a_flac_header_without_samples(tmp_path):
    rate_channels_bits = (44100 << 44 | 0 << 41 | 15 << 36).to_bytes(8, "big")
    streaminfo = struct.pack(">HH6x", 4096, 4096) + rate_channels_bits + bytes(16)
    path = tmp_path / "a.flac"
    path.write_bytes(b"fLaC" + bytes([0x80, 0, 0, len(streaminfo)]) + streaminfo)
    with pytest.raises(BadAudioError, match=r"contains no audio|cannot be read as audio"):
        read_mono(path, sample_rate=16000)


@pytest.mark.parametrize("suffix", [".wav", ".flac", ".mp3", ".ogg", ".m4a", ".webm", ".opus", ""])
@pytest.mark.parametrize("content", ["text", "zeros", "noise"])
def test_what_is_no_audio_under_any_name(tmp_path, suffix, content, capfd, rng):
    contents = {
        "text": b"Dear diary, nothing to hear today.\n" * 500,
        "zeros": bytes(20_000),
        "noise": rng.bytes(20_000),
    }
    path = tmp_path / f"a{suffix}"
    path.write_bytes(contents[content])
    with pytest.raises(BadAudioError, match=re.escape(path.name)):
        read_mono(path, sample_rate=16000)
    assert capfd.readouterr() == ("", "")  # the decoders keep quiet


def test_a_video_without_sound(tmp_path):
    import av  # noqa: PLC0415

    with av.open(str(tmp_path / "a.mp4"), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width = video.height = 64
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        container.mux(video.encode(picture))
        container.mux(video.encode(None))
    with pytest.raises(BadAudioError, match="contains no sound track"):
        probe(tmp_path / "a.mp4")


def test_a_playlist_opens_no_other_file(tmp_path):
    write_media(tmp_path / "other.mp3", Media(".mp3", "libmp3lame"), beeps(RATE))
    playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:3,\nother.mp3\n#EXT-X-ENDLIST\n"
    for name in ("list.m3u8", "list.mp3"):
        (tmp_path / name).write_text(playlist)
        with pytest.raises(BadAudioError, match="cannot be read as audio"):
            read_mono(tmp_path / name, sample_rate=16000)


@pytest.mark.parametrize("name", ["csv", "json", "jsonl"])
def test_what_this_program_has_written_is_told_from_a_damaged_recording(tmp_path, name):
    path = tmp_path / f"take.{name}"
    notes = Transcription((Note(0.5, 1.0, 60),), duration=1.0, file="take.wav", model="piano")
    path.write_bytes(FORMATS[name].dumps(notes))
    with pytest.raises(BadAudioError, match=rf"take\.{name} already contains notes") as raised:
        probe(path)
    assert raised.value.hint == "open the recording instead"


def test_a_project_is_told_from_a_damaged_recording(tmp_path):
    path = tmp_path / "take.amts"
    with closing(sqlite3.connect(path)) as project:
        project.execute(f"PRAGMA application_id={int.from_bytes(b'AMTS')}")
        project.execute("CREATE TABLE note (id INTEGER)")
    with pytest.raises(BadAudioError, match=r"take\.amts is a project, not a recording"):
        probe(path)


@pytest.mark.parametrize("format_name", ["midi", "musicxml"])
def test_a_file_of_notes_is_told_from_a_damaged_recording(tmp_path, format_name):
    path = tmp_path / "piece.wav"
    notes = NoteTable.of([Note(0.5, 1.0, 60, 80)])
    path.write_bytes(dump_transcription(Transcription(notes=notes, duration=2.0), format_name))
    with pytest.raises(BadAudioError, match=r"piece\.wav is MIDI or MusicXML") as raised:
        probe(path)
    assert "as its score" in raised.value.hint


# -- damage ----------------------------------------------------------------------------------------
def test_a_wav_that_was_cut_off(tmp_path, noise):
    path = write_wav(tmp_path / "a.wav", noise, subtype="PCM_16")
    whole = read_mono(path, sample_rate=RATE)
    path.write_bytes(path.read_bytes()[: RATE * 4])
    audio, warnings = read_with_warnings(path)
    assert len(audio) == (RATE * 4 - 44) // 2
    np.testing.assert_array_equal(audio, whole[: len(audio)])
    assert len(warnings) == 1
    assert "a.wav is cut off" in warnings[0]


def test_a_wav_whose_recorder_never_wrote_the_length(tmp_path, noise):
    path = write_wav(tmp_path / "a.wav", noise, subtype="PCM_16")
    whole = read_mono(path, sample_rate=RATE)
    for length in (0, 0xFFFFFFFF):
        data = bytearray(path.read_bytes())
        data[4:8] = data[40:44] = struct.pack("<I", length)
        path.write_bytes(data)
        audio, warnings = read_with_warnings(path)
        np.testing.assert_array_equal(audio, whole)
        assert warnings == []


def test_a_flac_with_a_hole_keeps_its_time(tmp_path, noise):
    path = write_wav(tmp_path / "a.flac", noise, subtype="PCM_16")
    whole = read_mono(path, sample_rate=RATE)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 500] = bytes(500)
    path.write_bytes(data)
    audio, warnings = read_with_warnings(path)
    assert len(audio) == len(whole)
    wrong = np.flatnonzero(audio != whole)
    assert 0 < len(wrong) <= 2 * 4096
    assert np.ptp(wrong) < 2 * 4096
    assert not audio[wrong].any()
    assert len(warnings) == 1
    assert "is damaged near 1." in warnings[0]


@pytest.mark.parametrize(
    "media",
    [
        Media(".flac", "flac"),
        Media(".mp3", "libmp3lame"),
        Media(".ogg", "vorbis", options=(("strict", "experimental"),)),
        Media(".opus", "libopus", 48000, container="ogg"),
        Media(".webm", "libopus", 48000),
        Media(".mkv", "aac", with_video=True),
        Media(".wma", "wmav2", container="asf"),
        Media(".aac", "aac", container="adts"),
    ],
    ids=str,
)
def test_what_is_there_of_a_file_cut_off_is_read(tmp_path, media, rng):
    samples = beeps(media.sample_rate)
    samples += (0.02 * rng.standard_normal(samples.shape)).astype(np.float32)
    path = tmp_path / f"a{media.suffix}"
    write_media(path, media, samples)
    whole = read_mono(path, sample_rate=media.sample_rate)
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])
    audio = read_mono(path, sample_rate=media.sample_rate)
    assert 0.3 * len(whole) < len(audio) < 0.9 * len(whole)
    n_same = len(audio) - 4096
    np.testing.assert_allclose(audio[:n_same], whole[:n_same], atol=2e-3)


def test_a_hole_in_an_mp3_does_not_end_it(tmp_path):
    path = tmp_path / "a.mp3"
    write_media(path, Media(".mp3", "libmp3lame"), beeps(RATE))
    data = bytearray(path.read_bytes())
    middle = len(data) * 2 // 5  # between the beeps
    data[middle : middle + 1000] = bytes(1000)
    path.write_bytes(data)
    audio, warnings = read_with_warnings(path)
    # The frames that were overwritten are missing; MP3 does not number them.
    shifts = np.subtract(BEEP_TIMES, found_times(audio, RATE))
    assert shifts[0] == pytest.approx(0.0, abs=1e-4)
    assert np.all(shifts[1:] < 4 * 1152 / RATE)
    assert len(warnings) == 1


@pytest.mark.parametrize(
    "media",
    [
        Media(".wav", "pcm_s16le"),
        Media(".flac", "flac"),
        Media(".mp3", "libmp3lame"),
        Media(".m4a", "aac"),
        Media(".ogg", "vorbis", options=(("strict", "experimental"),)),
        Media(".opus", "libopus", 48000, container="ogg"),
        Media(".webm", "libopus", 48000),
        Media(".wma", "wmav2", container="asf"),
    ],
    ids=str,
)
def test_random_damage_gives_audio_or_a_plain_error(tmp_path, media, rng, capfd):
    path = tmp_path / f"a{media.suffix}"
    write_media(path, media, beeps(media.sample_rate, duration=3.0)[: media.sample_rate])
    original = path.read_bytes()
    for _ in range(40):
        data = bytearray(original)
        # The header is damaged as often as the rest, though it is short.
        n_reached = 200 if rng.random() < 0.5 else len(data)
        for _ in range(rng.integers(1, 20)):
            data[rng.integers(n_reached)] = rng.integers(256)
        if rng.random() < 0.3:
            data = data[: rng.integers(1, len(data))]
        path.write_bytes(data)
        try:
            audio = read_mono(path, sample_rate=16000, start=float(rng.choice([0.0, 0.4])))
        except AmtStudioError:
            continue
        assert len(audio) > 0
        assert np.isfinite(audio).all()
    gc.collect()
    assert capfd.readouterr() == ("", "")


def test_a_file_truncated_while_it_is_read(tmp_path, noise):
    path = write_wav(tmp_path / "a.wav", np.tile(noise, 5), subtype="PCM_16")
    warnings: list[str] = []
    blocks = stream_mono(path, sample_rate=RATE, on_warning=warnings.append)
    n_read = len(next(blocks))
    os.truncate(path, RATE * 2 * 10)
    n_read += sum(len(block) for block in blocks)
    assert n_read == (RATE * 2 * 10 - 44) // 2
    assert len(warnings) == 1


@pytest.mark.skipif(os.name == "nt", reason="an open file cannot be removed")
def test_a_file_removed_while_it_is_read_is_read_to_its_end(tmp_path, noise):
    path = write_wav(tmp_path / "a.wav", noise)
    blocks = stream_mono(path, sample_rate=RATE)
    n_read = len(next(blocks))
    path.unlink()
    assert n_read + sum(len(block) for block in blocks) == len(noise)
