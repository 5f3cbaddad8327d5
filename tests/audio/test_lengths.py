"""Headers whose lengths are wrong: what a file holds is read, at its time, and nothing else."""

from __future__ import annotations

import struct

import numpy as np
import pytest
import soundfile
from media_files import Media, beeps, write_media

from amtstudio.audio import probe, read_mono, stream_mono

RATE = 16000
N_SAMPLES = 4 * RATE
N_TOLD = RATE


@pytest.fixture
def music(rng):
    """Noise with a value of its own at each time, so that any shift shows."""
    return (rng.standard_normal(N_SAMPLES) * 0.1).clip(-1, 1)


def read_with_warnings(path, **options):
    warnings: list[str] = []
    return read_mono(path, sample_rate=RATE, on_warning=warnings.append, **options), warnings


def pcm16(samples, order="<"):
    return np.round(samples * 32767).astype(f"{order}i2").tobytes()


def chunk(name, body, size=None, order="<"):
    told = len(body) if size is None else size
    return name + struct.pack(f"{order}I", told) + body + b"\0" * (len(body) % 2)


def wav(data, told=None, *, before=b"", after=b"", form=b"RIFF", riff_size=None, n_channels=1):
    align = 2 * n_channels
    fmt = chunk(b"fmt ", struct.pack("<HHIIHH", 1, n_channels, RATE, RATE * align, align, 16))
    body = b"WAVE" + before + fmt + chunk(b"data", data, told) + after
    told_riff = (len(body) if told is None else len(body) - len(data) + told) & 0xFFFFFFFF
    return form + struct.pack("<I", told_riff if riff_size is None else riff_size) + body


def aiff(data, told=None, *, n_frames=None, after=b""):
    frames = len(data) // 2 if n_frames is None else n_frames
    rate = bytes.fromhex("400cfa00000000000000")  # 16000 as 80-bit float
    comm = chunk(b"COMM", struct.pack(">hIh", 1, frames, 16) + rate, order=">")
    size = None if told is None else told + 8
    ssnd = chunk(b"SSND", bytes(8) + data, size, order=">")
    body = b"AIFF" + comm + ssnd + after
    return b"FORM" + struct.pack(">I", len(body)) + body


def caf(data, told):
    desc = struct.pack(">d4sIIIII", RATE, b"lpcm", 0, 2, 1, 1, 16)
    return (
        b"caff\0\1\0\0"
        + (b"desc" + struct.pack(">q", len(desc)) + desc)
        + (b"data" + struct.pack(">q", told) + bytes(4) + data)
    )


def au(data, told):
    return b".snd" + struct.pack(">IIIII", 24, told, 3, RATE, 1) + data


# -- shorter by the header than by the data --------------------------------------------------------
@pytest.mark.parametrize("kind", ["wav", "wav with a list", "rf64", "bw64", "aiff", "caf", "au"])
def test_a_header_that_tells_less_than_there_is(tmp_path, music, kind):
    little, big, told = pcm16(music), pcm16(music, ">"), 2 * N_TOLD
    info = chunk(b"LIST", b"INFOIART\x06\0\0\0Clara\0")
    ds64 = chunk(b"ds64", struct.pack("<QQQI", 0, told, N_TOLD, 0))
    content = {
        "wav": wav(little, told),
        "wav with a list": wav(little, told, after=info),
        "rf64": wav(little, 0xFFFFFFFF, before=ds64, form=b"RF64"),
        "bw64": wav(little, 0xFFFFFFFF, before=ds64, form=b"BW64"),
        "aiff": aiff(big, told, n_frames=N_TOLD),
        "caf": caf(big, told + 4),
        "au": au(big, told),
    }[kind]
    path = tmp_path / "a.bin"
    path.write_bytes(content)
    audio, warnings = read_with_warnings(path)
    np.testing.assert_allclose(audio, music, atol=2e-4)
    assert len(warnings) == 1
    assert "holds 4.0 s of sound, but its header says 1.0 s" in warnings[0]
    assert probe(path).duration == pytest.approx(4.0, abs=1e-3)
    part, _ = read_with_warnings(path, start=2.5)
    np.testing.assert_array_equal(part, audio[round(2.5 * RATE) :])


