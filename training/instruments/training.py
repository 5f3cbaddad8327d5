"""Train the instrument detector: ``python -m training.instruments.training --help``."""

from __future__ import annotations

import argparse
import copy
import json
import logging
import math
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from amtstudio.learning.weak_labels import partial_bce, update_teacher
from amtstudio.models.checkpoint import load_model
from amtstudio.models.instrument_attention import (
    BagOutput,
    InstrumentAttention,
    InstrumentAttentionConfig,
)
from training.instruments.lessons import Lessons
from training.instruments.mixing import Mixture, StemPool, class_counts, make_mixture, play
from training.instruments.yamnet import EMBEDDING_SIZE

_FARTHEST = 4.0  # a target from its mean, in deviations: a few rare numbers would drown the others

logger = logging.getLogger("training.instruments.training")


@dataclass
class Progress:
    """How far a run is; ``seconds`` of processor time, which other work on the machine spares."""

    step: int = 0
    seconds: float = 0.0
    seed: int = 1


@dataclass(frozen=True)
class RunConfig:
    """``seconds`` is the processor time of the whole run, after which the rate has come down."""

    seconds: float = 1500.0
    batch_size: int = 12
    lesson_share: float = 0.67  # of a batch, where there are lessons
    n_instances: int = 4
    learning_rate: float = 3e-3
    weight_decay: float = 0.02
    average: float = 0.996  # of the weights that are kept, a step
    instance_weight: float = 1.0  # of the loss of single seconds against that of bags
    teacher_weight: float = 6.0  # of the distance to the teacher's embeddings
    channels: tuple[int, ...] = InstrumentAttentionConfig.channels
    embedding_size: int = InstrumentAttentionConfig.embedding_size
    start_from: str = ""  # a model file whose weights the run begins with

    @property
    def model(self) -> InstrumentAttentionConfig:
        return InstrumentAttentionConfig(
            channels=tuple(self.channels), embedding_size=self.embedding_size
        )


