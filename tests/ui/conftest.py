"""Fixtures of the window's tests: no display, a folder of its own, a small real model."""

from __future__ import annotations

import functools
import os

os.environ["QT_QPA_PLATFORM"] = os.environ.get("AMTSTUDIO_TEST_PLATFORM", "offscreen")

from pathlib import Path

import numpy as np
import pyqtgraph as pg
import pytest
import soundfile
from struck_tones import SAMPLE_RATE, struck_tones
from studio import Studio

from amtstudio import session
from amtstudio.decoding import DecodingSettings
from amtstudio.models import ModelCard, build_model
from amtstudio.symbolic import Note, Pedal, Transcription
from amtstudio.workbench.transcribing import Engine

pg.setConfigOption("mouseRateLimit", -1)  # the mouse of a test is faster than any hand


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMTSTUDIO_LOG_DIR", str(tmp_path / "logs"))
    monkeypatch.setenv("AMTSTUDIO_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("AMTSTUDIO_DATA_DIR", str(tmp_path / "data"))


@pytest.fixture
def qtbot(qtbot):
    """Waits for up to a minute where a test names no time: five seconds may be too few."""
    qtbot.waitUntil = functools.partial(qtbot.waitUntil, timeout=60_000)
    qtbot.waitSignal = functools.partial(qtbot.waitSignal, timeout=60_000)
    return qtbot


@pytest.fixture(scope="session")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small piano network with seeded weights: what it hears is not what is played."""
    import torch  # noqa: PLC0415

    from amtstudio.models.checkpoint import save_checkpoint  # noqa: PLC0415

    torch.set_num_threads(1)
    config = {"n_channels": 8}
    with torch.random.fork_rng():
        torch.manual_seed(5)
        model = build_model("piano", config).eval()
        with torch.no_grad():
            model.head.weight.mul_(6.0)
            model.head.bias.copy_(torch.tensor([-2.2, -2.0, 0.3, 0.0]))
    card = ModelCard(
        name="tiny",
        model="piano",
        config=config,
        sample_rate=model.grid.sample_rate,
        hop_length=model.grid.hop_length,
        thresholds={"onset": 0.4, "frame": 0.5},
        licence="CC0-1.0",
        data=(),
    )
    path = tmp_path_factory.mktemp("models") / "tiny.safetensors"
    save_checkpoint(path, model, card)
    return path


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Three seconds, with a name that programs stumble over."""
    path = tmp_path / "Übung Nr. 3 (ganz langsam) #1.wav"
    soundfile.write(path, struck_tones(3.0), SAMPLE_RATE)
    return path


@pytest.fixture
def long_recording(tmp_path: Path) -> Path:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.tile(struck_tones(60.0), 10), SAMPLE_RATE)
    return path


@pytest.fixture
def window(qtbot, model_file: Path):
    window = Studio(Engine(str(model_file), "cpu"))
    # A test that failed in the midst of a take is not asked about it.
    qtbot.addWidget(window, before_close_func=lambda window: window.recording.close())
    window.resize(1200, 800)
    window.show()
    yield window
    window.close()
    assert window.pool.is_idle


@pytest.fixture
def finish(qtbot, window: Studio):
    """Wait until nothing is left to do."""

    def finish() -> None:
        qtbot.waitUntil(lambda: window.is_settled, timeout=60_000)

    return finish


@pytest.fixture
def project(recording: Path):
    """A project of three seconds: notes 1 to 4 of the model, and the candidate 5."""
    project = session.Document.create(session.AudioReference.read(recording))
    notes = (
        Note(0.2, 0.7, 60, 64, 0.9),
        Note(0.9, 1.4, 64, 90, 0.4),
        Note(0.9, 1.6, 67, 100, 0.95),
        Note(2.0, 2.5, 60, 70, 0.8),
    )
    transcription = Transcription(
        notes, (Pedal(0.5, 1.5),), duration=3.0, file=recording.name, model="piano"
    )
    project.replace_transcription(
        transcription, candidates=[Note(1.8, 1.95, 72, 30, 0.3)], settings=DecodingSettings()
    )
    yield project
    project.close()


@pytest.fixture
def editing(window: Studio, project, finish):
    """The window with the project in it, ready to be edited."""
    window.show_item(window.queue.add_project(project))
    finish()
    return window
