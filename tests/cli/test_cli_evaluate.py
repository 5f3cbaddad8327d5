"""``amtstudio evaluate``."""

from __future__ import annotations

import json
from pathlib import Path

import mido
import pytest

from amtstudio.cli import main


@pytest.fixture
def folder(recording, model_file, tmp_path) -> Path:
    """A piece whose truth is what the model itself hears in it, so that it scores in full."""
    folder = tmp_path / "pieces"
    folder.mkdir()
    audio = folder / "song.wav"
    recording.rename(audio)
    truth = folder / "song.notes.csv"
    options = ["--model", str(model_file), "--device", "cpu", "-q"]
    assert main(["transcribe", str(audio), "-o", str(truth), *options]) == 0
    return folder


@pytest.fixture
def evaluate(model_file, folder):
    def run(*arguments) -> int:
        options = ["--model", str(model_file), "--device", "cpu"]
        return main(["evaluate", str(folder), *options, *map(str, arguments)])

    return run


def test_a_transcription_scores_in_full_against_itself(evaluate, tmp_path, capsys):
    report = tmp_path / "report.json"
    assert evaluate("--report", report) == 0
    out = capsys.readouterr().out
    assert "song.wav" in out
    assert "times real time, peak memory" in out
    content = json.loads(report.read_text())
    (piece,) = content["pieces"]
    for scores in (piece["scores"], content["mean"]):
        assert scores["n_reference"] > 0
        for name in ("note", "note_aligned", "note_offset", "note_offset_velocity", "frame"):
            assert scores[name]["f1"] == pytest.approx(1.0), name
        assert scores["median_deviation_ms"] == pytest.approx(0.0, abs=0.01)
    assert content["duration_s"] == pytest.approx(3.0, abs=0.05)
    assert content["times_real_time"] == pytest.approx(content["duration_s"] / content["seconds"])
    assert content["settings"]["frame_threshold"] == 0.4


def test_a_truth_that_this_program_wrote_is_pointed_out(evaluate, folder, model_file, capsys):
    (folder / "song.notes.csv").rename(folder / "kept.csv")
    options = ["--model", str(model_file), "--device", "cpu", "-q"]
    assert main(["transcribe", str(folder / "song.wav"), *options]) == 0
    assert evaluate() == 0
    warning = "song.mid was written by this program (model tiny)"
    assert warning in capsys.readouterr().err
    # The same notes from elsewhere are as good as any.
    file = mido.MidiFile(folder / "song.mid")
    file.tracks[0][:] = [message for message in file.tracks[0] if message.type != "text"]
    file.save(folder / "song.mid")
    assert evaluate() == 0
    assert "written by this program" not in capsys.readouterr().err


def test_limit_cuts_audio_and_truth(evaluate, tmp_path):
    report = tmp_path / "report.json"
    assert evaluate("--limit", "1.5", "--report", report) == 0
    content = json.loads(report.read_text())
    assert content["duration_s"] == pytest.approx(1.5, abs=0.05)
    whole = tmp_path / "whole.json"
    assert evaluate("--report", whole) == 0
    n_whole = json.loads(whole.read_text())["mean"]["n_reference"]
    assert 0 < content["mean"]["n_reference"] < n_whole


def test_thresholds_are_passed_on(evaluate, tmp_path):
    report = tmp_path / "report.json"
    assert evaluate("--onset-threshold", "0.999999", "--report", report) == 0
    content = json.loads(report.read_text())
    assert content["mean"]["n_estimate"] < content["mean"]["n_reference"]
    assert content["settings"]["onset_threshold"] == 0.999999


def test_a_bad_piece_does_not_stop_the_others(evaluate, folder, tmp_path, capsys):
    (folder / "bad.wav").write_bytes(b"")
    (folder / "bad.notes.csv").write_text("onset_s,offset_s,midi_pitch\n0,1,60\n")
    (folder / "odd.wav").write_bytes((folder / "song.wav").read_bytes())
    (folder / "odd.notes.csv").write_text("when,what\n0,60\n")
    report = tmp_path / "report.json"
    assert evaluate("--report", report) == 1
    assert len(json.loads(report.read_text())["pieces"]) == 1
    errors = [line for line in capsys.readouterr().err.splitlines() if "aligned" not in line]
    assert len(errors) == 2
    for line, name in zip(errors, ("bad.wav", "odd.wav"), strict=True):
        assert line.count(str(folder / name)) == 1


def test_a_report_that_exists_is_kept_unless_told(evaluate, tmp_path, capsys):
    report = tmp_path / "report.json"
    report.write_text("precious")
    assert evaluate("--report", report) == 73
    assert "already exists" in capsys.readouterr().err
    assert report.read_text() == "precious"
    assert evaluate("--report", report, "--overwrite", "-q") == 0
    assert json.loads(report.read_text())["pieces"]
    assert capsys.readouterr().err == ""


