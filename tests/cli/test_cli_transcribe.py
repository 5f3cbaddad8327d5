"""``amtstudio transcribe``, in this process."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
import torch
from cli_program import COMMAND, COMMAND_WITH_SIGINT, environment
from cli_sounds import SAMPLE_RATE, struck_tones

from amtstudio.cli import main
from amtstudio.engine import Transcriber
from amtstudio.formats import read_transcription

Run = Callable[..., int]


@pytest.fixture
def transcribe(model_file: Path) -> Run:
    def run(*arguments: str | Path, model: str | Path = model_file) -> int:
        options = ["--model", str(model), "--device", "cpu", "--onset-threshold", "0.3"]
        return main(["transcribe", *options, *map(str, arguments)])

    return run


def count_notes(midi: Path) -> int:
    messages = [message for track in mido.MidiFile(midi).tracks for message in track]
    return sum(message.type == "note_on" and message.velocity > 0 for message in messages)


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_midi_goes_beside_the_recording(transcribe, recording, capsys):
    assert transcribe(recording) == 0
    midi = recording.with_suffix(".mid")
    captured = capsys.readouterr()
    n_notes = count_notes(midi)
    assert n_notes > 0
    assert captured.out == ""
    assert captured.err.startswith(f"amtstudio: wrote {midi}: {n_notes} note")
    assert captured.err.endswith("times real time\n")
    assert files_in(recording.parent) == ["song.mid", "song.wav"]


def test_each_recording_is_opened_once_whatever_listens(recording, openings, tmp_path):
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    options = ["--device", "cpu", "-o", str(tmp_path / "out")]
    assert main(["transcribe", *options, str(recording), str(other)]) == 0
    assert openings == [recording, other]
    assert files_in(tmp_path / "out") == ["other.mid", "song.mid"]


def test_data_on_standard_output(transcribe, recording, capsysbinary):
    assert transcribe(recording, "-o", "-", "--format", "json") == 0
    captured = capsysbinary.readouterr()
    content = json.loads(captured.out)
    assert content["file"] == "song.wav"
    assert content["duration_s"] == pytest.approx(3.0, abs=0.05)
    assert len(content["notes"]) > 0
    assert captured.err.startswith(f"amtstudio: wrote {len(content['notes'])} notes to".encode())


def test_midi_on_standard_output_is_the_file(transcribe, recording, capsysbinary):
    assert transcribe(recording, "-q", "-o", "-") == 0
    captured = capsysbinary.readouterr()
    assert transcribe(recording) == 0
    assert captured.out == recording.with_suffix(".mid").read_bytes()
    assert captured.err == b""


def test_midi_is_not_poured_on_a_terminal(transcribe, recording, capsys, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert transcribe(recording, "-o", "-") == 2
    assert "standard output is a terminal" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["out.csv", "out.json", "out.jsonl", "out.midi"])
def test_the_suffix_chooses_the_format(transcribe, recording, tmp_path, name):
    assert transcribe(recording, "-o", tmp_path / name) == 0
    data = (tmp_path / name).read_bytes()
    starts = {"csv": b"onset_s,", "json": b"{", "jsonl": b'{"onset_s"', "midi": b"MThd"}
    assert data.startswith(starts[name.partition(".")[2]])


def test_a_format_whose_package_is_missing_is_refused_at_once(
    transcribe, recording, monkeypatch, capsys
):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert transcribe(recording, "--format", "pdf", model="no-such-model") == 2
    assert "PDF needs the package verovio (pip install" in capsys.readouterr().err


def test_a_tempo_that_nothing_would_follow_is_refused(transcribe, recording, tmp_path, capsys):
    off = ("--beats", "off", "--tempo", "90")
    assert transcribe(recording, *off, model="no-such-model") == 2
    assert "--beats off leaves out the tempo and the bars" in capsys.readouterr().err
    table = tmp_path / "song.csv"
    assert transcribe(recording, "--meter", "3/4", "-o", table, model="no-such-model") == 2
    assert "CSV has no tempo and no bars" in capsys.readouterr().err
    assert transcribe(recording, *off, "--quantize", "1", "-o", table) == 0


def test_tablature_is_a_thing_of_scores(transcribe, recording, tmp_path, capsys):
    assert transcribe(recording, "--tablature", model="no-such-model") == 2
    assert "MIDI has no tablature" in capsys.readouterr().err
    assert transcribe(recording, "--tablature", "-o", tmp_path / "song.musicxml") == 0
    assert b"score-partwise" in (tmp_path / "song.musicxml").read_bytes()
    assert transcribe(recording, "--capo", "2", model="no-such-model") == 2
    assert "tunings and a capo go with --tablature" in capsys.readouterr().err
    assert transcribe(recording, "--tablature", "--tuning", "drop x", model="no-such-model") == 2
    assert "'drop x' is not a tuning: standard, half step down" in capsys.readouterr().err


def test_tablature_of_each_track_in_a_tuning(transcribe, recording, tmp_path):
    chosen = ("--tuning", "drop D", "--bass-tuning", "five strings", "--capo", "2")
    options = ("--tablature", "--split-tracks", *chosen)
    assert transcribe(recording, *options, "-o", tmp_path / "song.musicxml") == 0
    (part,) = tmp_path.glob("song (*")
    assert part.name == "song (piano).musicxml"


def test_a_score_is_written_in_the_key_that_is_named(transcribe, recording, tmp_path, capsys):
    assert transcribe(recording, "-o", tmp_path / "song.musicxml", "--key", "E flat minor") == 0
    written = (tmp_path / "song.musicxml").read_bytes()
    assert b"<fifths>-6</fifths>" in written
    assert b"<mode>minor</mode>" in written
    assert transcribe(recording, "--key", "Eb", model="no-such-model") == 2
    assert "MIDI has no score to write in a key" in capsys.readouterr().err
    assert transcribe(recording, "--key", "H-Dur", model="no-such-model") == 2
    assert "'H-Dur' is not a key of a piece, such as C major" in capsys.readouterr().err


def test_scores_leave_out_what_one_likes(transcribe, recording, tmp_path, capsys):
    full, bare = tmp_path / "full.musicxml", tmp_path / "bare.musicxml"
    assert transcribe(recording, "-o", full) == 0
    assert transcribe(recording, "-o", bare, "--score-without", "dynamics,Pedal") == 0
    assert b"<dynamics>" in full.read_bytes()
    assert b"<dynamics>" not in bare.read_bytes()
    assert bare.read_bytes().count(b"<pitch>") == full.read_bytes().count(b"<pitch>")
    assert transcribe(recording, "--score-without", "pedals", model="no-such-model") == 2
    assert "there is no 'pedals' in a score; did you mean 'pedal'?" in capsys.readouterr().err
    assert transcribe(recording, "--score-without", "swing", model="no-such-model") == 2
    assert "MIDI has no score to leave swing out of" in capsys.readouterr().err


def test_quantised_onsets_lie_on_the_grid(transcribe, recording, tmp_path, capsys):
    assert transcribe(recording, "-o", tmp_path / "played.json") == 0
    assert transcribe(recording, "-o", tmp_path / "grid.json", "--quantize", "1") == 0
    played, grid = (
        json.loads((tmp_path / f"{name}.json").read_text()) for name in ("played", "grid")
    )
    assert len(played["notes"]) == len(grid["notes"]) > 0
    beats = grid["tempo_map"]["beats_s"]
    onsets = [n["onset_s"] for n in grid["notes"] if beats[0] <= n["onset_s"] < beats[-1]]
    assert len(onsets) > 5
    for at in np.interp(onsets, beats, range(len(beats))):
        assert min(abs(at % 1.0 - k / n) for n in (6, 8, 12) for k in range(n + 1)) < 0.01
    ends = tmp_path / "ends.json"
    assert transcribe(recording, "-o", ends, "--quantize", "1", "--quantize-ends") == 0
    notes = json.loads(ends.read_text())["notes"]
    assert [note["onset_s"] for note in notes] == [note["onset_s"] for note in grid["notes"]]
    assert [note["offset_s"] for note in notes] != [note["offset_s"] for note in grid["notes"]]
    assert transcribe(recording, "--quantize-ends") == 2
    assert "goes with --quantize" in capsys.readouterr().err
    assert transcribe(recording, "--quantize", "2") == 2
    assert "a number from 0 to 1" in capsys.readouterr().err


def test_quantised_notes_follow_the_stated_tempo_in_files_without_bars(
    transcribe, recording, tmp_path
):
    options = ("--quantize", "1", "--tempo", "100")
    assert transcribe(recording, "-o", tmp_path / "bars.json", *options) == 0
    assert transcribe(recording, "-o", tmp_path / "notes.csv", *options) == 0
    assert transcribe(recording, "-o", tmp_path / "off.mid", *options, "--beats", "off") == 0
    expected = [n["onset_s"] for n in json.loads((tmp_path / "bars.json").read_text())["notes"]]
    found = read_transcription(tmp_path / "notes.csv").notes.onset
    np.testing.assert_allclose(np.sort(found), np.sort(expected), atol=1e-5)
    midi = mido.MidiFile(tmp_path / "off.mid")
    tempos = [event.tempo for event in midi.tracks[0] if event.type == "set_tempo"]
    assert tempos == [500_000]
    found = read_transcription(tmp_path / "off.mid").notes.onset
    np.testing.assert_allclose(np.sort(found), np.sort(expected), atol=2e-3)


def test_several_inputs_go_on_past_a_bad_one(transcribe, recording, tmp_path, capsys):
    bad = tmp_path / "bad.wav"
    bad.write_text("no sound at all")
    other = tmp_path / "other.flac"
    soundfile.write(other, struck_tones(1.0), SAMPLE_RATE)
    assert transcribe(bad, recording, other, tmp_path / "no.wav", "-o", tmp_path / "out") == 1
    assert files_in(tmp_path / "out") == ["other.mid", "song.mid"]
    missing, not_audio, *written = capsys.readouterr().err.splitlines()
    assert missing.startswith(f"amtstudio: {tmp_path / 'no.wav'} does not exist")
    assert not_audio.startswith(f"amtstudio: {bad} cannot be read as audio")
    assert len(written) == 2


def test_inputs_that_all_fail_alike_give_their_code(transcribe, tmp_path):
    assert transcribe(tmp_path / "a.wav", tmp_path / "b.wav", "-o", tmp_path / "out") == 66
    assert files_in(tmp_path) == []


def test_an_existing_output_is_kept_and_found_before_the_model(transcribe, recording, capsys):
    midi = recording.with_suffix(".mid")
    midi.write_bytes(b"precious")
    assert transcribe(recording, model="no-such-model") == 73
    assert "already exists (use --overwrite" in capsys.readouterr().err
    assert midi.read_bytes() == b"precious"


def test_overwrite_and_skip_existing(transcribe, recording, capsys):
    midi = recording.with_suffix(".mid")
    midi.write_bytes(b"precious")
    assert transcribe(recording, "--skip-existing", model="no-such-model") == 0
    assert "skipped" in capsys.readouterr().err
    assert midi.read_bytes() == b"precious"
    assert transcribe(recording, "--overwrite") == 0
    assert midi.read_bytes().startswith(b"MThd")
    assert files_in(recording.parent) == ["song.mid", "song.wav"]


def test_output_folder_that_is_missing(transcribe, recording, tmp_path, capsys):
    assert transcribe(recording, "-o", tmp_path / "no" / "a.mid") == 73
    assert "there is no folder" in capsys.readouterr().err
    assert transcribe(recording, "-o", f"{tmp_path}/made/") == 0
    assert files_in(tmp_path / "made") == ["song.mid"]


def test_a_full_device_is_told(transcribe, recording, capsys):
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    assert transcribe(recording, "-o", "/dev/full") == 74
    assert "No space left" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-such-model", "no-such-model"),
        ("no/such.safetensors", "such.safetensors"),
        ("song.wav", "song.wav"),
    ],
)
def test_a_wrong_model_is_code_78(transcribe, recording, name, message, capsys):
    assert transcribe(recording, model=name) == 78
    err = capsys.readouterr().err
    assert message in err
    assert err.count("\n") == 1


def test_a_damaged_model_is_code_78(transcribe, recording, tmp_path, model_file, capsys):
    damaged = tmp_path / "damaged.safetensors"
    damaged.write_bytes(model_file.read_bytes()[:-1000])
    assert transcribe(recording, model=damaged) == 78
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is such a device here")
def test_a_device_that_is_not_there_is_code_78(transcribe, recording, capsys):
    assert transcribe(recording, "--device", "cuda") == 78
    assert capsys.readouterr().err.count("\n") == 1


def test_thresholds_reach_the_decoder(transcribe, recording, tmp_path):
    counts = []
    for threshold in ("0.999999", "0.5", "0.1"):
        output = tmp_path / f"{threshold}.mid"
        assert transcribe(recording, "-o", output, "--onset-threshold", threshold) == 0
        counts.append(count_notes(output))
    assert counts[0] < counts[1] < counts[2]


def test_minimum_duration_leaves_out_short_notes(transcribe, recording, tmp_path):
    output = tmp_path / "long.json"
    assert transcribe(recording, "-o", output, "--minimum-duration", "0.5") == 0
    assert all(
        note["offset_s"] - note["onset_s"] >= 0.5
        for note in json.loads(output.read_text())["notes"]
    )


def test_start_and_end_choose_a_stretch(transcribe, recording, tmp_path):
    output = tmp_path / "part.json"
    options = ("--start", "1", "--end", "2", "--onset-threshold", "0.3")
    assert transcribe(recording, "-o", output, *options) == 0
    onsets = [note["onset_s"] for note in json.loads(output.read_text())["notes"]]
    assert onsets
    assert all(0.95 <= onset <= 2.05 for onset in onsets)


def test_json_progress(transcribe, recording, capsys):
    assert transcribe(recording, "--json-progress") == 0
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    names = [event["event"] for event in events]
    assert names[0] == "started"
    assert names[-1] == "finished"
    assert set(names[1:-1]) == {"progress"}
    last = events[-2]
    assert set(last) == {"event", "file", "done_s", "total_s", "eta_s"}
    assert last["done_s"] == pytest.approx(last["total_s"])
    assert last["total_s"] == pytest.approx(3.0, abs=0.1)
    finished = events[-1]
    assert finished["output"] == str(recording.with_suffix(".mid"))
    assert finished["notes"] == count_notes(recording.with_suffix(".mid"))


def test_json_progress_tells_errors_too(transcribe, tmp_path, capsys):
    assert transcribe(tmp_path / "no.wav", "--json-progress") == 66
    (event,) = map(json.loads, capsys.readouterr().err.splitlines())
    assert (event["event"], event["exit_code"]) == ("error", 66)
    assert event["file"] == str(tmp_path / "no.wav")


@pytest.mark.skipif(os.name != "posix", reason="pseudo-terminals")
def test_a_bar_with_the_time_left_is_shown_on_a_terminal(transcribe, recording, monkeypatch):
    reader, writer = os.openpty()  # its size is 0 by 0, and tqdm by itself shows nothing there
    try:
        with os.fdopen(writer, "w", encoding="utf-8") as terminal:
            monkeypatch.setattr("sys.stderr", terminal)
            assert transcribe(recording) == 0
            shown = ""
            while "real time" not in shown:
                assert select.select([reader], [], [], 10.0)[0], shown
                shown += os.read(reader, 65536).decode()
    finally:
        os.close(reader)
    assert "song.wav" in shown
    assert " 0% |" in shown
    assert " left" in shown
    assert shown.endswith("times real time\r\n")


def test_a_bug_is_code_70_and_the_others_go_on(
    transcribe, recording, tmp_path, monkeypatch, capsys
):
    other = tmp_path / "other.wav"
    other.write_bytes(recording.read_bytes())
    real = Transcriber.transcribe_file

    def broken(self, source, **options):
        if source.path.name == "song.wav":
            raise KeyError("deep inside")
        return real(self, source, **options)

    monkeypatch.setattr(Transcriber, "transcribe_file", broken)
    assert transcribe(recording, other) == 1
    assert transcribe(recording) == 70
    assert "unexpected KeyError, a bug in this program (details are in " in capsys.readouterr().err
    assert other.with_suffix(".mid").exists()
    assert not recording.with_suffix(".mid").exists()
    assert "deep inside" in next((tmp_path / "logs").iterdir()).read_text()


# -- Inputs that are bad, and inputs that are only odd -------------------------------------------


def make_truncated(path: Path) -> None:
    soundfile.write(path, struck_tones(3.0), SAMPLE_RATE, subtype="PCM_16")
    path.write_bytes(path.read_bytes()[: 2 * SAMPLE_RATE])


def make_with_nan(path: Path) -> None:
    audio = struck_tones(3.0)
    audio[20000] = np.nan
    soundfile.write(path, audio, SAMPLE_RATE, subtype="FLOAT")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.write_bytes(b""), 65),
        (lambda path: path.write_text("Dear diary,\n" * 1000), 65),
        (lambda path: path.write_bytes(b"RIFF\xff\xff\xff\xffWAVEfmt "), 65),
        (make_with_nan, 65),
        (lambda path: path.mkdir(), 66),
        (lambda path: None, 66),
        (os.mkfifo, 66),
        (lambda path: path.symlink_to(path.with_name("nowhere")), 66),
    ],
    ids=["empty", "text", "header", "nan", "folder", "missing", "fifo", "dangling"],
)
def test_bad_input_is_one_line_and_keeps_the_old_output(transcribe, tmp_path, capfd, make, code):
    path = tmp_path / "song.wav"
    make(path)
    old = tmp_path / "song.mid"
    old.write_bytes(b"precious")
    before = files_in(tmp_path)
    assert transcribe(path, "--overwrite") == code
    captured = capfd.readouterr()
    assert captured.err.startswith(f"amtstudio: {path}")
    assert captured.err.count(path.name) == 1
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert old.read_bytes() == b"precious"
    assert files_in(tmp_path) == before


@contextmanager
def as_ordinary_user() -> Iterator[None]:
    """Root may read everything: lay these rights down for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name != "posix", reason="POSIX rights")
