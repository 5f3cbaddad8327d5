"""The newest audio of a stream, and windows of it for a model that cannot wait for what follows."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray
from amtstudio.engine.segments import Segment
from amtstudio.features import LEVEL_HALF_WINDOW_S, FrameGrid, hop_energies, running_level

# Windows have a multiple of this many frames: the libraries that compute convolutions prepare
# themselves for each new size, which can take longer than the work itself.
SIZE_STEP = 8


class LiveBuffer:
    """Audio that arrives in blocks, kept as far back as a window reaches.

    The newest frame is the one whose hop is complete: half of its neighbourhood has not arrived
    yet, and is zero in a window, as beyond the end of a recording. Likewise, the running level is
    based on the past only. Before the recording there was silence.

    Parameters
    ----------
    grid : FrameGrid
    margin : int, samples
    context : int, frames
        As in ``TranscriptionModel``.
    uses_level : bool
    """

    def __init__(self, grid: FrameGrid, *, margin: int, context: int, uses_level: bool) -> None:
        self._grid = grid
        self._margin = margin
        self._context = context
        self._uses_level = uses_level
        self._level_frames = round(LEVEL_HALF_WINDOW_S * grid.sample_rate / grid.hop_length)
        self._audio = np.zeros(0, dtype=np.float32)
        self._first = 0  # sample at which _audio begins; a multiple of the hop
        self._energies: npt.NDArray[np.float64] = np.zeros(0)
        self._first_energy = 0  # frame of the first energy kept

    def append(self, block: FloatArray) -> None:
        """Take mono float32 audio, shape (n,)."""
        self._audio = np.concatenate((self._audio, block))

    @property
    def n_samples(self) -> int:
        """How many have arrived since the start."""
        return self._first + len(self._audio)

    @property
    def n_complete(self) -> int:
        """Frames whose hop has arrived whole."""
        return self.n_samples // self._grid.hop_length

    def window(self, first: int, end: int) -> Segment:
        """Frames ``first`` to ``end`` (exclusive), as if the recording ended with the last hop."""
        hop = self._grid.hop_length
        start = end - -(-(end - first + self._context) // SIZE_STEP) * SIZE_STEP
        begin, last = start * hop - self._margin, (end - 1) * hop + self._margin
        audio = np.zeros(last - begin, dtype=np.float32)
        source, stop = max(begin, 0), min(end * hop, last, self.n_samples)
        audio[source - begin : stop - begin] = self._audio[
            source - self._first : stop - self._first
        ]
        return Segment(
            audio=audio,
            level=self._level(start, end) if self._uses_level else None,
            first_frame=first,
            n_frames=end - first,
            skip=first - start,
        )

    def forget_before(self, frame: int) -> None:
        """Drop what no window from ``frame`` on reaches."""
        start = max(0, frame - self._context - SIZE_STEP)
        first = max(0, start - -(-self._margin // self._grid.hop_length)) * self._grid.hop_length
        # Energies that are not yet known come from audio, which so must be kept.
        known = (self._first_energy + len(self._energies)) * self._grid.hop_length
        first = min(first, known if self._uses_level else first)
        if first > self._first:
            self._audio = self._audio[first - self._first :].copy()
            self._first = first
        first_energy = min(
            max(0, start - self._level_frames), self._first_energy + len(self._energies)
        )
        self._energies = self._energies[first_energy - self._first_energy :]
        self._first_energy = first_energy

    def _level(self, start: int, end: int) -> FloatArray:
        """The level of frames ``start`` to ``end``, from five seconds before to the last hop."""
        hop = self._grid.hop_length
        known = self._first_energy + len(self._energies)
        if end > known:
            fresh = self._audio[known * hop - self._first : end * hop - self._first]
            self._energies = np.concatenate((self._energies, hop_energies(fresh, hop)))
        first = max(0, start - self._level_frames)
        energies = self._energies[first - self._first_energy : end - self._first_energy]
        level = running_level(energies, hop, self._grid.sample_rate)
        return np.concatenate(
            (np.repeat(level[:1], max(0, -start)), level[max(0, start) - first :])
        )
