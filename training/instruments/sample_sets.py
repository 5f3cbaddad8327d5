"""Sampled instruments as plain files: each recorded note, and a phrase played with them."""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import soundfile
import soxr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

SAMPLE_RATE = 16000  # Hz
LONGEST_S = 5.0
_SHORTEST_NOTE = 1024  # samples that a pitch can be found in
_SILENCE = 1e-4
_CLEAR = 0.3  # of its energy a note must find again one period later
_NOTE = re.compile(r"(?:^|[^A-Za-z])([A-Ga-g])(#|s|b)?(-?\d)(?![0-9])")
_STEPS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}


@dataclass(frozen=True)
class Sample:
    """One recorded note; ``pitch`` None: to be estimated from the sound."""

    path: Path
    pitch: float | None
    velocities: tuple[int, int] = (0, 127)


@dataclass
class SampleSet:
    """A sampled instrument. Notes are read and resampled when they are first played."""

    samples: list[Sample]
    release_s: float = 0.08
    is_pitched: bool = True  # drums are not: the pitch of a note says which drum
    _sounds: dict[Path, Audio] = field(default_factory=dict)
    _pitches: dict[Path, float] = field(default_factory=dict)
    _heard: bool = False

    def render(
        self, notes: npt.NDArray[np.float64], rng: np.random.Generator, *, seconds: float
    ) -> Audio:
        """Play notes, shape (n_notes, 4): onset, offset, pitch, velocity.

        Notes further than half an octave from every recorded one are moved by octaves.
        """
        out = np.zeros(round((seconds + 1.0) * SAMPLE_RATE), dtype=np.float32)
        for onset, key_up, pitch, velocity in notes:
            offset = key_up if self.is_pitched else onset + LONGEST_S
            sound, recorded = self._nearest(pitch, velocity, rng)
            shift = (pitch - recorded + 6.0) % 12.0 - 6.0 if self.is_pitched else 0.0
            length = round((offset - onset + 4 * self.release_s) * SAMPLE_RATE)
            played = _shifted(sound, shift, length).copy()
            held = round((offset - onset) * SAMPLE_RATE)
            if held < len(played):
                decay = np.arange(len(played) - held) / (self.release_s * SAMPLE_RATE)
                played[held:] *= np.exp(-decay).astype(np.float32)
            start = round(onset * SAMPLE_RATE)
            played = played[: max(0, len(out) - start)]
            out[start : start + len(played)] += played * np.float32((velocity / 90.0) ** 1.3)
        return out[: round(seconds * SAMPLE_RATE)]

    def _nearest(
        self, pitch: float, velocity: float, rng: np.random.Generator
    ) -> tuple[Audio, float]:
        playable = self._playable()
        fitting = [s for s in playable if s.velocities[0] <= velocity <= s.velocities[1]]
        distances = [abs(recorded - pitch) for recorded in map(self._pitch, fitting or playable)]
        # One of the round robins at random, so that repeated notes differ.
        best = np.flatnonzero(np.array(distances) == min(distances))
        sample = (fitting or playable)[int(rng.choice(best))]
        return self._sound(sample), self._pitch(sample)

    def _playable(self) -> list[Sample]:
        """The samples with a pitch; breaths, clicks and empty files among them have none."""
        if not self._heard:
            self.samples = [s for s in self.samples if not math.isnan(self._pitch(s))]
            self._heard = True
        if not self.samples:
            raise ValueError("none of the samples has a clear pitch")
        return self.samples

    def _pitch(self, sample: Sample) -> float:
        if sample.pitch is not None:
            return sample.pitch
        if sample.path not in self._pitches:
            self._pitches[sample.path] = estimate_pitch(self._sound(sample))
        return self._pitches[sample.path]

    def _sound(self, sample: Sample) -> Audio:
        if sample.path not in self._sounds:
            self._sounds[sample.path] = _read(sample.path)
        return self._sounds[sample.path]