def test_a_recording_that_may_not_be_read(transcribe, capsys):
    with tempfile.TemporaryDirectory() as name:  # tmp_path is closed to other users as a whole
        Path(name).chmod(0o777)
        secret = Path(name) / "secret.wav"
        soundfile.write(secret, struck_tones(1.0), SAMPLE_RATE)
        secret.chmod(0)
        with as_ordinary_user():
            code = transcribe(secret)
        assert files_in(Path(name)) == ["secret.wav"]
    assert code == 77
    err = capsys.readouterr().err
    assert err.startswith(f"amtstudio: {secret} cannot be read")
    assert err.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="POSIX rights")
def test_a_folder_that_may_not_be_written_to(transcribe, recording, capsys):
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        song = Path(name) / "song.wav"
        song.write_bytes(recording.read_bytes())
        song.chmod(0o644)
        if os.geteuid() != 0:
            Path(name).chmod(0o555)
        with as_ordinary_user():
            code = transcribe(song)
        Path(name).chmod(0o755)
        assert files_in(Path(name)) == ["song.wav"]
    assert code == 73
    assert "the folder is not writable" in capsys.readouterr().err


def make_wave(path: Path, *, rate: int, channels: int, width: int, n_samples: int) -> None:
    tones = np.resize(struck_tones(3.0), n_samples)
    samples = np.repeat(tones[:, None], channels, axis=1)
    if width == 1:
        data = np.round(128 + 127 * samples).astype(np.uint8).tobytes()
    else:
        data = np.round(32767 * samples).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)


