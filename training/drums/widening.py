"""A wider drum network that initially has exactly the same output as the narrower one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from amtstudio.models.drums import Drums

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from amtstudio.models.drums import DrumsConfig


@torch.no_grad()
def widened(
    weights: Mapping[str, Tensor], narrow: DrumsConfig, wide: DrumsConfig
) -> dict[str, Tensor]:
    """The state of a network of ``wide`` that computes what ``weights`` of ``narrow`` compute.

    Channels that are new read everything, by the weights that a fresh network has, and are read
    by nothing that was there before: these weights are zero and grow from the first step on.

    Raises
    ------
    ValueError
        If the bands differ, or something would be narrower.
    """
    if wide.n_mels != narrow.n_mels:
        raise ValueError(f"n_mels must stay {narrow.n_mels}, got {wide.n_mels}")
    pairs = zip((*narrow.n_maps, narrow.n_channels), (*wide.n_maps, wide.n_channels), strict=True)
    if any(new < old for old, new in pairs):
        raise ValueError("no layer may be narrower than before")
    state = Drums(wide).state_dict()
    n_bands = _n_bands(narrow.n_mels, len(narrow.n_maps))
    for name, old in weights.items():
        new = state[name]
        if name == "neck.weight":  # its inputs are the bands of each map in turn
            read = old.reshape(len(old), narrow.n_maps[-1], n_bands, 1)
            shaped = new.reshape(len(new), wide.n_maps[-1], n_bands, 1).clone()
            state[name] = _grown(read, shaped).flatten(1, 2)
        elif old.shape == new.shape:
            state[name] = old.clone()
        else:
            state[name] = _grown(old, new.clone())
    return state


def _n_bands(n_mels: int, n_layers: int) -> int:
    """Bands after layers that each halve them."""
    for _ in range(n_layers):
        n_mels = -(-n_mels // 2)
    return n_mels


def _grown(old: Tensor, new: Tensor) -> Tensor:
    """``new`` with ``old`` in its corner, and nothing of what is new read by what was there."""
    if old.ndim == 1:
        new[: len(old)] = old
        return new
    n_out, n_in = old.shape[:2]
    new[:n_out, n_in:] = 0.0
    new[:n_out, :n_in] = old
    return new
