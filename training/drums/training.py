"""Train the network for drums on made clips: ``python -m training.drums.training --help``."""

from __future__ import annotations

import argparse
import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from amtstudio.features.drum_spectrogram import FLOOR
from amtstudio.learning.train_state import (
    MovingAverage,
    Progress,
    read_metadata,
    read_tensors,
    restore_state,
    save_state,
)
from amtstudio.models.drums import Drums, DrumsConfig
from training.drums.accompaniment import load_accompaniment
from training.drums.bank import load_drum_bank
from training.drums.clips import DrumClipMaker, KitChooser, batch_targets
from training.drums.patterns import Patterns, read_groove
from training.drums.recording import Recorder
from training.drums.widening import widened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

logger = logging.getLogger(__name__)

LOG_EVERY = 50  # steps
SAVE_EVERY_S = 90.0
LIVE_WEIGHT = 0.5  # of the live head's loss: its errors are those of a shorter look
VELOCITY_WEIGHT = 15.0  # of the squared error, whose gradients are small
MEMORY_CLIPS = 240
FEWEST_HITS = 10.0  # of a clip, on the mean of a batch, that its loss is divided by
POSITIVE_WEIGHT = 2.0  # hits fill a hundredth of the cells


@dataclass(frozen=True)
class DrumTrainingConfig:
    """The settings of a run; kept in its state."""

    steps: int = 6000
    decay_steps: int = 1500  # the last ones, in which the learning rate falls to nothing
    warmup_steps: int = 100
    batch_size: int = 4
    heard_again: int = 2  # of a batch: clips of the last minutes, through another equaliser
    n_frames: int = 500
    learning_rate: float = 2e-3
    weight_decay: float = 1e-4
    average_decay: float = 0.998
    seed: int = 1

    def plain_share(self, step: int) -> float:
        """The share of clips without augmentation: high at first, as they teach faster."""
        return max(0.12, 0.6 * (1.0 - step / 1000.0))

    def rate(self, step: int) -> float:
        """The learning rate of a step."""
        if step < self.warmup_steps:
            return self.learning_rate * (step + 1) / self.warmup_steps
        left = (self.steps - step) / max(self.decay_steps, 1)
        return self.learning_rate * min(1.0, max(left, 0.01))


