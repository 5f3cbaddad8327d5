"""Sampled pianos: every key at every velocity layer, ready to be added into a clip."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    import numpy.typing as npt

SAMPLE_RATE = 16000  # Hz, that of the banks and of the models
LOWEST_PITCH = 21
N_PITCHES = 88
ATTACK_S = 0.005  # where the banks place the hammer's attack
DB_PER_DECADE = 26.0  # of velocity, between the centres of two layers
DB_PER_DECADE_SINGLE = 40.0  # where one layer has to serve all velocities
SINGLE_LAYER_VELOCITY = 80.0
_FULL_SCALE = 32767.0
# Cents from concert pitch of pianos that stood untuned for long: they are played in tune, for so
# the models hear recordings, and are out of tune with themselves all the same.
TUNINGS = {"rosler_upright_n": -21.0, "rosler_upright_h": -36.0}


@dataclass(frozen=True)
class PianoBank:
    """One sampled piano.

    Attributes
    ----------
    samples : np.memmap of int16, shape (n_samples,)
        All notes, one after the other.
    starts, lengths : np.ndarray of int64, shape (88, n_layers)
        Where the note of each key and layer lies in ``samples``.
    layer_velocities : np.ndarray, shape (n_layers,)
        Velocity at which each layer sounds as it was recorded.
    tuning_cents : float
        Of the whole piano, against concert pitch.
    """

    name: str
    samples: npt.NDArray[np.int16]
    starts: npt.NDArray[np.int64]
    lengths: npt.NDArray[np.int64]
    layer_velocities: npt.NDArray[np.float64]
    tuning_cents: float = 0.0

    def note(self, pitch: int, velocity: float) -> tuple[npt.NDArray[np.float32], float]:
        """The recording for a key struck at ``velocity`` and the gain to play it at."""
        layer = int(np.argmin(np.abs(self.layer_velocities - velocity)))
        key = pitch - LOWEST_PITCH
        start, length = self.starts[key, layer], self.lengths[key, layer]
        slope = DB_PER_DECADE if len(self.layer_velocities) > 1 else DB_PER_DECADE_SINGLE
        gain_db = slope * np.log10(max(velocity, 1.0) / self.layer_velocities[layer])
        gain = float(10.0 ** (gain_db / 20.0)) / _FULL_SCALE
        return self.samples[start : start + length].astype(np.float32), gain


def load_bank(folder: Path, cache: Path) -> PianoBank:
    """Read the bank in ``folder`` (``bank.csv`` and ``notes/``), built once into ``cache``."""
    data, index = cache / f"{folder.name}.int16", cache / f"{folder.name}.json"
    if not index.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _build(folder, data, index)
    stored = json.loads(index.read_text())
    return PianoBank(
        name=folder.name,
        samples=np.memmap(data, dtype=np.int16, mode="r"),
        starts=np.array(stored["starts"]),
        lengths=np.array(stored["lengths"]),
        layer_velocities=np.array(stored["layer_velocities"]),
        tuning_cents=TUNINGS.get(folder.name, 0.0),
    )


def _build(folder: Path, data: Path, index: Path) -> None:
    """Resample the nearest recorded key to every key that was not recorded."""
    with (folder / "bank.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    layers = sorted({(int(row["velocity_low"]), int(row["velocity_high"])) for row in rows})
    starts = np.zeros((N_PITCHES, len(layers)), dtype=np.int64)
    lengths = np.zeros_like(starts)
    position = 0
    with data.open("wb") as output:
        for column, (low, high) in enumerate(layers):
            recorded = {
                int(row["pitch"]): folder / row["file"]
                for row in rows
                if (int(row["velocity_low"]), int(row["velocity_high"])) == (low, high)
            }
            for key in range(N_PITCHES):
                audio = _key(recorded, LOWEST_PITCH + key)
                output.write(np.round(audio * _FULL_SCALE).astype(np.int16).tobytes())
                starts[key, column], lengths[key, column] = position, len(audio)
                position += len(audio)
    centres = [(low + high) / 2 for low, high in layers]
    stored = {
        "starts": starts.tolist(),
        "lengths": lengths.tolist(),
        "layer_velocities": centres if len(centres) > 1 else [SINGLE_LAYER_VELOCITY],
    }
    partial = index.with_suffix(".partial")
    partial.write_text(json.dumps(stored))
    partial.rename(index)


def _key(recorded: dict[int, Path], pitch: int) -> npt.NDArray[np.float32]:
    nearest = min(recorded, key=lambda other: (abs(other - pitch), other))
    audio, sample_rate = soundfile.read(recorded[nearest], dtype="float32")
    if sample_rate != SAMPLE_RATE:
        raise ValueError(f"{recorded[nearest]} is at {sample_rate} Hz, not {SAMPLE_RATE}")
    attack = round(ATTACK_S * SAMPLE_RATE)
    if pitch != nearest:
        ratio = 2.0 ** ((pitch - nearest) / 12)
        audio = soxr.resample(audio, SAMPLE_RATE * ratio, SAMPLE_RATE)
        # The attack moved with the rest: bring it back to where all banks have it.
        moved = round(attack / ratio)
        audio = audio[moved - attack :] if moved > attack else np.pad(audio, (attack - moved, 0))
    clipped: npt.NDArray[np.float32] = np.clip(audio, -1.0, 1.0)
    return clipped
