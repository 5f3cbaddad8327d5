"""The shipped piano model: one small convolutional network that serves all 88 keys."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from amtstudio.features import FrameGrid
from amtstudio.features.harmonic_spectrogram import HarmonicSpectrogram, HarmonicSpectrogramConfig
from amtstudio.models.music_context import MusicContext
from amtstudio.models.registry import register
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import NOTE_HEADS, PEDAL, PIANO_HEADS, Head

# (kernel over time, kernel over keys, dilation over time, dilation over keys) of each block. The
# neighbours in time and pitch first, octaves (where false notes come from) in between, then ever
# further in time, to 1.1 s on either side: what came before distinguishes a note from its echo.
BLOCKS = (
    (3, 3, 1, 1),
    (1, 5, 1, 12),
    (5, 1, 1, 1),
    (3, 3, 1, 1),
    (3, 1, 2, 1),
    (1, 5, 1, 12),
    (3, 1, 4, 1),
    (3, 3, 1, 1),
    (3, 1, 8, 1),
    (1, 5, 1, 12),
    (3, 1, 16, 1),
)
# Onsets and offsets are rare: starting at their base rate spares the first steps.
NOTE_STARTS = (-5.0, -5.0, -3.0, 0.0)
WINDOW_LENGTHS = (6144, 2048, 1024)  # samples: the first n_windows of them
# Blocks that a deeper network has on top, to weigh what the others found once more.
FURTHER_BLOCKS = (
    (3, 3, 1, 1),
    (1, 5, 1, 12),
    (5, 1, 1, 1),
    (3, 3, 1, 1),
    (3, 1, 4, 1),
    (3, 3, 1, 1),
    (3, 3, 1, 1),
    (3, 3, 1, 1),
    (3, 3, 1, 1),
    (3, 3, 1, 1),
    (3, 3, 1, 1),
)
# After these blocks every key looks at the keys of its partials and of those it is a partial of.
PARTIAL_LINKS_AFTER = (3, 7, 11)
# Before these blocks a bias identifies each key: a bass note is audible by its upper partials.
TOLD_BEFORE = (0, 4, 8)
# Keys between a note and its partials 3, 5, 6, 7 and 8; blocks see one and two octaves.
PARTIALS = (19, 28, 31, 34, 36)


@dataclass(frozen=True)
class PianoConfig:
    n_channels: int = 48
    hop_length: int = 512  # samples at 16 kHz
    n_windows: int = 2
    n_linked: int = 0  # channels that are handed from partial to partial; 0: none are
    n_further: int = 0  # blocks of FURTHER_BLOCKS
    knows_keys: bool = False  # a bias identifies each key; else all are alike to the blocks
    dereverberates: bool = False  # learned from recordings without late echo, and from others
    n_context: int = 0  # layers of attention over the seconds around
    context_width: int = 256  # of what they know of a frame

    def __post_init__(self) -> None:
        if not 1 <= self.n_windows <= len(WINDOW_LENGTHS):
            raise ValueError(f"n_windows must be 1 to 3, got {self.n_windows}")
        if not 0 <= self.n_linked <= 256:
            raise ValueError(f"n_linked must be 0 to 256, got {self.n_linked}")
        if not 0 <= self.n_further <= len(FURTHER_BLOCKS):
            raise ValueError(f"n_further must be 0 to {len(FURTHER_BLOCKS)}, got {self.n_further}")
        if not 0 <= self.n_context <= 8:
            raise ValueError(f"n_context must be 0 to 8, got {self.n_context}")
        if self.context_width % 8 or not 8 <= self.context_width <= 2048:
            raise ValueError(
                f"context_width must be 8 to 2048 in steps of 8, got {self.context_width}"
            )
        if not 1 <= self.n_channels <= 1024:
            raise ValueError(f"n_channels must be 1 to 1024, got {self.n_channels}")
        if not 64 <= self.hop_length <= 2048:
            raise ValueError(f"hop_length must be 64 to 2048, got {self.hop_length}")


@register("piano", PianoConfig)
class Piano(TranscriptionModel):
    """Notes and pedal of a piano from the harmonics of each key.

    Weights are shared by all keys, so that every second of training audio gives 88 examples: after
    the same minutes on a CPU the classic network with one output unit a key has learned nothing.
    Only a bias for each key and head is its own.
    """

    uses_level: ClassVar[bool] = True
    heads: tuple[Head, ...] = PIANO_HEADS
    # The logits that a new network begins with, of each output of a key.
    starts: ClassVar[tuple[float, ...]] = NOTE_STARTS

    def __init__(self, config: PianoConfig) -> None:
        super().__init__()
        spectrogram = HarmonicSpectrogramConfig(
            hop_length=config.hop_length, window_lengths=WINDOW_LENGTHS[: config.n_windows]
        )
        self.grid = FrameGrid(spectrogram.sample_rate, spectrogram.hop_length)
        self.spectrogram = HarmonicSpectrogram(spectrogram)
        self.margin = self.spectrogram.margin
        self.dereverberates = config.dereverberates
        blocks = BLOCKS + FURTHER_BLOCKS[: config.n_further]
        self.context = sum((time - 1) // 2 * dilation for time, _, dilation, _ in blocks)
        channels = config.n_channels
        self.stem = ConvNormReLU(spectrogram.n_features, channels, (1, 1), (1, 1))
        self.blocks = nn.ModuleList(
            ConvNormReLU(channels, channels, (time, keys), (time_dilation, key_dilation))
            for time, keys, time_dilation, key_dilation in blocks
        )
        for block in self.blocks[len(BLOCKS) :]:
            quieten(block)
        self.music: MusicContext | None = None
        if config.n_context:
            self.music = MusicContext(
                channels,
                spectrogram.n_pitches,
                width=config.context_width,
                n_layers=config.n_context,
            )
            self.context += self.music.reach
        self.links = nn.ModuleDict()
        if config.n_linked:
            for index in PARTIAL_LINKS_AFTER:
                if index >= len(blocks):
                    break
                self.links[str(index)] = _PartialLink(channels, config.n_linked)
        self.places = nn.ParameterDict()
        if config.knows_keys:
            for index in TOLD_BEFORE:
                self.places[str(index)] = nn.Parameter(
                    torch.zeros(channels, 1, spectrogram.n_pitches)
                )
        self.neck = ConvNormReLU(channels, channels, (1, 1), (1, 1))
        n_outputs = len(self.starts)
        self.head = nn.Conv2d(channels, n_outputs, 1)
        self.key_bias = nn.Parameter(torch.zeros(n_outputs, 1, spectrogram.n_pitches))
        if PEDAL in self.heads:
            self.pedal_head = nn.Linear(2 * channels, 1)
        with torch.no_grad():
            assert self.head.bias is not None
            self.head.bias.copy_(torch.tensor(self.starts))

    def forward(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:
        return self.forward_features(self.features(audio, level))

    def forward_changed(
        self, audio: Tensor, level: Tensor | None, change: Callable[[Tensor], Tensor]
    ) -> dict[str, Tensor]:
        return self.forward_features(self.features(audio, level, change))

    def features(
        self,
        audio: Tensor,
        level: Tensor | None,
        change: Callable[[Tensor], Tensor] | None = None,
    ) -> Tensor:
        """The ``HarmonicSpectrogram`` features, (batch, n_features, n_frames, 88).

        ``change`` may alter the spectrogram on the way, as in ``forward_changed``.
        """
        if level is None:
            raise ValueError("the piano model needs the running level")
        # Transforms and logarithms stay in full precision whatever the network runs in.
        with torch.autocast(audio.device.type, enabled=False):
            spectrogram = self.spectrogram.log_frequency(audio.float(), level.float())
            if change is not None:
                spectrogram = change(spectrogram)
            return self.spectrogram.gather(spectrogram)

    def forward_features(self, features: Tensor) -> dict[str, Tensor]:
        """Logits from ``HarmonicSpectrogram`` features, (batch, n_features, n_frames, 88)."""
        return self.told(self.heard(features))

    def told(self, x: Tensor) -> dict[str, Tensor]:
        """Logits from the features at each key, (batch, n_channels, n_frames, 88)."""
        # Not amax(): over the last axis of channels-last memory that takes ten times as long.
        highest = functional.max_pool2d(x, (1, x.shape[3])).squeeze(3)
        pooled = torch.cat([x.mean(dim=3), highest], dim=1)  # (batch, 2 * channels, frames)
        pedal = self.pedal_head(pooled.transpose(1, 2)).float().squeeze(-1)
        names = [head.name for head in NOTE_HEADS]
        return dict(zip(names, self.outputs(x).unbind(dim=1), strict=True)) | {"pedal": pedal}

    def outputs(self, x: Tensor) -> Tensor:
        """The outputs at each key, (batch, n_outputs, n_frames, 88), from its features."""
        logits: Tensor = self.head(x).float() + self.key_bias
        return logits

    def heard(
        self, features: Tensor, *, earlier: list[Tensor] | None = None, at: Collection[int] = ()
    ) -> Tensor:
        """The features at each key, (batch, n_channels, n_frames, 88).

        ``earlier`` takes what the blocks whose numbers are in ``at`` are given.
        """
        x = self.stem(features.contiguous(memory_format=torch.channels_last))
        for index, block in enumerate(self.blocks):
            if str(index) in self.places:
                x = add(x, self.places[str(index)].to(x.dtype))
            if earlier is not None and index in at:
                earlier.append(x)
            x = add(block(x), x)
            if str(index) in self.links:
                x = add(self.links[str(index)](x), x)
            # What follows weighs what the seconds around say of each key.
            if index == len(BLOCKS) - 1 and self.music is not None:
                x = add(self.music(x), x)
        heard: Tensor = self.neck(x)
        return heard


class ConvNormReLU(nn.Sequential):
    """Convolution over (time, keys) that keeps the shape, batch norm, rectifier."""

    def __init__(
        self, n_in: int, n_out: int, kernel: tuple[int, int], dilation: tuple[int, int]
    ) -> None:
        padding = ((kernel[0] - 1) // 2 * dilation[0], (kernel[1] - 1) // 2 * dilation[1])
        super().__init__(
            nn.Conv2d(n_in, n_out, kernel, padding=padding, dilation=dilation, bias=False),
            nn.BatchNorm2d(n_out),
            nn.ReLU(inplace=True),
        )


class _PartialLink(nn.Module):
    """Connects every key with the keys at its partials, above and below.

    A note is explained by others if its energy is theirs: the keys an octave, a twelfth, ... away
    have to be considered together, which neighbourhoods of a few keys never do.
    """

    def __init__(self, n_channels: int, n_linked: int) -> None:
        super().__init__()
        self.shifts = tuple(-shift for shift in reversed(PARTIALS)) + PARTIALS
        self.squeeze = nn.Conv2d(n_channels, n_linked, 1)
        self.mix = ConvNormReLU(n_linked * len(self.shifts), n_channels, (1, 1), (1, 1))
        quieten(self.mix)

    def forward(self, x: Tensor) -> Tensor:
        reach, n_keys = PARTIALS[-1], x.shape[3]
        padded = functional.pad(self.squeeze(x), (reach, reach))
        linked = [padded[..., reach + shift : reach + shift + n_keys] for shift in self.shifts]
        mixed: Tensor = self.mix(
            torch.cat(linked, dim=1).contiguous(memory_format=torch.channels_last)
        )
        return mixed


def quieten(block: nn.Module) -> None:
    """A network that is taught further starts close to what it was."""
    assert isinstance(block, ConvNormReLU)
    norm = block[1]
    assert isinstance(norm, nn.BatchNorm2d)
    nn.init.constant_(norm.weight, 0.2)


def add(fresh: Tensor, kept: Tensor) -> Tensor:
    """``fresh + kept``, in the memory of ``fresh`` where no gradient needs that."""
    return fresh + kept if torch.is_grad_enabled() else fresh.add_(kept)