def test_a_report_never_replaces_a_truth(evaluate, folder, capsys):
    truth = folder / "song.notes.csv"
    before = truth.read_bytes()
    assert evaluate("--report", truth, "--overwrite") == 73
    assert "is one of the files that are read" in capsys.readouterr().err
    assert truth.read_bytes() == before


def test_a_truth_without_notes_is_left_out_of_the_mean(evaluate, folder, tmp_path, capsys):
    (folder / "rest.wav").write_bytes((folder / "song.wav").read_bytes())
    (folder / "rest.notes.csv").write_text("onset_s,offset_s,midi_pitch\n")
    report = tmp_path / "report.json"
    assert evaluate("--report", report) == 0
    captured = capsys.readouterr()
    assert "rest.notes.csv has no notes: the piece is left out of the mean" in captured.err
    assert captured.out.splitlines()[-3].split()[:3] == ["mean", "100.0", "100.0"]
    content = json.loads(report.read_text())
    assert len(content["pieces"]) == 2
    assert content["mean"]["note"]["f1"] == pytest.approx(1.0)

    (folder / "song.notes.csv").unlink()
    assert evaluate("--report", report, "--overwrite") == 0
    captured = capsys.readouterr()
    assert "song.wav has no truth beside it: left out" in captured.err
    assert "rest.wav: no score" in captured.err
    assert json.loads(report.read_text())["mean"] is None


def test_what_was_changed_in_a_truth_is_said(evaluate, folder, capsys):
    text = (folder / "song.notes.csv").read_text()
    (folder / "song.notes.csv").write_text(f"{text}-0.01,0.2,60.4,80,piano,1\n")
    assert evaluate("-q") == 0
    err = capsys.readouterr().err
    assert "song.notes.csv: 1 note begins before 0 s; 0 s was taken" in err
    assert "song.notes.csv: 1 note lies between two keys; the nearest was taken" in err


def test_the_same_notes_score_the_same_however_the_truth_is_spelled(evaluate, folder, tmp_path):
    table = folder / "song.notes.csv"
    lines = table.read_text().splitlines()
    report = tmp_path / "report.json"
    spelled = {
        "song.NOTES.CSV": "\n".join(lines).encode("utf-16"),
        "song.notes.Csv": "\n".join(
            ";".join(line.split(",")).replace(".", ",") for line in lines
        ).encode("utf-8-sig"),
    }
    table.unlink()
    for name, data in spelled.items():
        (folder / name).write_bytes(data)
        assert evaluate("--report", report, "--overwrite") == 0
        scores = json.loads(report.read_text())["mean"]
        assert scores["note_offset_velocity"]["f1"] == pytest.approx(1.0)
        (folder / name).unlink()


def test_a_folder_that_is_none(tmp_path, capsys):
    assert main(["evaluate", str(tmp_path / "no")]) == 66
    assert main(["evaluate", str(tmp_path)]) == 66
    assert capsys.readouterr().err.count("\n") == 2


def test_truth_that_names_instruments_and_lies_between_keys(evaluate, folder, tmp_path, capsys):
    truth = folder / "song.notes.csv"
    head, *rows = truth.read_text().splitlines()
    columns = head.split(",")
    pitch, player = columns.index("midi_pitch"), columns.index("instrument")
    moved = []
    for row in rows:
        cells = row.split(",")
        cells[pitch], cells[player] = f"{int(cells[pitch]) + 0.3:.1f}", "guitar"
        moved.append(",".join(cells))
    truth.write_text("\n".join([head, *moved]) + "\n")
    report = tmp_path / "report.json"
    assert evaluate("--report", report) == 0
    out = capsys.readouterr().out
    # The tiny model takes everything for a piano: found, but on another track.
    (guitar,) = (line.split() for line in out.splitlines() if line.startswith("guitar"))
    assert guitar[1:5] == ["100.0", "0.0", "0.0", "0.0"]
    assert "an octave off: 0.0 % of the notes" in out
    content = json.loads(report.read_text())
    assert content["mean"]["note"]["f1"] == pytest.approx(1.0)
    counts = content["by_instrument"]
    assert counts["guitar"]["n_found"] == counts["guitar"]["n_reference"] == len(rows)
    assert counts["keys"]["n_estimate"] == len(rows)


def test_models_that_were_chosen_are_named(folder, tmp_path, capsys):
    report = tmp_path / "report.json"
    assert main(["evaluate", str(folder), "--model", "auto", "--report", str(report)]) == 0
    captured = capsys.readouterr()
    model = json.loads(report.read_text())["pieces"][0]["model"]
    assert set(model.split("+")) <= {"piano", "melodic", "drums"}
    assert f"song.wav: {model}, aligned F1" in captured.err
    assert f"; models chosen: {model} for 1" in captured.out.splitlines()[-1]
