"""A model's output, frame by frame, on its way to notes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from amtstudio.features import FrameGrid
from amtstudio.symbolic.heads import Drums, Head, HeadKind, check_heads
from amtstudio.symbolic.tracks import TrackKind

Probs = npt.NDArray[np.floating]

NOTES = "notes"  # the decoder of models with onset and frame heads


@dataclass(frozen=True, slots=True, eq=False)
class Activations:
    """A model's output over a stretch of frames; every array is in [0, 1], time first.

    Attributes
    ----------
    heads : tuple of Head
        What the model tells.
    values : mapping of np.ndarray
        By the name of the head, of the shape that the head says: ``activations["onset"]``.
    grid : FrameGrid
    first_frame : int
        Index on the grid of the first row: chunks of a longer recording follow one another.
    decoder : str
        Name of the decoder that makes notes of them.

    Raises
    ------
    ValueError
        If heads and values do not fit together.
    """

    heads: tuple[Head, ...]
    values: Mapping[str, Probs]
    grid: FrameGrid
    first_frame: int = 0
    decoder: str = NOTES

    def __post_init__(self) -> None:
        check_heads(self.heads)
        if self.values.keys() != {head.name for head in self.heads}:
            raise ValueError(
                f"expected values of {[head.name for head in self.heads]}, got {list(self.values)}"
            )
        n_frames = self.n_frames
        for head in self.heads:
            if self.values[head.name].shape != head.shape(n_frames):
                raise ValueError(
                    f"{head.name} must be {head.shape(n_frames)}, "
                    f"got {self.values[head.name].shape}"
                )

    def __getitem__(self, name: str) -> Probs:
        return self.values[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def head(self, name: str) -> Head:
        """Raises ``KeyError`` if the model has none of this name."""
        for head in self.heads:
            if head.name == name:
                return head
        raise KeyError(name)

    @property
    def n_frames(self) -> int:
        return len(self.values[self.heads[0].name])

    @property
    def pictured(self) -> tuple[Head, ...]:
        """The heads that can be drawn over time and pitch, or time and drum."""
        kinds = (HeadKind.EVENT, HeadKind.SOUND)
        return tuple(head for head in self.heads if head.kind in kinds and head.axis is not None)

    @property
    def kind(self) -> TrackKind:
        """Of the tracks of the notes that these tell."""
        is_drums = any(isinstance(head.axis, Drums) for head in self.heads)
        return TrackKind.DRUMS if is_drums else TrackKind.PITCHED

    def check_place(self, grid: FrameGrid, first_frame: int) -> None:
        """Raise ``ValueError`` unless these are on a grid, and begin with a frame of it."""
        if self.grid != grid:
            raise ValueError(f"expected {grid}, got {self.grid}")
        if self.first_frame != first_frame:
            raise ValueError(f"expected a view from frame {first_frame}, got {self.first_frame}")

    def in_single_precision(self) -> Activations:
        """Decoding half precision spends half its time on converting it."""
        values = {name: array.astype(np.float32) for name, array in self.values.items()}
        return replace(self, values=values)

    def without_last(self, n_frames: int) -> Activations:
        """All but the last ``n_frames``."""
        end = max(self.n_frames - n_frames, 0)
        return replace(self, values={name: array[:end] for name, array in self.values.items()})

    @classmethod
    def joined(cls, chunks: Sequence[Activations]) -> Activations | None:
        """Chunks that follow one another as one; None if there are none."""
        if not chunks:
            return None
        values = {
            head.name: np.concatenate([chunk[head.name] for chunk in chunks])
            for head in chunks[0].heads
        }
        return replace(chunks[0], values=values)
