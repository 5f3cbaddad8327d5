"""From a saved state of a run to a model file: ``python -m training.export --help``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.learning.train_state import read_metadata, read_tensors
from amtstudio.models import ModelCard
from amtstudio.models.checkpoint import save_checkpoint
from amtstudio.models.registry import build_transcription_model
from training.material_sources import sources_of

# Where decoding starts until ``training.tune_thresholds`` has found better.
UNTUNED_THRESHOLDS = {"onset": 0.4, "frame": 0.4, "pedal": 0.5, "minimum_duration_s": 0.03}
_OF_DECODERS = {FRAME_RUNS: {"frame": 0.5}}  # those that take others


def export(state: Path, output: Path, *, name: str, description: str = "") -> None:
    """Write the moving average of the weights, which scores above the last weights themselves."""
    progress, config = read_metadata(state)
    model = build_transcription_model(config["model"], config["model_config"])
    weights = model.state_dict() | read_tensors(state, "average.")
    model.load_state_dict(weights)
    card = ModelCard(
        name=name,
        model=config["model"],
        config=config["model_config"],
        sample_rate=model.grid.sample_rate,
        hop_length=model.grid.hop_length,
        thresholds=dict(_OF_DECODERS.get(model.decoder, UNTUNED_THRESHOLDS)),
        licence="MIT",
        data=sources_of(config["model"]),
        training=vars(progress) | {"config": _without_paths(config)},
        description=description,
        decoder=model.decoder,
    )
    save_checkpoint(output, model, card)


def _without_paths(config: dict[str, Any]) -> dict[str, Any]:
    paths = {"material", "output", "cache", "recordings", "start_from"}
    return {key: value for key, value in config.items() if key not in paths}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a model file from a run's saved state.")
    parser.add_argument("state", type=Path, help="state.safetensors of a run")
    parser.add_argument("output", type=Path, help="NAME.safetensors")
    parser.add_argument("--name", default="piano")
    parser.add_argument("--description", default="")
    options = parser.parse_args()
    export(options.state, options.output, name=options.name, description=options.description)


if __name__ == "__main__":
    main()