@pytest.mark.parametrize(
    ("rate", "channels", "width", "n_samples"),
    [
        (192_000, 1, 2, 192_000),
        (16_000, 8, 2, 16_000),
        (8_000, 1, 1, 8_000),
        (44_100, 1, 2, 1),
    ],
    ids=["192 kHz", "8 channels", "8 bit", "one sample"],
)
def test_odd_input_is_transcribed(transcribe, tmp_path, rate, channels, width, n_samples):
    path = tmp_path / "odd.wav"
    make_wave(path, rate=rate, channels=channels, width=width, n_samples=n_samples)
    assert transcribe(path, "-o", tmp_path / "odd.json") == 0
    content = json.loads((tmp_path / "odd.json").read_text())
    assert content["duration_s"] == pytest.approx(n_samples / rate, abs=0.05)


def test_silence_is_transcribed(transcribe, tmp_path):
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    assert transcribe(path) == 0
    assert mido.MidiFile(path.with_suffix(".mid")).type == 1


def test_a_truncated_file_is_used_as_far_as_it_goes_and_told(transcribe, tmp_path, capsys):
    path = tmp_path / "cut.wav"
    make_truncated(path)
    assert transcribe(path, "-o", tmp_path / "cut.json") == 0
    warning, written = capsys.readouterr().err.splitlines()
    assert warning.startswith(f"amtstudio: warning: {path}")
    assert " wrote " in written
    assert json.loads((tmp_path / "cut.json").read_text())["duration_s"] == pytest.approx(
        1.0, abs=0.1
    )


