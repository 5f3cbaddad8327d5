"""The order of playback: the recording and its notes side by side, around the loop."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np

from amtstudio.audio import FloatArray

SEAM_S = 0.01  # seconds over which the end of a loop turns into its beginning

# Position in a block, and the corresponding sample of the timeline.
Marks: TypeAlias = list[tuple[int, int]]


class Track(Protocol):
    """Anything that can be read at any place of the timeline."""

    def read(self, start: int, n_samples: int) -> FloatArray: ...


@dataclass(frozen=True, slots=True)
class Loop:
    """From sample ``begin`` up to, not including, sample ``end`` of the timeline."""

    begin: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.begin < self.end:
            raise ValueError(f"need 0 <= begin < end, got {self.begin} and {self.end}")


class Program:
    """Reads tracks on from a place of the timeline, and around a loop.

    At the end of the loop the last ``SEAM_S`` are faded into what comes before its beginning, with
    constant power. One round lasts exactly ``end - begin``.

    Parameters
    ----------
    tracks : list of Track
        One for each column of the blocks.
    sample_rate : int, Hz
    position : int
        Sample of the timeline to begin with.
    n_samples : int
        Length of the timeline.
    loop : Loop, optional
        Entered when its end is reached; a position beyond its end begins at its beginning.
    """

    def __init__(
        self,
        tracks: list[Track],
        *,
        sample_rate: int,
        position: int,
        n_samples: int,
        loop: Loop | None = None,
    ) -> None:
        self._tracks = tracks
        self._position = position
        self._n_samples = n_samples
        self._loop = loop
        self._n_seam = 0
        self._seam: FloatArray | None = None  # while it is being given out
        if loop is not None:
            self._n_seam = min(round(SEAM_S * sample_rate), (loop.end - loop.begin) // 2)
            if position >= loop.end:
                self._position = loop.begin

    @property
    def position(self) -> int:
        return self._position

    @property
    def has_ended(self) -> bool:
        return self._loop is None and self._position >= self._n_samples

    def read(self, n_samples: int) -> tuple[FloatArray, Marks]:
        """The next samples, shape (n, n_tracks), and their position in the timeline.

        Fewer than requested, or none, at the end of the timeline.
        """
        blocks: list[FloatArray] = [np.zeros((0, len(self._tracks)), dtype=np.float32)]
        marks: Marks = []
        done = 0
        while done < n_samples and not self.has_ended:
            marks.append((done, self._position))
            block = self._read_on(n_samples - done)
            blocks.append(block)
            done += len(block)
        return np.concatenate(blocks), marks

    def _read_on(self, n_samples: int) -> FloatArray:
        """Up to the next turn of the program."""
        begin = self._position
        if self._loop is None:
            self._position = min(begin + n_samples, self._n_samples)
            return self._columns(begin, self._position - begin)
        seam = self._loop.end - self._n_seam
        if begin < seam:
            self._position = min(begin + n_samples, seam)
            return self._columns(begin, self._position - begin)
        return self._read_seam(n_samples, begin - seam)

    def _read_seam(self, n_samples: int, done: int) -> FloatArray:
        assert self._loop is not None
        if self._seam is None:
            self._seam = self._mixed_seam(self._loop)
        block = self._seam[done : done + n_samples]
        self._position += len(block)
        if self._position >= self._loop.end:
            self._position = self._loop.begin
            self._seam = None
        return block

    def _mixed_seam(self, loop: Loop) -> FloatArray:
        # As a whole, and what leads into the loop last: a track that is read on where it was read
        # before, at the beginning of the loop, can continue seamlessly.
        n_seam = self._n_seam
        angle = np.linspace(0.0, math.pi / 2, n_seam, dtype=np.float32)[:, np.newaxis]
        ending = self._columns(loop.end - n_seam, n_seam)
        leading_in = self._columns(loop.begin - n_seam, n_seam)
        mixed: FloatArray = (np.cos(angle) * ending + np.sin(angle) * leading_in).astype(np.float32)
        return mixed

    def _columns(self, start: int, n_samples: int) -> FloatArray:
        return np.stack([track.read(start, n_samples) for track in self._tracks], axis=1)
