"""YAMNet, the general audio tagger that the detector learns from; it is not shipped.

Its answers on unlabelled sound tell a network of ours what recordings have in common that no sample
library has. The weights are read from a folder of the user's.

References
----------
Plakal & Ellis, "YAMNet", TensorFlow Model Garden (Apache-2.0), 2019; Howard et al., "MobileNets:
Efficient Convolutional Neural Networks for Mobile Vision Applications", 2017.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from amtstudio.features.torchaudio_import import import_torchaudio
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE_RATE = 16000  # Hz
WINDOW, HOP, N_FFT, N_MELS = 400, 160, 512, 64
PATCH_FRAMES = 96
EMBEDDING_SIZE = 1024
N_LABELS = 521
_LOG_OFFSET = 0.001
_CHANNELS = (64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024)
_STRIDES = (1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)

# AudioSet's labels that are one of our classes, by their number among YAMNet's.
LABELS_BY_CLASS: dict[str, tuple[int, ...]] = {
    "accordion": (204,),
    "banjo": (142,),
    "bass": (137, 189),
    "cello": (188,),
    "clarinet": (193,),
    "cymbals": (166, 167),
    "drums": (157, 158, 159, 160, 163),
    "flute": (191,),
    "guitar": (135, 136, 138, 139),
    "mallet_percussion": (174, 175, 176, 177),
    "mandolin": (144,),
    "organ": (150, 151, 152),
    "piano": (148,),
    "saxophone": (192,),
    "synthesizer": (153, 154),
    "trombone": (183,),
    "trumpet": (182,),
    "ukulele": (146,),
    "violin": (186,),
    "voice": (0, 24, 25, 249),
}


class YamnetOutput(NamedTuple):
    """Of patches: embeddings (n, 1024) and the logits of AudioSet's labels (n, 521)."""

    embedding: Tensor
    logits: Tensor


class Yamnet(nn.Module):
    """MobileNet v1 with the batch norms folded into the convolutions, for inference."""

    window: Tensor
    filters: Tensor

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = [nn.Conv2d(1, 32, 3, 2)]
        before = 32
        for after, stride in zip(_CHANNELS, _STRIDES, strict=True):
            layers.append(nn.Conv2d(before, before, 3, stride, groups=before))
            layers.append(nn.Conv2d(before, after, 1))
            before = after
        self.L = nn.ModuleList(layers)
        self.fc = nn.Linear(EMBEDDING_SIZE, N_LABELS)
        filters = import_torchaudio().functional.melscale_fbanks(
            N_FFT // 2 + 1, 125.0, 7500.0, N_MELS, SAMPLE_RATE, norm=None, mel_scale="htk"
        )
        self.register_buffer("window", torch.hann_window(WINDOW), persistent=False)
        self.register_buffer("filters", filters, persistent=False)

    @classmethod
    def load(cls, folder: Path) -> Yamnet:
        """From ``yamnet_fp16.safetensors`` in a folder."""
        model = cls()
        weights = load_file(folder / "yamnet_fp16.safetensors")
        model.load_state_dict({name: value.float() for name, value in weights.items()})
        return model.eval()

    def log_mel(self, audio: Tensor) -> Tensor:
        """Audio (batch, n_samples) at 16 kHz to (batch, 1 + (n_samples - 400) // 160, 64)."""
        frames = audio.unfold(-1, WINDOW, HOP) * self.window
        magnitude = torch.fft.rfft(frames, N_FFT).abs()
        return torch.log(magnitude @ self.filters + _LOG_OFFSET)

    @torch.inference_mode()
    def forward(self, patches: Tensor) -> YamnetOutput:
        """Log-mel patches, (n, PATCH_FRAMES, 64)."""
        x = patches.unsqueeze(1).contiguous(memory_format=torch.channels_last)
        for layer in self.L:
            assert isinstance(layer, nn.Conv2d)
            if layer.kernel_size == (3, 3):
                x = _padded_like_tensorflow(x, layer.stride[0])
            x = functional.relu(layer(x), inplace=True)
        embedding = x.mean(dim=(2, 3))
        return YamnetOutput(embedding, self.fc(embedding))

    def seconds(self, audio: Tensor) -> YamnetOutput:
        """One patch for each whole second of audio, (n_samples,), from that second's start."""
        n_seconds = len(audio) // SAMPLE_RATE
        parts = audio[: n_seconds * SAMPLE_RATE].reshape(n_seconds, SAMPLE_RATE)
        output: YamnetOutput = self(self.log_mel(parts)[:, :PATCH_FRAMES])
        return output


def class_scores(logits: Tensor) -> Tensor:
    """Probabilities of our classes, (..., 20): the highest of the labels that belong to each."""
    probs = logits.sigmoid()
    columns = [probs[..., list(LABELS_BY_CLASS[n])].amax(dim=-1) for n in INSTRUMENT_CLASSES]
    return torch.stack(columns, dim=-1)


def _padded_like_tensorflow(x: Tensor, stride: int) -> Tensor:
    """Padding called "same" of a 3x3 kernel: with stride 2 the odd row and column go to the end."""
    pads = []
    for size in (x.shape[3], x.shape[2]):
        total = max((-(-size // stride) - 1) * stride + 3 - size, 0)
        pads += [total // 2, total - total // 2]
    return functional.pad(x, pads)