def _read(path: Path) -> Audio:
    with soundfile.SoundFile(path) as file:
        audio = file.read(round(LONGEST_S * file.samplerate), dtype="float32", always_2d=True)
        mono = audio.mean(axis=1)
        if file.samplerate != SAMPLE_RATE:
            mono = soxr.resample(mono, file.samplerate, SAMPLE_RATE)
    loud = np.flatnonzero(np.abs(mono) > 0.02 * (np.abs(mono).max() + 1e-9))
    trimmed: Audio = mono[max(0, int(loud[0]) - 80) :] if len(loud) else mono
    return trimmed


def _shifted(sound: Audio, semitones: float, length: int) -> Audio:
    ratio = 2.0 ** (semitones / 12.0)
    n_samples = min(length, int((len(sound) - 1) / ratio))
    positions = np.arange(n_samples) * ratio
    shifted: Audio = np.interp(positions, np.arange(len(sound)), sound).astype(np.float32)
    return shifted


def estimate_pitch(sound: Audio) -> float:
    """MIDI pitch of a single note at 16 kHz, by the highest peak of its autocorrelation.

    NaN where the sound is too short, too quiet, or does not resemble itself at any lag.
    """
    begin = min(len(sound) // 4, 3200)
    part = sound[begin : begin + 8192]
    if len(part) < _SHORTEST_NOTE or np.abs(part).max() < _SILENCE:
        return math.nan
    spectrum = np.abs(np.fft.rfft(part, 2 * len(part))) ** 2
    correlation = np.fft.irfft(spectrum)[: len(part)]
    correlation /= np.arange(len(part), 0, -1)
    # Behind the first dip: a low note still resembles itself a moment later.
    dip = int(np.argmax(correlation < 0))
    lags = np.arange(max(dip, SAMPLE_RATE // 2000), min(SAMPLE_RATE // 35, len(part) // 2))
    values = correlation[lags]
    if not len(values) or values.max() < _CLEAR * correlation[0]:
        return math.nan
    # The first peak nearly as high as the highest: its multiples are as high.
    first = int(np.flatnonzero(values >= 0.9 * values.max())[0])
    while first + 1 < len(values) and values[first + 1] > values[first]:
        first += 1
    lag = lags[first]
    return float(69.0 + 12.0 * np.log2(SAMPLE_RATE / lag / 440.0))


def pitch_of_name(name: str) -> int | None:
    """MIDI pitch of a file name: a number at its end, or its last ``A#3``, ``As3`` or ``eb2``."""
    if number := re.search(r"_(\d{2,3})$", name):
        return int(number[1])
    matches = _NOTE.findall(name)
    if not matches:
        return None
    letter, accidental, octave = matches[-1]
    step = _STEPS[letter.lower()] + {"#": 1, "s": 1, "b": -1}.get(accidental, 0)
    return 12 * (int(octave) + 1) + step


def from_files(paths: Iterable[Path], *, release_s: float = 0.08) -> SampleSet:
    """A set of files with note names, or without any pitch in their names."""
    samples = [Sample(path, pitch_of_name(path.stem)) for path in sorted(paths)]
    if not samples:
        raise ValueError("there is no sample among these files")
    return SampleSet(samples, release_s)


def from_drum_files(drums: Mapping[int, Iterable[Path]]) -> SampleSet:
    """A drum kit: files by General MIDI drum number."""
    samples = [Sample(path, key) for key, paths in drums.items() for path in sorted(paths)]
    if not samples:
        raise ValueError("there is no drum among these files")
    return SampleSet(samples, is_pitched=False)


def from_bank(folder: Path) -> SampleSet:
    """A sampled piano with its ``bank.csv``."""
    with (folder / "bank.csv").open(newline="") as file:
        samples = [
            Sample(
                folder / row["file"],
                int(row["pitch"]),
                (int(row["velocity_low"]), int(row["velocity_high"])),
            )
            for row in csv.DictReader(file)
        ]
    return SampleSet(samples, 0.08)
