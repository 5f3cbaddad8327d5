"""Notes to the arrays that a network is trained on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal

import numpy as np
import torch

from amtstudio.symbolic.heads import PIANO_KEYS

if TYPE_CHECKING:
    import numpy.typing as npt
    from torch import Tensor

    from amtstudio.features import FrameGrid
    from amtstudio.symbolic.heads import Axis

TargetKind = Literal["shared", "nearest"]


@dataclass(frozen=True)
class Targets:
    """The targets of the heads; float32 arrays, time first.

    Attributes
    ----------
    onset, offset : np.ndarray, shape (n_frames, 88), or one column for each drum
        1 where a note starts or ends, shared between the two nearest frames in proportion to how
        near they are, so that the time can be read off to a fraction of a frame.
    frame : np.ndarray, shape (n_frames, 88)
        Share of the time around this frame in which the note sounds, pedal included.
    velocity : np.ndarray, shape (n_frames, 88)
        MIDI velocity / 127 in the frames of an onset, 0 elsewhere.
    pedal : np.ndarray, shape (n_frames,)
    """

    onset: npt.NDArray[np.float32]
    offset: npt.NDArray[np.float32]
    frame: npt.NDArray[np.float32]
    velocity: npt.NDArray[np.float32]
    pedal: npt.NDArray[np.float32]

    def with_audio(
        self, audio: npt.NDArray[np.float32], level: npt.NDArray[np.float32]
    ) -> dict[str, Tensor]:
        """A trainer's input: the samples, the running level of each frame, the targets."""
        arrays = {"audio": audio, "level": level}
        arrays |= {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: torch.from_numpy(array) for name, array in arrays.items()}


def render_targets(
    notes: npt.NDArray[np.float64],
    pedals: npt.NDArray[np.float64],
    grid: FrameGrid,
    n_frames: int,
    *,
    kind: TargetKind = "shared",
    axis: Axis = PIANO_KEYS,
) -> Targets:
    """Draw notes on the frame grid.

    Parameters
    ----------
    notes : np.ndarray, shape (n_notes, 4)
        Onset and end of the sound in seconds from frame 0, pitch, velocity. May reach beyond the
        frames on either side.
    pedals : np.ndarray, shape (n_pedals, 2)
        Pedal down and up, in seconds from frame 0.
    grid : FrameGrid
    n_frames : int
    axis : Axis
        What the columns are; all of the notes must be of it.
    kind : "shared" or "nearest"
        "nearest" moves every event to the nearest frame, as is done by Onsets and Frames and those
        who built on it: an onset then fills one frame, and a note all frames from that of its
        onset to the one before that of its end.
    """
    per_second = grid.sample_rate / grid.hop_length
    positions = notes[:, :2] * per_second
    if kind == "nearest":
        positions = np.round(positions)
    onset, offset, frame, velocity = (
        np.zeros((n_frames, len(axis)), dtype=np.float32) for _ in range(4)
    )
    for (start, end), (_, _, pitch, strength) in zip(positions, notes, strict=True):
        key = axis.column(int(pitch))
        _spread(onset[:, key], start)
        _spread(offset[:, key], end)
        if kind == "nearest":
            frame[max(int(start), 0) : max(int(end), 0), key] = 1.0
        else:
            _cover(frame[:, key], start, end)
        first = int(np.floor(start))
        for near in (first, first + 1):
            if 0 <= near < n_frames:
                velocity[near, key] = max(velocity[near, key], strength / 127.0)
    pedal = np.zeros(n_frames, dtype=np.float32)
    for down, up in pedals * per_second:
        _cover(pedal, down, up)
    return Targets(onset, offset, frame, velocity, pedal)


def _spread(column: npt.NDArray[np.float32], position: float) -> None:
    """Share 1 between the two frames nearest to ``position``; the larger of two notes counts."""
    first = int(np.floor(position))
    share = position - first
    for frame, part in ((first, 1.0 - share), (first + 1, share)):
        if 0 <= frame < len(column):
            column[frame] = max(column[frame], part)


def _cover(column: npt.NDArray[np.float32], start: float, end: float) -> None:
    """Raise each frame to the share of its width, half a frame either side, that is covered."""
    first, last = max(int(np.floor(start + 0.5)), 0), min(int(np.floor(end + 0.5)), len(column) - 1)
    if last < first:
        return
    frames = np.arange(first, last + 1)
    covered = np.minimum(end, frames + 0.5) - np.maximum(start, frames - 0.5)
    column[first : last + 1] = np.maximum(column[first : last + 1], np.clip(covered, 0.0, 1.0))
