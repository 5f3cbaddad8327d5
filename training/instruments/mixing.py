"""Mixtures made while training: stems are added as the model sees them.

The power of a sum of unrelated sounds is the sum of their powers, in each mel band as elsewhere: a
mixture of spectrograms costs a thousandth of one of audio, so that no two batches are alike.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amtstudio.features.log_mel import LOG_FLOOR
from amtstudio.models.instrument_attention import INSTANCE_FRAMES
from amtstudio.symbolic.instruments import INSTRUMENT_CLASSES
from training.instruments.catalogue import LIBRARIES

FloatArray = npt.NDArray[np.float32]
BoolArray = npt.NDArray[np.bool_]

HEARD_DB = -17.0  # of the mixture: an instrument that is at least as loud must be named
HIDDEN_DB = -32.0  # softer than this nobody could: it counts as absent; between them, unknown
_SIZES = (0.3, 0.2, 0.17, 0.13, 0.11, 0.09)  # shares of mixtures of one to six stems
_LIBRARIES = frozenset(entry.name for entry in LIBRARIES)
_ENSEMBLE_SHARE = 0.5
# Who plays together, and how often each of them does. What goes with what is half of the matter:
# a bass seldom plays without drums, and hardly ever with a clarinet quartet.
_ENSEMBLES: tuple[tuple[tuple[str, float], ...], ...] = (
    (("drums", 1), ("bass", 0.95), ("guitar", 0.95), ("guitar", 0.5), ("voice", 0.6)),
    (("drums", 1), ("bass", 0.9), ("guitar", 0.6), ("voice", 0.7), ("organ", 0.3), ("piano", 0.4)),
    (("drums", 1), ("bass", 0.8), ("synthesizer", 0.9), ("voice", 0.6), ("guitar", 0.3)),
    (("drums", 0.7), ("bass", 0.9), ("piano", 0.8), ("saxophone", 0.5), ("trumpet", 0.4)),
    (("piano", 0.8), ("violin", 0.5), ("cello", 0.5), ("flute", 0.3), ("clarinet", 0.3)),
    (("guitar", 0.7), ("banjo", 0.4), ("mandolin", 0.4), ("violin", 0.3), ("voice", 0.5)),
    (("ukulele", 0.5), ("guitar", 0.4), ("accordion", 0.4), ("voice", 0.6), ("bass", 0.4)),
    (("piano", 0.5), ("guitar", 0.5), ("voice", 1)),
    (("trumpet", 0.6), ("trombone", 0.6), ("saxophone", 0.6), ("drums", 0.5), ("bass", 0.4)),
)
_OTHER_SHARE = 0.12  # of stems that are none of the classes


@dataclass
class StemPool:
    """Stems in memory, found by class; ``reload`` takes in what was rendered since."""

    folder: Path
    log_mels: list[npt.NDArray[np.float16]] = field(default_factory=list)
    labels: list[BoolArray] = field(default_factory=list)
    unknowns: list[BoolArray] = field(default_factory=list)
    by_class: dict[int | None, list[int]] = field(default_factory=dict)
    left_out: set[int] = field(default_factory=set)  # stems of libraries that are not in use
    libraries: set[str] = field(default_factory=set)  # those in use
    _read: set[Path] = field(default_factory=set)

    def reload(self) -> int:
        """Read the shards that are new; the number of stems then."""
        for path in sorted(self.folder.glob("stems-*.npz")):
            if path in self._read:
                continue
            with np.load(path, allow_pickle=False) as arrays:
                shard = tuple(arrays[name] for name in ("log_mels", "labels", "unknowns"))
                names = arrays["names"].tolist() if "names" in arrays else [""] * len(shard[0])
            for log_mel, labels, unknown, name in zip(*shard, names, strict=True):
                self._add(log_mel, labels, unknown, name.split(":")[0])
            self._read.add(path)
        if not self.log_mels:
            raise ValueError(f"there are no stems in {self.folder}")
        return len(self.log_mels)

    def _add(
        self,
        log_mel: npt.NDArray[np.float16],
        labels: BoolArray,
        unknown: BoolArray,
        library: str,
    ) -> None:
        index = len(self.log_mels)
        self.log_mels.append(log_mel)
        self.labels.append(labels)
        self.unknowns.append(unknown)
        if library and library not in _LIBRARIES:  # taken off the catalogue since
            self.left_out.add(index)
            return
        self.libraries.add(library)
        present = np.flatnonzero(labels.any(axis=0))
        keys: list[int | None] = [*present.tolist()] or [None]
        for key in keys:
            self.by_class.setdefault(key, []).append(index)

    def draw(self, rng: np.random.Generator) -> int:
        classes = [key for key in self.by_class if key is not None]
        key: int | None = classes[int(rng.integers(len(classes)))]
        if None in self.by_class and rng.random() < _OTHER_SHARE:
            key = None
        found = self.by_class[key]
        return found[int(rng.integers(len(found)))]

    def draw_of(self, key: int, rng: np.random.Generator) -> int | None:
        """A stem of a class, or None where there is none."""
        found = self.by_class.get(key)
        return None if not found else found[int(rng.integers(len(found)))]


@dataclass(frozen=True)
class Recipe:
    """Which stems of a pool sound together, from which second on, how loud (ln of amplitude)."""

    indices: tuple[int, ...]
    starts: tuple[int, ...]
    gains: tuple[float, ...]
    n_instances: int


@dataclass(frozen=True)
class Mixture:
    """A bag: log-mel (frames, mels), and of each instance what is present and what is known."""

    log_mel: FloatArray
    labels: BoolArray  # (n_instances, n_classes)
    observed: BoolArray  # (n_instances, n_classes)
    quiet: int | None = None  # the instance that was silenced

    @property
    def bag_labels(self) -> BoolArray:
        present: BoolArray = np.logical_or.reduce(self.labels & self.observed, axis=0)
        return present

    @property
    def bag_observed(self) -> BoolArray:
        """A class is known to be in the bag if any instance has it, else if all are known."""
        known: BoolArray = np.logical_or(self.bag_labels, self.observed.all(axis=0))
        return known


def mix(
    powers: list[FloatArray], labels: list[BoolArray], unknowns: list[BoolArray]
) -> tuple[FloatArray, BoolArray, BoolArray]:
    """Add stems, and label what is audible in the sum.

    Parameters
    ----------
    powers : list of np.ndarray, each (n_instances * INSTANCE_FRAMES, n_mels)
        Mel power of each stem at its gain.
    labels : list of np.ndarray of bool, each (n_instances, n_classes)
    unknowns : list of np.ndarray of bool, each (n_classes,)

    Returns
    -------
    power, labels, observed
        A class is present where a stem of it stands out, unknown where all of its stems are
        nearly hidden or another stem resembles it, and absent otherwise.
    """
    total = np.sum(powers, axis=0)
    n_instances = len(labels[0])
    energy = total.reshape(n_instances, -1).sum(axis=1) + 1e-20
    heard = np.zeros_like(labels[0])
    doubtful = np.zeros_like(labels[0])
    for power, label, unknown in zip(powers, labels, unknowns, strict=True):
        share = power.reshape(n_instances, -1).sum(axis=1) / energy
        level_db = (10 * np.log10(share + 1e-12))[:, None]
        heard |= label & (level_db >= HEARD_DB)
        doubtful |= (label | unknown) & (level_db >= HIDDEN_DB)
    return total.astype(np.float32), heard, heard | ~doubtful


def draw_recipe(pool: StemPool, rng: np.random.Generator, *, n_instances: int) -> Recipe:
    """Stems of a random mixture: half of them any, half of them an ensemble as there are."""
    if rng.random() < _ENSEMBLE_SHARE:
        players = (INSTRUMENT_CLASSES.index(name) for name in _ensemble(rng))
        drawn = [pool.draw_of(player, rng) for player in players]
        indices = [index for index in drawn if index is not None]
    else:
        indices = []
    if not indices:
        n_stems = int(rng.choice(len(_SIZES), p=_SIZES)) + 1
        indices = [pool.draw(rng) for _ in range(n_stems)]
    n_seconds = min(len(pool.labels[index]) for index in indices)
    starts = rng.integers(n_seconds - n_instances + 1, size=len(indices))
    gains = rng.normal(0.0, 4.0, len(indices)) * np.log(10) / 20
    return Recipe(tuple(indices), tuple(starts.tolist()), tuple(gains.tolist()), n_instances)


def _ensemble(rng: np.random.Generator) -> list[str]:
    options = _ENSEMBLES[int(rng.integers(len(_ENSEMBLES)))]
    names = [name for name, share in options if rng.random() < share]
    return names[: len(_SIZES)] or [options[0][0]]


def play(pool: StemPool, recipe: Recipe, rng: np.random.Generator) -> Mixture:
    """A recipe as a recording: equaliser, noise, level and hidden bands are new each time."""
    powers, labels, unknowns = [], [], []
    for index, start, gain in zip(recipe.indices, recipe.starts, recipe.gains, strict=True):
        frames = slice(start * INSTANCE_FRAMES, (start + recipe.n_instances) * INSTANCE_FRAMES)
        stem = _another_instrument(pool.log_mels[index][frames].astype(np.float32), rng)
        powers.append(np.exp(2.0 * (stem + np.float32(gain))))
        labels.append(pool.labels[index][start : start + recipe.n_instances])
        unknowns.append(pool.unknowns[index])
    power, present, observed = mix(powers, labels, unknowns)
    power, quiet = _recorded(power, rng)
    if quiet is not None:  # a second in which nothing but noise is left
        present, observed = present.copy(), observed.copy()
        present[quiet], observed[quiet] = False, True
    log_mel = 0.5 * np.log(np.maximum(power, LOG_FLOOR**2))
    return Mixture(_hidden_bands(log_mel.astype(np.float32), rng), present, observed, quiet)


def _another_instrument(log_mel: FloatArray, rng: np.random.Generator) -> FloatArray:
    """A stem as another maker's instrument: other resonances, at times smaller or larger.

    Two libraries that play a class are two instruments; a network that is to know a third must not
    go by where exactly their spectra peak.
    """
    n_mels = log_mel.shape[1]
    curve = np.interp(np.arange(n_mels), np.linspace(0, n_mels - 1, 9), rng.normal(0.0, 0.45, 9))
    if rng.random() < 0.5 and (shift := int(rng.integers(-2, 3))):
        bands = np.clip(np.arange(n_mels) - shift, 0, n_mels - 1)
        log_mel = log_mel[:, bands]
    varied: FloatArray = log_mel + (curve - curve.mean()).astype(np.float32)
    return varied


def make_mixture(pool: StemPool, rng: np.random.Generator, *, n_instances: int) -> Mixture:
    """A random mixture of the pool's stems: gains, timing, equaliser, noise, level."""
    return play(pool, draw_recipe(pool, rng, n_instances=n_instances), rng)


