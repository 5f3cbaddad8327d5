"""Both commands from end to end: a small network, the real engine, recordings of pure tones."""

import json
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile
import torch

from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.features import FrameGrid
from amtstudio.models import DataSource, ModelCard, load_card, register
from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import FRAME
from training import evaluate, tune_thresholds

WINDOW = 2048


@dataclass(frozen=True)
class ToneBankConfig:
    gain: float = 8.0


@register("test_tone_bank", ToneBankConfig)
class ToneBank(TranscriptionModel):
    """Correlates each frame with a sine of each key: hears pure tones above C5 or so."""

    def __init__(self, config):
        super().__init__()
        self.grid = FrameGrid(16000, 512)
        self.margin = WINDOW // 2
        self.context = 1
        self.gain = torch.nn.Parameter(torch.tensor(config.gain))

    def forward(self, audio, level=None):
        time = torch.arange(WINDOW, device=audio.device) / 16000
        frequencies = 440.0 * 2.0 ** ((torch.arange(21, 109, device=audio.device) - 69) / 12)
        phase = 2 * torch.pi * frequencies[:, None] * time
        bank = torch.exp(1j * phase) * torch.hann_window(WINDOW, device=audio.device) / WINDOW
        frames = audio.unfold(1, WINDOW, 512)
        heard = torch.einsum("bnw,pw->bnp", frames.to(bank.dtype), bank).abs()
        rise = torch.diff(heard, dim=1, prepend=heard[:, :1])

        def logits(probs):
            return torch.logit(probs.clamp(1e-4, 1 - 1e-4))

        frame = logits(self.gain * heard)
        return {
            "onset": logits(self.gain * rise),
            "offset": torch.full_like(frame, -9.0),
            "frame": frame,
            "velocity": torch.zeros_like(frame),
        }


@register("test_sounding_tone_bank", ToneBankConfig)
class SoundingToneBank(ToneBank):
    """The same without onsets."""

    heads = (FRAME,)
    decoder = FRAME_RUNS

    def forward(self, audio, level=None):
        return {"frame": super().forward(audio, level)["frame"]}


@pytest.fixture
def without_onsets(tmp_path):
    card = ModelCard(
        name="sounding-tone-bank",
        model="test_sounding_tone_bank",
        config={"gain": 8.0},
        sample_rate=16000,
        hop_length=512,
        thresholds={"frame": 0.01},
        licence="MIT",
        data=(),
        decoder=FRAME_RUNS,
    )
    path = tmp_path / "sounding-tone-bank.safetensors"
    save_checkpoint(path, SoundingToneBank(ToneBankConfig()), card)
    return path


@pytest.fixture
def checkpoint(tmp_path):
    """Its thresholds are so low that it hears every key at once."""
    card = ModelCard(
        name="tone-bank",
        model="test_tone_bank",
        config={"gain": 8.0},
        sample_rate=16000,
        hop_length=512,
        thresholds={"onset": 0.01, "frame": 0.3, "offset": 0.7},
        licence="MIT",
        data=(DataSource("none", "CC0-1.0"),),
        training={"steps": 0},
    )
    path = tmp_path / "tone-bank.safetensors"
    save_checkpoint(path, ToneBank(ToneBankConfig()), card, dtype=torch.float16)
    return path


@pytest.fixture
def recordings(tmp_path, write_midi):
    """Two plain recordings of four tones each, far enough apart to tell."""
    folder = tmp_path / "recordings"
    for name, pitches in [("first", (76, 88, 81, 93)), ("second", (90, 79, 86, 74))]:
        notes = [(0.5 + 0.8 * i, 1.0 + 0.8 * i, p, 80) for i, p in enumerate(pitches)]
        time = np.arange(4 * 16000) / 16000
        audio = np.zeros_like(time)
        for onset, offset, pitch, _ in notes:
            tone = 0.5 * np.sin(2 * np.pi * 440 * 2 ** ((pitch - 69) / 12) * (time - onset))
            audio += tone * ((time >= onset) & (time < offset))
        write_midi(folder / f"{name}.mid", notes)
        soundfile.write(folder / f"{name}.wav", audio, 16000)
    return folder


