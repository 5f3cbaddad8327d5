"""From a run to a model file with thresholds: ``python -m training.instruments.export --help``."""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from safetensors.torch import load_file

from amtstudio.models import DataSource, ModelCard
from amtstudio.models.checkpoint import load_model, save_checkpoint
from amtstudio.models.instrument_attention import InstrumentAttention
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments.catalogue import LIBRARIES
from training.instruments.mixing import StemPool, make_mixture
from training.instruments.training import RunConfig

MUSIC = (
    DataSource("POP909", "MIT", "Music X Lab; Ziyu Wang et al., ISMIR 2020"),
    DataSource("OpenScore Lieder Corpus", "CC0-1.0", "OpenScore contributors"),
    DataSource("Groove MIDI Dataset", "CC-BY-4.0", "Google LLC; Jon Gillick et al., ICML 2019"),
    DataSource(
        "Room responses, for augmentation only",
        "CC-BY-4.0 or CC-BY-SA (OpenAIR and others), MIT (audiomentations)",
        "OpenAIR library, Emmanuel Deruty, Greg Hopkins, audiomentations",
    ),
)
TEACHER = DataSource(
    "YAMNet, as a teacher: its embeddings of the training mixtures", "Apache-2.0", "Google LLC"
)
_LOWEST, _HIGHEST = 0.3, 0.85  # what is less likely than that is not worth a user's while


def load_run(run: Path) -> tuple[InstrumentAttention, RunConfig, dict[str, object]]:
    """The moving average of a run's weights, its configuration, and how far the run was."""
    training: dict[str, object] = json.loads((run / "progress.json").read_text())
    config = RunConfig(**cast("dict[str, Any]", training["config"]))
    model = InstrumentAttention(config.model)
    tensors = load_file(run / "state.safetensors")
    model.load_state_dict(
        {k.removeprefix("average."): v for k, v in tensors.items() if k.startswith("average.")}
    )
    return model.eval(), config, training


def blended(
    model: InstrumentAttention, start: InstrumentAttention, share: float
) -> InstrumentAttention:
    """``share`` of a model's weights and the rest of those it began with.

    References
    ----------
    Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022.
    """
    first, last = start.state_dict(), model.state_dict()
    model.load_state_dict({
        name: torch.lerp(first[name], value, share) if value.is_floating_point() else value
        for name, value in last.items()
    })  # fmt: skip
    return model


def find_thresholds(
    model: InstrumentAttention, pool: StemPool, *, n_bags: int, seed: int = 99
) -> dict[str, float]:
    """Of each class the threshold with the best F1, on fresh mixtures of the training libraries."""
    rng = np.random.default_rng(seed)
    probs, labels, observed = [], [], []
    for _ in range(n_bags):
        mixture = make_mixture(pool, rng, n_instances=6)
        with torch.inference_mode():
            output = model.forward_features(torch.from_numpy(mixture.log_mel)[None])
        assert output.scores is not None
        probs.append(output.scores[0].numpy())
        labels.append(mixture.labels)
        observed.append(mixture.observed)
    all_probs, all_labels, all_observed = (
        np.concatenate(parts) for parts in (probs, labels, observed)
    )
    thresholds = {"presence": 0.5}
    grid = np.arange(_LOWEST, _HIGHEST + 1e-9, 0.05)
    for index, name in enumerate(INSTRUMENT_CLASSES):
        known = all_observed[:, index]
        p, y = all_probs[known, index], all_labels[known, index]
        f1 = [2 * (y & (p >= t)).sum() / max(y.sum() + (p >= t).sum(), 1) for t in grid]
        thresholds[f"presence_{name}"] = round(float(grid[int(np.argmax(f1))]), 2)
    return thresholds


def sources(libraries: set[str], *, taught: bool) -> tuple[DataSource, ...]:
    """Libraries that were trained on, then the music they played, then the teacher if any."""
    trained = [entry for entry in LIBRARIES if entry.name in libraries]
    named = (DataSource(e.name, e.licence, e.attribution) for e in trained)
    return (*named, *MUSIC, *((TEACHER,) if taught else ()))


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write a model file from a run.")
    parser.add_argument("run", type=Path)
    parser.add_argument("stems", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--name", default="instruments")
    parser.add_argument("--bags", type=int, default=300, help="to find the thresholds on")
    parser.add_argument("--blend", type=float, default=1.0, help="with where the run began")
    parser.add_argument("--taught", action="store_true", help="the run had lessons")
    parser.add_argument("--mixtures", type=Path, help="report of 'evaluation mixtures'")
    parser.add_argument("--recordings", type=Path, help="report of 'evaluation recordings'")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    model, run, training = load_run(options.run)
    if options.blend < 1.0:
        start, _ = load_model(Path(run.start_from))
        if not isinstance(start, InstrumentAttention):
            raise TypeError(f"{run.start_from} is not an instrument detector")
        model = blended(model, start, options.blend)
        training["blend"] = options.blend
    pool = StemPool(options.stems)
    n_stems = pool.reload()
    data = sources(pool.libraries, taught=options.taught)
    if run.start_from:
        _, begun = load_model(Path(run.start_from))
        data = (*data, *(each for each in begun.data if each not in data))
        training["config"] = {**dataclasses.asdict(run), "start_from": begun.name}
    scores = {}
    for name in ("mixtures", "recordings"):
        report = getattr(options, name)
        if report is not None:
            scores[name] = json.loads(report.read_text())
    card = ModelCard(
        name=options.name,
        model="instrument_attention",
        config=dataclasses.asdict(run.model),
        sample_rate=model.grid.sample_rate,
        hop_length=model.grid.hop_length,
        thresholds=find_thresholds(model, pool, n_bags=options.bags),
        licence="MIT",
        data=data,
        scores=_finite(scores),
        training=training | {"n_stems": n_stems},
        description="Which of twenty instruments sound, second by second",
    )
    save_checkpoint(options.output, model, card)


def _finite(value: object) -> dict[str, object]:
    """JSON has no NaN: classes without an example have no score."""
    text = json.dumps(value).replace("NaN", "null")
    cleaned: dict[str, object] = json.loads(text)
    return cleaned


if __name__ == "__main__":
    main()
