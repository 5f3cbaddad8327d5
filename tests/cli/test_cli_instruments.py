"""``amtstudio instruments``."""

from __future__ import annotations

import json

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.cli import main
from amtstudio.models import ModelCard, build_model
from amtstudio.models.checkpoint import save_checkpoint
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


def run(instrument_model, noise, *options):
    return main(
        ["instruments", str(noise), "--model", str(instrument_model), "--device", "cpu", *options]
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
    assert "mostly guitar; 'transcribe' takes melodic for that" in captured.err
    assert run(instrument_model, noise, "-q") == 0
    assert capsys.readouterr().err == ""


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