def _recorded(power: FloatArray, rng: np.random.Generator) -> tuple[FloatArray, int | None]:
    """Equaliser, noise floor and level of a recording; at times one second without music."""
    n_mels = power.shape[1]
    bands = np.linspace(0.0, 1.0, n_mels)
    tilt_db = np.interp(bands, np.linspace(0, 1, 6), rng.normal(0.0, 3.0, 6))
    tilt_db += rng.uniform(-6.0, 6.0) * (bands - 0.5)
    power = power * (10 ** (tilt_db / 10)).astype(np.float32)
    quiet = None
    if rng.random() < 0.1:
        quiet = int(rng.integers(len(power) // INSTANCE_FRAMES))
        power[quiet * INSTANCE_FRAMES : (quiet + 1) * INSTANCE_FRAMES] *= 1e-7
    level = float(power.mean()) + 1e-12
    noise_db = rng.uniform(-70.0, -22.0)
    slope_db = rng.uniform(-25.0, 3.0) * bands
    noise = level * 10 ** ((noise_db + slope_db) / 10)
    power = power + noise.astype(np.float32) * _noise(power.shape, rng)
    # Stems have an RMS of 1; recordings lie 10 to 50 dB below.
    return power * np.float32(10 ** (rng.uniform(-50.0, -8.0) / 10)), quiet


@functools.cache
def _noise_bank(n_mels: int) -> FloatArray:
    """Power of noise in a band, from frame to frame: chi-squared with a few degrees of freedom."""
    bank = np.random.default_rng(0).gamma(3.0, 1 / 3.0, (8192, n_mels))
    return bank.astype(np.float32)


def _noise(shape: tuple[int, ...], rng: np.random.Generator) -> FloatArray:
    bank = _noise_bank(shape[1])
    start = int(rng.integers(len(bank) - shape[0]))
    return bank[start : start + shape[0]]


def _hidden_bands(log_mel: FloatArray, rng: np.random.Generator) -> FloatArray:
    """One stretch of bands set to the mean, at times: no class may hang on a single one."""
    if rng.random() < 0.3:
        width = int(rng.integers(2, log_mel.shape[1] // 6))
        first = int(rng.integers(log_mel.shape[1] - width))
        log_mel[:, first : first + width] = log_mel.mean()
    return log_mel


def class_counts(pool: StemPool) -> dict[str, int]:
    """Stems of each class, for the log."""
    return {
        "none" if key is None else INSTRUMENT_CLASSES[key]: len(found)
        for key, found in sorted(pool.by_class.items(), key=lambda item: (item[0] is None, item[0]))
    }
