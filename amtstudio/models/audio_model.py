"""What every network of the program is, whatever it tells of the audio."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from torch import nn

from amtstudio.features import FrameGrid


class AudioModel(nn.Module, ABC):
    """A network that hears audio at ``grid.sample_rate`` and sees it in frames of ``grid``."""

    decoder: ClassVar[str]  # what makes something of its output, as its card says
    grid: FrameGrid
    margin: int  # samples of audio beyond the centre of the outermost frames
