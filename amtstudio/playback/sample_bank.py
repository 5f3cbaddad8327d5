"""A sampled instrument that ships: which sound a key makes at a velocity."""

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
from amtstudio.playback.recorded_notes import SEAM_S, seamless
from amtstudio.playback.voices import PIANO_DAMPING, Damping
from amtstudio.resources import resource_path
from amtstudio.symbolic import Track

Int16Array: TypeAlias = NDArray[np.int16]
_Key: TypeAlias = tuple[str, str, int, int]  # folder, file, pitch, sample rate

# Beyond the softest and the loudest layer; measured between layers of several sampled pianos.
DB_PER_DECADE = 26.0
CACHE_BYTES = 96 * 2**20  # of resampled sounds; a big piece uses some 60 MB
FULL_SCALE = 1.0 / 32768.0


@dataclass(frozen=True, slots=True)
class Sound:
    """A key's sound at the output's rate, as stored: integers and a gain.

    ``samples`` has shape (n_samples,), full scale 32768; ``gain`` brings it to full scale 1 and to
    the level of the requested velocity. The note begins at sample ``attack``. A note that is held
    longer loops from sample ``loop``; None: it decays.
    """

    samples: Int16Array
    attack: int
    gain: float
    loop: int | None = None


@dataclass(frozen=True, slots=True)
class _Layer:
    file: str
    pitch: int
    velocity: int
    attack: float  # seconds
    level_db: float
    loop: float | None  # seconds


@dataclass(frozen=True, slots=True)
class Resampled:
    """As ``Sound``; ``scale`` is what 32768 stands for."""

    samples: Int16Array
    attack: int
    loop: int | None
    scale: float = 1.0


class SoundCache:
    """Resampled sounds of one or several instruments, those dropped first that rested longest."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.n_bytes = 0
        self._kept: OrderedDict[_Key, Resampled] = OrderedDict()

    def get(self, key: _Key) -> Resampled | None:
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: _Key, made: Resampled) -> None:
        self._kept[key] = made
        self.n_bytes += made.samples.nbytes
        while self.n_bytes > CACHE_BYTES and len(self._kept) > 1:
            _, dropped = self._kept.popitem(last=False)
            self.n_bytes -= dropped.samples.nbytes


class SampleBank:
    """A folder of sampled notes, each decoded and resampled when it is first played.

    Safe to use from several threads.

    Parameters
    ----------
    folder : Path, optional
        With ``bank.csv``; the piano that ships where left out.
    damping : Damping
        How its notes end.
    cache : SoundCache, optional
        To be shared by several instruments.

    Raises ``BadFileError`` if the folder has no usable ``bank.csv``.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        damping: Damping = PIANO_DAMPING,
        cache: SoundCache | None = None,
    ) -> None:
        self.damping = damping
        self._folder = resource_path("piano_bank") if folder is None else folder
        self._name = str(self._folder)
        self._keys = _read_table(self._folder / "bank.csv")
        self._pitches = sorted(self._keys)
        self._cache = SoundCache() if cache is None else cache
        self._struck: dict[tuple[int, int], tuple[_Layer, float]] = {}

    @property
    def n_cached_bytes(self) -> int:
        return self._cache.n_bytes

    def for_track(self, track: Track) -> SampleBank | None:
        """Itself for every track except drums, which are not played."""
        return None if track.is_drums else self

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
        made = self._resampled(layer, pitch, sample_rate)
        return Sound(made.samples, made.attack, gain, made.loop)

    def _strike(self, pitch: int, velocity: int) -> tuple[_Layer, float]:
        layers = self._keys[_nearest(self._pitches, pitch)]
        layer = min(layers, key=lambda layer: abs(math.log(layer.velocity / velocity)))
        gain_db = _level_at(layers, velocity) - layer.level_db
        return layer, FULL_SCALE * 10 ** (gain_db / 20)

    def _resampled(self, layer: _Layer, pitch: int, sample_rate: int) -> Resampled:
        wanted = (self._name, layer.file, pitch, sample_rate)
        with self._cache.lock:
            found = self._cache.get(wanted)
            if found is not None:
                return found
            samples, rate = self._read(layer)
            loop = None
            if layer.loop is not None:
                loop = min(round(layer.loop * rate), len(samples) - 1)
                samples = seamless(samples, loop, round(SEAM_S * rate))
            # Played back faster by the interval between the keys: as if recorded at that rate. A
            # piece of a kit sounds as itself, whatever its key.
            shift = 0 if self.damping.is_kit else pitch - layer.pitch
            shifted_rate = rate * 2 ** (shift / 12)
            resampled = soxr.resample(samples, shifted_rate, sample_rate, quality="HQ")
            scale = sample_rate / shifted_rate
            made = Resampled(
                resampled,
                round(layer.attack * rate * scale),
                None if loop is None else min(round(loop * scale), len(resampled) - 1),
            )
            self._cache.put(wanted, made)
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
                loop = row.get("loop_s")
                layer = _Layer(
                    row["file"],
                    int(row["pitch"]),
                    int(row["velocity"]),
                    float(row["attack_s"]),
                    float(row["level_db"]),
                    float(loop) if loop else None,
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
        f"The instruments for playback are incomplete: {name} cannot be read",
        hint="reinstall the program",
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
