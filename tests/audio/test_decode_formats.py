"""Every format in which its beeps must come out where they were put in."""

from __future__ import annotations

import numpy as np
import pytest
from media_files import BEEP_TIMES, DURATION, Media, beeps, found_times, write_media

from amtstudio.audio import probe, read_mono

VORBIS = (("strict", "experimental"),)
LOSSLESS = [
    Media(".wav", "pcm_s16le"),
    Media(".wav", "pcm_f32le"),
    Media(".wav", "pcm_u8"),
    Media(".aiff", "pcm_s16be"),
    Media(".au", "pcm_s16be"),
    Media(".caf", "pcm_s24le"),
    Media(".flac", "flac"),
    Media(".ogg", "flac", container="ogg"),
    Media(".m4a", "alac"),
    Media(".wv", "wavpack"),
    Media(".mkv", "flac", with_video=True),
    Media(".mov", "pcm_s16le", with_video=True),
]
EIGHT_BITS = ("pcm_u8", "wavpack")  # the first sample format that these encoders take
LOSSY = [
    Media(".mp3", "libmp3lame"),
    Media(".m4a", "aac"),
    Media(".mp4", "aac", with_video=True),
    Media(".mov", "aac", with_video=True),
    Media(".mkv", "aac", with_video=True),
    Media(".mkv", "libmp3lame", with_video=True),
    Media(".mkv", "ac3", with_video=True),
    Media(".ogg", "vorbis", options=VORBIS),
    Media(".opus", "libopus", 48000, container="ogg"),
    Media(".webm", "libopus", 48000),
    Media(".webm", "vorbis", options=VORBIS),
    Media(".mp4", "libopus", 48000, with_video=True),
]
# What the file does not tell cannot be undone: bare AAC and AC-3 carry no priming count; FFmpeg's
# WMA encoder primes with one frame, and its decoder leaves out two, as Microsoft's encoder needs;
# the MPEG transport stream has its whole timeline, pictures too, set later by the priming.
SHIFTED = [
    (Media(".aac", "aac", container="adts"), 1024 / 44100),
    (Media(".ac3", "ac3"), 256 / 44100),
    (Media(".wma", "wmav2", container="asf"), -2048 / 44100),
    (Media(".ts", "aac", container="mpegts", with_video=True), 1024 / 44100),
]


@pytest.fixture(scope="module")
def media_path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("media")

    def make(media):
        path = folder / str(media)
        if not path.exists():
            write_media(path, media, beeps(media.sample_rate))
        return path

    return make


@pytest.mark.parametrize("media", LOSSLESS, ids=str)
def test_lossless_formats_give_the_very_samples(media, media_path):
    audio = read_mono(media_path(media), sample_rate=media.sample_rate)
    expected = beeps(media.sample_rate)[:, 0]
    step = 2**-7 if media.codec in EIGHT_BITS else 2**-15
    assert len(audio) == len(expected)
    np.testing.assert_allclose(audio, expected, atol=1.01 * step)


@pytest.mark.parametrize("media", LOSSY, ids=str)
def test_lossy_formats_keep_the_time(media, media_path):
    audio = read_mono(media_path(media), sample_rate=media.sample_rate)
    np.testing.assert_allclose(
        found_times(audio, media.sample_rate), BEEP_TIMES, atol=1.5 / media.sample_rate
    )
    assert 0 <= len(audio) - DURATION * media.sample_rate <= 1536  # the last frame is whole


@pytest.mark.parametrize(("media", "shift"), SHIFTED, ids=str)
def test_formats_that_do_not_tell_their_priming_are_off_by_it(media, shift, media_path):
    audio = read_mono(media_path(media), sample_rate=media.sample_rate)
    np.testing.assert_allclose(
        found_times(audio, media.sample_rate),
        np.add(BEEP_TIMES, shift),
        atol=1.5 / media.sample_rate,
    )


@pytest.mark.parametrize("media", [*LOSSLESS, *LOSSY], ids=str)
def test_times_hold_at_the_rate_of_the_models(media, media_path):
    audio = read_mono(media_path(media), sample_rate=16000)
    np.testing.assert_allclose(found_times(audio, 16000), BEEP_TIMES, atol=1 / 16000)


@pytest.mark.parametrize("media", [*LOSSLESS, *LOSSY, *[media for media, _ in SHIFTED]], ids=str)
@pytest.mark.parametrize(("start", "end"), [(0.0, 0.9), (1.3333, 1.9), (2.2, None)])
def test_a_stretch_is_the_same_samples_as_in_the_whole(media, start, end, media_path):
    rate = media.sample_rate
    whole = read_mono(media_path(media), sample_rate=rate)
    part = read_mono(media_path(media), sample_rate=rate, start=start, end=end)
    expected = whole[round(start * rate) : None if end is None else round(end * rate)]
    assert len(part) == len(expected)
    # Codecs that fill bands with noise, or decode from a settled state, differ by a little.
    tolerance = 2e-3 if media in LOSSY or media.suffix in (".aac", ".ac3", ".wma", ".ts") else 0
    np.testing.assert_allclose(part, expected, atol=tolerance)


@pytest.mark.parametrize("media", [*LOSSLESS, *LOSSY], ids=str)
def test_probe_reads_the_header(media, media_path):
    info = probe(media_path(media))
    assert (info.sample_rate, info.channels) == (media.sample_rate, 2)
    assert info.duration == pytest.approx(DURATION, abs=0.035)


@pytest.mark.parametrize(
    ("media", "container", "codec"),
    [
        (LOSSLESS[0], "wav", "pcm_16"),
        (LOSSLESS[6], "flac", "pcm_16"),
        (LOSSY[0], "mp3", "mp3"),
        (LOSSY[2], "mp4", "aac"),
        (LOSSY[7], "ogg", "vorbis"),
        (LOSSY[9], "matroska", "opus"),
    ],
    ids=str,
)
def test_probe_names_container_and_codec(media, container, codec, media_path):
    info = probe(media_path(media))
    assert (info.container, info.codec) == (container, codec)


def test_a_wrong_suffix_does_not_matter(media_path, tmp_path):
    misnamed = tmp_path / "beeps.wav"
    misnamed.write_bytes(media_path(LOSSY[1]).read_bytes())
    assert probe(misnamed).codec == "aac"


def test_sound_that_sets_in_after_the_picture_is_preceded_by_silence(tmp_path):
    path = tmp_path / "late.mkv"
    media = Media(".mkv", "pcm_s16le", with_video=True)
    write_media(path, media, beeps(44100))
    late = tmp_path / "late2.mkv"
    _delay_audio(path, late, seconds=0.25)
    audio = read_mono(late, sample_rate=44100)
    np.testing.assert_allclose(found_times(audio[11025:], 44100), BEEP_TIMES, atol=1e-3)
    assert not audio[:11000].any()
    part = read_mono(late, sample_rate=44100, start=0.1)
    np.testing.assert_array_equal(part, audio[4410:])


def _delay_audio(source, target, *, seconds):
    import av  # noqa: PLC0415

    with av.open(str(source)) as reader, av.open(str(target), "w") as writer:
        streams = {s.index: writer.add_stream_from_template(s) for s in reader.streams}
        for packet in reader.demux():
            if packet.dts is None:
                continue
            if packet.stream.type == "audio":
                shift = round(seconds / packet.time_base)
                packet.pts += shift
                packet.dts += shift
            packet.stream = streams[packet.stream.index]
            writer.mux(packet)
