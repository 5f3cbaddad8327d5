"""Named training configurations."""

from __future__ import annotations

from training.training_config import TrainingConfig

PRESETS = {
    "piano": TrainingConfig(model="piano", model_config={"n_channels": 48, "hop_length": 512}),
}
