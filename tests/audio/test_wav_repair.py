"""Takes that were cut short, and files that are none."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile

from amtstudio.audio.wav_repair import repair_take
from amtstudio.audio.wav_writer import HEADER_BYTES, GrowingWav
from amtstudio.errors import BadAudioError

RATE = 8000


def cut_short(path, rng, *, channels, n_counted, n_written, surplus=b""):
    """A take whose header counts some of what is in it, as after a crash; its samples."""
    samples = (rng.integers(-(2**23), 2**23, (n_written, channels)) / 2**23).astype(np.float32)
    wav = GrowingWav(path, sample_rate=RATE, channels=channels)
    wav.write(samples[:n_counted])
    wav.update_header()
    wav.write(samples[n_counted:])
    wav._file.write(surplus)
    wav._file.close()
    return samples


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("n_written", [1000, 1001])
@pytest.mark.parametrize("surplus", [b"", b"\x11", b"\x11\x22"])
def test_all_whole_samples_of_a_killed_take_are_found(tmp_path, rng, channels, n_written, surplus):
    path = tmp_path / "take.wav"
    written = cut_short(
        path, rng, channels=channels, n_counted=300, n_written=n_written, surplus=surplus
    )
    assert soundfile.info(path).frames == 300
    assert repair_take(path) == n_written / RATE
    found, rate = soundfile.read(path, dtype="float32", always_2d=True)
    assert rate == RATE
    np.testing.assert_array_equal(found, written)
    assert path.stat().st_size == HEADER_BYTES + 3 * channels * n_written + n_written * channels % 2


@pytest.mark.parametrize("n_written", [0, 1, 1000, 1001])
def test_a_take_that_was_finished_stays_as_it_is(tmp_path, rng, n_written):
    path = tmp_path / "take.wav"
    wav = GrowingWav(path, sample_rate=RATE, channels=1)
    wav.write(rng.uniform(-1, 1, (n_written, 1)).astype(np.float32))
    wav.close()
    before, changed_at = path.read_bytes(), path.stat().st_mtime_ns
    assert repair_take(path) == n_written / RATE
    assert (path.read_bytes(), path.stat().st_mtime_ns) == (before, changed_at)


def test_a_take_beyond_four_gigabytes_gets_a_header_of_rf64(tmp_path):
    path = tmp_path / "take.wav"
    wav = GrowingWav(path, sample_rate=RATE, channels=2)
    wav.write(np.zeros((10, 2), dtype=np.float32))
    wav.update_header()
    n_samples = 720_000_000
    wav._file.truncate(HEADER_BYTES + 6 * n_samples)  # a hole: nothing is written
    wav._file.close()
    assert repair_take(path) == n_samples / RATE
    assert soundfile.info(path).frames == n_samples
    with path.open("rb") as file:
        assert file.read(4) == b"RF64"


@pytest.mark.parametrize("kind", ["text", "short", "16 bits"])
def test_other_files_are_left_alone(tmp_path, kind):
    path = tmp_path / "other.wav"
    if kind == "16 bits":
        soundfile.write(path, np.zeros(4000), RATE, subtype="PCM_16")
    else:
        path.write_bytes(b"Dear Clara, " * (100 if kind == "text" else 2))
    before = path.read_bytes()
    with pytest.raises(BadAudioError, match=r"other\.wav was not recorded with this program"):
        repair_take(path)
    assert path.read_bytes() == before
