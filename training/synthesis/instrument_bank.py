"""Sampled instruments in one memory map: every recorded note with its pitch, attack and length."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np
import soundfile

from amtstudio.learning.instruments.musicians import Manner
from amtstudio.models.melodic import FAMILIES
from training.synthesis.piano_bank import ATTACK_S, LOWEST_PITCH, N_PITCHES, SAMPLE_RATE

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from training.synthesis.piano_bank import PianoBank

    Audio = npt.NDArray[np.float32]

AUDIBLE_DB = -38.0  # below its own peak: where a decaying note becomes inaudible
_SLOW = ("bowed", "blown", "sung")
_SPOKEN = 0.35  # of the first half second's level
_LATEST_S = 0.08
_FULL_SCALE = 32767.0
_FIELDS = 8
_HOP = 160  # samples of the envelope that determines how long a note is audible


@dataclass(frozen=True)
class InstrumentBank:
    """One instrument.

    Attributes
    ----------
    family : int
        Index in ``FAMILIES``; -1 for drums, which are no notes.
    samples : np.memmap of int16
        All notes of all banks, one after the other.
    notes : np.ndarray, shape (n_notes, 8)
        First sample, number of samples, samples to the attack, samples from the attack to the
        audible end, pitch, lowest and highest velocity, level (RMS of the first 0.3 s).
    """

    name: str
    family: int
    manner: Manner
    lowest: int
    highest: int
    weight: float
    samples: npt.NDArray[np.int16]
    notes: npt.NDArray[np.float64]

    def nearest(
        self, pitch: float, velocity: float, rng: np.random.Generator
    ) -> npt.NDArray[np.float64]:
        """The row of a recorded note near ``pitch``: one of its repetitions at random."""
        notes = self.notes
        fits = (notes[:, 5] <= velocity) & (velocity <= notes[:, 6])
        distance = np.abs(notes[:, 4] - pitch) + np.where(fits, 0.0, 100.0)
        near = np.flatnonzero(distance <= distance.min() + 0.35)
        row: npt.NDArray[np.float64] = notes[near[int(rng.integers(len(near)))]]
        return row

    def audio(self, row: npt.NDArray[np.float64]) -> Audio:
        """The samples of a row of ``notes``, full scale 1."""
        first, length = int(row[0]), int(row[1])
        return self.samples[first : first + length].astype(np.float32) / np.float32(_FULL_SCALE)


def load_instruments(folder: Path, cache: Path) -> list[InstrumentBank]:
    """The banks in ``folder`` that are there now; each is built once into ``cache``."""
    return [
        load_instrument(about.parent, cache) for about in sorted(folder.glob("*/instrument.json"))
    ]


def piano_as_instrument(piano: PianoBank, weight: float = 1.0) -> InstrumentBank:
    """A sampled piano as a player of a band, from every third key."""
    velocities = piano.layer_velocities
    limits = [0.0, *((velocities[:-1] + velocities[1:]) / 2.0).tolist(), 127.0]
    attack = round(ATTACK_S * SAMPLE_RATE)
    rows = []
    for key in range(0, N_PITCHES, 3):
        for layer in range(len(velocities)):
            first, length = int(piano.starts[key, layer]), int(piano.lengths[key, layer])
            audio = piano.samples[first : first + length].astype(np.float32) / _FULL_SCALE
            level = float(np.sqrt(np.mean(audio[attack : attack + 4800] ** 2))) + 1e-9
            rows.append((
                first, length, attack, _audible(audio[attack:]), LOWEST_PITCH + key,
                limits[layer], limits[layer + 1], level,
            ))  # fmt: skip
    keys = FAMILIES.index("keys")
    return InstrumentBank(
        piano.name, keys, "struck", LOWEST_PITCH, LOWEST_PITCH + N_PITCHES - 1, weight,
        piano.samples, np.array(rows),
    )  # fmt: skip


def load_instrument(folder: Path, cache: Path) -> InstrumentBank:
    """The bank in ``folder``, which is built once into ``cache``."""
    data, index = cache / f"instrument-{folder.name}.int16", cache / f"instrument-{folder.name}.npy"
    if not index.exists():
        cache.mkdir(parents=True, exist_ok=True)
        _build(folder, data, index)
    about = json.loads((folder / "instrument.json").read_text())
    manner = cast("Manner", about["manner"])
    return InstrumentBank(
        name=folder.name,
        family=-1 if manner == "drum" else FAMILIES.index(about["family"]),
        manner=manner,
        lowest=about["lowest"],
        highest=about["highest"],
        weight=about["weight"],
        samples=np.memmap(data, dtype=np.int16, mode="r"),
        notes=np.load(index, allow_pickle=False),
    )


def _build(folder: Path, data: Path, index: Path) -> None:
    with (folder / "bank.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    manner = json.loads((folder / "instrument.json").read_text())["manner"]
    table = np.zeros((len(rows), _FIELDS))
    position = 0
    with data.open("wb") as output:
        for number, row in enumerate(rows):
            audio, rate = soundfile.read(folder / row["file"], dtype="float32")
            if rate != SAMPLE_RATE:
                raise ValueError(f"{folder / row['file']} is at {rate} Hz, not {SAMPLE_RATE}")
            attack = round(float(row["attack_s"]) * SAMPLE_RATE)
            if manner in _SLOW:
                attack = _spoken(audio, attack)
            level = float(np.sqrt(np.mean(audio[attack : attack + 4800] ** 2))) + 1e-9
            table[number] = (
                position, len(audio), attack, _audible(audio[attack:]), float(row["pitch"]),
                int(row["velocity_low"]), int(row["velocity_high"]), level,
            )  # fmt: skip
            output.write(np.round(audio * _FULL_SCALE).astype(np.int16).tobytes())
            position += len(audio)
    partial = index.with_name(f"partial-{index.name}")
    np.save(partial, table, allow_pickle=False)
    partial.rename(index)


def _spoken(audio: Audio, attack: int) -> int:
    """Where a slow note is taken to begin: at a third of its first half second's level.

    A bowed or blown note is perceived to begin well after its first noise, and annotators place its
    onset there; at most ``_LATEST_S`` later than that of a struck note.
    """
    envelope = np.sqrt(np.convolve(audio**2, np.ones(128) / 128.0, mode="same"))
    early = float(envelope[attack : attack + SAMPLE_RATE // 2].max())
    span = envelope[attack : attack + round(_LATEST_S * SAMPLE_RATE)]
    reached = np.flatnonzero(span > _SPOKEN * early)
    return attack + (int(reached[0]) if len(reached) else len(span))


def _audible(audio: Audio) -> int:
    """Samples until the envelope stays ``AUDIBLE_DB`` below its peak."""
    n_hops = max(1, len(audio) // _HOP)
    power = (audio[: n_hops * _HOP].reshape(n_hops, -1) ** 2).mean(axis=1)
    heard = np.flatnonzero(power > power.max() * 10.0 ** (AUDIBLE_DB / 10.0))
    return int(heard[-1] + 1) * _HOP if len(heard) else len(audio)
