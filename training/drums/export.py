"""From the saved state of a run to a model file: ``python -m training.drums.export --help``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from amtstudio.decoding import DrumSettings
from amtstudio.learning.train_state import read_metadata
from amtstudio.models import DataSource, ModelCard
from amtstudio.models.checkpoint import save_checkpoint
from training.drums.evaluation import load_drums
from training.drums.kits import KITS
from training.material_sources import instrument_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

SOURCES = (
    *(
        DataSource(f"Drum kit {kit.name}", kit.licence, kit.attribution)
        for kit in KITS
        if kit.role == "train"
    ),
    DataSource("Groove MIDI Dataset", "CC-BY-4.0", "Google LLC; Jon Gillick and others"),
    DataSource("FluidR3 GM, accompaniment", "MIT", "Frank Wen"),
    *instrument_sources(),
    DataSource("POP909", "MIT", "Music X Lab; Ziyu Wang et al., ISMIR 2020"),
    DataSource("OpenScore Lieder Corpus", "CC0-1.0", "OpenScore contributors"),
    DataSource("Voices of Flite", "BSD-like (CMU)", "Carnegie Mellon University"),
)


def export(
    state: Path,
    output: Path,
    thresholds: Mapping[str, float],
    *,
    scores: Mapping[str, object] | None = None,
) -> None:
    """Write the moving average of the weights, with the thresholds of each drum in its card.

    Raises
    ------
    ValueError
        If a threshold is missing.
    """
    model, _ = load_drums(state)
    if missing := sorted(set(model.drums) - set(thresholds)):
        raise ValueError(f"there are no thresholds for {', '.join(missing)}")
    progress, config = read_metadata(state)
    card = ModelCard(
        name="drums",
        model="drums",
        config=config["model_config"],
        sample_rate=model.grid.sample_rate,
        hop_length=model.grid.hop_length,
        # For drums without one of their own.
        thresholds={"onset": 0.4} | dict(thresholds),
        licence="MIT",
        decoder=DrumSettings.decoder,
        data=SOURCES,
        training=vars(progress) | {"config": config["training"]},
        description="ten drums with velocities, from sampled kits alone",
        scores=dict(scores or {}),
    )
    save_checkpoint(output, model, card, dtype=torch.float32)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write a model file from a run's saved state.")
    parser.add_argument("state", type=Path, help="state.safetensors of a run")
    parser.add_argument("output", type=Path, help="drums.safetensors")
    parser.add_argument("--thresholds", type=Path, required=True, help="JSON of 'evaluation tune'")
    parser.add_argument("--scores", type=Path, nargs="*", default=[], help="JSON of evaluations")
    options = parser.parse_args()
    scores = {path.stem: json.loads(path.read_text()) for path in options.scores}
    export(options.state, options.output, json.loads(options.thresholds.read_text()), scores=scores)


if __name__ == "__main__":
    main()
