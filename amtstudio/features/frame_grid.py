"""The one place where frames meet seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """Maps frames to seconds: frame ``i`` is centred on sample ``i * hop_length``."""

    sample_rate: int = 16000  # Hz
    hop_length: int = 512  # samples

    def __post_init__(self) -> None:
        if self.sample_rate <= 0 or self.hop_length <= 0:
            raise ValueError(f"sample_rate and hop_length must be positive, got {self}")

    def to_seconds(self, frame: float) -> float:
        # Never through a rounded frame rate: 31 for 31.25 drifts by half a second a minute.
        return frame * self.hop_length / self.sample_rate

    def to_frame(self, seconds: float) -> int:
        return round(seconds * self.sample_rate / self.hop_length)

    def n_frames(self, n_samples: int) -> int:
        """How many frames have their centre within ``n_samples``."""
        return -(-n_samples // self.hop_length)

    def retuned(self, cents: float) -> FrameGrid:
        """The grid for audio that is to be read ``cents`` lower than it sounds.

        Audio at the rate of this grid, treated as audio at the former rate, is in tune; its frames
        still give the true time.
        """
        return FrameGrid(round(self.sample_rate * 2.0 ** (cents / 1200.0)), self.hop_length)
