"""The sampled piano that ships: which sound a key struck at a velocity makes."""

from __future__ import annotations

import csv
import math
import threading
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from amtstudio.errors import BadFileError
from amtstudio.resources import resource_path

Int16Array: TypeAlias = NDArray[np.int16]

# Beyond the softest and the loudest layer; measured between layers of several sampled pianos.
DB_PER_DECADE = 26.0
CACHE_BYTES = 96 * 2**20  # of resampled sounds; a big piece uses some 60 MB
FULL_SCALE = 1.0 / 32768.0


@dataclass(frozen=True, slots=True)
class Sound:
    """A key's sound at the output's rate, as it is kept: whole numbers and a gain.

    ``samples`` has shape (n_samples,), full scale 32768; ``gain`` brings it to full scale 1 and to
    the level of the velocity asked for. The hammer strikes at sample ``attack``.
    """

    samples: Int16Array
    attack: int
    gain: float


@dataclass(frozen=True, slots=True)
class _Layer:
    file: str
    pitch: int
    velocity: int
    attack: float  # seconds
    level_db: float


class PianoBank:
    """A folder of sampled notes, each decoded and resampled when it is first played.

    Safe to use from several threads.

    Raises ``BadFileError`` if the folder has no usable ``bank.csv``.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = resource_path("piano_bank") if folder is None else folder
        self._keys = _read_table(self._folder / "bank.csv")
        self._pitches = sorted(self._keys)
        self._cache: OrderedDict[tuple[str, int, int], tuple[Int16Array, int]] = OrderedDict()
        self._n_cached_bytes = 0
        self._struck: dict[tuple[int, int], tuple[_Layer, float]] = {}
        self._lock = threading.Lock()

    @property
    def n_cached_bytes(self) -> int:
        return self._n_cached_bytes

    def sound(self, pitch: int, velocity: int, sample_rate: int) -> Sound:
        """The sound of a key, from the nearest sampled key and layer.

        Parameters
        ----------
        pitch : int
            MIDI number, 0 to 127. Beyond the keyboard its last sampled key is shifted.
        velocity : int
            1 to 127. The level follows the measured levels of the layers without a step where
            one layer takes over from the next.
        sample_rate : int, Hz

        Raises
        ------
        BadFileError
            If the file of the note cannot be read.
        """
        struck = self._struck.get((pitch, velocity))
        if struck is None:  # at most 128 keys at 127 velocities
            struck = self._struck[pitch, velocity] = self._strike(pitch, velocity)
        layer, gain = struck
        samples, attack = self._resampled(layer, pitch, sample_rate)
        return Sound(samples, attack, gain)

    def _strike(self, pitch: int, velocity: int) -> tuple[_Layer, float]:
        layers = self._keys[_nearest(self._pitches, pitch)]
        layer = min(layers, key=lambda layer: abs(math.log(layer.velocity / velocity)))
        gain_db = _level_at(layers, velocity) - layer.level_db
        return layer, FULL_SCALE * 10 ** (gain_db / 20)

    def _resampled(self, layer: _Layer, pitch: int, sample_rate: int) -> tuple[Int16Array, int]:
        wanted = (layer.file, pitch, sample_rate)
        with self._lock:
            if wanted in self._cache:
                self._cache.move_to_end(wanted)
                return self._cache[wanted]
            samples, rate = self._read(layer)
            # Played back faster by the interval between the keys: as if recorded at that rate.
            shifted_rate = rate * 2 ** ((pitch - layer.pitch) / 12)
            resampled = soxr.resample(samples, shifted_rate, sample_rate, quality="HQ")
            made = resampled, round(layer.attack * rate / shifted_rate * sample_rate)
            self._cache[wanted] = made
            self._n_cached_bytes += resampled.nbytes
            while self._n_cached_bytes > CACHE_BYTES and len(self._cache) > 1:
                _, (dropped, _) = self._cache.popitem(last=False)
                self._n_cached_bytes -= dropped.nbytes
            return made

    def _read(self, layer: _Layer) -> tuple[Int16Array, int]:
        try:
            samples, rate = soundfile.read(self._folder / layer.file, dtype="int16")
        except (OSError, RuntimeError) as error:
            raise _broken(layer.file) from error
        if samples.ndim != 1 or len(samples) == 0:
            raise _broken(layer.file)
        return samples, rate


def _read_table(path: Path) -> dict[int, list[_Layer]]:
    keys: dict[int, list[_Layer]] = {}
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                layer = _Layer(
                    row["file"],
                    int(row["pitch"]),
                    int(row["velocity"]),
                    float(row["attack_s"]),
                    float(row["level_db"]),
                )
                keys.setdefault(layer.pitch, []).append(layer)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise _broken(path.name) from error
    if not keys:
        raise _broken(path.name)
    for layers in keys.values():
        layers.sort(key=lambda layer: layer.velocity)
    return keys


def _broken(name: str) -> BadFileError:
    return BadFileError(
        f"The piano for playback is incomplete: {name} cannot be read",
        hint="install the program again",
    )


def _nearest(sorted_pitches: list[int], pitch: int) -> int:
    above = bisect_left(sorted_pitches, pitch)
    around = sorted_pitches[max(above - 1, 0) : above + 1]
    return min(around, key=lambda candidate: abs(candidate - pitch))


def _level_at(layers: list[_Layer], velocity: int) -> float:
    """The level in dB of a key at a velocity: straight lines over log velocity between layers."""
    place = [math.log10(layer.velocity) for layer in layers]
    # A recorded layer now and then came out softer than the one below it.
    level = np.maximum.accumulate([layer.level_db for layer in layers])
    at = math.log10(velocity)
    beyond = min(at - place[0], 0.0) + max(at - place[-1], 0.0)
    return float(np.interp(at, place, level)) + DB_PER_DECADE * beyond
