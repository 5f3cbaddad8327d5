"""U-net and BiLSTM, without and with a reconstruction of the spectrogram (Cheuk et al. 2020)."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from torch import Tensor, nn
from torch.nn import functional

from amtstudio.decoding.frame_runs import FRAME_RUNS
from amtstudio.features import FrameGrid
from amtstudio.features.cqt import Cqt
from amtstudio.features.log_mel import LOG_FLOOR, LogMel
from amtstudio.models.registry import register
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.models.unet import UNet
from amtstudio.symbolic.heads import FRAME, PIANO_KEYS

SPECTROGRAMS = ("cqt", "mel")
_BINS_PER_KEY = 2
_SMALLEST_SPAN = 1e-6  # of a spectrogram before its excerpt is taken for silent


@dataclass(frozen=True)
class UnetBilstmConfig:
    """The defaults are the configuration of the paper.

    ``n_channels`` is the width of the outermost level of the U-net. With ``normalises_excerpts``
    the minimum and maximum cell of each input are scaled to 0 and 1, as in the paper; without it,
    the range from the floor of the logarithm to full scale is, so that the output does not depend
    on where a recording is cut.
    """

    spectrogram: str = "cqt"  # or "mel"
    n_channels: int = 16
    n_mels: int = 229  # where the spectrogram is "mel"
    sample_rate: int = 16000  # Hz
    n_fft: int = 2048  # samples, where the spectrogram is "mel"
    hop_length: int = 512  # samples
    normalises_excerpts: bool = True

    def __post_init__(self) -> None:
        if self.spectrogram not in SPECTROGRAMS:
            raise ValueError(f"spectrogram must be cqt or mel, got {self.spectrogram!r:.40}")
        ranges = {
            "n_channels": (2, 128),
            "n_mels": (16, 1024),
            "sample_rate": (16_000, 192_000),
            "n_fft": (16, 16_384),
            "hop_length": (1, 16_384),
        }
        for key, (lowest, highest) in ranges.items():
            if not lowest <= getattr(self, key) <= highest:
                raise ValueError(f"{key} must be {lowest} to {highest}, got {getattr(self, key)}")
        if self.n_channels % 2 or self.n_fft % 2:
            raise ValueError(
                f"n_channels and n_fft must be even, got {self.n_channels} and {self.n_fft}"
            )


@dataclass(frozen=True)
class UnetReconstructionConfig(UnetBilstmConfig):
    """As ``UnetBilstmConfig``; ``uses_second_pass`` selects which posteriorgram is returned."""

    uses_second_pass: bool = True


class _UnetModel(TranscriptionModel):
    """The common parts of both: the spectrogram and the transcriber."""

    heads = (FRAME,)
    decoder = FRAME_RUNS
    # A bidirectional LSTM remembers without limit; this is what OnsetsFrames takes for one.
    context = 64

    def __init__(self, config: UnetBilstmConfig) -> None:
        super().__init__()
        self.grid = FrameGrid(config.sample_rate, config.hop_length)
        self._normalises_excerpts = config.normalises_excerpts
        self.front_end, self.n_bins = _front_end(config)
        self.margin = self.front_end.margin
        self.transcriber = _Transcriber(self.n_bins, config.n_channels)

    def forward(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:  # noqa: ARG002
        return self.forward_features(self.features(audio))

    def features(self, audio: Tensor) -> Tensor:
        """Logarithmic spectrogram of audio with margins, (batch, n_frames, n_bins), in [0, 1]."""
        spectrogram: Tensor = self.front_end(audio)
        if isinstance(self.front_end, Cqt):
            spectrogram = (spectrogram + LOG_FLOOR).log()
        if self._normalises_excerpts:
            return _min_max(spectrogram)
        return (1.0 - spectrogram / math.log(LOG_FLOOR)).clamp(0.0, 1.0)

    def forward_features(self, spectrogram: Tensor) -> dict[str, Tensor]:
        """Logits from what ``features`` gives; a trainer that changes that enters here."""
        return {"frame": self.transcriber(spectrogram)}

    def forward_changed(
        self,
        audio: Tensor,
        level: Tensor | None,  # noqa: ARG002
        change: Callable[[Tensor], Tensor],
    ) -> dict[str, Tensor]:
        return self.forward_features(change(self.features(audio)))

    def freeze_encoder(self) -> None:
        """Keep what the U-net of the transcriber does on its way down; the rest still learns."""
        self.transcriber.unet.freeze_encoder()


@register("unet_bilstm", UnetBilstmConfig)
class UnetBilstm(_UnetModel):
    """A U-net draws an image from the spectrogram, and a BiLSTM reads sounding keys from that.

    It has no onsets: a note begins where its key starts to sound, so that one struck again while
    it sounds is the same note (``decoding.frame_runs``). 1.35 million parameters with the CQT,
    1.70 with the mel spectrogram.

    References
    ----------
    Cheuk, Luo, Benetos & Herremans, "The Effect of Spectrogram Reconstruction on Automatic Music
    Transcription", ICPR 2020 ("baseline"); Leś & Woźniak, "Transfer of knowledge among instruments
    in automatic music transcription", 2023, train the same. Theirs uses nnAudio's CQT, whose bins
    are louder by the square root of their length, and its mel spectrogram on Slaney's scale; this
    one uses those of ``features``: a sine has the same magnitude in any bin of the CQT, and mels
    are HTK's, from 30 to 8000 Hz.
    """

    def __init__(self, config: UnetBilstmConfig) -> None:
        super().__init__(config)
        self.config = config


@register("unet_reconstruction", UnetReconstructionConfig)
class UnetReconstruction(_UnetModel):
    """As ``UnetBilstm``, and made to draw the spectrogram again from what it has transcribed.

    A BiLSTM and a second U-net draw the spectrogram from the posteriorgram; the *same* transcriber
    reads that once more. Three losses of equal weight: squared error of the drawing, and
    cross-entropy of either posteriorgram. 2.61 million parameters with the CQT, 3.21 with mel.

    ``frame`` is the output of the second pass, which the paper finds better; with
    ``uses_second_pass`` off it is that of the first, and the spectrogram is reconstructed only in
    training. The published code scores both.

    References
    ----------
    As ``UnetBilstm`` ("proposed").
    """

    def __init__(self, config: UnetReconstructionConfig) -> None:
        super().__init__(config)
        self.config = config
        self.roll_lstm = nn.LSTM(len(PIANO_KEYS), self.n_bins, batch_first=True, bidirectional=True)
        self.roll_linear = nn.Linear(2 * self.n_bins, self.n_bins)
        self.roll_unet = UNet(config.n_channels)

    def forward_features(self, spectrogram: Tensor) -> dict[str, Tensor]:
        """Logits; while training also what ``own_losses`` needs."""
        uses_second = self.config.uses_second_pass
        first = self.transcriber(spectrogram)
        if not (self.training or uses_second):
            return {"frame": first}
        reconstruction = self.reconstruct(first)
        second = self.transcriber(reconstruction)
        frame, other = (second, first) if uses_second else (first, second)
        if not self.training:
            return {"frame": frame}
        return {
            "frame": frame,
            "other_pass": other,
            "reconstruction": reconstruction,
            "spectrogram": spectrogram,
        }

    def reconstruct(self, frame: Tensor) -> Tensor:
        """A spectrogram, (batch, n_frames, n_bins) in [0, 1], from logits of sounding keys."""
        sketch = self.roll_linear(self.roll_lstm(frame.sigmoid())[0]).sigmoid()
        drawn: Tensor = self.roll_unet(sketch)
        return drawn

    def own_losses(
        self, outputs: Mapping[str, Tensor], targets: Mapping[str, Tensor]
    ) -> dict[str, Tensor]:
        return {
            "other_pass": functional.binary_cross_entropy_with_logits(
                outputs["other_pass"].float(), targets["frame"]
            ),
            "reconstruction": functional.mse_loss(
                outputs["reconstruction"].float(), outputs["spectrogram"].detach().float()
            ),
        }


class _Transcriber(nn.Module):
    def __init__(self, n_bins: int, n_channels: int) -> None:
        super().__init__()
        self.unet = UNet(n_channels)
        self.lstm = nn.LSTM(n_bins, n_bins, batch_first=True, bidirectional=True)
        self.linear = nn.Linear(2 * n_bins, len(PIANO_KEYS))

    def forward(self, spectrogram: Tensor) -> Tensor:
        """Logits of sounding keys, (batch, n_frames, 88)."""
        logits: Tensor = self.linear(self.lstm(self.unet(spectrogram))[0])
        return logits


def _front_end(config: UnetBilstmConfig) -> tuple[Cqt | LogMel, int]:
    """The spectrogram and the number of its bins."""
    if config.spectrogram == "mel":
        mel = LogMel(
            sample_rate=config.sample_rate,
            n_fft=config.n_fft,
            hop_length=config.hop_length,
            n_mels=config.n_mels,
        )
        return mel, config.n_mels
    n_bins = _BINS_PER_KEY * len(PIANO_KEYS)
    cqt = Cqt(
        sample_rate=config.sample_rate,
        hop_length=config.hop_length,
        bins_per_octave=12 * _BINS_PER_KEY,
        n_bins=n_bins,
    )
    return cqt, n_bins


def _min_max(spectrogram: Tensor) -> Tensor:
    """Each excerpt from 0 to 1; all 0 where it has one value throughout, as silence has."""
    lowest = spectrogram.amin(dim=(1, 2), keepdim=True)
    span = spectrogram.amax(dim=(1, 2), keepdim=True) - lowest
    return (spectrogram - lowest) / span.clamp(min=_SMALLEST_SPAN)
