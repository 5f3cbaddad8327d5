"""``amtstudio listen`` without a model: the instruments that are heard choose it."""

from __future__ import annotations

import json
import time

import pytest
import soundfile
from played_takes import RATE, played_drums

from amtstudio.cli import listen, main
from amtstudio.cli.live_sources import PacedFileSource
from amtstudio.formats import read_json

PATIENCE_S = 300.0


class _WaitsForTheSwitch(PacedFileSource):
    """Five seconds, then nothing until another model hears, then the rest."""

    told: list[str]

    def start(self):
        pass

    def stop(self):
        pass

    def blocks(self):
        with self._source as audio:
            rate = self.sample_rate
            samples = next(iter(audio.stream_mono(sample_rate=rate, block_seconds=60.0)))
        for second in range(5):
            yield samples[second * rate : (second + 1) * rate]
        deadline = time.monotonic() + PATIENCE_S
        while not self.told and time.monotonic() < deadline:
            time.sleep(0.05)
            yield samples[:0]
        yield samples[5 * rate :]

    def emitted_s(self, stream_time):
        return stream_time


@pytest.fixture
def drums(tmp_path):
    path = tmp_path / "beat.wav"
    audio, hits = played_drums(8.0)
    soundfile.write(path, audio, RATE)
    return path, hits


def lines_of(text):
    return [json.loads(line) for line in text.splitlines()]


def test_a_file_is_listened_to_in_advance(drums, tmp_path, capsys):
    path, hits = drums
    output = tmp_path / "beat.json"
    arguments = ["--input", str(path), "--jsonl", "--onset-threshold", "0.5", "-o", str(output)]
    assert main(["listen", *arguments, "--device", "cpu"]) == 0
    told = capsys.readouterr()
    assert "drums heard, so drums listens" in told.err
    confirmed = [line for line in lines_of(told.out) if line["event"] == "confirmed"]
    assert len(confirmed) == pytest.approx(len(hits), rel=0.1)
    assert all("drum" in line for line in confirmed)
    assert read_json(output).model == "drums"


def test_drums_that_are_being_played_are_heard_by_their_model(drums, monkeypatch, capsys):
    path, hits = drums
    told = _WaitsForTheSwitch.told = []
    tell_choice = listen._tell_choice
    monkeypatch.setattr(listen, "PacedFileSource", _WaitsForTheSwitch)
    monkeypatch.setattr(
        listen, "_tell_choice", lambda *values: (tell_choice(*values), told.append(values[2]))
    )
    arguments = ["--input", str(path), "--realtime", "--jsonl", "--ends", "--device", "cpu"]
    assert main(["listen", *arguments]) == 0
    out, err = capsys.readouterr()
    assert told == ["drums"]
    assert "5 s: " in err
    assert "drums heard, so drums listens (choose with --model)" in err
    lines = [line for line in lines_of(out) if line["event"] != "withdrawn"]
    struck = [line for line in lines if line["event"] == "confirmed" and "drum" in line]
    expected = [hit for hit in hits if hit.onset > 5.0]
    assert len(struck) == pytest.approx(len(expected), rel=0.15)
    assert min(line["onset_s"] for line in struck) > 4.5  # what was printed is not told twice
    begun = {line["id"] for line in lines if line["event"] == "confirmed"}
    assert begun == {line["id"] for line in lines if line["event"] == "ended"}
