"""Leave the first layers of a network as they are: what is learnt last costs two thirds then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amtstudio.models.piano import Piano

if TYPE_CHECKING:
    from torch import nn


def freeze_first_blocks(model: nn.Module, n_blocks: int) -> None:
    """Keep weights and norm statistics of the stem and the first ``n_blocks`` blocks.

    No gradient is computed for them. Call it after ``model.train()``.

    Raises
    ------
    ValueError
        If the network is none of blocks, or has fewer.
    """
    if not isinstance(model, Piano) or not 0 <= n_blocks <= len(model.blocks):
        raise ValueError(f"cannot freeze {n_blocks} blocks of {type(model).__name__}")
    if n_blocks == 0:
        return
    kept = [model.stem, *model.blocks[:n_blocks]]
    kept += [link for index, link in model.links.items() if int(index) < n_blocks]
    for part in kept:
        part.eval()
        part.requires_grad_(False)
    for index, place in model.places.items():
        if int(index) < n_blocks:
            place.requires_grad_(False)
