r"""Short trials: several networks taught side by side on the very same clips.

    python -m training.side_by_side OUTPUT --material MATERIAL --start-from piano.safetensors \
        --variant control --variant context:n_context=1 --variant deeper:n_further=8

Each starts from the same model file. Their losses on clips of held-out music and a held-out piano
are then compared clip by clip, which reveals differences that are small compared with those between
clips. OUTPUT has the state of each in a folder of its name, as left by ``training.train``; the same
command resumes a stopped trial.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch.nn import functional

from amtstudio.learning.losses import transcription_losses
from amtstudio.models.checkpoint import load_model
from training.documented_parser import documented_parser
from training.hard_notes import hard_onsets
from training.presets import PIANO
from training.run import Run
from training.synthesis.dataset import ClipDataset, Material
from training.text_table import text_table
from training.training_config import TrainingConfig

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from torch import Tensor

HELD_OUT_SEED = 5150
MEASURES = ("onset", "hard onsets", "offset", "frame", "velocity")


@dataclass
class Variant:
    name: str
    run: Run
    seconds: float = 0.0  # of the processor, in steps
    n_steps: int = 0


def variant_config(text: str, base: TrainingConfig, output: Path) -> tuple[str, TrainingConfig]:
    """``NAME`` or ``NAME:KEY=VALUE,...``; keys are settings of training, or else of the network.

    Raises
    ------
    ValueError
        If a value is not a number, true, false or text in quotes.
    """
    name, _, changes = text.partition(":")
    of_training = {entry.name for entry in fields(TrainingConfig)}
    config = replace(base, output=str(output / name))
    for pair in filter(None, changes.split(",")):
        key, _, value = pair.partition("=")
        if key in of_training:
            config = replace(config, **{key: json.loads(value)})
        else:
            config = replace(config, model_config=config.model_config | {key: json.loads(value)})
    return name, config


def teach(variants: Sequence[Variant], *, minutes: float, save_minutes: float = 3.0) -> None:
    """Step after step with all of them, until the steps are done or the time is up."""
    first = variants[0].run
    started = last_save = time.monotonic()
    for variant in variants:
        variant.run.prepare()
    for batch in first.batches():
        for variant in variants:
            before = time.process_time()
            variant.run.learn(batch)
            variant.seconds += time.process_time() - before
            variant.n_steps += 1
        if time.monotonic() - last_save > 60 * save_minutes:
            _save(variants)
            last_save = time.monotonic()
        if minutes and time.monotonic() - started > 60 * minutes:
            break
    _save(variants)


def _save(variants: Sequence[Variant]) -> None:
    for variant in variants:
        variant.run.save()


@torch.inference_mode()
def held_out_losses(
    runs: Sequence[Run], clips: ClipDataset, n_clips: int
) -> npt.NDArray[np.float64]:
    """What the averaged weights of each make of held-out clips.

    Returns
    -------
    np.ndarray, shape (n_runs, n_clips, len(MEASURES))
        Mean losses as in training; of ``hard onsets`` the onset loss over their cells alone.
    """
    losses = np.zeros((len(runs), n_clips, len(MEASURES)))
    for run in runs:
        run.model.load_state_dict(run.model.state_dict() | run.average.values)
        run.model.eval()
    for number in range(n_clips):
        clip = {name: value[None] for name, value in clips[number].items()}
        hard = hard_onsets(clip)
        for index, run in enumerate(runs):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=run.uses_bfloat16):
                logits = run.model(clip["audio"], clip["level"])
            found = transcription_losses(logits, clip, run.model.heads)
            found["hard onsets"] = _mean_over(hard, logits["onset"], clip["onset"])
            losses[index, number] = [float(found[measure]) for measure in MEASURES]
    return losses


def _mean_over(cells: Tensor, logits: Tensor, target: Tensor) -> Tensor:
    loss = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return loss[cells].sum() / cells.sum().clamp(min=1)


def report(variants: Sequence[Variant], losses: npt.NDArray[np.float64]) -> str:
    """A line for each: its cost, its losses, and how far they lie from those of the first."""
    rows = []
    for variant, found in zip(variants, losses, strict=True):
        n_weights = sum(value.numel() for value in variant.run.model.parameters())
        per_step = variant.seconds / max(variant.n_steps, 1)
        row = [variant.name, f"{n_weights / 1e6:.2f} M", str(variant.run.progress.step)]
        row.append(f"{per_step:.2f}")
        for index in range(len(MEASURES)):
            difference = found[:, index] - losses[0, :, index]
            error = difference.std(ddof=1) / np.sqrt(len(difference))
            mean = losses[0, :, index].mean()
            told = f"{found[:, index].mean():.5f}"
            if variant is not variants[0]:
                told += f" ({100 * difference.mean() / mean:+.1f} +-{100 * error / mean:.1f} %)"
            row.append(told)
        rows.append(row)
    return text_table(["variant", "weights", "steps", "CPU s a step", *MEASURES], rows)


def main(arguments: list[str] | None = None) -> None:
    parser = documented_parser("training.side_by_side", __doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("--material", type=Path, required=True, help="pianos/, midi/, rir/")
    parser.add_argument("--cache", type=Path, help="for prepared material (default: OUTPUT/cache)")
    parser.add_argument("--start-from", type=Path, required=True, metavar="MODEL")
    parser.add_argument("--variant", action="append", required=True, metavar="NAME[:KEY=VALUE,...]")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--batch-size", type=int, default=4)
    parser.add_argument("--learning-rate", type=float, default=1.5e-3)
    parser.add_argument("--average-decay", type=float, default=0.97)
    parser.add_argument("--seed", type=int, default=31)
    parser.add_argument("--minutes", type=float, default=0.0, help="for the teaching; 0: no end")
    parser.add_argument("--held-out", type=int, default=48, help="clips to measure on")
    options = parser.parse_args(arguments)
    cache = options.cache or options.output / "cache"
    card = load_model(options.start_from)[1]
    base = replace(
        PIANO,
        model=card.model,
        model_config=dict(card.config),
        material=str(options.material),
        cache=str(cache),
        start_from=str(options.start_from),
        steps=options.steps,
        decay_steps=options.steps // 2,
        warmup_steps=options.steps // 10,
        batch_size=options.batch_size,
        learning_rate=options.learning_rate,
        average_decay=options.average_decay,
        seed=options.seed,
    )
    variants = []
    for text in options.variant:
        name, config = variant_config(text, base, options.output)
        Path(config.output).mkdir(parents=True, exist_ok=True)
        variants.append(Variant(name, Run(config)))
    teach(variants, minutes=options.minutes)
    model = variants[0].run.model
    maker = Material(options.material, cache).clip_maker(
        validation=True,
        grid=model.grid,
        margin=model.margin,
        dereverberates=model.dereverberates,
    )
    clips = ClipDataset(maker, seed=HELD_OUT_SEED)
    losses = held_out_losses([variant.run for variant in variants], clips, options.held_out)
    print(report(variants, losses))


if __name__ == "__main__":
    main()