def test_a_w64_whose_recorder_was_cut_off(tmp_path, music):
    path = tmp_path / "a.w64"
    soundfile.write(path, music, RATE, format="W64", subtype="PCM_16")
    data = bytearray(path.read_bytes())
    place = data.index(b"data\xf3\xac") + 16
    data[place : place + 8] = struct.pack("<q", 24 + 2 * N_TOLD)
    path.write_bytes(data)
    audio, warnings = read_with_warnings(path)
    np.testing.assert_allclose(audio, music, atol=1e-4)
    assert len(warnings) == 1


def test_a_wav_over_4_gib_is_read_beyond_where_its_size_wraps(tmp_path, rng):
    n_before = 2**31 + 2**20  # samples, 2 bytes each: more than 32 bits can tell
    end = np.round(rng.standard_normal(RATE) * 3000).astype("<i2")
    path = tmp_path / "long.wav"
    n_bytes = 2 * (n_before + len(end))
    with path.open("wb") as file:
        file.write(wav(b"", n_bytes & 0xFFFFFFFF))
        file.seek(44 + 2 * n_before)
        file.write(end.tobytes())
        file.write(chunk(b"LIST", b"INFOIART\x06\0\0\0Clara\0"))
    info = probe(path)
    assert info.duration == pytest.approx((n_before + len(end)) / RATE, abs=1e-6)
    blocks = stream_mono(path, sample_rate=RATE, start=n_before / RATE)
    audio = np.concatenate(list(blocks))
    np.testing.assert_allclose(audio, end / 32768, atol=1e-7)


def test_what_follows_the_data_is_not_taken_for_sound(tmp_path, music):
    data = pcm16(music)
    info = chunk(b"LIST", b"INFOIART\x06\0\0\0Clara\0")
    odd_id = chunk(b"Xyz ", bytes(range(200)))
    tag = b"TAG" + b"Clara".ljust(125, b"\0")
    for after in (b"", info, odd_id + info, info + tag, tag, bytes(4096), b"\x01\x02\x03"):
        path = tmp_path / "a.wav"
        path.write_bytes(wav(data, after=after))
        audio, warnings = read_with_warnings(path)
        assert len(audio) == N_SAMPLES
        assert warnings == []


