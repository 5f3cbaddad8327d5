"""Organs and synthesizers made of sines: no library's licence, and no two of them alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Audio = npt.NDArray[np.float32]

SAMPLE_RATE = 16000  # Hz
_HIGHEST = 7500.0  # Hz
_MOST_PARTIALS = 40
_DRAWBARS = np.array([0.5, 1.5, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0])  # of a tonewheel organ
_RANKS = np.array([0.5, 1.0, 2.0, 3.0, 4.0, 8.0])  # of a pipe organ


@dataclass(frozen=True)
class Patch:
    """A sound: partials as multiples of the pitch, and what becomes of them over a note.

    Cut-offs are in Hz, times in seconds; ``detune`` in cents between the voices of a note.
    """

    ratios: npt.NDArray[np.float64]
    levels: npt.NDArray[np.float64]
    attack: float
    release: float
    cutoffs: tuple[float, float, float]  # at the start, at the end, and the time between them
    n_voices: int = 1
    detune: float = 0.0
    vibrato: tuple[float, float] = (6.0, 0.0)  # Hz, cents
    tremolo: float = 0.0


def draw_patch(kind: Literal["organ", "synthesizer"], rng: np.random.Generator) -> Patch:
    """A random organ, tonewheel or pipe, or a random synthesizer sound."""
    if kind == "organ":
        return _pipes(rng) if rng.random() < 0.5 else _tonewheels(rng)
    k = np.arange(1, _MOST_PARTIALS + 1, dtype=float)
    shape = rng.random()
    if shape < 0.4:  # sawtooth
        levels = 1 / k
    elif shape < 0.7:  # pulse
        levels = np.abs(np.sin(np.pi * k * rng.uniform(0.1, 0.5))) / k
    elif shape < 0.8:  # triangle
        levels = (k % 2) / k**2
    else:  # two operators of frequency modulation: some partials, unevenly strong
        levels = rng.gamma(0.4, 1.0, len(k)) * np.exp(-k / rng.uniform(2.0, 10.0))
    low, high = np.sort(np.exp(rng.uniform(np.log(300.0), np.log(9000.0), 2)))
    down = rng.random() < 0.7
    is_pad = rng.random() < 0.35
    return Patch(
        k,
        levels / np.sqrt((levels**2).sum()),
        attack=float(rng.uniform(0.1, 0.5) if is_pad else rng.uniform(0.002, 0.03)),
        release=float(rng.uniform(0.2, 0.6) if is_pad else rng.uniform(0.02, 0.2)),
        cutoffs=(high, low, float(rng.uniform(0.05, 0.8))) if down else (low, high, 0.5),
        n_voices=int(rng.integers(1, 4)),
        detune=float(rng.uniform(4.0, 22.0)),
        vibrato=(float(rng.uniform(4.0, 7.0)), float(rng.choice([0.0, 10.0, 25.0]))),
    )


def _tonewheels(rng: np.random.Generator) -> Patch:
    bars = rng.integers(0, 9, len(_DRAWBARS)) * (rng.random(len(_DRAWBARS)) < 0.7)
    bars[2] = max(bars[2], 4)
    levels = np.where(bars > 0, 10 ** ((bars - 8) * 3 / 20), 0.0)
    return Patch(
        _DRAWBARS,
        levels / np.sqrt((levels**2).sum()),
        attack=0.003,
        release=0.015,
        cutoffs=(9000.0, 9000.0, 1.0),
        vibrato=(float(rng.choice([0.8, 6.5])), float(rng.choice([0.0, 8.0, 18.0]))),
        tremolo=float(rng.choice([0.0, 0.15, 0.35])),
    )


def _pipes(rng: np.random.Generator) -> Patch:
    n_ranks = int(rng.integers(1, 5))
    ranks = rng.choice(_RANKS, n_ranks, replace=False)
    k = np.arange(1, 11, dtype=float)
    steep = rng.uniform(0.8, 2.5)  # flutes are soft, reeds bright
    ratios = (ranks[:, None] * k).ravel()
    levels = (rng.uniform(0.4, 1.0, (n_ranks, 1)) / k**steep).ravel()
    return Patch(
        ratios,
        levels / np.sqrt((levels**2).sum()),
        attack=float(rng.uniform(0.02, 0.12)),
        release=float(rng.uniform(0.05, 0.4)),
        cutoffs=(9000.0, 9000.0, 1.0),
        n_voices=int(rng.integers(1, 3)),
        detune=float(rng.uniform(1.0, 6.0)),
    )


def play_patch(
    patch: Patch,
    notes: npt.NDArray[np.float64],
    rng: np.random.Generator,
    *,
    seconds: float,
) -> Audio:
    """Play notes, shape (n_notes, 4): onset, offset in seconds, pitch, velocity; 16 kHz, mono."""
    out = np.zeros(round((seconds + 1.0) * SAMPLE_RATE))
    for onset, offset, pitch, velocity in notes:
        length = offset - onset + 3 * patch.release
        times = np.arange(round(length * SAMPLE_RATE)) / SAMPLE_RATE
        sound = _note(patch, 440.0 * 2 ** ((pitch - 69) / 12), times, rng)
        sound *= np.minimum(times / patch.attack, 1.0)
        sound *= np.exp(-np.maximum(times - (offset - onset), 0.0) / patch.release)
        start = round(onset * SAMPLE_RATE)
        sound = sound[: max(0, len(out) - start)]
        out[start : start + len(sound)] += sound * (velocity / 90.0)
    audio: Audio = (0.2 * out[: round(seconds * SAMPLE_RATE)]).astype(np.float32)
    return audio


def _note(
    patch: Patch, frequency: float, times: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    first, last, glide = patch.cutoffs
    cutoff = last + (first - last) * np.exp(-times / glide)
    rate, depth = patch.vibrato
    wobble = np.sin(2 * np.pi * rate * times + rng.uniform(0, 2 * np.pi))
    sound = np.zeros(len(times))
    for voice in range(patch.n_voices):
        cents = patch.detune * (voice - (patch.n_voices - 1) / 2) + rng.normal(0.0, 1.0)
        pitch = frequency * 2 ** ((cents + depth * wobble) / 1200)
        phase = 2 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
        for ratio, level in zip(patch.ratios, patch.levels, strict=True):
            if level > 1e-3 and ratio * frequency < _HIGHEST:
                passed = 1.0 / (1.0 + (ratio * frequency / cutoff) ** 4)
                sound += level * passed * np.sin(ratio * phase + rng.uniform(0, 2 * np.pi))
    modulated: npt.NDArray[np.float64] = sound * (1.0 + patch.tremolo * wobble)
    return modulated
