"""One process of a training run: steps, moving average, saved states."""

from __future__ import annotations

import json
import signal
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch.utils.data import DataLoader

from amtstudio.computing.device import choose_device, prefers_bfloat16
from amtstudio.computing.threads import set_thread_count
from amtstudio.learning.expression import note_losses
from amtstudio.learning.losses import total_loss
from amtstudio.learning.train_state import MovingAverage, Progress, restore_state, save_state
from amtstudio.models.registry import build_transcription_model
from training.freezing import freeze_first_blocks
from training.hard_notes import emphasised_onset_loss
from training.muon import Muon
from training.peer_processes import PeerProcesses
from training.reconstruction import Reconstruction
from training.warm_start import warm_start

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from torch import Tensor, nn

    from training.training_config import TrainingConfig

LOG_EVERY = 50  # steps
ALONE = PeerProcesses()
OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW, "muon": Muon}


class Run:
    """Trains a model as its config says; of several processes, the first writes.

    A state is saved every few minutes, at the end, and when the process is asked to stop
    (SIGTERM); the same config then continues with exactly the clips that would have come next.
    """

    def __init__(self, config: TrainingConfig, peers: PeerProcesses = ALONE) -> None:
        self.config, self.peers = config, peers
        self.output = Path(config.output)
        torch.manual_seed(config.seed)
        name = f"cuda:{peers.local_rank}" if config.device == "cuda" else config.device
        device = choose_device(name)
        self.device = device.torch_device
        self.uses_bfloat16 = config.bfloat16 and prefers_bfloat16(device)
        if device.is_cpu:
            set_thread_count(1 if peers.count > 1 else None)
        peers.join(self.device)
        self.model = build_transcription_model(config.model, config.model_config).to(self.device)
        if config.start_from:
            warm_start(self.model, Path(config.start_from))
        self.average = MovingAverage(self.model, config.average_decay)
        self.optimizer: torch.optim.Optimizer = OPTIMIZERS[config.optimizer](
            self.model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay
        )
        self.progress = Progress()
        self.state_file = self.output / "state.safetensors"
        if self.state_file.exists():
            self.progress = restore_state(self.state_file, self.model, self.average, self.optimizer)
        self._network: nn.Module = self.model
        self._reconstruction: Reconstruction | None = None
        self._stop_asked = False
        # Of the minutes given, those that are gone; None: only steps count.
        self._share_of_time: float | None = None
        if config.minutes:
            self._share_of_time = self.progress.wall_hours * 60 / config.minutes
        self._sums: dict[str, Tensor] = {}

    def train(self) -> None:
        """Train to the last step, to the end of the time given, or until asked to stop."""
        signal.signal(signal.SIGTERM, self._ask_to_stop)
        progress, config = self.progress, self.config
        started, wall_before = time.monotonic(), progress.wall_hours
        last_save = started
        self.prepare()
        for batch in self.batches():
            self.learn(batch)
            progress.wall_hours = wall_before + (time.monotonic() - started) / 3600
            if progress.step % LOG_EVERY == 0:
                self._log()
            if self._all_stop():
                break
            if time.monotonic() - last_save > 60 * config.save_minutes:
                self.save()
                last_save = time.monotonic()
        self.save()

    def prepare(self) -> None:
        """Before the first batch."""
        self.model.train()
        if self.config.frozen_blocks:
            freeze_first_blocks(self.model, self.config.frozen_blocks)
        self._network = self.peers.averaging(self.model)
        if self.config.reconstruction_weight:
            self._reconstruction = Reconstruction(self.model).to(self.device)

    def learn(self, batch: dict[str, Tensor]) -> None:
        """One step, after which the run is one step further."""
        progress, n_clips = self.progress, self.config.batch_size
        self._count(self._step(batch))
        progress.step += 1
        progress.n_clips += n_clips
        clip_s = self.model.grid.to_seconds(self.config.n_frames)
        progress.audio_hours += n_clips * clip_s / 3600
        self.average.update(self.model, progress.step)

    def batches(self) -> Iterable[dict[str, Tensor]]:
        # What is packed for a GPU is read without all that reads recordings and music.
        from training.material import training_material  # noqa: PLC0415

        config = self.config
        return DataLoader(
            training_material(
                config,
                self.model.grid,
                self.model.margin,
                dereverberates=self.model.dereverberates,
            ),
            batch_sampler=ClipNumbers(config, self.peers, self.progress.step),
            num_workers=config.workers,
            prefetch_factor=4 if config.workers else None,
            pin_memory=self.device.type == "cuda",
        )

    def _step(self, batch: dict[str, Tensor]) -> dict[str, Tensor]:
        config = self.config
        for group in self.optimizer.param_groups:
            group["lr"] = config.learning_rate_at(self.progress.step, self._share_of_time)
        batch = {name: value.to(self.device, non_blocking=True) for name, value in batch.items()}
        with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.uses_bfloat16):
            logits = self._network(batch["audio"], batch["level"])
        losses = note_losses(logits, batch, self.model.heads)
        if config.hard_note_weight != 1.0:
            losses["onset"] = emphasised_onset_loss(logits["onset"], batch, config.hard_note_weight)
        self.optimizer.zero_grad(set_to_none=True)
        losses |= self.model.own_losses(logits, batch)
        if self._reconstruction is not None:
            losses["reconstruction"] = self._reconstruction.loss(logits, batch)
        weights = config.loss_weights | {"reconstruction": config.reconstruction_weight}
        torch.autograd.backward(total_loss(losses, weights))
        # An invalid clip must not be learned from, nor the resulting weights be saved.
        torch.nn.utils.clip_grad_norm_(
            self.model.parameters(), config.max_gradient_norm, error_if_nonfinite=True
        )
        self.optimizer.step()
        if self._reconstruction is not None:
            self._reconstruction.step()
        return {head: loss.detach() for head, loss in losses.items()}

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stop_asked = True

    def _all_stop(self) -> bool:
        """Whether time is up or any process was asked to stop: all must leave at the same step."""
        share, asked = 0.0, float(self._stop_asked)
        if self.config.minutes:
            share = self.progress.wall_hours * 60 / self.config.minutes
        if self.peers.count > 1:
            # And all must learn at the same rate, which time may tell.
            told = torch.tensor([share, asked], device=self.device)
            share, asked = self.peers.largest(told).tolist()
        if self.config.minutes:
            self._share_of_time = share
        return asked > 0 or share >= 1.0

    def _count(self, losses: dict[str, Tensor]) -> None:
        # Not as numbers: a GPU would have to be waited for.
        for head, loss in losses.items():
            self._sums[head] = self._sums[head] + loss if head in self._sums else loss

    def _log(self) -> None:
        means = {head: round(float(total) / LOG_EVERY, 5) for head, total in self._sums.items()}
        self._sums.clear()
        if self.peers.is_first:
            progress = {name: round(value, 4) for name, value in vars(self.progress).items()}
            line = json.dumps(progress | means)
            print(line, flush=True)
            with (self.output / "log.jsonl").open("a") as file:
                file.write(line + "\n")

    def save(self) -> None:
        if self.peers.is_first:
            save_state(
                self.state_file,
                self.model,
                self.average,
                self.optimizer,
                progress=self.progress,
                config=asdict(self.config),
            )


class ClipNumbers:
    """The numbers of the clips of one process, batch after batch, from a given step on."""

    def __init__(self, config: TrainingConfig, peers: PeerProcesses, first_step: int) -> None:
        self._config, self._peers, self._first_step = config, peers, first_step

    def __iter__(self) -> Iterator[list[int]]:
        share = self._config.batch_size // self._peers.count
        for step in range(self._first_step, self._config.steps):
            first = step * self._config.batch_size + self._peers.rank * share
            yield list(range(first, first + share))
