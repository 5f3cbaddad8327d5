"""Beats and downbeats from notes: a small temporal convolutional network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn

from amtstudio.features.note_features import GRID, N_FEATURES
from amtstudio.models.audio_model import AudioModel
from amtstudio.models.card import BEATS
from amtstudio.models.registry import register

_KERNEL = 5


@dataclass(frozen=True)
class BeatsConfig:
    n_channels: int = 32
    n_blocks: int = 10  # dilations 1, 2, 4, ...: ten of them look 2,000 steps to either side
    dropout: float = 0.1
    fold: int = 1  # frames to a step of the network: two see twice as far for half the work

    def __post_init__(self) -> None:
        if not 1 <= self.n_channels <= 512:
            raise ValueError(f"n_channels must be 1 to 512, got {self.n_channels}")
        if not 1 <= self.n_blocks <= 14:
            raise ValueError(f"n_blocks must be 1 to 14, got {self.n_blocks}")
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"dropout must be in [0, 1), got {self.dropout}")
        if not 1 <= self.fold <= 4:
            raise ValueError(f"fold must be 1 to 4, got {self.fold}")


@register("beats", BeatsConfig)
class Beats(AudioModel):
    """Tells of each frame of notes whether a beat, or a downbeat, falls on it.

    References
    ----------
    Davies & Böck, "Temporal convolutional networks for musical audio beat tracking", EUSIPCO 2019,
    for the dilated convolutions; here over notes in place of a spectrogram, with a second output
    for downbeats as in Böck, Davies & Knees, "Multi-task learning of tempo and beat", ISMIR 2019.
    """

    decoder: ClassVar[str] = BEATS

    def __init__(self, config: BeatsConfig) -> None:
        super().__init__()
        self.grid = GRID
        self.margin = 0
        self.fold = config.fold
        channels = config.n_channels
        self.stem = nn.Sequential(
            nn.Conv1d(N_FEATURES * self.fold, channels, 3, padding=1),
            nn.ELU(),
            nn.Conv1d(channels, channels, 1),
        )
        self.blocks = nn.ModuleList(
            _Block(channels, 2**index, config.dropout) for index in range(config.n_blocks)
        )
        self.head = nn.Conv1d(channels, 2 * self.fold, 1)
        with torch.no_grad():
            assert self.head.bias is not None
            # Not repeated: without memory for the weights, as they are read, that would load sympy.
            self.head.bias[0::2] = -3.0
            self.head.bias[1::2] = -4.0

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of beats and of downbeats.

        Parameters
        ----------
        features : Tensor, shape (batch, n_frames, N_FEATURES)
            Of ``features.note_features``.

        Returns
        -------
        Tensor, Tensor, each of shape (batch, n_frames)
        """
        n_batch, n_frames, _ = features.shape
        features = nn.functional.pad(features, (0, 0, 0, -n_frames % self.fold))
        x = self.stem(features.reshape(n_batch, -1, self.fold * N_FEATURES).transpose(1, 2))
        for block in self.blocks:
            x = x + block(x)
        told = self.head(nn.functional.elu(x)).transpose(1, 2).reshape(n_batch, -1, 2)
        beat, downbeat = told[:, :n_frames].unbind(dim=2)
        return beat, downbeat


class _Block(nn.Sequential):
    """A dilated convolution, and one of a single frame."""

    def __init__(self, n_channels: int, dilation: int, dropout: float) -> None:
        reach = (_KERNEL - 1) // 2 * dilation
        super().__init__(
            nn.ELU(),
            nn.Conv1d(n_channels, n_channels, _KERNEL, padding=reach, dilation=dilation),
            nn.ELU(),
            nn.Dropout(dropout),
            nn.Conv1d(n_channels, n_channels, 1),
        )
