"""The base class of every network in the program, whatever its output."""

from __future__ import annotations

from abc import ABC
from typing import ClassVar

from torch import nn

from amtstudio.features import FrameGrid


class AudioModel(nn.Module, ABC):
    """A network that takes audio at ``grid.sample_rate`` and processes it in frames of ``grid``."""

    decoder: ClassVar[str]  # what makes something of its output, as its card says
    grid: FrameGrid
    margin: int  # samples of audio beyond the centre of the outermost frames
