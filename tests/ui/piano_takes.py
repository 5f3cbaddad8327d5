"""Recordings of a piano, in tune or not, and what is not a recording of one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import soxr

from amtstudio.learning.replay import bundled_music, played

RATE = 16000  # Hz


def piano_takes(folder: Path, *, cents: float = 0.0, count: int = 2, seconds: float = 12.0):
    folder.mkdir(exist_ok=True)
    paths = []
    for number, piece in enumerate(bundled_music("replay")[:count]):
        audio = played(piece, 50 + number, seconds=seconds).audio
        path = folder / f"Aufnahme {number}.wav"
        soundfile.write(path, soxr.resample(audio, 2 ** (cents / 1200), 1.0), RATE)
        paths.append(path)
    return paths


def noise_take(folder: Path, name: str = "Rauschen.wav", seconds: float = 8.0) -> Path:
    path = folder / name
    rng = np.random.default_rng(3)
    soundfile.write(path, 0.1 * rng.standard_normal(round(seconds * RATE)), RATE)
    return path