def test_an_engine_that_is_not_installed_is_said_plainly(recording, capsys, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name, package=None: None)
    monkeypatch.delenv("AMTSTUDIO_TRANSKUN", raising=False)
    assert main(["transcribe", str(recording), "--model", "transkun"]) == 78
    said = capsys.readouterr().err
    assert "the engine 'transkun' lacks a package (pip install 'amtstudio[transkun]')" in said
    assert main(["transcribe", str(recording), "--model", "transkun", "--onset-threshold", "0.3"])
    assert "transkun has no thresholds" in capsys.readouterr().err


def test_names_that_differ_behind_a_point_stay_different(transcribe, recording, capsys):
    inputs = [recording.with_name(f"Etude No.{number}") for number in (1, 2)]
    for path in inputs:
        path.write_bytes(recording.read_bytes())
    assert transcribe(*inputs) == 0
    outputs = [path.with_name(f"{path.name}.mid") for path in inputs]
    assert all(path.is_file() for path in outputs)
    outputs[1].unlink()
    assert transcribe(*inputs, "--skip-existing") == 0
    err = capsys.readouterr().err
    assert f"skipped {inputs[0]}: " in err
    assert outputs[1].is_file()


# -- recordings that want a choice -----------------------------------------------------------------
def notes_of(capsysbinary) -> list[dict[str, object]]:
    return json.loads(capsysbinary.readouterr().out)["notes"]


