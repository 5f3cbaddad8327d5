"""The loop in which a student learns: half of it from what is known, half from a teacher."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from amtstudio.computing.device import Device, prefers_bfloat16
from amtstudio.engine.run import IsCancelled
from amtstudio.errors import Cancelled
from amtstudio.learning.adversarial import virtual_adversarial_loss
from amtstudio.learning.altered_views import as_student_hears
from amtstudio.learning.cell_agreement import CellAgreement
from amtstudio.learning.expression import expression_losses, note_losses
from amtstudio.learning.label_tracks import BEND
from amtstudio.learning.losses import (
    answers,
    total_loss,
    transcription_losses,
    unsupervised_loss,
)
from amtstudio.learning.spectrogram_noise import augmented_logits, strong_augmentation
from amtstudio.learning.teachers import MovingAverageTeacher
from amtstudio.learning.train_state import (
    AdaptationProgress,
    MovingAverage,
    averaged,
    read_progress,
    restore_state,
    save_state,
    save_weights,
)
from amtstudio.models.transcription_model import TranscriptionModel

_ALSO_TRUE = {"onset", "offset", "frame", "velocity"}
_WARMUP_SHARE = 0.1  # on a slow computer the whole time is some thirty steps

Batch = dict[str, Tensor]
OnStep = Callable[["StepReport"], None]


@dataclass(frozen=True, slots=True)
class TrainerSettings:
    """The training settings of a student.

    ``share`` is lambda of equation 7. The learning rate rises over ``warmup_steps``, or a tenth
    of the time where that is shorter, and falls to zero along a cosine as the time runs out.
    """

    minutes: float = 5.0
    max_steps: int = 2000
    learning_rate: float = 6e-4
    share: float = 0.5
    warmup_steps: int = 20
    micro_batch: int = 2  # clips at a time: so many can be left at any moment
    average_decay: float = 0.99
    max_gradient_norm: float = 3.0
    mask_share: float = 0.13
    noise_std: float = 0.05
    clean_share: float = 0.2  # of the user's clips, whose spectrogram is shown as it is
    bend_weight: float = 0.5  # of contours that the user made right
    truth_share: float = 0.5  # of the targets of rehearsed music, where a former model has a say
    adversarial_weight: float = 0.0  # of virtual adversarial training, which doubles a step
    save_seconds: float = 30.0
    check_every: int = 40  # steps between two looks at whether it still gets better
    patience: int = 4  # looks without improvement after which it stops
    seed: int = 1
    labelled_weights: Mapping[str, float] = field(
        default_factory=lambda: {
            "onset": 4.0,
            "offset": 1.0,
            "frame": 1.0,
            "velocity": 0.5,
            "pedal": 0.05,
            "bend": 1.0,
            "family": 0.1,
            "live": 2.0,
        }
    )
    taught_weights: Mapping[str, float] = field(
        default_factory=lambda: {"onset": 4.0, "offset": 1.0, "frame": 1.0}
    )


class Material(Protocol):
    """Where batches come from; the same step always gives the same batch.

    A batch holds ``audio``, ``level`` and the heads: targets in ``labelled``, labels that may be
    NaN in ``taught``. Where a ``MovingAverageTeacher`` labels, there are none, and ``taught`` holds
    in addition what ``altered_views.as_student_hears`` takes, or the student hears the same.
    """

    def labelled(self, step: int) -> Batch: ...
    def taught(self, step: int) -> Batch: ...
    def check(self) -> list[Batch]:
        """A few fixed batches that are not learned from, by which to see when to stop."""
        ...


@dataclass(frozen=True, slots=True)
class StepReport:
    """The progress of the loop. ``loss``: of the last step; ``check``: of the last validation.

    ``agreement`` is the F1, in [0, 1], between the student's onsets in the augmented clips of the
    last step and those of the labels; None if both are empty.
    """

    step: int
    fraction: float  # of the time
    loss: float
    check: float | None
    agreement: float | None = None


class Trainer:
    """Trains a model in place; continues from a saved state.

    Norms keep the statistics they came with: statistics of the user's few recordings are the main
    cause of collapse.

    Parameters
    ----------
    model : TranscriptionModel
    device : Device
    material : Material
    settings : TrainerSettings
    folder : Path
        For ``state.safetensors`` (all that is needed to continue, written every half minute) and
        ``best.safetensors``.
    teacher : MovingAverageTeacher, optional
    former : TranscriptionModel, optional
        The model that it was: what it says of rehearsed music is the target beside the truth. The
        truth alone would teach the sound of computed instruments, which is not that of any
        recording.
    clock : callable
        Returns seconds, on which ``settings.minutes`` is based.
    """

    def __init__(
        self,
        model: TranscriptionModel,
        device: Device,
        material: Material,
        settings: TrainerSettings,
        folder: Path,
        *,
        teacher: MovingAverageTeacher | None = None,
        former: TranscriptionModel | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.model = model.to(device.torch_device)
        self._device = device
        self._material = material
        self._settings = settings
        self._folder = folder
        self._teacher = teacher
        self._former = None if former is None else former.to(device.torch_device).eval()
        self._clock = clock
        self.average = MovingAverage(model, settings.average_decay)
        self._optimizer = torch.optim.AdamW(
            model.parameters(), lr=settings.learning_rate, weight_decay=0.0
        )
        self._bfloat16 = prefers_bfloat16(device)
        self.progress = AdaptationProgress()
        self._agreement = CellAgreement()
        self._state = folder / "state.safetensors"
        self._best = folder / "best.safetensors"
        if self._state.exists():
            restore_state(self._state, model, self.average, self._optimizer)
            self.progress = read_progress(self._state, AdaptationProgress)

    def train(self, *, is_cancelled: IsCancelled, on_step: OnStep | None = None) -> None:
        """Train until time, steps or patience are used up; the model then has its best weights.

        Raises
        ------
        Cancelled
            Within a second after ``is_cancelled()`` became true; the state is saved then.
        """
        progress = self.progress
        started, before = self._clock(), progress.wall_hours
        saved = started
        self.model.train()
        freeze_norms(self.model)
        try:
            with called_often(self._listening(), is_cancelled):
                while not self._finished():
                    loss = self._step(is_cancelled)
                    progress.step += 1
                    progress.wall_hours = before + (self._clock() - started) / 3600
                    self.average.update(self.model, progress.step)
                    if progress.step % self._settings.check_every == 0:
                        self._look()
                    if on_step is not None:
                        on_step(self._report(loss))
                    if self._clock() - saved > self._settings.save_seconds:
                        self.save()
                        saved = self._clock()
        except Cancelled:
            self.save()
            raise
        self._look()
        self.save()
        self._take_best()

    def save(self) -> None:
        save_state(
            self._state,
            self.model,
            self.average,
            self._optimizer,
            progress=self.progress,
            config=asdict(self._settings),
        )

    def _listening(self) -> nn.Module:
        """Whatever computes in a step, so that all of it can be left at any layer."""
        return nn.ModuleList([self.model] + ([] if self._former is None else [self._former]))

    @property
    def _fraction(self) -> float:
        by_time = self.progress.wall_hours * 60 / self._settings.minutes
        return min(max(by_time, self.progress.step / self._settings.max_steps), 1.0)

    def _finished(self) -> bool:
        return self._fraction >= 1.0 or self.progress.looks_in_vain >= self._settings.patience

    def _report(self, loss: float) -> StepReport:
        check = self.progress.best_check
        seen = check if check < AdaptationProgress.best_check else None
        agreement = self._agreement.take()
        return StepReport(self.progress.step, self._fraction, loss, seen, agreement)

    def _step(self, is_cancelled: IsCancelled) -> float:
        settings, step = self._settings, self.progress.step
        warmth = max((step + 1) / settings.warmup_steps, self._fraction / _WARMUP_SHARE)
        rate = settings.learning_rate * min(1.0, warmth)
        for group in self._optimizer.param_groups:
            group["lr"] = rate * 0.5 * (1 + math.cos(math.pi * self._fraction))
        self._optimizer.zero_grad(set_to_none=True)
        labelled = self._to_device(self._material.labelled(step))
        taught = self._to_device(self._material.taught(step))
        generator = torch.Generator().manual_seed(settings.seed * 1_000_003 + step)
        if self._teacher is not None:
            self._teacher.follow(self.average)
            level = taught["level"]
            labels = self._teacher.labels(taught["audio"], level, generator=generator)
            taught = as_student_hears(taught, labels)
        total = 0.0
        for batch, part in self._parts(labelled):
            total += self._backward(self._supervised(batch), part * (1 - settings.share))
            raise_if(is_cancelled)
        for batch, part in self._parts(taught):
            loss = self._unsupervised(batch, generator)
            total += self._backward(loss, part * settings.share)
            raise_if(is_cancelled)
        nn.utils.clip_grad_norm_(
            self.model.parameters(), settings.max_gradient_norm, error_if_nonfinite=True
        )
        self._optimizer.step()
        return total

    def _parts(self, batch: Batch) -> Iterator[tuple[Batch, float]]:
        """A few clips at a time, and their share of the batch: gradients add up to the same."""
        size, count = self._settings.micro_batch, len(batch["audio"])
        for first in range(0, count, size):
            part = {name: value[first : first + size] for name, value in batch.items()}
            yield part, len(part["audio"]) / count

    def _backward(self, loss: Tensor, weight: float) -> float:
        torch.autograd.backward(weight * loss)
        return weight * float(loss.detach())

    def _supervised(self, batch: Batch) -> Tensor:
        with self._autocast():
            logits = self.model(batch["audio"], batch["level"])
        if self._former is not None:
            with self._autocast(), torch.no_grad():
                said = answers(self._former(batch["audio"], batch["level"]), self.model.heads)
            targets = said | {
                name: torch.lerp(said[name], batch[name], self._settings.truth_share)
                for name in said.keys() & _ALSO_TRUE
            }
            losses = transcription_losses(logits, targets, self.model.heads)
            return total_loss(losses, self._settings.labelled_weights)
        losses = note_losses(logits, batch, self.model.heads)
        losses |= self.model.own_losses(logits, batch)
        return total_loss(losses, self._settings.labelled_weights)

    def _unsupervised(self, batch: Batch, generator: torch.Generator) -> Tensor:
        settings = self._settings
        change = None
        if float(torch.rand(1, generator=generator)) >= settings.clean_share:
            change = strong_augmentation(
                share=settings.mask_share, std=settings.noise_std, generator=generator
            )
        with self._autocast():
            logits = augmented_logits(self.model, batch["audio"], batch["level"], change)
        labels = {head: batch[head] for head in settings.taught_weights if head in batch}
        if "onset" in labels:
            self._agreement.add(logits["onset"].detach(), labels["onset"])
        loss = unsupervised_loss(logits, labels, settings.taught_weights)
        if BEND in batch and BEND in logits:
            bends = expression_losses({BEND: logits[BEND]}, {BEND: batch[BEND]})
            loss = loss + settings.bend_weight * bends[BEND]
        if settings.adversarial_weight > 0.0:
            with self._autocast():
                loss = loss + settings.adversarial_weight * virtual_adversarial_loss(
                    self.model,
                    batch["audio"],
                    batch["level"],
                    settings.taught_weights,
                    generator=generator,
                )
        return loss

    @torch.no_grad()
    def _look(self) -> None:
        """Compare the averaged weights with the best so far, on validation clips."""
        batches = self._material.check()
        if not batches:
            self._keep_best()
            return
        with self._averaged():
            losses = [float(self._check_loss(self._to_device(batch))) for batch in batches]
        check = sum(losses) / len(losses)
        if check < self.progress.best_check:
            self.progress.best_check, self.progress.looks_in_vain = check, 0
            self._keep_best()
        else:
            self.progress.looks_in_vain += 1

    def _check_loss(self, batch: Batch) -> Tensor:
        with self._autocast():
            logits = self.model(batch["audio"], batch["level"])
        labels = {head: batch[head] for head in self._settings.taught_weights if head in batch}
        loss = unsupervised_loss(logits, labels, self._settings.taught_weights)
        # Divided by all cells: scaled so that batches with few labels count like the others.
        known = sum(float((~torch.isnan(values)).float().mean()) for values in labels.values())
        return loss / max(known / len(labels), 1e-6)

    def _keep_best(self) -> None:
        save_weights(self._best, self.average.values)

    def _take_best(self) -> None:
        values = load_file(self._best) if self._best.exists() else self.average.values
        state = self.model.state_dict()
        with torch.no_grad():
            for name, value in values.items():
                state[name].copy_(value)
        self.model.eval()

    @contextmanager
    def _averaged(self) -> Iterator[None]:
        """The model with its averaged weights, for a while."""
        former = {name: value.clone() for name, value in averaged(self.model).items()}
        state = self.model.state_dict()
        self.model.eval()
        try:
            for name, value in self.average.values.items():
                state[name].copy_(value)
            yield
        finally:
            for name, value in former.items():
                state[name].copy_(value)
            self.model.train()
            freeze_norms(self.model)

    def _autocast(self) -> torch.autocast:
        return torch.autocast(
            self._device.torch_device.type, dtype=torch.bfloat16, enabled=self._bfloat16
        )

    def _to_device(self, batch: Batch) -> Batch:
        return {name: value.to(self._device.torch_device) for name, value in batch.items()}


def freeze_norms(model: nn.Module) -> None:
    """Let batch norms use the statistics they have, and leave them as they are."""
    for module in model.modules():
        if isinstance(module, nn.modules.batchnorm._BatchNorm):  # noqa: SLF001 - all of them
            module.eval()


def raise_if(is_cancelled: IsCancelled) -> None:
    if is_cancelled():
        raise Cancelled


@contextmanager
def called_often(model: nn.Module, is_cancelled: IsCancelled) -> Iterator[None]:
    """Look before every layer whether the work is cancelled."""

    def look(*_: object) -> None:
        raise_if(is_cancelled)

    handles = [module.register_forward_pre_hook(look) for module in model.modules()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()
