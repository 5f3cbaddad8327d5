"""The processes that train one model together: those that torchrun started, or this one alone."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import distributed
from torch.nn.parallel import DistributedDataParallel

if TYPE_CHECKING:
    from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class PeerProcesses:
    """The rank of this process among those of a run, each of which takes its share of a batch."""

    rank: int = 0
    count: int = 1
    local_rank: int = 0  # among those of this machine

    @property
    def is_first(self) -> bool:
        """Whether this process writes what the run leaves."""
        return self.rank == 0

    @property
    def is_first_here(self) -> bool:
        """Whether this process prepares what the others of its machine read."""
        return self.local_rank == 0

    def join(self, device: torch.device) -> None:
        """Find the others: on GPUs by NCCL, on processors by Gloo."""
        if self.count == 1 or distributed.is_initialized():
            return
        if device.type == "cuda":
            torch.cuda.set_device(device)
        distributed.init_process_group("nccl" if device.type == "cuda" else "gloo")

    def leave(self) -> None:
        if distributed.is_initialized():
            distributed.destroy_process_group()

    def wait(self) -> None:
        """Until all have come this far."""
        if self.count > 1:
            distributed.barrier()

    def largest(self, values: Tensor) -> Tensor:
        """The largest of what each process gives, element by element; in the memory of mine."""
        if self.count > 1:
            distributed.all_reduce(values, distributed.ReduceOp.MAX)
        return values

    def averaging(self, model: nn.Module) -> nn.Module:
        """The model, whose gradients are the means over all processes."""
        if self.count == 1:
            return model
        device = next(model.parameters()).device
        return DistributedDataParallel(
            model,
            device_ids=[device.index] if device.type == "cuda" else None,
            gradient_as_bucket_view=True,
        )


def peers_of_torchrun() -> PeerProcesses:
    """The settings from torchrun; a single process if started without it."""
    names = ("RANK", "WORLD_SIZE", "LOCAL_RANK")
    if not all(name in os.environ for name in names):
        return PeerProcesses()
    return PeerProcesses(*(int(os.environ[name]) for name in names))
