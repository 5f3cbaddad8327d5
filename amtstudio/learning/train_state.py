"""Everything that a run needs to go on where it stopped, in one safetensors file."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import torch
from safetensors import safe_open
from safetensors.torch import save as tensors_to_bytes

from amtstudio.atomic_file import write_atomically

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn


@dataclass
class Progress:
    """The progress of a run."""

    step: int = 0
    n_clips: int = 0
    audio_hours: float = 0.0
    wall_hours: float = 0.0


@dataclass
class AdaptationProgress(Progress):
    """The progress of an adaptation, and when it last improved."""

    best_check: float = 1e9  # lowest validation loss
    looks_in_vain: int = 0  # since then


ProgressKind = TypeVar("ProgressKind", bound=Progress)


class MovingAverage:
    """Exponential moving average of the floating-point weights and statistics of a model."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.values = {name: value.clone() for name, value in averaged(model).items()}

    @torch.no_grad()
    def update(self, model: nn.Module, step: int) -> None:
        # A short memory at first, or the random start would linger.
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, value in averaged(model).items():
            self.values[name].lerp_(value, 1 - decay)


def averaged(model: nn.Module) -> dict[str, Tensor]:
    return {
        name: value.detach()
        for name, value in model.state_dict().items()
        if value.is_floating_point()
    }


def save_state(
    path: Path,
    model: nn.Module,
    average: MovingAverage,
    optimizer: torch.optim.Optimizer,
    *,
    progress: Progress,
    config: dict[str, Any],
) -> None:
    """Write to a temporary name, then rename: a kill leaves the former state."""
    tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
    tensors |= {f"average.{name}": value for name, value in average.values.items()}
    names = [name for name, _ in model.named_parameters()]
    for index, moments in optimizer.state_dict()["state"].items():
        for key, value in moments.items():
            tensors[f"optimizer.{key}.{names[index]}"] = torch.as_tensor(value)
    metadata = {"progress": json.dumps(vars(progress)), "config": json.dumps(config)}
    save_weights(path, tensors, metadata=metadata)


def save_weights(
    path: Path, tensors: dict[str, Tensor], *, metadata: dict[str, str] | None = None
) -> None:
    """Write tensors whole or not at all: a process that is killed leaves the former file."""
    plain = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    write_atomically(path, tensors_to_bytes(plain, metadata), overwrite=True)


def read_metadata(path: Path) -> tuple[Progress, dict[str, Any]]:
    return read_progress(path, Progress), json.loads(_metadata(path)["config"])


def read_progress(path: Path, kind: type[ProgressKind]) -> ProgressKind:
    """The progress of the run; fields unknown to ``kind`` are ignored."""
    known = {entry.name for entry in fields(kind)}
    values = json.loads(_metadata(path)["progress"])
    return kind(**{name: value for name, value in values.items() if name in known})


def _metadata(path: Path) -> dict[str, str]:
    with safe_open(path, framework="pt") as file:
        metadata: dict[str, str] = file.metadata()
        return metadata


def read_tensors(path: Path, prefix: str) -> dict[str, Tensor]:
    """The tensors whose name starts with ``prefix``, without it."""
    with safe_open(path, framework="pt") as file:
        names = [name for name in file.keys() if name.startswith(prefix)]  # noqa: SIM118
        return {name.removeprefix(prefix): file.get_tensor(name) for name in names}


def restore_state(
    path: Path, model: nn.Module, average: MovingAverage, optimizer: torch.optim.Optimizer
) -> Progress:
    """Load weights, average and optimiser; returns how far the run was."""
    progress, _ = read_metadata(path)
    model.load_state_dict(read_tensors(path, "model."))
    for name, value in read_tensors(path, "average.").items():
        average.values[name].copy_(value)
    moments: dict[int, dict[str, Tensor]] = {}
    stored = read_tensors(path, "optimizer.")
    keys = {name.partition(".")[0] for name in stored}
    for index, (name, _) in enumerate(model.named_parameters()):
        # Which there are differs between optimisers.
        found = {key: stored[f"{key}.{name}"] for key in keys if f"{key}.{name}" in stored}
        if found:
            moments[index] = found
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": moments, "param_groups": groups})
    return progress
