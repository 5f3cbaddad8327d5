"""Several sound tracks, gaps in time, what comes before the signature, and protected files."""

from __future__ import annotations

import re
import struct
from fractions import Fraction

import av
import numpy as np
import pytest
import soundfile
from media_files import Media, beeps, write_media

from amtstudio.audio import probe, read_mono
from amtstudio.errors import AmtStudioError, BadAudioError, OptionError

RATE = 16000


def tone(frequency, seconds, gain=0.3):
    return gain * np.sin(2 * np.pi * frequency * np.arange(round(seconds * RATE)) / RATE)


def write_tracks(path, tracks, *, codec="pcm_s16le", metadata=({}, {}, {}), starts=(0, 0, 0)):
    """Tracks of mono samples; where one is a list, its parts are (seconds, samples)."""
    with av.open(str(path), "w") as container:
        streams = []
        for tags in metadata[: len(tracks)]:
            stream = container.add_stream(codec, rate=RATE, layout="mono")
            stream.metadata.update(tags)
            streams.append(stream)
        packets = []
        for stream, parts in zip(streams, tracks, strict=True):
            for start, samples in parts if isinstance(parts, list) else [(0.0, parts)]:
                n_frame = stream.codec_context.frame_size or 1024
                for begin in range(0, len(samples), n_frame):
                    block = samples[begin : begin + n_frame].astype(np.float32)[None]
                    converter = av.AudioResampler(stream.format, "mono", RATE)
                    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), "fltp", "mono")
                    frame.sample_rate = RATE
                    (frame,) = converter.resample(frame)
                    frame.pts, frame.time_base = round(start * RATE) + begin, Fraction(1, RATE)
                    packets += stream.encode(frame)
            packets += stream.encode(None)
        for packet in sorted(packets, key=lambda packet: packet.pts * packet.time_base):
            container.mux(packet)


def read_with_warnings(path, **options):
    warnings: list[str] = []
    return read_mono(path, sample_rate=RATE, on_warning=warnings.append, **options), warnings


def pitch_of(audio):
    spectrum = np.abs(np.fft.rfft(audio * np.hanning(len(audio))))
    return float(np.argmax(spectrum) * RATE / len(audio))


# -- tracks ----------------------------------------------------------------------------------------
@pytest.mark.parametrize(("suffix", "codec"), [(".mkv", "aac"), (".mov", "pcm_s16le")])
@pytest.mark.parametrize("level", [0.0, 1e-5, 1e-3])
def test_the_first_track_that_is_not_silent_is_taken(tmp_path, rng, suffix, codec, level):
    path = tmp_path / f"a{suffix}"
    hiss = level * rng.standard_normal(8 * RATE)
    write_tracks(path, [hiss, tone(440, 8), tone(660, 8)], codec=codec)
    audio, warnings = read_with_warnings(path)
    assert pitch_of(audio) == pytest.approx(440, abs=1)
    assert len(warnings) == 1
    assert re.search(r"3 sound tracks.*track 2 is used \(track 1 is silent\)", warnings[0])
    info = probe(path)
    assert (info.track, len(info.tracks)) == (2, 3)
    part, _ = read_with_warnings(path, start=3.0, end=5.0)
    assert pitch_of(part) == pytest.approx(440, abs=1)


def test_a_track_is_not_silent_for_a_sound_between_the_places_looked_at(tmp_path):
    path = tmp_path / "a.mkv"
    sparse = np.zeros(120 * RATE)
    sparse[50 * RATE : 50 * RATE + 1000] = tone(440, 1)[:1000]
    write_tracks(path, [sparse, tone(660, 120)])
    assert probe(path).track == 1


def test_another_track_is_taken_where_one_is_named(tmp_path):
    path = tmp_path / "a.mkv"
    names = ({"language": "eng", "title": "Talk"}, {"title": "Piano"})
    write_tracks(path, [tone(300, 2), tone(440, 2)], metadata=names)
    audio, warnings = read_with_warnings(path)
    assert pitch_of(audio) == pytest.approx(300, abs=1)
    assert "1: Talk, eng" in warnings[0]
    assert "2: Piano" in warnings[0]
    assert "--track N" in warnings[0]
    audio, warnings = read_with_warnings(path, track=2)
    assert pitch_of(audio) == pytest.approx(440, abs=1)
    assert warnings == []
    assert probe(path, track=2).track == 2
    with pytest.raises(OptionError, match=r"2 sound tracks, but no track 3.*1: Talk.*2: Piano"):
        read_mono(path, sample_rate=RATE, track=3)