def test_channels_that_cancel_give_the_notes_of_one(transcribe, tmp_path, capsysbinary):
    mono = struck_tones(3.0)
    for name, samples in (("mono.wav", mono), ("stereo.wav", np.stack([mono, -mono], axis=1))):
        soundfile.write(tmp_path / name, samples, SAMPLE_RATE, subtype="FLOAT")
    assert transcribe(tmp_path / "mono.wav", "-o", "-", "--format", "json") == 0
    wanted = notes_of(capsysbinary)
    arguments = ("-o", "-", "--format", "json", "--json-progress")
    assert transcribe(tmp_path / "stereo.wav", *arguments) == 0
    captured = capsysbinary.readouterr()
    assert json.loads(captured.out)["notes"] == wanted
    events = [json.loads(line) for line in captured.err.splitlines()]
    (warning,) = [event for event in events if event["event"] == "warning"]
    assert "the right channel is inverted" in warning["message"]


def test_one_note_at_a_time(transcribe, recording, capsysbinary):
    def overlaps(notes) -> bool:
        return any(a["offset_s"] > b["onset_s"] for a, b in pairwise(notes))

    assert transcribe(recording, "-o", "-", "--format", "json") == 0
    usual = notes_of(capsysbinary)
    assert overlaps(usual)
    assert transcribe(recording, "-o", "-", "--format", "json", "--melody") == 0
    line = notes_of(capsysbinary)
    assert 0 < len(line) < len(usual)
    assert not overlaps(line)


