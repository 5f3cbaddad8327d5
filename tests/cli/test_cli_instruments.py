"""``amtstudio instruments``."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.cli import main
from amtstudio.engine import InstrumentDetector
from amtstudio.models import ModelCard, build_model
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.session import AudioReference, Document
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES

CONFIG = {"channels": [8, 8, 8, 8, 8], "embedding_size": 16, "n_mels": 48}


@pytest.fixture
def instrument_model(tmp_path):
    """It hears a guitar wherever there is sound, and nothing else."""
    model = build_model("instrument_attention", CONFIG).eval()
    with torch.no_grad():
        model.head.score.weight.zero_()
        model.head.score.bias.fill_(-4.0)
        model.head.score.bias[INSTRUMENT_CLASSES.index("guitar")] = 3.0
    card = ModelCard(
        name="strings", model="instrument_attention", config=CONFIG, sample_rate=16000,
        hop_length=250, thresholds={"presence": 0.5}, licence="MIT", data=(),
    )  # fmt: skip
    path = tmp_path / "strings.safetensors"
    save_checkpoint(path, model, card)
    return path


@pytest.fixture
def noise(tmp_path):
    path = tmp_path / "noise.wav"
    samples = np.random.default_rng(0).normal(0, 0.1, 4 * 16000)
    samples[16000:32000] = 0.0
    soundfile.write(path, samples, 16000)
    return path


def run(instrument_model, recordings, *options):
    """``recordings``: one, or a list of them."""
    given = recordings if isinstance(recordings, list) else [recordings]
    inputs = [str(each) for each in given]
    return main(
        ["instruments", *inputs, "--model", str(instrument_model), "--device", "cpu", *options]
    )


def test_json_holds_scores_and_attention(instrument_model, noise, capsys, openings):
    assert run(instrument_model, noise, "--format", "json") == 0
    assert openings == [noise]
    captured = capsys.readouterr()
    content = json.loads(captured.out)
    assert content["classes"] == list(INSTRUMENT_CLASSES)
    assert content["instruments"] == ["guitar"]
    assert [each["scores"]["guitar"] > 0.5 for each in content["instances"]] == [
        True, False, True, True,
    ]  # fmt: skip
    for name in INSTRUMENT_CLASSES:
        total = sum(each["attention"][name] for each in content["instances"])
        assert total == pytest.approx(1.0, abs=1e-5)


def test_a_recording_that_is_no_piano_is_hinted_at(instrument_model, noise, capsys):
    assert run(instrument_model, noise) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("* guitar ")
    assert "mostly guitar; 'transcribe' uses melodic for that" in captured.err
    assert run(instrument_model, noise, "-q") == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("tag", "is_told"), [("guitar no", False), ("0-1 piano yes", False), ("drums no", True)]
)
def test_a_tag_overrules_the_hint(instrument_model, noise, capsys, tag, is_told):
    assert run(instrument_model, noise, "--tag", tag) == 0
    assert ("mostly guitar" in capsys.readouterr().err) is is_told


def test_csv_goes_to_standard_output(instrument_model, noise, capsys):
    assert run(instrument_model, noise, "--format", "csv", "-q") == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 5
    assert lines[0].startswith("onset_s,offset_s,accordion,")


def test_a_note_model_is_refused_and_so_are_the_wrong_way_round(
    instrument_model, model_file, noise, capsys
):
    assert run(model_file, noise) == 78
    assert "is not an instrument detector" in capsys.readouterr().err
    code = main(["transcribe", str(noise), "--model", str(instrument_model), "--device", "cpu"])
    assert code == 78
    assert "strings is not a transcription model" in capsys.readouterr().err


def test_wrong_files_have_their_codes(instrument_model, tmp_path, capsys):
    assert run(instrument_model, tmp_path / "none.wav") == 66
    (tmp_path / "text.wav").write_text("no sound")
    assert run(instrument_model, tmp_path / "text.wav") == 65
    capsys.readouterr()


# -- several recordings, and coarser rows ---------------------------------------------------------


@pytest.fixture
def folder(noise, tmp_path):
    """Two recordings, one of them below the other."""
    place = tmp_path / "takes"
    (place / "old").mkdir(parents=True)
    for name in ("a.wav", "old/b.wav"):
        (place / name).write_bytes(noise.read_bytes())
    return place


def test_of_several_recordings_json_has_an_object_a_line(instrument_model, folder, capsys):
    assert run(instrument_model, folder, "--format", "json", "-q") == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [each["file"] for each in found] == [str(folder / "a.wav"), str(folder / "old/b.wav")]
    assert all(each["instruments"] == ["guitar"] for each in found)


def test_of_several_recordings_csv_has_one_header_and_a_column_for_the_file(
    instrument_model, noise, folder, capsys
):
    assert run(instrument_model, [noise, folder], "--format", "csv", "-q") == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    files = [str(noise), str(folder / "a.wav"), str(folder / "old/b.wav")]
    assert [row["file"] for row in rows] == [file for file in files for _ in range(4)]
    assert [float(row["guitar"]) > 0.5 for row in rows] == 3 * [True, False, True, True]


def test_of_several_recordings_text_names_each(instrument_model, folder, capsys):
    assert run(instrument_model, folder, "-q") == 0
    first, second = capsys.readouterr().out.split("\n\n")
    for text, name in ((first, "a.wav"), (second, "old/b.wav")):
        assert text.splitlines()[0] == str(folder / name)
        assert text.splitlines()[1].startswith("* guitar ")


def test_one_bad_recording_does_not_keep_the_others_from_being_told(
    instrument_model, noise, tmp_path, capsys
):
    bad = tmp_path / "text.wav"
    bad.write_text("no sound")
    assert run(instrument_model, [bad, noise], "--format", "json") == 1
    captured = capsys.readouterr()
    assert [json.loads(line)["file"] for line in captured.out.splitlines()] == [str(noise)]
    assert str(bad) in captured.err


@pytest.mark.parametrize(
    ("resolution", "spans"), [("1", 4), ("5", 1), ("track", 1)], ids=["second", "5 s", "track"]
)
def test_rows_are_as_long_as_asked_for(instrument_model, noise, capsys, resolution, spans):
    assert run(instrument_model, noise, "--format", "json", "--resolution", resolution) == 0
    content = json.loads(capsys.readouterr().out)
    instances = content["instances"]
    assert len(instances) == spans
    assert (instances[0]["onset_s"], instances[-1]["offset_s"]) == (0.0, 4.0)
    assert max(each["scores"]["guitar"] for each in instances) == pytest.approx(0.9526, abs=1e-3)
    assert sum(each["attention"]["guitar"] for each in instances) == pytest.approx(1.0, abs=1e-5)


def test_what_the_user_says_counts_for_more_than_the_model(instrument_model, noise, capsys):
    tags = ["--tag", "guitar no", "--tag", "0:02-4 Mallet Percussion yes"]
    assert run(instrument_model, noise, "--format", "json", *tags) == 0
    content = json.loads(capsys.readouterr().out)
    assert content["instruments"] == ["mallet_percussion"]
    heard = [each["instruments"] for each in content["instances"]]
    assert heard == [[], [], ["mallet_percussion"], ["mallet_percussion"]]
    assert content["instances"][0]["scores"]["guitar"] > 0.5


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("drums", "'0:10-0:25 drums no'"),
        ("0:10 drums no", "'0:10-0:25 drums no'"),
        ("gitar no", "did you mean 'guitar'?"),
        ("0:25-0:10 drums no", "the end must come after the beginning"),
        ("0-168:00:01 drums no", "within a week"),
        (f"0-{'9' * 400} drums no", "within a week"),
    ],
)
def test_a_tag_that_cannot_be_read_is_told(instrument_model, noise, capsys, tag, word):
    assert run(instrument_model, noise, "--tag", tag) == 2
    assert word in capsys.readouterr().err


def test_a_tag_after_the_end_is_told_to_change_nothing(instrument_model, noise, capsys):
    assert run(instrument_model, noise, "--tag", "1:00-1:05 drums yes", "--tag", "bass no") == 0
    said = capsys.readouterr().err
    assert "the tag for drums begins at 60 s, after the end of the recording (" in said
    assert "bass" not in said


def test_a_tag_is_of_one_recording(instrument_model, noise, tmp_path, capsys):
    other = tmp_path / "other.wav"
    other.write_bytes(noise.read_bytes())
    assert run(instrument_model, [noise, other], "--tag", "drums no") == 2
    assert "one recording" in capsys.readouterr().err


def test_a_profile_names_its_model_itself_and_has_to_be_there(instrument_model, noise, capsys):
    assert run(instrument_model, noise, "--profile", "ours") == 2
    assert "cannot be combined" in capsys.readouterr().err
    assert main(["instruments", str(noise), "--profile", "ours"]) != 0
    assert "no profile 'ours'" in capsys.readouterr().err


def test_tags_on_the_command_line_are_learned_from(instrument_model, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    path = tmp_path / "long.wav"
    soundfile.write(path, np.random.default_rng(0).normal(0, 0.1, 6 * 16000), 16000)
    command = ["adapt", "--name", "ours", "--model", str(instrument_model), "--device", "cpu"]
    assert main([*command, "--tag", "0:00-0:02 guitar no", str(path)]) == 0
    told = capsys.readouterr().err
    assert "not adopted" in told
    assert "marked instruments: 1; at least 4 are needed" in told
    assert main([*command, "--tag", "gitar no", str(path)]) == 2
    assert "did you mean 'guitar'?" in capsys.readouterr().err


@pytest.fixture
def project(tmp_path, monkeypatch):
    """Six seconds of noise, and in their project one mark."""
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "takes").mkdir()
    audio, path = tmp_path / "takes" / "take.wav", tmp_path / "takes" / "take.amts"
    soundfile.write(audio, np.random.default_rng(0).normal(0, 0.1, 6 * 16000), 16000)
    with Document.create(AudioReference.read(audio)) as document:
        document.tag_instrument("drums", 0.0, 2.0, is_heard=False)
        document.save_as(path)
    return path


@pytest.mark.parametrize("name", ["take.amts", "take.wav"])
def test_tags_are_learned_from_beside_those_of_the_project(instrument_model, project, name, capsys):
    command = ["adapt", str(project), "--name", "ours", "--model", str(instrument_model)]
    tags = ["--tag", "0:03-0:05 guitar no", str(project.with_name(name))]
    assert main([*command, "--device", "cpu", *tags]) == 0
    assert "marked instruments: 2; at least 4 are needed" in capsys.readouterr().err


def test_tags_that_teach_nothing_are_refused(instrument_model, project, tmp_path, capsys):
    command, folder = ["adapt", str(project), "--name", "ours"], str(project.parent)
    assert main([*command, "--tag", "guitar no", str(project)]) == 2
    told = capsys.readouterr().err
    assert "--tag teaches the instrument detector, but the model is piano" in told
    assert "add '--model instruments'" in told
    detector = ["--model", str(instrument_model)]
    assert main([*command, *detector, "--tag", "guitar no", folder]) == 2
    told = capsys.readouterr().err
    assert f"--tag is about one recording, but {folder} is a folder" in told
    assert "name a recording or a project" in told
    assert main([*command, "--score", str(tmp_path / "score.mid"), folder]) == 2
    assert f"--score is about one recording, but {folder} is a folder" in capsys.readouterr().err


def test_a_project_tells_what_it_has_kept_and_what_is_marked_in_it(
    instrument_model, noise, tmp_path, capsys
):
    assert run(instrument_model, noise, "--format", "json") == 0
    detected = json.loads(capsys.readouterr().out)["instruments"]
    assert detected == ["guitar"]
    project = tmp_path / "noise.amts"
    with Document.create(AudioReference.read(noise)) as document:
        document.tag_instrument("guitar", 0.0, 4.0, is_heard=False)
        document.tag_instrument("drums", 0.0, 1.0, is_heard=True)
        document.save_as(project)
    # Nothing is kept: it listens to the recording.
    assert run(instrument_model, project, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["instruments"] == ["drums"]
    detector = InstrumentDetector.load(str(instrument_model), device="cpu")
    with Document.open(project) as document:
        document.set_instruments(detector.detect_file(noise))
        document.save()
    noise.unlink()
    assert main(["instruments", str(project), "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["instruments"] == ["drums"]
    assert main(["instruments", str(project), "--format", "json", "--tag", "guitar yes"]) == 0
    assert set(json.loads(capsys.readouterr().out)["instruments"]) == {"drums", "guitar"}
    assert run(instrument_model, project) != 0
    assert "the recording of noise.amts is missing (without --model" in capsys.readouterr().err