def test_a_file_of_one_track_has_no_second(tmp_path):
    path = tmp_path / "a.wav"
    soundfile.write(path, tone(440, 1), RATE)
    assert len(read_mono(path, sample_rate=RATE, track=1)) == RATE
    with pytest.raises(OptionError, match="one sound track, but no track 2"):
        read_mono(path, sample_rate=RATE, track=2)


def test_where_all_tracks_are_silent_the_first_is_taken(tmp_path):
    path = tmp_path / "a.mkv"
    write_tracks(path, [np.zeros(RATE), np.zeros(2 * RATE)])
    assert len(read_mono(path, sample_rate=RATE)) == RATE


def test_a_track_that_cannot_be_decoded_is_passed_over(tmp_path):
    path = tmp_path / "a.mov"
    write_tracks(path, [tone(300, 2), tone(440, 2)])
    data = path.read_bytes()
    place = data.index(b"sowt", data.index(b"stsd"))
    path.write_bytes(data[:place] + b"xxxx" + data[place + 4 :])
    audio, warnings = read_with_warnings(path)
    assert pitch_of(audio) == pytest.approx(440, abs=1)
    assert "track 1 cannot be decoded" in warnings[0]


# -- gaps ------------------------------------------------------------------------------------------
def test_gaps_of_any_length_keep_their_places_in_time(tmp_path):
    path = tmp_path / "a.mkv"
    first, second, third = tone(300, 1), tone(440, 1), tone(660, 1)
    write_tracks(path, [[(0, first), (700, second), (5000, third)]])
    audio, warnings = read_with_warnings(path)
    assert len(audio) == 5001 * RATE
    for start, frequency in ((0, 300), (700, 440), (5000, 660)):
        part = audio[start * RATE : (start + 1) * RATE]
        assert pitch_of(part) == pytest.approx(frequency, abs=1)
        later, _ = read_with_warnings(path, start=max(0, start - 2.0), end=start + 1.0)
        np.testing.assert_array_equal(later[-RATE:], part)
    assert not audio[2 * RATE : 699 * RATE].any()
    assert warnings == []


