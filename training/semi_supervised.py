"""The semi-supervised stage of Strahl & Müller, ISMIR 2024: ``python -m training.semi_supervised``.

It continues from a supervised run (``training.train``) with labelled and unlabelled recordings, as
one of the variants of the paper's Table 2:

    OF    supervised only, for as many steps
    SS1   pseudo-labels alone
    SS2   and distribution matching
    SS3   and augmentation
    SS4   both: the method
    SS5   SS4 with thresholds 0.25 and 0.75
    SS6   SS4 with the offset loss
    SS7   SS4 with lambda 0.01

and, to compare with, one that needs no pseudo-labels:

    VAT   virtual adversarial training, as in ReconVAT (its reconstruction left out)

``training/README.md`` has the commands for its scenarios Full, Small and One-Shot.

Where the published code and the paper's text differ, ``--published`` follows the code: the network
labels in training mode, with dropout and the batch's own statistics. Without it the teacher is in
evaluation mode, and statistics come from labelled batches alone.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from amtstudio.computing.device import choose_device
from amtstudio.errors import InputNotFoundError
from amtstudio.learning.adversarial import virtual_adversarial_loss
from amtstudio.learning.losses import (
    combined_loss,
    total_loss,
    transcription_losses,
    unsupervised_loss,
)
from amtstudio.learning.pseudo_labels import match_distribution, proportion, threshold_labels
from amtstudio.learning.spectrogram_noise import augmented_logits, strong_augmentation
from amtstudio.learning.train_state import (
    MovingAverage,
    Progress,
    read_metadata,
    restore_state,
    save_state,
)
from amtstudio.learning.trainer import freeze_norms
from amtstudio.models.registry import build_transcription_model
from training.datasets import Piece, SegmentDataset, find_pieces
from training.datasets.piece import audio_files, check_root, require_pieces
from training.documented_parser import documented_parser
from training.material import renderer
from training.training_config import TrainingConfig

HEADS = ("onset", "frame", "offset")
_RATIO_SEGMENTS = 200  # sampled for the proportions of the labelled set


@dataclass(frozen=True, slots=True)
class Variant:
    """One row of Table 2, or of what is compared with it."""

    uses_unlabelled: bool = True
    matches: bool = True
    augments: bool = True
    lower: float = 0.05
    upper: float = 0.95
    share: float = 0.05  # lambda
    weights: Mapping[str, float] = field(default_factory=lambda: {"onset": 1.0, "frame": 1.0})
    adversarial: bool = False  # in place of pseudo-labels


METHOD = Variant()
VARIANTS: Mapping[str, Variant] = {
    "OF": Variant(uses_unlabelled=False),
    "SS1": Variant(matches=False, augments=False),
    "SS2": Variant(augments=False),
    "SS3": Variant(matches=False),
    "SS4": METHOD,
    "SS5": replace(METHOD, lower=0.25, upper=0.75),
    "SS6": replace(METHOD, weights={"onset": 1.0, "frame": 1.0, "offset": 1.0}),
    "SS7": replace(METHOD, share=0.01),
    "VAT": Variant(matches=False, augments=False, share=0.5, adversarial=True),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """How long and how fast the stage runs; the rest is that of the supervised run."""

    steps: int = 50_000
    batch_size: int = 8
    labelled_batch_size: int | None = None  # None: as many as unlabelled; One-Shot has 1
    published: bool = False
    learning_rate: float | None = None  # None: that of the supervised run
    device: str = "cpu"
    seed: int = 2


class UnlabelledSegments(SegmentDataset):
    """Random segments of recordings, whose truth is neither read nor needed."""

    def _targets(self, path: Path, first_frame: int) -> dict[str, npt.NDArray[np.float32]]:
        del path, first_frame
        return {}


class SemiSupervisedRun:
    """One variant, starting from a supervised state; resumes where it was stopped.

    Parameters
    ----------
    supervised : Path
        ``state.safetensors`` of the supervised run.
    labelled, unlabelled : sequence of Piece
    """

    def __init__(
        self,
        supervised: Path,
        output: Path,
        variant: Variant,
        stage: Stage,
        *,
        labelled: Sequence[Piece],
        unlabelled: Sequence[Piece],
    ) -> None:
        self._variant, self._stage, self._output = variant, stage, output
        _, values = read_metadata(supervised)
        self.config = TrainingConfig(**values)
        self._device = choose_device(stage.device).torch_device
        torch.manual_seed(stage.seed)
        self.model = build_transcription_model(self.config.model, self.config.model_config).to(
            self._device
        )
        self.average = MovingAverage(self.model, self.config.average_decay)
        kind = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[self.config.optimizer]
        self._optimizer = kind(
            self.model.parameters(),
            lr=self.config.learning_rate,
            weight_decay=self.config.weight_decay,
        )
        self._state = output / "state.safetensors"
        self.progress = Progress()
        if self._state.exists():
            self.progress = restore_state(self._state, self.model, self.average, self._optimizer)
        else:
            # As published: the optimiser state is kept as well.
            restore_state(supervised, self.model, self.average, self._optimizer)
        grid, margin = self.model.grid, self.model.margin
        lengths: dict[str, Any] = {"grid": grid, "n_frames": self.config.n_frames, "margin": margin}
        render = renderer(grid, self.config.targets)
        self._labelled = SegmentDataset(labelled, render, seed=stage.seed, **lengths)
        self._unlabelled = UnlabelledSegments(unlabelled, render, seed=stage.seed + 1, **lengths)
        self.proportions = self._proportions() if variant.matches else {}

    def train(self, *, log_every: int = 50, save_every: int = 1000) -> None:
        self.model.train()
        sums: dict[str, float] = {}
        while self.progress.step < self._stage.steps:
            for name, value in self.step().items():
                sums[name] = sums.get(name, 0.0) + value
            self.progress.step += 1
            self.average.update(self.model, self.progress.step)
            if self.progress.step % log_every == 0:
                means = {name: round(value / log_every, 6) for name, value in sums.items()}
                print(json.dumps({"step": self.progress.step, **means}), flush=True)
                sums.clear()
            if self.progress.step % save_every == 0:
                self.save()
        self.save()

    def step(self) -> dict[str, float]:
        """One step; the losses, and the share of the onset cells that had a pseudo-label."""
        variant = self._variant
        rate = self._stage.learning_rate or self.config.learning_rate
        rate *= 0.98 ** (self.progress.step // 5000)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        size = self._stage.batch_size
        labelled = self._batch(self._labelled, self._stage.labelled_batch_size or size)
        logits = self.model(labelled["audio"], labelled["level"])
        weights = self.config.loss_weights
        supervised = total_loss(transcription_losses(logits, labelled, self.model.heads), weights)
        told = {"supervised": float(supervised.detach())}
        loss = supervised
        if variant.uses_unlabelled:
            unsupervised, known = self._unsupervised(self._batch(self._unlabelled, size))
            loss = combined_loss(supervised, unsupervised, variant.share)
            told |= {"unsupervised": float(unsupervised.detach()), "known": known}
        self._optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.config.max_gradient_norm)
        self._optimizer.step()
        return told

    def _unsupervised(self, batch: dict[str, Tensor]) -> tuple[Tensor, float]:
        variant = self._variant
        generator = torch.Generator().manual_seed(self._stage.seed * 7919 + self.progress.step)
        if variant.adversarial:
            freeze_norms(self.model)
            loss = virtual_adversarial_loss(
                self.model, batch["audio"], batch["level"], variant.weights, generator=generator
            )
            self.model.train()
            return loss, 0.0
        labels = self._pseudo_labels(batch, generator)
        change = strong_augmentation(generator=generator) if variant.augments else None
        if not self._stage.published:
            freeze_norms(self.model)
        logits = augmented_logits(self.model, batch["audio"], batch["level"], change)
        self.model.train()
        known = float((~torch.isnan(labels["onset"])).float().mean())
        return unsupervised_loss(logits, labels, variant.weights), known

    @torch.no_grad()
    def _pseudo_labels(
        self, batch: dict[str, Tensor], generator: torch.Generator
    ) -> dict[str, Tensor]:
        variant = self._variant
        self.model.train(self._stage.published)
        logits = self.model(batch["audio"], batch["level"])
        self.model.train()
        labels = {}
        for head in variant.weights:
            probs = logits[head].float().sigmoid()
            labels[head] = threshold_labels(probs, lower=variant.lower, upper=variant.upper)
            if variant.matches:
                wanted = self.proportions[head]
                labels[head] = match_distribution(labels[head], wanted, generator=generator)
        return labels

    def _batch(self, dataset: SegmentDataset, size: int) -> dict[str, Tensor]:
        first = self.progress.step * size
        segments = [dataset[first + number] for number in range(size)]
        return {
            name: torch.stack([segment[name] for segment in segments]).to(self._device)
            for name in segments[0]
        }

    def _proportions(self) -> dict[str, float]:
        """Ones to zeros of each head, over segments of the labelled set."""
        segments = [self._labelled[number] for number in range(_RATIO_SEGMENTS)]
        return {
            head: proportion(torch.stack([(segment[head] >= 0.5).float() for segment in segments]))
            for head in HEADS
        }

    def save(self) -> None:
        self._output.mkdir(parents=True, exist_ok=True)
        config: dict[str, Any] = asdict(self.config)
        save_state(
            self._state,
            self.model,
            self.average,
            self._optimizer,
            progress=self.progress,
            config=config,
        )


def chosen(
    folders: Sequence[Path], *, groups: Sequence[str] = (), pieces: str = "", split: str = "train"
) -> list[Piece]:
    """The recordings of folders by split, group and name.

    A folder without any recordings of the split, such as the plain layout, is used as a whole.

    Raises
    ------
    ValueError
        If none is left.
    """
    found: list[Piece] = []
    for folder in folders:
        all_pieces = find_pieces(folder)
        of_split = [piece for piece in all_pieces if piece.split == split]
        found += of_split or all_pieces
    kept = [
        piece
        for piece in found
        if (not groups or piece.group in groups) and re.search(pieces, piece.audio.stem)
    ]
    if not kept:
        raise ValueError(f"no recordings of {list(groups) or 'any group'} named {pieces!r}")
    return kept


def without_labels(folder: Path) -> list[Piece]:
    """The recordings of a folder; for training, where it is a data set that says which those are.

    Raises
    ------
    InputNotFoundError
        If there are none.
    """
    check_root(folder)
    try:
        return chosen([folder])
    except InputNotFoundError:
        pieces = [
            Piece(path, path, "train", path.parent.name, path.stem) for path in audio_files(folder)
        ]
        return require_pieces(pieces, folder, "sound files")


def parsed(arguments: Sequence[str] | None) -> Iterator[tuple[str, SemiSupervisedRun]]:
    """The runs that were asked for, each made when its turn comes."""
    options = _parser().parse_args(arguments)
    labelled = chosen(options.labelled, groups=options.groups, pieces=options.pieces)
    unlabelled = [piece for folder in options.unlabelled for piece in without_labels(folder)]
    stage = Stage(
        steps=options.steps,
        batch_size=options.batch_size,
        labelled_batch_size=options.labelled_batch_size,
        published=options.published,
        device=options.device,
        seed=options.seed,
    )
    for name in options.variants:
        output = options.output / name
        output.mkdir(parents=True, exist_ok=True)
        yield (
            name,
            SemiSupervisedRun(
                options.supervised,
                output,
                VARIANTS[name],
                stage,
                labelled=labelled,
                unlabelled=unlabelled,
            ),
        )


def main(arguments: Sequence[str] | None = None) -> None:
    for name, run in parsed(arguments):
        print(f"{name}: {asdict(VARIANTS[name])}", flush=True)
        run.train()


def _parser() -> argparse.ArgumentParser:
    parser = documented_parser("training.semi_supervised", __doc__)
    parser.add_argument("supervised", type=Path, help="state.safetensors of the supervised run")
    parser.add_argument("output", type=Path, help="folder; each variant gets one within")
    parser.add_argument("--labelled", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--unlabelled", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--groups", nargs="*", default=[], help="of the labelled, as AkPnBcht")
    parser.add_argument("--pieces", default="", help="regular expression for their names")
    parser.add_argument("--variants", nargs="+", choices=VARIANTS, default=list(VARIANTS))
    parser.add_argument("--steps", type=int, default=50_000)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--labelled-batch-size", type=int, help="default: as --batch-size")
    parser.add_argument("--published", action="store_true", help="label in training mode")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=2)
    return parser


if __name__ == "__main__":
    main()
