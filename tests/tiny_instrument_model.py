"""A small instrument network with seeded weights, and its card."""

from __future__ import annotations

import torch

from amtstudio.models import ModelCard, build_model

CONFIG = {"channels": [8, 8, 8, 8, 8], "embedding_size": 16, "n_mels": 48}


def tiny_instruments():
    with torch.random.fork_rng():
        torch.manual_seed(7)
        model = build_model("instrument_attention", CONFIG).eval()
    card = ModelCard(
        name="tiny-instruments",
        model="instrument_attention",
        config=CONFIG,
        sample_rate=16000,
        hop_length=250,
        thresholds={"presence": 0.4, "presence_piano": 0.6},
        licence="CC0-1.0",
        data=(),
    )
    return model, card