def test_sound_that_sets_in_long_after_the_picture_keeps_its_place(tmp_path):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=1)
        video.width = video.height = 64
        video.pix_fmt = "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for second in range(900):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            picture.pts = second
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        samples = (tone(440, 1) * 32767).astype(np.int16)[None]
        frame = av.AudioFrame.from_ndarray(samples, "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 800 * RATE, Fraction(1, RATE)
        container.mux(sound.encode(frame))
        container.mux(sound.encode(None))
    audio = read_mono(path, sample_rate=RATE)
    assert len(audio) == 801 * RATE
    assert not audio[: 800 * RATE].any()


def test_one_wrong_timestamp_moves_nothing(tmp_path):
    path = tmp_path / "a.nut"
    music = tone(440, 4)
    blocks = [(k * 0.5, music[k * 8000 : (k + 1) * 8000]) for k in range(8)]
    blocks[3] = (1200.0, blocks[3][1])
    options = {"strict": "experimental", "syncpoints": "none"}
    with av.open(str(path), "w", options=options) as container:
        stream = container.add_stream("pcm_s16le", rate=RATE, layout="mono")
        for start, samples in blocks:
            packet = av.Packet((samples * 32767).astype("<i2").tobytes())
            packet.pts = packet.dts = round(start * RATE)
            packet.time_base, packet.stream = Fraction(1, RATE), stream
            if start == 1200.0:
                packet.dts = round(1.5 * RATE)
            container.mux(packet)
    audio, _ = read_with_warnings(path)
    assert len(audio) == 4 * RATE
    np.testing.assert_allclose(audio, music, atol=1e-4)


def test_a_leap_of_years_is_not_filled_and_said(tmp_path):
    path = tmp_path / "a.mkv"
    write_tracks(path, [[(0, tone(300, 2)), (3600 * 24 * 300, tone(440, 2))]])
    audio, warnings = read_with_warnings(path)
    assert len(audio) == 4 * RATE
    assert any("timestamps that jump by more than a day near 2.0 s" in text for text in warnings)


# -- what comes before the signature ---------------------------------------------------------------
def id3(size, *, footer=False):
    digits = bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    head = b"\4\0" + (b"\x10" if footer else b"\0") + digits
    frame = b"TIT2" + struct.pack(">I", 6) + b"\0\0\3Clara"
    return b"ID3" + head + frame.ljust(size, b"\0") + (b"3DI" + head if footer else b"")


APE = b"APETAGEX" + struct.pack("<IIII", 2000, 32 + 14, 1, 0xA0000000) + bytes(8) + bytes(46)
MAC_BINARY = b"\0\x05a.wav".ljust(128, b"\1")


@pytest.mark.parametrize(
    ("suffix", "codec", "container"),
    [
        (".wav", "pcm_s16le", None),
        (".aiff", "pcm_s16be", None),
        (".flac", "flac", None),
        (".caf", "pcm_s16be", None),
        (".au", "pcm_s16be", None),
        (".m4a", "aac", None),
        (".opus", "libopus", "ogg"),
        (".mkv", "flac", None),
        (".wma", "wmav2", "asf"),
        (".mp3", "libmp3lame", None),
    ],
)
@pytest.mark.parametrize("before", ["id3", "id3 twice", "ape", "junk", "zeros"])
def test_a_tag_or_junk_before_the_signature(tmp_path, suffix, codec, container, before):
    path = tmp_path / f"a{suffix}"
    write_media(path, Media(suffix, codec, 48000, container), beeps(48000))
    whole = read_mono(path, sample_rate=RATE)
    prefix = {
        "id3": id3(500),
        "id3 twice": id3(70_000, footer=True) + id3(30),
        "ape": APE,
        "junk": MAC_BINARY,
        "zeros": bytes(1000),
    }[before]
    path.write_bytes(prefix + path.read_bytes())
    if suffix in (".au", ".mp3") and before in ("junk", "zeros"):
        pytest.skip("what they begin with could stand anywhere")
    audio, warnings = read_with_warnings(path)
    n_same = min(len(audio), len(whole))
    assert abs(len(audio) - len(whole)) <= 2 * 1152
    np.testing.assert_allclose(audio[:n_same], whole[:n_same], atol=1e-3)
    if before in ("junk", "zeros"):
        assert f"begins with {len(prefix)} bytes that are not sound" in warnings[0]
    else:
        assert warnings == []


def test_a_snippet_of_sound_within_something_else_is_no_recording(tmp_path):
    path = tmp_path / "a.bin"
    soundfile.write(tmp_path / "a.wav", tone(440, 0.2), RATE)
    path.write_bytes(b"--an-option\0" + (tmp_path / "a.wav").read_bytes())
    with pytest.raises(BadAudioError, match=r"a\.bin cannot be read as audio"):
        probe(path)


# -- protected files -------------------------------------------------------------------------------
def box(name, body):
    return struct.pack(">I", 8 + len(body)) + name + body


def with_entry(content, name, scheme):
    """An MP4 file whose sound has another kind of sample entry, which names a scheme."""
    place = content.index(b"mp4a", content.index(b"stsd"))
    parents = (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    sizes = [content.rindex(parent, 0, place) - 4 for parent in parents]
    extra = b""
    if scheme:
        extra = box(b"sinf", box(b"frma", b"mp4a") + box(b"schm", bytes(4) + scheme + b"\0\1\0\0"))
    end = place - 4 + struct.unpack(">I", content[place - 4 : place])[0]
    data = bytearray(content[:end] + extra + content[end:])
    for at in [*sizes, place - 4]:
        data[at : at + 4] = struct.pack(
            ">I", struct.unpack(">I", data[at : at + 4])[0] + len(extra)
        )
    data[place : place + 4] = name
    return bytes(data)


@pytest.mark.parametrize(
    ("entry", "scheme", "named"),
    [
        (b"drms", b"itun", "FairPlay"),
        (b"drms", b"", "FairPlay"),
        (b"enca", b"cenc", "Common Encryption"),
        (b"enca", b"cbcs", "Common Encryption"),
        (b"enca", b"piff", "PlayReady"),
        (b"enca", b"zzzz", "encryption"),
        (b"aavd", b"", "Audible"),
    ],
)
def test_a_protected_mp4_is_named_as_such(tmp_path, entry, scheme, named):
    path = tmp_path / "a.m4a"
    write_media(path, Media(".m4a", "aac"), beeps(44100))
    path.write_bytes(with_entry(path.read_bytes(), entry, scheme))
    for function in (probe, lambda path: read_mono(path, sample_rate=RATE)):
        with pytest.raises(
            BadAudioError, match=rf"protected against copying \({named}\).*use a copy"
        ):
            function(path)


def test_other_kinds_of_protection_are_named(tmp_path):
    path = tmp_path / "a.wma"
    write_media(path, Media(".wma", "wmav2", container="asf"), beeps(44100))
    data = path.read_bytes()
    encryption = bytes.fromhex("fbb31122 23bdd211 b4b700a0c955fc6e") + struct.pack("<Q", 40)
    n_header, n_objects = struct.unpack("<QI", data[16:28])
    header = data[:16] + struct.pack("<QI", n_header + 40, n_objects + 1) + data[28:30]
    path.write_bytes(header + encryption + bytes(16) + data[30:])
    with pytest.raises(BadAudioError, match="Windows Media DRM"):
        probe(path)
    path = tmp_path / "a.aa"
    path.write_bytes(struct.pack(">I", 5000) + bytes.fromhex("57907536") + bytes(5000))
    with pytest.raises(BadAudioError, match="Audible"):
        probe(path)


def test_an_encrypted_matroska_track_is_named(tmp_path):
    path = tmp_path / "a.mka"
    write_tracks(path, [tone(440, 1)])
    data = path.read_bytes()
    # TrackEntry, with a size of one or more bytes: one more child, ContentEncodings.
    encodings = bytes.fromhex("6d80 8a 6240 87 5035 84 47e1 81 05".replace(" ", ""))
    entry = re.search(rb"\xae[\x01-\xff].{0,7}?\xd7\x81\x01", data, re.DOTALL).start()
    entries = _grown(data, entry, 1, len(encodings))
    body = entry + 1 + _width(data[entry + 1])
    end = body + _size(data, entry + 1)
    data = entries[:end] + encodings + entries[end:]
    tracks = data.index(bytes.fromhex("1654ae6b"))
    data = _grown(data, tracks, 4, len(encodings))
    segment = data.index(bytes.fromhex("18538067"))
    path.write_bytes(_grown(data, segment, 4, len(encodings)))
    with pytest.raises(BadAudioError, match=r"protected against copying \(encryption\)"):
        probe(path)


def _width(first):
    return 9 - first.bit_length()


def _size(data, place):
    width = _width(data[place])
    return int.from_bytes(data[place : place + width], "big") & (1 << 7 * width) - 1


def _grown(data, element, n_id, n_more):
    """The same, with the size of an element larger by so many bytes."""
    place = element + n_id
    width = _width(data[place])
    size = (_size(data, place) + n_more) | 1 << 7 * width
    return data[:place] + size.to_bytes(width, "big") + data[place + width :]


def test_a_protected_track_leaves_another_to_be_read(tmp_path):
    path = tmp_path / "a.mov"
    write_tracks(path, [tone(300, 2), tone(440, 2)])
    data = path.read_bytes()
    place = data.index(b"sowt", data.index(b"stsd"))
    path.write_bytes(data[:place] + b"drms" + data[place + 4 :])
    audio, warnings = read_with_warnings(path)
    assert pitch_of(audio) == pytest.approx(440, abs=1)
    assert "track 1 is protected against copying" in warnings[0]
    with pytest.raises(AmtStudioError, match=r"track 1 of a\.mov is protected"):
        read_mono(path, sample_rate=RATE, track=1)
