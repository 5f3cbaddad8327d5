"""Mixtures whose teacher's answers are kept: ``python -m training.instruments.lessons --help``.

The teacher processes a mixture once, as audio; the student sees the same mixture many times, each
time with another equaliser and other noise.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from training.instruments.mixing import Recipe, StemPool, draw_recipe
from training.instruments.yamnet import EMBEDDING_SIZE, SAMPLE_RATE, Yamnet

logger = logging.getLogger("training.instruments.lessons")

LEVEL = 0.07  # RMS of what the teacher hears
_MOST_STEMS = 6


@dataclass(frozen=True)
class Lessons:
    """``embeddings`` (n_recipes, n_instances, 1024), the teacher's of each recipe."""

    recipes: list[Recipe]
    embeddings: npt.NDArray[np.float16]

    def __len__(self) -> int:
        return len(self.recipes)

    def save(self, path: Path) -> None:
        n = len(self.recipes)
        indices = np.full((n, _MOST_STEMS), -1, dtype=np.int32)
        starts = np.zeros((n, _MOST_STEMS), dtype=np.int8)
        gains = np.zeros((n, _MOST_STEMS), dtype=np.float32)
        for row, recipe in enumerate(self.recipes):
            used = len(recipe.indices)
            indices[row, :used], starts[row, :used] = recipe.indices, recipe.starts
            gains[row, :used] = recipe.gains
        partial = path.with_name("partial-" + path.name)
        np.savez(
            partial, indices=indices, starts=starts, gains=gains,
            embeddings=self.embeddings,
        )  # fmt: skip
        partial.rename(path)

    def without(self, stems: set[int]) -> Lessons:
        """The lessons that contain none of these stems."""
        kept = [row for row, each in enumerate(self.recipes) if not stems & set(each.indices)]
        return Lessons([self.recipes[row] for row in kept], self.embeddings[kept])

    @classmethod
    def load(cls, folder: Path) -> Lessons:
        """All lessons of a folder."""
        recipes: list[Recipe] = []
        embeddings = []
        for path in sorted(folder.glob("lessons-*.npz")):
            with np.load(path, allow_pickle=False) as arrays:
                rows = [arrays[key] for key in ("indices", "starts", "gains", "embeddings")]
            n_instances = rows[3].shape[1]
            for indices, starts, gains, _ in zip(*rows, strict=True):
                used = int((indices >= 0).sum())
                parts = (indices[:used], starts[:used], gains[:used])
                stems, seconds, levels = (tuple(part.tolist()) for part in parts)
                recipes.append(Recipe(stems, seconds, levels, n_instances))
            embeddings.append(rows[3])
        if not recipes:
            raise ValueError(f"there are no lessons in {folder}")
        return cls(recipes, np.concatenate(embeddings))


def read_audio(folder: Path) -> list[npt.NDArray[np.float16]]:
    """The audio of all stems of a folder, in the order of ``StemPool``."""
    audio: list[npt.NDArray[np.float16]] = []
    for path in sorted(folder.glob("stems-*.npz")):
        with np.load(path, allow_pickle=False) as arrays:
            audio += list(arrays["audio"])
    return audio


def mix_audio(audio: list[npt.NDArray[np.float16]], recipe: Recipe) -> npt.NDArray[np.float32]:
    """The samples of a recipe, at ``LEVEL``."""
    n_samples = recipe.n_instances * SAMPLE_RATE
    total = np.zeros(n_samples, dtype=np.float32)
    for index, start, gain in zip(recipe.indices, recipe.starts, recipe.gains, strict=True):
        part = audio[index][start * SAMPLE_RATE : start * SAMPLE_RATE + n_samples]
        total += np.exp(np.float32(gain)) * part.astype(np.float32)
    level = np.sqrt((total**2).mean()) + 1e-9
    scaled: npt.NDArray[np.float32] = total * np.float32(LEVEL / level)
    return scaled


def teach(
    teacher: Yamnet,
    pool: StemPool,
    audio: list[npt.NDArray[np.float16]],
    rng: np.random.Generator,
    *,
    n_recipes: int,
    n_instances: int,
) -> Lessons:
    """Draw recipes and ask the teacher."""
    recipes = [draw_recipe(pool, rng, n_instances=n_instances) for _ in range(n_recipes)]
    embeddings = np.zeros((n_recipes, n_instances, EMBEDDING_SIZE), dtype=np.float16)
    for row, recipe in enumerate(recipes):
        heard = torch.from_numpy(mix_audio(audio, recipe))
        embeddings[row] = teacher.seconds(heard).embedding.numpy()
    return Lessons(recipes, embeddings)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Ask YAMNet about mixtures of our stems.")
    parser.add_argument("stems", type=Path, help="folder that 'rendering stems' wrote")
    parser.add_argument("output", type=Path, help="folder for the lessons")
    parser.add_argument("--teacher", type=Path, required=True, help="folder of YAMNet's weights")
    parser.add_argument("--count", type=int, default=4, help="files of lessons")
    parser.add_argument("--per-file", type=int, default=1000)
    parser.add_argument("--instances", type=int, default=4)
    parser.add_argument("--first", type=int, default=0)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    pool = StemPool(options.stems)
    n_stems = pool.reload()
    audio = read_audio(options.stems)[:n_stems]
    teacher = Yamnet.load(options.teacher)
    options.output.mkdir(parents=True, exist_ok=True)
    for number in range(options.first, options.first + options.count):
        lessons = teach(
            teacher, pool, audio, np.random.default_rng([11, number]),
            n_recipes=options.per_file, n_instances=options.instances,
        )  # fmt: skip
        lessons.save(options.output / f"lessons-{number:04d}.npz")
        logger.info("%d lessons of %d stems", (number + 1) * options.per_file, n_stems)


if __name__ == "__main__":
    main()
