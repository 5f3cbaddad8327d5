"""Files from the test suites of decoders and tag readers, each with the end it should come to."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from scipy.io import wavfile
from shared_material import SHARED

from amtstudio.audio import probe, read_mono
from amtstudio.errors import AmtStudioError

HOSTILE = SHARED / "data" / "hostile"
# Where the list is wrong. It calls this one an error because FFmpeg refuses it, but it is a sound
# big-endian RIFX file; test_an_odd_wav_reads_as_in_scipy compares the samples.
READABLE_AFTER_ALL = ("test-44100Hz-be-1ch-4bytes.wav",)


def audio_rows():
    if not (HOSTILE / "manifest.csv").is_file():
        return []
    with (HOSTILE / "manifest.csv").open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == "audio"]


@pytest.mark.shared
@pytest.mark.parametrize("row", audio_rows(), ids=lambda row: row["file"].split("/")[-1])
def test_hostile_file_ends_as_it_should(row, shared, capfd):
    path = shared / "data" / "hostile" / row["file"]
    message = ""
    try:
        probe(path)
        outcome, n_samples = "ok", len(read_mono(path, sample_rate=16000))
    except AmtStudioError as error:
        outcome, n_samples, message = "error", 0, str(error)
    assert message.isprintable()
    expected = "ok" if path.name in READABLE_AFTER_ALL else row["expect"]
    assert expected in (outcome, "either")
    assert n_samples > 0 or outcome == "error"
    assert capfd.readouterr() == ("", "")


@pytest.mark.shared
@pytest.mark.parametrize("name", ["test-44100Hz-be-1ch-4bytes", "test-44100Hz-le-1ch-4bytes-rf64"])
def test_an_odd_wav_reads_as_in_scipy(name, shared):
    path = next((shared / "data" / "hostile").glob(f"real/scipy__scipy/{name}.wav"))
    rate, samples = wavfile.read(path)
    np.testing.assert_allclose(read_mono(path, sample_rate=rate), samples / 2**31, atol=1e-7)
