"""Make banks for training from two more sampled pianos: ``python -m training.add_pianos --help``.

Both sources are public repositories with samples that may be used for anything:

- ``lrq3000/hexiano`` at 7f3fc75, ``Hexiano/src/main/res/raw``: a Yamaha Disklavier Pro, every third
  key at two velocities (Zenph Studios and Roberto Gordo Saez, CC BY 3.0).
- ``sfzinstruments/Discord-SFZ-GM-Bank`` at 7a9c478, ``Discord GM/Melodic``: the Yamaha upright of
  the Versilian Community Sample Library, every seventh key at one velocity (CC0).

What is written is what the other banks of the training material are: ``bank.csv`` and 16 kHz mono
files with the hammer at 5 ms and one gain for all of them.
"""

from __future__ import annotations

import argparse
import csv
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from training.synthesis.piano_bank import ATTACK_S, SAMPLE_RATE

LONGEST_S = 10.0
QUIET_DB = -62.0  # of the peak: what follows is cut off
FADE_S = 0.1
PEAK_DB = -3.0  # of full scale, of the loudest note
ONSET_SHARE = 0.1  # of the peak, at which the attack counts as audible
# Samples of the Disklavier at these velocities and above are its louder layer.
LOUD_FROM = 115
# The lowest sample of the upright is tuned down there by most of a semitone to serve as a B.
REAL_KEYS = {23: 22}
LAYERS = {False: (96, 104), True: (120, 127)}
COLUMNS = ("file", "pitch", "velocity_low", "velocity_high")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A recording of a key; ``gain_db`` is what it takes to fit the others."""

    path: Path
    pitch: int
    velocities: tuple[int, int]
    gain_db: float = 0.0


def disklavier_samples(folder: Path) -> list[Sample]:
    """Files named ``pno_m<key>v<velocity>le.ogg``."""
    found = []
    for path in sorted(folder.glob("pno_m*.ogg")):
        matched = re.match(r"pno_m(\d+)v(\d+)", path.name)
        if matched:
            key, velocity = (int(group) for group in matched.groups())
            found.append(Sample(path, key, LAYERS[velocity >= LOUD_FROM]))
    return found


def upright_samples(folder: Path) -> list[Sample]:
    """The regions of ``002-Bright Acoustic Piano.sfz``; a sample used twice counts once.

    Its tunings are left out: they take away the stretch that a piano is tuned with.
    """
    text = (folder / "002-Bright Acoustic Piano.sfz").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        matched = re.search(r"<region> sample=(.+?\.wav)", line)
        if matched:
            values = dict(re.findall(r"(\w+)=(-?[\d.]+)(?=\s|$)", line[matched.end() :]))
            name = matched.group(1)
            key = int(values["pitch_keycenter"])
            key = REAL_KEYS.get(key, key)
            found[name] = Sample(folder / name, key, (1, 127), float(values["volume"]))
    return list(found.values())


def note_of(sample: Sample) -> Floats:
    """The recording at 16 kHz from 5 ms before its attack to where it falls silent."""
    audio, sample_rate = soundfile.read(sample.path, dtype="float64", always_2d=True)
    sound: Floats = soxr.resample(audio.mean(axis=1), sample_rate, SAMPLE_RATE)
    size = np.abs(sound)
    attack = int(np.argmax(size >= ONSET_SHARE * size.max()))
    lead = round(ATTACK_S * SAMPLE_RATE)
    sound = np.pad(sound, (lead, 0))[attack:]
    audible = np.flatnonzero(np.abs(sound) >= size.max() * 10.0 ** (QUIET_DB / 20.0))
    sound = sound[: min(int(audible[-1]) + 1, round(LONGEST_S * SAMPLE_RATE))].copy()
    n_fade = min(round(FADE_S * SAMPLE_RATE), len(sound))
    sound[len(sound) - n_fade :] *= np.linspace(1.0, 0.0, n_fade)
    sound *= 10.0 ** (sample.gain_db / 20.0)
    return sound


def write_bank(samples: list[Sample], output: Path) -> None:
    """Write ``bank.csv`` and ``notes/``.

    Raises
    ------
    ValueError
        If there are no samples.
    """
    if not samples:
        raise ValueError(f"no samples for {output.name}")
    sounds = [note_of(sample) for sample in samples]
    gain = 10.0 ** (PEAK_DB / 20.0) / max(float(np.abs(sound).max()) for sound in sounds)
    (output / "notes").mkdir(parents=True, exist_ok=True)
    with (output / "bank.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        for sample, sound in zip(samples, sounds, strict=True):
            low, high = sample.velocities
            name = f"notes/{sample.pitch:03d}_{low:03d}.flac"
            soundfile.write(output / name, sound * gain, SAMPLE_RATE, subtype="PCM_16")
            table.writerow((name, sample.pitch, low, high))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--disklavier", type=Path, metavar="FOLDER", help="with pno_m*.ogg")
    parser.add_argument("--upright", type=Path, metavar="FOLDER", help="with the .sfz")
    parser.add_argument("--output", type=Path, required=True, help="pianos/ of the material")
    options = parser.parse_args()
    if options.disklavier:
        write_bank(disklavier_samples(options.disklavier), options.output / "disklavier_pro_yamaha")
    if options.upright:
        write_bank(upright_samples(options.upright), options.output / "upright_yamaha_vcsl")


if __name__ == "__main__":
    main()
