"""Which of twenty instruments sound: one embedding a second, and attention over the seconds.

An *instance* is about one second of audio, a *bag* some seconds or a whole recording. Each instance
is embedded by a small convolutional network; a head turns the embeddings of a bag into the
probability of each class. Only the attention head distinguishes instances, and it needs only two
numbers per class for each, so that a recording of hours fits in memory.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

import torch
from torch import Tensor, nn

from amtstudio.features import FrameGrid
from amtstudio.features.log_mel import LogMel
from amtstudio.models.audio_model import AudioModel
from amtstudio.models.card import INSTRUMENTS
from amtstudio.models.registry import register

SAMPLE_RATE = 16000  # Hz
HOP_LENGTH = 250  # samples: 64 frames are a second
INSTANCE_FRAMES = 64
N_FFT = 1024
MIN_WEIGHT = 1e-7  # of an instance before normalising, so that a sum is never zero
N_CLASSES = 20
_ABSENT_LOGIT = -2.3  # a tenth

HeadName = Literal["att", "fc", "fc_t", "rnn"]


@dataclass(frozen=True)
class InstrumentAttentionConfig:
    n_classes: int = N_CLASSES
    n_mels: int = 96
    channels: tuple[int, ...] = (32, 64, 96, 160, 256)
    embedding_size: int = 256
    dropout: float = 0.1

    def __post_init__(self) -> None:
        ranges = {"n_classes": (1, 1000), "n_mels": (16, 256), "embedding_size": (4, 4096)}
        for key, (lowest, highest) in ranges.items():
            if not lowest <= getattr(self, key) <= highest:
                raise ValueError(f"{key} must be {lowest} to {highest}, got {getattr(self, key)}")
        sizes = self.channels
        if len(sizes) != 5 or any(size % 8 or not 8 <= size <= 1024 for size in sizes):
            raise ValueError(f"channels must be five multiples of 8 up to 1024, got {sizes}")
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"dropout must be in [0, 1), got {self.dropout}")


class BagOutput(NamedTuple):
    """Probabilities of a bag, (batch, n_classes); what made them, (batch, n_instances, n_classes).

    ``scores`` and ``attention`` are None for heads that know no instances.
    """

    bag: Tensor
    scores: Tensor | None = None
    attention: Tensor | None = None


def attend(scores: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """The score of a bag as the weighted mean of those of its instances.

    Parameters
    ----------
    scores, weights : Tensor, shape (..., n_instances, n_classes)
        In [0, 1]; weights need not sum to anything.

    Returns
    -------
    Tensor, shape (..., n_classes)
    Tensor, shape (..., n_instances, n_classes)
        Attention, which sums to one over the instances.

    References
    ----------
    Gururani, "Weakly Supervised Learning for Musical Instrument Classification", PhD thesis,
    Georgia Institute of Technology 2020, equations 3.3 and 3.4.
    """
    weights = weights.clamp(min=MIN_WEIGHT)
    attention = weights / weights.sum(dim=-2, keepdim=True)
    return (attention * scores).sum(dim=-2).clamp(0.0, 1.0), attention


class AttentionHead(nn.Module):
    """ATT: an embedding of three layers with a skip connection, a score and a weight a class.

    References
    ----------
    Gururani 2020, section 3.2.2. ``norm="batch"`` with ``n_in=128`` is the network of the paper,
    with 55,336 weights; ``"layer"``, without running statistics, is what ships.
    """

    def __init__(
        self,
        n_in: int = 128,
        n_classes: int = N_CLASSES,
        *,
        dropout: float = 0.6,
        norm: Literal["batch", "layer"] = "batch",
    ) -> None:
        super().__init__()
        self.input_norm = _Norm(n_in, norm)
        self.layers = nn.ModuleList(
            nn.Sequential(
                nn.Linear(n_in, n_in, bias=False), _Norm(n_in, norm), nn.ReLU(), nn.Dropout(dropout)
            )
            for _ in range(3)
        )
        self.score = nn.Linear(n_in, n_classes)
        self.weight = nn.Linear(n_in, n_classes)
        # Most instruments are absent most of the time: starting there spares the first steps.
        nn.init.constant_(self.score.bias, _ABSENT_LOGIT)

    def instances(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Score and unnormalised weight of each instance, each (..., n_classes) in [0, 1]."""
        hidden: Tensor = self.input_norm(x)
        for layer in self.layers:
            hidden = layer(hidden)
        hidden = hidden + x
        return self.score(hidden).sigmoid(), self.weight(hidden).sigmoid()

    def forward(self, x: Tensor) -> BagOutput:
        """From embeddings, (batch, n_instances, n_in)."""
        scores, weights = self.instances(x)
        bag, attention = attend(scores, weights)
        return BagOutput(bag, scores, attention)


