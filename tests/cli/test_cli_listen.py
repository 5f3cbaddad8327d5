"""``amtstudio listen`` on files."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
from cli_program import COMMAND_WITH_SIGINT, environment
from cli_sounds import SAMPLE_RATE, struck_tones

from amtstudio.cli import main
from amtstudio.cli.live_sources import PacedFileSource
from amtstudio.formats import read_json

KEYS = {"event", "id", "onset_s", "pitch", "velocity", "provisional", "emitted_s"}


@pytest.fixture
def options(model_file: Path) -> list[str]:
    return ["--model", str(model_file), "--device", "cpu", "--onset-threshold", "0.3"]


def lines_of(text: str) -> list[dict]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_lines_of_a_file(options, recording, capsys):
    assert main(["listen", "--input", str(recording), "--jsonl", *options]) == 0
    lines = lines_of(capsys.readouterr().out)
    assert all(set(line) == KEYS for line in lines)
    kinds = {(line["event"], line["provisional"]) for line in lines}
    assert kinds >= {("provisional", True), ("confirmed", False)}
    assert kinds <= {("provisional", True), ("confirmed", False), ("withdrawn", True)}
    confirmed = [line["id"] for line in lines if line["event"] == "confirmed"]
    assert len(confirmed) == len(set(confirmed)) > 3
    emitted = [line["emitted_s"] for line in lines]
    assert emitted == sorted(emitted)
    assert all(-0.1 < line["emitted_s"] - line["onset_s"] < 0.5 for line in lines)


def test_ends_are_told_when_asked_for(options, recording, capsys):
    assert main(["listen", "--input", str(recording), "--jsonl", "--ends", *options]) == 0
    lines = lines_of(capsys.readouterr().out)
    ended = [line for line in lines if line["event"] == "ended"]
    confirmed = {line["id"] for line in lines if line["event"] == "confirmed"}
    assert {line["id"] for line in ended} == confirmed
    assert all(line["offset_s"] > line["onset_s"] and not line["provisional"] for line in ended)


def test_lines_for_people(options, recording, capsys):
    assert main(["listen", "--input", str(recording), *options]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) > 3
    for line in lines:
        seconds, unit, name, word, velocity = line.split()
        assert (unit, word) == ("s", "velocity")
        assert 0.0 <= float(seconds) <= 3.0
        assert name[0] in "ABCDEFG"
        assert 1 <= int(velocity) <= 127


def test_the_whole_take_is_transcribed_as_by_transcribe(options, recording, tmp_path, capsys):
    listened, transcribed = tmp_path / "live.json", tmp_path / "offline.json"
    assert main(["listen", "--input", str(recording), "-o", str(listened), *options]) == 0
    assert f"wrote {listened}: " in capsys.readouterr().err
    assert main(["transcribe", str(recording), "-o", str(transcribed), *options]) == 0
    assert listened.read_bytes() == transcribed.read_bytes()


@pytest.mark.parametrize("pace", [(), ("--realtime",)])
def test_a_file_is_decoded_once_for_both_ways_of_hearing_it(
    options, recording, tmp_path, openings, pace
):
    output = ["-o", str(tmp_path / "take.json")]
    assert main(["listen", "--input", str(recording), *pace, *output, *options]) == 0
    assert openings == [recording]


def test_seconds_end_the_take(options, recording, tmp_path, capsys):
    output = tmp_path / "live.json"
    arguments = ["--input", str(recording), "--seconds", "1.5", "--jsonl", "-o", str(output)]
    assert main(["listen", *arguments, *options]) == 0
    lines = lines_of(capsys.readouterr().out)
    assert 1.0 < max(line["emitted_s"] for line in lines) <= 1.6
    assert read_json(output).duration == pytest.approx(1.5)


def test_at_real_time_pace_the_clock_is_told(options, recording, capsys):
    begin = time.monotonic()
    assert main(["listen", "--input", str(recording), "--jsonl", "--realtime", *options]) == 0
    assert time.monotonic() - begin > 3.0
    lines = lines_of(capsys.readouterr().out)
    assert len({line["id"] for line in lines if line["event"] == "confirmed"}) > 3
    emitted = [line["emitted_s"] for line in lines]
    assert emitted == sorted(emitted)
    # Nothing is said before it was heard.
    assert all(line["emitted_s"] > line["onset_s"] for line in lines)


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (
            ["--realtime"],
            "piano_large is too slow to follow what is played: piano listens; piano_large"
            " transcribes the take afterwards",
        ),
        ([], ""),  # nobody waits for it
    ],
)
def test_the_careful_model_is_left_the_take(recording, tmp_path, capsys, pace, said):
    listened, transcribed = tmp_path / "live.json", tmp_path / "offline.json"
    options = ["--model", "piano_large", "--device", "cpu"]
    assert main(["listen", "--input", str(recording), "-o", str(listened), *pace, *options]) == 0
    told = capsys.readouterr().err
    assert said in told
    assert ("too slow" in told) == bool(said)
    assert main(["transcribe", str(recording), "-o", str(transcribed), *options]) == 0
    assert listened.read_bytes() == transcribed.read_bytes()


def test_a_paced_file_gives_every_sample_in_step(tmp_path):
    path = tmp_path / "song.wav"
    soundfile.write(path, struck_tones(0.5), SAMPLE_RATE)
    source = PacedFileSource(path, sample_rate=SAMPLE_RATE, end=None)
    begin = time.monotonic()
    source.start()
    n_samples = 0
    for block in source.blocks():
        n_samples += len(block)
        assert n_samples / SAMPLE_RATE <= time.monotonic() - begin + 1e-3
    assert n_samples == SAMPLE_RATE // 2


def test_ctrl_c_ends_the_take_and_what_was_heard_is_written(options, tmp_path):
    song, output = tmp_path / "song.wav", tmp_path / "take.json"
    soundfile.write(song, struck_tones(60.0), SAMPLE_RATE)
    arguments = ["listen", "--input", str(song), "--realtime", "--jsonl", "-o", str(output)]
    with subprocess.Popen(
        [*COMMAND_WITH_SIGINT, *arguments, *options],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as program:
        assert program.stdout.readline()  # it has begun to hear notes
        program.send_signal(signal.SIGINT)
        try:
            _, messages = program.communicate(timeout=60)
        finally:
            program.kill()
    assert program.returncode == 0
    assert messages.decode().startswith(f"amtstudio: wrote {output}: ")
    assert 0.0 < read_json(output).duration < 30.0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--input", "absent.wav"], 66, "absent.wav does not exist"),
        (["--realtime"], 2, "--realtime is for a recording"),
        (["--input", "SONG", "--record", "x.wav"], 2, "--record is for a device"),
        (["--midi-in", "FP-30"], 2, "--midi-in keeps the keyboard's notes beside a recording"),
        (["--input", "SONG", "--ends"], 2, "--ends goes with --jsonl"),
        (["--input", "SONG", "-o", "-"], 2, "would share standard output"),
        (["--input", "SONG", "-o", "SONG"], 2, "no format has the suffix .wav"),
        (["--input", "SONG", "--seconds", "0"], 2, "0 is not greater than 0"),
        (["--input", "-"], 2, "listen does not read standard input ('amtstudio transcribe -'"),
    ],
)
def test_wrong_use(recording, capsys, arguments, code, message):
    arguments = [str(recording) if word == "SONG" else word for word in arguments]
    assert main(["listen", *arguments]) == code
    assert message in capsys.readouterr().err


def test_an_output_that_exists_is_refused_before_anything_is_played(options, recording, capsys):
    output = recording.with_name("taken.mid")
    output.write_bytes(b"mine")
    assert main(["listen", "--input", str(recording), "-o", str(output), *options]) == 73
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "already exists" in captured.err
    assert output.read_bytes() == b"mine"


def test_other_instruments_are_heard_live(recording, capsys):
    assert main(["listen", "--input", str(recording), "--model", "melodic", "--jsonl"]) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert any(event["event"] == "confirmed" for event in events)


def test_a_take_has_the_bars_of_its_music(tmp_path):
    song, listened = tmp_path / "song.wav", tmp_path / "take.json"
    times = np.arange(9 * 16000) / 16000
    sound = np.zeros(len(times))
    for beat in range(17):
        start = 0.3 + 0.5 * beat
        since = np.maximum(times - start, 0.0)
        pitches = (36, 60, 64, 67) if beat % 4 == 0 else (60, 64, 67)
        for pitch in pitches:
            frequency = 440.0 * 2.0 ** ((pitch - 69) / 12)
            for partial in range(1, 5):
                wave = np.sin(2 * np.pi * frequency * partial * since) * np.exp(-6.0 * since)
                sound += np.where(since < 0.45, wave, 0.0) / partial**2
    soundfile.write(song, 0.1 * sound / np.abs(sound).max() * 5, 16000)
    arguments = ["listen", "--input", str(song), "-o", str(listened), "--model", "piano"]
    assert main([*arguments, "--device", "cpu"]) == 0
    tempo = read_json(listened).tempo
    assert tempo is not None
    assert tempo.tempo == pytest.approx(120.0, rel=0.02)
