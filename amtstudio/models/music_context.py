"""Musical context of a moment: attention over several seconds of frames, for all keys together."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

REACH = 64  # frames on either side that a layer attends to: 2 s at a hop of 512
_N_HEADS = 8
_N_PER_KEY = 4  # channels per key, in and out of the context vector


class MusicContext(nn.Module):
    """Adds context from the surrounding seconds to the features at each key.

    Convolutions see a second of each key and its relatives. Here all keys of a frame become one
    vector, which attends to those of the surrounding frames (Vaswani et al., "Attention Is All You
    Need", NeurIPS 2017), by content and distance, and is distributed back to the keys. New context
    and new layers of it add nothing: a network that is trained further starts out unchanged.
    """

    def __init__(self, n_channels: int, n_keys: int, *, width: int, n_layers: int) -> None:
        super().__init__()
        self.reach = n_layers * REACH
        self.squeeze = nn.Conv2d(n_channels, _N_PER_KEY, 1)
        self.enter = nn.Linear(_N_PER_KEY * n_keys, width)
        self.layers = nn.ModuleList(_Layer(width) for _ in range(n_layers))
        self.leave = nn.Linear(width, _N_PER_KEY * n_keys)
        self.spread = nn.Conv2d(_N_PER_KEY, n_channels, 1, bias=False)
        nn.init.zeros_(self.spread.weight)

    def forward(self, x: Tensor) -> Tensor:
        """The residual for (batch, n_channels, n_frames, n_keys)."""
        frames: Tensor = self.enter(self.squeeze(x).transpose(1, 2).flatten(2))
        for layer in self.layers:
            frames = layer(frames)
        told = self.leave(frames).unflatten(2, (_N_PER_KEY, -1)).transpose(1, 2)
        spread: Tensor = self.spread(told.contiguous(memory_format=torch.channels_last))
        return spread


class _Layer(nn.Module):
    """Attention within ``REACH`` and two linear layers, each after a norm, each added."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.queries_keys_values = nn.Linear(width, 3 * width)
        self.mix = nn.Linear(width, width)
        self.distances = nn.Parameter(torch.zeros(_N_HEADS, 2 * REACH + 1))
        self.think = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        for last in (self.mix, self.think[-1]):
            assert isinstance(last, nn.Linear)
            nn.init.zeros_(last.weight)
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor) -> Tensor:
        queries, keys, values = self.queries_keys_values(self.norm(x)).chunk(3, dim=2)
        x = x + self.mix(local_attention(queries, keys, values, self.distances))
        thought: Tensor = x + self.think(x)
        return thought


def local_attention(queries: Tensor, keys: Tensor, values: Tensor, distances: Tensor) -> Tensor:
    """Attention of every frame to those within ``REACH`` of it.

    Frames are taken in blocks, and those of a block look at it and at the blocks beside it: time
    and memory grow with the length of the recording, not with its square.

    Parameters
    ----------
    queries, keys, values : Tensor, shape (batch, n_frames, width)
    distances : Tensor, shape (n_heads, 2 * REACH + 1)
        What is added to the logit of a frame ``d`` later, at ``REACH + d``.

    Returns
    -------
    Tensor, shape (batch, n_frames, width)
    """
    n_heads, n_frames = len(distances), queries.shape[1]
    n_blocks = -(-n_frames // REACH)
    surplus = n_blocks * REACH - n_frames

    def blocks(frames: Tensor, before: int, length: int) -> Tensor:
        """(batch * n_blocks, n_heads, length, width of a head)"""
        padded = functional.pad(frames, (0, 0, before, before + surplus))
        cut = padded.view(*padded.shape[:2], n_heads, -1).unfold(1, length, REACH)
        return cut.permute(0, 1, 2, 4, 3).flatten(0, 1)

    near = torch.arange(3 * REACH, device=queries.device)
    away = near[None] - REACH - near[:REACH, None]
    bias = distances.to(queries.dtype)[:, (away + REACH).clamp(0, 2 * REACH)]
    frame = (near - REACH)[None] + REACH * torch.arange(n_blocks, device=queries.device)[:, None]
    there = (frame >= 0) & (frame < n_frames)
    seen = (away.abs() <= REACH) & there[:, None]  # (n_blocks, REACH, 3 * REACH)
    # A block's last frames may be beyond the recording and see nothing; they are cut off.
    seen |= away == 0
    mask = torch.where(seen[:, None], bias, -torch.inf)
    batch = len(queries)
    attended = functional.scaled_dot_product_attention(
        blocks(queries, 0, REACH),
        blocks(keys, REACH, 3 * REACH),
        blocks(values, REACH, 3 * REACH),
        attn_mask=mask.repeat(batch, 1, 1, 1),
    )
    merged = attended.transpose(1, 2).flatten(2)  # (batch * n_blocks, REACH, width)
    return merged.view(batch, n_blocks * REACH, -1)[:, :n_frames]
