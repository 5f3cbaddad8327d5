"""Start a larger network from a smaller one that was trained already."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import torch

from amtstudio.models.checkpoint import load_model
from amtstudio.models.piano import PARTIALS

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor, nn

# Weights whose inputs are runs of channels, one after the other, of which each grows; and how many.
_RUNS_OF_INPUTS = (
    (re.compile(r"pedal_head\.weight"), 2),
    (re.compile(r"links\.\d+\.mix\.0\.weight"), 2 * len(PARTIALS)),
)


@torch.no_grad()
def warm_start(model: nn.Module, checkpoint: Path) -> list[str]:
    """Copy the weights of ``checkpoint`` into ``model``, which may be wider or have more parts.

    Channels from the checkpoint ignore the new ones at first, so that what it has
    learned survives the step (Chen, Goodfellow, Shlens: "Net2Net: Accelerating Learning via
    Knowledge Transfer", ICLR 2016, with zeros instead of copies); new channels and parts start
    from their random values.

    Returns
    -------
    list of str
        Names of the parameters and buffers that the checkpoint has nothing for.

    Raises
    ------
    ValueError
        If a tensor of the model is smaller than that of the checkpoint.
    """
    known = load_model(checkpoint)[0].state_dict()
    missing = []
    for name, value in model.state_dict().items():
        if name not in known:
            missing.append(name)
        elif value.is_floating_point():
            _grow(name, known[name].float(), value)
    return missing


def _grow(name: str, small: Tensor, large: Tensor) -> None:
    """Write ``small`` into ``large`` in place."""
    if any(a > b for a, b in zip(small.shape, large.shape, strict=True)):
        raise ValueError(f"{name} shrinks from {tuple(small.shape)} to {tuple(large.shape)}")
    rows = slice(small.shape[0]) if small.ndim else ()
    if small.ndim < 2 or name == "key_bias":
        large[rows] = small
        return
    large[rows] = 0.0
    n_runs = next((n for pattern, n in _RUNS_OF_INPUTS if pattern.fullmatch(name)), 1)
    n_known, n_all = small.shape[1] // n_runs, large.shape[1] // n_runs
    for run in range(n_runs):
        known = small[:, run * n_known : (run + 1) * n_known]
        large[rows, run * n_all : run * n_all + n_known] = known
