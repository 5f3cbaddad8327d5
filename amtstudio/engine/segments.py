"""Cut a stream of audio into overlapping segments that give the frames of the uncut recording."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from amtstudio.audio import FloatArray
from amtstudio.features import LEVEL_HALF_WINDOW_S, FrameGrid, hop_energies, running_level


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of audio for a model, and which of the frames that come out are valid.

    Attributes
    ----------
    audio : np.ndarray, shape ((n_window - 1) * hop_length + 2 * margin,)
    level : np.ndarray, shape (n_window,), or None
        Running level around each frame, linear RMS.
    first_frame : int
        Of the valid frames, counted from the start of the stream.
    n_frames : int
        How many are valid.
    skip : int
        How many frames to cut off before them: the context, or more that was already processed.
    """

    audio: FloatArray
    level: FloatArray | None
    first_frame: int
    n_frames: int
    skip: int


@dataclass(frozen=True, slots=True)
class SegmentPlan:
    """The lengths by which a stream is cut.

    Attributes
    ----------
    grid : FrameGrid
    margin : int, samples
    context : int, frames
        As in ``TranscriptionModel``.
    uses_level : bool
    core_frames : int
        Valid frames of a segment.
    first_core_frames : int
        Those of the first segment: fewer, so that its notes appear early.
    size_step : int
        The frames of a window are a multiple of this wherever enough of the recording precedes it.
        Libraries set up again for each size, and memory freed after one size does not fit another:
        many recordings, each with a last segment of a different length, would take ever more
        memory.
    """

    grid: FrameGrid
    margin: int
    context: int
    uses_level: bool
    core_frames: int
    first_core_frames: int
    size_step: int = 1

    @property
    def level_frames(self) -> int:
        """How far ahead the running level looks."""
        if not self.uses_level:
            return 0
        return round(LEVEL_HALF_WINDOW_S * self.grid.sample_rate / self.grid.hop_length) + 1

    @property
    def reach_back(self) -> int:
        """How many frames before its valid ones a window may begin."""
        return self.context + self.size_step - 1

    def window_start(self, start: int, window_end: int) -> int:
        """Where the window begins whose valid frames begin at ``start``."""
        n_frames = window_end - max(0, start - self.context)
        return max(0, window_end - -(-n_frames // self.size_step) * self.size_step)

    def samples_up_to(self, frame: int) -> int:
        """Samples that must have arrived for a window that ends before ``frame``."""
        hop = self.grid.hop_length
        return max((frame + self.level_frames) * hop, (frame - 1) * hop + self.margin)


def cut_into_segments(blocks: Iterable[FloatArray], plan: SegmentPlan) -> Iterator[Segment]:
    """The segments of a stream, in order; their valid frames follow one another without gaps.

    No more of the stream is held than a segment with its margins and the reach of the level.

    Parameters
    ----------
    blocks : iterable of np.ndarray, shape (n,)
        Mono float32 audio of any block lengths.
    plan : SegmentPlan
    """
    buffer = _StreamBuffer(blocks, plan.grid.hop_length)
    start = 0
    while True:
        core = plan.core_frames if start else plan.first_core_frames
        window_end = start + core + plan.context
        buffer.read_up_to(plan.samples_up_to(window_end))
        end = start + core
        if buffer.exhausted and window_end >= buffer.n_frames:
            # What remains goes into one last segment: its end is that of the recording.
            end = window_end = buffer.n_frames
        if end <= start:
            return
        window_start = plan.window_start(start, window_end)
        yield Segment(
            audio=buffer.window(window_start, window_end, plan.margin),
            level=_level(buffer, window_start, window_end, plan) if plan.uses_level else None,
            first_frame=start,
            n_frames=end - start,
            skip=start - window_start,
        )
        start = end
        buffer.forget_before(start - plan.reach_back, plan.margin, plan.level_frames)


def _level(buffer: _StreamBuffer, start: int, end: int, plan: SegmentPlan) -> FloatArray:
    """The level of frames ``start`` to ``end`` as the whole recording would give it."""
    first = max(0, start - plan.level_frames)
    energies = buffer.energies(first, end + plan.level_frames)
    level = running_level(energies, plan.grid.hop_length, plan.grid.sample_rate)
    return level[start - first : end - first]


class _StreamBuffer:
    """The latest part of a stream of blocks."""

    def __init__(self, blocks: Iterable[FloatArray], hop_length: int) -> None:
        self._blocks = iter(blocks)
        self._hop = hop_length
        self._audio = np.zeros(0, dtype=np.float32)
        self._first = 0  # sample, of the recording, at which _audio begins; a multiple of the hop
        self._energies: npt.NDArray[np.float64] = np.zeros(0)
        self._first_energy = 0  # frame of the first energy kept
        self.exhausted = False

    @property
    def n_samples(self) -> int:
        """How many have arrived since the start."""
        return self._first + len(self._audio)

    @property
    def n_frames(self) -> int:
        return -(-self.n_samples // self._hop)

    def read_up_to(self, n_samples: int) -> None:
        new: list[FloatArray] = []
        n_new = 0
        while not self.exhausted and self.n_samples + n_new < n_samples:
            block = next(self._blocks, None)
            if block is None:
                self.exhausted = True
            else:
                new.append(block)
                n_new += len(block)
        if new or self.exhausted:
            self._audio = np.concatenate([self._audio, *new])
            self._add_energies()

    def _add_energies(self) -> None:
        n_known = self._first_energy + len(self._energies)
        n_complete = self.n_frames if self.exhausted else self.n_samples // self._hop
        if n_complete > n_known:
            fresh = self._audio[
                n_known * self._hop - self._first : n_complete * self._hop - self._first
            ]
            self._energies = np.concatenate((self._energies, hop_energies(fresh, self._hop)))

    def window(self, start: int, end: int, margin: int) -> FloatArray:
        """Audio for frames ``start`` to ``end``, zeros outside the recording."""
        first = start * self._hop - margin
        last = (end - 1) * self._hop + margin
        audio = np.zeros(last - first, dtype=np.float32)
        begin, stop = max(first, 0), min(last, self.n_samples)
        if stop > begin:
            part = self._audio[begin - self._first : stop - self._first]
            audio[begin - first : stop - first] = part
        return audio

    def energies(self, start: int, end: int) -> npt.NDArray[np.float64]:
        return self._energies[start - self._first_energy : end - self._first_energy]

    def forget_before(self, frame: int, margin: int, level_frames: int) -> None:
        """Drop what no window from ``frame`` on reaches."""
        # Energies that are not yet known come from audio, which so must be kept.
        n_known = self._first_energy + len(self._energies)
        margin_frames = -(-margin // self._hop)
        first = min(max(0, frame - margin_frames) * self._hop, n_known * self._hop)
        if first > self._first:
            self._audio = self._audio[first - self._first :].copy()
            self._first = first
        first_energy = max(0, frame - level_frames)
        if first_energy > self._first_energy:
            self._energies = self._energies[first_energy - self._first_energy :].copy()
            self._first_energy = first_energy
