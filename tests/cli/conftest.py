"""Fixtures of the command line's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
import torch
from cli_sounds import SAMPLE_RATE, struck_tones

from amtstudio.models import ModelCard, build_model
from amtstudio.models.checkpoint import save_checkpoint


@pytest.fixture(autouse=True)
def _logs_in_tmp_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTSTUDIO_LOG_DIR", str(tmp_path / "logs"))


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network with seeded weights: it hears notes, though not those that are played."""
    config = {"model_complexity": 1}
    with torch.random.fork_rng():
        torch.manual_seed(4)
        model = build_model("onsets_frames", config).eval()
    _make_onsets_rare(model)
    card = ModelCard(
        name="tiny",
        model="onsets_frames",
        config=config,
        sample_rate=model.grid.sample_rate,
        hop_length=model.grid.hop_length,
        thresholds={"onset": 0.5, "frame": 0.4},
        licence="MIT",
        data=(),
        description="random weights",
    )
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    save_checkpoint(path, model, card)
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Three seconds of four struck tones."""
    path = tmp_path / "song.wav"
    soundfile.write(path, struck_tones(3.0), SAMPLE_RATE)
    return path


@torch.no_grad()
def _make_onsets_rare(model: torch.nn.Module) -> None:
    """Spread the onset logits of each pitch about -4: what changes in the sound is heard."""
    layer = model.onset_stack[-1]
    layer.weight *= 100.0
    n_samples = 80 * model.grid.hop_length + 2 * model.margin
    audio = torch.from_numpy(struck_tones(n_samples / SAMPLE_RATE))[None, :n_samples]
    layer.bias -= model(audio)["onset"].mean(dim=(0, 1)) + 4.0