def test_tuning_raises_the_score_and_says_on_what(checkpoint, recordings, tmp_path, capsys):
    def score(path):
        report = tmp_path / "report.json"
        arguments = [str(path), str(recordings), "--device", "cpu", "--report", str(report)]
        assert evaluate.main(arguments) == 0
        return json.loads(report.read_text())

    before = score(checkpoint)
    tuned = tmp_path / "tuned.safetensors"
    arguments = [str(checkpoint), str(recordings), "--device", "cpu", "-o", str(tuned)]
    assert tune_thresholds.main(arguments) == 0
    after = score(tuned)
    assert before["mean"]["note_aligned"]["f1"] < 0.5
    assert after["mean"]["note_aligned"]["f1"] == 1.0
    assert after["mean"]["note_offset_aligned"]["f1"] == 1.0
    assert [piece["audio"] for piece in after["pieces"]] == ["first.wav", "second.wav"]
    assert "mean aligned note F1 1.0000" in capsys.readouterr().out

    card = load_card(tuned)
    record = card.training["threshold_tuning"]
    assert record["files"] == ["first.wav", "second.wav"]
    assert record["note_aligned_f1"] == 1.0
    assert card.training["steps"] == 0
    assert "offset" not in card.thresholds  # without it every note has its length
    assert load_card(checkpoint).thresholds["onset"] == 0.01  # left as it was


def test_rewriting_keeps_weights_and_their_precision(checkpoint, recordings):
    size = checkpoint.stat().st_size
    assert tune_thresholds.main([str(checkpoint), str(recordings), "--device", "cpu"]) == 0
    model, card = load_model(checkpoint)
    assert card.thresholds["onset"] > 0.01
    assert model.gain.item() == 8.0
    with_single = tune_thresholds._stored_dtype(checkpoint)
    assert with_single == torch.float16
    assert checkpoint.stat().st_size < size + 1000


@pytest.mark.parametrize("command", [evaluate, tune_thresholds])
def test_errors_are_one_line_with_the_code_of_the_program(
    command, checkpoint, recordings, tmp_path, capsys
):
    assert command.main([str(checkpoint), str(tmp_path / "gone")]) == 66
    assert capsys.readouterr().err.count("\n") == 1
    arguments = [str(checkpoint), str(recordings), "--split", "train"]
    assert command.main(arguments) == 66
    assert "split train" in capsys.readouterr().err
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"no model")
    assert command.main([str(broken), str(recordings)]) == 78


def frame_figures(out):
    """Of the table over frames: F1, average precision, accuracy, per cent."""
    (line,) = [line for line in out.splitlines() if line.startswith("mean ± standard deviation")]
    cells = line.removeprefix("mean ± standard deviation").split()
    return float(cells[2].split("±")[0]), float(cells[3]), float(cells[4])


def test_the_threshold_of_a_model_without_onsets_is_tuned_over_frames(
    without_onsets, recordings, capsys
):
    words = [str(without_onsets), str(recordings), "--device", "cpu"]
    assert evaluate.main([*words, "--frames"]) == 0
    before = frame_figures(capsys.readouterr().out)
    assert tune_thresholds.main(words) == 0
    assert "mean frame F1" in capsys.readouterr().out
    card = load_card(without_onsets)
    assert card.thresholds["frame"] > 0.01
    assert card.training["threshold_tuning"]["files"] == ["first.wav", "second.wav"]
    assert evaluate.main([*words, "--frames"]) == 0
    after = frame_figures(capsys.readouterr().out)
    assert after[0] > 85.0 > before[0]
    assert after[1] == before[1]  # no threshold enters it
    assert after[2] > before[2]


def test_frames_are_scored_of_any_model_that_tells_them(checkpoint, recordings, capsys):
    assert evaluate.main([str(checkpoint), str(recordings), "--device", "cpu", "--frames"]) == 0
    f1, precision, accuracy = frame_figures(capsys.readouterr().out)
    assert 0.0 < accuracy < f1 < 100.0
    assert precision > 85.0
