"""The U-net of Cheuk et al.: one image of time and frequency to another of the same size."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import torch
from torch import Tensor, nn
from torch.nn import functional

N_LEVELS = 4
FRAME_STEP = 2**N_LEVELS  # frames to one of the innermost level


class UNet(nn.Module):
    """Four levels down and four up; a sigmoid at the end.

    Blocks of two 3 x 3 convolutions with a 1 x 1 convolution around them, halved in time and
    frequency by convolutions with a stride of 2. The skip connections start *after* a level is
    halved, through a 3 x 3 convolution; at full size there is none.

    Parameters
    ----------
    n_channels : int
        Of the outermost level, even; each level further in has twice as many.

    References
    ----------
    Cheuk, Luo, Benetos & Herremans, "The Effect of Spectrogram Reconstruction on Automatic Music
    Transcription: An Alternative Approach to Improve Transcription Accuracy", ICPR 2020, by the
    code published with it (which has 16 channels). There the image is cut off to what the strides
    leave; here frames are padded with zeros to a multiple of 16, so that any number will do. A
    segment of 20.48 s (640 frames) needs none.
    """

    def __init__(self, n_channels: int = 16) -> None:
        super().__init__()
        if n_channels < 2 or n_channels % 2:
            raise ValueError(f"n_channels must be even and 2 or more, got {n_channels}")
        widths = [n_channels * 2**level for level in range(N_LEVELS)]
        self.encoder = _Encoder(widths)
        self.decoder = _Decoder(widths)
        self._is_frozen = False

    def forward(self, image: Tensor) -> Tensor:
        """From (batch, n_frames, n_bins), 16 bins or more, to the same shape, in [0, 1]."""
        n_frames, n_bins = image.shape[1:]
        if n_bins < FRAME_STEP:
            raise ValueError(f"image must have {FRAME_STEP} bins or more, got {n_bins}")
        padded = functional.pad(image, (0, 0, 0, -n_frames % FRAME_STEP))
        inner, sizes, carried = self.encoder(padded[:, None])
        drawn: Tensor = self.decoder(inner, sizes, carried)
        return drawn[:, 0, :n_frames].sigmoid()

    def freeze_encoder(self) -> None:
        """Freeze the weights of the contracting path, and the statistics of its norms."""
        self._is_frozen = True
        self.encoder.requires_grad_(False)
        self.encoder.eval()

    def train(self, mode: bool = True) -> Self:
        super().train(mode)
        if self._is_frozen:
            self.encoder.eval()
        return self


class _Encoder(nn.Module):
    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        inputs = (1, *widths[:-1])
        self.blocks = nn.ModuleList(map(_DownBlock, inputs, widths))
        self.across = nn.ModuleList(nn.Conv2d(n, n, 3, padding=1) for n in widths[:-1])

    def forward(self, x: Tensor) -> tuple[Tensor, list[torch.Size], list[Tensor]]:
        """The innermost image, the size of each level, and what is carried across, outermost first.

        ``x`` is (batch, 1, n_frames, n_bins).
        """
        sizes, halved = [], []
        for block in self.blocks:
            sizes.append(x.shape[2:])
            x = block(x)
            halved.append(x)
        carried = [layer(level) for layer, level in zip(self.across, halved[:-1], strict=True)]
        return x, sizes, carried


class _Decoder(nn.Module):
    def __init__(self, widths: Sequence[int]) -> None:
        super().__init__()
        levels = range(len(widths) - 1, 0, -1)
        self.blocks = nn.ModuleList(_UpBlock(widths[i], widths[i - 1]) for i in levels)
        first = widths[0]
        self.enlarge = nn.ConvTranspose2d(first, first, 2, stride=2)
        self.narrow = nn.Sequential(*_deconvolution(first, first // 2))
        self.draw = nn.ConvTranspose2d(first // 2, 1, 3, padding=1)

    def forward(self, x: Tensor, sizes: list[torch.Size], carried: list[Tensor]) -> Tensor:
        inward = zip(self.blocks, reversed(sizes[1:]), reversed(carried), strict=True)
        for block, size, level in inward:
            x = block(x, size, level)
        x = self.enlarge(x, output_size=sizes[0])
        drawn: Tensor = self.draw(self.narrow(x))
        return drawn


class _DownBlock(nn.Module):
    """Two convolutions with a way around them, then half the size."""

    def __init__(self, n_inputs: int, n_outputs: int) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            *_convolution(n_inputs, n_outputs), *_convolution(n_outputs, n_outputs)
        )
        self.around = nn.Conv2d(n_inputs, n_outputs, 1)
        self.halve = nn.Conv2d(n_outputs, n_outputs, 2, stride=2)

    def forward(self, x: Tensor) -> Tensor:
        halved: Tensor = self.halve(self.convolutions(x) + self.around(x))
        return halved


class _UpBlock(nn.Module):
    """Twice the size, joined with what was carried across, then two convolutions."""

    def __init__(self, n_inputs: int, n_outputs: int) -> None:
        super().__init__()
        joined = n_inputs + n_outputs
        self.enlarge = nn.ConvTranspose2d(n_inputs, n_inputs, 2, stride=2)
        self.convolutions = nn.Sequential(
            *_deconvolution(joined, joined // 2), *_deconvolution(joined // 2, n_outputs)
        )

    def forward(self, x: Tensor, size: torch.Size, carried: Tensor) -> Tensor:
        enlarged = self.enlarge(x, output_size=size)
        drawn: Tensor = self.convolutions(torch.cat([enlarged, carried], dim=1))
        return drawn


def _convolution(n_inputs: int, n_outputs: int) -> list[nn.Module]:
    convolution = nn.Conv2d(n_inputs, n_outputs, 3, padding=1)
    return [convolution, nn.BatchNorm2d(n_outputs), nn.LeakyReLU()]


def _deconvolution(n_inputs: int, n_outputs: int) -> list[nn.Module]:
    convolution = nn.ConvTranspose2d(n_inputs, n_outputs, 3, padding=1)
    return [convolution, nn.BatchNorm2d(n_outputs), nn.LeakyReLU()]