def test_a_range_and_a_scale_leave_notes_out(transcribe, recording, capsysbinary):
    assert transcribe(recording, "-o", "-", "--format", "json") == 0
    usual = [note["pitch"] for note in notes_of(capsysbinary)]
    lowest = sorted(usual)[len(usual) // 4]
    arguments = ("--lowest", str(lowest), "--highest", "C8", "--scale", "C major")
    assert transcribe(recording, "-o", "-", "--format", "json", *arguments) == 0
    captured = capsysbinary.readouterr()
    wanted = [p for p in usual if p >= lowest and p % 12 in (0, 2, 4, 5, 7, 9, 11)]
    assert [note["pitch"] for note in json.loads(captured.out)["notes"]] == wanted
    said = f"{len(usual) - len(wanted)} note"
    assert said.encode() in captured.err
    assert b"left out by key range or scale" in captured.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--scale", "H happy"],
            "'H happy' is not a scale: a note such as C, F# or Bb, and one of",
        ),
        (["--lowest", "soprano"], "'soprano' is not a key, such as C4, F#3 or 60"),
        (["--lowest", "C5", "--highest", "C4"], "--lowest is above --highest"),
    ],
)
def test_a_range_or_scale_that_is_none_is_refused(transcribe, recording, capsys, arguments, said):
    try:
        code = transcribe(recording, *arguments)
    except SystemExit as stopped:
        code = stopped.code
    assert code == 2
    assert said in capsys.readouterr().err


def test_a_wav_that_tells_too_little_is_transcribed_whole(transcribe, recording, capsysbinary):
    assert transcribe(recording, "-o", "-", "--format", "json") == 0
    wanted = notes_of(capsysbinary)
    data = bytearray(recording.read_bytes())
    data[40:44] = (SAMPLE_RATE).to_bytes(4, "little")
    recording.write_bytes(data)
    assert transcribe(recording, "-o", "-", "--format", "json") == 0
    captured = capsysbinary.readouterr()
    assert json.loads(captured.out)["notes"] == wanted
    assert b"its header says 0.5 s; all of it is read" in captured.err


