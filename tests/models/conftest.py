"""A tiny network with seeded weights, and its card."""

from __future__ import annotations

import pytest
import torch

from amtstudio.models import DataSource, ModelCard, build_model

TINY = {"model_complexity": 1, "n_mels": 32, "n_fft": 1024}


@pytest.fixture
def tiny_model():
    with torch.random.fork_rng():
        torch.manual_seed(20240817)
        return build_model("onsets_frames", TINY).eval()


@pytest.fixture
def card():
    return ModelCard(
        name="tiny",
        model="onsets_frames",
        config=dict(TINY),
        sample_rate=16000,
        hop_length=512,
        thresholds={"onset": 0.4, "frame": 0.5, "minimum_duration_s": 0.03},
        licence="CC0-1.0",
        data=(DataSource("noise", "CC0-1.0", "nobody"),),
        onset_shift_s=0.004,
        scores={"note_f1": 0.0},
        training={"iterations": 0},
        description="Knows nothing",
    )
