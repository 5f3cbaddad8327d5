"""The probabilities that a model gives, on their way to notes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.features import FrameGrid

Probs = npt.NDArray[np.floating]

LOWEST_PITCH = 21  # A0, the lowest key of a piano
N_PITCHES = 88


@dataclass(frozen=True, slots=True)
class Activations:
    """A model's output over a stretch of frames; every array is in [0, 1], time first.

    Attributes
    ----------
    onset, offset, frame, velocity : np.ndarray, shape (n_frames, 88)
        Probability that a note of this pitch starts, ends, sounds in this frame; and the velocity
        (MIDI / 127) of a note, were it to start here.
    pedal : np.ndarray, shape (n_frames,), or None
        Probability that the sustain pedal is down. None: the model has no such head.
    grid : FrameGrid
    first_frame : int
        Index on the grid of the first row: chunks of a longer recording follow one another.
    """

    onset: Probs
    offset: Probs
    frame: Probs
    velocity: Probs
    pedal: Probs | None
    grid: FrameGrid
    first_frame: int = 0

    def __post_init__(self) -> None:
        shape = self.onset.shape
        if len(shape) != 2 or shape[1] != N_PITCHES:
            raise ValueError(f"onset must be (n_frames, {N_PITCHES}), got {shape}")
        for name in ("offset", "frame", "velocity"):
            if getattr(self, name).shape != shape:
                raise ValueError(f"{name} must be {shape}, got {getattr(self, name).shape}")
        if self.pedal is not None and self.pedal.shape != shape[:1]:
            raise ValueError(f"pedal must be {shape[:1]}, got {self.pedal.shape}")

    @property
    def n_frames(self) -> int:
        return int(self.onset.shape[0])
