"""OpenMIC-2018, a user's own copy: labels of 20,000 clips of 10 s, with features or with audio.

Humphrey, Durand & McFee, "OpenMIC-2018: An Open Dataset for Multiple Instrument Recognition",
ISMIR 2018. Its ``openmic-2018.npz`` holds objects in some releases; those are not read.
"""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

ARCHIVE = "openmic-2018.npz"
N_INSTANCES = 10
N_FEATURES = 128


@dataclass(frozen=True)
class OpenMic:
    """Clips of a split.

    Attributes
    ----------
    keys : tuple of str
    labels, observed : np.ndarray of bool, shape (n_clips, 20)
        ``labels`` is meaningless where not ``observed``.
    features : np.ndarray of float32, shape (n_clips, 10, 128), or None
        VGGish embeddings, in [0, 1].
    """

    keys: tuple[str, ...]
    labels: npt.NDArray[np.bool_]
    observed: npt.NDArray[np.bool_]
    features: npt.NDArray[np.float32] | None = None

    def select(self, keys: set[str]) -> OpenMic:
        chosen = np.array([key in keys for key in self.keys], dtype=bool)
        return OpenMic(
            tuple(key for key in self.keys if key in keys),
            self.labels[chosen],
            self.observed[chosen],
            None if self.features is None else self.features[chosen],
        )


def load_openmic(folder: Path) -> OpenMic:
    """Read a copy: ``openmic-2018.npz`` where it can be read, else the tables and ``vggish/``.

    Raises
    ------
    ValueError
        If the folder holds no OpenMIC-2018, or it is damaged.
    """
    archive = folder / ARCHIVE
    table = folder / "openmic-2018-aggregated-labels.csv"
    if archive.is_file():
        try:
            return _from_archive(archive)
        except ValueError as error:
            if not table.is_file():
                raise ValueError(f"{archive} cannot be read without pickle: {error}") from error
    if not table.is_file():
        raise ValueError(f"{folder} holds no OpenMIC-2018")
    return _from_tables(folder, table)


def load_split(folder: Path, name: str) -> set[str]:
    """Keys of the published split ``train`` or ``test``."""
    path = folder / "partitions" / f"split01_{name}.csv"
    if not path.is_file():
        raise ValueError(f"there is no {path}")
    return {line.strip() for line in path.read_text().splitlines() if line.strip()}


def audio_path(folder: Path, key: str) -> Path:
    """Where the clip of a key lies in a copy with audio."""
    return folder / "audio" / key[:3] / f"{key}.ogg"


def _from_archive(path: Path) -> OpenMic:
    with np.load(path, allow_pickle=False) as arrays:
        features, probs, mask, keys = (
            arrays[name] for name in ("X", "Y_true", "Y_mask", "sample_key")
        )
    n_clips = len(keys)
    expected = {
        "X": (features.shape, (n_clips, N_INSTANCES, N_FEATURES)),
        "Y_true": (probs.shape, (n_clips, len(INSTRUMENT_CLASSES))),
        "Y_mask": (mask.shape, (n_clips, len(INSTRUMENT_CLASSES))),
    }
    for name, (shape, wanted) in expected.items():
        if shape != wanted:
            raise ValueError(f"{name} must have shape {wanted}, got {shape}")
    return OpenMic(
        tuple(str(key) for key in keys), probs >= 0.5, mask.astype(bool), _scaled(features)
    )


def _from_tables(folder: Path, table: Path) -> OpenMic:
    rows: dict[str, dict[int, bool]] = {}
    with table.open(newline="") as file:
        for row in csv.DictReader(file):
            try:
                index = INSTRUMENT_CLASSES.index(row["instrument"])
                rows.setdefault(row["sample_key"], {})[index] = float(row["relevance"]) >= 0.5
            except (KeyError, ValueError) as error:
                raise ValueError(f"{table.name} has a row that is not a label: {row}") from error
    keys = tuple(sorted(rows))
    labels = np.zeros((len(keys), len(INSTRUMENT_CLASSES)), dtype=bool)
    observed = np.zeros_like(labels)
    for position, key in enumerate(keys):
        for index, present in rows[key].items():
            labels[position, index], observed[position, index] = present, True
    return OpenMic(keys, labels, observed, _read_features(folder, keys))


def _read_features(folder: Path, keys: tuple[str, ...]) -> npt.NDArray[np.float32] | None:
    """``vggish/KEY[:3]/KEY.json`` with the quantised embeddings; None where a clip lacks them."""
    paths = [folder / "vggish" / key[:3] / f"{key}.json" for key in keys]
    if not all(path.is_file() for path in paths):
        return None
    clips = []
    for path in paths:
        content = json.loads(path.read_text())
        clip = np.asarray(content.get("features_z", content.get("features")), dtype=np.float32)
        if clip.ndim != 2 or clip.shape[1] != N_FEATURES or not len(clip):
            raise ValueError(f"{path} must hold (n, {N_FEATURES}) features, got {clip.shape}")
        # Clips are a frame short or long at times: the last one is repeated, the rest left out.
        clip = np.concatenate([clip, np.repeat(clip[-1:], N_INSTANCES, axis=0)])[:N_INSTANCES]
        clips.append(clip)
    return _scaled(np.stack(clips))


def _scaled(features: npt.NDArray[np.generic]) -> npt.NDArray[np.float32]:
    if features.dtype.kind not in "uif":
        raise ValueError(f"features must be numbers, got {features.dtype}")
    scaled: npt.NDArray[np.float32] = features.astype(np.float32)
    return scaled / np.float32(255.0)  # bytes of the published quantisation
