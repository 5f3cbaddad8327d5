"""Onsets and Frames, as the semi-supervised work of Strahl and Müller trains it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from amtstudio.features import FrameGrid
from amtstudio.features.log_mel import LogMel
from amtstudio.models.registry import register
from amtstudio.models.transcription_model import TranscriptionModel
from amtstudio.symbolic.heads import NOTE_HEADS, PIANO_KEYS, Pitches

VELOCITY_EDGE = 1e-4  # keeps the logit of a velocity finite; a hundredth of a MIDI step


@dataclass(frozen=True)
class OnsetsFramesConfig:
    """The defaults are the configuration of the paper.

    ``model_complexity`` is a sixteenth of the width of the fully connected layers; the LSTMs have
    half that width in each direction, the convolutions a sixteenth and an eighth.
    """

    model_complexity: int = 48
    n_mels: int = 229
    n_pitches: int = len(PIANO_KEYS)
    sample_rate: int = 16000  # Hz
    n_fft: int = 2048  # samples
    hop_length: int = 512  # samples
    fmin: float = 30.0  # Hz
    fmax: float = 8000.0  # Hz

    def __post_init__(self) -> None:
        ranges = {
            "model_complexity": (1, 256),
            "n_mels": (4, 1024),
            "n_pitches": (1, 107),
            "sample_rate": (1_000, 192_000),
            "n_fft": (16, 16_384),
            "hop_length": (1, self.n_fft),
        }
        for key, (lowest, highest) in ranges.items():
            if not lowest <= getattr(self, key) <= highest:
                raise ValueError(f"{key} must be {lowest} to {highest}, got {getattr(self, key)}")
        if self.n_fft % 2:
            raise ValueError(f"n_fft must be even, got {self.n_fft}")
        if not 0.0 <= self.fmin < self.fmax <= self.sample_rate / 2:
            raise ValueError(
                f"need 0 <= fmin < fmax <= half of sample_rate, got {self.fmin} and {self.fmax}"
            )


@register("onsets_frames", OnsetsFramesConfig)
class OnsetsFrames(TranscriptionModel):
    """Onset, offset, frame and velocity stacks over a log-mel spectrogram.

    The frame output is that of the combined stack, which reads the probabilities of the onset,
    offset and first frame stack. 26.49 million parameters with the default config.

    ``context``: a bidirectional LSTM remembers without limit, so that no number of frames is
    exact. Measured at full size with random weights, the probabilities 64 frames (2 s) from a cut
    differ by 1e-7; by 4e-6 with the bias of the forget gates at 1, and by 6e-3 at 2. How far
    trained weights remember has to be measured on them.

    References
    ----------
    Hawthorne et al., "Onsets and Frames: Dual-Objective Piano Transcription", ISMIR 2018;
    "Enabling Factorized Piano Music Modeling and Generation with the MAESTRO Dataset", ICLR 2019
    (offset stack, width); Strahl & Müller, "Semi-Supervised Piano Transcription Using
    Pseudo-Labeling Techniques", ISMIR 2024 (frame and velocity stacks without LSTM).
    """

    def __init__(self, config: OnsetsFramesConfig) -> None:
        super().__init__()
        self.config = config
        self.grid = FrameGrid(config.sample_rate, config.hop_length)
        self.context = 64
        pitches = Pitches(count=config.n_pitches)
        self.heads = tuple(replace(head, axis=pitches) for head in NOTE_HEADS)
        self.log_mel = LogMel(
            sample_rate=config.sample_rate,
            n_fft=config.n_fft,
            hop_length=config.hop_length,
            n_mels=config.n_mels,
            fmin=config.fmin,
            fmax=config.fmax,
        )
        self.margin = self.log_mel.margin
        width = 16 * config.model_complexity
        n_pitches = config.n_pitches

        def conv_stack() -> _ConvStack:
            return _ConvStack(config.n_mels, width)

        self.onset_stack = nn.Sequential(
            conv_stack(), _BiLstm(width, width), nn.Linear(width, n_pitches)
        )
        self.offset_stack = nn.Sequential(
            conv_stack(), _BiLstm(width, width), nn.Linear(width, n_pitches)
        )
        self.frame_stack = nn.Sequential(conv_stack(), nn.Linear(width, n_pitches))
        self.combined_stack = nn.Sequential(
            _BiLstm(3 * n_pitches, width), nn.Linear(width, n_pitches)
        )
        self.velocity_stack = nn.Sequential(conv_stack(), nn.Linear(width, n_pitches))

    def forward(self, audio: Tensor, level: Tensor | None = None) -> dict[str, Tensor]:  # noqa: ARG002
        return self.forward_features(self.features(audio))

    def forward_changed(
        self,
        audio: Tensor,
        level: Tensor | None,  # noqa: ARG002
        change: Callable[[Tensor], Tensor],
    ) -> dict[str, Tensor]:
        return self.forward_features(change(self.features(audio)))

    def features(self, audio: Tensor) -> Tensor:
        """Log-mel of audio with margins, shape (batch, n_frames, n_mels)."""
        features: Tensor = self.log_mel(audio)
        return features

    def forward_features(self, log_mel: Tensor) -> dict[str, Tensor]:
        """Logits from a log-mel spectrogram, shape (batch, n_frames, n_mels), as from ``forward``.

        A trainer that augments the spectrogram enters here.
        """
        onset = self.onset_stack(log_mel)
        offset = self.offset_stack(log_mel)
        first_frame = self.frame_stack(log_mel)
        # Detached: the frame loss must train neither the onset nor the offset stack.
        combined = torch.cat(
            [onset.detach().sigmoid(), offset.detach().sigmoid(), first_frame.sigmoid()], dim=-1
        )
        return {
            "onset": onset,
            "offset": offset,
            "frame": self.combined_stack(combined),
            "velocity": _velocity_logit(self.velocity_stack(log_mel)),
        }


def _velocity_logit(velocity: Tensor) -> Tensor:
    """The logit of a velocity that the network gives linearly, as MIDI / 127.

    The paper trains the linear output by a squared error. A squared error behind the sigmoid that
    undoes this logit is the same within [1e-4, 1 - 1e-4]; beyond, the value is clamped and the
    gradient passes as if it were not, so that an output that starts below zero still learns.
    """
    velocity = velocity.float()  # the edges are not representable in half precision
    clamped = velocity.detach().clamp(VELOCITY_EDGE, 1.0 - VELOCITY_EDGE)
    return (velocity - velocity.detach() + clamped).logit()


class _ConvStack(nn.Module):
    """Three convolutions over time and frequency, then one layer over all of a frame."""

    def __init__(self, n_mels: int, width: int) -> None:
        super().__init__()
        few, many = width // 16, width // 8
        self.convolutions = nn.Sequential(
            *_convolution(1, few),
            *_convolution(few, few),
            nn.MaxPool2d((1, 2)),
            nn.Dropout(0.25),
            *_convolution(few, many),
            nn.MaxPool2d((1, 2)),
            nn.Dropout(0.25),
        )
        self.project = nn.Sequential(nn.Linear(many * (n_mels // 4), width), nn.Dropout(0.5))

    def forward(self, log_mel: Tensor) -> Tensor:  # (batch, n_frames, n_mels)
        x = self.convolutions(log_mel[:, None])  # (batch, channels, n_frames, n_mels // 4)
        projected: Tensor = self.project(x.transpose(1, 2).flatten(-2))
        return projected  # (batch, n_frames, width)


class _BiLstm(nn.Module):
    """A bidirectional LSTM of ``width`` outputs, half of them from either direction."""

    def __init__(self, n_inputs: int, width: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(n_inputs, width // 2, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor) -> Tensor:
        output: Tensor = self.lstm(x)[0]
        return output


def _convolution(n_inputs: int, n_outputs: int) -> list[nn.Module]:
    return [
        nn.Conv2d(n_inputs, n_outputs, 3, padding=1),
        nn.BatchNorm2d(n_outputs),
        nn.ReLU(),
    ]
