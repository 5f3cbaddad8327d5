"""The models' input features: spectrograms, and the grid that maps frames to seconds."""

from amtstudio.features.frame_grid import FrameGrid
from amtstudio.features.level import LEVEL_HALF_WINDOW_S, hop_energies, running_level

__all__ = ["LEVEL_HALF_WINDOW_S", "FrameGrid", "hop_energies", "running_level"]