def test_a_short_compressed_wav_is_read_whole(tmp_path, music):
    path = tmp_path / "a.wav"
    soundfile.write(path, music, RATE, subtype="IMA_ADPCM")
    whole, _ = read_with_warnings(path)
    data = bytearray(path.read_bytes())
    place = data.index(b"data") + 4
    data[place : place + 4] = struct.pack("<I", (len(data) - place) // 3)
    path.write_bytes(data)
    audio, _ = read_with_warnings(path)
    np.testing.assert_array_equal(audio, whole)


def test_placeholders_of_programs_that_write_to_pipes_are_no_damage(tmp_path, music):
    data = pcm16(music)
    path = tmp_path / "a.wav"
    for told in (0, 0x7FFFF000, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFFF - 36):
        path.write_bytes(wav(data, told))
        audio, warnings = read_with_warnings(path)
        np.testing.assert_allclose(audio, music, atol=1e-4)
        assert warnings == []
    path.write_bytes(caf(pcm16(music, ">"), -1))
    audio, warnings = read_with_warnings(path)
    assert len(audio) == N_SAMPLES
    assert warnings == []
    path.write_bytes(au(pcm16(music, ">"), 0xFFFFFFFF))
    audio, warnings = read_with_warnings(path)
    assert len(audio) == N_SAMPLES
    assert warnings == []


def test_a_wrong_size_of_the_whole_is_no_damage_where_the_data_are_there(tmp_path, music):
    path = tmp_path / "a.wav"
    for riff_size in (0, 36, 10**6, 0x7FFFFF00):
        path.write_bytes(wav(pcm16(music), riff_size=riff_size))
        audio, warnings = read_with_warnings(path)
        assert len(audio) == N_SAMPLES
        assert warnings == []


# -- several of them -------------------------------------------------------------------------------
def test_several_chunks_of_data_follow_one_another(tmp_path, music):
    parts = np.split(music, [N_TOLD, 3 * N_TOLD])
    first, *others = (pcm16(part) for part in parts)
    more = b"".join(chunk(b"JUNK", bytes(10)) + chunk(b"data", data) for data in others)
    path = tmp_path / "paused.wav"
    path.write_bytes(wav(first, after=more))
    audio, warnings = read_with_warnings(path)
    np.testing.assert_allclose(audio, music, atol=1e-4)
    assert len(warnings) == 1
    part, _ = read_with_warnings(path, start=2.0, end=3.5)
    np.testing.assert_array_equal(part, audio[2 * RATE : round(3.5 * RATE)])


def test_a_wav_appended_to_another_is_heard_after_it(tmp_path, music):
    path = tmp_path / "joined.wav"
    path.write_bytes(b"".join(wav(pcm16(part)) for part in np.split(music, [N_TOLD])))
    audio, _ = read_with_warnings(path)
    np.testing.assert_allclose(audio, music, atol=1e-4)


@pytest.mark.parametrize("n_links", [2, 5])
@pytest.mark.parametrize(
    "media",
    [
        Media(".opus", "libopus", 48000, container="ogg"),
        Media(".ogg", "flac", 48000, container="ogg"),
        Media(".ogg", "vorbis", 48000, "ogg", options=(("strict", "experimental"),)),
    ],
    ids=str,
)
def test_chained_ogg_files_follow_one_another(tmp_path, media, n_links):
    samples = beeps(media.sample_rate)
    write_media(tmp_path / "one", media, samples)
    one = read_mono(tmp_path / "one", sample_rate=48000)
    path = tmp_path / f"chained{media.suffix}"
    path.write_bytes((tmp_path / "one").read_bytes() * n_links)
    warnings: list[str] = []
    audio = read_mono(path, sample_rate=48000, on_warning=warnings.append)
    assert len(audio) == n_links * len(one)
    np.testing.assert_allclose(audio, np.tile(one, n_links), atol=1e-6)
    assert warnings == []
    start = (n_links - 1) * len(one) + 24_000
    part = read_mono(path, sample_rate=48000, start=start / 48000)
    np.testing.assert_allclose(part, audio[start:], atol=1e-2)
    assert probe(path).duration == pytest.approx(len(audio) / 48000, abs=0.05)


def test_a_link_of_another_rate_and_a_damaged_one_keep_the_others_in_place(tmp_path):
    for name, rate in (("a", 48000), ("b", 24000)):
        write_media(tmp_path / name, Media(".ogg", "flac", rate, container="ogg"), beeps(rate))
    first, second = ((tmp_path / name).read_bytes() for name in "ab")
    path = tmp_path / "chained.ogg"
    path.write_bytes(first + second + first)
    audio = read_mono(path, sample_rate=48000)
    assert len(audio) == pytest.approx(3 * 3 * 48000, abs=3)
    np.testing.assert_allclose(audio[-3 * 48000 :], audio[: 3 * 48000], atol=1e-4)


OGG_KINDS = [
    Media(".opus", "libopus", 48000, container="ogg"),
    Media(".ogg", "vorbis", 48000, "ogg", options=(("strict", "experimental"),)),
]


@pytest.mark.parametrize("n_bytes", [1, 2000])
@pytest.mark.parametrize("media", OGG_KINDS, ids=str)
def test_a_damaged_ogg_file_keeps_its_time_and_says_so(tmp_path, rng, media, n_bytes):
    path = tmp_path / "a.ogg"
    write_media(path, media, (0.1 * rng.standard_normal((9 * 48000, 2))).astype(np.float32))
    whole = read_mono(path, sample_rate=48000)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + n_bytes] = bytes(byte ^ 0x55 for byte in data[middle : middle + n_bytes])
    path.write_bytes(data)
    warnings: list[str] = []
    audio = read_mono(path, sample_rate=48000, on_warning=warnings.append)
    assert len(audio) == pytest.approx(len(whole), abs=960)
    end = slice(7 * 48000, 8 * 48000)
    assert np.corrcoef(audio[end], whole[end])[0, 1] > 0.98
    assert len(warnings) == 1
    assert "a.ogg is damaged near " in warnings[0]


