"""What a run is trained on: synthesised clips, recordings with truth, or a mixture."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from torch.utils.data import Dataset

from amtstudio.learning.targets import TargetKind, render_targets
from training.datasets import SegmentDataset, find_pieces
from training.synthesis.dataset import ClipDataset, Material
from training.synthesis.melodic_clips import MelodicClips, melodic_clip_maker

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt
    from torch import Tensor

    from amtstudio.features import FrameGrid
    from amtstudio.symbolic import Note, Pedal
    from training.training_config import TrainingConfig

Example = dict[str, "Tensor"]


class MixedDataset(Dataset[Example]):
    """Item ``i`` from the second data set with probability ``share``, else from the first."""

    def __init__(
        self, first: Dataset[Example], second: Dataset[Example], *, share: float, seed: int
    ) -> None:
        if not 0.0 <= share <= 1.0:
            raise ValueError(f"share must lie in [0, 1], got {share}")
        self._first, self._second, self._share, self._seed = first, second, share, seed

    def __getitem__(self, index: int) -> Example:
        draw = np.random.default_rng([self._seed, index, 1]).random()
        return (self._second if draw < self._share else self._first)[index]


def training_material(
    config: TrainingConfig, grid: FrameGrid, margin: int, *, dereverberates: bool = False
) -> Dataset[Example]:
    """The numbered examples of a run.

    Raises
    ------
    ValueError
        If the config names neither material to synthesise from nor recordings.
    """
    sources: list[Dataset[Example]] = []
    if config.material:
        material = Material(Path(config.material), Path(config.cache))
        piano = material.clip_maker(
            validation=False,
            grid=grid,
            margin=margin,
            n_frames=config.n_frames,
            targets=config.targets,
            dereverberates=dereverberates,
        )
        if config.model == "melodic":
            instruments = melodic_clip_maker(material, config, piano)
            clips = MelodicClips(
                instruments, piano, piano_share=config.piano_share, seed=config.seed
            )
            sources.append(clips)
        else:
            sources.append(ClipDataset(piano, seed=config.seed))
    if config.recordings:
        found = [piece for folder in config.recordings for piece in find_pieces(Path(folder))]
        # The plain layout has no splits: naming such a folder means to train on it.
        splits = {piece.split for piece in found}
        chosen = [piece for piece in found if piece.split == "train" or "train" not in splits]
        sources.append(
            SegmentDataset(
                chosen,
                renderer(grid, config.targets),
                grid=grid,
                n_frames=config.n_frames,
                margin=margin,
                seed=config.seed,
            )
        )
    if not sources:
        raise ValueError("a run needs --material or --recordings")
    if len(sources) == 1:
        return sources[0]
    return MixedDataset(*sources, share=config.recorded_share, seed=config.seed)


def renderer(
    grid: FrameGrid, kind: TargetKind
) -> Callable[[list[Note], list[Pedal], float, int], dict[str, npt.NDArray[np.float32]]]:
    """What draws the targets of a stretch of a recording."""

    def render(
        notes: list[Note], pedals: list[Pedal], start: float, n_frames: int
    ) -> dict[str, npt.NDArray[np.float32]]:
        rows = [(n.onset - start, n.offset - start, n.pitch, n.velocity) for n in notes]
        presses = [(pedal.onset - start, pedal.offset - start) for pedal in pedals]
        note_array = np.array(rows, dtype=np.float64).reshape(-1, 4)
        on_keyboard = (note_array[:, 2] >= 21) & (note_array[:, 2] <= 108)
        pedal_array = np.array(presses, dtype=np.float64).reshape(-1, 2)
        targets = render_targets(note_array[on_keyboard], pedal_array, grid, n_frames, kind=kind)
        return {
            "onset": targets.onset,
            "offset": targets.offset,
            "frame": targets.frame,
            "velocity": targets.velocity,
            "pedal": targets.pedal,
        }

    return render