def test_a_sound_track_can_be_chosen(transcribe, tmp_path, capsysbinary):
    mono = struck_tones(3.0)
    path = tmp_path / "two.mkv"
    write_two_tracks(path, 0 * mono, mono)
    assert transcribe(path, "-o", "-", "--format", "json") == 0
    captured = capsysbinary.readouterr()
    n_notes = len(json.loads(captured.out)["notes"])
    assert n_notes > 0
    assert b"track 2 is used (track 1 is silent)" in captured.err
    assert transcribe(path, "-o", "-", "--format", "json", "--track", "2") == 0
    captured = capsysbinary.readouterr()
    assert len(json.loads(captured.out)["notes"]) == n_notes
    assert b"sound tracks" not in captured.err
    assert transcribe(path, "-o", "-", "--format", "json", "--track", "1") == 0
    assert len(notes_of(capsysbinary)) != n_notes
    assert transcribe(path, "-o", "-", "--track", "3") == 2
    assert b"2 sound tracks, but no track 3" in capsysbinary.readouterr().err
    assert transcribe(path, "--track", "0") == 2
    assert b"0 is not a track" in capsysbinary.readouterr().err


def write_two_tracks(path: Path, *tracks: np.ndarray) -> None:
    import av  # noqa: PLC0415

    with av.open(str(path), "w") as container:
        streams = [
            container.add_stream("pcm_s16le", rate=SAMPLE_RATE, layout="mono") for _ in tracks
        ]
        for stream, samples in zip(streams, tracks, strict=True):
            block = np.round(samples * 32767).astype(np.int16)[None]
            frame = av.AudioFrame.from_ndarray(block, "s16", "mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))


def test_a_folder_stands_for_the_recordings_in_it(transcribe, recording, tmp_path, capsys):
    below = tmp_path / "set" / "first"
    below.mkdir(parents=True)
    recording.rename(below / "song.wav")
    (tmp_path / "set" / "notes.txt").write_text("not a recording")
    (tmp_path / "empty").mkdir()
    assert transcribe(tmp_path / "set", "-o", tmp_path / "out") == 0
    assert files_in(tmp_path / "out") == ["first"]
    assert files_in(tmp_path / "out" / "first") == ["song.mid"]
    capsys.readouterr()
    assert transcribe(tmp_path / "empty", tmp_path / "set") == 1
    assert files_in(below) == ["song.mid", "song.wav"]
    nothing, _written = capsys.readouterr().err.splitlines()
    assert nothing.startswith(f"amtstudio: {tmp_path / 'empty'} contains no recordings")


def run_with_input(arguments: list[str], data: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, "transcribe", *arguments],
        env=environment(),
        input=data,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_a_recording_can_be_piped_in(transcribe, recording, model_file, capsysbinary):
    options = ["--model", str(model_file), "--device", "cpu", "--onset-threshold", "0.3"]
    piped = run_with_input([*options, "--format", "csv", "-"], recording.read_bytes())
    assert piped.returncode == 0
    assert transcribe(recording, "-o", "-", "--format", "csv") == 0
    assert piped.stdout == capsysbinary.readouterr().out
    assert piped.stdout.count(b"\n") > 1

    empty = run_with_input([*options, "-"], b"")
    assert (empty.returncode, empty.stdout) == (65, b"")
    said = b"amtstudio: standard input is empty: 0 bytes (copy or record it again)\n"
    assert empty.stderr == said


@pytest.mark.skipif(os.name != "posix", reason="POSIX signals")
def test_waiting_for_standard_input_can_be_stopped(tmp_path):
    process = subprocess.Popen(
        [*COMMAND_WITH_SIGINT, "transcribe", "-", "-o", str(tmp_path / "a.mid")],
        env=environment({"TMPDIR": str(tmp_path)}),
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        deadline = time.monotonic() + 60.0
        while not list(tmp_path.glob("amtstudio-*/*")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        asked = time.monotonic()
        assert process.wait(timeout=30) == 130
        assert time.monotonic() - asked < 20.0  # on a busy machine; 0.1 s on a quiet one
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "warning"),
    [
        (("--onset-threshold", "0.99"), "no notes were found (a lower --onset-threshold finds"),
        (("--minimum-duration", "60"), "(a lower --minimum-duration or --onset-threshold finds"),
        (("--highest", "0"), "no notes were written (widen --lowest and"),
    ],
)
def test_no_notes_is_a_warning_with_what_may_help(transcribe, recording, capsys, options, warning):
    assert transcribe(recording, *options, model="piano") == 0
    assert count_notes(recording.with_suffix(".mid")) == 0
    said = capsys.readouterr().err
    assert f"amtstudio: warning: {recording}: no notes were " in said
    assert warning in said


def test_no_hits_are_a_warning_with_the_threshold_of_drums(recording, capsys):
    options = ["--instruments", "drums", "--drum-threshold", "0.99"]
    assert main(["transcribe", str(recording), *options]) == 0
    said = capsys.readouterr().err
    assert "(a lower --drum-threshold finds more; so may other --instruments)" in said


def test_a_silent_recording_is_said_to_be_silent(transcribe, tmp_path, capsys):
    path = tmp_path / "silence.wav"
    soundfile.write(path, np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    assert transcribe(path, "--minimum-duration", "60") == 0
    said = capsys.readouterr().err
    assert f"warning: {path} is silent; check that it is the recording you meant" in said
    assert said.count(" is silent") == 1
    assert "no notes were found" not in said


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--instruments", "piano,kazoo"), "there is no 'kazoo' (choose from accordion, banjo,"),
        (("--instruments", "pinao, DRUM"), "(did you mean 'piano'? did you mean 'drums'?)"),
        (("--instruments", ","), "it names none (choose from accordion, banjo,"),
        (("--instruments", "drums", "--model", "piano"), "chooses the models itself"),
    ],
)
def test_instruments_that_cannot_be_had_are_refused(recording, capsys, options, message):
    assert main(["transcribe", str(recording), *options]) == 2
    assert message in capsys.readouterr().err


def test_the_instruments_that_are_named_choose_the_models(recording, tmp_path, capsys):
    output = tmp_path / "drums.json"
    code = main(
        [
            "transcribe",
            str(recording),
            "-o",
            str(output),
            "--instruments",
            "drums",
            "--device",
            "cpu",
        ]
    )
    assert code == 0
    assert json.loads(output.read_text(encoding="utf-8"))["model"] == "drums"


def test_each_track_gets_a_file(transcribe, recording, tmp_path, capsys):
    out = tmp_path / "out"
    assert transcribe(recording, "--split-tracks", "-o", f"{out}/") == 0
    assert f"wrote {out / 'song (piano).mid'}: " in capsys.readouterr().err
    assert files_in(out) == ["song (piano).mid"]
    assert transcribe(recording, "--split-tracks", "-o", f"{out}/") != 0  # it exists already
    assert transcribe(recording, "--split-tracks", "-o", f"{out}/", "--overwrite") == 0
    assert count_notes(out / "song (piano).mid") > 5
    assert transcribe(recording, "--split-tracks", "-o", "-") == 2


def test_what_would_fail_after_splitting_tracks_fails_before(
    transcribe, recording, tmp_path, capsys
):
    out = tmp_path / "out"
    assert (
        transcribe(recording, "--split-tracks", "-o", tmp_path / "no" / "a.mid", model="none") == 73
    )
    assert "there is no folder" in capsys.readouterr().err
    assert transcribe(recording, "--split-tracks", "-o", f"{out}/") == 0
    (written,) = files_in(out)
    capsys.readouterr()
    assert transcribe(recording, "--split-tracks", "-o", f"{out}/", model="none") == 73
    assert f"{written} already exists (use --overwrite" in capsys.readouterr().err
    skipping = ("--split-tracks", "--skip-existing", "-o", f"{out}/")
    assert transcribe(recording, *skipping, model="none") == 0
    assert f"{written} already exists" in capsys.readouterr().err
    # Not its own: a recording of a similar name.
    (out / written).rename(out / "song (live).mid")
    assert transcribe(recording, *skipping) == 0
    assert files_in(out) == sorted([written, "song (live).mid"])


def test_a_recording_without_notes_split_into_tracks_is_no_file(transcribe, tmp_path, capsys):
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(SAMPLE_RATE), SAMPLE_RATE)
    silent = ("--split-tracks", "--lowest", "G9", "-o", f"{tmp_path}/")
    assert transcribe(silence, *silent) == 0
    assert "wrote no file" in capsys.readouterr().err
    assert files_in(tmp_path) == ["silence.wav"]


@pytest.mark.parametrize(
    "names", ["Piano", " piano ,DRUMS", "mallet percussion", "Mallet-Percussion"]
)
def test_instruments_are_named_as_one_writes_them(recording, tmp_path, names):
    options = ("--instruments", names, "-o", str(tmp_path / "out.mid"))
    assert main(["transcribe", str(recording), *options]) == 0


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is of Linux")
def test_a_folder_that_is_there_is_not_said_to_be_missing(recording, capsys):
    assert main(["transcribe", str(recording), "-o", "/proc/out.mid"]) == 73
    assert "Cannot create out.mid: /proc does not accept files" in capsys.readouterr().err
