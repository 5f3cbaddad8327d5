"""The network for drums: which drum is struck, when, and how hard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from amtstudio.features import FrameGrid
from amtstudio.features.drum_spectrogram import DrumSpectrogram
from amtstudio.models.registry import register
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.drums import DRUMS, KIT
from amtstudio.symbolic.heads import Head, HeadKind

SAMPLE_RATE = 32000  # Hz: above the instruments of a band, cymbals are alone
HOP_LENGTH = 320  # samples: 10 ms
HEADS = ("onset", "velocity")
_PAST_DILATIONS = (1, 2, 4, 8, 16)  # frames: to 0.6 s back
_BOTH_DILATIONS = (1, 2, 4, 8, 16, 32)  # frames: to 0.6 s on either side, for files
LOOK_AHEAD_FRAMES = 2  # of the live head, beside the windows' own


@dataclass(frozen=True)
class DrumsConfig:
    """Widths of the network.

    ``n_maps``: channels of the four layers over time and frequency; ``n_channels``: of those over
    time alone.
    """

    n_mels: int = 96
    n_maps: tuple[int, ...] = (16, 24, 32, 40)
    n_channels: int = 112

    def __post_init__(self) -> None:
        if not 16 <= self.n_mels <= 512:
            raise ValueError(f"n_mels must be 16 to 512, got {self.n_mels}")
        if len(self.n_maps) != 4 or not all(1 <= maps <= 512 for maps in self.n_maps):
            raise ValueError(f"n_maps must be four numbers of 1 to 512, got {self.n_maps}")
        if not 1 <= self.n_channels <= 1024:
            raise ValueError(f"n_channels must be 1 to 1024, got {self.n_channels}")


@register("drums", DrumsConfig)
class Drums(TranscriptionModel):
    """Onsets and velocities of ten drums, after a moment for files and at once for live use.

    Four convolutions over time and frequency, then dilated ones over time that look back. The live
    head branches off there, having seen ``live_look_ahead`` seconds after a frame; six more
    convolutions that look both ways lead to the head for files: whether a hi-hat is open, or a
    cymbal is a crash, is decided by how the sound continues and by the strokes around it.
    """

    uses_level: ClassVar[bool] = True
    heads: tuple[Head, ...] = (
        Head("onset", HeadKind.EVENT, KIT),
        Head("velocity", HeadKind.VALUE, KIT, where="onset"),
    )
    decoder: ClassVar[str] = "drums"
    plays: ClassVar[tuple[str, ...]] = ("drums",)
    drums: ClassVar[tuple[str, ...]] = DRUMS

    def __init__(self, config: DrumsConfig) -> None:
        super().__init__()
        self.grid = FrameGrid(SAMPLE_RATE, HOP_LENGTH)
        self.spectrogram = DrumSpectrogram(
            sample_rate=SAMPLE_RATE, hop_length=HOP_LENGTH, n_mels=config.n_mels
        )
        self.margin = self.spectrogram.margin
        self.context = 4 * 2 + sum(2 * dilation for dilation in _PAST_DILATIONS)
        self.context += sum(_BOTH_DILATIONS)
        self.live_look_ahead = (
            LOOK_AHEAD_FRAMES * HOP_LENGTH + self.spectrogram.look_ahead
        ) / SAMPLE_RATE
        self.bands = nn.BatchNorm1d(2 * config.n_mels)
        maps = config.n_maps
        # The first two layers see a frame ahead each, the others only back.
        self.layers = nn.Sequential(
            _Maps(2, maps[0], bands=5, stride=2, ahead=1),
            _Maps(maps[0], maps[1], bands=3, stride=2, ahead=1),
            _Maps(maps[1], maps[2], bands=3, stride=2, ahead=0),
            _Maps(maps[2], maps[3], bands=3, stride=2, ahead=0),
        )
        n_bands = config.n_mels
        for _ in range(4):
            n_bands = -(-n_bands // 2)
        self.neck = nn.Conv1d(maps[3] * n_bands, config.n_channels, 1)
        self.past = nn.ModuleList(
            _Residual(config.n_channels, dilation, is_causal=True) for dilation in _PAST_DILATIONS
        )
        self.both = nn.ModuleList(
            _Residual(config.n_channels, dilation, is_causal=False) for dilation in _BOTH_DILATIONS
        )
        n_out = len(HEADS) * len(DRUMS)
        self.live_head = _Head(config.n_channels, n_out)
        self.head = _Head(config.n_channels, n_out)

    def forward(
        self, audio: Tensor, level: Tensor | None = None, *, live: bool = False
    ) -> dict[str, Tensor]:
        """Compute logits.

        Parameters
        ----------
        audio : Tensor, shape (batch, (n_frames - 1) * 320 + 2 * margin)
            Mono samples at 32 kHz, full scale 1.
        level : Tensor, shape (batch, n_frames)
            Running level (``features.running_level``, linear RMS) around each frame.
        live : bool
            From the head that needs only ``live_look_ahead`` seconds after a frame.

        Returns
        -------
        dict of Tensor
            ``onset`` and ``velocity``, each (batch, n_frames, 10), columns as in ``DRUMS``; in
            training those of the live head, too, as ``live_onset`` and ``live_velocity``.
            Logits: a sigmoid gives probabilities, and for ``velocity`` MIDI / 127.
        """
        if level is None:
            raise ValueError("the drum model needs the running level")
        with torch.autocast(audio.device.type, enabled=False):
            features = self.spectrogram(audio.float(), level.float())
        x = self.trunk(features)
        if live:
            return _split(self.live_head(x))
        logits = self._after(x)
        if self.training:
            # Both heads speak from one trunk: what moves it has to please both.
            logits |= {f"live_{name}": value for name, value in _split(self.live_head(x)).items()}
        return logits

    def own_losses(
        self, outputs: Mapping[str, Tensor], targets: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        """The cross-entropy of the live head's onsets, as ``live``."""
        if "live_onset" not in outputs:
            return {}
        onsets = functional.binary_cross_entropy_with_logits(
            outputs["live_onset"], targets["onset"]
        )
        return {"live": onsets}

    def forward_changed(
        self, audio: Tensor, level: Tensor | None, change: Callable[[Tensor], Tensor]
    ) -> dict[str, Tensor]:
        """As ``forward``, with both resolutions of the log-spectrogram changed alike."""
        if level is None:
            raise ValueError("the drum model needs the running level")
        features = self.spectrogram(audio.float(), level.float()).transpose(1, 2)
        return self._after(self.trunk(change(features).transpose(1, 2)))

    @property
    def live_context(self) -> int:
        """Frames that the live head looks back."""
        return 4 * 2 + sum(2 * dilation for dilation in _PAST_DILATIONS)

    def forward_live(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:
        """As ``forward`` with ``live``."""
        logits: dict[str, Tensor] = self(audio, level, live=True)
        return logits

    def forward_features(self, features: Tensor) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
        """Logits for files and live ones from ``DrumSpectrogram`` features; for training."""
        x = self.trunk(features)
        return self._after(x), _split(self.live_head(x))

    def trunk(self, features: Tensor) -> Tensor:
        """(batch, 2, frames, mels) to (batch, channels, frames)."""
        batch, windows, n_frames, n_mels = features.shape
        x = features.transpose(1, 2).reshape(batch * n_frames, windows * n_mels)
        x = self.bands(x).reshape(batch, n_frames, windows, n_mels).transpose(1, 2)
        x = self.layers(x.contiguous(memory_format=torch.channels_last))
        x = x.transpose(2, 3).reshape(batch, -1, n_frames)  # maps and bands together
        x = self.neck(x)
        for block in self.past:
            x = block(x)
        seen: Tensor = x
        return seen

    def _after(self, x: Tensor) -> dict[str, Tensor]:
        for block in self.both:
            x = block(x)
        return _split(self.head(x))


def _split(logits: Tensor) -> dict[str, Tensor]:
    onset, velocity = logits.float().transpose(1, 2).chunk(len(HEADS), dim=2)
    return {"onset": onset, "velocity": velocity}


class _Maps(nn.Module):
    """Convolution over three frames and some bands; ``ahead`` of the frames are in the future."""

    def __init__(self, n_in: int, n_out: int, *, bands: int, stride: int, ahead: int) -> None:
        super().__init__()
        self.padding = (bands // 2, bands // 2, 2 - ahead, ahead)
        self.convolution = nn.Conv2d(n_in, n_out, (3, bands), (1, stride), bias=False)
        self.norm = nn.BatchNorm2d(n_out)

    def forward(self, x: Tensor) -> Tensor:
        x = self.convolution(functional.pad(x, self.padding))
        activated: Tensor = functional.relu(self.norm(x))
        return activated


class _Head(nn.Sequential):
    """Logits of onsets and velocities from what the convolutions have gathered."""

    def __init__(self, n_channels: int, n_out: int) -> None:
        last = nn.Conv1d(n_channels, n_out, 1)
        super().__init__(nn.BatchNorm1d(n_channels), nn.ReLU(), last)
        # Hits are rare: starting at their base rate spares the first steps.
        with torch.no_grad():
            assert last.bias is not None
            last.bias[: len(DRUMS)] = -4.5
            last.bias[len(DRUMS) :] = 0.0


class _Residual(nn.Module):
    """Dilated convolution over three frames, added to its input."""

    def __init__(self, n_channels: int, dilation: int, *, is_causal: bool) -> None:
        super().__init__()
        self.padding = (2 * dilation, 0) if is_causal else (dilation, dilation)
        self.norm = nn.BatchNorm1d(n_channels)
        self.convolution = nn.Conv1d(n_channels, n_channels, 3, dilation=dilation)
        with torch.no_grad():
            self.convolution.weight.mul_(0.3)  # nearly nothing added at first

    def forward(self, x: Tensor) -> Tensor:
        y = functional.relu(self.norm(x))
        added: Tensor = self.convolution(functional.pad(y, self.padding))
        return x + added