class Trainer:
    """A run that can be stopped and taken up again.

    With ``lessons`` the embeddings of the network also learn to tell, by a linear map that is not
    kept, those of the teacher.
    """

    def __init__(
        self, pool: StemPool, config: RunConfig, folder: Path, lessons: Lessons | None = None
    ) -> None:
        self.pool, self.config, self.folder, self.lessons = pool, config, folder, lessons
        torch.manual_seed(1)
        self.model = InstrumentAttention(config.model).train()
        if config.start_from:
            begun, _ = load_model(Path(config.start_from))
            self.model.load_state_dict(begun.state_dict())
            for layer in self.model.modules():
                if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                    layer.eval()  # few stems: the statistics of all that it has heard are better
        self.average = copy.deepcopy(self.model).eval()
        self.to_teacher = nn.Linear(config.embedding_size, EMBEDDING_SIZE)
        self._targets = None if lessons is None else _Targets(lessons.embeddings)
        self._learned = [*self.model.parameters(), *self.to_teacher.parameters()]
        self.optimiser = torch.optim.AdamW(
            self._learned, lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.progress = Progress()
        if (folder / "progress.json").exists():
            self._restore()

    def run(self, *, save_every: int = 100, reload_every: int = 50) -> None:
        started, before = time.process_time(), self.progress.seconds
        losses = []
        while self.progress.seconds < self.config.seconds:
            if self.progress.step % reload_every == 0:
                self.pool.reload()
            losses.append(self._step())
            self.progress.step += 1
            self.progress.seconds = before + time.process_time() - started
            if self.progress.step % save_every == 0:
                logger.info(
                    "step %d, %.0f s, %d stems, loss %.4f",
                    self.progress.step, self.progress.seconds, len(self.pool.log_mels),
                    float(np.mean(losses[-save_every:])),
                )  # fmt: skip
                self.save()
        self.save()

    def _step(self) -> float:
        rng = np.random.default_rng([self.progress.seed, self.progress.step])
        taught = self._taught(rng)
        made = (
            [play(self.pool, self.lessons.recipes[row], rng) for row in taught]
            if (self.lessons is not None)
            else []
        )
        made += [
            make_mixture(self.pool, rng, n_instances=self.config.n_instances)
            for _ in range(self.config.batch_size - len(made))
        ]
        loss = self._loss(made, taught)
        for group in self.optimiser.param_groups:
            group["lr"] = self.config.learning_rate * self._rate()
        self.optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._learned, 3.0, error_if_nonfinite=True)
        self.optimiser.step()
        alpha = min(self.config.average, (self.progress.step + 1) / (self.progress.step + 10))
        update_teacher(self.average, self.model, alpha=alpha)
        return float(loss.detach())

    def _taught(self, rng: np.random.Generator) -> list[int]:
        """Lessons of a batch; they come first in it."""
        if self.lessons is None:
            return []
        count = round(self.config.lesson_share * self.config.batch_size)
        return [int(row) for row in rng.integers(len(self.lessons), size=count)]

    def _loss(self, made: list[Mixture], taught: list[int]) -> Tensor:
        log_mel = torch.from_numpy(np.stack([m.log_mel for m in made]))
        labels = torch.from_numpy(np.stack([m.labels for m in made]))
        observed = torch.from_numpy(np.stack([m.observed for m in made]))
        bag = torch.from_numpy(np.stack([m.bag_labels for m in made]))
        bag_observed = torch.from_numpy(np.stack([m.bag_observed for m in made]))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            embeddings = self.model.embed(log_mel)
            output: BagOutput = self.model.head(embeddings)
        assert output.scores is not None
        loss = partial_bce(output.bag, bag, bag_observed)
        loss = loss + self.config.instance_weight * partial_bce(
            output.scores.flatten(0, 1), labels.flatten(0, 1), observed.flatten(0, 1)
        )
        if self._targets is not None:
            told = self.to_teacher(embeddings[: len(taught)].float())
            targets = self._targets.of(taught)
            distance = functional.smooth_l1_loss(told, targets, reduction="none").mean(dim=-1)
            heard = torch.ones_like(distance)
            for row, mixture in enumerate(made[: len(taught)]):
                if mixture.quiet is not None:  # the teacher found music there
                    heard[row, mixture.quiet] = 0.0
            loss = loss + self.config.teacher_weight * (distance * heard).sum() / heard.sum()
        return loss

    def _rate(self) -> float:
        done = min(1.0, self.progress.seconds / self.config.seconds)
        return min(1.0, (self.progress.step + 1) / 30) * (0.5 + 0.5 * math.cos(math.pi * done))

    def save(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        tensors = {f"model.{k}": v.clone() for k, v in self.model.state_dict().items()}
        tensors |= {f"to_teacher.{k}": v.clone() for k, v in self.to_teacher.state_dict().items()}
        tensors |= {f"average.{k}": v.clone() for k, v in self.average.state_dict().items()}
        for index, state in self.optimiser.state_dict()["state"].items():
            tensors |= {f"optimiser.{index}.{k}": v.clone() for k, v in state.items()}
        partial = self.folder / "state.partial"
        save_file(tensors, partial)
        partial.rename(self.folder / "state.safetensors")
        (self.folder / "progress.json").write_text(
            json.dumps({"progress": asdict(self.progress), "config": asdict(self.config)})
        )

    def _restore(self) -> None:
        saved = json.loads((self.folder / "progress.json").read_text())
        self.progress = Progress(**saved["progress"])
        tensors = load_file(self.folder / "state.safetensors")
        parts: tuple[tuple[str, nn.Module], ...] = (
            ("model.", self.model), ("average.", self.average), ("to_teacher.", self.to_teacher),
        )  # fmt: skip
        for prefix, model in parts:
            own = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
            model.load_state_dict(own)
        states: dict[int, dict[str, Tensor]] = {}
        for name, value in tensors.items():
            if name.startswith("optimiser."):
                _, index, key = name.split(".", 2)
                states.setdefault(int(index), {})[key] = value
        groups = self.optimiser.state_dict()["param_groups"]
        self.optimiser.load_state_dict({"state": states, "param_groups": groups})


class _Targets:
    """The teacher's embeddings, each number of them made even: most are rarely far from zero."""

    def __init__(self, embeddings: npt.NDArray[np.float16]) -> None:
        self._embeddings = embeddings
        roots = np.sqrt(embeddings[:2000].reshape(-1, EMBEDDING_SIZE).astype(np.float32))
        self._mean = torch.from_numpy(roots.mean(axis=0))
        self._spread = torch.from_numpy(roots.std(axis=0) + 0.05)

    def of(self, rows: list[int]) -> Tensor:
        roots = torch.from_numpy(self._embeddings[rows].astype(np.float32)).sqrt()
        return ((roots - self._mean) / self._spread).clamp(-_FARTHEST, _FARTHEST)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Train the instrument detector.")
    parser.add_argument("stems", type=Path, help="folder that 'rendering stems' wrote")
    parser.add_argument("run", type=Path, help="folder of the run; a run that is there goes on")
    parser.add_argument("--seconds", type=float, default=RunConfig.seconds, help="processor time")
    parser.add_argument("--lessons", type=Path, help="folder that 'lessons' wrote")
    parser.add_argument("--learning-rate", type=float, default=RunConfig.learning_rate)
    parser.add_argument("--channels", type=int, nargs=5, default=RunConfig.channels)
    parser.add_argument("--embedding-size", type=int, default=RunConfig.embedding_size)
    parser.add_argument("--start-from", type=Path, help="a model file; it says the sizes")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    pool = StemPool(options.stems)
    pool.reload()
    logger.info("%s", class_counts(pool))
    config = RunConfig(
        seconds=options.seconds,
        learning_rate=options.learning_rate,
        channels=tuple(options.channels),
        embedding_size=options.embedding_size,
    )
    if options.start_from is not None:
        _, card = load_model(options.start_from)
        config = replace(
            config,
            channels=tuple(card.config["channels"]),
            embedding_size=card.config["embedding_size"],
            start_from=str(options.start_from.resolve()),
        )
    lessons = None
    if options.lessons is not None:
        lessons = Lessons.load(options.lessons).without(pool.left_out)
    Trainer(pool, config, options.run, lessons).run()


if __name__ == "__main__":
    main()
