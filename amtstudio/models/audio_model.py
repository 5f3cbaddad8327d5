"""What every network of the program is, whatever it tells of the audio."""

from __future__ import annotations

from abc import ABC

from torch import nn

from amtstudio.features import FrameGrid


class AudioModel(nn.Module, ABC):
    """A network that hears audio at ``grid.sample_rate`` and sees it in frames of ``grid``."""

    grid: FrameGrid
    margin: int  # samples of audio beyond the centre of the outermost frames
