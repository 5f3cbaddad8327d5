"""Random segments of recordings with their targets, for supervised training."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor
from torch.utils.data import Dataset

from amtstudio.features import LEVEL_HALF_WINDOW_S, FrameGrid, hop_energies, running_level
from amtstudio.symbolic import Note, Pedal, Transcription
from training.datasets.piece import Piece
from training.datasets.stretch import read_stretch, resampled_length
from training.truth import read_truth

# (notes, pedals, time of the segment's first frame, number of frames) -> arrays, time first
Render = Callable[[list[Note], list[Pedal], float, int], dict[str, npt.NDArray[np.float32]]]

_CACHED_TRUTHS = 200  # parsing MIDI costs more than decoding the audio of a segment


class SegmentDataset(Dataset[dict[str, Tensor]]):
    """Endless segments: one from a random place of each piece, the pieces in random order.

    Segment ``i`` of a seed is always the same, so that a run can be resumed anywhere.

    Parameters
    ----------
    pieces : sequence of Piece
    render : callable
        Draws the targets: gets the notes and pedals that sound in the segment or within a frame
        of it, in seconds from the start of the recording, sorted; the time of the segment's
        first frame; and the number of frames. Returns arrays of any names but ``audio`` and
        ``level``.
    grid : FrameGrid
    n_frames : int
        Length of a segment.
    margin : int, samples
        Audio beyond the centres of the outermost frames (``TranscriptionModel.margin``).
    extend_by_pedal : bool
        Whether notes sound until the pedal comes up.
    seed : int

    Each is a dict of tensors: ``audio``, shape ((n_frames - 1) * hop_length + 2 * margin,), zeros
    outside of the recording; ``level``, shape (n_frames,), the running level of the recording; and
    what ``render`` gives. A recording shorter than a segment is followed by silence.
    """

    def __init__(
        self,
        pieces: Sequence[Piece],
        render: Render,
        *,
        grid: FrameGrid,
        n_frames: int,
        margin: int,
        extend_by_pedal: bool = True,
        seed: int = 0,
    ) -> None:
        super().__init__()
        if not pieces:
            raise ValueError("need at least one piece")
        if n_frames < 1 or margin < 0:
            raise ValueError(f"need n_frames >= 1 and margin >= 0, got {n_frames} and {margin}")
        self._pieces = list(pieces)
        self._render = render
        self._grid = grid
        self._n_frames = n_frames
        self._margin = margin
        self._extend_by_pedal = extend_by_pedal
        self._seed = seed
        self._truths: dict[Path, Transcription] = {}

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        epoch, place = divmod(index, len(self._pieces))
        order = np.random.default_rng([self._seed, epoch]).permutation(len(self._pieces))
        piece = self._pieces[order[place]]
        n_samples = resampled_length(piece.audio, self._grid.sample_rate)
        n_starts = max(1, self._grid.n_frames(n_samples) - self._n_frames + 1)
        rng = np.random.default_rng([self._seed, epoch, place])
        return self.segment(piece, int(rng.integers(n_starts)), n_samples)

    def segment(self, piece: Piece, first_frame: int, n_samples: int) -> dict[str, Tensor]:
        """The segment of ``piece`` (``n_samples`` long) that starts at ``first_frame``."""
        hop, rate = self._grid.hop_length, self._grid.sample_rate
        # The running level looks five seconds to either side, but not beyond the recording.
        half = round(LEVEL_HALF_WINDOW_S * rate / hop)
        around_start = max(0, first_frame - half) * hop
        around_end = min(n_samples, (first_frame + self._n_frames + half) * hop)
        start = first_frame * hop - self._margin
        end = (first_frame + self._n_frames - 1) * hop + self._margin
        read_start, read_end = min(start, around_start), max(end, around_end)
        audio = read_stretch(piece.audio, read_start, read_end - read_start, rate)
        energies = hop_energies(audio[around_start - read_start : around_end - read_start], hop)
        level = running_level(energies, hop, rate)[first_frame - around_start // hop :]
        level = np.pad(level, (0, self._n_frames), mode="edge")[: self._n_frames]
        targets = self._targets(piece.truth, first_frame)
        arrays = {"audio": audio[start - read_start : end - read_start], "level": level, **targets}
        return {name: torch.from_numpy(np.ascontiguousarray(a)) for name, a in arrays.items()}

    def _targets(self, path: Path, first_frame: int) -> dict[str, npt.NDArray[np.float32]]:
        truth = self._truth(path)
        earliest = self._grid.to_seconds(first_frame - 1)
        latest = self._grid.to_seconds(first_frame + self._n_frames)
        notes = [n for n in truth.notes if n.onset < latest and n.offset > earliest]
        pedals = [p for p in truth.pedals if p.onset < latest and p.offset > earliest]
        return self._render(notes, pedals, self._grid.to_seconds(first_frame), self._n_frames)

    def _truth(self, path: Path) -> Transcription:
        if path not in self._truths:
            if len(self._truths) >= _CACHED_TRUTHS:
                del self._truths[next(iter(self._truths))]
            self._truths[path] = read_truth(path, extend_by_pedal=self._extend_by_pedal)
        return self._truths[path]
