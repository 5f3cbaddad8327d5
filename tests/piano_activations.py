"""What a piano model might have heard, made of arrays."""

from __future__ import annotations

from amtstudio.decoding import Activations
from amtstudio.decoding.activations import Probs
from amtstudio.features import FrameGrid
from amtstudio.symbolic.heads import NOTE_HEADS, PIANO_HEADS


def piano_activations(
    onset: Probs,
    offset: Probs,
    frame: Probs,
    velocity: Probs,
    pedal: Probs | None = None,
    grid: FrameGrid | None = None,
    first_frame: int = 0,
) -> Activations:
    values = {"onset": onset, "offset": offset, "frame": frame, "velocity": velocity}
    if pedal is None:
        return Activations(NOTE_HEADS, values, grid or FrameGrid(), first_frame)
    return Activations(PIANO_HEADS, values | {"pedal": pedal}, grid or FrameGrid(), first_frame)