@pytest.mark.parametrize("media", OGG_KINDS, ids=str)
def test_a_tag_after_an_ogg_file_is_no_damage(tmp_path, media):
    path = tmp_path / "a.ogg"
    write_media(path, media, beeps(48000))
    whole = read_mono(path, sample_rate=48000)
    path.write_bytes(path.read_bytes() + b"TAG" + b"Clara".ljust(125, b"\0"))
    warnings: list[str] = []
    audio = read_mono(path, sample_rate=48000, on_warning=warnings.append)
    np.testing.assert_array_equal(audio, whole)
    assert warnings == []


def test_joined_flac_files_follow_one_another(tmp_path, music):
    parts = np.split(music, [N_TOLD])
    content = b""
    for part in parts:
        soundfile.write(tmp_path / "one.flac", part, RATE)
        content += (tmp_path / "one.flac").read_bytes()
    path = tmp_path / "joined.flac"
    path.write_bytes(content)
    audio, _ = read_with_warnings(path)
    np.testing.assert_allclose(audio, music, atol=1e-4)


# -- FLAC ------------------------------------------------------------------------------------------
def with_flac_total(content, total):
    data = bytearray(content)
    fields = int.from_bytes(data[18:26], "big") & ~((1 << 36) - 1)
    data[18:26] = (fields | total).to_bytes(8, "big")
    return bytes(data)


@pytest.mark.parametrize("n_channels", [1, 2])
def test_a_flac_of_unknown_length_is_in_order(tmp_path, rng, n_channels):
    samples = rng.standard_normal((N_SAMPLES + 321, n_channels)) * 0.1
    path = tmp_path / "a.flac"
    soundfile.write(path, samples, RATE)
    whole, _ = read_with_warnings(path)
    path.write_bytes(with_flac_total(path.read_bytes(), 0))
    audio, warnings = read_with_warnings(path)
    np.testing.assert_array_equal(audio, whole)
    assert warnings == []
    assert probe(path).duration == pytest.approx(len(whole) / RATE)
    part, warnings = read_with_warnings(path, start=1.25)
    np.testing.assert_array_equal(part, whole[round(1.25 * RATE) :])
    assert warnings == []


def test_a_flac_with_a_tag_at_its_end_and_unknown_length_is_in_order(tmp_path, music):
    path = tmp_path / "a.flac"
    soundfile.write(path, music, RATE)
    whole, _ = read_with_warnings(path)
    tag = b"TAG" + b"Clara".ljust(125, b"\0")
    for total in (0, N_SAMPLES):
        path.write_bytes(with_flac_total(path.read_bytes(), total) + tag)
        audio, warnings = read_with_warnings(path)
        np.testing.assert_array_equal(audio, whole)
        assert warnings == []


def test_a_flac_whose_header_tells_less_than_there_is(tmp_path, music):
    path = tmp_path / "a.flac"
    soundfile.write(path, music, RATE)
    whole, _ = read_with_warnings(path)
    path.write_bytes(with_flac_total(path.read_bytes(), N_TOLD))
    audio, warnings = read_with_warnings(path)
    np.testing.assert_array_equal(audio, whole)
    assert ["its header says 1.0 s" in warning for warning in warnings] == [True]


def test_a_picture_longer_than_the_sound_is_no_damage(tmp_path):
    import av  # noqa: PLC0415

    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for index in range(25 * 6):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            picture.pts = index
            container.mux(video.encode(picture))
        tone = 1000 * np.sin(np.arange(2 * RATE)[None] / 5.0)
        frame = av.AudioFrame.from_ndarray(tone.astype(np.int16), "s16", "mono")
        frame.sample_rate, frame.pts = RATE, 0
        container.mux(sound.encode(frame))
        container.mux(video.encode(None))
        container.mux(sound.encode(None))
    audio, warnings = read_with_warnings(path)
    assert len(audio) == 2 * RATE
    assert warnings == []