class Memory:
    """The features and targets of the last clips, for reuse as if from other microphones.

    Making a clip costs as much as learning from it; an equaliser costs nothing here, for it only
    adds to a log spectrum.
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._kept: list[tuple[Tensor, ...]] = []

    def add(self, *arrays: Tensor) -> None:
        """Keep arrays of shape (batch, ...), the oldest ones making room."""
        self._kept += zip(*arrays, strict=True)
        self._kept = self._kept[-self._size :]

    def __len__(self) -> int:
        return len(self._kept)

    def draw(self, count: int, rng: np.random.Generator) -> list[Tensor]:
        """Stacks of ``count`` kept ones; features first, equalised again."""
        picked = [self._kept[int(index)] for index in rng.integers(len(self._kept), size=count)]
        stacks = [torch.stack(arrays) for arrays in zip(*picked, strict=True)]
        n_mels = stacks[0].shape[3]
        knots = rng.normal(0.0, 0.35, (count, 8))
        places = np.arange(n_mels) / (n_mels - 1) * 7.0
        curves = np.stack([np.interp(places, np.arange(8), row) for row in knots])
        curves = curves + rng.normal(0.0, 0.15, (count, 1))  # the level is never quite known
        gain = torch.from_numpy(curves.astype(np.float32))[:, None, None, :]
        lowest = float(np.log(FLOOR))
        stacks[0] = (stacks[0] + gain).clamp(min=lowest)
        return stacks


def loss_of(
    logits: dict[str, Tensor], onset: Tensor, velocity: Tensor
) -> tuple[Tensor, dict[str, float]]:
    """Cross-entropy of onsets, and the squared error of velocities where there is an onset."""
    # Soft targets share a hit between two frames, so hits are weighed by the target.
    weight = 1.0 + (POSITIVE_WEIGHT - 1.0) * onset
    onsets = functional.binary_cross_entropy_with_logits(
        logits["onset"], onset, weight=weight, reduction="sum"
    )
    velocities = ((logits["velocity"].sigmoid() - velocity) ** 2 * onset).sum()
    # Clips without drums count as much as others do: they are few hits, not many mistakes.
    n_hits = onset.sum().clamp(min=FEWEST_HITS * len(onset))
    onsets, velocities = onsets / n_hits, velocities / n_hits
    parts = {"onset": float(onsets.detach()), "velocity": float(velocities.detach())}
    return onsets + VELOCITY_WEIGHT * velocities, parts


def clip_maker(
    bank: Path,
    pools: list[Path],
    groove: Path,
    model: Drums,
    n_frames: int,
    *,
    cache: Path,
    alone: Sequence[Path] = (),
    alone_share: float = DrumClipMaker.alone_share,
) -> DrumClipMaker:
    """Clips of the kits, the music and the rooms that may be trained on.

    ``alone`` are pools used without drums, in ``alone_share`` of the clips.
    """
    drums = load_drum_bank(bank)
    return DrumClipMaker(
        drums,
        KitChooser(drums),
        Patterns(read_groove(groove, "train", cache=cache)),
        Recorder(),
        load_accompaniment(*pools) if pools else None,
        model.grid,
        model.margin,
        n_frames,
        alone=load_accompaniment(*alone) if alone else None,
        alone_share=alone_share,
    )


class Batches:
    """Batches of features and targets, from new and reused clips; ``seconds`` counts the time."""

    def __init__(self, maker: DrumClipMaker, model: Drums, config: DrumTrainingConfig) -> None:
        self._maker, self._plain = maker, maker.plain()
        self._model, self._config = model, config
        self._memory = Memory(MEMORY_CLIPS)
        self.seconds = 0.0

    @torch.no_grad()
    def make(self, step: int) -> tuple[Tensor, Tensor, Tensor]:
        """Features, onsets and velocities of a step.

        Each step has its own seed, so that a resumed run continues with the next clips.
        """
        began = time.monotonic()
        config = self._config
        rng = np.random.default_rng([config.seed, step])
        n_again = config.heard_again if len(self._memory) else 0
        share = config.plain_share(step)
        makers = [
            self._plain if rng.random() < share else self._maker
            for _ in range(config.batch_size - n_again)
        ]
        clips = [maker.make(rng) for maker in makers]
        self.seconds += time.monotonic() - began
        audio = torch.from_numpy(np.stack([clip.audio for clip in clips]))
        level = torch.from_numpy(np.stack([clip.level for clip in clips]))
        targets = batch_targets(clips, self._model.grid, config.n_frames)
        arrays = [self._model.spectrogram(audio, level), *map(torch.from_numpy, targets)]
        again = self._memory.draw(n_again, rng) if n_again else []
        self._memory.add(*arrays)
        if again:
            arrays = [torch.cat(pair) for pair in zip(arrays, again, strict=True)]
        features, onset, velocity = arrays
        return features, onset, velocity


def train(
    run: Path,
    maker: DrumClipMaker,
    model: Drums,
    model_config: DrumsConfig,
    config: DrumTrainingConfig,
) -> None:
    """Train from the start or from where the run stopped, to ``config.steps``."""
    average = MovingAverage(model, config.average_decay)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
    )
    state = run / "state.safetensors"
    progress = Progress()
    if state.is_file():
        progress = restore_state(state, model, average, optimizer)
        logger.info("going on at step %d", progress.step)
    kept: dict[str, Any] = {
        "model": "drums",
        "model_config": asdict(model_config),
        "training": asdict(config),
    }
    batches = Batches(maker, model, config)
    sums: dict[str, float] = {}
    began = saved = time.monotonic()
    model.train()
    while progress.step < config.steps:
        for group in optimizer.param_groups:
            group["lr"] = config.rate(progress.step)
        features, onset, velocity = batches.make(progress.step)
        parts = _learn(model, optimizer, features, onset, velocity)
        average.update(model, progress.step)
        progress.step += 1
        progress.n_clips += len(features)
        progress.audio_hours += len(features) * config.n_frames * 0.01 / 3600.0
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + value / LOG_EVERY
        now = time.monotonic()
        if progress.step % LOG_EVERY == 0:
            _log(run, progress, sums, seconds=now - began, synthesis_s=batches.seconds)
            progress.wall_hours += (now - began) / 3600.0
            sums, began, batches.seconds = {}, now, 0.0
        if now - saved > SAVE_EVERY_S or progress.step == config.steps:
            save_state(state, model, average, optimizer, progress=progress, config=kept)
            saved = now


def _learn(
    model: Drums,
    optimizer: torch.optim.Optimizer,
    features: Tensor,
    onset: Tensor,
    velocity: Tensor,
) -> dict[str, float]:
    """One step; the parts of the loss."""
    after, live = model.forward_features(features)
    loss, parts = loss_of(after, onset, velocity)
    live_loss, live_parts = loss_of(live, onset, velocity)
    optimizer.zero_grad(set_to_none=True)
    (loss + LIVE_WEIGHT * live_loss).backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0, error_if_nonfinite=True)
    optimizer.step()
    return parts | {f"live_{name}": value for name, value in live_parts.items()}


def _log(
    run: Path, progress: Progress, sums: dict[str, float], *, seconds: float, synthesis_s: float
) -> None:
    entry = {
        "step": progress.step,
        "hours": round(progress.audio_hours, 2),
        "seconds": round(seconds, 1),
        "synthesis": round(synthesis_s, 1),
    } | {name: round(value, 4) for name, value in sums.items()}
    line = json.dumps(entry)
    with (run / "log.jsonl").open("a") as file:
        file.write(line + "\n")
    logger.info(line)


def _network(options: argparse.Namespace) -> tuple[Drums, DrumsConfig]:
    """The network of the run, or for a new run that of ``--start-from``, made wider if wanted."""
    state = options.run / "state.safetensors"
    if state.is_file():
        config = _config_of(state)
        return Drums(config), config
    start = options.start_from
    former = _config_of(start) if start is not None else DrumsConfig()
    config = DrumsConfig(
        n_mels=former.n_mels,
        n_maps=tuple(options.maps or former.n_maps),
        n_channels=options.channels or former.n_channels,
    )
    model = Drums(config)
    if start is not None:
        weights = read_tensors(start, "model.") | read_tensors(start, "average.")
        model.load_state_dict(widened(weights, former, config))
    return model, config


def _config_of(state: Path) -> DrumsConfig:
    _, kept = read_metadata(state)
    stored = kept["model_config"]
    return DrumsConfig(**(stored | {"n_maps": tuple(stored["n_maps"])}))


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the network for drums.")
    parser.add_argument("run", type=Path, help="folder of the run; goes on where it stopped")
    parser.add_argument("--bank", type=Path, required=True, help="what training.drums.bank wrote")
    parser.add_argument(
        "--pool", type=Path, nargs="*", default=[], help="what training.drums.accompaniment wrote"
    )
    parser.add_argument(
        "--alone", type=Path, nargs="*", default=[], help="pools that are heard without drums, too"
    )
    parser.add_argument("--alone-share", type=float, default=DrumClipMaker.alone_share)
    parser.add_argument("--groove", type=Path, required=True, help="groove.tar.xz")
    parser.add_argument("--cache", type=Path, help="folder for what is read once; else RUN")
    parser.add_argument("--steps", type=int, default=DrumTrainingConfig.steps)
    parser.add_argument("--decay-steps", type=int, default=DrumTrainingConfig.decay_steps)
    parser.add_argument("--batch-size", type=int, default=DrumTrainingConfig.batch_size)
    parser.add_argument("--heard-again", type=int, default=DrumTrainingConfig.heard_again)
    parser.add_argument("--learning-rate", type=float, default=DrumTrainingConfig.learning_rate)
    parser.add_argument("--seed", type=int, default=DrumTrainingConfig.seed)
    parser.add_argument(
        "--start-from",
        type=Path,
        help="state of a run whose averaged weights a new one starts from",
    )
    parser.add_argument(
        "--maps", type=int, nargs=4, help="channels of the four first layers, no fewer than before"
    )
    parser.add_argument("--channels", type=int, help="channels of the other layers, likewise")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    torch.set_num_threads(options.threads)
    options.run.mkdir(parents=True, exist_ok=True)
    config = DrumTrainingConfig(
        steps=options.steps,
        decay_steps=options.decay_steps,
        batch_size=options.batch_size,
        heard_again=options.heard_again,
        learning_rate=options.learning_rate,
        seed=options.seed,
    )
    torch.manual_seed(config.seed)
    model, model_config = _network(options)
    maker = clip_maker(
        options.bank,
        options.pool,
        options.groove,
        model,
        config.n_frames,
        cache=options.cache or options.run,
        alone=options.alone,
        alone_share=options.alone_share,
    )
    train(options.run, maker, model, model_config, config)


if __name__ == "__main__":
    main()
