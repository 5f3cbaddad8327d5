"""Make the small piano that ships with the program from a sampled grand piano.

The bank that ships was made with (path shortened)::

    python -m training.build_piano_bank --bank salamander_yamaha_c5
        --layers v03 v07 v11 v16 --output resources/piano_bank

The folder of the source holds ``bank.csv`` (file, pitch, velocity_low, velocity_high, attack_s) and
16 kHz mono files named ``PPP_layer.flac``. Every sampled key is kept, in the layers named. Only the
tails are changed (they are faded out earlier), and nothing is random: the same source gives the
same samples.
"""

from __future__ import annotations

import argparse
import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

LONGEST_S = 7.5  # seconds; what a bass string still gives after that is under the next notes
QUIET_DB = -52.0  # of the loudest 20 ms; below it the rest of a note is not missed
LONGEST_FADE_S = 2.5  # seconds, at most 40 % of the note: a string dying away a little early
LEVEL_S = 0.3  # seconds after the attack over which the level is measured
COLUMNS = ("file", "pitch", "velocity", "attack_s", "level_db")


@dataclass(frozen=True, slots=True)
class SourceNote:
    path: Path
    pitch: int
    velocity: int  # the middle of the layer
    attack: float  # seconds from the start of the file to the hammer


def read_source(folder: Path, layers: list[str]) -> list[SourceNote]:
    """The notes of the layers named, sorted by key, then by velocity.

    Raises ``ValueError`` if one of the layers is not there.
    """
    notes = []
    found = set()
    with (folder / "bank.csv").open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            layer = Path(row["file"]).stem.split("_", 1)[1]
            if layer in layers:
                found.add(layer)
                velocity = round((int(row["velocity_low"]) + int(row["velocity_high"])) / 2)
                attack = float(row["attack_s"])
                notes.append(SourceNote(folder / row["file"], int(row["pitch"]), velocity, attack))
    if missing := set(layers) - found:
        raise ValueError(f"{folder.name} has no layer {', '.join(sorted(missing))}")
    return sorted(notes, key=lambda note: (note.pitch, note.velocity))


def shorten(sound: NDArray[np.float64], sample_rate: int) -> NDArray[np.float64]:
    """Cut a note where it has become quiet, or at ``LONGEST_S``, and fade into the cut.

    Parameters
    ----------
    sound : np.ndarray, shape (n_samples,)
    sample_rate : int, Hz
    """
    n_window = sample_rate // 50
    n_windows = max(len(sound) // n_window, 1)
    power = np.square(sound[: n_windows * n_window]).reshape(n_windows, -1).mean(axis=1)
    audible = np.flatnonzero(power >= power.max() * 10 ** (QUIET_DB / 10))
    n_kept = min((int(audible[-1]) + 1) * n_window, round(LONGEST_S * sample_rate), len(sound))
    n_fade = min(round(LONGEST_FADE_S * sample_rate), round(0.4 * n_kept))
    kept = sound[:n_kept].copy()
    kept[n_kept - n_fade :] *= np.cos(np.linspace(0.0, np.pi / 2, n_fade)) ** 2
    return kept


def level_db(sound: NDArray[np.float64], attack: float, sample_rate: int) -> float:
    """The RMS level, in dB of full scale, of the first ``LEVEL_S`` of a note."""
    begin = round(attack * sample_rate)
    heard = sound[begin : begin + round(LEVEL_S * sample_rate)]
    return float(10 * np.log10(np.mean(np.square(heard))))


def build(source: Path, layers: list[str], output: Path) -> None:
    """Write ``bank.csv`` and ``notes/`` into ``output``."""
    (output / "notes").mkdir(parents=True, exist_ok=True)
    with (output / "bank.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for note in read_source(source, layers):
            sound, sample_rate = soundfile.read(note.path, dtype="float64")
            name = f"notes/{note.pitch:03d}_{note.velocity:03d}.flac"
            soundfile.write(
                output / name,
                shorten(sound, sample_rate),
                sample_rate,
                subtype="PCM_16",
                compression_level=1.0,
            )
            level = level_db(sound, note.attack, sample_rate)
            table.writerow((name, note.pitch, note.velocity, f"{note.attack:.4f}", f"{level:.2f}"))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--bank", type=Path, required=True, help="folder of the sampled piano")
    parser.add_argument("--layers", nargs="+", required=True, help="its layers to take")
    parser.add_argument("--output", type=Path, required=True, help="folder to write")
    arguments = parser.parse_args()
    build(arguments.bank, arguments.layers, arguments.output)
    n_bytes = sum(path.stat().st_size for path in arguments.output.rglob("*.flac"))
    print(f"{arguments.output}: {n_bytes / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
