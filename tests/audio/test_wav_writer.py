import numpy as np
import pytest
import soundfile

from amtstudio.audio import wav_writer
from amtstudio.audio.wav_writer import HEADER_BYTES, GrowingWav, to_pcm24


def test_pcm24_of_known_values():
    values = np.array([[0.0, 0.5], [-1.0, 1.0], [2.0**-23, -(2.0**-23)]], dtype=np.float32)
    # 0.5 is 0x400000; 1.0 is beyond the largest value, 0x7fffff
    expected = "000000000040 000080ffff7f 010000ffffff"
    assert to_pcm24(values) == bytes.fromhex(expected.replace(" ", ""))


@pytest.mark.parametrize("channels", [1, 2])
def test_samples_of_24_bits_come_back_exactly(tmp_path, rng, channels):
    path = tmp_path / "take.wav"
    samples = (rng.integers(-(2**23), 2**23, (1001, channels)) / 2**23).astype(np.float32)
    wav = GrowingWav(path, sample_rate=44100, channels=channels)
    wav.write(samples[:400])
    wav.write(samples[400:])
    wav.close()
    found, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == 44100
    np.testing.assert_array_equal(found, samples)
    assert path.stat().st_size % 2 == 0


def test_everything_up_to_the_last_header_can_be_read_while_it_is_written(tmp_path, rng):
    path = tmp_path / "take.wav"
    wav = GrowingWav(path, sample_rate=8000, channels=1)
    samples = rng.uniform(-1, 1, (900, 1)).astype(np.float32)
    for begin in range(0, 900, 300):
        wav.write(samples[begin : begin + 300])
        wav.update_header()
        assert soundfile.info(path).frames == begin + 300
    wav.write(samples)  # not yet counted, and no harm to what is
    assert soundfile.info(path).frames == 900
    wav.close()
    assert soundfile.info(path).frames == 1800


def test_past_the_limit_of_riff_it_becomes_rf64(tmp_path, rng, monkeypatch):
    monkeypatch.setattr(wav_writer, "_RIFF_LIMIT", 5000)
    path = tmp_path / "take.wav"
    samples = rng.uniform(-1, 1, (2001, 1)).astype(np.float32)
    wav = GrowingWav(path, sample_rate=16000, channels=1)
    wav.write(samples[:1000])
    wav.update_header()
    assert path.read_bytes()[:4] == b"RIFF"
    wav.write(samples[1000:])
    monkeypatch.setattr(wav_writer, "_RIFF_LIMIT", 5000)
    wav.close()
    header = path.read_bytes()[:HEADER_BYTES]
    assert header[:4] == b"RF64"
    assert header[12:16] == b"ds64"


def test_rf64_is_read_by_libsndfile(tmp_path, monkeypatch):
    """With the real marker, 2**32 - 1, for sizes that are told in the ds64 chunk."""
    path = tmp_path / "take.wav"
    wav = GrowingWav(path, sample_rate=16000, channels=1)
    samples = np.linspace(-0.5, 0.5, 3000, dtype=np.float32)[:, None]
    wav.write(samples)
    monkeypatch.setattr(wav, "_header", lambda: _as_rf64(GrowingWav._header(wav), 3000))
    wav.update_header()
    wav.close()
    found, _ = soundfile.read(path, dtype="float32", always_2d=True)
    assert soundfile.info(path).format == "RF64"
    np.testing.assert_allclose(found, samples, atol=2**-24)


def _as_rf64(header, n_samples):
    marker, n_bytes = b"\xff\xff\xff\xff", 3 * n_samples
    sizes = (HEADER_BYTES - 8 + n_bytes, n_bytes, n_samples)
    ds64 = b"ds64" + header[16:20] + b"".join(size.to_bytes(8, "little") for size in sizes)
    return b"RF64" + marker + header[8:12] + ds64 + header[44:76] + marker


def test_wrong_shape_is_refused(tmp_path):
    wav = GrowingWav(tmp_path / "take.wav", sample_rate=16000, channels=2)
    with pytest.raises(ValueError, match=r"must be \(n, 2\)"):
        wav.write(np.zeros((5, 1), dtype=np.float32))
    wav.close()


def test_a_file_that_exists_is_never_overwritten(tmp_path):
    path = tmp_path / "take.wav"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        GrowingWav(path, sample_rate=16000, channels=1)
    assert path.read_bytes() == b"mine"