class MeanHead(nn.Module):
    """FC_T: the embedding layers of ATT with the plain mean of the scores; 52,116 weights."""

    def __init__(self, n_in: int = 128, n_classes: int = N_CLASSES, *, dropout: float = 0.6):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Linear(n_in, n_in), nn.ReLU(), nn.Dropout(dropout)) for _ in range(3)
        )
        self.score = nn.Linear(n_in, n_classes)
        nn.init.constant_(self.score.bias, _ABSENT_LOGIT)  # as ATT, to be compared with it

    def forward(self, x: Tensor) -> BagOutput:
        hidden = x
        for layer in self.layers:
            hidden = layer(hidden)
        scores = self.score(hidden + x).sigmoid()
        return BagOutput(scores.mean(dim=-2), scores)


class FlatHead(nn.Module):
    """FC: all instances of a bag of fixed size as one vector; 986,772 weights."""

    def __init__(
        self,
        n_in: int = 128,
        n_classes: int = N_CLASSES,
        *,
        n_instances: int = 10,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        sizes = (n_in * n_instances, 512, 512, 128)
        layers: list[nn.Module] = []
        for before, after in itertools.pairwise(sizes):
            layers += [nn.Linear(before, after), nn.LeakyReLU(0.01), nn.Dropout(dropout)]
        score = nn.Linear(sizes[-1], n_classes)
        nn.init.constant_(score.bias, _ABSENT_LOGIT)
        self.layers = nn.Sequential(*layers, score)

    def forward(self, x: Tensor) -> BagOutput:
        return BagOutput(self.layers(x.flatten(start_dim=-2)).sigmoid())


class RecurrentHead(nn.Module):
    """RNN: three bidirectional GRU layers, their last states being the bag; 226,068 weights."""

    def __init__(self, n_in: int = 128, n_classes: int = N_CLASSES, *, dropout: float = 0.3):
        super().__init__()
        self.gru = nn.GRU(
            n_in, 64, num_layers=3, bidirectional=True, batch_first=True, dropout=dropout
        )
        self.score = nn.Linear(128, n_classes)
        nn.init.constant_(self.score.bias, _ABSENT_LOGIT)

    def forward(self, x: Tensor) -> BagOutput:
        _, last = self.gru(x)  # (layers * directions, batch, 64)
        return BagOutput(self.score(torch.cat([last[-2], last[-1]], dim=-1)).sigmoid())


class InstanceEncoder(nn.Module):
    """Log-mel of an instance to its embedding.

    A wide first stride over time keeps the cost low: attacks, which distinguish struck from blown,
    are seen by the first layer at full resolution.
    """

    def __init__(self, config: InstrumentAttentionConfig) -> None:
        super().__init__()
        c0, c1, c2, c3, c4 = config.channels
        # Music has less power the higher the band; the network need not learn that first.
        self.bands = nn.BatchNorm1d(config.n_mels)
        self.blocks = nn.Sequential(
            _block(1, c0, (7, 5), (4, 2)),
            _block(c0, c1, (3, 3), (1, 2)),
            _block(c1, c2, (3, 3), (2, 2)),
            _block(c2, c3, (3, 3), (1, 1)),
            _block(c3, c4, (3, 3), (2, 2)),
        )
        self.out = nn.Linear(2 * c4, config.embedding_size)

    def forward(self, instances: Tensor) -> Tensor:
        """(n, INSTANCE_FRAMES, n_mels) to (n, embedding_size)."""
        # Neither the level of a recording nor a constant gain says which instrument it is.
        level = instances.mean(dim=(1, 2), keepdim=True)
        evened: Tensor = self.bands((instances - level).flatten(0, 1))
        x = evened.reshape(instances.shape).unsqueeze(1)
        x = self.blocks(x.contiguous(memory_format=torch.channels_last))
        pooled = torch.cat([x.mean(dim=(2, 3)), x.amax(dim=(2, 3))], dim=1).float()
        embedding: Tensor = self.out(pooled)
        return embedding


@register("instrument_attention", InstrumentAttentionConfig)
class InstrumentAttention(AudioModel):
    """Probabilities of the OpenMIC classes for a recording and for each second of it."""

    decoder: ClassVar[str] = INSTRUMENTS

    def __init__(self, config: InstrumentAttentionConfig) -> None:
        super().__init__()
        self.grid = FrameGrid(SAMPLE_RATE, HOP_LENGTH)
        self.log_mel = LogMel(
            sample_rate=SAMPLE_RATE,
            n_fft=N_FFT,
            hop_length=HOP_LENGTH,
            n_mels=config.n_mels,
            fmin=40.0,
            fmax=8000.0,
        )
        self.margin = self.log_mel.margin
        self.encoder = InstanceEncoder(config)
        self.head = AttentionHead(
            config.embedding_size, config.n_classes, dropout=config.dropout, norm="layer"
        )

    @property
    def instance_samples(self) -> int:
        """Samples from the start of an instance to that of the next."""
        return INSTANCE_FRAMES * HOP_LENGTH

    def samples_of(self, n_instances: int) -> int:
        """Samples to hand over for so many instances: half a window more at either side."""
        return (n_instances * INSTANCE_FRAMES - 1) * HOP_LENGTH + 2 * self.margin

    def instances(self, audio: Tensor) -> tuple[Tensor, Tensor]:
        """Score and unnormalised attention weight of each instance.

        Parameters
        ----------
        audio : Tensor, shape (batch, samples_of(n_instances))
            Mono samples at 16 kHz; the first frame is centred on sample ``margin``.

        Returns
        -------
        Tensor, Tensor, each of shape (batch, n_instances, n_classes)
            In [0, 1].

        Raises
        ------
        ValueError
            If the audio is not some whole number of instances long.
        """
        with torch.autocast(audio.device.type, enabled=False):
            log_mel = self.log_mel(audio.float())
        scores, weights = self.head.instances(self.embed(log_mel))
        return scores, weights

    def embed(self, log_mel: Tensor) -> Tensor:
        """(batch, n_instances * INSTANCE_FRAMES, n_mels) to (batch, n_instances, size)."""
        batch, n_frames, n_mels = log_mel.shape
        if n_frames % INSTANCE_FRAMES or not n_frames:
            raise ValueError(f"need a multiple of {INSTANCE_FRAMES} frames, got {n_frames}")
        embeddings: Tensor = self.encoder(log_mel.reshape(-1, INSTANCE_FRAMES, n_mels))
        return embeddings.reshape(batch, n_frames // INSTANCE_FRAMES, -1)

    def forward_features(self, log_mel: Tensor) -> BagOutput:
        """A bag from its log-mel spectrogram, (batch, n_instances * INSTANCE_FRAMES, n_mels)."""
        output: BagOutput = self.head(self.embed(log_mel))
        return output

    def forward(self, audio: Tensor) -> BagOutput:
        """A bag from its audio, shaped as for ``instances``."""
        scores, weights = self.instances(audio)
        bag, attention = attend(scores, weights)
        return BagOutput(bag, scores, attention)


class _Norm(nn.Module):
    """Batch or layer norm over the last axis, for any preceding axes."""

    def __init__(self, size: int, kind: Literal["batch", "layer"]) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(size) if kind == "batch" else nn.LayerNorm(size)

    def forward(self, x: Tensor) -> Tensor:
        flat: Tensor = self.norm(x.reshape(-1, x.shape[-1]))
        return flat.reshape(x.shape)


def _block(n_in: int, n_out: int, kernel: tuple[int, int], stride: tuple[int, int]) -> nn.Module:
    padding = (kernel[0] // 2, kernel[1] // 2)
    return nn.Sequential(
        nn.Conv2d(n_in, n_out, kernel, stride, padding, bias=False),
        nn.BatchNorm2d(n_out),
        nn.ReLU(inplace=True),
    )
